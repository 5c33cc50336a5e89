"""HTML pages of executed notebooks, and the index with minutes and the table of claims."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from gan_course.claims import KINDS, number

if TYPE_CHECKING:
    from gan_course.course import Result

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { overflow-wrap: break-word; text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #ccc; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.no { color: #b00020; font-weight: bold; } .yes { color: #0b6e4f; }
pre { overflow-x: auto; background: #f6f6f6; padding: 1rem; }
"""
NUMBER = re.compile(r"–|-?[\d.]+(e[+-]?\d+)?")
VERDICT = {
    True: '<span class="yes">✓ holds</span>',
    False: '<span class="no">✗ false</span>',
    None: "○ not judged",
}


def write_page(executed: NotebookNode, path: Path) -> None:
    """Write an executed notebook as one HTML file."""
    body, _ = HTMLExporter(embed_images=True).from_notebook_node(executed)
    path.write_text(body, encoding="utf-8")


def row(cells: Sequence[str], tag: str = "td") -> str:
    """A table row; cells that hold a number, or a dash in place of one, are aligned as numbers."""
    kinds = [' class="n"' if NUMBER.fullmatch(cell) else "" for cell in cells]
    filled = "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, cells, strict=True))
    return f"<tr>{filled}</tr>"


def notebook_rows(results: Sequence[Result]) -> str:
    """One row per notebook: link, state, minutes, claims."""
    rows = []
    for result in results:
        link = f'<a href="notebooks/{result.name}.html">{escape(result.name)}</a>'
        name = link if result.state != "not run" else escape(result.name)
        state = {"done": "✓ done", "failed": '<span class="no">✗ failed</span>'}.get(
            result.state, "○ not run"
        )
        rows.append(row([name, state, f"{result.seconds / 60:.1f}", str(len(result.claims))]))
    return "\n".join(rows)


def claim_rows(results: Sequence[Result]) -> str:
    """One row per claim of every notebook."""
    return "\n".join(
        row(
            [
                result.name.split("_")[0],
                escape(claim.text),
                claim.kind,
                number(claim.value),
                escape(claim.bound),
                number(claim.control),
                escape(claim.source),
                VERDICT[claim.holds],
            ]
        )
        for result in results
        for claim in result.claims
    )


def write_index(build: Path, results: Sequence[Result], profile: str) -> None:
    """Write `index.html`: the notebooks with their minutes, then every claim with its evidence."""
    claims = [claim for result in results for claim in result.claims]
    kinds = Counter(claim.kind for claim in claims)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    errors = "\n".join(
        f"<h2>{escape(result.name)} failed</h2><pre>{escape(result.error)}</pre>"
        for result in results
        if result.error
    )
    minutes = sum(result.seconds for result in results) / 60
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>GAN course: this run</title>
<style>{STYLE}</style><h1>GAN course: what this run showed</h1>
<p>Profile <b>{escape(profile)}</b>, {minutes:.1f} minutes altogether, {len(claims)} claims ({counted}).</p>
{errors}
<h2>Notebooks</h2><table>{row(["notebook", "state", "minutes", "claims"], "th")}
{notebook_rows(results)}</table>
<h2>Claims</h2>
<p>Each line is a statement of the text, the number this run computed for it, the bound that it must meet, and the
same number for the control, which must miss the bound.</p>
<table>{row(["notebook", "claim", "kind", "measured", "bound", "control", "published or derived", "verdict"], "th")}
{claim_rows(results)}</table></html>
"""
    (build / "index.html").write_text(page, encoding="utf-8")
