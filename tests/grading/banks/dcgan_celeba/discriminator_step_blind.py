"""Wrong and right answers to the task `discriminator_step`, written by someone who had not seen its check."""

WRONG = {
    "cleared_in_G": (
        "your step clears G's gradients: in D's step leave G as it is;",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    opt_D.zero_grad()
    z = torch.randn(len(x_real), latent)
    value = loss(D(x_real), D(G(z)))
    value.backward()
    opt_D.step()
    G.zero_grad()
    return value.item()
""",
    ),
    "modes_forced": (
        "during the step G was in eval mode: leave the modes alone, the",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    D.train()
    G.eval()
    z = torch.randn(x_real.shape[0], latent, device=x_real.device)
    with torch.no_grad():
        fake = G(z)
    opt_D.zero_grad()
    value = loss(D(x_real), D(fake))
    value.backward()
    opt_D.step()
    G.train()
    return value.item()
""",
    ),
    "cleared_afterwards": (
        "gradients left in D from before joined this update: zero_grad comes",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    z = torch.randn(len(x_real), latent)
    fake = G(z).detach()
    value = loss(D(x_real), D(fake))
    value.backward()
    opt_D.step()
    opt_D.zero_grad()
    return value.item()
""",
    ),
    "all_thawed": (
        "requires_grad of G's parameters is not what it was: whoever freezes a",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    for p in G.parameters():
        p.requires_grad = False
    for p in D.parameters():
        p.requires_grad = True
    opt_D.zero_grad()
    value = loss(D(x_real), D(G(torch.randn(len(x_real), latent))))
    value.backward()
    opt_D.step()
    for p in G.parameters():
        p.requires_grad = True
    return value.item()
""",
    ),
    "fakes_first": (
        "D moved, but not along the gradient of the given loss: the arguments",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    n = x_real.size(0)
    with torch.no_grad():
        x_fake = G(torch.randn(n, latent))
    logits = D(torch.cat([x_fake, x_real]))
    value = loss(*logits.chunk(2))
    opt_D.zero_grad()
    value.backward()
    opt_D.step()
    return float(value)
""",
    ),
    "flat_logits": (
        "the loss that is given got logits of shape (",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    D.zero_grad()
    b_size = x_real.size(0)
    noise = torch.randn(b_size, latent, device=x_real.device)
    fake = G(noise)
    output_real = D(x_real).view(-1)
    output_fake = D(fake.detach()).view(-1)
    errD = loss(output_real, output_fake)
    errD.backward()
    opt_D.step()
    return errD.item()
""",
    ),
    "uniform_noise": (
        "(uniform noise?); z ~ N(0, I) has 0 and 1",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    z = 2 * torch.rand(x_real.shape[0], latent) - 1
    x_fake = G(z).detach()
    opt_D.zero_grad()
    value = loss(D(x_real), D(x_fake))
    value.backward()
    opt_D.step()
    return value.item()
""",
    ),
}

RIGHT = {
    "one_joined_batch": """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    n = x_real.shape[0]
    with torch.no_grad():
        batch = torch.cat((x_real, G(torch.randn(n, latent, device=x_real.device))))
    for p in D.parameters():
        p.grad = None
    for group in opt_D.param_groups:
        for p in group["params"]:
            p.grad = None
    real_logits, fake_logits = D(batch).split(n)
    value = loss(real_logits, fake_logits)
    torch.autograd.backward([value])
    opt_D.step()
    return float(value.detach())
""",
    "G_frozen_and_put_back": """
from contextlib import contextmanager


@contextmanager
def _bystander(net):
    flags = {p: p.requires_grad for p in net.parameters()}
    try:
        for p in flags:
            p.requires_grad_(False)
        yield net
    finally:
        for p, flag in flags.items():
            p.requires_grad_(flag)

def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    codes = torch.empty(len(x_real), latent).normal_()
    with _bystander(G):
        opt_D.zero_grad(set_to_none=False)
        logits = {"fake": D(G(codes)), "real": D(x_real)}
        value = loss(logits["real"], logits["fake"])
        value.backward()
    opt_D.step()
    return value.item()
""",
    "in_small_functions": """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    def fakes():
        return G(torch.randn([x_real.size(0), latent])).detach()

    def forward():
        opt_D.zero_grad(set_to_none=True)
        with torch.enable_grad():
            return loss(*map(D, (x_real, fakes())))

    value = forward()
    value.backward()
    opt_D.step()
    print(f"loss of D {value.item():.3f}")
    (number,) = value.detach().reshape(1).tolist()
    return number
""",
}
