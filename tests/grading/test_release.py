import zipfile

import nbformat
import pytest

from gan_course.grading import masters
from gan_course.grading import release as releasing
from gan_course.grading.course import new_course
from gan_course.grading.release import check_release, release, without_gaps, write_source

NAME = "ps01_theory"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = new_course(tmp_path_factory.mktemp("release") / "term")
    release(made, NAME)
    return made


def test_release_and_source_are_equal_outside_the_gaps(course):
    for assignment in masters.assignments():
        write_source(assignment, course.root / "elsewhere" / assignment)
    released = nbformat.read(course.root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    source = nbformat.read(course.root / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    assert [cell.id for cell in source.cells] == [cell.id for cell in released.cells]
    changed = [s.id for s, r in zip(source.cells, released.cells, strict=True) if s.source != r.source]
    kinds = {
        c.metadata["id"]: c.metadata["kind"] for m in masters.read_master(NAME).values() for c in m.cells
    }
    assert {kinds[name] for name in changed} == {"answer", "test", "written"}
    for s, r in zip(source.cells, released.cells, strict=True):
        assert r.source.strip() == without_gaps(s.source, s.cell_type).strip()


def test_the_zip_holds_the_release_and_nothing_else(course):
    with zipfile.ZipFile(course.root / "release" / f"{NAME}.zip") as archive:
        assert archive.namelist() == [f"{NAME}/{NAME}.ipynb"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda nb: nb.cells[-1].update(source=masters.hidden_lines(NAME)[0]), "differs from the master"),
        (lambda nb: nb.cells.pop(), "its cells are not those"),
        (
            lambda nb: nb.cells[0].update(source="# Something else"),
            "differs from the master outside the gaps",
        ),
    ],
)
def test_a_release_that_gives_something_away_or_was_edited_is_noticed(course, tmp_path, spoil, message):
    path = course.root / "release" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook)
    nbformat.write(notebook, tmp_path / path.name)
    assert any(message in problem for problem in check_release(NAME, tmp_path))


def test_hidden_lines_and_strange_files_are_noticed(course, tmp_path):
    assert check_release(NAME, course.root / "release" / NAME) == []
    path = course.root / "release" / NAME / f"{NAME}.ipynb"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "gradebook.db").write_text(max(masters.hidden_lines(NAME), key=len))
    problems = check_release(NAME, tmp_path)
    assert any("does not belong" in problem for problem in problems)
    assert check_release(NAME, tmp_path / "empty") != []


def test_a_release_that_is_refused_leaves_the_former_one(course, monkeypatch):
    path = course.root / "release" / NAME / f"{NAME}.ipynb"
    before = path.read_bytes()
    monkeypatch.setattr(releasing, "check_release", lambda *_: ["something hidden"])
    with pytest.raises(ValueError, match="something hidden"):
        release(course, NAME)
    assert path.read_bytes() == before
    assert not list(course.root.glob("release-*"))


@pytest.mark.parametrize("end", ["\n", ""])
def test_gaps_become_the_stub_that_students_see(end):
    text = "def f(x):\n    ### BEGIN SOLUTION\n    a = 1\n\n    return a\n    ### END SOLUTION" + end
    assert without_gaps(text) == "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()" + end
    assert without_gaps("### BEGIN SOLUTION\nwords\n### END SOLUTION", "markdown") == "YOUR ANSWER HERE"
    assert without_gaps("a\n### BEGIN HIDDEN TESTS\nprobe()\n### END HIDDEN TESTS" + end) == "a\n"
