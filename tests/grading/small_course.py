"""A small course folder with a release and an inbox to fill, and what tests of the intake need."""

import json
import os
import zipfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TASK = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
ANSWER = "def double(x):\n    return 2 * x"
NOON = 1_795_168_800  # 2026-11-20 10:00:00 UTC


def labelled(make, name, source, **flags):
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | flags
    return make(source, id=name, metadata={"nbgrader": flags | {"grade_id": name}})


def components(answer=TASK):
    return new_notebook(
        cells=[
            labelled(new_markdown_cell, "intro", "# Components of a GAN", locked=True),
            labelled(new_code_cell, "double", answer, solution=True),
            labelled(
                new_code_cell, "test_double", "assert double(2) == 4", grade=True, locked=True, points=1
            ),
        ]
    )


def report(answer="YOUR ANSWER HERE"):
    return new_notebook(
        cells=[
            labelled(new_markdown_cell, "title", "# Report on your experiments", locked=True),
            labelled(new_markdown_cell, "story", answer, grade=True, solution=True, points=5),
        ]
    )


def as_bytes(notebook) -> bytes:
    return json.dumps(notebook).encode()


DONE = {"components.ipynb": as_bytes(components(ANSWER)), "report.ipynb": as_bytes(report("I saw much."))}


def zipped(path: Path, files: dict[str, bytes], seconds: int = NOON) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 19, 9, 0, 0)), content)
    os.utime(path, (seconds, seconds))
    return path


def put(folder: Path, files: dict[str, bytes], seconds: int = NOON) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        os.utime(folder / name, (seconds, seconds))
    return folder


def make(root: Path) -> Path:
    """A course in which `dcgan` with two notebooks and a helper is released, and its inbox is empty."""
    put(root / "release" / "dcgan", {"helper.py": b"x = 1\n"})
    nbformat.write(components(), root / "release/dcgan/components.ipynb")
    nbformat.write(report(), root / "release/dcgan/report.ipynb")
    (root / "release/ps01").mkdir()
    (root / "inbox/dcgan").mkdir(parents=True)
    return root


STUDENTS = """id,first_name,last_name,email,lms_id
s001,Anna,Example,anna@uni.edu,12345
s002,Bob,Müller,bob@uni.edu,777
s003,Cy,Twin,,31
s004,Cy,Twin,,32
"""


def clean(course, student="s001"):
    return course / "submitted" / student / "dcgan"


def answer_of(course, student="s001"):
    return nbformat.read(clean(course, student) / "components.ipynb", 4).cells[1].source


def when(course, student="s001"):
    return (clean(course, student) / "timestamp.txt").read_text()


def messages(remarks, student="s001"):
    return [remark.message for remark in remarks if remark.student == student]


def inbox(course):
    return course / "inbox" / "dcgan"
