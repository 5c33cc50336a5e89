"""The released notebook is read into one format."""

import copy

import nbformat

from gan_course.grading.rebuilding import rebuild
from gan_course.grading.released import read_release
from grading.small_notebook import RELEASE, answered, as_bytes, sources, whole


def test_a_release_without_ids_gets_some(tmp_path):
    release = copy.deepcopy(RELEASE)
    release.nbformat_minor = 4
    for cell in release.cells:
        del cell["id"]
    nbformat.write(release, tmp_path / "a.ipynb")
    again = read_release(tmp_path / "a.ipynb")
    nbformat.validate(again)
    assert sources(rebuild(as_bytes(answered()), again)) == whole()
