"""The script that students train with, and the check that they run before they submit."""

import hashlib
import importlib.util
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import torch
import typer
from safetensors.torch import load_file
from typer.testing import CliRunner

from gan_course.cli import app
from gan_course.grading import hand_in
from gan_course.grading.homework import homework, read_answers
from gan_course.grading.masters import MASTERS, read_master
from gan_course.runs import open_run
from grading import hand_ins

FILES = MASTERS / "dcgan_celeba" / "files"
TINY = "--no-measure --rows 30 --steps 2 --batch 8 --width 4 --device cpu --change log_every=1 --change snapshots=0"
ANSWERS = {
    "setup": hand_ins.SETUP,
    "generator": hand_ins.GENERATOR,
    "discriminator": """
def build_discriminator(size, width, channels=3):
    layers, maps, side = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)], width, size // 2
    while side > 4:
        layers += [nn.Conv2d(maps, 2 * maps, 4, 2, 1), nn.BatchNorm2d(2 * maps), nn.LeakyReLU(0.2)]
        maps, side = 2 * maps, side // 2
    return nn.Sequential(*layers, nn.Conv2d(maps, 1, 4), nn.Flatten())
""",
    "initialise": """
def initialise(net):
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
    return net
""",
    "make_networks": """
def make_networks(make_G, make_D, init, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return init(make_G()), init(make_D())
""",
    "discriminator_loss": """
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
""",
    "generator_loss": "def generator_loss(fake_logits):\n    return F.softplus(-fake_logits).mean()\n",
}


def write_notebook(folder, **changes):
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "source": source}
        for name, source in (ANSWERS | changes).items()
        if source is not None
    ]
    (folder / "components.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))


@pytest.fixture
def work(tmp_path, monkeypatch):
    """The folder of the assignment, as a student has it; the working directory."""
    for path in FILES.glob("*.py"):
        shutil.copy(path, tmp_path)
    write_notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def script(name):
    """A script of the assignment, as a module."""
    spec = importlib.util.spec_from_file_location(name, FILES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def train(line):
    """`python train.py LINE`: exit code and output."""
    alone = typer.Typer()
    alone.command()(script("train").main)
    result = CliRunner().invoke(alone, line.split())
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def trained(line=""):
    code, output = train(f"{TINY} {line}")
    assert code == 0, output
    return output


def test_a_training_leaves_a_run_and_the_hand_in(work, monkeypatch):
    monkeypatch.setattr(hand_in, "LEAST_STEPS", 2)
    trained("--out runs/one")
    run = json.loads((work / "runs/one/run.json").read_text())
    assert run["model"] == "homework"
    assert run["options"]["d_loss"] == "discriminator_loss"
    assert sorted(path.name for path in (work / "run").iterdir()) == [
        "generator.safetensors", "history.csv", "samples.png", "samples.safetensors", "settings.json",
    ]  # fmt: skip
    settings = json.loads((work / "run/settings.json").read_text())
    assert (settings["steps"], settings["size"], settings["width"], settings["seed"]) == (2, 32, 4, 0)
    assert settings["data"] == {"name": "faces", "size": 32, "n": 30}


def test_the_hand_in_holds_the_averaged_weights_and_what_they_draw(work):
    trained("--out runs/one")
    train("--pack runs/one")
    saved = open_run("runs/one", model=homework(read_answers()))
    weights = load_file("run/generator.safetensors")
    assert all(torch.equal(weights[key], value) for key, value in saved.G.state_dict().items())
    assert not torch.equal(weights["1.weight"], saved.game.G.state_dict()["1.weight"])
    samples = load_file("run/samples.safetensors")["samples"]
    with torch.no_grad():
        again = saved.G(hand_in.fixed_noise(100))
    assert torch.equal(samples, again.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def test_a_second_run_replaces_the_hand_in_only_when_asked(work):
    output = trained("--out runs/one")
    assert "run/ was not made: 2 steps are a trial" in output
    assert "python train.py --pack runs/one" in output
    assert not (work / "run").exists()
    train("--pack runs/one")
    output = trained("--out runs/two --seed 1")
    assert "run/ holds runs/one" in output
    assert hand_in.packed_run() == "runs/one"
    assert train("--pack runs/two")[0] == 0
    assert json.loads((work / "run/settings.json").read_text())["seed"] == 1


@pytest.mark.slow
def test_resuming_gives_the_weights_of_an_uninterrupted_run(work):
    trained("--out runs/whole --steps 4")
    trained("--out runs/parts")
    code, output = train("--resume runs/parts --steps 4 --device cpu")
    assert code == 0, output
    model = homework(read_answers())
    whole, parts = (open_run(f"runs/{name}", model=model) for name in ("whole", "parts"))
    assert (whole.round, parts.round) == (4, 4)
    assert torch.equal(hand_ins_vector(whole.G), hand_ins_vector(parts.G))


def hand_ins_vector(net):
    return torch.cat([value.double().flatten() for value in net.state_dict().values()])


@pytest.mark.slow
def test_ctrl_c_stops_with_a_checkpoint_and_says_how_to_go_on(work):
    process = subprocess.Popen(
        [sys.executable, "train.py", *TINY.split(), "--steps", "100000", "--out", "runs/long"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not Path("runs/long/samples/000002.png").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "python train.py --resume runs/long" in output
    assert list(Path("runs/long/checkpoints").glob("checkpoint-*.sha256"))
    assert not Path("run").exists()


@pytest.mark.parametrize("gap", [name for name in ANSWERS if name != "setup"])
def test_a_stub_is_named_before_anything_is_made(gap, work):
    stub = ANSWERS[gap].split(":\n")[0] + ":\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    write_notebook(work, **{gap: stub.lstrip()})
    code, output = train(f"{TINY}")
    assert code == 1
    assert "is not answered yet" in output
    assert "Traceback" not in output
    assert not (work / "runs").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"generator": None}, "defines no 'build_generator': is the cell `generator` still there?"),
        ({"generator": "raise NotImplementedError()"}, "the cell `generator` is not answered yet"),
        ({"generator": "def build_generator(:"}, "the cell `generator` stopped with SyntaxError"),
        ({"setup": "import torch, nothing_here"}, "the cell `setup` stopped with ModuleNotFoundError"),
    ],
)
def test_a_cell_that_does_not_run_is_named(changes, message, work):
    write_notebook(work, **changes)
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        read_answers()


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        (
            "generator",
            "def build_generator(latent, size, width, channels):\n    return 3",
            "returned int, not an nn",
        ),
        (
            "generator",
            ANSWERS["generator"].replace("nn.Tanh()", "nn.Tanh(), nn.Flatten()"),
            "expected images",
        ),
        ("discriminator", ANSWERS["discriminator"].replace(", nn.Flatten()", ""), "expected logits"),
        (
            "generator_loss",
            "def generator_loss(fake_logits):\n    return -fake_logits",
            "the loss of G is a tensor",
        ),
        (
            "discriminator_loss",
            "def discriminator_loss(a, b):\n    return a.mean(7)",
            r"line 2: return a\.mean\(7\)",
        ),
    ],
)
def test_an_answer_that_cannot_be_trained_is_refused_before_a_folder_is_made(name, source, message, work):
    write_notebook(work, **{name: source})
    names = read_answers()
    options = {"generator": "build_generator", "discriminator": "build_discriminator"}
    options |= {"d_loss": "discriminator_loss", "g_loss": "generator_loss"}
    with pytest.raises(ValueError, match=message):
        homework(names).build(0, size=32, width=4, channels=3, latent=10, **options)


def test_cells_of_a_student_are_run_when_they_only_define_things(work):
    write_notebook(
        work,
        helper="SLOPE = 0.1\n\ndef leaky():\n    return nn.LeakyReLU(SLOPE)\n",
        my_d_loss='"""Hinge."""\ndef my_d_loss(real, fake):\n    return F.relu(1 - real).mean()\n',
        test_generator="assert False, 'a test of the notebook'",
        magic="%matplotlib inline",
        experiment="G = build_generator(100, 64, 512)\nprint('hours later')",
    )
    names = read_answers()
    assert names["leaky"]().negative_slope == 0.1
    assert "my_d_loss" in names
    assert "G" not in names


def test_variants_of_the_notebook_are_trained_and_not_handed_in(work):
    write_notebook(
        work,
        variant="def wide_generator(latent, size, width, channels=3):\n"
        "    return build_generator(latent, size, 2 * width, channels)\n",
    )
    output = trained("--out runs/wide --generator wide_generator --change objective=hinge --d-steps 2")
    assert not (work / "run").exists(), output
    assert "it trained wide_generator" in output
    code, output = train("--pack runs/wide")
    assert code == 1
    assert "Variants belong in your report" in output
    code, output = train(f"{TINY} --generator wider_generator")
    assert code == 1
    assert "defines no function 'wider_generator'" in output
    assert "wide_generator" in output


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("nosuch=3", "unknown setting 'nosuch'; known: batch, betas,"),
        ("lr=2e-4", "lr is of the kind 0.001, not '2e-4'"),
        ("betas=0.9", "--betas 0.9 0.999"),
        ("init=nowhere", "defines no function 'nowhere'"),
    ],
)
def test_a_change_that_cannot_be_made_is_one_line(change, message, work):
    code, output = train(f"{TINY} --change {change}")
    assert code == 1
    assert message in output
    assert len(output.strip().splitlines()) == 1
    assert not (work / "runs").exists()


def test_another_function_may_set_the_initial_weights(work):
    write_notebook(work, plain="def plain(net):\n    return net\n")
    options = {"size": 32, "width": 8, "channels": 3, "latent": 10}
    options |= {"generator": "build_generator", "discriminator": "build_discriminator"}
    options |= {"d_loss": "discriminator_loss", "g_loss": "generator_loss"}
    model = homework(read_answers())
    usual, plain = (
        model.build(0, **options, **init).D[0].weight.std().item() for init in ({}, {"init": "plain"})
    )
    assert usual == pytest.approx(0.02, rel=0.1)
    assert plain == pytest.approx((3 * 48) ** -0.5, rel=0.1)  # U(-a, a) with a² = 1 / fan in, 48


def test_commands_that_cannot_rebuild_a_homework_say_what_can(work):
    trained("--out runs/one")
    for line in ("evaluate runs/one", "sample runs/one", "train --resume runs/one"):
        result = CliRunner().invoke(app, line.split())
        assert result.exit_code == 1
        assert "python train.py --measure RUN" in result.output


def test_the_report_opens_the_networks_of_a_run(work):
    trained("--out runs/one")
    names = {}
    for cell in read_master("dcgan_celeba")["report"].cells:
        if cell.metadata["id"] in ("report_runs", "report_helpers"):
            exec(cell.source, names)
    run = names["open_networks"]("one")
    assert run.round == 2
    assert run.game.D(run.sample(3)).shape == (3, 1)


def test_own_losses_are_the_ones_that_train(work):
    names = read_answers()
    options = {"size": 32, "width": 4, "channels": 3, "latent": 10}
    options |= {"generator": "build_generator", "discriminator": "build_discriminator"}
    options |= {"d_loss": "discriminator_loss", "g_loss": "ten"}
    names["ten"] = lambda fake: fake.mean() * 0 + 10.0
    game = homework(names).build(0, **options)
    batch = {"real": torch.zeros(4, 3, 32, 32), "z": torch.zeros(4, 10)}
    assert game.g_loss(batch).item() == 10.0
    hinge = homework(names).build(0, **options, objective="hinge")
    assert hinge.g_loss(batch).item() != 10.0


def make_submission(folder):
    """A good hand-in with both notebooks."""
    hand_ins.make_good(folder)
    for path in FILES.glob("*.py"):
        shutil.copy(path, folder)
    write_notebook(folder)
    shutil.copy(folder / "components.ipynb", folder / "report.ipynb")
    (folder / "images").mkdir()
    shutil.copy(folder / "run/samples.png", folder / "images/curve.png")


@pytest.mark.slow
def test_a_good_hand_in_is_ready_and_zipped_with_checksums(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "work"
    make_submission(folder)
    monkeypatch.chdir(folder)
    code = script("check_run").main()
    output = capsys.readouterr().out
    assert code == 0, output
    assert "5 of 5" in output
    with zipfile.ZipFile("submission.zip") as archive:
        names = set(archive.namelist())
        assert {"components.ipynb", "report.ipynb", "run/generator.safetensors", "images/curve.png"} <= names
        assert not any(name.endswith(".py") for name in names)
        for line in archive.read("MANIFEST").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert len(names) == len(archive.read("MANIFEST").decode().splitlines()) + 1


@pytest.mark.slow
def test_a_finished_run_is_measured(work):
    code, output = train(TINY.replace("--no-measure ", "") + " --out runs/one")
    assert code == 0, output
    assert "FD, face reader" in output
    assert (work / "runs/one/evaluation.json").exists()


@pytest.mark.slow
def test_the_scripts_run_as_a_student_starts_them(work):
    for line, code, text in (
        ("train.py --smoke --device cpu", 0, "finished: 30 rounds"),
        ("train.py --pack runs/homework-faces-1", 0, "run/: 30 steps on faces"),
        ("check_run.py", 1, "the run has 30 steps"),
    ):
        done = subprocess.run([sys.executable, *line.split()], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert text in done.stdout


@pytest.mark.slow
def test_what_is_not_ready_is_said_and_nothing_is_zipped(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "work"
    make_submission(folder)
    monkeypatch.chdir(folder)
    (folder / "report.ipynb").unlink()
    hand_ins.change_settings(folder, latent=64)
    code = script("check_run").main()
    output = capsys.readouterr().out
    assert code == 1
    assert "do not fit build_generator" in output
    assert "report.ipynb is missing" in output
    assert "Traceback" not in output
    assert not (folder / "submission.zip").exists()


def test_check_run_without_a_notebook_says_so(work, capsys):
    (work / "components.ipynb").unlink()
    code = script("check_run").main()
    output = capsys.readouterr().out
    assert code == 1
    assert "there is no components.ipynb here" in output


def test_what_is_probably_forgotten_is_remarked(tmp_path):
    text = "![a](images/there.PNG) ![b](<images/gone.png>) <img width=3 src='images/old.svg'> ![c](attachment:d.png)"
    cells = [
        {"cell_type": "markdown", "source": [text, "\n![e](images/with%20space.jpg)"]},
        {"cell_type": "markdown", "source": "**Your answer to 1.1**\n\nYOUR ANSWER HERE"},
        {"cell_type": "code", "source": "# ![f](images/in_code.png)"},
    ]
    (tmp_path / "report.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "images").mkdir()
    for name in ("there.PNG", "old.svg", "with space.jpg"):
        (tmp_path / "images" / name).write_bytes(b"a")
    assert hand_in.remarks(tmp_path) == [
        "images/old.svg is left out: figures are PNG or JPEG",
        "report.ipynb: 1 cell still with 'YOUR ANSWER HERE'",
        "report.ipynb shows images/gone.png, which is not among the files",
        "report.ipynb shows images/old.svg, which is not among the files",
    ]


@pytest.mark.parametrize("task", ["record", "samples", "trained", "variety", "copies"])
def test_a_test_of_the_run_stands_alone_and_names_the_missing_file(task, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = {cell.metadata["id"]: cell.source for cell in read_master("dcgan_celeba")["components"].cells}
    with pytest.raises(AssertionError, match="no run/"):
        exec(cells[f"test_run_{task}"], {})


def test_the_times_are_the_same_wherever_they_are_stated():
    master = read_master("dcgan_celeba")
    texts = [(FILES / "README.md").read_text()]
    texts += ["\n".join(cell.source for cell in master[name].cells) for name in ("components", "report")]
    for text in (" ".join(text.split()) for text in texts):
        assert "5 to 12 minutes" in text
        assert "1 to 4 minutes" in text


def test_a_submission_that_is_too_large_names_the_largest_file(tmp_path, monkeypatch):
    monkeypatch.setattr(hand_in, "LARGEST_ZIP", 1000)
    (tmp_path / "images").mkdir()
    (tmp_path / "images/huge.png").write_bytes(bytes(2000))
    with pytest.raises(ValueError, match=r"largest file is images/huge\.png"):
        hand_in.zip_submission(tmp_path, tmp_path / "submission.zip")
    assert not (tmp_path / "submission.zip").exists()
