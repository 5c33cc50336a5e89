"""Wrong and right answers to the task `make_networks`: texts of its solution cell."""

FORK = "with torch.random.fork_rng():\n    torch.manual_seed(seed)\n"


def _body(text: str) -> str:
    """The function with these lines as its body."""
    lines = "\n".join(f"    {line}" for line in text.strip().splitlines())
    return f"def make_networks(make_G, make_D, init, seed):\n{lines}\n"


WRONG = {
    "no_seed": ("the same seed gave G other weights", _body("return init(make_G()), init(make_D())")),
    "global_seed_stays": (
        "global random state",
        _body("torch.manual_seed(seed)\nreturn init(make_G()), init(make_D())"),
    ),
    "reseeded_by_chance_afterwards": (
        "global random state",
        _body("torch.manual_seed(seed)\nG, D = init(make_G()), init(make_D())\ntorch.seed()\nreturn G, D"),
    ),
    "old_seed_set_again": (
        "global random state",
        _body(
            "old = torch.initial_seed()\ntorch.manual_seed(seed)\nG, D = init(make_G()), init(make_D())\n"
            "torch.rand(3)\ntorch.manual_seed(old + 1)\nreturn G, D"
        ),
    ),
    "seed_before_init_only": (
        "before make_G and make_D",
        _body("G, D = make_G(), make_D()\n" + FORK + "    init(G)\n    init(D)\nreturn G, D"),
    ),
    "seed_for_G_only": (
        "the same seed gave D other weights",
        _body(FORK + "    G = init(make_G())\nreturn G, init(make_D())"),
    ),
    "hard_coded_seed": (
        "two different seeds",
        _body(
            "with torch.random.fork_rng():\n    torch.manual_seed(0)\n    return init(make_G()), init(make_D())"
        ),
    ),
    "forked_without_a_seed": (
        "the same seed gave",
        _body("torch.rand(1)\nwith torch.random.fork_rng():\n    return init(make_G()), init(make_D())"),
    ),
    "init_forgotten": (
        "init was applied to G 0 times",
        _body(FORK + "    return make_G(), make_D()"),
    ),
    "init_of_G_only": (
        "init was applied to D 0 times",
        _body(FORK + "    return init(make_G()), make_D()"),
    ),
    "init_of_other_networks": (
        "make_G was called 2 times",
        _body(FORK + "    init(make_G())\n    init(make_D())\n    return make_G(), make_D()"),
    ),
    "exchanged": (
        "exchanged",
        _body(FORK + "    return init(make_D()), init(make_G())"),
    ),
    "not_called": (
        "your code stopped with",
        _body(FORK + "    return init(make_G), init(make_D)"),
    ),
    "one_network": (
        "return the pair (G, D)",
        _body(FORK + "    return nn.ModuleList((init(make_G()), init(make_D())))"),
    ),
    "numpy_seed": (
        "the same seed gave",
        "import numpy as np\n\n\n" + _body("np.random.seed(seed)\nreturn init(make_G()), init(make_D())"),
    ),
    "own_generator_unused": (
        "the same seed gave",
        _body("rng = torch.Generator().manual_seed(seed)\nreturn init(make_G()), init(make_D())"),
    ),
    "init_twice": (
        "init was applied to G 2 times",
        _body(FORK + "    return init(init(make_G())), init(make_D())"),
    ),
    "remembered": (
        "two different seeds",
        """
PAIRS = []


def make_networks(make_G, make_D, init, seed):
    with torch.random.fork_rng():
        torch.manual_seed(PAIRS[0] if PAIRS else seed)
        PAIRS.append(seed)
        return init(make_G()), init(make_D())
""",
    ),
}

RIGHT = {
    "forked": _body(FORK + "    return init(make_G()), init(make_D())"),
    "state_put_back": _body(
        "state = torch.get_rng_state()\ntry:\n    torch.manual_seed(seed)\n    G, D = make_G(), make_D()\n"
        "    for net in (D, G):\n        init(net)\nfinally:\n    torch.set_rng_state(state)\nreturn G, D"
    ),
    "D_first_and_a_seed_for_each": _body(
        "def one(make, own):\n    with torch.random.fork_rng(devices=[]):\n        torch.manual_seed(own)\n"
        "        net = make()\n        init(net)\n        return net\n\n\n"
        "D = one(make_D, seed)\nreturn one(make_G, seed + 1), D"
    ),
    "decorated": """
import contextlib
import warnings


@contextlib.contextmanager
def seeded(seed):
    kept = torch.random.get_rng_state().clone()
    torch.random.manual_seed(seed)
    yield
    torch.random.set_rng_state(kept)


def make_networks(make_G, make_D, init, seed):
    warnings.warn("about to draw")
    with seeded(seed):
        nets = [make() for make in (make_G, make_D)]
        nets = [init(net) for net in nets]
    return tuple(nets)
""",
    "a_list_with_a_bar": """
from tqdm.auto import tqdm


def make_networks(make_G, make_D, init, seed):
    nets = []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for make in tqdm([make_G, make_D]):
            nets.append(init(make()))
    G, D = nets
    return G, D
""",
    "what_init_returns_is_ignored": """
def make_networks(make_G, make_D, init, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        D = make_D()
        G = make_G()
        for net in (G, D):
            init(net)
        return G, D
""",
}
