"""Wrong and right answers to the task `face_arithmetic`, written by someone who had not seen its check."""

WRONG = {
    "no_grad_for_the_code_only": (
        "a graph was built while G drew: nothing is learned here, so draw",
        """
import copy


def face_arithmetic(G, z_a, z_b, z_c):
    artist = copy.deepcopy(G).eval()
    with torch.no_grad():
        code = z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)
    return artist(code)[0].detach()
""",
    ),
    "squeezed": (
        "the result has shape (4, 6), expected (1, 4, 6)",
        """
import copy


@torch.no_grad()
def face_arithmetic(G, z_a, z_b, z_c):
    code = z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)
    return copy.deepcopy(G).eval()(code).squeeze()
""",
    ),
    "shallow_copy": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
import copy


@torch.no_grad()
def face_arithmetic(G, z_a, z_b, z_c):
    artist = copy.copy(G)
    artist.eval()
    return artist(z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True))[0]
""",
    ),
    "train_each_that_trained": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
def face_arithmetic(G, z_a, z_b, z_c):
    trained = [m for m in G.modules() if m.training]
    G.eval()
    with torch.no_grad():
        face = G(z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True))[0]
    for m in trained:
        m.train()
    return face
""",
    ),
    "children_in_eval": (
        "the picture of a G with dropout, and with noise of its own in",
        """
def face_arithmetic(G, z_a, z_b, z_c):
    modes = {m: m.training for m in G.modules()}
    for child in G.children():
        child.eval()
    with torch.no_grad():
        face = G(z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True))[0]
    for m, mode in modes.items():
        m.training = mode
    return face
""",
    ),
    "all_flags_on": (
        "requires_grad of G's parameters is not what it was: leave the flags,",
        """
def face_arithmetic(G, z_a, z_b, z_c):
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    for parameter in G.parameters():
        parameter.requires_grad = False
    face = G((z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)).detach())[0]
    for parameter in G.parameters():
        parameter.requires_grad = True
    for m, mode in modes:
        m.training = mode
    return face
""",
    ),
    "gradients_cleared": (
        "G's gradients (.grad) are not what they were: drawing pictures must",
        """
def face_arithmetic(G, z_a, z_b, z_c):
    modes = [(m, m.training) for m in G.modules()]
    G.eval()
    G.zero_grad()
    with torch.no_grad():
        face = G(z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True)).squeeze(0)
    for m, mode in modes:
        m.training = mode
    return face
""",
    ),
    "modes_of_layers_with_weights": (
        "some parts of G are not in the mode they came in: a layer may be in",
        """
def face_arithmetic(G, z_a, z_b, z_c):
    modes = [(m, m.training) for m in G.modules() if len(list(m.parameters(recurse=False)))]
    G.eval()
    with torch.no_grad():
        face = G(z_a.mean(0, keepdim=True) - z_b.mean(0, keepdim=True) + z_c.mean(0, keepdim=True))[0]
    for m, mode in modes:
        m.train(mode)
    return face
""",
    ),
}

RIGHT = {
    "signed_weights": """
import copy


def face_arithmetic(G, z_a, z_b, z_c):
    signs = torch.tensor([1.0, -1.0, 1.0], dtype=z_a.dtype) / 3
    with torch.inference_mode():
        code = torch.einsum("c,cil->l", signs, torch.stack((z_a, z_b, z_c)))
        face = copy.deepcopy(G).train(False)(code.reshape(1, -1))
    return torch.flatten(face, 0, 1).clone()
""",
    "hand_made_switch": """
def draw(parts, G, code):
    if not parts:
        with torch.no_grad():
            return next(iter(G(code[None])))
    part, *rest = parts
    mode, part.training = part.training, False
    try:
        return draw(rest, G, code)
    finally:
        part.training = mode


def face_arithmetic(G, z_a, z_b, z_c):
    print("man, smiling")
    code = sum(a - b + c for a, b, c in zip(z_a, z_b, z_c)).detach() / len(z_a)
    return draw(list(G.modules()), G, code)
""",
}
