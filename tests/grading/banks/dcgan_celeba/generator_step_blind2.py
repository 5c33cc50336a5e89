"""Wrong and right answers to the task `generator_step`, written by someone who had not seen its check."""

WRONG = {
    "lazy_flags": (
        "D is left frozen: put requires_grad back as you found it, for every",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    flags = (p.requires_grad for p in D.parameters())
    for p in D.parameters():
        p.requires_grad_(False)
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    for p, flag in zip(D.parameters(), flags):
        p.requires_grad_(flag)
    return value.item()
""",
    ),
    "clears_the_wrong_player": (
        "gradients left in G from before joined this update: zero_grad comes",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    D.zero_grad()
    fake_logits = D(G(torch.randn(n, latent)))
    value = loss(fake_logits)
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "twice_the_batch": (
        "), expected (n, latent) = (",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    opt_G.zero_grad()
    z = torch.randn(2 * n, latent)
    value = loss(D(G(z)))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "second_pass_for_the_value": (
        "G was called 2 times in one step: each step needs one batch of",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    z = torch.randn(n, latent)
    with torch.no_grad():
        value = loss(D(G(z))).item()
    opt_G.zero_grad()
    loss(D(G(z))).backward()
    opt_G.step()
    return value
""",
    ),
    "norms_of_D_in_eval": (
        "during the step D was in another mode than it came in: leave the",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    norms = [m for m in D.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    modes = [m.training for m in norms]
    for m in norms:
        m.training = False
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    for m, mode in zip(norms, modes):
        m.training = mode
    return value.item()
""",
    ),
    "first_group_only": (
        "gradients left in G from before joined this update: zero_grad comes",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    for p in opt_G.param_groups[0]["params"]:
        p.grad = None
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "rounded_value": (
        "the update is right, but you returned",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    opt_G.zero_grad()
    fake = G(torch.randn(n, latent))
    g_loss = loss(D(fake))
    g_loss.backward()
    opt_G.step()
    return round(g_loss.item(), 2)
""",
    ),
    "truncated_noise": (
        "; z ~ N(0, I) has 0 and 1",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    z = nn.init.trunc_normal_(torch.empty(n, latent))  # rows without outliers
    opt_G.zero_grad()
    value = loss(D(G(z)))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "switches_G_on": (
        "requires_grad of G's parameters is not what it was: whoever freezes a",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    flags = [p.requires_grad for p in D.parameters()]
    D.requires_grad_(False)
    G.requires_grad_(True)
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    for p, flag in zip(D.parameters(), flags):
        p.requires_grad = flag
    return value.item()
""",
    ),
    "backward_and_closure": (
        "G moved, but not along the gradient of the given loss: it is twice as",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    value = loss(D(G(torch.randn(n, latent))))
    opt_G.zero_grad()
    value.backward(retain_graph=True)

    def closure():
        value.backward()
        return value

    opt_G.step(closure)
    return value.item()
""",
    ),
    "uphill": (
        "G moved, but not along the gradient of the given loss: it goes",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    (-value).backward()
    opt_G.step()
    return value.item()
""",
    ),
}

RIGHT = {
    "through_the_pictures": '''
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    """The chain rule in two pieces: from the loss to the pictures, and from the pictures to G."""
    pictures = G(torch.randn((n, latent)))
    seen_by_D = pictures.detach().requires_grad_(True)
    value = loss(D(seen_by_D))
    (slope,) = torch.autograd.grad(value, seen_by_D)
    for p in [*G.parameters(), *(p for group in opt_G.param_groups for p in group["params"])]:
        p.grad = None
    pictures.backward(slope)
    result = float(value)
    opt_G.step()
    return result
''',
    "frozen_judge_and_closure": """
import contextlib
import warnings


@contextlib.contextmanager
def _frozen(net):
    flags = {name: p.requires_grad for name, p in net.named_parameters()}
    try:
        for p in net.parameters():
            p.requires_grad = False
        yield net
    finally:
        for name, p in net.named_parameters():
            p.requires_grad = flags[name]


def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    z = torch.empty(n, latent).normal_()
    record = []

    def closure():
        opt_G.zero_grad(set_to_none=True)
        with _frozen(D) as judge:
            value = loss(judge(G(z)))
            value.backward()
        record.append(value.item())
        if not math.isfinite(record[-1]):
            warnings.warn("the loss of G is not finite")
        return value

    opt_G.step(closure)
    (result,) = record
    return result
""",
}
