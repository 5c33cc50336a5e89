"""Wrong and right answers to the task `discriminator_step`, written by someone who had not seen its check."""

WRONG = {
    "clears_both_networks": (
        "your step clears G's gradients: in D's step leave G as it is;",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    G.zero_grad()
    D.zero_grad()
    fake = G(torch.randn(len(x_real), latent)).detach()
    value = loss(D(x_real), D(fake))
    value.backward()
    opt_D.step()
    return value.item()
""",
    ),
    "switches_D_on": (
        "requires_grad of D's parameters is not what it was: whoever freezes a",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    for p in D.parameters():  # may have been switched off in the step of G
        p.requires_grad = True
    opt_D.zero_grad()
    with torch.no_grad():
        fake = G(torch.randn(x_real.size(0), latent))
    d_loss = loss(D(x_real), D(fake))
    d_loss.backward()
    opt_D.step()
    return d_loss.item()
""",
    ),
    "freezes_and_thaws_G": (
        "requires_grad of G's parameters is not what it was: whoever freezes a",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    G.requires_grad_(False)
    opt_D.zero_grad(set_to_none=True)
    z = torch.randn(x_real.shape[0], latent)
    value = loss(D(x_real), D(G(z)))
    value.backward()
    opt_D.step()
    G.requires_grad_(True)
    return float(value.detach())
""",
    ),
    "loss_called_twice": (
        "the loss that is given was called 2 times",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    fake = G(torch.randn(x_real.shape[0], latent)).detach()
    real_logits, fake_logits = D(x_real), D(fake)
    opt_D.zero_grad()
    loss(real_logits, fake_logits).backward()
    with torch.no_grad():
        value = loss(real_logits, fake_logits).item()
    opt_D.step()
    return value
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
    noise = torch.randn(b_size, latent)
    fake = G(noise)
    errD = loss(D(x_real).view(-1), D(fake.detach()).view(-1))
    errD.backward()
    opt_D.step()
    return errD.item()
""",
    ),
    "forked_noise": (
        "two steps in a row used the same z: draw fresh noise in every step,",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    with torch.random.fork_rng():
        z = torch.randn(x_real.shape[0], latent)
    with torch.no_grad():
        fake = G(z)
    value = loss(D(x_real), D(fake))
    opt_D.zero_grad()
    value.backward()
    opt_D.step()
    return value.item()
""",
    ),
    "grad_of_frozen": (
        "your code stopped with RuntimeError: One of the differentiated",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    fake = G(torch.randn(x_real.shape[0], latent)).detach()
    value = loss(D(x_real), D(fake))
    params = list(D.parameters())
    for p, g in zip(params, torch.autograd.grad(value, params)):
        p.grad = g
    opt_D.step()
    return value.item()
""",
    ),
    "clipped_gradients": (
        "D moved, but not by one step of the given optimiser along the",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    fake = G(torch.randn(x_real.shape[0], latent)).detach()
    value = loss(D(x_real), D(fake))
    opt_D.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_(D.parameters(), max_norm=1.0)
    opt_D.step()
    return value.item()
""",
    ),
    "clears_afterwards": (
        "gradients left in D from before joined this update: zero_grad comes",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    fake = G(torch.randn(x_real.shape[0], latent)).detach()
    value = loss(D(x_real), D(fake))
    value.backward()
    opt_D.step()
    opt_D.zero_grad()  # clean for the next step
    return value.item()
""",
    ),
    "half_the_loss": (
        "D moved, but not along the gradient of the given loss: it is half as",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    opt_D.zero_grad()
    with torch.no_grad():
        fake = G(torch.randn(x_real.shape[0], latent))
    value = loss(D(x_real), D(fake))
    (0.5 * value).backward()  # D sees two batches
    opt_D.step()
    return value.item()
""",
    ),
    "r1_penalty_added": (
        "D moved, but not by one step of the given optimiser along the",
        """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    x = x_real.detach().clone().requires_grad_(True)
    fake = G(torch.randn(x.shape[0], latent)).detach()
    real_logits = D(x)
    value = loss(real_logits, D(fake))
    (slope,) = torch.autograd.grad(real_logits.sum(), x, create_graph=True)
    opt_D.zero_grad()
    (value + 0.05 * slope.flatten(1).square().sum(1).mean()).backward()
    opt_D.step()
    return value.item()
""",
    ),
}

RIGHT = {
    "closure_one_batch": """
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    n = x_real.shape[0]
    with torch.no_grad():
        fakes = G(torch.randn(n, latent))
    values = []

    def closure():
        opt_D.zero_grad()
        logits = D(torch.cat((fakes, x_real)))
        value = loss(logits[n:], logits[:n])
        value.backward()
        values.append(float(value.detach()))
        return value

    opt_D.step(closure)
    return values[0]
""",
    "gradients_by_hand": """
import sys


def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    codes = torch.normal(torch.zeros(len(x_real), latent), 1.0)
    fake_logits = D(G(codes).detach().clone())
    value = loss(D(x_real), fake_logits)
    learners = [p for group in opt_D.param_groups for p in group["params"] if p.requires_grad]
    gradients = torch.autograd.grad(value, learners, allow_unused=True)
    for group in opt_D.param_groups:
        for p in group["params"]:
            p.grad = None
    for p, gradient in zip(learners, gradients):
        p.grad = gradient
    result = value.tolist()
    opt_D.step()
    print(f"D: {result:.4f}", file=sys.stderr)
    return result
""",
}
