import pytest
import torch

from gan_course.evaluation.two_sample import classifier_test, neighbour_test
from gan_course.training.seeding import generator


def normal(n, d, seed):
    return torch.randn(n, d, generator=generator(seed))


def test_two_samples_of_one_law_give_one_half():
    found = neighbour_test(normal(1000, 2, 0), normal(1000, 2, 1))
    assert found.accuracy == pytest.approx(0.5, abs=0.05)
    assert found.accuracy == pytest.approx((found.real + found.fake) / 2)


def test_separable_sets_give_one():
    assert neighbour_test(normal(100, 2, 0), normal(100, 2, 1) + 100).accuracy == 1.0


@pytest.mark.parametrize(
    "d", [2, 64]
)  # scikit-learn takes a tree for the first and a matrix product for the second
def test_exact_copies_give_zero(d):
    real = normal(300, d, 0)
    found = neighbour_test(real, real[torch.randperm(300, generator=generator(1))])
    assert (found.accuracy, found.real, found.fake) == (0.0, 0.0, 0.0)


def test_little_variety_shows_as_low_real_and_high_fake_accuracy():
    real, fake = normal(300, 100, 0), 0.1 * normal(300, 100, 1)  # all fakes close to the centre of the data
    found = neighbour_test(real, fake)
    assert found.real < 0.1
    assert found.fake > 0.9


def test_images_are_accepted_and_unequal_counts_are_not():
    assert neighbour_test(torch.zeros(3, 1, 4, 4), torch.ones(3, 1, 4, 4)).n == 3
    with pytest.raises(ValueError, match="as many fake as real samples; got 10 real and 9 fake"):
        neighbour_test(normal(10, 2, 0), normal(9, 2, 0))


@pytest.mark.parametrize("classifier", ["logistic", "mlp"])
def test_a_classifier_cannot_tell_samples_of_one_law_apart(classifier):
    found = classifier_test(normal(1000, 4, 0), normal(1000, 4, 1), classifier=classifier)
    assert found.n == 1000
    assert found.p_value > 0.01


@pytest.mark.parametrize("classifier", ["logistic", "mlp"])
def test_a_classifier_finds_a_shift(classifier):
    found = classifier_test(normal(500, 4, 0), normal(500, 4, 1) + 5, classifier=classifier)
    assert found.accuracy > 0.99
    assert found.p_value < 1e-9


def test_only_the_mlp_sees_a_difference_of_spread():
    real, fake = normal(1000, 2, 0), 4 * normal(1000, 2, 1)
    assert classifier_test(real, fake).accuracy < 0.6
    assert classifier_test(real, fake, classifier="mlp").accuracy > 0.75


def test_copies_do_not_fool_a_held_out_half():
    real = normal(600, 3, 0)
    assert classifier_test(real, real.clone()).accuracy == pytest.approx(0.5, abs=0.08)


def test_an_unknown_classifier_and_too_few_samples_are_refused():
    with pytest.raises(ValueError, match="unknown classifier 'svm'; known: logistic, mlp"):
        classifier_test(normal(50, 2, 0), normal(50, 2, 1), classifier="svm")
    with pytest.raises(ValueError, match="needs at least 20"):
        classifier_test(normal(10, 2, 0), normal(10, 2, 1))
