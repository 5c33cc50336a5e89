"""A slider over pictures drawn beforehand: works in JupyterLab, on slides and on web pages, without a kernel."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
from IPython.display import HTML, display
from matplotlib.figure import Figure

from gan_course.plotting.style import require_alt

PAGE = """<figure id="{uid}"><img src="{first}" alt="{alt}" style="max-width:100%">
<figcaption><label>{label} <input type="range" min="0" max="{last}" value="0" aria-label="{label}">
<output>{value}</output></label></figcaption>
<script>(() => {{
  const figure = document.getElementById("{uid}"), pictures = {pictures}, values = {values};
  figure.addEventListener("keydown", event => event.stopPropagation());
  figure.querySelector("input").addEventListener("input", event => {{
    figure.querySelector("img").src = pictures[event.target.value];
    figure.querySelector("output").textContent = values[event.target.value];
  }});
}})();</script></figure>"""


def picture(fig: Figure) -> str:
    """A figure as a data URL, PNG; the figure is closed."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=80)
    plt.close(fig)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def as_script(texts: list[str]) -> str:
    """Texts as a JavaScript array that no text inside can end: `</script>` must not appear in a script."""
    return json.dumps(texts).replace("<", "\\u003c")


def frames(draw: Callable[[Any], Figure], values: Sequence[Any], label: str, alt: str) -> None:
    """Show a slider over `draw(value)` for each value.

    label: what the slider changes, with its unit. alt: what the pictures show.

    Raises:
        ValueError: there are no values, or the alternative text is empty.
    """
    require_alt(alt)
    if not values:
        raise ValueError("a slider needs at least one value to show")
    pictures = [picture(draw(value)) for value in values]
    display(
        HTML(
            PAGE.format(
                uid="frames-" + hashlib.sha1("".join(pictures).encode()).hexdigest()[:10],
                first=pictures[0],
                last=len(pictures) - 1,
                value=html.escape(str(values[0])),
                label=html.escape(label),
                alt=html.escape(alt),
                pictures=as_script(pictures),
                values=as_script([str(value) for value in values]),
            )
        )
    )
