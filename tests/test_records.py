"""Records: numbers per seed with all that is needed to repeat them."""

import json

import pytest

from gan_course import records


def write(folder, **changes):
    arguments = {
        "values": {"preset": [1, 0], "cure": [8, 7]},
        "about": "modes covered",
        "seeds": (0, 1),
        "seconds": 12.34,
    } | changes
    return records.write("trial", arguments.pop("values"), folder=folder, **arguments)


def test_a_record_reads_back_as_it_was_written(tmp_path):
    written = write(tmp_path)
    assert records.read("trial", tmp_path) == written


def test_a_record_says_how_and_where_it_was_made(tmp_path):
    write(tmp_path)
    saved = json.loads((tmp_path / "trial.json").read_text())
    assert saved["command"] == "gan-course study trial"
    assert saved["versions"].keys() == {"python", "torch", "numpy", "gan_course"}
    assert saved["commit"]
    assert "cores" in saved["hardware"]
    assert saved["seconds"] == 12.3
    assert saved["seeds"] == [0, 1]


def test_an_arm_has_a_mean_and_a_range(tmp_path):
    record = write(tmp_path)
    assert record.of("cure") == [8.0, 7.0]
    assert record.mean("cure") == 7.5
    assert record.range("cure") == (7.0, 8.0)


def test_an_unknown_arm_lists_the_known_ones(tmp_path):
    with pytest.raises(KeyError, match="preset, cure"):
        write(tmp_path).of("luck")


def test_every_seed_needs_a_number(tmp_path):
    with pytest.raises(ValueError, match="'cure' has 1 numbers for 2 seeds"):
        write(tmp_path, values={"preset": [1, 0], "cure": [8]})
    assert not list(tmp_path.iterdir())


def test_an_empty_study_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no values"):
        write(tmp_path, values={})


def test_a_missing_record_names_the_command(tmp_path):
    write(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"known: trial\. `gan-course study other`"):
        records.read("other", tmp_path)


def test_every_record_in_the_package_has_one_number_per_seed():
    for file in records.FOLDER.glob("*.json"):
        record = records.read(file.stem)
        assert record.name == file.stem
        assert all(len(record.of(arm)) == len(record.seeds) for arm in record.values)
