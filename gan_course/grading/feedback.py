"""Feedback pages without hidden tests, and pages that cannot run a student's scripts.

What nbgrader writes by default shows hidden tests (source and traceback) and mark schemes, copies every file
of the graded folder, and runs scripts that a student wrote into a text cell, in the formgrader with the
grader's rights. `configure` changes all of that; `leaks` looks whether it worked.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bleach import clean
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import default
from traitlets.config import Config, LoggingConfigurable

HIDDEN = ("HIDDEN TESTS", "MARK SCHEME", "SOLUTION")
"""What stands after BEGIN and END around regions that students must not see."""
VERDICTS = ("Wrong", "Stopped")
"""Names of errors whose message is a verdict and reads well without the name."""
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}
LONGEST_NOTE = 200
"""Characters of the longest plain output of a test cell that is shown ("passed", a number of points)."""

TAGS = set(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p "
        "pre s span strong sub summary sup table tbody td th thead tr ul",
    )
)
# A path without a colon or an entity that could stand for one, or one of the protocols that run nothing.
LINKS = {("a", "href"): r"(https?://|mailto:|#|[^:&]*$)", ("img", "src"): r"(https?://|data:image/|[^:&]*$)"}


def configure(config: Config) -> None:
    """Add the settings for feedback and for the formgrader's pages to an nbgrader configuration."""
    here = __name__
    # The formgrader builds its pages with HTMLExporter and this configuration, and so does GenerateFeedback.
    config.HTMLExporter.preprocessors = [f"{here}.DisarmOutputs"]
    config.HTMLExporter.filters = {"markdown2html": f"{here}.SafeMarkdown"}
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        f"{here}.HideTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    config.GenerateFeedback.post_convert_hook = f"{here}.after_feedback"


def write_feedback(
    api: NbGraderAPI,
    assignment: str,
    students: Iterable[str] | None = None,
    report: Callable[[str], None] = lambda student: None,
) -> dict[str, str]:
    """Write an assignment's feedback pages, student by student; returns what failed: {student: reason}.

    api: with a configuration that went through `configure`. students: default everybody who was graded.
    report: called with each student's name when the page is written. Existing pages are written anew.
    """
    course = api.coursedir

    def folder(step: str, student: str) -> Path:
        return Path(course.format_path(step, student, assignment))

    if students is None:
        graded = (Path(course.root) / course.autograded_directory).glob(f"*/{assignment}")
        students = sorted(path.parent.name for path in graded)
    failed = {}
    for student in students:
        result = api.generate_feedback(assignment, student, force=True)
        if not result["success"]:
            log = (result.get("log") or result.get("error") or "").strip().splitlines()
            failed[student] = log[-1] if log else "nbgrader gives no reason"
            continue
        steps = (course.feedback_directory, course.autograded_directory, course.submitted_directory)
        keep_own_pictures(*(folder(step, student) for step in steps))
        report(student)
    return failed


def after_feedback(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """nbgrader's hook after each submission: the same clean-up when the formgrader's button wrote the pages."""
    graded = Path(notebooks[0]).parent  # <course>/autograded/<student>/<assignment>
    course, whose = graded.parents[2], Path(graded.parent.name) / graded.name
    keep_own_pictures(course / "feedback" / whose, graded, course / "submitted" / whose)


def keep_own_pictures(pages: Path, graded: Path, submitted: Path) -> None:
    """Delete from a feedback folder all but the pages and the pictures that the student handed in.

    pages, graded, submitted: the student's folders of that assignment. nbgrader copies every file of the
    graded one, with those that came from the source folder or through a link.
    """
    written = {pages / f"{notebook.stem}.html" for notebook in graded.glob("*.ipynb")}
    for path in sorted(path for path in pages.rglob("*") if not path.is_dir() and path not in written):
        name = path.relative_to(pages)
        own = submitted / name
        handed_in = own.is_file() and own.resolve() == submitted.resolve() / name  # no link on the way
        if not (handed_in and path.suffix.lower() in PICTURES and own.read_bytes() == path.read_bytes()):
            path.unlink()


class HideTests(NbGraderPreprocessor):
    """Show cells as they were released: no hidden region, and of a test's outputs only the verdict."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Change the notebook; resources["nbgrader"] says whose it is."""
        facts = resources["nbgrader"]
        with Gradebook(facts["db_url"]) as gradebook:
            try:
                sources = gradebook.find_notebook(facts["notebook"], facts["assignment"]).source_cells
                masters = {cell.name: cell.source for cell in sources}
            except MissingEntry:
                masters = {}
        for cell in nb.cells:
            if utils.is_locked(cell):  # whatever was executed in its place, the released text is shown
                cell.source = masters.get(cell.metadata.nbgrader.get("grade_id"), cell.source)
            if not utils.is_solution(cell):
                cell.source = without_hidden(cell.source)
            if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
                cell.outputs = [shown for output in cell.outputs if (shown := _verdict(output))]
        return nb, resources


def without_hidden(source: str) -> str:
    """Text without the regions between BEGIN and END markers of HIDDEN; without an END, to the last line."""
    begin, end = rf"^[^\n]*\bBEGIN ({'|'.join(HIDDEN)})\b", r"^[^\n]*\bEND \1\b[^\n]*\n?"
    return re.sub(rf"(?ms){begin}.*?({end}|\Z)", "", source).rstrip("\n")


def _verdict(output: NotebookNode) -> NotebookNode | None:
    """What a student sees of one output of a test: the line with the error, or a short note; else None."""
    if output.output_type == "error":
        message = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", output.evalue).split())
        line = message if output.ename in VERDICTS and message else f"{output.ename}: {message}".rstrip(": ")
        output.evalue, output.traceback = message, [line]
        return output
    if output.output_type == "stream":
        note = output.text if output.name == "stdout" else ""
    else:
        note = output.data.get("text/plain", "")
        output.data = NotebookNode({"text/plain": note})
    short = note.strip() and len(note.strip()) <= LONGEST_NOTE and "\n" not in note.strip()
    return output if short else None


class DisarmOutputs(SanitizeHTML):
    """Outputs of students' code without scripts: pictures, text, formulas stay, HTML keeps only harmless tags.

    Markdown is cleaned after it became HTML, by `SafeMarkdown`. Cleaning its source, as the parent class
    does, would let `[x](javascript:...)` through and break formulas with < or &.
    """

    @default("safe_output_keys")
    def _safe_output_keys(self) -> set[str]:
        return {"text/plain", "text/latex", "text/markdown", "image/png", "image/jpeg"}

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Also drops the saved state of widgets, which pages would run."""
        nb.metadata.pop("widgets", None)
        return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clean one cell in place."""
        if cell.cell_type == "markdown":
            return cell, resources
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = _sizes(output.metadata)
        return super().preprocess_cell(cell, resources, cell_index)

    def sanitize_html_tags(self, html_str: str) -> str:
        """HTML with the tags and attributes that are allowed here."""
        return clean_html(html_str)


def _sizes(metadata: NotebookNode) -> NotebookNode:
    """Only the sizes of pictures, as numbers: nbconvert writes a width without quotes, so text can hold a script."""
    sizes = NotebookNode()
    for kind, facts in metadata.items():
        if isinstance(facts, dict):
            numbers = {key: facts.get(key) for key in ("width", "height")}
            sizes[kind] = NotebookNode({key: n for key, n in numbers.items() if isinstance(n, int | float)})
    return sizes


class SafeMarkdown(LoggingConfigurable):
    """The filter `markdown2html` of nbconvert's pages, followed by `clean_html`."""

    @pass_context
    def __call__(self, context: Context, source: str) -> str:
        """The HTML of a text cell, of a grader's comment or of a text output."""
        return clean_html(self.parent.markdown2html(context, source))

    jinja_pass_arg = __call__.jinja_pass_arg  # jinja looks for the mark on the filter itself


def clean_html(text: str) -> str:
    """HTML in which only harmless tags are left; others are shown as text. No script, style, form or frame."""
    return clean(text, tags=TAGS, attributes=_allowed, protocols=["http", "https", "mailto", "data"])


def _allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) in LINKS:
        return re.match(LINKS[tag, name], value.strip(), re.IGNORECASE) is not None
    if name == "id":
        return tag in {"h1", "h2", "h3", "h4", "h5", "h6"}  # the targets of links within the page
    return name in {"alt", "title", "width", "height", "colspan", "rowspan", "class", "align"}


def leaks(folder: Path, secrets: Sequence[str]) -> list[str]:
    """Where one of the given lines is found in a file under `folder`: "file: line", sorted; empty if nowhere.

    Every file is read as text (archives are not opened); in notebooks (JSON) and pages (HTML) a line is found
    in spite of escapes, of tags for colours, and of other white space. Blank secrets are ignored; very short
    ones, such as ")", are found everywhere.
    """
    wanted = {_squeezed(secret): secret for secret in secrets if secret.strip()}
    found = []
    for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
        versions = [
            _squeezed(version) for version in _readings(path.read_text(encoding="utf-8", errors="replace"))
        ]
        for needle, secret in wanted.items():
            if any(needle in version for version in versions):
                found.append(f"{path.relative_to(folder)}: {secret.strip()}")
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, without JSON's escapes, and both as a browser shows it."""
    try:
        plain = "\n".join(_strings(json.loads(text)))
    except ValueError:
        plain = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", _unescaped, text)
    for version in (text, plain):
        yield version
        yield html.unescape(version)
        yield html.unescape(re.sub(r"<[^<>]*>", "", version))


def _strings(value: Any) -> Iterator[str]:
    """All strings in a JSON value; the lines of a list of lines joined, as notebooks store them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, dict | list):
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _strings(item)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else {"n": "\n", "t": "\t", "r": "\n"}.get(code, code)
