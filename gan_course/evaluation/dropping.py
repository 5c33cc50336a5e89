"""Make a generator forget an object: find the feature maps that draw it and switch them off.

Radford, Metz and Chintala (2016, section 6.2 and Figure 6) drop windows from bedrooms. Their boxes are drawn by hand;
here the caller says where the object is, and the control, dropping as many random maps, is part of the experiment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_course.evaluation.eval_mode import eval_mode

# The paper says "the second highest convolution layer" and drops 200 maps. Its highest hidden layer has 128 maps and
# the one below 256 (Figure 1), so it must be the latter: the third block from the end, the last one being the output.
LAYER = -3


@dataclass(frozen=True)
class MapWeights:
    """weights (maps,): how much each map speaks for "the object is here". positions: examples of either kind.

    accuracy: of the logistic regression on positions of images that it was not fitted on; 0.5 is chance.
    """

    weights: Tensor
    accuracy: float
    positions: int

    def positive(self) -> list[int]:
        """The maps that the paper drops: those with weights greater than zero."""
        return self.strongest(int((self.weights > 0).sum()))

    def strongest(self, count: int) -> list[int]:
        """The `count` maps with the largest weights, strongest first."""
        return self.weights.argsort(descending=True)[:count].tolist()


@torch.no_grad()
def activations(G: nn.Sequential, z: Tensor, layer: int = LAYER) -> Tensor:
    """Output (n, c, h, w) of one block of G, in eval mode."""
    with eval_mode(G):
        return G[: _blocks(G, layer)](z)


@torch.no_grad()
def generate_without(G: nn.Sequential, z: Tensor, maps: Sequence[int], layer: int = LAYER) -> Tensor:
    """Images G(z) (n, c, size, size) with these maps of block `layer` set to zero at all places, in eval mode."""
    h = activations(G, z, layer).clone()
    h[:, list(maps)] = 0.0
    with eval_mode(G):
        return G[_blocks(G, layer) :](h)


def random_maps(total: int, count: int, rng: torch.Generator) -> list[int]:
    """`count` of the `total` maps of a layer, drawn without replacement: the control."""
    return torch.randperm(total, generator=rng)[:count].tolist()


def fit_map_weights(h: Tensor, masks: Tensor, rng: torch.Generator, C: float = 1.0) -> MapWeights:
    """Logistic regression on the activations at single places: is the object here?

    h: activations (n, c, h', w') of one layer. masks: (n, size, size) bool, true where the object is; images without
    it have no true pixel and are left out, as in the paper. Positives: all places of which at least half is covered.
    Negatives: as many random places not touched by the mask, of the same images. Activations are divided by their
    standard deviations, so that the penalty (1/C) treats all maps alike; the signs of the weights do not depend on
    it. A last fifth of the images with the object is held out for the accuracy, then all are used for the weights.

    Raises:
        ValueError: fewer than ten images show the object at this resolution.
    """
    from sklearn.linear_model import LogisticRegression

    covered = F.adaptive_avg_pool2d(masks[:, None].float(), h.shape[-2:])[
        :, 0
    ]  # (n, h', w'): share of each cell
    on, off = covered >= 0.5, covered == 0
    images = (on.flatten(1).any(1) & off.flatten(1).any(1)).nonzero()[:, 0]
    if len(images) < 10:
        raise ValueError(
            f"the object covers half a cell of the {h.shape[-2]}×{h.shape[-1]} maps in {len(images)} of {len(h)} "
            "images; at least 10 are needed: draw more samples, or pass boxes instead of outlines"
        )
    rows, labels, source = [], [], []
    for i in images.tolist():
        positives, elsewhere = on[i].nonzero(), off[i].nonzero()
        negatives = elsewhere[torch.randperm(len(elsewhere), generator=rng)[: len(positives)]]
        for places, label in ((positives, 1), (negatives, 0)):
            rows.append(h[i, :, places[:, 0], places[:, 1]].T)  # (places, c)
            labels += [label] * len(places)
            source += [i] * len(places)
    x = torch.cat(rows).double()
    x = (x / x.std(0).clamp_min(1e-8)).numpy()
    y, source = torch.tensor(labels), torch.tensor(source)
    held_out = source > images[int(0.8 * len(images)) - 1]
    model = LogisticRegression(C=C, max_iter=2000)
    model.fit(x[~held_out], y[~held_out])
    accuracy = float(model.score(x[held_out], y[held_out]))
    model.fit(x, y)
    return MapWeights(torch.from_numpy(model.coef_[0]).float(), accuracy, len(y) // 2)


def _blocks(G: nn.Sequential, layer: int) -> int:
    """Number of blocks up to and with this one; negative layers count from the end."""
    return range(len(G))[layer] + 1
