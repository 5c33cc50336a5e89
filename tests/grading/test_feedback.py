"""Feedback shows the verdict and nothing that is hidden; pages run no script of a student."""

import base64
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from gan_course.grading.feedback import (
    DisarmOutputs,
    clean_html,
    configure,
    keep_own_pictures,
    leaks,
    without_hidden,
    write_feedback,
)

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SECRETS = [
    "hidden_case = 7919",
    "assert step(hidden_case) == hidden_case + 1",
    "two points for the word minimax",
    "exemplar: a <good> answer",
]
WRITTEN = """> quoted

<script>alert("written")</script>

Here is [a link](javascript:alert%281%29), a formula $a < b$ and ![curve](figs/curve.png)."""


def cell(make, name, source, **nbgrader):
    """A cell with nbgrader's metadata."""
    facts = {
        "grade_id": name,
        "grade": False,
        "solution": False,
        "task": False,
        "locked": False,
        "schema_version": 3,
    }
    return make(source, id=name, metadata={"nbgrader": {**facts, **nbgrader}})


def source_notebook():
    test = {"grade": True, "locked": True}
    hidden = f"### BEGIN HIDDEN TESTS\n{SECRETS[0]}\n{SECRETS[1]}\n### END HIDDEN TESTS"
    scheme = f"=== BEGIN MARK SCHEME ===\n{SECRETS[2]}\n=== END MARK SCHEME ==="
    answer = "def step(x):\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION"
    verdict = "class Wrong(Exception):\n    pass\nraise Wrong('tanh is missing:\\nthe range is 0 to 1')"
    cells = [
        cell(new_code_cell, "step", answer, solution=True),
        cell(new_code_cell, "test_step", f"assert step(1) == 2\n{hidden}", points=4, **test),
        cell(new_code_cell, "test_verdict", verdict, points=2, **test),
        cell(new_markdown_cell, "q1", "Your answer", points=3, grade=True, solution=True),
        cell(new_markdown_cell, "report", f"Write.\n{scheme}", points=5, task=True, locked=True),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which ada's submission was graded by nbgrader with its own settings."""
    root = tmp_path_factory.mktemp("course")
    source = root / "source" / "ps01"
    source.mkdir(parents=True)
    nbformat.write(source_notebook(), source / "work.ipynb")
    (source / "rubric.txt").write_text(SECRETS[3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("JUPYTER_RUNTIME_DIR", str(root / "runtime"))
        assert api_of(root).generate_assignment("ps01")["success"]
        hand_in(root)
        result = api_of(root).autograde("ps01", "ada")
        assert result["success"], result
    return root


def hand_in(root):
    """ada's answer passes the visible test only; her pictures are one of hers and a link to the rubric."""
    notebook = nbformat.read(root / "release" / "ps01" / "work.ipynb", 4)
    answers = {"step": "def step(x):\n    return 2 if x == 1 else x", "q1": WRITTEN}
    for each in notebook.cells:
        each.source = answers.get(each.metadata.get("nbgrader", {}).get("grade_id"), each.source)
    folder = root / "submitted" / "ada" / "ps01"
    (folder / "figs").mkdir(parents=True)
    nbformat.write(notebook, folder / "work.ipynb")
    (folder / "figs" / "curve.png").write_bytes(DOT)
    (folder / "figs" / "link.png").symlink_to(root / "source" / "ps01" / "rubric.txt")


def api_of(root, ours=False):
    config = Config()
    if ours:
        configure(config)
    config.CourseDirectory.root = str(root)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


@pytest.fixture(scope="module")
def pages(course):
    """The folder with ada's feedback."""
    seen = []
    assert write_feedback(api_of(course, ours=True), "ps01", report=seen.append) == {}
    assert seen == ["ada"]
    return course / "feedback" / "ada" / "ps01"


@pytest.mark.slow
def test_feedback_shows_nothing_that_is_hidden(course, pages):
    assert leaks(pages, SECRETS) == []
    graded = leaks(course / "autograded", SECRETS)  # the control: all of it was there to leak
    assert {line.split(": ", 1)[1] for line in graded} == set(SECRETS)


@pytest.mark.slow
def test_nbgraders_own_feedback_leaks_and_is_caught(course, pages):
    plain = course / "plain"
    config = Config({"CourseDirectory": {"root": str(course), "feedback_directory": "plain"}})
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    assert api.generate_feedback("ps01", "ada")["success"]
    assert {line.split(": ", 1)[1] for line in leaks(plain, SECRETS)} == set(SECRETS)
    assert f"ada/ps01/work.html: {SECRETS[1]}" in leaks(plain, SECRETS)  # across the tags that colour it


@pytest.mark.slow
def test_a_page_keeps_the_visible_test_the_verdict_and_the_answer(pages):
    page = (pages / "work.html").read_text()
    assert "tanh is missing: the range is 0 to 1" in page
    assert "AssertionError" in page
    assert "---------" not in page  # the line that opens a traceback
    for line in ("assert step(1) == 2", "return 2 if x == 1 else x", "Write."):
        assert leaks(pages, [line]), f"{line} is missing on the page"


@pytest.mark.slow
def test_only_the_students_own_pictures_are_copied(pages):
    files = sorted(str(path.relative_to(pages)) for path in pages.rglob("*") if path.is_file())
    assert files == ["figs/curve.png", "work.html"]


@pytest.mark.slow
def test_a_page_runs_no_script_and_keeps_formulas_and_quotes(pages):
    page = (pages / "work.html").read_text()
    assert '<script>alert("written")' not in page
    assert 'href="javascript' not in page
    assert "$a &lt; b$" in page
    assert "<blockquote>" in page
    assert 'src="figs/curve.png"' in page


@pytest.mark.slow
def test_the_formgraders_button_cleans_up_as_well(course, pages):
    assert api_of(course, ours=True).generate_feedback("ps01", "ada")["success"]
    assert sorted(path.name for path in pages.rglob("*") if path.is_file()) == ["curve.png", "work.html"]


@pytest.mark.slow
def test_a_student_whose_page_fails_is_named_and_does_not_stop_the_others(course, pages):
    broken = course / "autograded" / "bob" / "ps01"
    broken.mkdir(parents=True)
    (broken / "work.ipynb").write_text("no notebook")
    done = []
    failed = write_feedback(api_of(course, ours=True), "ps01", ["bob", "ada"], done.append)
    assert (list(failed), done) == (["bob"], ["ada"])
    assert failed["bob"]


def rendered(*cells):
    """A page as the formgrader's exporter makes it with our settings."""
    config = Config()
    configure(config)
    return HTMLExporter(config=config, template_name="classic").from_notebook_node(
        new_notebook(cells=list(cells))
    )[0]


def test_outputs_of_students_lose_scripts_and_keep_tables_and_pictures():
    data = {
        "text/html": "<table><tr><td>7</td></tr></table><img src=x onerror=alert(1)><iframe src=/api></iframe>"
    }
    sizes = {"image/png": {"width": "1 onload=alert(4)", "height": 7}}
    cells = [
        new_code_cell("1", outputs=[new_output("display_data", data)]),
        new_code_cell("2", outputs=[new_output("display_data", {"application/javascript": "alert(2)"})]),
        new_code_cell(
            "3", outputs=[new_output("display_data", {"image/svg+xml": "<svg onload='alert(3)'/>"})]
        ),
        new_code_cell("4", outputs=[new_output("display_data", {"image/png": "aGk="}, metadata=sizes)]),
    ]
    page = rendered(*cells)
    assert "<td>7</td>" in page
    assert "data:image/png;base64,aGk=" in page
    assert 'height="7"' in page
    for part in ("onerror=", "<iframe", "alert(2)", "alert(3)", "onload="):
        assert part not in page


def test_links_to_scripts_are_disarmed_and_attached_pictures_stay():
    attached = {"a.png": {"image/png": "aGk="}}
    text = "[x](javascript:alert%281%29) [y](https://arxiv.org) [z](data:text/html,hi) ![](attachment:a.png)"
    page = rendered(new_markdown_cell(text, attachments=attached))
    assert 'href="javascript' not in page
    assert 'href="data:' not in page
    assert 'href="https://arxiv.org"' in page
    assert 'src="data:image/png;base64,aGk="' in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<form action=/x><button>go</button></form>",
        "<b onclick=x>y</b>",
        "<a href='java\tscript:x'>y</a>",
        "<a href=' data:text/html,x'>y</a>",
        "<a href='da&#9;ta:text/html,x'>y</a>",
        "<a href='/x&colon;y'>y</a>",
        "<b style='position:fixed'>y</b>",
        "<!--<script>-->",
        "<img src='data:text/html,x'>",
        "<object data=x></object>",
        "<svg><script>x</script></svg>",
    ],
)
def test_html_that_can_act_does_not_pass(text):
    cleaned = clean_html(text).lower()
    for part in (
        "<script",
        "<style",
        "<form",
        "<button",
        "<object",
        "<svg",
        "onclick",
        "href=",
        "style=",
        "src=",
    ):
        assert part not in cleaned


def test_formulas_in_text_and_in_outputs_stay_formulas():
    output = new_output("display_data", {"text/markdown": "$a<b$ [x](javascript:alert%281%29)"})
    page = rendered(new_markdown_cell("$$c<d$$"), new_code_cell("1", outputs=[output]))
    assert "$$c&lt;d$$" in page
    assert "$a&lt;b$" in page
    assert "javascript:alert" not in page


def test_saved_widgets_are_dropped():
    notebook = new_notebook(metadata={"widgets": {"state": {}}})
    assert "widgets" not in DisarmOutputs().preprocess(notebook, {})[0].metadata


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", "a\nc"),
        ("a\n### BEGIN HIDDEN TESTS\nb", "a"),
        ("a\n=== BEGIN MARK SCHEME ===\nb\n=== END MARK SCHEME ===", "a"),
        (
            "a\n# BEGIN SOLUTION\nb\n# END SOLUTION\nc\n# BEGIN HIDDEN TESTS\nd\n# END HIDDEN TESTS\ne",
            "a\nc\ne",
        ),
        ("nothing hidden", "nothing hidden"),
    ],
)
def test_hidden_regions_are_cut_out_even_without_an_end(source, shown):
    assert without_hidden(source) == shown


def test_a_page_that_the_student_handed_in_under_another_name_is_not_kept(tmp_path):
    for step in ("feedback", "autograded", "submitted"):
        (tmp_path / step).mkdir()
        (tmp_path / step / "evil.html").write_text("<script>")
    (tmp_path / "feedback" / "work.html").write_text("page")
    (tmp_path / "autograded" / "work.ipynb").write_text("{}")
    keep_own_pictures(tmp_path / "feedback", tmp_path / "autograded", tmp_path / "submitted")
    assert [path.name for path in (tmp_path / "feedback").iterdir()] == ["work.html"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", 'x\nassert a["k"] < 1  and\tb\n'),
        ("a.csv", 'student,text\nada,"""no"" assert a[""k""] < 1 and b"\n'.replace('""k""', '"k"')),
        ("a.html", "<span>assert</span> a[<b>&quot;k&quot;</b>] <i>&lt;</i> 1 and b"),
        ("a.ipynb", r'{"cells": [{"source": ["assert a[\"k\"] ", "< 1 and b"]}]}'),
        ("broken.ipynb", r'{"cells": [{"source": "assert a[\"k\"] \u003c 1 and b"'),
        ("page.ipynb", r'{"text/html": "<i>assert</i> a[&quot;k&quot;] &lt; 1 and b"}'),
    ],
)
def test_a_leak_is_found_through_every_kind_of_escape(tmp_path, name, text):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / name).write_text(text)
    secret = '    assert a["k"] < 1 and b'
    assert leaks(tmp_path, [secret, "absent", "  "]) == [f"deep/{name}: {secret.strip()}"]
