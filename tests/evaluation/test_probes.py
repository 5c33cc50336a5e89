import time

import pytest
import torch
from torch import nn

from gan_course.evaluation.probes import (
    discriminator_features,
    linear_probe,
    pooled_features,
    refresh_batch_norm,
)
from gan_course.models.dcgan import dcgan_discriminator, initialise
from gan_course.training.seeding import generator, seeded


def make_d(width=4):
    with seeded(0):
        return initialise(dcgan_discriminator(32, width))


def images(n, seed=0):
    return torch.rand(n, 3, 32, 32, generator=generator(seed)) * 2 - 1


@pytest.mark.parametrize(("width", "count"), [(256, 28_672), (64, 7_168)])
def test_three_layers_give_the_published_number_of_features(width, count):
    maps = [torch.zeros(2, width * 2**k, 16 // 2**k, 16 // 2**k) for k in range(3)]
    assert pooled_features(maps).shape == (2, count)


def test_pooling_keeps_the_largest_value_of_each_quarter_of_a_side():
    m = torch.arange(64.0).view(1, 1, 8, 8)
    assert pooled_features([m])[0, :4].tolist() == [9, 11, 13, 15]


def test_features_come_from_all_convolutional_blocks_but_not_the_logit():
    assert discriminator_features(make_d(64), images(3)).shape == (3, 7_168)


def test_features_of_an_image_do_not_depend_on_its_company_and_d_is_left_as_it_was():
    D, x = make_d(), images(10)
    before = {key: value.clone() for key, value in D.state_dict().items()}
    together = discriminator_features(D, x)
    assert torch.allclose(together[:1], discriminator_features(D, x[:1]), atol=1e-6)
    assert torch.allclose(together, discriminator_features(D, x, chunk=3), atol=1e-6)
    assert D.training
    assert all(torch.equal(before[key], value) for key, value in D.state_dict().items())


def test_one_part_gives_exactly_the_statistics_of_the_inputs():
    net = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5), nn.Linear(3, 3), nn.BatchNorm1d(3))
    x = torch.randn(100, 3, generator=generator(0)) * torch.tensor([1.0, 2.0, 3.0]) + 5
    refresh_batch_norm(net, x)
    assert torch.allclose(net[0].running_mean, x.mean(0))
    assert torch.allclose(net[0].running_var, x.var(0))
    normal = (x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt()
    assert torch.allclose(net[3].running_mean, net[2](normal).mean(0), atol=1e-6)  # dropout was off


def test_parts_are_averaged_with_equal_weight_and_all_rows_count():
    net, x = nn.Sequential(nn.BatchNorm1d(2)), torch.randn(10, 2, generator=generator(0))
    refresh_batch_norm(net, x, chunk=5)
    assert torch.allclose(net[0].running_mean, x.mean(0), atol=1e-6)
    assert torch.allclose(net[0].running_var, (x[:5].var(0) + x[5:].var(0)) / 2)


def test_refreshing_forgets_the_old_statistics_and_restores_modes_and_momenta():
    D = make_d()
    D(images(8, 1) + 3)
    weights = [parameter.clone() for parameter in D.parameters()]
    D.eval()
    D[1].train()
    refresh_batch_norm(D, images(20))
    first = D[1][1].running_mean.clone()
    refresh_batch_norm(D, images(20))
    assert torch.equal(first, D[1][1].running_mean)
    assert (D.training, D[1].training, D[1][1].momentum) == (False, True, 0.1)
    assert all(torch.equal(a, b) for a, b in zip(weights, D.parameters(), strict=True))


def blobs(n, d, seed, distance=4.0):
    rng = generator(seed)
    y = torch.rand(n, 2, generator=rng) < torch.tensor([0.5, 0.2])
    x = torch.randn(n, d, generator=rng)
    x[:, 0] += distance * y[:, 0]
    x[:, 1] += distance * y[:, 1]
    return x, y.long()


def test_separable_attributes_are_found_and_absent_ones_score_chance():
    (x, y), (test_x, test_y) = blobs(200, 10, 0, 6.0), blobs(500, 10, 1, 6.0)
    found = linear_probe(x, y, test_x, test_y)
    assert min(found.accuracies) > 0.97
    assert found.mean == pytest.approx(sum(found.accuracies) / 2)
    noise = linear_probe(torch.randn_like(x), y, torch.randn_like(test_x), test_y)
    assert noise.mean == pytest.approx(0.5, abs=0.08)


def test_guessing_the_larger_class_earns_only_chance():
    rng = generator(0)
    y = (torch.arange(200) < 20).long()
    x = torch.randn(200, 5, generator=rng)
    assert linear_probe(x, y, x * 0, y).mean == 0.5  # identical test rows: one answer for all


def test_the_scale_and_the_axes_of_the_features_do_not_matter():
    (x, y), (test_x, test_y) = blobs(60, 80, 0), blobs(300, 80, 1)
    plain = linear_probe(x, y, test_x, test_y)
    turn = torch.linalg.qr(torch.randn(80, 80, generator=generator(2), dtype=torch.float64))[0].float()
    assert linear_probe(1e-4 * x @ turn, y, 1e-4 * test_x @ turn, test_y) == plain


def test_turning_to_fewer_axes_gives_the_same_svm():
    from sklearn.svm import LinearSVC

    (x, y), (test_x, test_y) = blobs(60, 80, 0), blobs(300, 80, 1)
    found = linear_probe(x, y[:, 0], test_x, test_y[:, 0], C=[1.0])
    centred, scale = x - x.mean(0), (x - x.mean(0)).square().sum(1).mean().sqrt()
    svm = LinearSVC(class_weight="balanced", dual=False).fit((centred / scale).numpy(), y[:, 0].numpy())
    guess = torch.from_numpy(svm.predict(((test_x - x.mean(0)) / scale).numpy())) == test_y[:, 0]
    truth = test_y[:, 0].bool()
    assert found.mean == pytest.approx(
        (guess[truth].double().mean() + guess[~truth].double().mean()).item() / 2
    )


def test_an_attribute_with_too_few_examples_is_named():
    x, y = torch.randn(20, 3), torch.zeros(20, 1, dtype=torch.long)
    with pytest.raises(ValueError, match="attribute 0: every class needs at least 3"):
        linear_probe(x, y, x, y)


def test_400_rows_of_several_thousand_features_take_about_a_second():
    (x, y), (test_x, test_y) = blobs(400, 4000, 0), blobs(1000, 4000, 1)
    started = time.process_time()
    linear_probe(x, y, test_x, test_y)
    assert time.process_time() - started < 10
