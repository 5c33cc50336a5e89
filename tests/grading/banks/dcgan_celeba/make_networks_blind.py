"""Wrong and right answers to the task `make_networks`, written by someone who had not seen its check."""

WRONG = {
    "state_not_restored": (
        "torch's global random state is not what it was before the call:",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(seed)
    G = init(make_G())
    D = init(make_D())
    return G, D
""",
    ),
    "D_outside": (
        "the same seed gave D other weights: set the seed inside, before",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        G = init(make_G())
    D = init(make_D())
    return G, D
""",
    ),
    "seed_restored_not_state": (
        "torch's global random state is not what it was before the call:",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    old_seed = torch.initial_seed()
    torch.manual_seed(seed)
    G = init(make_G())
    D = init(make_D())
    torch.manual_seed(old_seed)
    return G, D
""",
    ),
    "state_saved_too_late": (
        "torch's global random state is not what it was before the call:",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(seed)
    state = torch.get_rng_state()
    try:
        G, D = init(make_G()), init(make_D())
    finally:
        torch.set_rng_state(state)
    return G, D
""",
    ),
    "pair_swapped": (
        "G and D are exchanged: return (G, D)",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        D = init(make_D())
        G = init(make_G())
    return D, G
""",
    ),
    "one_init_for_both": (
        "your code stopped with AttributeError: 'ModuleList' object has no",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        both = nn.ModuleList([make_G(), make_D()])
        init(both)
    return both[0], both[1]
""",
    ),
    "init_outside": (
        "the same seed gave G other weights: set the seed inside, before",
        """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        G, D = make_G(), make_D()
    return init(G), init(D)
""",
    ),
}

RIGHT = {
    "default_generator_by_hand": """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    dice = torch.default_generator
    before = dice.get_state()
    try:
        dice.manual_seed(seed)
        judge = make_D()
        painter = make_G()
        judge, painter = init(judge), init(painter)
    finally:
        dice.set_state(before)
    return painter, judge
""",
    "a_seed_for_each": """
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    own = torch.Generator().manual_seed(seed)
    seeds = torch.randint(0, 2**31 - 1, (2,), generator=own).tolist()

    def made(make, number):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(number)
            return init(make())

    return tuple(made(make, number) for make, number in zip((make_G, make_D), seeds))
""",
    "decorated": """
from contextlib import contextmanager


@contextmanager
def _seeded(seed):
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    try:
        yield
    finally:
        torch.random.set_rng_state(state)


def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    @_seeded(seed)
    def work():
        networks = []
        for make in (make_G, make_D):
            networks.append(init(make()))
            print("built", type(networks[-1]).__name__)
        return networks[0], networks[1]

    return work()
""",
}
