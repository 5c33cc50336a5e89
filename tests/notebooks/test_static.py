"""What can be said of a notebook without running it."""

import ast
import json
import re
from pathlib import Path

import pytest

from gan_course import notebooks
from gan_course.clean import canonical
from gan_course.exercises import exercises_of
from gan_course.exercises.checking import NOTEBOOKS, judge

PATHS = notebooks.find()
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}


def cells(path, kind=None):
    found = json.loads(path.read_text())["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def tagged(path, tag):
    return [cell for cell in cells(path) if tag in cell["metadata"].get("tags", [])]


each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_notebooks_are_numbered_without_gaps():
    assert [path.stem.split("_")[0] for path in PATHS] == [f"{number:02d}" for number in range(len(PATHS))]


@each
def test_the_notebook_is_in_canonical_form(path):
    assert path.read_text() == canonical(json.loads(path.read_text()))


@each
def test_parameters_come_first_once_and_are_literals_with_a_seed(path):
    (parameters,) = tagged(path, "parameters")
    assert parameters == cells(path, "code")[0]
    statements = ast.parse(source(parameters)).body
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in statements}
    assert "seed" in values


@each
@pytest.mark.parametrize("profile", notebooks.PROFILES)
def test_profiles_name_only_parameters_that_exist(path, profile):
    notebooks.parameters_for(path, profile, {})


@each
def test_cells_are_short_enough_to_read(path):
    assert max(len(source(cell).splitlines()) for cell in cells(path, "code")) <= 25


@each
def test_every_figure_is_shown_with_alternative_text(path):
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(re.sub(r"^[%!].*$", "", source(cell), flags=re.M))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("show", "frames"):
                named = {keyword.arg for keyword in node.keywords}
                assert "alt" in named or len(node.args) > 1
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "plt.show")


@each
def test_every_cell_says_what_it_is_on_a_slide(path):
    for cell in cells(path):
        assert cell["metadata"].get("slideshow", {}).get("slide_type") in SLIDE_TYPES


@each
def test_links_between_files_lead_somewhere(path):
    for cell in cells(path, "markdown"):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", source(cell)):
            assert "://" in target or (path.parent / target).exists(), target


@each
def test_stubs_run_and_are_still_to_do(path):
    for cell in tagged(path, "exercise"):
        names = {}
        exec(source(cell), names)
        name = cell["metadata"]["exercise"]
        assert judge(name, names[name]).state == "to do"


@pytest.mark.parametrize("file", NOTEBOOKS)
def test_exercises_and_checks_belong_together(file):
    (path,) = [path for path in PATHS if path.stem.startswith(file.removeprefix("nb"))]
    stubs = [cell["metadata"]["exercise"] for cell in tagged(path, "exercise")]
    checks = [cell["metadata"]["exercise"] for cell in tagged(path, "check")]
    assert sorted(stubs) == sorted(exercises_of(file)) == sorted(checks)
    for cell in tagged(path, "check"):
        assert f'check("{cell["metadata"]["exercise"]}"' in source(cell)


def test_profiles_belong_to_notebooks():
    stems = {path.stem for path in PATHS}
    assert {path.stem for path in (notebooks.PACKAGE / "profiles").glob("*.yaml")} <= stems


def test_documents_link_to_files_that_exist():
    root = Path(notebooks.PACKAGE).parent
    for page in [*root.glob("*.md"), *root.glob("gan_course/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"
