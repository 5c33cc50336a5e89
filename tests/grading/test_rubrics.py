"""The rubric for people and the master that students get say the same, and the numbers in its examples are real."""

from __future__ import annotations

import json
import math
import re
import statistics
from pathlib import Path
from typing import Any

import pytest
import torch
from nbformat import NotebookNode

from gan_course import records
from gan_course.grading.masters import MASTERS, read_master
from gan_course.studies import dcgan_ablations

HOMEWORK = "dcgan_celeba"
PROBLEM_SETS = {  # points by tests and by hand
    "ps01_theory": (30, 10),
    "ps02_conditional": (20, 10),
    "ps03_pyramids_and_text": (20, 10),
}
BY_HAND = {HOMEWORK: "report"} | {name: name for name in PROBLEM_SETS}  # the notebook that people grade
PARTS = {"components": 28, "training": 12, "report": 60}
REPORT = {"q_": 12, "reproduction": 10, "experiment_": 24, "failure": 6, "conclusions": 8}
EXEMPLARS = {
    HOMEWORK: ["q_guidelines", "experiment_architecture", "failure"],
    "ps01_theory": ["equal_loss"],
    "ps02_conditional": ["more_accurate"],
    "ps03_pyramids_and_text": ["three_sentences"],
}
LEVELS = ("poor", "good", "excellent")
TASKS = (
    *("preprocess", "generator", "discriminator", "initialise", "make_networks", "discriminator_loss"),
    *("generator_loss", "discriminator_step", "generator_step", "fixed_noise", "snapshot", "interpolate"),
    "face_arithmetic",
)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def rubric(homework: str) -> str:
    return (MASTERS.parent / "rubrics" / f"{homework}.md").read_text(encoding="utf-8")


def graded(notebook: str, homework: str = HOMEWORK) -> dict[str, NotebookNode]:
    """The cells with points of a master, by id."""
    masters = read_master(homework)
    assert notebook in masters, f"{MASTERS / homework / notebook}.py is missing"
    return {c.metadata["id"]: c for c in masters[notebook].cells if "points" in c.metadata}


def graded_by_hand(homework: str) -> dict[str, NotebookNode]:
    """The cells to which a person gives points, by id."""
    cells = graded(BY_HAND[homework], homework)
    return {name: cell for name, cell in cells.items() if cell.metadata["kind"] != "test"}


def mark_scheme(cell: NotebookNode) -> str:
    """What tells a grader how to give points: of a task its mark scheme, of a written answer what follows the model."""
    if cell.metadata["kind"] == "task":
        pattern = r"=== BEGIN MARK SCHEME ===\n(.*)=== END MARK SCHEME ==="
    else:
        pattern = r"### BEGIN SOLUTION\n.*\*\*Marks\*\*\n(.*)### END SOLUTION"
    found = re.search(pattern, cell.source, re.DOTALL)
    assert found, f"{cell.metadata['id']} has no mark scheme"
    return found[1]


def sections(homework: str = HOMEWORK) -> dict[str, tuple[int, str, str]]:
    """The sections of a rubric by id: (points, marks, exemplars)."""
    parts = re.split(r"(?m)^## `(\w+)`: .* \((\d+) points\)$", rubric(homework))[1:]
    found = {}
    for name, points, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        marks, _, exemplars = body.partition("### Exemplar")
        found[name] = int(points), marks, exemplars and "### Exemplar" + exemplars
    return found


def criteria(marks: str) -> dict[str, int]:
    """The criteria of a mark scheme, with their points."""
    return {name: int(points) for name, points in re.findall(r"(?m)^- \*\*(.+?) \((\d+)\)\.\*\*", marks)}


def exemplars(text: str) -> dict[str, tuple[int, int, str, dict[str, tuple[int, str]]]]:
    """By level: (points, of how many, the answer, {criterion: (points, reason)})."""
    parts = re.split(r"(?m)^### Exemplar, (\w+): (\d+) of (\d+)$", text)[1:]
    found = {}
    for level, points, most, body in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
        answer, _, why = body.partition("**Why.**")
        reasons = re.findall(r"(?ms)^- (.+?) (\d+): (.+?)(?=^- |\Z)", why)
        found[level] = (
            int(points),
            int(most),
            answer,
            {name: (int(number), reason) for name, number, reason in reasons},
        )
    return found


CELLS = [(homework, name) for homework in BY_HAND for name in sections(homework)]


def test_the_parts_of_the_assignment_sum_as_stated() -> None:
    points = {name: float(cell.metadata["points"]) for name, cell in graded("components").items()}
    missing = [task for task in TASKS if f"test_{task}" not in points]
    assert not missing, f"components.py has no test cell for {', '.join(missing)}"
    components = sum(points.pop(f"test_{task}") for task in TASKS)
    report = sum(float(cell.metadata["points"]) for cell in graded("report").values())
    assert {"components": components, "training": sum(points.values()), "report": report} == PARTS


def test_the_parts_of_the_report_sum_as_stated() -> None:
    points = {name: float(cell.metadata["points"]) for name, cell in graded("report").items()}
    sums = {part: sum(v for name, v in points.items() if name.startswith(part)) for part in REPORT}
    assert sums == REPORT
    assert sum(sums.values()) == PARTS["report"]


@pytest.mark.parametrize("problems", PROBLEM_SETS)
def test_the_parts_of_a_problem_set_sum_as_stated(problems: str) -> None:
    cells = graded(BY_HAND[problems], problems)
    tests = {name: c for name, c in cells.items() if c.metadata["kind"] == "test"}
    by_tests, by_hand = (
        sum(float(cell.metadata["points"]) for cell in some.values())
        for some in (tests, graded_by_hand(problems))
    )
    assert (by_tests, by_hand) == PROBLEM_SETS[problems]
    total = sum(PROBLEM_SETS[problems])
    assert f"{PROBLEM_SETS[problems][0]} of the {total} points" in squeezed(rubric(problems))
    title, *_ = read_master(problems)[BY_HAND[problems]].cells
    assert f"{total} points, about" in title.source
    stated = [int(points) for points in re.findall(r"(?m)^\| \d \| .+ \| (\d+) \| \d+ \|$", title.source)]
    assert stated == [float(cell.metadata["points"]) for cell in cells.values()]


@pytest.mark.parametrize("homework", BY_HAND)
def test_the_rubric_has_a_section_for_each_cell_graded_by_hand_in_the_same_order(homework: str) -> None:
    assert list(graded_by_hand(homework)) == list(sections(homework))


@pytest.mark.parametrize(("homework", "name"), CELLS)
def test_rubric_and_master_give_the_same_marks(homework: str, name: str) -> None:
    cell = graded_by_hand(homework)[name]
    points, marks, _ = sections(homework)[name]
    assert squeezed(marks) == squeezed(mark_scheme(cell))
    assert points == float(cell.metadata["points"]) == sum(criteria(marks).values())


@pytest.mark.parametrize(("homework", "name"), CELLS)
def test_every_level_of_a_criterion_is_described(homework: str, name: str) -> None:
    """One point is there or not; more than one needs a sentence for every number of points."""
    marks = sections(homework)[name][1]
    found = re.findall(r"(?ms)^- \*\*.+? \((\d)\)\.\*\*(.+?)(?=^- |\Z)", marks)
    assert len(found) == len(criteria(marks))
    for most, text in found:
        levels = re.findall(r"(?<!\S)(\d): ", squeezed(text))
        assert most == "1" or levels == [str(level) for level in range(int(most), -1, -1)], text


@pytest.mark.parametrize(
    ("homework", "name"), [(homework, name) for homework, names in EXEMPLARS.items() for name in names]
)
def test_every_exemplar_has_points_and_a_reason_for_each_criterion(homework: str, name: str) -> None:
    most, marks, text = sections(homework)[name]
    found = exemplars(text)
    assert tuple(found) == LEVELS
    for level, (points, of, answer, reasons) in found.items():
        assert of == most
        assert answer.lstrip().startswith("> "), f"{level}: the answer stands as a quotation"
        assert list(reasons) == list(criteria(marks)), level
        assert points == sum(given for given, _ in reasons.values()), level
        for criterion, (given, reason) in reasons.items():
            assert given <= criteria(marks)[criterion], (level, criterion)
            assert len(reason.split()) >= 4, (level, criterion, reason)
    scores = [found[level][0] for level in LEVELS]
    assert scores == sorted(set(scores))
    assert scores[-1] == most


@pytest.mark.parametrize("homework", BY_HAND)
def test_only_the_announced_cells_have_exemplars(homework: str) -> None:
    assert [name for name, (_, _, text) in sections(homework).items() if text] == EXEMPLARS[homework]


def table_rows(text: str) -> list[tuple[dict[str, str], str]]:
    """Rows of Markdown tables whose first cell is an arm of the study: ({column: cell}, arm)."""
    rows, header = [], []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.lstrip("> ").strip("|").split("|")]
        if "|" not in line:
            header = []
        elif not header:
            header = cells
        elif cells[0] in dcgan_ablations.ARMS:
            rows.append((dict(zip(header[1:], cells[1:], strict=True)), cells[0]))
    return rows


def recorded(arm: str, column: str) -> float:
    """What the record says for a column such as "FD seed 0", "seed 3" or "mean of two seeds"."""
    study = records.read("dcgan_ablations")
    if column == "mean of two seeds":
        return sum(study.of(f"{arm}: FD")[:2]) / 2
    measure, seed = re.fullmatch(r"(?:(\w+) )?seed (\d)", column).groups()
    return study.of(f"{arm}: {measure or 'FD'}")[study.seeds.index(int(seed))]


@pytest.mark.parametrize("where", ["rubric", "report"])
def test_tables_of_the_study_repeat_its_record(where: str) -> None:
    if where == "rubric":
        text = rubric(HOMEWORK).replace("FD, face reader (n = 2,000)", "mean of two seeds")
    else:
        text = "\n".join(cell.source for cell in read_master(HOMEWORK)["report"].cells)
    rows = table_rows(text)
    assert len(rows) >= 7
    for cells, arm in rows:
        for column, cell in cells.items():
            digits = len(cell.partition(".")[2])
            assert f"{recorded(arm, column):.{digits}f}" == cell, (arm, column)


def quoted_numbers(name: str, level: str) -> set[str]:
    """The numbers in an exemplary answer, as they are written."""
    answer = exemplars(sections()[name][2])[level][2]
    return set(re.findall(r"\d+(?:\.\d+)?", answer.replace(",000", "000")))


def test_deviations_of_fresh_generators_are_those_of_the_study() -> None:
    stated = {
        "no batch norm": (0.117, 0.0176, 0.00245, 0.00042),
        "all guidelines": (0.583, 0.464, 0.412, 0.071),
    }
    for arm, expected in stated.items():
        G = dcgan_ablations.build(arm, 0).G.train()
        z = torch.randn(256, 100, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            measured = [G[:blocks](z).std(0).mean().item() for blocks in range(1, len(G) + 1)]
        assert measured == pytest.approx(expected, rel=0.03)
        assert {f"{value:g}" for value in expected} <= quoted_numbers("failure", "excellent")


def test_differences_between_versions_are_those_of_the_record() -> None:
    study = records.read("dcgan_ablations")

    def differences(measure: str) -> list[float]:
        arms = [study.of(f"{arm}: {measure}") for arm in ("batch norm everywhere", "all guidelines")]
        return [changed - baseline for changed, baseline in zip(*arms, strict=True)]

    baseline = study.of("all guidelines: FD")
    expected = {f"{abs(value):.1f}" for value in [*differences("FD")[:2], baseline[1] - baseline[0]]}
    expected |= {f"{abs(value):.3f}" for value in differences("unrest")[:2]}
    assert expected <= quoted_numbers("experiment_architecture", "excellent")
    answer = squeezed(graded("report")["q_guidelines"].source).replace("−", "-")
    assert ", ".join(f"{value:+.0f}" for value in differences("FD")) in answer
    mean, deviation = statistics.mean(differences("FD")), statistics.stdev(differences("FD"))
    assert f"mean {mean:.0f} and deviation {deviation:.0f}" in answer
    assert abs(mean) < 2.776 / math.sqrt(5) * deviation  # the 97.5 % point of t with four degrees of freedom


def test_the_question_on_duplicates_quotes_the_calibration_of_the_notebook() -> None:
    kept = json.loads((records.FOLDER / "calibration" / "04_dcgan.json").read_text(encoding="utf-8"))[
        "claims"
    ]
    recalls = next(values for claim, values in kept.items() if "near-duplicates (recall)" in claim)
    ends = [100 * end(recalls[side]) for side in ("control", "treatment") for end in (min, max)]
    text = squeezed("\n".join(cell.source for cell in read_master(HOMEWORK)["report"].cells))
    assert len(recalls["control"]) == 5
    assert "equal codes found {:.0f} to {:.0f} %".format(*ends[:2]) in text
    assert "a few bits found {:.0f} to {:.0f} %".format(*ends[2:]) in text


def helpers() -> dict[str, Any]:
    """What the given code cells of the report define, run in the current folder."""
    names: dict[str, Any] = {}
    cells = {cell.metadata["id"]: cell.source for cell in read_master(HOMEWORK)["report"].cells}
    exec(cells["report_runs"] + "\n" + cells["report_helpers"], names)
    return names


def test_the_helpers_of_the_report_do_nothing_where_there_are_no_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = helpers()
    assert "none" in capsys.readouterr().out
    names["print_table"]("FD", baseline=["a-0", "a-1"])
    names["save_curves"]("e", "a-0")
    assert names["open_networks"]("a-0") is None
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_helpers_of_the_report_make_tables_and_pictures_to_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for run, value in (("a-0", 100.0), ("a-1", 80.0), ("b-0", 50.0)):
        folder = tmp_path / "runs" / run
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        (folder / "history.csv").write_text("round,seconds,D,G\n10,1.5,1.25,2.5\n20,3.0,,2.0\n")
        (folder / "evaluation.json").write_text(json.dumps({"measures": [{"what": "FD", "value": value}]}))
    monkeypatch.chdir(tmp_path)
    names = helpers()
    capsys.readouterr()
    names["print_table"]("FD", baseline=["a-0", "a-1"], changed=["b-0"])
    table = capsys.readouterr().out.splitlines()
    assert table[2:] == ["| baseline | 100 | 80 | 90 | 20 |", "| changed | 50 |  | 50 | 0 |"]
    assert {line.count("|") for line in table} == {6}
    assert names["curve"]("a-0", "D") == ([10], [1.25])
    names["save_curves"]("e", "a-0", "b-0")
    assert "(images/e.png)" in capsys.readouterr().out
    assert (tmp_path / "images" / "e.png").stat().st_size > 1000
    with pytest.raises(ValueError, match=r"no run 'c-0'.*a-0, a-1, b-0"):
        names["print_table"]("FD", baseline=["c-0"])


def test_the_rubric_names_its_sources() -> None:
    assert "gan_course/records/dcgan_ablations.json" in rubric(HOMEWORK)
