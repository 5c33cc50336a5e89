import json

import pytest
import torch
from typer.testing import CliRunner

from gan_course.cli import app
from gan_course.evaluation.distances import frechet_distance
from gan_course.models.shipped import load_shipped, shipped_card
from gan_course.runs import open_run
from gan_course.runs.folder import first_samples
from gan_course.runs.ship import ship, without_out

TRAIN = [
    "train",
    "vanilla",
    "--data",
    "ring",
    "--steps",
    "3",
    "--rows",
    "100",
    "--device",
    "cpu",
    "--ema",
    "0.5",
]


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    result = CliRunner().invoke(app, [*TRAIN, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def measured(folder):
    evaluation = {"n": 100, "seed": 1, "measures": [{"what": "modes covered", "value": 3}]}
    (folder / "evaluation.json").write_text(json.dumps(evaluation))


def test_a_shipped_run_samples_as_the_run_did(run, tmp_path):
    measured(run)
    card = ship(run, "small", tmp_path)
    assert card["command"].startswith("gan-course")
    assert card["measured"]["measures"][0]["value"] == 3
    assert torch.equal(first_samples(load_shipped("small", tmp_path), None, 10), open_run(run).sample(10))


def test_a_run_without_measures_is_not_shipped(run, tmp_path):
    with pytest.raises(FileNotFoundError, match="measure it first: gan-course evaluate"):
        ship(run, "small", tmp_path)


def test_a_run_on_photographs_or_an_unfinished_one_is_not_shipped(run, tmp_path):
    measured(run)
    facts = json.loads((run / "run.json").read_text())
    for change, message in (
        ({"state": "interrupted"}, "finish it with"),
        ({"data": {"name": "celeba"}}, "draws itself"),
    ):
        (run / "run.json").write_text(json.dumps(facts | change))
        with pytest.raises(ValueError, match=message):
            ship(run, "small", tmp_path)


def test_the_folder_of_the_run_is_left_out_of_the_command():
    assert (
        without_out("gan-course train dcgan --out some/where --steps 3") == "gan-course train dcgan --steps 3"
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_card_of_the_faces_can_be_repeated_for_50_rounds_and_its_distance_from_the_file(tmp_path):
    from gan_course.data import load
    from gan_course.evaluation.face_oracle import load_face_oracle

    card = shipped_card("dcgan_faces64")
    words = card["command"].split()[1:]
    words[words.index("--steps") + 1] = "50"
    words[words.index("--rows") + 1] = "2000"
    result = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "again")])
    assert result.exit_code == 0, result.output
    again = open_run(tmp_path / "again")
    assert again.facts["options"] == card["options"]
    assert again.facts["settings"] == card["settings"] | {"rounds": 50}

    noted = {measure["what"]: measure for measure in card["measured"]["measures"]}["FD, face reader"]
    oracle = load_face_oracle()
    n = card["measured"]["n"]
    real = oracle.features(load("faces", size=64, n=n, split="test").x)
    shipped = first_samples(load_shipped("dcgan_faces64"), None, n, card["measured"]["seed"])
    assert frechet_distance(real, oracle.features(shipped)) == pytest.approx(noted["value"], rel=0.01)
    early = frechet_distance(real, oracle.features(again.sample(n)))
    assert early > 10 * noted["value"]
