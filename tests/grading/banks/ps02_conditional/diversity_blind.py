"""Wrong and right answers to the task `diversity`, written by someone who had not seen its check."""

WRONG = {
    "cdist_default": (
        ": |a|^2 + |b|^2 - 2 a.b loses the digits; subtract first",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    def delta(f):
        n = len(f)
        return torch.cdist(f, f).triu(1).sum() / (n * (n - 1) / 2)

    ratios = []
    for c in labels.unique():
        f, r = features[labels == c], real_features[real_labels == c]
        if len(f) >= 2 and len(r) >= 2:
            ratios.append(delta(f) / delta(r))
    return torch.stack(ratios).mean().item()
''',
    ),
    "drops_zero_distances": (
        ": two images that agree are a pair too, with distance 0: leave out i",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    def delta(f):
        dist = (f[:, None] - f[None]).norm(dim=-1)
        dist = dist[dist > 0]
        return dist.mean() if len(dist) else torch.zeros(()).to(f)

    ratios = []
    for c in set(labels.tolist()) & set(real_labels.tolist()):
        f, r = features[labels == c], real_features[real_labels == c]
        if len(f) > 1 and len(r) > 1:
            ratios.append(float(delta(f) / delta(r)))
    return sum(ratios) / len(ratios)
''',
    ),
    "clamp_before_sqrt": (
        ": two images that agree are a pair too, with distance 0: leave out i",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    def mean_distance(f):
        i, j = torch.triu_indices(len(f), len(f), offset=1)
        return (f[i] - f[j]).pow(2).sum(1).clamp_min(1e-12).sqrt().mean()

    total, count = 0.0, 0
    for c in torch.unique(torch.cat([labels, real_labels])):
        fake, real = features[labels == c], real_features[real_labels == c]
        if fake.shape[0] < 2 or real.shape[0] < 2:
            continue
        total += mean_distance(fake) / mean_distance(real)
        count += 1
    return float(total / count)
''',
    ),
    "labels_from_zero": (
        "the ratio for a class with one image, and classes that one side lacks",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    ratios = []
    for c in range(int(labels.max()) + 1):
        f, r = features[labels == c], real_features[real_labels == c]
        if len(f) < 2 or len(r) < 2:
            continue
        ratios.append((F.pdist(f).mean() / F.pdist(r).mean()).item())
    return sum(ratios) / max(len(ratios), 1)
''',
    ),
    "counts_only_fakes": (
        "the ratio for a class with one image, and classes that one side lacks",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    classes, counts = torch.unique(labels, return_counts=True)
    classes = classes[counts >= 2]
    ratios = torch.stack(
        [F.pdist(features[labels == c]).mean() / F.pdist(real_features[real_labels == c]).mean() for c in classes]
    )
    return ratios.mean().item()
''',
    ),
    "missing_class_is_zero": (
        "the ratio for a class with one image, and classes that one side lacks",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    def delta(f):
        if len(f) < 2:
            return 0.0
        return float(F.pdist(f).mean())

    ratios = []
    for c in real_labels.unique():
        real = delta(real_features[real_labels == c])
        if real > 0:
            ratios.append(delta(features[labels == c]) / real)
    return sum(ratios) / len(ratios)
''',
    ),
    "zips_the_classes": (
        "the ratio for a class with one image, and classes that one side lacks",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    def deltas(f, y):
        out = []
        for c in torch.unique(y):
            rows = f[y == c]
            if len(rows) >= 2:
                out.append(F.pdist(rows).mean())
        return out

    ratios = [a / b for a, b in zip(deltas(features, labels), deltas(real_features, real_labels))]
    return float(sum(ratios) / len(ratios))
''',
    ),
    "float32": (
        ": check the steps on a class of three images by hand; it is nearly",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    features, real_features = features.float(), real_features.float()

    def delta(f):
        d = torch.cdist(f, f, compute_mode="donot_use_mm_for_euclid_dist")
        n = f.size(0)
        return d.sum() / (n * (n - 1))

    shared = [c for c in labels.unique() if (labels == c).sum() > 1 and (real_labels == c).sum() > 1]
    ratios = [delta(features[labels == c]) / delta(real_features[real_labels == c]) for c in shared]
    return float(torch.stack(ratios).mean())
''',
    ),
    "samples_pairs": (
        ": |a|^2 + |b|^2 - 2 a.b loses the digits; subtract first",
        '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    import random

    def delta(f):
        pairs = [(i, j) for i in range(len(f)) for j in range(i + 1, len(f))]
        if len(pairs) > 100:
            pairs = random.sample(pairs, 100)
        return sum(torch.dist(f[i], f[j]).item() for i, j in pairs) / len(pairs)

    ratios = []
    for c in labels.unique().tolist():
        f, r = features[labels == c], real_features[real_labels == c]
        if len(f) >= 2 and len(r) >= 2:
            ratios.append(delta(f) / delta(r))
    return sum(ratios) / len(ratios)
''',
    ),
}

RIGHT = {
    "standard_library": '''
from collections import defaultdict
from itertools import combinations
from statistics import fmean


def _spread(features, labels):
    """{label: mean distance over pairs} of the classes with a pair."""
    groups = defaultdict(list)
    for row, label in zip(features.tolist(), labels.tolist()):
        groups[label].append(row)
    return {c: fmean(math.dist(a, b) for a, b in combinations(rows, 2)) for c, rows in groups.items() if rows[1:]}


def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    fake, real = _spread(features, labels), _spread(real_features, real_labels)
    print(f"{len(fake.keys() & real.keys())} classes count")
    return fmean(fake[c] / real[c] for c in fake.keys() & real.keys())
''',
    "one_big_matrix": '''
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""
    classes, inverse = torch.unique(torch.cat([labels, real_labels]), return_inverse=True)
    ids = inverse.split([len(labels), len(real_labels)])

    def deltas(f, y):
        distance = torch.cdist(f, f, compute_mode="donot_use_mm_for_euclid_dist")
        off = 1 - torch.eye(len(y), dtype=f.dtype)
        member = F.one_hot(y, len(classes)).to(f.dtype)
        # sums over ordered pairs i != j of one class: the diagonal of member' (.) member
        sums = torch.einsum("ik,ij,jk->k", member, distance * off, member)
        pairs = torch.einsum("ik,ij,jk->k", member, off, member)
        return sums / pairs  # 0 / 0 = nan for a class without a pair

    ratio = deltas(features, ids[0]) / deltas(real_features, ids[1])
    return ratio.nanmean().reshape(1)
''',
}
