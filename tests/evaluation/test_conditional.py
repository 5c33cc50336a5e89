import math

import pytest
import torch

from gan_course.evaluation.conditional import (
    agreement,
    class_frechet_distance,
    diversity_ratio,
    within_class_diversity,
)
from gan_course.training.seeding import generator


class Says:
    """An oracle that reads the class off the first pixel, and is sure where the second one is not black."""

    def judge(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return images[:, 0, 0, 0].long(), images[:, 0, 0, 1] > 0


def images(classes: list[int], sure: list[int]) -> torch.Tensor:
    x = torch.zeros(len(classes), 1, 28, 28)
    x[:, 0, 0, 0], x[:, 0, 0, 1] = torch.tensor(classes), torch.tensor(sure)
    return x


def test_agreement_counts_right_and_sure_answers_only():
    found = agreement(
        Says(), images([0, 0, 1, 2, 2, 1], [1, 0, 1, 1, 1, 1]), torch.tensor([0, 0, 1, 2, 1, 0])
    )
    assert found.share == pytest.approx(3 / 6)
    assert found.readable == pytest.approx(5 / 6)
    assert found.per_class.tolist() == pytest.approx([1 / 3, 1 / 2, 1.0])


def test_a_class_that_was_not_asked_for_has_no_agreement():
    found = agreement(Says(), images([0, 2], [1, 1]), torch.tensor([0, 2]))
    assert math.isnan(found.per_class[1])
    assert found.share == 1


def test_the_shipped_oracle_agrees_with_real_labels_and_not_with_others():
    from gan_course.data import load
    from gan_course.evaluation.oracle import load_oracle

    data, oracle = load("strokes", n=300, split="test"), load_oracle("strokes")
    labels = data.column("label")
    assert agreement(oracle, data.x, labels).share > 0.97
    assert agreement(oracle, data.x, (labels + 1) % 10).share < 0.02


def test_diversity_is_the_mean_distance_of_two_different_samples_of_a_class():
    features = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    labels = torch.tensor([0, 0, 0, 1, 1])
    # class 0: the distances are 5, 0 and 5
    assert within_class_diversity(features, labels).tolist() == pytest.approx([10 / 3, 0.0])


def test_the_ratio_is_one_for_the_data_and_falls_with_variety():
    features = torch.randn(400, 8, generator=generator(0))
    labels = torch.arange(400) % 4
    centres = torch.stack([features[labels == k].mean(0) for k in range(4)])[labels]
    assert diversity_ratio(features, labels, features, labels) == pytest.approx(1.0)
    half = centres + (features - centres) / 2
    assert diversity_ratio(half, labels, features, labels) == pytest.approx(0.5)
    assert diversity_ratio(centres, labels, features, labels) == pytest.approx(0.0)


def test_the_frechet_distance_within_classes_sees_wrong_labels():
    features = torch.randn(400, 4, generator=generator(0))
    labels = torch.arange(400) % 4
    features[:, 0] += 5 * labels
    assert class_frechet_distance(features, labels, features, labels) == pytest.approx(0, abs=1e-6)
    assert class_frechet_distance(features, (labels + 1) % 4, features, labels) > 10
    with pytest.raises(ValueError, match="reach to class 3, the data to class 2"):
        class_frechet_distance(features, labels, features[labels < 3], labels[labels < 3])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: agreement(Says(), images([0, 1], [1, 1]), torch.tensor([0])), "each of the 2 images"),
        (lambda: within_class_diversity(torch.zeros(3, 2), torch.tensor([0, 0, 1])), "class 1 has fewer"),
        (lambda: within_class_diversity(torch.zeros(4, 2), torch.tensor([0, 0, 2, 2])), "class 1 has fewer"),
        (lambda: within_class_diversity(torch.zeros(2, 2), torch.zeros(2)), "got torch.float32"),
        (
            lambda: diversity_ratio(
                torch.zeros(2, 2), torch.zeros(2).long(), torch.zeros(4, 2), torch.arange(4) // 2
            ),
            "reach to class 0, the data to class 1",
        ),
    ],
)
def test_what_cannot_be_measured_says_why(call, message):
    with pytest.raises(ValueError, match=message):
        call()
