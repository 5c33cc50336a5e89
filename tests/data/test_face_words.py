import math

import pytest
import torch

from gan_course.data.face_factors import sample
from gan_course.data.face_words import (
    TASTE,
    USERS,
    VOCABULARY,
    WORDS,
    law,
    pairs,
    tags,
    truth,
    word_vectors,
)

FACTORS = sample(4000, seed=5)


def column(name: str) -> torch.Tensor:
    return truth(FACTORS)[:, WORDS.index(name)]


def nearest(name: str) -> str:
    vectors = word_vectors()
    cosines = torch.nn.functional.cosine_similarity(vectors, vectors[WORDS.index(name)], dim=1)
    return WORDS[int(cosines.topk(2).indices[1])]


def test_words_follow_the_factors():
    assert torch.equal(column("smile"), FACTORS["smiling"] == 1)
    assert torch.equal(column("serious"), ~column("smile"))
    assert torch.equal(column("spectacles") | column("sunglasses"), column("glasses"))
    assert torch.equal(column("beanie") | column("brim") | column("cap"), column("hat"))
    assert not (column("beanie") & column("cap")).any()
    assert (column("left").int() + column("right").int() + column("frontal").int() == 1).all()
    assert (FACTORS["yaw"][column("left")] < 0).all()
    assert column("face").all()


def test_every_face_has_enough_true_words_and_no_word_is_never_true():
    true = truth(FACTORS)
    assert true.shape == (4000, len(WORDS))
    assert true.sum(1).min() >= 5
    assert true.any(0).all()


def test_tags_are_true_few_and_never_said_twice_of_one_face():
    said = tags(FACTORS, seed=1)
    assert truth(FACTORS)[said.row, said.word].all()
    assert len(torch.stack(said).unique(dim=1).T) == len(said.row)
    assert 2 < len(said.row) / 4000 < 5
    assert (said.row.diff() >= 0).all()


def test_the_same_seed_gives_the_same_tags_and_another_one_others():
    first, again, other = (tags(FACTORS, seed) for seed in (1, 1, 2))
    assert torch.equal(first.row, again.row)
    assert torch.equal(first.word, again.word)
    assert len(first.word) != len(other.word) or not torch.equal(first.word, other.word)


def test_the_law_is_that_of_the_tags():
    """One face tagged by many users: the tags come as often as the law says."""
    many = {name: values[:1].expand(40_000, *values.shape[1:]) for name, values in FACTORS.items()}
    said = tags(many, seed=0).word.bincount(minlength=len(WORDS)).double()
    expected = law({name: values[:1] for name, values in FACTORS.items()})[0]
    assert expected.sum().item() == pytest.approx(1)
    error = (expected * (1 - expected) / said.sum()).sqrt()  # standard deviation of a share
    assert ((said / said.sum() - expected).abs() <= 5 * error).all()


def test_rates_are_probabilities():
    assert sum(USERS.values()) == pytest.approx(1)
    assert TASTE.max() * max(word.rate for word in VOCABULARY.values()) <= 1


def test_word_vectors_depend_on_the_seed_alone_and_have_one_length():
    torch.manual_seed(1)
    first = word_vectors(12, corpus=3000, seed=4)
    torch.manual_seed(2)
    assert torch.equal(first, word_vectors(12, corpus=3000, seed=4))
    assert first.norm(dim=1).sub(math.sqrt(12)).abs().max() < 1e-5


def test_words_used_alike_are_neighbours():
    assert nearest("beard") == "whiskers"
    assert nearest("ginger") == "redhead"
    assert nearest("silver") == "gray"


def test_no_two_words_share_a_vector():
    unit = word_vectors() / math.sqrt(24)
    assert (unit @ unit.T - 2 * torch.eye(len(WORDS))).max() < 0.95


def test_impossible_dimensions_are_refused():
    with pytest.raises(ValueError, match="1 to 38 dimensions, not 50"):
        word_vectors(50)


def test_a_face_is_repeated_once_per_tag():
    features, vectors, said = torch.rand(4000, 3), word_vectors(8, corpus=2000), tags(FACTORS, seed=0)
    data = pairs(features, said, vectors)
    assert len(data) == len(said.row)
    assert torch.equal(data.x, vectors[data.column("word")])
    assert torch.equal(data.column("features"), features[data.column("row")])
