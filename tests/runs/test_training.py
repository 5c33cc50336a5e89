import errno
import json
import os
import signal
import sys
from pathlib import Path

import pytest
import torch
from runs.running import same, start, stop_after, wait_for

from gan_course import data, explained
from gan_course.data.resident import Resident
from gan_course.runs import folder as folders
from gan_course.runs import open_run, training

POINTS = "train vanilla --data ring --rows 64 --width 4 --batch 8 --device cpu --log-every 2 --ema 0.9"
EVERYTHING = f"{POINTS} -p r1=0.1 -p r1_every=3 -p d_steps=2"


def invented(channels=3, size=32, n=40):
    x = torch.randint(
        256, (n, channels, size, size), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    return Resident("invented", x)


def test_a_run_leaves_facts_history_pictures_and_checkpoints(call):
    code, output = call(f"{POINTS} --steps 5 --seed 3")
    assert code == 0
    assert "run: runs/vanilla-ring-1" in output
    run = Path("runs/vanilla-ring-1")
    facts = json.loads((run / "run.json").read_text())
    assert facts["state"] == "finished"
    assert (facts["format"], facts["model"], facts["rows"], facts["round"]) == (1, "vanilla", 64, 5)
    assert (facts["options"]["width"], facts["settings"]["seed"]) == (4, 3)
    assert facts["peak_memory_bytes"] > 0
    assert facts["images_per_second"] > 0
    assert {"commit", "versions", "hardware", "seconds", "command"} <= facts.keys()
    assert [row["round"] for row in open_run(run).history.rows] == [2, 4, 5]
    assert sorted(path.name for path in (run / "samples").iterdir()) == [
        "000002.png",
        "000004.png",
        "000005.png",
    ]
    assert open_run(run).round == 5


def test_every_run_gets_a_folder_of_its_own_and_none_is_overwritten(call, quick):
    call(f"{POINTS} --steps 1")
    call(f"{POINTS} --steps 1")
    assert sorted(os.listdir("runs")) == ["vanilla-ring-1", "vanilla-ring-2"]
    code, output = call(f"{POINTS} --steps 1 --out runs/vanilla-ring-1")
    assert code == 1
    assert "never overwritten" in output


@pytest.mark.parametrize("stop", [1, 4, 7])
def test_interrupted_and_resumed_equals_uninterrupted_bit_for_bit(call, monkeypatch, stop, quick):
    call(f"{EVERYTHING} --steps 9 --out whole")
    with monkeypatch.context() as patch:
        stop_after(patch, stop)
        code, output = call(f"{EVERYTHING} --steps 9 --out parts")
    assert code == 130
    assert f"stopped after round {stop}. Go on with:\ngan-course train --resume parts" in output
    assert folders.read_facts("parts")["state"] == "interrupted"
    assert not same("whole", "parts")
    assert call("train --resume parts")[0] == 0
    assert folders.read_facts("parts")["state"] == "finished"
    assert same("whole", "parts")


def test_a_finished_run_goes_on_with_more_steps(call, quick):
    call(f"{EVERYTHING} --steps 8 --out whole")
    call(f"{EVERYTHING} --steps 4 --out parts")
    assert call("train --resume parts --steps 8")[0] == 0
    assert same("whole", "parts")


@pytest.mark.parametrize("file", ["weights-000006.safetensors", "state-000006.pt"])
@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_checkpoint_costs_rounds_and_not_the_run(call, file, damage, quick):
    call(f"{EVERYTHING} --steps 8 --out whole")
    call(f"{EVERYTHING} --steps 6 --checkpoint-every 4 --out parts")
    path = Path("parts/checkpoints") / file
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.write_bytes(content[:middle] if damage == "truncated" else flipped)
    code, output = call("train --resume parts --steps 8")
    assert code == 0
    assert f"the checkpoint of round 6 is damaged ({file}" in output
    assert "The one of round 4 is intact and is used instead: 2 rounds are lost." in output
    assert same("whole", "parts")


def test_a_full_disk_is_explained_and_the_run_can_go_on(call, monkeypatch, quick):
    call(f"{EVERYTHING} --steps 8 --out whole")
    real, written = os.fsync, []

    def full(handle):
        written.append(handle)
        if len(written) > 9:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, output = call(f"{EVERYTHING} --steps 8 --checkpoint-every 2 --out parts")
    assert code == 1
    assert "the disk is full" in output
    assert "Traceback" not in output
    assert call("train --resume parts")[0] == 0
    assert same("whole", "parts")


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory"),
        MemoryError(),
    ],
)
def test_out_of_memory_names_the_smaller_settings(call, monkeypatch, error):
    def fit(*args, **kwargs):
        raise error

    monkeypatch.setattr(training, "fit", fit)
    code, output = call(f"{POINTS} --steps 1")
    assert code == 1
    assert "out of memory" in output
    assert "a smaller --batch, --width or --size" in output
    assert "Traceback" not in output
    assert folders.read_facts("runs/vanilla-ring-1")["state"] == "failed"


def test_an_error_that_nobody_foresaw_keeps_its_traceback():
    assert explained.message(RuntimeError("size mismatch")) is None
    with pytest.raises(ZeroDivisionError), explained.explained():
        1 / 0


def test_other_data_than_the_run_was_started_with_are_refused(call, monkeypatch, quick):
    call(f"{POINTS} --steps 2")
    load = data.load
    monkeypatch.setattr(data, "load", lambda *args, **options: load(*args, **options | {"seed": 1}))
    code, output = call("train --resume runs/vanilla-ring-1 --steps 4")
    assert code == 1
    assert "is not the one this run was started with: 64 rows" in output


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train wgan --data ring", "unknown model 'wgan'; known: vanilla, dcgan, cgan, acgan, lapgan"),
        ("train vanilla --data imagenet", "unknown data set 'imagenet'; known: ring"),
        ("train dcgan --data ring --rows 9", "ring holds points of 2 numbers"),
        (
            "train dcgan --data digits",
            "digits holds images of 1×8×8 (channels × height × width): try --size 32",
        ),
        ("train vanilla --data ring --rows 9 -p kernel=5", "no option 'kernel'"),
        ("train vanilla --data ring --rows 9 -p width=wide", "width is of the kind 128, not 'wide'"),
        ("train vanilla --data ring --rows 9 --device tpu", "unknown device 'tpu'"),
        ("train vanilla --data ring --rows 9 --batch 0", "batch must be at least 1"),
        ("train vanilla", "what to train, and on what?"),
        (
            "train vanilla --data ring --rows 9 --processes 2",
            "--processes is for models that are trained in parts",
        ),
        ("train lapgan --data strokes --rows 9", "lapgan takes square images of 16, 32, 64, 128 pixels"),
        ("train lapgan --data strokes --size 32 --rows 9 --processes 0", "at least 1, not 0"),
        ("train lapgan --data strokes --size 32 --rows 9 --device tpu", "unknown device 'tpu'"),
        ("train lapgan-level --data strokes --size 32 --rows 9", "as a part of: gan-course train lapgan"),
        (
            "train cgan --data faces --size 32 --rows 9",
            "faces has no labels; sets that have them: strokes, digits, mnist",
        ),
        ("train acgan --data digits", "acgan takes square images of 28, 32 pixels"),
        ("train --resume .", "is no folder of a run"),
        ("sample .", "is no folder of a run"),
        ("evaluate nowhere", "is no folder of a run"),
        ("compare . .", "is no folder of a run"),
    ],
)
def test_what_cannot_work_is_one_clear_message_and_leaves_no_folder(call, line, message):
    code, output = call(line)
    assert code == 1
    assert message in output
    assert "Traceback" not in output
    assert not Path("runs").exists() or not os.listdir("runs")


def test_a_resumed_run_keeps_its_settings(call, quick):
    call(f"{POINTS} --steps 2")
    code, output = call("train --resume runs/vanilla-ring-1 --batch 4")
    assert code == 1
    assert "with --resume give only --steps, --device, --processes or --tensorboard" in output


@pytest.mark.parametrize("channels", [1, 3])
def test_dcgan_trains_on_images_and_its_grids_are_pictures_of_them(call, monkeypatch, channels):
    from PIL import Image

    monkeypatch.setattr(data, "load", lambda **options: invented(channels))
    code, output = call("train dcgan --data invented --width 4 --batch 4 --steps 2 --device cpu")
    assert code == 0, output
    run = open_run("runs/dcgan-invented-1")
    assert run.sample(3).shape == (3, channels, 32, 32)
    assert Image.open(run.folder / "samples" / "000002.png").size == (8 * 33 - 1, 8 * 33 - 1)
    assert run.facts["settings"]["lr"] == 2e-4
    assert run.facts["settings"]["ema"] == 0.999


def test_tensorboard_without_its_package_is_explained(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    code, output = call(f"{POINTS} --steps 1 --tensorboard")
    assert code == 1
    assert "pip install tensorboard" in output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "state"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "interrupted"),
        (signal.SIGKILL, -9, "running"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_is_stopped_in_any_way_goes_on_as_if_nothing_had_happened(
    tmp_path, call, number, code, state, quick
):
    line = f"{EVERYTHING} --checkpoint-every 3 --out parts"
    process = start(tmp_path, f"{line} --steps 1000000")
    try:
        wait_for(tmp_path / "parts" / "checkpoints" / "checkpoint-000006.sha256", process)
        process.send_signal(number)
        output, _ = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == code, output
    assert folders.read_facts(tmp_path / "parts")["state"] == state
    assert "Traceback" not in output
    reached = open_run(tmp_path / "parts").round
    goal = -(-(reached + 1) // 2) * 2
    assert call(f"train --resume parts --steps {goal}")[0] == 0
    assert call(f"{EVERYTHING} --steps {goal} --out whole")[0] == 0
    assert same("whole", "parts")
