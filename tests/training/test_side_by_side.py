import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time

import pytest
import torch
from helpers import game_with_everything, quick, small_game, small_ring, weights

from gan_course.data.resident import Resident
from gan_course.models.vanilla import VanillaGAN
from gan_course.training import fit
from gan_course.training.side_by_side import Job, fit_side_by_side


def jobs():
    ring = small_ring()
    return {
        "everything": Job(game_with_everything(), ring, quick(rounds=13)),
        "plain": Job(small_game(1), ring, quick(ema=0.0, seed=3)),
        "third": Job(small_game(2), ring, quick(snapshots=0)),
    }


def same(one, other):
    rows = [[row | {"seconds": 0} for row in run.history.rows] for run in (one, other)]
    pictures = [[picture for _, picture in run.history.snapshots] for run in (one, other)]
    return (
        torch.equal(weights(one.game), weights(other.game))
        and torch.equal(weights(one.G), weights(other.G))
        and torch.equal(one.sample(5), other.sample(5))
        and rows[0] == rows[1]
        and all(map(torch.equal, *pictures))
        and (one.rounds, one.settings) == (other.rounds, other.settings)
    )


@pytest.mark.slow
def test_trainings_in_processes_equal_trainings_one_after_the_other_bit_for_bit():
    given = jobs()
    one, two = fit_side_by_side(jobs(), processes=1), fit_side_by_side(given, processes=2)
    assert list(one) == list(two) == ["everything", "plain", "third"]
    assert all(same(one[name], two[name]) for name in one)
    assert not torch.equal(weights(two["plain"].game), weights(two["third"].game))
    assert two["plain"].G is two["plain"].game.G
    for name in one:
        assert two[name].game is given[name].game  # as after `fit`
        flags = [[p.requires_grad for p in run.game.parameters()] for run in (one[name], two[name])]
        assert flags[0] == flags[1]
        assert [m.training for m in one[name].game.modules()] == [
            m.training for m in two[name].game.modules()
        ]


def test_one_process_trains_as_fit_does_with_one_thread_and_restores_the_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        run = fit_side_by_side({"a": jobs()["everything"]}, processes=1)["a"]
        assert torch.get_num_threads() == 2
        torch.set_num_threads(1)
        assert same(run, fit(*vars(jobs()["everything"]).values()))
    finally:
        torch.set_num_threads(before)


@pytest.mark.slow
def test_an_error_of_a_child_keeps_its_kind_and_names_the_training():
    ring = small_ring()
    broken = Resident("ring", torch.full_like(ring.x, torch.nan))
    with pytest.raises(FloatingPointError, match="not finite after 4 rounds") as caught:
        fit_side_by_side({"good": jobs()["plain"], "bad": Job(small_game(), broken, quick())})
    assert "in the training 'bad'" in caught.value.__notes__[0]


def test_an_error_names_the_training_with_one_process_too():
    broken = Resident("ring", torch.full_like(small_ring().x, torch.nan))
    with pytest.raises(FloatingPointError) as caught:
        fit_side_by_side({"bad": Job(small_game(), broken, quick())}, processes=1)
    assert caught.value.__notes__ == ["in the training 'bad'"]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_game_of_a_local_class_is_refused_with_what_to_do(processes):
    class Mine(VanillaGAN):
        pass

    game = small_game()
    game.__class__ = Mine
    with pytest.raises(ValueError, match="the game of 'mine' cannot be sent") as caught:
        fit_side_by_side({"mine": Job(game, small_ring(), quick()), "other": jobs()["plain"]}, processes)
    assert "or train it with fit(game, data, settings)" in str(caught.value)


def test_a_class_of_the_notebook_is_refused_before_anything_starts():
    code = textwrap.dedent("""
        from helpers import quick, small_game, small_ring
        from gan_course.models.vanilla import VanillaGAN
        from gan_course.training.side_by_side import Job, fit_side_by_side
        class Mine(VanillaGAN): pass
        game = small_game()
        game.__class__ = Mine
        fit_side_by_side({"mine": Job(game, small_ring(), quick())})
    """)
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True)
    assert "ValueError: the game of 'mine' cannot be sent to another process" in done.stderr
    assert "(Mine is defined there)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda: (jobs(), 0), "at least 1, not 0"),
        (lambda: (dict.fromkeys("ab", jobs()["plain"]), 2), "two jobs share a game"),
    ],
)
def test_what_cannot_work_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_side_by_side(*arguments())


def test_no_jobs_give_no_runs():
    assert fit_side_by_side({}) == {}


def environment():
    """With the folder of the helpers, and with progress bars."""
    kept = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    return kept | {"PYTHONPATH": os.path.dirname(os.path.dirname(__file__))}


SCRIPT = """
from helpers import quick, small_game, small_ring
from gan_course.training.side_by_side import Job, fit_side_by_side
{guard}fit_side_by_side({{
    name: Job(small_game(), small_ring(), quick(rounds=10**7, snapshots=0)) for name in ("a", "b")
}})
"""


def in_group(number):
    """How many processes of that group are alive."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True).stdout
    return sum(line.split()[0] == str(number) and "Z" not in line for line in listed.splitlines())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_the_children(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(guard="if __name__ == '__main__': "))
    process = subprocess.Popen(
        [sys.executable, script], env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        text = ""
        while not re.search(r"[1-9]\d*/20000000", text):  # the bar moves: the children train
            news = os.read(process.stderr.fileno(), 1000).decode(errors="replace")
            assert news, text
            text += news
        assert in_group(process.pid) > 2
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        end = time.monotonic() + 10
        while in_group(process.pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert in_group(process.pid) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGINT


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_to_have_one(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(guard=""))
    done = subprocess.run([sys.executable, script], env=environment(), capture_output=True, text=True)
    assert "call fit_side_by_side under `if __name__ == '__main__':`" in done.stderr
