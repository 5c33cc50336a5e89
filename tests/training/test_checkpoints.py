import errno
import os
import pickle

import pytest
import torch
from helpers import game_with_everything, quick, small_ring, weights

from gan_course.training import checkpoints, fit


def save_twice(folder):
    checkpoints.save(1, {"game": {"a": torch.ones(3)}, "note": "first"}, folder)
    checkpoints.save(2, {"game": {"a": torch.zeros(3)}, "note": "second"}, folder, keep=[1])


def test_what_was_saved_is_read_back_as_it_was(tmp_path):
    state = {
        "game": {"a.weight": torch.randn(2, 3), "n": torch.tensor(7)},
        "ema": {"weight": torch.randn(4).bfloat16()},
        "note": [1, 2.5, None],
        "rng": torch.get_rng_state(),
    }
    checkpoints.save(3, state, tmp_path)
    read = checkpoints.load(tmp_path)
    for name in ("game", "ema"):
        assert read[name].keys() == state[name].keys()
        assert all(torch.equal(read[name][key], tensor) for key, tensor in state[name].items())
        assert all(read[name][key].dtype == tensor.dtype for key, tensor in state[name].items())
    assert read["note"] == state["note"]
    assert torch.equal(read["rng"], state["rng"])


def truncate(content):
    return content[: len(content) // 2]


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [truncate, flip, lambda content: b""])
@pytest.mark.parametrize(
    "file", ["weights-000002.safetensors", "state-000002.pt", "checkpoint-000002.sha256"]
)
def test_a_damaged_checkpoint_is_noticed_and_the_one_before_is_used(file, damage, tmp_path):
    save_twice(tmp_path)
    path = tmp_path / file
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(UserWarning, match=r"round 2 is damaged.*round 1 is intact.*: 1 rounds are lost"):
        assert checkpoints.load(tmp_path)["note"] == "first"


def test_a_missing_file_is_named_and_the_checkpoint_before_is_used(tmp_path):
    save_twice(tmp_path)
    (tmp_path / "state-000002.pt").unlink()
    with pytest.warns(UserWarning, match=r"state-000002\.pt is missing"):
        assert checkpoints.load(tmp_path)["note"] == "first"


def test_weights_are_read_where_only_the_state_is_damaged(tmp_path):
    save_twice(tmp_path)
    (tmp_path / "state-000002.pt").write_bytes(b"")
    rounds, networks = checkpoints.load_networks(tmp_path)
    assert rounds == 2
    assert torch.equal(networks["game"]["a"], torch.zeros(3))


def test_without_an_intact_checkpoint_nothing_is_made_up(tmp_path):
    save_twice(tmp_path)
    for path in tmp_path.glob("state-*"):
        path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"no checkpoint in .* is intact: .*round 2.*round 1"):
        checkpoints.load(tmp_path)


@pytest.mark.parametrize("file", [0, 1, 2])
def test_a_full_disk_leaves_the_checkpoint_before(file, tmp_path, monkeypatch):
    checkpoints.save(1, {"game": {"a": torch.ones(3)}}, tmp_path)
    before, written = sorted(tmp_path.iterdir()), []

    def full(handle):
        written.append(handle)
        if len(written) > file:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(2, {"game": {"a": torch.zeros(3)}}, tmp_path, keep=[1])
    assert torch.equal(checkpoints.load(tmp_path)["game"]["a"], torch.ones(3))
    assert set(before) <= set(tmp_path.iterdir())
    assert not list(tmp_path.glob("*.partial"))


def test_half_written_files_and_old_checkpoints_are_cleared_away_and_other_files_are_not(tmp_path):
    save_twice(tmp_path)
    (tmp_path / "weights-000003.safetensors.partial").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    checkpoints.save(5, {"game": {"a": torch.ones(1)}}, tmp_path, keep=[1, 2])
    assert {path.name for path in tmp_path.iterdir()} == {
        *("checkpoint-000002.sha256", "state-000002.pt", "weights-000002.safetensors"),
        *("checkpoint-000005.sha256", "state-000005.pt", "weights-000005.safetensors"),
        "notes.txt",
    }


def test_a_new_run_in_the_same_folder_never_falls_back_on_the_old_one(tmp_path):
    settings = quick(rounds=4, checkpoint_every=2)
    fit(game_with_everything(), small_ring(), quick(rounds=3, checkpoint_every=1), folder=tmp_path)
    fit(game_with_everything(), small_ring(), settings, folder=tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.sha256")) == [
        "checkpoint-000002.sha256",
        "checkpoint-000004.sha256",
    ]
    fit(game_with_everything(), small_ring(), quick(rounds=1), folder=tmp_path)
    assert [path.name for path in tmp_path.glob("*.sha256")] == ["checkpoint-000001.sha256"]


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harmed",)


def test_a_strangers_checkpoint_runs_no_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(Harmful()))
    assert (tmp_path / "harmed").is_dir(), "the trap works"
    (tmp_path / "harmed").rmdir()
    checkpoints.save(1, {"game": {}, "note": "fine"}, tmp_path)
    content = (tmp_path / "weights-000001.safetensors").read_bytes()
    torch.save({"format": 1, "note": Harmful()}, tmp_path / "state-000001.pt")
    bad = (tmp_path / "state-000001.pt").read_bytes()
    sums = [checkpoints.hashlib.sha256(part).hexdigest() for part in (content, bad)]
    (tmp_path / "checkpoint-000001.sha256").write_text(
        f"{sums[0]}  weights-000001.safetensors\n{sums[1]}  state-000001.pt\n"
    )
    with pytest.raises(ValueError, match="its state is no state of a run"):
        checkpoints.load(tmp_path)
    assert not (tmp_path / "harmed").exists()


def test_a_newer_format_is_refused_and_not_taken_for_damage(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "FORMAT", 2)
    checkpoints.save(1, {"game": {}}, tmp_path)
    monkeypatch.setattr(checkpoints, "FORMAT", 1)
    with pytest.raises(ValueError, match="format 2, this version of gan_course reads up to 1: update it"):
        checkpoints.load(tmp_path)


@pytest.mark.parametrize("stop", [3, 4, 7])
def test_a_run_that_is_stopped_and_resumed_equals_an_uninterrupted_one_and_so_does_its_history(
    stop, tmp_path
):
    whole = fit(game_with_everything(), small_ring(), quick())
    asked = []
    stopped = fit(
        game_with_everything(),
        small_ring(),
        quick(),
        folder=tmp_path,
        stop=lambda: asked.append(1) or len(asked) == stop,
    )
    assert stopped.rounds == stop
    resumed = fit(game_with_everything(seed=9), small_ring(), quick(), folder=tmp_path, resume=True)
    assert resumed.rounds == 12
    assert torch.equal(weights(whole.game), weights(resumed.game))
    assert torch.equal(weights(whole.G), weights(resumed.G))
    for column in ("round", "images", "D", "R1", "G"):
        assert whole.history[column] == resumed.history[column]


def test_what_happens_at_log_points_sees_the_run_so_far():
    seen = []
    run = fit(
        game_with_everything(), small_ring(), quick(), on_log=lambda run: seen.append((run.rounds, run.G))
    )
    assert [rounds for rounds, _ in seen] == [4, 8, 12]
    assert seen[-1][1] is run.G
