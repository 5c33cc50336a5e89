"""Wrong and right answers to the task `diversity`: texts of its solution cell."""

_DISTANCES = "(x[:, None] - x).norm(dim=-1)"
_PAIRS = """
def pairs(x):
    i, j = torch.triu_indices(len(x), len(x), 1)
    return (x[i] - x[j]).norm(dim=1)
"""


def _spread(expression: str, least: int = 2, classes: str = "labels.unique()", before: str = "") -> str:
    """An answer with its own idea of how spread out the pictures x of a class are."""
    return f"""{_PAIRS}
def spread(x):
    return {expression}
def diversity(features, labels, real_features, real_labels):
    {before or "pass"}
    ratios = []
    for c in {classes}:
        fake, real = features[labels == c], real_features[real_labels == c]
        if len(fake) >= {least} and len(real) >= {least}:
            ratios.append(spread(fake) / spread(real))
    return torch.stack(ratios).mean()
"""


def _ratios(expression: str, skip: str = "continue") -> str:
    """An answer with its own idea of what to do with the mean distances `ours` and `theirs` of the classes."""
    return f"""{_PAIRS}
def diversity(features, labels, real_features, real_labels):
    ours, theirs, sizes, real_sizes = [], [], [], []
    for c in labels.unique():
        fake, real = features[labels == c], real_features[real_labels == c]
        if len(fake) < 2 or len(real) < 2:
            {skip}
        ours.append(pairs(fake).mean())
        theirs.append(pairs(real).mean())
        sizes.append(len(fake))
        real_sizes.append(len(real))
    ours, theirs = torch.stack(ours), torch.stack(theirs)
    sizes, real_sizes = torch.tensor(sizes).double(), torch.tensor(real_sizes).double()
    return {expression}
"""


WRONG = {
    "squared": ("the distances are squared", _spread("pairs(x).square().mean()")),
    "with_self_pairs": ("paired with itself", _spread(f"{_DISTANCES}.mean()")),
    "sum": ("the distances are summed", _spread("pairs(x).sum()")),
    "divided_by_images": ("by the number of images", _spread("pairs(x).sum() / len(x)")),
    "root_of_the_mean_square": ("root mean square", _spread("pairs(x).square().mean().sqrt()")),
    "distance_to_the_mean": ("distances to the mean", _spread("(x - x.mean(0)).norm(dim=1).mean()")),
    "standard_deviation": ("standard deviations", _spread("x.std(0).mean()")),
    "variance": ("ratio of variances", _spread("x.var(0).sum()")),
    "median": ("a median", _spread("pairs(x).median()")),
    "nearest": (
        "nearest neighbour",
        _spread(f"({_DISTANCES} + torch.diag(torch.full((len(x),), 1e9).double())).min(1).values.mean()"),
    ),
    "city_block": ("L1", _spread("F.pdist(x, p=1).mean()")),
    "neighbours_in_the_batch": ("follow each other", _spread("(x[1:] - x[:-1]).norm(dim=1).mean()")),
    "zeros_left_out": ("leave out i = j only", _spread("pairs(x)[pairs(x) > 0].mean().nan_to_num(0)")),
    "nonzero_entries_of_the_matrix": (
        "i = j only",
        _spread(f"{_DISTANCES}[{_DISTANCES} != 0].mean()"),
    ),
    "small_constant_in_the_root": (
        "nearly right",
        _spread("((x[:, None] - x).square().sum(-1) + 1e-10).sqrt().sum() / (len(x) * (len(x) - 1))"),
    ),
    "expanded_square": (
        "loses the digits",
        _spread(
            "((x @ x.T).diag()[:, None] + (x @ x.T).diag() - 2 * x @ x.T).clamp_min(0).sqrt()"
            "[tuple(torch.triu_indices(len(x), len(x), 1))].mean()"
        ),
    ),
    "cdist_as_it_comes": (
        "loses the digits",
        _spread("torch.cdist(x, x).triu(1).sum() / (len(x) * (len(x) - 1) / 2)"),
    ),
    "single_precision": (
        "nearly right",
        _spread("pairs(x.float()).mean().double()"),
    ),
    "inverse": ("real over generated", _ratios("(theirs / ours).mean()")),
    "ours_only": ("divide by those of the real images", _ratios("ours.mean()")),
    "ratio_of_means": ("ratio of the mean distances", _ratios("ours.mean() / theirs.mean()")),
    "difference": ("difference of the two means", _ratios("(ours - theirs).mean()")),
    "weighted_by_images": (
        "number of generated images",
        _ratios("((ours / theirs) * sizes).sum() / sizes.sum()"),
    ),
    "weighted_by_real_images": (
        "number of real images",
        _ratios("((ours / theirs) * real_sizes).sum() / real_sizes.sum()"),
    ),
    "sum_over_classes": ("summed over the classes", _ratios("(ours / theirs).sum()")),
    "smallest": ("smallest ratio", _ratios("(ours / theirs).min()")),
    "geometric": ("geometric mean", _ratios("(ours / theirs).log().mean().exp()")),
    "limited_to_one": ("limited to 1", _ratios("(ours / theirs).clamp(max=1).mean()")),
    "classes_mixed": (
        "pairs of different classes",
        _PAIRS
        + "def diversity(features, labels, real_features, real_labels):\n"
        + "    return pairs(features).mean() / pairs(real_features).mean()\n",
    ),
    "pooled_pairs": (
        "pooled before dividing",
        _PAIRS
        + """
def within(x, y, keep):
    return torch.cat([pairs(x[y == c]) for c in keep]).mean()
def diversity(features, labels, real_features, real_labels):
    keep = [c for c in labels.unique() if (labels == c).sum() > 1 and (real_labels == c).sum() > 1]
    return within(features, labels, keep) / within(real_features, real_labels, keep)
""",
    ),
    "generated_to_real": (
        "distance from generated to real",
        """
def diversity(features, labels, real_features, real_labels):
    found = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        if len(a) > 1 and len(b) > 1:
            found.append((a[:, None] - b).norm(dim=-1).mean() / F.pdist(b).mean())
    return sum(found) / len(found)
""",
    ),
    "single_images_give_nan": ("both sides have two images", _spread("pairs(x).mean()", least=0)),
    "single_images_give_zero": (
        "averaged in as 0",
        _PAIRS
        + """
def spread(x):
    return pairs(x).mean() if len(x) > 1 else torch.tensor(0.0).double()
def diversity(features, labels, real_features, real_labels):
    ratios = []
    for c in labels.unique():
        ours, theirs = spread(features[labels == c]), spread(real_features[real_labels == c])
        ratios.append(ours / theirs if theirs > 0 else torch.tensor(0.0).double())
    return torch.stack(ratios).mean()
""",
    ),
    "single_images_give_one": (
        "averaged in as 1",
        _PAIRS
        + """
def diversity(features, labels, real_features, real_labels):
    ratios = []
    for c in labels.unique():
        a, b = features[labels == c], real_features[real_labels == c]
        ratios.append(float(pairs(a).mean() / pairs(b).mean()) if min(len(a), len(b)) > 1 else 1.0)
    return sum(ratios) / len(ratios)
""",
    ),
    "labels_from_zero": (
        "both sides have two images",
        _spread("pairs(x).mean()", classes="range(int(labels.max()) + 1)"),
    ),
    "three_images_needed": ("both sides have two images", _spread("pairs(x).mean()", least=3)),
    "own_classes_on_each_side": (
        "ratio of the mean distances",
        _PAIRS
        + """
def side(x, y):
    return torch.stack([pairs(x[y == c]).mean() for c in y.unique() if (y == c).sum() > 1]).mean()
def diversity(features, labels, real_features, real_labels):
    return side(features, labels) / side(real_features, real_labels)
""",
    ),
    "one_ratio_for_each_class": ("expected ()", _ratios("ours / theirs")),
    "sorts_in_place": (
        "changed a tensor",
        _spread("pairs(x).mean()", before="features -= features.mean(0)"),
    ),
    "constant": (
        "is 1, expected",
        "def diversity(features, labels, real_features, real_labels):\n    return 1.0\n",
    ),
}

RIGHT = {
    "pairs": _spread("pairs(x).mean()"),
    "pdist": _spread("torch.pdist(x).mean()", classes="sorted(set(labels.tolist()))"),
    "matrix_without_its_diagonal": _spread(f"{_DISTANCES}.sum() / (len(x) * (len(x) - 1))"),
    "cdist_without_products": _spread(
        "torch.cdist(x, x, compute_mode='donot_use_mm_for_euclid_dist').sum() / (len(x) ** 2 - len(x))"
    ),
    "centred_first": _spread(
        "torch.cdist(x - x.mean(0), x - x.mean(0), compute_mode='donot_use_mm_for_euclid_dist')"
        "[~torch.eye(len(x), dtype=torch.bool)].mean()"
    ),
    "plain_python": """
import itertools, statistics
def within(rows):
    return statistics.fmean(math.dist(a, b) for a, b in itertools.combinations(rows, 2))
def diversity(features, labels, real_features, real_labels):
    groups = {}
    for side, (x, y) in enumerate([(features, labels), (real_features, real_labels)]):
        for row, c in zip(x.tolist(), y.tolist()):
            groups.setdefault(c, ([], []))[side].append(row)
    return statistics.fmean(within(a) / within(b) for a, b in groups.values() if min(len(a), len(b)) > 1)
""",
    "masks_over_the_whole_sample": """
def table(x, y, classes):
    d = torch.linalg.vector_norm(x.unsqueeze(0) - x.unsqueeze(1), dim=2)
    member = (y[None] == classes[:, None]).double()
    n = member.sum(1)
    return torch.einsum("ki,ij,kj->k", member, d, member) / (n * (n - 1)), n
def diversity(features, labels, real_features, real_labels):
    classes = torch.cat([labels, real_labels]).unique()
    ours, n = table(features, labels, classes)
    theirs, m = table(real_features, real_labels, classes)
    return (ours / theirs)[(n > 1) & (m > 1)].mean().reshape(1)
""",
}
