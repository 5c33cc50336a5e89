"""The four places that name the environment agree: pyproject.toml, requirements.lock, environment.yml, imports."""

import ast
import itertools
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"torch": "pytorch"}
IMPORT_NAMES = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "IPython": "ipykernel",
    "zmq": "pyzmq",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()


def declared():
    """Every direct dependency with its bounds: those of the package, of its extras, and for development."""
    project = PROJECT["project"]
    extras = itertools.chain(*project["optional-dependencies"].values())
    lines = [*project["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def locked():
    return {canonicalize_name(name): pin for name, pin in re.findall(r"^([\w.-]+)==([^ ;\\]+)", LOCK, re.M)}


def test_conda_names_the_same_packages_and_bounds_as_the_project():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert conda["channels"] == ["conda-forge", "nodefaults"]
    listed = dict(re.match(r"([\w.-]+)(.*)", line).groups() for line in conda["dependencies"])
    assert listed.pop("python") == PROJECT["project"]["requires-python"]
    assert listed == {CONDA_NAMES.get(name, name): str(bounds) for name, bounds in declared().items()}


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_lock_holds_every_dependency_within_its_bounds(name):
    assert locked()[name] in declared()[name]


def test_the_lock_has_hashes_and_names_no_host():
    assert "://" not in LOCK
    assert "index-url" not in LOCK
    assert "find-links" not in LOCK
    assert LOCK.count("--hash=sha256:") > len(locked())


def imports(source):
    """Top-level names of the modules that Python source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def sources():
    """The package without its part for instructors, and the notebooks."""
    for path in (ROOT / "gan_course").rglob("*.py"):
        if "grading" not in path.parts:
            yield path.read_text()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def packages(texts):
    """The third-party packages that Python sources import."""
    used = {name for text in texts for name in imports(text)}
    own = {"gan_course", *sys.stdlib_module_names}
    return {canonicalize_name(IMPORT_NAMES.get(name, name)) for name in used - own}


def names(lines):
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_every_import_of_package_and_notebooks_is_declared():
    assert packages(sources()) <= names(PROJECT["project"]["dependencies"])


def test_every_import_of_grading_is_declared_for_instructors():
    texts = [path.read_text() for path in (ROOT / "gan_course" / "grading").rglob("*.py")]
    project = PROJECT["project"]
    assert packages(texts) <= names(project["dependencies"] + project["optional-dependencies"]["instructor"])


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_no_lock_file_that_names_a_host_is_committed(name):
    assert name in (ROOT / ".gitignore").read_text()
