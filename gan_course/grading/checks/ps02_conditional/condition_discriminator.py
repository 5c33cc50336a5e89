"""Hidden check of `condition_discriminator`: two ways to show a discriminator the label.

Constant planes joined to the image, as in the conditional MNIST code of the DCGAN authors, and the projection
v_y . phi(x) + psi(phi(x)) of Miyato & Koyama 2018.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize, one_hot

from gan_course.grading.checks import _tools
from gan_course.grading.checks._tools import Case, Seen, record_with_gradients

KERNEL_SIDE = _tools.KERNEL_SIDE_WITH_GRADIENTS
TOLERANCE = 1e-8


def draw(rng: torch.Generator) -> Case:
    """Calls (x, y, classes): a label twice and one absent, the last; sizes that agree, which hides exchanged
    dimensions; float32; one image. Calls (phi, y, V, w, b): the same edges.
    """

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    def labels(n: int, classes: int) -> Tensor:
        """Each of the classes but the last, one of them twice or more, shuffled."""
        some = torch.arange(n) % (classes - 1)
        return some[torch.randperm(n, generator=rng)]

    cyclic = torch.tensor([1, 2, 0]) if torch.rand(1, generator=rng) < 0.5 else torch.tensor([2, 0, 1])
    planes = [
        [normal(5, 2, 3, 4), labels(5, 4), 4],
        [normal(3, 3, 3, 3), cyclic, 3],  # no permutation that is its own inverse: exchanged dimensions show
        [normal(6, 1, 2, 2).float(), labels(6, 3), 3],
        [normal(1, 2, 3, 2), torch.zeros(1, dtype=torch.int64), 2],
    ]
    projections = [
        [normal(6, 3), labels(6, 5), normal(5, 3), normal(3), 1 + normal().abs()],
        [normal(3, 3), cyclic, normal(3, 3), normal(3), normal()],
        [normal(1, 4), torch.ones(1, dtype=torch.int64), normal(2, 4), normal(4), normal()],
        [normal(4, 1), labels(4, 3), normal(3, 1), normal(1), normal()],
    ]
    return {"planes": {"calls": planes}, "projection": {"calls": projections}}


def observe(
    case: dict[str, Any], with_label_planes: Callable[..., Any], projection_logit: Callable[..., Any]
) -> dict[str, Any]:
    """Call both answers on their inputs, and note the gradients."""
    return {
        "planes": record_with_gradients(case["planes"], with_label_planes),
        "projection": record_with_gradients(case["projection"], projection_logit),
    }


def judge(case: Case, seen: Seen) -> None:
    """First the planes, then the projection; values before gradients."""
    for part, judge_one in (("planes", _judge_planes), ("projection", _judge_projection)):
        found = _tools.results(case[part], seen[part])
        for given, result, call in zip(case[part]["calls"], found, seen[part]["calls"], strict=True):
            judge_one(given, result, call["gradients"][0])


def _judge_planes(given: list[Any], result: Any, gradients: Any) -> None:
    x, y, classes = given
    n, c, h, w = x.shape
    what = f"with_label_planes of x {tuple(x.shape)} {x.dtype} and {classes} classes"
    joined = _tools.tensor_of(
        result,
        (n, c + classes, h, w),
        what,
        "where do they come from?",
        f"The {c} channels of x come first, then a plane for each class, also for one that no image has",
        x.dtype,
    )
    leaf = x.clone().requires_grad_()
    right = _joined(leaf, y, classes)
    text = f"{what}: channel c + k of image i is 1 everywhere if y_i is k, and 0 everywhere if not"
    if not _tools.far(joined[:, :c], x, TOLERANCE):
        text += "; the channels of x are right, the planes are not"
    _tools.expect(joined, right.detach(), partial(_slips_of_planes, *given), text, TOLERANCE)
    _tools.expect_gradients(
        gradients, right, {"x": leaf}, what, "the channels of x pass unchanged", TOLERANCE
    )


def _planes(y: Tensor, classes: int, h: int, w: int) -> Tensor:
    return one_hot(y, classes)[:, :, None, None].expand(-1, -1, h, w)


def _joined(x: Tensor, y: Tensor, classes: int) -> Tensor:
    return torch.cat([x, _planes(y, classes, *x.shape[2:]).to(x.dtype)], 1)


def _slips_of_planes(x: Tensor, y: Tensor, classes: int) -> dict[str, Tensor]:
    n, _, h, w = x.shape
    planes = _planes(y, classes, h, w).to(x.dtype)
    mixed = one_hot(y, classes).to(x.dtype).repeat(1, h * w).reshape(n, classes, h, w)
    slips = {
        "the planes come first; the channels of x come first, then the planes": torch.cat([planes, x], 1),
        "the planes are -1 and 1; they are to be 0 and 1": torch.cat([x, 2 * planes - 1], 1),
        "the planes are 0 where the label is; they are 1 there": torch.cat([x, 1 - planes], 1),
        "the planes hold the number of the class; they are to be 0 and 1": torch.cat(
            [x, planes * y.to(x.dtype)[:, None, None, None]], 1
        ),
        "every plane holds the number of the class; plane k tells whether it is k": torch.cat(
            [x, y.to(x.dtype)[:, None, None, None].expand_as(planes)], 1
        ),
        "the planes number the classes from 1: plane k belongs to label k": torch.cat(
            [x, planes.roll(-1, 1)], 1
        ),
        "the planes number the classes from 1: plane k belongs to label k ": torch.cat(
            [x, planes.roll(1, 1)], 1
        ),
        "the pixels of a plane differ: repeat(1, h * w) lays the whole one-hot row end to end; expand each entry": (
            torch.cat([x, mixed], 1)
        ),
        "each plane adds up to 1; every pixel of it is to be 1": torch.cat([x, planes / (h * w)], 1),
        "only one pixel of a plane is 1; all of them are": torch.cat([x, _corner(planes)], 1),
        "the planes are all 0": torch.cat([x, 0 * planes], 1),
        "the planes are all 1": torch.cat([x, 0 * planes + 1], 1),
        "the labels of the images are in the reverse order": torch.cat([x, planes.flip(0)], 1),
    }
    if n == classes:
        slips["images and classes are exchanged: image i has the plane y_i"] = torch.cat(
            [x, planes.transpose(0, 1)], 1
        )
    return slips


def _corner(planes: Tensor) -> Tensor:
    kept = torch.zeros_like(planes)
    kept[:, :, 0, 0] = planes[:, :, 0, 0]
    return kept


def _judge_projection(given: list[Any], result: Any, gradients: Any) -> None:
    phi, y, V, w, b = given
    what = f"projection_logit of phi {tuple(phi.shape)} and V {tuple(V.shape)}"
    logits = _tools.tensor_of(
        result,
        (len(phi), 1),
        what,
        "where do they come from?",
        "One logit for each image: row i of phi meets row y_i of V, and (n,) + (n, 1) would broadcast to (n, n)",
    )
    names = {"phi": phi, "V": V, "w": w, "b": b}
    leaves = {name: x.clone().requires_grad_() for name, x in names.items()}
    right = _logits(leaves["phi"], y, leaves["V"], leaves["w"], leaves["b"])
    text = f"{what} begins with {logits[0, 0]:.6f}, expected {right[0, 0]:.6f}"
    _tools.expect(logits, right.detach(), partial(_slips_of_logits, *given), text, TOLERANCE)
    hint = "gradients flow to phi and to all parameters, and a class that occurs twice gets both"
    _tools.expect_gradients(gradients, right, leaves, what, hint, TOLERANCE)


def _logits(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((V[y] + w) * phi).sum(1, keepdim=True) + b  # v_y . phi + w . phi + b


def _slips_of_logits(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> dict[str, Tensor]:
    right, d = _logits(phi, y, V, w, b), phi.shape[1]
    of_class, of_all = (V[y] * phi).sum(1, keepdim=True), (phi @ w + b)[:, None]
    scores = phi @ V.T
    cosine = (normalize(V[y], dim=1) * normalize(phi, dim=1)).sum(1, keepdim=True)
    slips = {
        "the term of all classes, w . phi + b, is missing": of_class,
        "the term of the class, v_y . phi, is missing: the logit does not depend on y": of_all,
        "b is missing": right - b,
        "b is added twice": right + b,
        "w . phi is missing": of_class + b,
        "the term of the class is subtracted; it is added": of_all - of_class,
        "w . phi + b is subtracted; it is added": of_class - of_all,
        "the two terms are multiplied; they are added": of_class * of_all,
        "this adds v_k . phi for all classes; only that of the own label counts": of_all
        + scores.sum(1, keepdim=True),
        "this adds the largest v_k . phi; that of the own label counts": of_all
        + scores.max(1, keepdim=True).values,
        "the scores go through a softmax over the classes, as those of a classifier; v_y . phi enters as it is": (
            of_all + scores.softmax(1).gather(1, y[:, None])
        ),
        "the scores go through a log-softmax, as those of a classifier; v_y . phi enters as it is": of_all
        + scores.log_softmax(1).gather(1, y[:, None]),
        "this is D, after a sigmoid; the logit was asked for": right.sigmoid(),
        "the inner product is a mean over the features; a sum was asked for": of_class / d + of_all,
        "both inner products are means over the features; sums were asked for": (right - b) / d + b,
        "v_y . phi is divided by the root of d": of_class / d**0.5 + of_all,
        "v_y and phi are normalised; their inner product was asked for as it is": cosine + of_all,
        "every image gets the mean over the batch": right.mean().expand_as(right),
        "the inner product with v_y is summed over the batch": of_class.sum().expand_as(right) + of_all,
        "phi is multiplied by v_y before it meets w: this is w . (v_y * phi) + b, an embedding, not the projection": (
            (V[y] * phi) @ w + b
        )[:, None],
        "row i of V was used for image i, whatever its label": of_all
        + (V[torch.arange(len(phi)) % len(V)] * phi).sum(1, keepdim=True),
        "the labels count from 0: row y_i of V, not the one before": (
            of_all + (V[y - 1] * phi).sum(1, keepdim=True)
        ),
    }
    if V.shape[0] == V.shape[1]:
        slips["columns of V were used; v_k is row k"] = _logits(phi, y, V.T, w, b)
    return slips
