"""Damaged notebooks: what is rebuilt from them, and what is said about it."""

import copy
import json
import random

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gan_course.grading import matching
from gan_course.grading.matching import Unreadable, is_answer, read_release, rebuild

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


def test_an_undamaged_notebook_comes_through_without_a_remark():
    rebuilt = mended(answered())
    assert sources(rebuilt) == whole()
    assert rebuilt.remarks == []
    assert rebuilt.worked_on
    assert rebuilt.found == 1.0


def test_the_blank_release_counts_as_not_worked_on():
    rebuilt = mended(RELEASE)
    assert not rebuilt.worked_on
    assert sources(rebuilt) == whole(RELEASE)


def test_answers_survive_the_loss_of_all_metadata_and_ids():
    rebuilt = mended(without_metadata(answered()))
    assert sources(rebuilt) == whole()
    assert as_released(rebuilt)
    assert said(rebuilt, "all nbgrader metadata was lost")
    assert said(rebuilt, "found by their place, please check: why, plot")


def test_cell_ids_are_enough():
    rebuilt = mended(without_metadata(answered(), ids=True))
    assert sources(rebuilt) == whole()
    assert said(rebuilt, "all nbgrader metadata was lost")
    assert not said(rebuilt, "please check")


def test_a_notebook_of_format_4_4_has_no_ids_and_needs_no_remark():
    notebook = answered()
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert rebuilt.remarks == []


def test_a_notebook_of_format_3_is_read():
    cells = []
    for cell in answered().cells:
        old = {"cell_type": cell.cell_type, "metadata": cell.metadata}
        cells.append(old | ({"input": cell.source} if cell.cell_type == "code" else {"source": cell.source}))
    rebuilt = mended(as_bytes({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert sources(rebuilt) == whole()


def test_a_renamed_label_is_found_by_the_id():
    notebook = answered()
    of(notebook, "real_loss").metadata.nbgrader.grade_id = "my_loss"
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert rebuilt.remarks == ["the nbgrader label was lost or changed: real_loss"]


def test_a_rewritten_answer_without_labels_is_found_by_its_name():
    notebook = answered()
    of(notebook, "fake_loss").source = "def fake_loss(z): return -torch.log(1 - z.sigmoid()).mean()"
    expected = whole(notebook)
    rebuilt = mended(without_metadata(notebook))
    assert sources(rebuilt) == expected
    assert said(rebuilt, "found by their name, please check: fake_loss")


def test_of_a_copied_answer_the_changed_cell_counts_and_the_stub_is_dropped():
    notebook = answered()
    stub = copy.deepcopy(of(RELEASE, "real_loss"))
    stub.id = "copied"
    notebook.cells.insert(at(notebook, "real_loss") + 1, stub)
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert rebuilt.remarks == ["cell real_loss was copied and occurs 2 times: cell number 3 counts"]


def test_of_two_changed_copies_the_original_counts_and_the_other_stays_in_place():
    notebook = answered()
    other = copy.deepcopy(of(notebook, "real_loss"))
    other.id, other.source = "copied", "def real_loss(logits):\n    return 0"
    notebook.cells.insert(at(notebook, "real_loss"), other)
    rebuilt = mended(notebook)
    assert sources(rebuilt) == [*whole()[:2], other.source, *whole()[2:]]
    assert rebuilt.notebook.cells[2].metadata == {}
    assert as_released(rebuilt)
    assert said(rebuilt, "real_loss was copied and occurs 2 times: cell number 4 counts")


def test_a_copied_test_cell_is_dropped():
    notebook = answered()
    notebook.cells.append(copy.deepcopy(of(notebook, "test_real_loss")))
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert said(rebuilt, "cell test_real_loss was copied")


def test_deleted_cells_come_back_in_their_places():
    notebook = answered()
    for name in ("setup", "test_real_loss", "fake_loss", "sweep"):
        del notebook.cells[at(notebook, name)]
    rebuilt = mended(notebook)
    expected = answered()
    of(expected, "fake_loss").source = of(RELEASE, "fake_loss").source
    assert sources(rebuilt) == whole(expected)
    assert "answer cells were deleted and are blank again: fake_loss" in rebuilt.remarks
    assert "deleted cells were restored: setup, test_real_loss, sweep" in rebuilt.remarks


def test_changed_read_only_and_test_cells_are_as_released_again():
    notebook = answered()
    of(notebook, "test_real_loss").source = "pass"
    of(notebook, "setup").source += "\nimport numpy as np"
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert rebuilt.remarks == [
        "read-only cells were changed; the released text is back: setup, test_real_loss"
    ]


def test_changed_points_are_as_released_again():
    notebook = answered()
    of(notebook, "test_real_loss").metadata.nbgrader.points = 400
    rebuilt = mended(notebook)
    assert as_released(rebuilt)
    assert rebuilt.remarks == ["the points of test_real_loss were changed; they are 4 again"]


@pytest.mark.parametrize("flag", ["solution", "grade", "locked"])
def test_flags_of_the_student_s_metadata_do_not_count(flag):
    notebook = answered()
    for cell in notebook.cells:
        cell.metadata.nbgrader[flag] = not cell.metadata.nbgrader[flag]
    assert as_released(mended(notebook))


def test_a_changed_cell_type_is_as_released_again_with_the_answer_in_it():
    notebook = answered()
    of(notebook, "real_loss").cell_type = "markdown"
    of(notebook, "why").cell_type = "code"
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert as_released(rebuilt)
    assert rebuilt.remarks == ["the cell type was changed and is as released again: real_loss, why"]


def test_a_solution_split_over_two_cells_runs_in_its_order():
    notebook = answered()
    helper = new_code_cell("def mean_softplus(x):\n    return nn.functional.softplus(x).mean()")
    notebook.cells.insert(at(notebook, "real_loss"), helper)
    of(notebook, "real_loss").source = "def real_loss(logits):\n    return mean_softplus(-logits)"
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole(notebook)
    assert rebuilt.remarks == []


def test_a_split_that_copies_the_label_keeps_both_halves_in_order():
    notebook = answered()
    second = copy.deepcopy(of(notebook, "real_loss"))
    of(notebook, "real_loss").source, second.source = "def helper(x):\n    return x", ANSWERS["real_loss"]
    second.id = "second-half"
    notebook.cells.insert(at(notebook, "real_loss") + 1, second)
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole(notebook)
    assert of(rebuilt.notebook, "real_loss").source == ANSWERS["real_loss"]


def test_two_answers_merged_into_one_cell_are_not_undone_by_a_stub():
    notebook = answered()
    of(notebook, "real_loss").source += "\n\n" + ANSWERS["fake_loss"]
    del notebook.cells[at(notebook, "fake_loss")]
    rebuilt = mended(notebook)
    assert "NotImplementedError" not in "".join(sources(rebuilt))
    assert rebuilt.remarks == ["answered in another cell than the one meant for it: fake_loss"]


def test_an_answer_beside_its_stub_is_not_undone_by_it():
    notebook = answered()
    of(notebook, "real_loss").source = of(RELEASE, "real_loss").source
    notebook.cells.insert(at(notebook, "real_loss"), new_code_cell(ANSWERS["real_loss"]))
    rebuilt = mended(notebook)
    assert ANSWERS["real_loss"] in sources(rebuilt)
    assert "NotImplementedError" not in of(rebuilt.notebook, "real_loss").source
    assert said(rebuilt, "answered in another cell")


def test_extra_cells_stay_in_place_without_metadata_and_outputs():
    notebook = answered()
    extra = new_code_cell("print('mine')", metadata={"tags": ["skip-execution"], "nbgrader": {"grade": True}})
    extra.outputs = [nbformat.v4.new_output("stream", text="mine")]
    notebook.cells += [extra, new_markdown_cell("I tried three rates.")]
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole(notebook)
    mine = rebuilt.notebook.cells[-2]
    assert (mine.metadata, mine.outputs, mine.execution_count) == ({}, [], None)
    assert [cell.id for cell in rebuilt.notebook.cells[-2:]] == ["extra-1", "extra-2"]
    assert rebuilt.remarks == []


def test_an_extra_cell_runs_before_a_restored_test_and_after_a_restored_set_up():
    notebook = answered()
    extra = new_code_cell("SCALE = torch.ones(1)")
    notebook.cells = [notebook.cells[0], extra, *notebook.cells[4:]]
    order = sources(mended(notebook))
    assert order.index(of(RELEASE, "setup").source) < order.index(extra.source)
    assert order.index(extra.source) < order.index(of(RELEASE, "test_real_loss").source)


def test_a_permuted_notebook_is_put_in_order():
    notebook = answered()
    notebook.cells.reverse()
    assert sources(mended(notebook)) == whole()


def test_pictures_attached_to_an_answer_are_kept_and_nothing_else():
    notebook = answered()
    of(notebook, "why").attachments = {
        "a.png": {"image/png": "iVBORw0KGgo="},
        "b.html": {"text/html": "<script>alert(1)</script>"},
        "c.png": {"image/png": {"deep": 1}},
        "d.png": "no dictionary",
    }
    of(notebook, "ask").attachments = {"e.png": {"image/png": "AAAA"}}
    rebuilt = mended(notebook)
    assert of(rebuilt.notebook, "why").attachments == {"a.png": {"image/png": "iVBORw0KGgo="}}
    assert "attachments" not in of(rebuilt.notebook, "ask")


def test_outputs_are_dropped_whatever_they_are():
    notebook = answered()
    of(notebook, "real_loss").outputs = [{"output_type": "nonsense", "data": [1, None]}, 7]
    of(notebook, "plot").outputs = "not a list"
    of(notebook, "plot").execution_count = "many"
    rebuilt = mended(notebook)
    assert sources(rebuilt) == whole()
    assert all(cell.outputs == [] for cell in rebuilt.notebook.cells if cell.cell_type == "code")
    assert rebuilt.remarks == []


@pytest.mark.parametrize(("name", "language", "remarked"), [("my-env", "python", 0), ("ir", "R", 1)])
def test_the_released_kernel_is_used_and_only_another_language_is_worth_a_remark(name, language, remarked):
    notebook = answered()
    notebook.metadata.kernelspec = {"name": name, "language": language, "display_name": "mine"}
    rebuilt = mended(notebook)
    assert rebuilt.notebook.metadata.kernelspec == KERNEL
    assert len(rebuilt.remarks) == remarked
    assert said(rebuilt, "R kernel") == bool(remarked)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (as_bytes(answered())[:-30], "not valid JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not valid JSON"),
        (b'{"cells": [\n<<<<<<< HEAD\n]}', "Git conflict"),
        (b"[1, 2, 3]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (b'{"cells": {"a": 1}}', "not a notebook"),
        (b'{"worksheets": 3}', "not a notebook"),
        (b"[" * 200_000, "nested too deeply"),
        (b"1" * 10_000, "not valid JSON"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(content, message):
    with pytest.raises(Unreadable, match=message):
        mended(content)


def test_a_file_with_too_many_values_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(matching, "MAX_VALUES", 100)
    with pytest.raises(Unreadable, match="clear the outputs"):
        mended(answered())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_unicode_encodings_are_read(encoding):
    assert sources(mended(json.dumps(answered()).encode(encoding))) == whole()


def test_a_file_that_is_not_unicode_is_read_as_latin_1():
    notebook = answered()
    of(notebook, "why").source = "Für große Werte"
    rebuilt = mended(json.dumps(notebook, ensure_ascii=False).encode("latin-1"))
    assert of(rebuilt.notebook, "why").source == "Für große Werte"
    assert said(rebuilt, "Latin-1")


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    notebook = answered()
    of(notebook, "why").source = "broken \ud83d emoji"
    rebuilt = mended(notebook)
    nbformat.write(rebuilt.notebook, tmp_path / "a.ipynb")
    assert of(rebuilt.notebook, "why").source == "broken ? emoji"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), junk=JUNK)
def test_wrong_types_anywhere_do_no_harm(seed, junk):
    """Any one value of the JSON is replaced by junk."""
    notebook = json.loads(as_bytes(answered()))
    rng = random.Random(seed)
    node = notebook
    while True:
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.2:
            node[key] = junk
            break
        node = node[key]
    try:
        rebuilt = mended(as_bytes(notebook))
    except Unreadable:
        assert not isinstance(notebook.get("cells"), list)
    else:
        assert as_released(rebuilt)


@settings(max_examples=80, deadline=None)
@given(
    order=st.lists(st.integers(0, len(RELEASE.cells) - 1), max_size=14),
    bare=st.sets(st.integers(0, 13)),
    nameless=st.sets(st.integers(0, 13)),
    extra=st.dictionaries(st.integers(0, 13), st.text(max_size=30), max_size=3),
)
def test_any_deletion_copy_permutation_and_loss_leaves_a_valid_notebook_with_the_released_tests(
    order, bare, nameless, extra
):
    given_cells = answered().cells
    cells = [copy.deepcopy(given_cells[i]) for i in order]
    for i, cell in enumerate(cells):
        if i in bare:
            cell.metadata = {}
        if i in nameless:
            del cell["id"]
        cell.source = extra.get(i, cell.source)
    rebuilt = mended(as_bytes({"cells": cells}))
    nbformat.validate(rebuilt.notebook)
    ids = [cell.id for cell in rebuilt.notebook.cells]
    assert len(set(ids)) == len(ids)
    assert as_released(rebuilt)
    for name in TESTS:
        assert of(rebuilt.notebook, name) == of(RELEASE, name)
    # No answer that was handed in is lost: it is in its cell, or in an extra one.
    assert {cell.source for cell in cells if cell.source in ANSWERS.values()} <= set(sources(rebuilt))


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("get_ipython().run_cell('x')", "get_ipython"),
        ("import builtins", "builtins"),
        ("().__class__.__bases__", "__class__"),
        ("import os; os._exit(0)", "os._exit"),
        ("import sqlite3", "sqlite3"),
        ("import subprocess", "subprocess"),
        ("ip.input_transformers_cleanup.append(f)", "input_transformers"),
    ],
)
def test_suspicious_words_are_worth_a_look(line, word):
    notebook = answered()
    of(notebook, "real_loss").source += f"\n{line}"
    notebook.cells.append(new_code_cell(line))
    rebuilt = mended(notebook)
    assert said(rebuilt, f"look at cell real_loss: uses {word}")
    assert said(rebuilt, f"look at cell extra-1 (after sweep): uses {word}")
    assert sources(rebuilt) == whole(notebook)


def test_asking_for_the_name_of_a_class_is_not_suspicious():
    notebook = answered()
    of(notebook, "plot").source = "print(nn.Linear(1, 1).__class__.__name__)"
    assert mended(notebook).remarks == []


def test_another_notebook_is_recognised_as_such():
    rebuilt = mended(as_bytes({"cells": [{"cell_type": "code", "source": "x = 1"}]}))
    assert said(rebuilt, "nothing of the released notebook was found")
    assert as_released(rebuilt)


def test_cells_beyond_the_limit_are_left_out(monkeypatch):
    monkeypatch.setattr(matching, "MAX_CELLS", 12)
    notebook = answered()
    notebook.cells += [new_code_cell(f"x = {i}") for i in range(9)]
    rebuilt = mended(notebook)
    assert sources(rebuilt)[-1] == "x = 1"
    assert said(rebuilt, "has 19 cells")


def test_a_release_without_ids_gets_some(tmp_path):
    release = copy.deepcopy(RELEASE)
    release.nbformat_minor = 4
    for cell in release.cells:
        del cell["id"]
    nbformat.write(release, tmp_path / "a.ipynb")
    again = read_release(tmp_path / "a.ipynb")
    nbformat.validate(again)
    assert sources(rebuild(as_bytes(answered()), again)) == whole()
