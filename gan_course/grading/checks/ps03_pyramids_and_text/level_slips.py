"""For the check of `level_losses`: the pictures and losses of a level, and what known mistakes make of them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_course.grading.checks.ps03_pyramids_and_text.ways import Detail, way_down, way_up


class Pictures:
    """The pictures of one level: conditions, details and sums."""

    def __init__(self, call: dict[str, Any]) -> None:
        self.down, self.up, self.G = way_down(call["way"]), way_up(call["way"]), Detail(call["G"])
        self.image, self.other, self.z = call["image"], call["other"], call["z"]
        self.low, self.other_low = self.lowpass(self.image), self.lowpass(self.other)
        self.h = self.image - self.low
        self.detail = self.G(self.z, self.other_low)
        self.real, self.fake = self.h + self.low, self.detail + self.other_low

    def lowpass(self, image: Tensor) -> Tensor:
        """l = u(d(I))."""
        return self.up(self.down(image), image.shape[-2:])


def d_loss(D: nn.Module, parts: Pictures) -> Tensor:
    return softplus(-D(parts.real)).mean() + softplus(D(parts.fake.detach())).mean()


def g_loss(D: nn.Module, parts: Pictures) -> Tensor:
    return softplus(-D(parts.fake)).mean()


# Known mistakes --------------------------------------------------------------------------------------------------


def _pictures_for_fakes(parts: Pictures) -> dict[str, Tensor]:
    """What a wrong answer may show to D as a fake. Where the batches differ in size some are left out."""
    G, z, low, other_low = parts.G, parts.z, parts.low, parts.other_low
    found = {
        "D gets G's detail alone as a fake; it judges h + l, also for fakes": parts.detail,
        "D gets the fakes' condition l without G's detail": other_low,
        "G gets the images `other` themselves as condition; it is l = up(down(other))": G(z, parts.other)
        + other_low,
        "the fakes' condition is `other` itself; it is l = up(down(other))": G(z, parts.other) + parts.other,
        "G's detail is added to `other`; it is added to the condition l": parts.detail + parts.other,
        "the condition of the fakes is the detail of `other`; it is l = up(down(other))": (
            G(z, parts.other - other_low) + other_low
        ),
        "G's detail is subtracted from l": other_low - parts.detail,
        "the fakes are clamped to [-1, 1]": parts.fake.clamp(-1, 1),
        "the fakes go through tanh": parts.fake.tanh(),
        "G's detail goes through tanh": parts.detail.tanh() + other_low,
        "G gets zeros in place of z": G(torch.zeros_like(z), other_low) + other_low,
        "the condition of the fakes is smoothed twice": G(z, parts.lowpass(other_low))
        + parts.lowpass(other_low),
    }
    if len(low) == len(z):
        swapped = "the fakes have the conditions of `image`; theirs come from `other`"
        found |= {
            swapped: G(z, low) + low,
            "G gets the condition of `image`, but its detail is added to that of `other`": G(z, low)
            + other_low,
            "G gets the condition of `other`, but its detail is added to that of `image`": parts.detail + low,
            "the fakes' conditions are those of `image` in another order; they come from `other`": (
                G(z, low.roll(1, 0)) + low.roll(1, 0)
            ),
            "the fakes' conditions are those of `image` in reversed order; they come from `other`": (
                G(z, low.flip(0)) + low.flip(0)
            ),
            "real and fake are built on each other's images: `image` is real, `other` lends the conditions": (
                G(z, parts.image) + parts.image
            ),
        }
    return found


def of_d(D: nn.Module, parts: Pictures) -> dict[str, Tensor]:
    """What known mistakes give for d_loss."""
    real, fake = D(parts.real), D(parts.fake)
    right = (softplus(-real).mean() + softplus(fake).mean()).detach()
    fakes = _pictures_for_fakes(parts)
    alone = fakes["D gets G's detail alone as a fake; it judges h + l, also for fakes"]
    reals = {
        "D gets the detail h alone of the real images; it judges h + l": parts.h,
        "D gets the condition l of the real images; it judges h + l": parts.low,
        "the images `other` take the place of the real ones": parts.other,
        "the real images are clamped to [-1, 1]": parts.real.clamp(-1, 1),
        "D gets h - l of the real images; it judges h + l": parts.h - parts.low,
        "l is added to the image; the image is h + l already": parts.image + parts.low,
    }
    slips = {text: softplus(-real).mean() + softplus(D(x)).mean() for text, x in fakes.items()}
    slips |= {text: softplus(-D(x)).mean() + softplus(fake).mean() for text, x in reals.items()}
    slips["D gets details alone, real and fake; it judges h + l"] = (
        softplus(-D(parts.h)).mean() + softplus(D(alone)).mean()
    )
    if len(parts.low) == len(parts.other_low):
        slips["`image` and `other` are exchanged"] = (
            softplus(-D(parts.other)).mean() + softplus(D(parts.G(parts.z, parts.low) + parts.low)).mean()
        )
    n, m = len(real), len(fake)
    forms = {
        "the two halves are averaged; d_loss is their sum": right / 2,
        "labels are exchanged: D is paid for calling fakes real": softplus(real).mean()
        + softplus(-fake).mean(),
        "the sign is wrong: D descends -log D(real) - log(1 - D(fake))": -right,
        "the half on fakes is missing": softplus(-real).mean(),
        "the half on real images is missing": softplus(fake).mean(),
        "the losses are summed over the batch; take means": softplus(-real).sum() + softplus(fake).sum(),
        "one mean over real and fake together; take a mean over each": (
            (softplus(-real).sum() + softplus(fake).sum()) / (n + m)
        ),
        "a sigmoid comes before the loss, which takes logits": (
            softplus(-real.sigmoid()).mean() + softplus(fake.sigmoid()).mean()
        ),
        "the fakes are judged as real ones": softplus(-real).mean() + softplus(-fake).mean(),
        "this is the hinge loss": (1 - real).relu().mean() + (1 + fake).relu().mean(),
        "this is the least-squares loss": (real - 1).square().mean() + fake.square().mean(),
        "this is the Wasserstein loss": fake.mean() - real.mean(),
    }
    return {f"d_loss: {text}": slip.detach() for text, slip in (slips | forms).items()}


def of_g(D: nn.Module, parts: Pictures) -> dict[str, Tensor]:
    """What known mistakes give for g_loss."""
    fake = D(parts.fake)
    right = softplus(-fake).mean()
    slips = {text: softplus(-D(x)).mean() for text, x in _pictures_for_fakes(parts).items()}
    slips |= {
        "this is the minimax loss, log(1 - D); the non-saturating one, -log D, was asked for": -softplus(
            fake
        ).mean(),
        "this is -log(1 - D): a G that descends it helps D": softplus(fake).mean(),
        "the sign is wrong: G descends -log D": -right,
        "G's loss is halved": right / 2,
        "the loss is summed over the batch; take the mean": softplus(-fake).sum(),
        "a sigmoid comes before the loss, which takes logits": softplus(-fake.sigmoid()).mean(),
        "G pays for the real images, which it did not make": softplus(-D(parts.real)).mean(),
        "the half on real images belongs to d_loss": right + softplus(D(parts.real)).mean(),
        "this is minus d_loss": -(softplus(-D(parts.real)).mean() + softplus(fake).mean()),
        "this is the hinge loss of G": -fake.mean(),
        "this is the least-squares loss": (fake - 1).square().mean(),
    }
    return {f"g_loss: {text}": slip.detach() for text, slip in slips.items()}


def of_slopes(D: nn.Module, parts: Pictures) -> dict[str, Tensor]:
    """Losses of the same value, or of none, whose gradient at G is another one."""
    return {
        "the gradient of g_loss at G is that of the minimax loss": -softplus(D(parts.fake)).mean(),
        "the gradient of g_loss at G has the wrong sign": -softplus(-D(parts.fake)).mean(),
    }
