"""Words in a student's code that a person should look at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from gan_course.grading.released import is_answer, label, name_of

# Worth a look by a human; nothing more, since each has honest uses. `m.__class__.__name__` is one that many know.
SUSPICIOUS = {
    "get_ipython": r"\bget_ipython\b",
    "builtins": r"\bbuiltins\b|__builtins__",
    "__class__": r"__class__(?!\s*\.\s*__name__)",
    "__subclasses__": r"__subclasses__",
    "__globals__": r"__globals__",
    "os._exit": r"\b_exit\b",
    "sqlite3": r"\bsqlite3\b",
    "subprocess": r"\bsubprocess\b",
    "input_transformers": r"\binput_transformer",
}


def suspicions(notebook: NotebookNode) -> Iterator[str]:
    """A remark for each cell of a rebuilt notebook whose code is the student's and holds such words."""
    previous = "the top"
    for cell in notebook.cells:
        extra = not label(cell) and cell.id.startswith("extra-")
        name = f"{cell.id} (after {previous})" if extra else name_of(cell)
        if cell.cell_type == "code" and (extra or is_answer(cell)):
            words = [word for word, pattern in SUSPICIOUS.items() if re.search(pattern, cell.source)]
            if words:
                yield f"look at cell {name}: uses {', '.join(words)}"
        previous = previous if extra else name
