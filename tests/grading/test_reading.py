"""Damaged files: what can still be read from them, and what is said about them."""

import json
import random

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell

from gan_course.grading import reading
from gan_course.grading.reading import Unreadable
from grading.small_notebook import KERNEL, answered, as_bytes, as_released, mended, of, said, sources, whole


def test_a_notebook_of_format_3_is_read():
    cells = []
    for cell in answered().cells:
        old = {"cell_type": cell.cell_type, "metadata": cell.metadata}
        cells.append(old | ({"input": cell.source} if cell.cell_type == "code" else {"source": cell.source}))
    rebuilt = mended(as_bytes({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert sources(rebuilt) == whole()


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
    monkeypatch.setattr(reading, "MAX_VALUES", 100)
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


@settings(max_examples=30, deadline=None)
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


def test_cells_beyond_the_limit_are_left_out(monkeypatch):
    monkeypatch.setattr(reading, "MAX_CELLS", 12)
    notebook = answered()
    notebook.cells += [new_code_cell(f"x = {i}") for i in range(9)]
    rebuilt = mended(notebook)
    assert sources(rebuilt)[-1] == "x = 1"
    assert said(rebuilt, "has 19 cells")
