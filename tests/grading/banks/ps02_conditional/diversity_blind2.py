"""Wrong and right answers to the task `diversity`, written by someone who had not seen its check."""

WRONG = {
    "cdist_default_mode": (
        ": |a|^2 + |b|^2 - 2 a.b loses the digits; subtract first",
        """
def _spread(f):
    n = len(f)
    return torch.cdist(f, f).triu(1).sum() / (n * (n - 1) / 2)


def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) >= 2 and len(b) >= 2:
            ratios.append(_spread(a) / _spread(b))
    return torch.stack(ratios).mean()
""",
    ),
    "drops_zero_distances": (
        ": two images that agree are a pair too, with distance 0: leave out i",
        """
def _mean_distance(f):
    d = torch.triu((f[:, None] - f[None]).norm(dim=2), diagonal=1)
    pairs = d[d > 0]
    return pairs.mean() if len(pairs) else d.new_zeros(())


def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in set(labels.tolist()) & set(real_labels.tolist()):
        a, b = features[labels == c], real_features[real_labels == c]
        if min(len(a), len(b)) > 1:
            ratios.append(_mean_distance(a) / _mean_distance(b))
    return float(sum(ratios) / len(ratios))
""",
    ),
    "neighbours_only": (
        "only images that follow each other are paired; all pairs i < j count",
        """
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    def delta(f):
        return (f[1:] - f[:-1]).norm(dim=1).mean()

    ratios = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        if a.shape[0] > 1 and b.shape[0] > 1:
            ratios.append(delta(a) / delta(b))
    return torch.stack(ratios).mean().item()
""",
    ),
    "float32_list": (
        "; it is nearly right: did float32, a small constant or a clamp slip",
        """
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in labels.unique().tolist():
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) < 2 or len(b) < 2:
            continue
        ratios.append(F.pdist(a).mean().item() / F.pdist(b).mean().item())
    return torch.tensor(ratios).mean().item()
""",
    ),
    "unique_consecutive": (
        ": check the steps on a class of three images by hand",
        """
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in torch.unique_consecutive(labels):
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) >= 2 and len(b) >= 2:
            ratios.append(F.pdist(a).mean() / F.pdist(b).mean())
    return torch.stack(ratios).mean()
""",
    ),
    "divides_by_all_generated_classes": (
        "classes that do not count were averaged in as 0; leave them out",
        """
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    classes = labels.unique()
    total = 0.0
    for c in classes:
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) >= 2 and len(b) >= 2:
            total = total + F.pdist(a).mean() / F.pdist(b).mean()
    return float(total / len(classes))
""",
    ),
    "negative_labels_ignored": (
        "the ratio for a class with one image, and classes that one side lacks",
        """
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in range(int(labels.max()) + 1):
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) > 1 and len(b) > 1:
            ratios.append(F.pdist(a).mean() / F.pdist(b).mean())
    return sum(ratios) / max(len(ratios), 1)
""",
    ),
    "eps_under_the_root": (
        ": two images that agree are a pair too, with distance 0: leave out i",
        """
def _delta(f):
    i, j = torch.triu_indices(len(f), len(f), offset=1)
    return torch.sqrt(((f[i] - f[j]) ** 2).sum(-1) + 1e-12).mean()


def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    ratios = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) >= 2 and len(b) >= 2:
            ratios.append(_delta(a) / _delta(b))
    return torch.stack(ratios).mean()
""",
    ),
    "gram_after_global_centring": (
        ": |a|^2 + |b|^2 - 2 a.b loses the digits; subtract first",
        """
def _delta(f):
    n = len(f)
    sq = (f * f).sum(1)
    d2 = (sq[:, None] + sq[None, :] - 2 * f @ f.T).clamp_min(0)
    d2.fill_diagonal_(0)
    return d2.sqrt().sum() / (n * (n - 1))


def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    # distances do not change, and the entries are small now
    features = features - features.mean(0)
    real_features = real_features - real_features.mean(0)
    ratios = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) >= 2 and len(b) >= 2:
            ratios.append(_delta(a) / _delta(b))
    return torch.stack(ratios).mean()
""",
    ),
}

RIGHT = {
    "pdist_and_nanmean": '''
def diversity(features, labels, real_features, real_labels):
    """The mean over no pair is NaN, and nanmean leaves exactly those classes out."""

    def delta(f, mine):
        return F.pdist(f[mine]).mean()

    every = torch.unique(torch.cat([labels, real_labels]))
    ratios = [delta(features, labels == c) / delta(real_features, real_labels == c) for c in every]
    return torch.stack(ratios).nanmean()
''',
    "pairs_in_a_table": '''
def diversity(features, labels, real_features, real_labels) -> float:
    """No loop over classes: every pair with equal labels adds its distance to the cell of its class."""
    names, place = torch.unique(torch.cat((labels, real_labels)), return_inverse=True)
    places = place.split([labels.numel(), real_labels.numel()])
    total = torch.zeros(2, names.numel(), dtype=torch.float64)
    pairs = torch.zeros_like(total)
    for side, (f, where) in enumerate(zip((features, real_features), places)):
        i, j = torch.combinations(torch.arange(len(f)), 2).unbind(1)
        same = where[i] == where[j]
        i, j = i[same], j[same]
        distance = torch.linalg.vector_norm(f[i] - f[j], dim=1)
        total[side].index_add_(0, where[i], distance)
        pairs[side].index_add_(0, where[i], torch.ones_like(distance))
    counts = (pairs > 0).all(0)
    delta = total[:, counts] / pairs[:, counts]
    return (delta[0] / delta[1]).mean().item()
''',
}
