"""CSV files: what spreadsheets save is read, mistakes are said with their line, and no formula gets out."""

import pytest

from gan_course.grading.tables import disarm, read_students


@pytest.mark.parametrize("text", ["=1+1", "+41", "-2", "@sum", " =1", "\t=1"])
def test_formulas_are_shown_instead_of_computed(text):
    assert disarm(text) == f"'{text}"


def test_ordinary_text_is_left_alone():
    assert [disarm(text) for text in ("", "a=b", "O'Neil", "3-4")] == ["", "a=b", "O'Neil", "3-4"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_students_are_read_from_what_spreadsheets_save(tmp_path, separator):
    path = tmp_path / "students.csv"
    lines = [
        ["last_name", "id", "email"],
        ['"O\'Neil; Jr."', "ada", "a@x"],
        ["", "", ""],
        ["Ray", " bob ", ""],
    ]
    path.write_text("\r\n".join(separator.join(line) for line in lines), encoding="utf-8-sig")
    assert read_students(path) == [
        {"id": "ada", "first_name": "", "last_name": "O'Neil; Jr.", "email": "a@x", "lms_id": ""},
        {"id": "bob", "first_name": "", "last_name": "Ray", "email": "", "lms_id": ""},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", r"is empty\. Its first line must name the columns"),
        ("name\nada\n", r"line 1: the columns are name\. Needed: id; also allowed: first_name"),
        ("id,email\nada,a@x\n,b@x\n", r"line 3: the id is empty"),
        ("id\nada\nbob\nada\n", r"line 4: id 'ada' is already in line 2"),
        ("id,email\nada,a@x\nbob,a@x\n", r"line 3: email 'a@x' is already in line 2"),
        *((f"id\n{name}\n", r"line 2: '.*' cannot be an id") for name in ("../x", "a..b", ".", "a b")),
        ("id,last_name\nada,O'Neil, Jr.\n", r"line 2: 3 values for 2 columns .*double quotes"),
    ],
)
def test_a_bad_list_of_students_is_refused_with_line_and_reason(tmp_path, text, reason):
    (tmp_path / "students.csv").write_text(text)
    with pytest.raises(ValueError, match=reason):
        read_students(tmp_path / "students.csv")


def test_another_encoding_is_refused(tmp_path):
    (tmp_path / "students.csv").write_bytes("id,last_name\nada,Zoë\n".encode("latin-1"))
    with pytest.raises(ValueError, match="is not UTF-8"):
        read_students(tmp_path / "students.csv")
