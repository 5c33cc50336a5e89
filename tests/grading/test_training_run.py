"""The checks of a training run refuse every spoiled hand-in of their bank and accept every good one."""

import importlib
import shutil

import pytest
import torch

from gan_course.data.resident import Resident
from gan_course.evaluation.distances import frechet_distance
from gan_course.grading import run_measures
from gan_course.grading.checks.dcgan_celeba import run_samples
from gan_course.grading.hand_in import fixed_noise
from gan_course.grading.run_kernel import hidden_noise
from grading import hand_ins
from grading.banks.dcgan_celeba import run_blind

SEEDS = {"run_record": 5, "run_samples": 5, "run_trained": 1, "run_variety": 1, "run_copies": 1}  # how many
BANKS = {task: importlib.import_module(f"grading.banks.dcgan_celeba.{task}") for task in SEEDS}
WRONG = [(task, name) for task, bank in BANKS.items() for name in bank.WRONG]
RIGHT = [(task, name) for task, bank in BANKS.items() for name in bank.RIGHT]


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good") / "dcgan_celeba"
    hand_ins.make_good(folder)
    return folder


@pytest.fixture
def folder(base, tmp_path):
    return shutil.copytree(base, tmp_path / "dcgan_celeba")


@pytest.mark.parametrize("task", SEEDS)
def test_a_bank_holds_enough_wrong_and_right_hand_ins(task):
    bank = BANKS[task]
    assert len(bank.WRONG) >= 12
    assert len(bank.RIGHT) >= 4


@pytest.mark.slow
@pytest.mark.parametrize(("task", "name"), WRONG)
def test_a_spoiled_hand_in_is_refused_with_the_mistake_named(task, name, base, folder):
    fragment, spoil = BANKS[task].WRONG[name]
    spoil(folder, base)
    for seed in range(SEEDS[task]):
        verdict = hand_ins.verdict_on(folder, task, seed)
        assert verdict.share == 0, f"seed {seed}: {verdict}"
        assert fragment in verdict.message, f"seed {seed}: {verdict}"


@pytest.mark.slow
@pytest.mark.parametrize("name", run_blind.SPOILED)
def test_hand_ins_by_someone_who_had_not_seen_the_checks_are_refused(name, base, folder):
    spoil, tasks = run_blind.SPOILED[name]
    spoil(folder, base)
    verdicts = {task: hand_ins.verdict_on(folder, task) for task in tasks}
    assert not {task: verdict for task, verdict in verdicts.items() if verdict.share > 0}


@pytest.mark.slow
@pytest.mark.parametrize("name", run_blind.FINE)
def test_sound_hand_ins_by_someone_who_had_not_seen_the_checks_get_all_points(name, base, folder):
    run_blind.FINE[name](folder, base)
    verdicts = {task: hand_ins.verdict_on(folder, task) for task in SEEDS}
    assert not {task: verdict for task, verdict in verdicts.items() if verdict.share < 1}


@pytest.mark.slow
@pytest.mark.parametrize(("task", "name"), RIGHT)
def test_a_good_hand_in_gets_all_points(task, name, base, folder):
    BANKS[task].RIGHT[name](folder, base)
    for seed in range(SEEDS[task]):
        verdict = hand_ins.verdict_on(folder, task, seed)
        assert verdict.share == 1, f"seed {seed}: {verdict}"


@pytest.mark.slow
@pytest.mark.parametrize("name", BANKS["run_trained"].PARTLY)
def test_a_middling_generator_gets_a_part_of_the_points(name, base, folder):
    least, largest, spoil = BANKS["run_trained"].PARTLY[name]
    spoil(folder, base)
    assert least <= hand_ins.verdict_on(folder, "run_trained").share <= largest


@pytest.mark.slow
def test_the_same_case_gives_the_same_distance_twice(folder):
    from gan_course.grading.checks.dcgan_celeba import run_trained

    case = run_trained.draw(torch.Generator().manual_seed(3))
    G = hand_ins.student_space(folder)["build_generator"]
    with hand_ins.contextlib.chdir(folder):
        first, second = (run_trained.measured(run_trained.observe(case, G)) for _ in range(2))
    assert first == second
    assert first < 10


@pytest.mark.slow  # imports torchmetrics
def test_the_distance_to_a_known_gaussian_is_that_to_its_samples():
    rng = torch.Generator().manual_seed(0)
    real = torch.randn(500, 8, generator=rng) * torch.arange(1, 9) + 1
    fake = torch.randn(300, 8, generator=rng) * 2
    rows = real.double()
    known = run_measures.Statistics(rows.mean(0), rows.T.cov(), 0.0, 0.0)
    assert run_measures.fd(known, fake) == pytest.approx(frechet_distance(real, fake), rel=1e-6)


@pytest.mark.slow
def test_the_shipped_statistics_are_those_of_drawn_faces():
    from gan_course.data import load

    held_out: Resident = load("faces", n=1000, size=64, split="test")
    features = run_measures.reader().features(held_out.x)
    assert run_measures.fd(run_measures.statistics("faces"), features) < 2
    assert run_measures.fd(run_measures.statistics("celeba"), features) > 100


def test_everybody_draws_samples_for_the_same_noise():
    case = run_samples.draw(torch.Generator().manual_seed(9))
    assert torch.equal(hidden_noise(case["fixed"]["n"], 100, case["fixed"]["seed"]), fixed_noise(100))
