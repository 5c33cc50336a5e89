"""Whom a name, an e-mail or a number stands for."""

import pytest

from gan_course.grading.roster import Nobody, read_roster, whose


@pytest.fixture
def students(course, roster):
    return read_roster(course / "students.csv")


@pytest.mark.parametrize(
    "name",
    ["s001", "S001", "anna@uni.edu", "Anna Example", "Example, Anna", "s001_my.work", "Ánna Example_x"],
)
def test_a_student_is_found_by_id_e_mail_and_name_and_by_the_beginning_of_a_longer_one(students, name):
    assert whose(name, "", students, exact=False) == "s001"


def test_where_the_whole_name_must_fit_its_beginning_does_not_count(students):
    with pytest.raises(Nobody, match="fits nobody"):
        whose("s001_my", "", students, exact=True)


def test_a_number_finds_its_student_and_tells_namesakes_apart_but_contradicts_another_name(students):
    assert whose("Participant 7", "777", students, exact=True) == "s002"
    assert whose("Cy Twin", "32", students, exact=True) == "s004"
    with pytest.raises(Nobody, match="its name says s001, its number s002"):
        whose("Anna Example", "777", students, exact=True)


def test_namesakes_are_never_guessed(students):
    with pytest.raises(Nobody, match="it fits s003 and s004"):
        whose("Cy Twin", "", students, exact=True)


def test_without_a_list_the_name_is_the_id_if_it_can_be_one(tmp_path):
    assert read_roster(tmp_path / "students.csv") is None
    assert whose("s-7_x.y", "", None, exact=False) == "s-7"
    assert whose("a.b", "", None, exact=True) == "a.b"
    with pytest.raises(Nobody, match=r"list your students in students\.csv"):
        whose("what ever", "", None, exact=False)
