"""The two steps of nbgrader's autograding that are ours: send hidden cases to the kernel, judge what came back."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer, Unicode

from gan_course.grading import prelude, probes
from gan_course.grading.probes import Probe, Verdict
from gan_course.grading.records import Record

STOPPED = "Stopped"  # the name of errors that the guarded execution writes


class _OnProbes(NbGraderPreprocessor):
    """What both have in common: which cells are meant, and which hidden cases belong to whom."""

    secret = Unicode(help="Hidden cases are derived from it.").tag(config=True)
    cases = Integer(2, help="Hidden cases per task; an answer must pass them all.").tag(config=True)
    records = Unicode(help="Folder in which verdicts are kept.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self.where = resources["nbgrader"]
        for cell in nb.cells:
            if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
                self.on_test(cell, resources)
        return nb, resources

    def on_test(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        raise NotImplementedError

    def drawn(self, probe: Probe) -> list[dict[str, Any]]:
        """The hidden cases of this submission. Another hand-in by the same student gets others."""
        student, assignment = self.where["student"], self.where["assignment"]
        with Gradebook(self.where["db_url"]) as gradebook:
            try:
                attempt = str(gradebook.find_submission(assignment, student).timestamp)
            except MissingEntry:
                attempt = ""
        secret = self.secret.encode() + attempt.encode()
        return probes.draw_cases(secret, student, assignment, probe.task, self.cases)


class SendCases(_OnProbes):
    """Before execution: a test cell becomes the code that tries the answer on hidden cases."""

    def on_test(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        probe = probes.read_probe(cell.source)
        if probe is not None:
            resources.setdefault("hidden", {})[cell.metadata.nbgrader.grade_id] = cell.source
            cell.source = probes.kernel_text(self.where["assignment"], probe, self.drawn(probe))


class JudgeCases(_OnProbes):
    """After execution: the text of the test cell returns, and its outputs are replaced by a verdict."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self.verdicts: dict[str, list[dict[str, Any]]] = {}
        nb, resources = super().preprocess(nb, resources)
        stops = [output.evalue for cell in nb.cells for output in _stops(cell)]
        Record(self.records, self.where["assignment"], self.where["student"]).add(
            self.where["notebook"], self.verdicts, stops[:1]
        )
        return nb, resources

    def on_test(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata.nbgrader.grade_id
        source = resources.get("hidden", {}).get(name)
        if source is None:
            return
        cell.source = source
        probe = probes.read_probe(source)
        assert probe is not None  # it was one when it was sent
        verdicts = self.judged(cell, probe)
        self.verdicts[name] = [vars(verdict) for verdict in verdicts]
        cell.outputs = [_shown(probes.together(verdicts), float(cell.metadata.nbgrader.points))]

    def judged(self, cell: NotebookNode, probe: Probe) -> list[Verdict]:
        published = [
            output.data[prelude.MIME]
            for output in cell.outputs
            if output.output_type == "display_data" and prelude.MIME in output.get("data", {})
        ]
        if not published:
            errors = [output for output in cell.outputs if output.output_type == "error"]
            if errors:
                stopped = errors[-1].ename == STOPPED
                text = errors[-1].evalue if stopped else f"your code stopped the test with {errors[-1].ename}"
                return [Verdict("wrong", text[:500], 0.0)]
        return probes.judge_all(self.where["assignment"], probe.task, self.drawn(probe), published)


def _stops(cell: NotebookNode) -> list[NotebookNode]:
    return [out for out in cell.get("outputs", []) if out.output_type == "error" and out.ename == STOPPED]


def _shown(verdict: Verdict, points: float) -> NotebookNode:
    """The verdict as an output that nbgrader turns into points: an error is none, a number is that many."""
    if verdict.share == 0:
        return new_output("error", ename="Wrong", evalue=verdict.message, traceback=[verdict.message])
    if verdict.share < 1:
        number = {"text/plain": f"{verdict.share * points:.2f}"}
        return new_output("execute_result", data=number, execution_count=1)
    return new_output("stream", name="stdout", text=verdict.message + "\n")
