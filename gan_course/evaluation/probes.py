"""What does a discriminator know? Its features, judged by a linear classifier with few labels.

Radford, Metz and Chintala (2016, section 5): the maps of all convolutional layers, max-pooled to 4×4, flattened and
concatenated, under a linear SVM with an L2 penalty. The controls are a discriminator with random weights and the
pixels, through the same pipeline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from gan_course.evaluation.eval_mode import eval_mode
from gan_course.evaluation.rows import as_comparable_rows
from gan_course.models.dcgan import feature_maps

POOLED = 4  # side of the maps after pooling, in pixels
# Candidates for C · (mean squared norm of a feature vector). The authors try 1e-4 … 1e-2 for the C of their features.
GRID = tuple(10.0**k for k in range(-3, 3))


def pooled_features(maps: Sequence[Tensor]) -> Tensor:
    """Maps [(n, c, h, w), ...], sides multiples of 4 -> (n, 16 · sum of c): max-pooled to 4×4, flattened, joined.

    The six layers of the authors' network for ImageNet (128, 128, 256, 256, 512 and 512 maps) give 28,672 features, the
    three of the one for SVHN (64, 128 and 256) give 7,168.
    """
    return torch.cat([F.adaptive_max_pool2d(m, POOLED).flatten(1) for m in maps], 1)


@torch.no_grad()
def refresh_batch_norm(net: nn.Module, inputs: Tensor, chunk: int = 500) -> nn.Module:
    """Estimate the running statistics of all batch-norm layers anew, from `inputs` (n, ...). Returns the net.

    The running average of training lags behind the weights, and an averaged generator borrows that of another net.
    Here all weights stand still: the statistics are the plain mean over parts of nearly equal size, at most `chunk`
    rows each; with a single part they are those of `inputs`, exactly. The authors' analysis does it for D. Modes and
    momenta of the layers are put back; only the statistics change, in place.
    """
    layers = [layer for layer in net.modules() if isinstance(layer, _BatchNorm)]
    momenta = [layer.momentum for layer in layers]
    with eval_mode(net):  # dropout stays off
        for layer in layers:
            layer.reset_running_stats()
            layer.momentum = None  # torch: the plain mean over all batches seen since the reset
            layer.train()
        for part in inputs.tensor_split(math.ceil(len(inputs) / chunk)):
            net(part)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    return net


@torch.no_grad()
def discriminator_features(D: nn.Sequential, x: Tensor, chunk: int = 500) -> Tensor:
    """Pooled features (n, d) of all convolutional blocks of D (all but the last, the logit), for images in [-1, 1].

    In eval mode, so that the features of one image do not depend on the others; D's mode is put back.
    """
    with eval_mode(D):
        return torch.cat([pooled_features(feature_maps(D[:-1], part)) for part in x.split(chunk)])


@dataclass(frozen=True)
class Probe:
    """accuracies: balanced accuracy on the test rows, one per attribute; mean: their mean; C: the chosen ones."""

    accuracies: tuple[float, ...]
    mean: float
    C: tuple[float, ...]


def linear_probe(
    train_x: Tensor,
    train_y: Tensor,
    test_x: Tensor,
    test_y: Tensor,
    C: Sequence[float] = GRID,
    seed: int = 0,
    folds: int = 3,
) -> Probe:
    """Linear SVM with an L2 penalty on features (n, d), one per column of the labels (n,) or (n, attributes).

    Accuracy is balanced (the mean of the recalls of the classes), and classes are weighted inversely to their
    counts: blind guessing scores 1 / classes however rare a class is. C is chosen for every attribute by
    cross-validation on the training rows alone; `seed` deals them into `folds`. It is given in units of one over the
    mean squared norm of the centred training features, so that no representation gains or loses by its scale alone.

    Raises:
        ValueError: widths differ, values are not finite, or a class of an attribute has fewer than `folds` rows.
    """
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.svm import LinearSVC

    train, test = (rows.double() for rows in as_comparable_rows(train_x=train_x, test_x=test_x))
    centre = train.mean(0)
    train, test = train - centre, test - centre
    scale = train.square().sum(1).mean().sqrt()  # mean squared norm 1 afterwards
    # With fewer rows than features, turn the axes so that the rows fill the first n of them. An L2-penalised linear
    # classifier does not notice the turn (all inner products stay), and it has n weights to find instead of d.
    if train.shape[0] < train.shape[1]:
        _, _, axes = torch.linalg.svd(train, full_matrices=False)  # axes: (n, d), orthonormal rows
        train, test = train @ axes.T, test @ axes.T
    train, test = (train / scale).numpy(), (test / scale).numpy()
    labels = [y.reshape(len(y), -1).T.cpu() for y in (train_y, test_y)]  # (attributes, n)
    accuracies, chosen = [], []
    for k, (y, truth) in enumerate(zip(*labels, strict=True)):
        if min(y.unique(return_counts=True)[1].tolist(), default=0) < folds or len(y.unique()) < 2:
            raise ValueError(
                f"attribute {k}: every class needs at least {folds} training rows, and there must be two classes"
            )
        # primal solver: no random coordinate order, and quick for few rows
        svm = LinearSVC(class_weight="balanced", dual=False)
        parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
        search = GridSearchCV(svm, {"C": list(C)}, scoring="balanced_accuracy", cv=parts)
        search.fit(train, y.numpy())
        accuracies.append(float(balanced_accuracy_score(truth.numpy(), search.predict(test))))
        chosen.append(search.best_params_["C"])
    return Probe(tuple(accuracies), sum(accuracies) / len(accuracies), tuple(chosen))
