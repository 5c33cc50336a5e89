"""Masters: the reviewable text from which the notebooks of an assignment are built.

assignments/masters/NAME/*.py are notebooks in the percent format of jupytext; the header of every cell has an id and
a kind, and `source_notebook` turns that into what nbgrader expects:

    given     code to read and run, locked          (also the kind of Markdown cells that name none)
    answer    code of the student, judged by tests
    test      visible asserts, and hidden ones: probe("task", answer)
    written   an answer in words, graded by hand
    shown     code of the student, graded by hand
    task      instructions with a mark scheme; the student adds cells below
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from gan_course.grading import probes
from gan_course.notebooks import ROOT

MASTERS = ROOT / "assignments" / "masters"
KINDS = {  # kind -> what nbgrader calls it
    "given": {"grade": False, "solution": False, "locked": True, "task": False},
    "answer": {"grade": False, "solution": True, "locked": False, "task": False},
    "test": {"grade": True, "solution": False, "locked": True, "task": False},
    "written": {"grade": True, "solution": True, "locked": False, "task": False},
    "shown": {"grade": True, "solution": True, "locked": False, "task": False},
    "task": {"grade": False, "solution": False, "locked": True, "task": True},
}
POINTED = ("test", "written", "shown", "task")  # kinds that carry points
GAPS = (  # what the release must not hold: (begin, end) as nbgrader writes them
    ("### BEGIN SOLUTION", "### END SOLUTION"),
    ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
    ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ==="),
)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def assignments() -> list[str]:
    """The names of all assignments."""
    return sorted(folder.name for folder in MASTERS.iterdir() if any(folder.glob("*.py")))


def read_master(assignment: str) -> dict[str, NotebookNode]:
    """The masters of an assignment: notebook name -> notebook whose cells carry `id`, `kind` and `points`.

    Raises:
        ValueError: unknown assignment, or a cell that does not keep to the format; the message says which and why.
    """
    import jupytext

    if assignment not in assignments():
        raise ValueError(f"unknown assignment {assignment!r}; known: {', '.join(assignments())}")
    masters = {
        path.stem: jupytext.read(path, fmt="py:percent")
        for path in sorted((MASTERS / assignment).glob("*.py"))
    }
    seen: set[str] = set()
    for name, notebook in masters.items():
        for cell in notebook.cells:
            _check_cell(f"{assignment}/{name}", cell, seen)
    return masters


def _check_cell(where: str, cell: NotebookNode, seen: set[str]) -> None:
    header = cell.metadata
    name = header.get("id", "")
    where = f"{where}, cell {name or repr(cell.source[:40])}"
    header.setdefault("kind", "given")
    if not re.fullmatch(r"[a-z0-9_]+", str(name)) or name in seen:
        raise ValueError(f'{where}: every cell needs an id of its own, such as id="test_generator"')
    seen.add(name)
    if header["kind"] not in KINDS:
        raise ValueError(f"{where}: unknown kind {header['kind']!r}; known: {', '.join(KINDS)}")
    if (header["kind"] in POINTED) != (float(header.get("points", 0)) > 0):
        raise ValueError(f"{where}: points belong to {', '.join(POINTED)}, and there they are more than 0")
    for begin, end in GAPS:
        pattern = re.escape(begin) + r"\n(?:.*\n)*?[ \t]*" + re.escape(end)
        if len(re.findall(pattern, cell.source)) != len(re.findall("BEGIN" + begin[9:], cell.source)):
            raise ValueError(f"{where}: {begin!r} and {end!r} stand on lines of their own, in pairs")
    if re.search(r"(BEGIN|END) (HIDDEN TEST|SOLUTIONS|MARK SCHEMES)\b", cell.source):
        raise ValueError(f"{where}: a misspelt marker would be released")
    if header["kind"] == "test" and probes.read_probe(cell.source) is None:
        raise ValueError(f'{where}: it has no probe("task", answer), so that it could be forged')


def source_notebook(master: NotebookNode) -> NotebookNode:
    """The notebook as nbgrader's `source/` wants it, with solutions and hidden tests."""
    cells = []
    for cell in master.cells:
        kind, name = cell.metadata["kind"], cell.metadata["id"]
        made = _cell(cell.cell_type, cell.source)
        made.id = name  # JupyterLab keeps ids, so that a damaged notebook can be put right
        made.metadata["nbgrader"] = KINDS[kind] | {"grade_id": name, "schema_version": 3}
        if kind in POINTED:
            made.metadata["nbgrader"]["points"] = cell.metadata["points"]
        cells.append(made)
    metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _cell(kind: str, source: str) -> NotebookNode:
    make: Any = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    return make(source)


def files_of(assignment: str) -> list[Path]:
    """Files that are handed out beside the notebooks."""
    folder = MASTERS / assignment / "files"
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def hidden_lines(assignment: str) -> list[str]:
    """Every line that only the source may hold: of solutions, hidden tests and mark schemes.

    Short lines, and lines that the text shows elsewhere too, are left out: they give nothing away.
    """
    hidden, shown = set(), set()
    for master in read_master(assignment).values():
        for cell in master.cells:
            public = cell.source
            for begin, end in GAPS:
                pattern = re.escape(begin) + r"\n(.*?)" + re.escape(end)
                for text in re.findall(pattern, cell.source, re.DOTALL):
                    hidden |= {line.strip() for line in text.splitlines()}
                public = re.sub(pattern, "", public, flags=re.DOTALL)
            shown |= {line.strip() for line in public.splitlines()}
    for path in files_of(assignment):
        if path.suffix in (".py", ".md", ".txt"):
            shown |= {line.strip() for line in path.read_text(encoding="utf-8").splitlines()}
    return sorted(line for line in hidden - shown if len(line) > 12)
