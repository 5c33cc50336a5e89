"""Whatever a student did to the notebook, the released one comes back with the answers in it."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from grading.small_notebook import (
    ANSWERS,
    RELEASE,
    TESTS,
    answered,
    as_bytes,
    as_released,
    at,
    mended,
    of,
    said,
    sources,
    whole,
)


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


@settings(max_examples=30, deadline=None)
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
