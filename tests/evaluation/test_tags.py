import pytest
import torch

from gan_course.evaluation.tags import (
    best,
    cloud,
    cosines,
    distinct_hits,
    drawn,
    grade,
    miss,
    most_named,
    named_share,
    precision_at,
    suggest,
    true_share,
    votes,
)

WORDS = torch.eye(4)
# Image 0: three samples say word 0, one says word 2. Image 1: all say word 3.
SAID = WORDS[torch.tensor([[0, 2, 0, 0], [3, 3, 3, 3]])] * 5
TRUTH = torch.tensor([[True, False, True, False], [True, True, False, False]])


def test_votes_are_shares_of_the_samples_whatever_their_length():
    assert torch.equal(
        votes(SAID, WORDS), torch.tensor([[0.75, 0, 0.25, 0], [0, 0, 0, 1]], dtype=torch.float64)
    )
    assert votes(SAID, WORDS, neighbours=4).eq(1).all()


def test_one_vector_per_image_must_be_said_to_be_one_sample():
    with pytest.raises(ValueError, match=r"vectors\[:, None\]"):
        votes(SAID[:, 0], WORDS)


def test_the_most_common_words_are_suggested_first():
    assert suggest(SAID, WORDS, keep=2, neighbours=1)[0].tolist() == [0, 2]
    assert suggest(SAID, WORDS, keep=2, neighbours=1, skip=[0])[0, 0] == 2


def test_ties_go_to_the_word_that_lies_nearer_and_never_beat_a_vote():
    leaning = torch.tensor([[[1.0, 0.0, 0.1, 0.0], [0.0, 1.0, 0.3, 0.0]]])
    assert suggest(leaning, WORDS, keep=4, neighbours=1)[0].tolist() == [0, 1, 2, 3]


def test_the_best_words_of_one_vector_are_the_nearest():
    assert best(cosines(torch.tensor([[0.1, 3.0, 2.0, 0.0]]), WORDS), 3).tolist() == [[1, 2, 0]]


def test_the_baseline_says_the_same_of_every_image():
    assert most_named(torch.tensor([2, 2, 2, 1, 1, 0]), 3, 4, keep=2).tolist() == [[2, 1]] * 3


def test_precision_counts_true_words_among_the_first():
    suggested = torch.tensor([[0, 1, 2], [3, 0, 1]])
    assert precision_at(suggested, TRUTH, 1) == 0.5
    assert precision_at(suggested, TRUTH, 3) == pytest.approx(4 / 6)
    with pytest.raises(ValueError, match="only 3 suggestions"):
        precision_at(suggested, TRUTH, 5)


def test_named_share_is_of_the_tags():
    suggested = torch.tensor([[0, 1], [2, 3]])
    assert named_share(suggested, torch.tensor([0, 0, 1, 1]), torch.tensor([0, 2, 2, 1])) == 0.5


def test_a_law_is_missed_by_nothing_or_by_all():
    law = votes(SAID, WORDS)
    assert miss(law, law) == 0
    assert miss(law, law.roll(1, 1)) == 1  # words that are never said
    assert true_share(law, TRUTH) == 0.5


def test_one_vector_hits_one_true_word_at_most():
    assert distinct_hits(votes(SAID, WORDS), TRUTH) == 1.0  # two for image 0, none for image 1
    assert distinct_hits(votes(SAID[:, :1], WORDS), TRUTH) == 0.5


def test_a_perfect_tagger_misses_less_the_more_it_says():
    law = torch.tensor([[0.5, 0.2, 0.3, 0.0]], dtype=torch.float64).expand(50, 4)
    few, many = (miss(votes(drawn(law, WORDS, each), WORDS), law) for each in (10, 1000))
    assert many < 0.03 < few


def test_a_cloud_has_the_mean_and_the_spread_it_is_given():
    residuals = torch.randn(4000, 2) * torch.tensor([1.0, 3.0])
    points = cloud(torch.tensor([[5.0, -5.0]]), residuals, each=4000)[0]
    assert (points.mean(0) - torch.tensor([5.0, -5.0])).abs().max() < 0.2
    assert (points.std(0) / residuals.std(0) - 1).abs().max() < 0.1


def test_a_row_of_the_table():
    law = votes(SAID, WORDS)
    row = grade(SAID, WORDS, TRUTH, law)
    assert row == {"true words": 0.5, "different true words": 1.0, "miss": 0.0}
