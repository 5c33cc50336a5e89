"""Before you submit: look at the hand-in as the grader will, and make submission.zip.

    python check_run.py

The same checks with other hidden numbers decide about the points. What is marked [look] is probably forgotten, and
stops nothing. The exit code is 0 when everything is ready, else 1.
"""

from __future__ import annotations

import secrets
import sys
import traceback
from pathlib import Path

import torch

from gan_course.exercises.checking import Wrong
from gan_course.grading import hand_in
from gan_course.grading.homework import NOTEBOOK, read_answers
from gan_course.grading.probes import find_check

ASSIGNMENT = "dcgan_celeba"
TASKS = {  # task -> points
    "run_record": 1,
    "run_samples": 3,
    "run_trained": 5,
    "run_variety": 2,
    "run_copies": 1,
}
NEEDED = ("components.ipynb", "report.ipynb")


def main() -> int:
    """Check the folder that this is started in; returns the exit code."""
    ready = True
    try:
        build_generator = read_answers(NOTEBOOK)["build_generator"]
    except (ValueError, OSError) as error:
        print(f"[wrong] {NOTEBOOK}: {error}")
        return 1
    for task, points in TASKS.items():
        share, message = look(task, build_generator)
        ready &= share > 0
        print(f"[{'ok' if share == 1 else 'part' if share else 'wrong'}] {task}: {message or 'passed'}")
        print(f"       {share * points:g} of {points}")
    for name in NEEDED:
        if not Path(name).is_file():
            print(f"[wrong] {name} is missing")
            ready = False
    if not ready:
        print("Not ready: see above. Nothing was zipped.")
        return 1
    try:
        files = hand_in.zip_submission(Path.cwd(), Path("submission.zip"))
    except ValueError as error:
        print(f"[wrong] {error}")
        return 1
    remarks = hand_in.remarks(Path.cwd())
    for remark in remarks:
        print(f"[look] {remark}")
    print(f"Ready: submission.zip holds {len(files)} files and MANIFEST with their checksums.")
    if remarks:
        print("Did you mean to leave what [look] says as it is? If not, mend it and start this again.")
    return 0


def look(task: str, build_generator: object) -> tuple[float, str]:
    """The share of the points that one check gives, and what it says."""
    check = find_check(ASSIGNMENT, task)
    case = check.draw(torch.Generator().manual_seed(secrets.randbits(60)))
    try:
        seen = check.observe(case, build_generator)
        share = check.judge(case, seen)
        measured = check.measured(seen) if hasattr(check, "measured") else ""
    except Wrong as mistake:
        return 0.0, str(mistake)
    except NotImplementedError:
        return 0.0, "build_generator is not answered yet"
    except Exception as error:  # your code may raise anything
        traceback.print_exc()
        return 0.0, f"your code stopped with {type(error).__name__}: {error}"
    return (1.0 if share is None else share), in_words(measured)


def in_words(measured: object) -> str:
    """What a check measured."""
    if isinstance(measured, float):
        return f"FD {measured:.1f}, face reader"
    if isinstance(measured, dict):
        return ", ".join(f"{name} {value:.2f}" for name, value in measured.items()) + " (1: held-out images)"
    return ""


if __name__ == "__main__":
    sys.exit(main())
