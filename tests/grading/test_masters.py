import re

import nbformat
import pytest

from gan_course.grading import masters
from gan_course.grading.release import without_gaps

NAMES = masters.assignments()
POINTS = {
    "dcgan_celeba": 100,
    "ps01_theory": 40,
    "ps02_conditional": 30,
    "ps03_pyramids_and_text": 30,
}


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write the master of an assignment `made_up` and read it."""
    monkeypatch.setattr(masters, "MASTERS", tmp_path)

    def read(text):
        (tmp_path / "made_up").mkdir(exist_ok=True)
        (tmp_path / "made_up" / "a.py").write_text(text)
        return masters.read_master("made_up")["a"]

    return read


GOOD = """# %% [markdown] id="intro"
# # Twice

# %% id="double" kind="answer"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x + 0 * x
    ### END SOLUTION

# %% id="test_double" kind="test" points=2
assert double(1) == 2
### BEGIN HIDDEN TESTS
probe("double", double)
### END HIDDEN TESTS

# %% [markdown] id="why" kind="written" points=3
# ### BEGIN SOLUTION
# Because two is one and one.
# ### END SOLUTION
"""


def test_kinds_become_what_nbgrader_expects(write):
    notebook = masters.source_notebook(write(GOOD))
    found = {cell.id: cell.metadata["nbgrader"] for cell in notebook.cells}
    assert found["intro"]["locked"]
    assert found["double"]["solution"]
    assert not found["double"]["grade"]
    assert found["test_double"]["grade"]
    assert found["test_double"]["points"] == 2
    assert found["why"]["grade"]
    assert found["why"]["solution"]
    assert all(cell.id == cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells)


def test_what_must_stay_hidden_is_known(write):
    write(GOOD)
    assert masters.hidden_lines("made_up") == [
        "Because two is one and one.",
        'probe("double", double)',
        "return 2 * x + 0 * x",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id="double" ', "", "every cell needs an id"),
        ('id="double"', 'id="intro"', "every cell needs an id of its own"),
        ('kind="answer"', 'kind="answers"', "unknown kind 'answers'"),
        (" points=2", "", "points belong to"),
        ('kind="answer"', 'kind="answer" points=1', "points belong to"),
        ("### END SOLUTION\n\n# %% id", "\n\n# %% id", "in pairs"),
        ("BEGIN HIDDEN TESTS", "BEGIN HIDDEN TEST", "in pairs|misspelt"),
        ('probe("double", double)', "assert double(3) == 6", "has no probe"),
    ],
)
def test_a_master_that_nbgrader_would_misread_is_refused(write, old, new, message):
    assert old in GOOD
    with pytest.raises(ValueError, match=message):
        write(GOOD.replace(old, new, 1))


def test_unknown_assignments_are_named():
    with pytest.raises(ValueError, match="known: "):
        masters.read_master("nothing")


@pytest.mark.parametrize("assignment", NAMES)
def test_points_of_an_assignment_sum_to_a_round_number(assignment):
    cells = [cell for notebook in masters.read_master(assignment).values() for cell in notebook.cells]
    total = sum(float(cell.metadata.get("points", 0)) for cell in cells)
    assert total == POINTS[assignment]


@pytest.mark.parametrize("assignment", NAMES)
def test_every_test_cell_shows_asserts_with_messages_to_the_student(assignment):
    for notebook in masters.read_master(assignment).values():
        for cell in notebook.cells:
            if cell.metadata["kind"] == "test":
                shown = without_gaps(cell.source)
                asserts = re.findall(r"^\s*assert .*", shown, re.MULTILINE)
                assert asserts, cell.metadata["id"]


@pytest.mark.parametrize("assignment", NAMES)
def test_sources_are_valid_notebooks(assignment):
    for master in masters.read_master(assignment).values():
        nbformat.validate(masters.source_notebook(master))
