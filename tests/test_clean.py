import json

import pytest
from helpers import write_notebook

from gan_course.clean import canonical, clean


def parsed(path):
    return json.loads(path.read_text())


def test_formatting_twice_changes_nothing(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "x = 1   \n\n\n", "y = 'ü'")
    assert clean(path) is False
    first = path.read_text()
    assert clean(path) is True
    assert path.read_text() == first
    assert first.endswith("}\n")
    assert "ü" in first


def test_outputs_counts_and_private_metadata_go_and_ids_stay(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "1 + 1")
    notebook = parsed(path)
    notebook["metadata"]["papermill"] = {"duration": 3}
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
    cell = notebook["cells"][1]
    cell["execution_count"], cell["id"] = 7, "keep-me"
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["2"]}]
    cell["metadata"] = {
        "papermill": {},
        "tags": ["check"],
        "exercise": "sum",
        "slideshow": {"slide_type": "skip"},
    }
    again = json.loads(canonical(notebook))
    assert again["cells"][1] == {
        "cell_type": "code",
        "execution_count": None,
        "id": "keep-me",
        "metadata": {"exercise": "sum", "slideshow": {"slide_type": "skip"}, "tags": ["check"]},
        "outputs": [],
        "source": ["1 + 1"],
    }
    assert again["metadata"]["language_info"] == {"name": "python"}
    assert "papermill" not in again["metadata"]


@pytest.mark.parametrize("tag", ["injected-parameters", "papermill-error-cell-tag"])
def test_cells_that_a_machine_added_are_dropped(tag, tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "rounds = 1", "print(rounds)", tags={1: [tag]})
    assert [cell["source"] for cell in json.loads(canonical(parsed(path)))["cells"]] == [
        ["seed = 0\n", "rounds = 5"],
        ["print(rounds)"],
    ]


def test_trailing_blanks_go_and_leading_ones_stay(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "if True:  \n    pass \n")
    assert json.loads(canonical(parsed(path)))["cells"][1]["source"] == ["if True:\n", "    pass"]


def test_check_only_looks(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "x = 1  ")
    before = path.read_text()
    assert clean(path, check=True) is False
    assert path.read_text() == before


def test_a_notebook_without_ids_is_refused_with_a_way_out(tmp_path):
    notebook = parsed(write_notebook(tmp_path / "a.ipynb"))
    del notebook["cells"][0]["id"]
    with pytest.raises(ValueError, match="save the notebook in JupyterLab"):
        canonical(notebook)
