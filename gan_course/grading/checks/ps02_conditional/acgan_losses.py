"""Hidden check of `acgan_losses`: both players' losses from the logits of the two heads, with their gradients.

Odena, Olah & Shlens 2017: D maximises L_S + L_C, and G maximises L_C - L_S; here both minimise, and G's part of L_S is
the non-saturating one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot, softplus

from gan_course.exercises.checking import Wrong
from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record_with_gradients

KERNEL_SIDE = _tools.KERNEL_SIDE_WITH_GRADIENTS
TOLERANCE = 1e-8
ARGUMENTS = ("real_source", "real_class", "fake_source", "fake_class")
EDGES = (  # what the calls try, in their order
    "ordinary logits",
    "logits of 2 to 9 in size",
    "logits of 20 to 60 in size",
    "logits of up to 100 in size",
    "weight 0",
    "one real and one fake image",
)


def draw(rng: torch.Generator) -> Case:
    """One call for each of EDGES; the real and the fake batch differ in size, but for the last call."""

    def logits(low: float, high: float, *shape: int) -> Tensor:
        sign = torch.randint(2, shape, generator=rng) * 2 - 1
        return sign * _tools.uniform(rng, low, high, *shape)

    def heads(low: float, high: float, n: int, classes: int) -> list[Tensor]:
        """Source and class logits and labels: both signs among the sources, right and wrong classes on top."""
        source, scores = logits(low, high, n, 1), logits(low, high, n, classes)
        y = torch.randint(classes, (n,), generator=rng)
        if n > 2:
            source[:2, 0] = source[:2, 0].abs() * torch.tensor([1.0, -1.0], dtype=torch.float64)
            y[0], y[1] = scores[0].argmin(), scores[1].argmax()
        if low == 0.1 and n > 3:
            source[-1] = 0.0  # the slope of softplus is 1/2 there
        if high == 100:
            source[:2, 0] = torch.tensor([100.0, -100.0], dtype=torch.float64)
            scores[0, y[0]], scores[0, (y[0] + 1) % classes] = -100.0, 100.0
        return [source, scores, y]

    def call(low: float, high: float, n: int, m: int, classes: int, weight: float) -> list[Any]:
        return [*heads(low, high, n, classes), *heads(low, high, m, classes), weight]

    classes = int(torch.randint(3, 6, (1,), generator=rng))
    weight = _tools.number(rng, 0.3, 0.7)
    return {
        "calls": [
            call(0.1, 2.5, 4, 7, classes, weight),
            call(2.0, 9.0, 6, 5, 3, 2 + weight),
            call(20.0, 60.0, 5, 4, 4, 1.0),
            call(85.0, 100.0, 5, 6, 3, weight),
            call(0.1, 30.0, 3, 4, 3, 0.0),
            call(0.1, 2.5, 1, 1, 2, 3 * weight),
        ]
    }


def observe(case: dict[str, Any], acgan_losses: Callable[..., Any]) -> dict[str, Any]:
    """Call the answer on every pair of batches, and note the gradients of both losses."""
    return record_with_gradients(case, acgan_losses)


def judge(case: Case, seen: Seen) -> None:
    """The first call names mistakes; the others those of sure heads. In each, values before gradients."""
    found = _tools.results(case, seen)
    for given, result, call, edge in zip(case["calls"], found, seen["calls"], EDGES, strict=True):
        sure = (
            ""
            if edge == EDGES[0]
            else ": log(1 - sigmoid), log(softmax), clamps and eps fail where a head is sure; "
        )
        sure += "use softplus and cross_entropy on logits" * bool(sure)
        parts = _tools.parts_of(result, "d_loss, g_loss", 2)
        read = [
            _tools.tensor_of(part, (), f"{name} for {edge}", sure.lstrip(": "), "The means over the batches")
            for name, part in zip(("d_loss", "g_loss"), parts, strict=True)
        ]
        leaves = {name: x.clone().requires_grad_() for name, x in zip(ARGUMENTS, _logits(given), strict=True)}
        rights = _losses(*leaves.values(), given[2], given[5], given[6])
        _refuse_exchanged(read, rights)
        for name, loss, right, slips in zip(
            ("d_loss", "g_loss"), read, rights, (_slips_of_d, _slips_of_g), strict=True
        ):
            text = f"{name} for {edge} is {loss:.10g}, expected {right:.10g}{sure}"
            _tools.expect(loss, right.detach(), partial(slips, given), text, TOLERANCE)
        for k, (name, right) in enumerate(zip(("d_loss", "g_loss"), rights, strict=True)):
            hint = (
                f"with {edge}, is something detached, or does a clamp or a constant keep the value and kill the slope?"
                if name == "d_loss"
                else f"with {edge}, the loss of G depends on the fake logits, on both heads, and on them alone"
            )
            _tools.expect_gradients(
                call["gradients"][k], right, leaves, f"the value of {name}", hint + sure, TOLERANCE
            )


def _logits(given: list[Any]) -> list[Tensor]:
    real_source, real_class, _, fake_source, fake_class, _, _ = given
    return [real_source, real_class, fake_source, fake_class]


def _source(logits: Tensor, real: bool) -> Tensor:
    """-log D or -log(1 - D), the mean over the batch."""
    return softplus(-logits if real else logits, threshold=50).mean()


def _losses(
    real_source: Tensor,
    real_class: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    real_y: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    on_real, on_fake = cross_entropy(real_class, real_y), cross_entropy(fake_class, fake_y)
    d_loss = _source(real_source, True) + _source(fake_source, False) + weight * (on_real + on_fake)
    return d_loss, _source(fake_source, True) + weight * on_fake


def _refuse_exchanged(read: list[Tensor], rights: tuple[Tensor, Tensor]) -> None:
    pair, right = torch.stack(read), torch.stack(rights).detach()
    if _tools.far(pair, right, TOLERANCE) and not _tools.far(pair, right.flip(0), TOLERANCE):
        raise Wrong("the two losses are exchanged: d_loss first, then g_loss")


def _class_terms(scores: Tensor, y: Tensor) -> dict[str, Tensor]:
    """What known mistakes make of the cross-entropy of the class head."""
    truth = one_hot(y, scores.shape[1]).double()
    p = scores.softmax(1)
    own = p.gather(1, y[:, None])
    return {
        "the class head goes through a softmax twice: cross_entropy takes logits": cross_entropy(p, y),
        "nll_loss was given probabilities, a softmax; nll_loss takes log-probabilities": -own.mean(),
        "nll_loss was given logits; it takes log-probabilities": -scores.gather(1, y[:, None]).mean(),
        "the class is regressed (squared error of the logits); it is classified, with a cross-entropy": (
            (scores - truth).square().mean()
        ),
        "the class is regressed (squared error of the probabilities); it is classified, with a cross-entropy": (
            (p - truth).square().mean()
        ),
        "the classes are judged one by one with sigmoids; p(class | x) is a softmax": (
            binary_cross_entropy_with_logits(scores, truth)
        ),
        "the cross-entropy is a sum over the batch; take the mean": cross_entropy(scores, y, reduction="sum"),
        "the cross-entropy is divided by the number of classes": cross_entropy(scores, y) / scores.shape[1],
        "the class labels are smoothed; the task uses them as they are": cross_entropy(
            scores, y, label_smoothing=0.1
        ),
        "the cross-entropy is in bits; use the natural logarithm": cross_entropy(scores, y) / math.log(2),
    }


def _slips_of_d(given: list[Any]) -> dict[str, Tensor]:
    rs, rc, ry, fs, fc, fy, weight = given
    real, fake = _source(rs, True), _source(fs, False)
    source, on_real, on_fake = real + fake, cross_entropy(rc, ry), cross_entropy(fc, fy)
    classes = on_real + on_fake
    right = source + weight * classes
    both = cross_entropy(torch.cat([rc, fc]), torch.cat([ry, fy]))
    joined = torch.cat([softplus(-rs), softplus(fs)]).mean()
    slips = {
        "this is L_S + L_C, which D maximises; a loss to minimise was asked for": -right,
        "the class of the fakes is missing: L_C has a term on real and one on fake images": source
        + weight * on_real,
        "the class of the real images is missing: L_C has a term on real and one on fake images": source
        + weight * on_fake,
        "D is made to miss the class of the fakes: both players maximise L_C": source
        + weight * (on_real - on_fake),
        "the class terms have the wrong sign: D maximises L_C": source - weight * classes,
        "the class terms are missing": source,
        "the source terms are missing": weight * classes,
        "the source term of the fakes is missing": real + weight * classes,
        "the source term of the real images is missing": fake + weight * classes,
        "the two class terms are averaged; they are added": source + weight * classes / 2,
        "the two source terms are averaged; they are added": source / 2 + weight * classes,
        "all is halved: the means on real and on fake are added": right / 2,
        "`weight` has no effect": source + classes,
        "`weight` multiplies the source terms; it belongs to the class terms": weight * source + classes,
        "`weight` multiplies all; it belongs to the class terms only": weight * (source + classes),
        "`weight` multiplies the class term of the real images only": source + weight * on_real + on_fake,
        "`weight` multiplies the class term of the fakes only": source + on_real + weight * on_fake,
        "`weight` is squared": source + weight**2 * classes,
        "real and fake are exchanged in the source terms: D's target is 1 for real and 0 for fake": (
            _source(fs, True) + _source(rs, False) + weight * classes
        ),
        "the fakes have the source target 1 in D's loss; that is G's": real
        + _source(fs, True)
        + weight * classes,
        "the class terms are one mean over both batches; each is the mean over its own": source
        + weight * both,
        "the class terms are twice one mean over both batches; each is the mean over its own": source
        + 2 * weight * both,
        "the source terms are one mean over both batches; each is the mean over its own": joined
        + weight * classes,
        "all terms are means over both batches together; each is the mean over its own": joined
        + weight * both,
        "the source terms are twice one mean over both batches; each is the mean over its own": 2 * joined
        + weight * classes,
        "the source terms are sums over the batch; take means": softplus(-rs).sum()
        + softplus(fs).sum()
        + weight * classes,
        "the source logits go through a sigmoid twice": (
            _source(rs.sigmoid(), True) + _source(fs.sigmoid(), False) + weight * classes
        ),
        "the real source labels are smoothed; the task uses 1": (
            0.9 * real + 0.1 * _source(rs, False) + fake + weight * classes
        ),
        "the source terms are in bits; use the natural logarithm": source / math.log(2) + weight * classes,
        "the source terms are those of the hinge loss; cross-entropy was asked for": (
            torch.relu(1 - rs).mean() + torch.relu(1 + fs).mean() + weight * classes
        ),
        "the source terms are those of the least-squares loss; cross-entropy was asked for": (
            (rs - 1).square().mean() + fs.square().mean() + weight * classes
        ),
    }
    wrong = zip(_class_terms(rc, ry).items(), _class_terms(fc, fy).values(), strict=True)
    return slips | {text: source + weight * (a + b) for (text, a), b in wrong}


def _slips_of_g(given: list[Any]) -> dict[str, Tensor]:
    rs, rc, ry, fs, fc, fy, weight = given
    source, on_real, on_fake = _source(fs, True), cross_entropy(rc, ry), cross_entropy(fc, fy)
    fake, real = _source(fs, False), _source(rs, True)
    right = source + weight * on_fake
    slips = {
        "g_loss has the wrong sign: it is to be minimised": -right,
        "G's source term is the minimax one, +log(1 - D), which saturates; take -log D": -fake
        + weight * on_fake,
        "G minimises all of L_S, real images too; take -log D of the fakes": -fake - real + weight * on_fake,
        "this is L_S - L_C with every term of the paper; those of real images do not depend on G, and G's source term "
        "is -log D": -fake - real + weight * (on_real + on_fake),
        "the class of the real images is in G's loss; only its own images are": source
        + weight * (on_real + on_fake),
        "G is judged by the class of the real images; take that of the fakes": source + weight * on_real,
        "the class term has the wrong sign in g_loss: G maximises L_C too, it helps D to find the class": (
            source - weight * on_fake
        ),
        "the fakes have the source target 0 in g_loss; that is D's": fake + weight * on_fake,
        "g_loss is -d_loss: the two players share L_C": -(real + fake + weight * (on_real + on_fake)),
        "the class term is missing in g_loss": source,
        "the source term is missing in g_loss": weight * on_fake,
        "`weight` has no effect in g_loss": source + on_fake,
        "`weight` multiplies the source term of g_loss; it belongs to the class term": weight * source
        + on_fake,
        "`weight` multiplies all of g_loss; it belongs to the class term only": weight * (source + on_fake),
        "g_loss is halved": right / 2,
        "the class term of g_loss is halved": source + weight * on_fake / 2,
        "the class term of g_loss is doubled": source + 2 * weight * on_fake,
        "the real images' source term is in G's loss": source + real + weight * on_fake,
        "G's source term makes D take real images for fakes too; G has no part in that": source
        + _source(rs, False)
        + weight * on_fake,
        "G's source term is a sum over the batch; take the mean": softplus(-fs).sum() + weight * on_fake,
        "the source logits go through a sigmoid twice in g_loss": _source(fs.sigmoid(), True)
        + weight * on_fake,
        "G's source term is that of the hinge loss, -a; take -log D": -fs.mean() + weight * on_fake,
    }
    return slips | {f"in g_loss {text}": source + weight * a for text, a in _class_terms(fc, fy).items()}
