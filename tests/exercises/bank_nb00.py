"""Answers to the exercises of notebook 00: wrong ones with what the message must say, and different right ones."""

import math

import torch
from torch.nn.functional import logsigmoid, softplus


def weighted(f, x, weights):
    return torch.dot(weights / weights.sum(), f(x))


def in_a_loop(f, x, weights):
    return sum(w * y for w, y in zip(weights, f(x), strict=True)) / sum(weights)


def changes_its_weights(f, x, weights):
    weights /= weights.sum() if weights.sum() != 1 else 1
    x += 0.0
    x[0] = x[0] * 1.0 + 1e-12
    return (weights * f(x)).sum()


def by_cases(a):
    large = torch.where(a > 0, a, 0)
    small = torch.where(a > 0, 0, a)
    return torch.where(a > 0, -torch.log1p(torch.exp(-large)), small - torch.log1p(torch.exp(small)))


def scaled_down(x):
    low, high = x.min(), x.max()
    if high - low < 1e-9:
        return torch.zeros_like(x, dtype=torch.uint8)
    return ((x - low) / (high - low) * 255).round().to(torch.uint8)


def to_bytes_with_numpy(x):
    return torch.from_numpy((127.5 * x.double().numpy() + 127.5).clip(0, 255).round().astype("uint8"))


def with_torch_sgd(loss_of, parameters, lr):
    optimiser = torch.optim.SGD(parameters, lr=lr)
    optimiser.zero_grad()
    loss = loss_of()
    loss.backward()
    optimiser.step()
    return loss.item()


def with_autograd_grad(loss_of, parameters, lr):
    loss = loss_of()
    gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    for p, g in zip(parameters, gradients, strict=True):
        if g is not None:
            p.data -= lr * g
    return loss.item()


def step(
    *, zero=True, sign=-1.0, after=False, twice=False, rebind=False, use_rate=True, signs=False, tensor=False
):
    """A training step with one thing changed."""

    def answer(loss_of, parameters, lr):
        for p in parameters:
            if zero:
                p.grad = None
        if twice:
            loss_of()
        loss = loss_of()
        loss.backward()
        with torch.no_grad():
            for i, p in enumerate(parameters):
                if p.grad is None:
                    continue
                move = p.grad.sign() if signs else p.grad
                moved = p + sign * (lr if use_rate else 1.0) * move
                if rebind:
                    parameters[i] = moved
                else:
                    p.copy_(moved)
        if after:
            return loss_of().item()
        return loss if tensor else loss.item()

    return answer


GOOD = {1: "c", 2: "b", 3: "a", 4: "d", 5: "a", 6: "b", 7: "c", 8: "d", 9: "b", 10: "d"}

WRONG = {
    "expectation": [
        ("f of the mean", lambda f, x, w: f((w * x).sum() / w.sum()), "f(E x)"),
        ("equal weights", lambda f, x, w: f(x).mean(), "equal weights"),
        ("mean of the products", lambda f, x, w: (w * f(x)).mean(), "sum of the weights alone"),
        ("counts not normalised", lambda f, x, w: (w * f(x)).sum(), "counts"),
        ("weights reversed", lambda f, x, w: (w.flip(0) * f(x)).sum() / w.sum(), "wrong order"),
        ("one number per value", lambda f, x, w: w * f(x) / w.sum(), "one number was expected"),
        ("hard-coded", lambda f, x, w: torch.tensor(3.0), "expected 1.5"),
        ("square built in", lambda f, x, w: (w * x**2).sum() / w.sum(), "f = exp"),
        ("no gradient", lambda f, x, w: ((w * f(x)).sum() / w.sum()).item(), "no gradient"),
        ("softmax of the weights", lambda f, x, w: (w.softmax(0) * f(x)).sum(), "expected 3"),
        ("changes its input", changes_its_weights, "changed its input"),
    ],
    "log_sigmoid": [
        ("log of the sigmoid", lambda a: torch.sigmoid(a).log(), "not finite"),
        ("an epsilon", lambda a: (torch.sigmoid(a) + 1e-8).log(), "expected"),
        ("clamped sigmoid", lambda a: torch.sigmoid(a).clamp_min(1e-12).log(), "cut off"),
        ("softplus by hand", lambda a: -torch.log(1 + torch.exp(-a)), "not finite"),
        ("sign flipped", lambda a: softplus(-a), "sign is flipped"),
        ("the other class", lambda a: -softplus(a), "log(1 - sigma(a))"),
        ("sigmoid", torch.sigmoid, "sigma(a) itself"),
        ("base 2", lambda a: logsigmoid(a) / math.log(2), "base 2"),
        ("mean", lambda a: logsigmoid(a).mean(), "keep the shape"),
        ("no gradient", lambda a: logsigmoid(a.detach()), "no gradient"),
        ("always double", lambda a: logsigmoid(a.double()), "precision"),
        ("rounded tail", lambda a: a.clamp(max=0) - torch.log(1 + torch.exp(-a.abs())), "rounded to 1"),
        ("clamped logit", lambda a: logsigmoid(a.clamp(-50, 50)), "cut off"),
    ],
    "to_bytes": [
        ("no rounding", lambda x: ((x + 1) * 127.5).clamp(0, 255).to(torch.uint8), "round first"),
        ("wraps around", lambda x: ((x + 1) * 127.5).round().long().to(torch.uint8), "wrap around"),
        ("times 127", lambda x: ((x + 1) * 127).clamp(0, 255).round().to(torch.uint8), "127.5"),
        ("times 128", lambda x: ((x + 1) * 128).clamp(0, 255).round().to(torch.uint8), "127.5"),
        ("input taken as [0, 1]", lambda x: (x * 255).clamp(0, 255).round().to(torch.uint8), "not in [0, 1]"),
        ("floats", lambda x: ((x + 1) * 127.5).round(), "dtype"),
        (
            "flattened",
            lambda x: ((x + 1) * 127.5).clamp(0, 255).round().to(torch.uint8).flatten(),
            "keep the shape",
        ),
        ("stretched to the range", scaled_down, "nearest"),
        ("inverted", lambda x: ((1 - x) * 127.5).clamp(0, 255).round().to(torch.uint8), "black"),
        ("rounds up", lambda x: ((x + 1) * 127.5).clamp(0, 255).ceil().to(torch.uint8), "levels"),
    ],
    "sgd_step": [
        ("no zeroing", step(zero=False), "zero gradients"),
        ("uphill", step(sign=1.0), "up the gradient"),
        ("no learning rate", step(use_rate=False), "learning rate"),
        ("the sign alone", step(signs=True), "its size counts"),
        ("the loss afterwards", step(after=True), "loss after the step"),
        ("the loss twice", step(twice=True), "called 2 times"),
        ("rebinds", step(rebind=True), "in place"),
        ("returns the graph", step(tensor=True), "loss.item()"),
        ("only the first parameter", lambda f, p, lr: step()(f, p[:1], lr), "old gradient 7"),
        ("no loss", lambda f, p, lr: (step()(f, p, lr), 0.0)[1], "loss before the step"),
    ],
    "diagnostic": [
        ("one missed", GOOD | {6: "a"}, "9 of 10"),
        ("all a", dict.fromkeys(range(1, 11), "a"), "worth another look"),
        ("a hint per question", GOOD | {8: "a"}, "Autograd mechanics"),
        ("a list", list(GOOD.values()), "a dict"),
        ("one unanswered", GOOD | {3: ""}, "without an answer: 3"),
        ("a question too many", GOOD | {11: "a"}, "no question 11"),
        ("a letter that is none", GOOD | {4: "e"}, "letters a, b, c, d"),
        ("keys with q", {f"q{key}": letter for key, letter in GOOD.items()}, "keys are the numbers"),
        ("empty", {}, "without an answer"),
    ],
}

RIGHT = {
    "expectation": [
        ("a scalar product", weighted),
        ("a loop", in_a_loop),
        ("einsum", lambda f, x, w: torch.einsum("i,i->", w, f(x)) / w.sum()),
    ],
    "log_sigmoid": [
        ("torch's own", logsigmoid),
        ("softplus", lambda a: -softplus(-a)),
        ("logaddexp", lambda a: -torch.logaddexp(torch.zeros_like(a), -a)),
        ("by cases", by_cases),
    ],
    "to_bytes": [
        ("numpy", to_bytes_with_numpy),
        ("add a half and cut", lambda x: (x.double() * 127.5 + 128).clamp(0, 255).to(torch.uint8)),
        ("clamp first", lambda x: ((x.clamp(-1, 1) + 1) / 2 * 255).round().to(torch.uint8)),
    ],
    "sgd_step": [
        ("torch's SGD", with_torch_sgd),
        ("torch.autograd.grad", with_autograd_grad),
        ("a step of its own", step()),
    ],
    "diagnostic": [
        ("capitals", {key: letter.upper() for key, letter in GOOD.items()}),
        ("keys as text, any order", {str(key): f" {GOOD[key]} " for key in sorted(GOOD, reverse=True)}),
    ],
}
