"""A small released notebook, answers to it, and what tests of damaged copies need."""

import copy
import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gan_course.grading.rebuilding import rebuild
from gan_course.grading.released import is_answer

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def labelled(make, name, source, **nbgrader):
    """A released cell whose nbformat id is its grade_id."""
    flags = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
    } | nbgrader
    flags |= {"grade_id": name, "cell_type": make("").cell_type}
    return make(source, id=name, metadata={"nbgrader": flags})


RELEASE = new_notebook(
    metadata={"kernelspec": KERNEL},
    cells=[
        labelled(new_markdown_cell, "intro", "# Losses\nTwo losses and a question about them.", locked=True),
        labelled(
            new_code_cell, "setup", "import math\nimport torch\nfrom torch import Tensor, nn", locked=True
        ),
        labelled(
            new_code_cell,
            "real_loss",
            f'def real_loss(logits):\n    """Mean of -log D(x) over a batch, from logits."""\n    {STUB}',
            solution=True,
        ),
        labelled(
            new_code_cell,
            "test_real_loss",
            "out = real_loss(torch.zeros(4, 1))\nassert out.shape == (), 'one number, please'",
            grade=True,
            locked=True,
            points=4,
        ),
        labelled(
            new_code_cell,
            "fake_loss",
            f'def fake_loss(logits):\n    """Mean of -log(1 - D(G(z))) over a batch, from logits."""\n    {STUB}',
            solution=True,
        ),
        labelled(
            new_code_cell,
            "test_fake_loss",
            "assert fake_loss(torch.zeros(4, 1)) > 0, 'a loss is positive'",
            grade=True,
            locked=True,
            points=3,
        ),
        labelled(new_markdown_cell, "ask", "**Question.** Why logits and not probabilities?", locked=True),
        labelled(new_markdown_cell, "why", "YOUR ANSWER HERE", grade=True, solution=True, points=2),
        labelled(new_code_cell, "plot", STUB, grade=True, solution=True, points=2),
        labelled(new_markdown_cell, "sweep", "**Task.** Add cells below.", task=True, locked=True, points=3),
    ],
)
TESTS = ["test_real_loss", "test_fake_loss"]
ANSWERS = {
    "real_loss": 'def real_loss(logits):\n    """Mean of -log D(x) over a batch, from logits."""\n'
    "    return nn.functional.softplus(-logits).mean()",
    "fake_loss": 'def fake_loss(logits):\n    """Mean of -log(1 - D(G(z))) over a batch, from logits."""\n'
    "    return nn.functional.softplus(logits).mean()",
    "why": "Because the sigmoid rounds to 0 or 1 far from the origin, and the logarithm of 0 is not finite.",
    "plot": "print([fake_loss(torch.full((1, 1), x)) for x in (-1.0, 0.0, 1.0)])",
}


def answered():
    """What a student hands in when nothing goes wrong."""
    notebook = copy.deepcopy(RELEASE)
    for cell in notebook.cells:
        cell.source = ANSWERS.get(cell.id, cell.source)
    return notebook


def at(notebook, name):
    return next(i for i, cell in enumerate(notebook.cells) if cell.get("id") == name)


def of(notebook, name):
    return notebook.cells[at(notebook, name)]


def as_bytes(notebook):
    return json.dumps(notebook).encode()


def mended(notebook):
    return rebuild(notebook if isinstance(notebook, bytes) else as_bytes(notebook), RELEASE)


def sources(rebuilt):
    return [cell.source for cell in rebuilt.notebook.cells]


def whole(notebook=None):
    return [cell.source for cell in (notebook or answered()).cells]


def without_metadata(notebook, ids=False):
    for cell in notebook.cells:
        cell.metadata = {}
        if not ids:
            del cell["id"]
    return notebook


def as_released(rebuilt):
    """Whether all that is not the student's is word for word the release's, metadata and order included."""
    kept = [cell for cell in rebuilt.notebook.cells if "nbgrader" in cell.metadata]
    return len(kept) == len(RELEASE.cells) and all(
        cell.metadata == original.metadata
        and cell.id == original.id
        and cell.cell_type == original.cell_type
        and (is_answer(original) or cell.source == original.source)
        for cell, original in zip(kept, RELEASE.cells, strict=True)
    )


def said(rebuilt, fragment):
    return any(fragment in remark for remark in rebuilt.remarks)
