"""CSV files: the list of students and other tables that you write, read strictly; tables of grades, written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

STUDENT_COLUMNS = ("id", "first_name", "last_name", "email", "lms_id")
STUDENT_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*")  # what can be a folder's name everywhere


def read_students(path: Path) -> list[dict[str, str]]:
    """The students of the course, from a CSV file with the column `id` and, if you like, others of STUDENT_COLUMNS.

    lms_id: Canvas's number of the user. Every dict has all five keys; what the file does not say is "".
    Raises ValueError, with file and line: a column is missing or unknown, an id is empty or
    cannot be a folder's name, an id, e-mail or lms_id comes twice.
    """
    students = []
    seen: dict[tuple[str, str], int] = {}
    for number, entry in read_records(path, required=("id",), optional=STUDENT_COLUMNS[1:]):
        student = {key: entry.get(key, "") for key in STUDENT_COLUMNS}
        if not student["id"]:
            raise ValueError(
                f"{path}, line {number}: the id is empty; it must be the student's name in nbgrader"
            )
        if not STUDENT_ID.fullmatch(student["id"]):
            raise ValueError(
                f"{path}, line {number}: {student['id']!r} cannot be an id; use letters, digits, '.', '_' and '-'"
            )
        for key in ("id", "email", "lms_id"):
            first = seen.setdefault((key, student[key]), number) if student[key] else number
            if first != number:
                raise ValueError(f"{path}, line {number}: {key} {student[key]!r} is already in line {first}")
        students.append(student)
    return students


def read_records(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The records of a CSV file with a header: (line number, value by column), values stripped of blanks.

    UTF-8 with or without byte order mark; commas, or semicolons as some spreadsheets save them. Blank lines
    are skipped. Raises ValueError, with file and line: no such file, not UTF-8, missing or unknown columns,
    too many or too few values.
    """
    lines = read_lines(path)
    if not lines:
        raise ValueError(f"{path} is empty. Its first line must name the columns: {','.join(required)}.")
    header = [column.strip() for column in lines[0][1]]
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column not in (*required, *optional)]
    if missing or unknown or len(set(header)) < len(header):
        also = f"; also allowed: {', '.join(optional)}" if optional else ""
        raise ValueError(
            f"{path}, line 1: the columns are {', '.join(header)}. Needed: {', '.join(required)}{also}."
        )
    records = []
    for number, line in lines[1:]:
        if len(line) != len(header):
            raise ValueError(
                f"{path}, line {number}: {len(line)} values for {len(header)} columns ({', '.join(header)}). "
                "A value with a comma in it needs double quotes around it."
            )
        records.append((number, dict(zip(header, (value.strip() for value in line), strict=True))))
    return records


def read_lines(path: Path) -> list[tuple[int, list[str]]]:
    """(line number, values) of each line of a CSV file that is not blank."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is not UTF-8 ({error.reason}). Save it as 'CSV UTF-8' in your spreadsheet."
        ) from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    return [(reader.line_num, line) for line in reader if any(value.strip() for value in line)]


def write_table(path: Path, table: Iterable[Sequence[Any]], encoding: str = "utf-8") -> None:
    """Write rows as CSV: commas, quotes where needed, numbers with at most two decimals, formulas disarmed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, lineterminator="\n").writerows([_cell(value) for value in row] for row in table)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_text(value)
    return disarm(value or "")


def number_text(value: float) -> str:
    """A number with at most two decimals, without zeros at its end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def disarm(text: str) -> str:
    """Text that a spreadsheet shows instead of computing it: an apostrophe before =, +, -, @, tab or return."""
    return f"'{text}" if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) else text
