"""Wrong and right answers to the task `generator_step`, written by someone who had not seen its check."""

WRONG = {
    "all_of_D_thawed": (
        "requires_grad of D's parameters is not what it was: whoever freezes a",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    for p in D.parameters():
        p.requires_grad = False
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    for p in D.parameters():
        p.requires_grad = True
    return value.item()
""",
    ),
    "D_in_eval_mode": (
        "during the step D was in eval mode: leave the modes alone, the",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    was = D.training
    D.eval()
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward()
    opt_G.step()
    D.train(was)
    return value.item()
""",
    ),
    "loss_after_the_step": (
        "G was called 2 times in one step: each step needs one batch of",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    z = torch.randn(n, latent)
    opt_G.zero_grad()
    loss(D(G(z))).backward()
    opt_G.step()
    with torch.no_grad():
        return loss(D(G(z))).item()
""",
    ),
    "wrong_player_cleared": (
        "gradients left in G from before joined this update: zero_grad comes",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    D.zero_grad()
    z = torch.randn(n, latent)
    value = loss(D(G(z)))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "seed_inside": (
        "two steps in a row used the same z: draw fresh noise in every step,",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    torch.manual_seed(0)
    z = torch.randn(n, latent)
    opt_G.zero_grad()
    value = loss(D(G(z)))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "one_code_at_a_time": (
        "times in one step: each step needs one batch of",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    opt_G.zero_grad()
    fakes = torch.cat([G(torch.randn(1, latent)) for _ in range(n)])
    value = loss(D(fakes))
    value.backward()
    opt_G.step()
    return value.item()
""",
    ),
    "probabilities": (
        "G moved, but not along the gradient of the given loss: a sigmoid",
        """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    z = torch.randn(n, latent, device=next(G.parameters()).device)
    prediction = torch.sigmoid(D(G(z)))
    g_loss = loss(prediction)
    opt_G.zero_grad()
    g_loss.backward()
    opt_G.step()
    return g_loss.item()
""",
    ),
}

RIGHT = {
    "gradients_for_G_only": """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    learners = [p for group in opt_G.param_groups for p in group["params"] if p.requires_grad]
    opt_G.zero_grad()
    value = loss(D(G(torch.randn(n, latent))))
    value.backward(inputs=learners)
    opt_G.step()
    return value.item()
""",
    "D_frozen_and_put_back": """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    flags = [(p, p.requires_grad) for p in D.parameters()]
    try:
        for p, _ in flags:
            p.requires_grad = False
        z = torch.empty((n, latent)).normal_(mean=0.0, std=1.0)
        value = loss(D(G(z)))
        opt_G.zero_grad(set_to_none=False)
        value.backward()
    finally:
        for p, flag in flags:
            p.requires_grad = flag
    opt_G.step()
    return float(value)
""",
    "one_network_of_two": """
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    def clear():
        G.zero_grad()
        opt_G.zero_grad()

    device = next((p.device for p in G.parameters()), torch.device("cpu"))
    clear()
    value = loss(nn.Sequential(G, D)(torch.randn(n, latent, device=device)))
    value.backward()
    opt_G.step()
    D.zero_grad()  # what arrived in D is of no use to anybody
    print("loss of G", round(value.item(), 3))
    return value.detach().cpu().tolist()
""",
}
