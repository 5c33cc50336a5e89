"""What tests of runs share."""

import signal
import subprocess
import sys
import time

import torch
from helpers import weights

from gan_course.runs import open_run, training


def same(first, second):
    """Equal networks, averages and histories, but for the seconds."""
    first, second = open_run(first), open_run(second)
    rows = [[row | {"seconds": 0} for row in run.history.rows] for run in (first, second)]
    return (
        torch.equal(weights(first.game), weights(second.game))
        and torch.equal(weights(first.G), weights(second.G))
        and rows[0] == rows[1]
    )


def stop_after(monkeypatch, rounds):
    """The learner presses Ctrl-C while that round is being played."""
    seen, update = [], training.fit.__globals__["EMA"].update

    def press(self, net, done):
        update(self, net, done)
        seen.append(done)
        if len(seen) == rounds:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(training.fit.__globals__["EMA"], "update", press)


def start(folder, line):
    command = [sys.executable, "-c", "from gan_course.cli import main; main()", *line.split()]
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(path, process, seconds=240):
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, f"{path} did not appear"
        time.sleep(0.05)
