import pytest
import torch
from torch import nn

from gan_course.evaluation.one_cycle import check_rows, train_one_cycle
from gan_course.training.seeding import generator


def test_every_epoch_shows_whole_batches_in_a_new_order_and_moves_the_weights():
    net, seen = nn.Linear(1, 1, bias=False), []
    before = net.weight.clone()

    def loss(index):
        seen.append(index)
        return net(index[:, None].float()).mean()

    train_one_cycle(net, rows=10, epochs=2, batch=3, lr=0.1, rng=generator(0), loss=loss)
    assert [len(index) for index in seen] == 6 * [3]
    first, second = torch.cat(seen[:3]), torch.cat(seen[3:])
    assert len(first.unique()) == len(second.unique()) == 9
    assert not torch.equal(first, second)
    assert net.weight < before  # the loss falls with the weight


def test_too_few_images_or_too_much_junk_is_refused():
    check_rows(64, 64, 64)
    for images, junk_rows in ((63, 1), (64, 0), (64, 65)):
        with pytest.raises(ValueError, match="at least one batch of 64 images and 1 to 64 junk rows"):
            check_rows(images, 64, junk_rows)
