"""`gan-course grade`: an instructor's day, command by command. assignments/README.md is the page that goes with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gan_course.explained import explained

app = typer.Typer(no_args_is_help=True, help="Release, collect, grade and return homework.")

Assignment = Annotated[str, typer.Argument(help="Its name, such as dcgan_celeba or ps01_theory.")]
CourseFolder = Annotated[Path, typer.Option("--course", help="The course folder; `assignments` by default.")]
Students = Annotated[list[str] | None, typer.Option("--student", help="Only this one; may be repeated.")]
HERE = Path("assignments")


@contextmanager
def _told() -> Iterator[None]:
    """Errors in one line, and how long it took."""
    from importlib.util import find_spec

    start = time.monotonic()
    with explained():
        if find_spec("nbgrader") is None or find_spec("jupytext") is None:
            raise ValueError('grading needs more packages: pip install "gan-course[instructor]"')
        from gan_course.grading.sandbox import Unprotected

        try:
            yield
        except Unprotected as error:
            raise ValueError(str(error)) from None
    print(f"({time.monotonic() - start:.0f} s)")


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A new folder, for one term.")]) -> None:
    """Make a course folder for a term, with settings to fill in and a secret of its own."""
    with _told():
        from gan_course.grading.course import new_course

        course = new_course(folder)
        print(f"{course.root}: settings are in grading.toml, the students go into students.csv")


@app.command()
def release(assignment: Assignment, course: CourseFolder = HERE) -> None:
    """Build an assignment: the notebooks for students, and what the gradebook must know."""
    with _told():
        from gan_course.grading.course import PUBLIC_SECRET, open_course
        from gan_course.grading.release import release as make

        opened = open_course(course)
        print(f"for students: {make(opened, assignment)}")
        if opened.secret() == PUBLIC_SECRET:
            print(
                "warning: the secret is the public one. Write your own into secret.txt before grading counts"
            )


@app.command()
def intake(
    assignment: Assignment,
    course: CourseFolder = HERE,
    inbox: Annotated[Path | None, typer.Option(help="Where the hand-ins are; COURSE/inbox/NAME.")] = None,
    student: Students = None,
) -> None:
    """Take in what students handed in, put damaged notebooks right, and tell what was done."""
    with _told():
        from gan_course.grading.course import open_course
        from gan_course.grading.intake import take_in

        opened = open_course(course)
        remarks = take_in(opened.root, assignment, inbox, student)
        for remark in remarks:
            print(f"{remark.student:16} {remark.notebook:12} {remark.message}")
        there = [
            name for name in opened.students() if (opened.root / "submitted" / name / assignment).is_dir()
        ]
        print(f"{len(there)} submissions of {assignment}, {len(remarks)} remarks")


@app.command()
def autograde(
    assignment: Assignment,
    course: CourseFolder = HERE,
    student: Students = None,
    again: Annotated[bool, typer.Option(help="Grade unchanged submissions, too.")] = False,
    jobs: Annotated[int | None, typer.Option(help="Submissions at once; one per core by default.")] = None,
) -> None:
    """Run the tests of all submissions in the sandbox. Called again, it goes on where it stopped."""
    from dataclasses import replace

    with _told():
        from gan_course.grading.course import open_course
        from gan_course.grading.pool import autograde as grade

        opened = open_course(course)
        opened = opened if jobs is None else replace(opened, jobs=jobs)
        outcomes = grade(opened, assignment, student, again=again)
        looks = [outcome.student for outcome in outcomes if outcome.look]
        print(
            f"{len(outcomes)} submissions; a person should look at {len(looks)}: {', '.join(looks) or 'none'}"
        )
        if any(outcome.state == "failed" for outcome in outcomes):
            print("failed ones count 0 points until they are graded: see above", file=sys.stderr)
            raise typer.Exit(1)


@app.command()
def feedback(assignment: Assignment, course: CourseFolder = HERE, student: Students = None) -> None:
    """Write a page per student with points, comments and the message of every test; nothing hidden is on it."""
    with _told():
        from gan_course.grading.course import open_course
        from gan_course.grading.give_back import give_feedback

        opened = open_course(course)
        failed = give_feedback(opened, assignment, student)
        print(f"pages are in {opened.root / 'feedback'}/STUDENT/{assignment}")
        for name, reason in failed.items():
            print(f"{name}: no page: {reason}", file=sys.stderr)
        if failed:
            raise typer.Exit(1)


@app.command()
def export(
    assignment: Assignment,
    course: CourseFolder = HERE,
    partial: Annotated[bool, typer.Option(help="Also grades whose hand grading is unfinished.")] = False,
    worksheet: Annotated[Path | None, typer.Option(help="Moodle's grading worksheet, to be filled.")] = None,
) -> None:
    """Write the grades as tables: per task, per student, for Moodle and for Canvas."""
    with _told():
        from gan_course.grading.course import open_course
        from gan_course.grading.give_back import write_grades

        for path in write_grades(open_course(course), assignment, partial=partial, worksheet=worksheet):
            print(path)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    students: Annotated[int, typer.Option("-n", help="How many submissions to make up.")] = 12,
) -> None:
    """Make a course with made-up submissions, good and bad and hostile, to rehearse a day of grading."""
    with _told():
        from gan_course.grading.demo import make_demo

        for line in make_demo(folder, students):
            print(line)
