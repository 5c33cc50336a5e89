"""Words that a person should look at, and honest uses of them."""

import pytest
from nbformat.v4 import new_code_cell

from grading.small_notebook import answered, mended, of, said, sources, whole


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
