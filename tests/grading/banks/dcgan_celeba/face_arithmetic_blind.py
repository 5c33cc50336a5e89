"""Wrong and right answers to the task `face_arithmetic`, written by someone who had not seen its check."""

WRONG = {
    "pixels": (
        "the arithmetic is done with pictures: it belongs into the codes",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        face = G(z_a).mean(0) - G(z_b).mean(0) + G(z_c).mean(0)
    for m, mode in modes:
        m.training = mode
    return face
""",
    ),
    "signs_swapped": (
        "the signs are others: mean(a) - mean(b) + mean(c)",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        z = z_a.mean(0) + z_b.mean(0) - z_c.mean(0)
        face = G(z.unsqueeze(0))[0]
    for m, mode in modes:
        m.training = mode
    return face
""",
    ),
    "one_mode_for_all": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
@torch.no_grad()
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    was_training = G.training
    G.eval()
    z = z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)
    face = G(z)[0]
    G.train(was_training)
    return face
""",
    ),
    "train_afterwards": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    G.eval()
    with torch.no_grad():
        z = (z_a - z_b + z_c).mean(dim=0)
        face = G(z[None])[0]
    G.train()
    return face
""",
    ),
    "detached_afterwards": (
        "a graph was built while G drew: nothing is learned here, so draw",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    modes = [m.training for m in G.modules()]
    G.eval()
    z = z_a.mean(0) - z_b.mean(0) + z_c.mean(0)
    face = G(z.unsqueeze(0)).squeeze(0).detach()
    for m, mode in zip(G.modules(), modes):
        m.training = mode
    return face
""",
    ),
    "squeezed": (
        "the result has shape (4, 6), expected (1, 4, 6)",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    modes = {m: m.training for m in G.modules()}
    G.eval()
    with torch.no_grad():
        z = z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)
        face = G(z).squeeze()
    for m, mode in modes.items():
        m.training = mode
    return face
""",
    ),
    "in_place": (
        "your function changes the codes it was given: work on new tensors",
        """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    with torch.no_grad():
        z_a -= z_b
        z_a += z_c
        face = G(z_a.mean(0, keepdim=True))[0]
    for m, mode in modes:
        m.training = mode
    return face
""",
    ),
}

RIGHT = {
    "nine_weights": """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    weights = torch.tensor([1.0, -1.0, 1.0]).repeat_interleave(3) / 3
    awake = [m for m in G.modules() if m.training]
    try:
        with torch.no_grad():
            code = weights.to(z_a) @ torch.cat([z_a, z_b, z_c])
            for m in awake:
                m.training = False
            (face,) = G(code.view(1, -1))
    finally:
        for m in awake:
            m.training = True
    return face.clone()
""",
    "decorated": '''
import functools


def _as_a_guest(function):
    """Run function(G, ...) in eval mode and without a graph; put every layer back afterwards."""

    @functools.wraps(function)
    def wrapped(net, *codes):
        flags = tuple(m.training for m in net.modules())
        try:
            net.eval()
            with torch.no_grad():
                return function(net, *codes)
        finally:
            for m, flag in zip(net.modules(), flags):
                m.training = flag

    return wrapped


@_as_a_guest
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    concepts = torch.stack([z_a, z_b, z_c])
    code = torch.einsum("kid,k->d", concepts, concepts.new_tensor([1, -1, 1])) / concepts.shape[1]
    return G(torch.atleast_2d(code)).squeeze(0)
''',
    "set_of_pictures": """
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    def mean(codes):
        return sum(codes.unbind(0)) / len(codes)

    modes = {}
    for name, module in G.named_modules():
        modes[name] = module.training
    with torch.set_grad_enabled(False):
        G.train(False)
        a, b, c = mean(z_a), mean(z_b), mean(z_c)
        row = G(torch.stack([a, b, c, a - b + c]))  # the three concepts and the answer
        face = row[-1].clone()
    for name, module in G.named_modules():
        module.training = modes[name]
    print("drew a face")
    return face
""",
}
