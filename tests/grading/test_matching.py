"""Cells that lost their labels, were copied, moved or split are found again."""

import copy

from nbformat.v4 import new_code_cell

from grading.small_notebook import (
    ANSWERS,
    RELEASE,
    answered,
    as_bytes,
    as_released,
    at,
    mended,
    of,
    said,
    sources,
    whole,
    without_metadata,
)


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


def test_a_permuted_notebook_is_put_in_order():
    notebook = answered()
    notebook.cells.reverse()
    assert sources(mended(notebook)) == whole()


def test_another_notebook_is_recognised_as_such():
    rebuilt = mended(as_bytes({"cells": [{"cell_type": "code", "source": "x = 1"}]}))
    assert said(rebuilt, "nothing of the released notebook was found")
    assert as_released(rebuilt)
