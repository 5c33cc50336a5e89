"""The study of collapse on the ring: its arms, and the record it leaves."""

import pytest

from gan_course import records
from gan_course.studies import ring_collapse


def test_every_arm_is_trained_with_every_seed():
    values = ring_collapse.measure(seeds=(3, 4), rounds=2)
    assert list(values) == list(ring_collapse.ARMS)
    assert all(len(numbers) == 2 and 0 <= min(numbers) <= max(numbers) <= 8 for numbers in values.values())


def test_each_arm_differs_from_the_preset_by_what_its_name_says():
    for arm, changes in ring_collapse.ARMS.items():
        assert len(changes) == (0 if arm == "preset" else arm.count(",") + 1)
        assert changes.keys() <= ring_collapse.PRESET.keys()


def test_an_unknown_arm_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"known: preset, beta1 0\.5"):
        ring_collapse.train("luck", 0)


def test_the_study_writes_its_record(tmp_path, monkeypatch):
    monkeypatch.setattr(ring_collapse, "measure", lambda: {"preset": [0.0] * 10})
    ring_collapse.run(tmp_path)
    record = records.read("ring_collapse", tmp_path)
    assert record.seeds == list(range(10))
    assert record.of("preset") == [0.0] * 10


def test_the_record_in_the_package_has_all_arms_and_seeds():
    record = records.read("ring_collapse")
    assert list(record.values) == list(ring_collapse.ARMS)
    assert tuple(record.seeds) == ring_collapse.SEEDS
