"""Wrong and right answers to the task `make_networks`, written by someone who had not seen its check."""

WRONG = {
    "state_saved_too_late": (
        "torch's global random state is not what it was before the call:",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(seed)
    state = torch.get_rng_state()
    G = init(make_G())
    D = init(make_D())
    torch.set_rng_state(state)
    return G, D
""",
    ),
    "initial_seed_restored": (
        "torch's global random state is not what it was before the call:",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    before = torch.initial_seed()
    try:
        torch.manual_seed(seed)
        G, D = make_G(), make_D()
        init(G)
        init(D)
    finally:
        torch.manual_seed(before)
    return G, D
""",
    ),
    "net_apply_init": (
        "your code stopped with AttributeError: 'Linear' object has no",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        G = make_G()
        G.apply(init)
        D = make_D()
        D.apply(init)
    return G, D
""",
    ),
    "seed_zero_is_none": (
        "seed 0, a seed like any other, gave G other weights: set the seed",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        if seed:
            torch.manual_seed(seed)
        G = init(make_G())
        D = init(make_D())
    return G, D
""",
    ),
    "remembered_pairs": (
        "make_G was called 0 times: once, with no arguments",
        """
_pairs = {}


def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    if seed not in _pairs:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            _pairs[seed] = (init(make_G()), init(make_D()))
    return _pairs[seed]
""",
    ),
    "order_of_building": (
        "G and D are exchanged: return (G, D)",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    networks = []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for make in (make_D, make_G):
            networks.append(init(make()))
    return tuple(networks)
""",
    ),
}

RIGHT = {
    "try_finally_two_seeds": """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    generator = torch.default_generator
    state = generator.get_state().clone()
    pair = {}
    try:
        for k, (name, make) in enumerate([("D", make_D), ("G", make_G)]):
            generator.manual_seed(2 * seed + k)
            pair[name] = make()
            init(pair[name])
    finally:
        generator.set_state(state)
    return pair["G"], pair["D"]
""",
    "decorator": """
import contextlib
import warnings


@contextlib.contextmanager
def _own_numbers(seed):
    with torch.random.fork_rng(enabled=True):
        torch.random.manual_seed(seed)
        torch.rand(7)  # the first numbers are nobody's
        yield torch.randint(0, 2**31, (2,)).tolist()


def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    warnings.warn(f"networks of seed {seed}")
    with _own_numbers(seed):
        built = [make() for make in (make_G, make_D)]
        return tuple(map(init, built))
""",
}
