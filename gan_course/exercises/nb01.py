"""Checks of notebook 01: Bayes' rule, sampling, filling in, squared error, two-sample tests."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gan_course.exercises.checking import Attempt, ToDo, Wrong, call, close, rows, scalar
from gan_course.training.seeding import generator


def vector(*values: float) -> Tensor:
    """A float64 vector."""
    return torch.tensor(values, dtype=torch.float64)


def check_bayes_posterior(answer: Attempt) -> None:
    """p(y | x) by Bayes' rule: values, rows, priors, stability at +-1000, batches of one."""
    zoo_prior, zoo = (
        vector(0.5, 0.5).log(),
        torch.stack([vector(0.6, 0.3, 0.1), vector(0.2, 0.3, 0.5)], 1).log(),
    )
    expected = torch.stack([vector(0.75, 0.5, 1 / 6), vector(0.25, 0.5, 5 / 6)], 1)
    found = rows(call(answer, zoo_prior, zoo), (3, 2))
    if close(found, expected.log(), 1e-5):
        raise Wrong("you returned log p(y | x); the probabilities themselves are wanted")
    if close(found, (zoo + zoo_prior).exp(), 1e-5):
        raise Wrong("you returned the joint p(y) p(x | y): it is still to be divided by p(x), the sum over y")
    if close(found.sum(0), torch.ones(2, dtype=torch.float64)) and not close(found, expected):
        raise Wrong("your columns sum to 1, not your rows: normalise over y (dim 1), for each x by itself")
    if not close(found, expected):
        raise Wrong(
            f"a small animal of section 2 is a cat with probability 0.75; you returned {found[0, 0]:.4f}"
        )
    skewed = rows(call(answer, vector(0.99, 0.01).log(), zoo), (3, 2))
    if close(skewed, expected, 1e-3):
        raise Wrong("the prior has no effect in your answer: weigh p(x | y) with p(y)")
    if abs(skewed[0, 0].item() - 0.594 / 0.596) > 1e-6:
        raise Wrong(
            f"with prior 0.99, 0.01 the first row starts with 0.594 / 0.596; you have {skewed[0, 0]:.6f}"
        )
    for level in (-1000.0, 1000.0):
        far = call(answer, zoo_prior, zoo + level)
        if isinstance(far, Tensor) and not (torch.isfinite(far).all() and close(far.double(), expected)):
            raise Wrong(
                f"log densities near {level:.0f} give {far[0].tolist()} instead of [0.75, 0.25]: subtract the largest "
                "entry of each row before you exponentiate (log-sum-exp)"
            )
    mixed = rows(call(answer, zoo_prior, torch.stack([vector(-1000, -1001), vector(1000, 999)])), (2, 2))
    if not close(mixed[:, 0], torch.sigmoid(vector(1, 1))):
        raise Wrong(
            "rows at -1000 and +1000 in one batch: subtract the maximum of each row, not of the batch"
        )
    spread = call(answer, zoo_prior, torch.stack([vector(-1000, 1000), vector(1000, -1000)]))
    if not (torch.isfinite(spread).all() and close(spread.double(), torch.eye(2).double().flip(0))):
        raise Wrong("log densities of -1000 and +1000 in one row overflow: subtract the largest of the row")
    if spread.dtype != torch.float64:
        raise Wrong(f"float64 posteriors were expected, not {spread.dtype}")
    generic = torch.randn(1, 5, generator=generator(0), dtype=torch.float64)
    prior = torch.log_softmax(torch.randn(5, generator=generator(1), dtype=torch.float64), 0)
    if not close(rows(call(answer, prior, generic), (1, 5)), torch.softmax(prior + generic, 1)):
        raise Wrong("one row with five classes comes out wrong: does your answer assume two classes?")


def check_gaussian_sampler(answer: Attempt) -> None:
    """Fit and sample: shape, dtype, randomness from rng alone, mean, covariance and Gaussian shape."""
    L = torch.tensor([[2.0, 0.0, 0.0], [1.5, 0.5, 0.0], [0.0, -0.6, 1.0]], dtype=torch.float64)
    centre = vector(3.0, -1.0, 0.5)
    x = (
        centre
        + (torch.rand(4000, 3, generator=generator(0), dtype=torch.float64) - 0.5) * math.sqrt(12) @ L.T
    )
    for n in (1, 7):
        found = call(answer, x, n, generator(1))
        if rows(found, (n, 3)) is not None and found.dtype != torch.float64:
            raise Wrong(f"float64 rows were expected, not {found.dtype}: pass dtype=x.dtype to torch.randn")
    if (found == found[0]).all():
        raise Wrong("seven draws came out as the same row: draw noise of shape (n, d), not (1, d)")
    if not torch.equal(call(answer, x, 5, generator(1)), call(answer, x, 5, generator(1))):
        raise Wrong(
            "two generators in the same state give different rows: draw from rng and from nothing else"
        )
    rng = generator(2)
    if torch.equal(call(answer, x, 5, rng), call(answer, x, 5, rng)):
        raise Wrong("a second call with the same rng repeats the rows: draw from rng, and do not reseed it")
    _check_gaussian_moments(rows(call(answer, x, 40_000, generator(3)), (40_000, 3)), x)
    plane = x[:50, :2]
    drawn = 100 * rows(call(answer, plane / 100, 20_000, generator(4)), (20_000, 2))
    if not close(drawn.T.cov(), plane.T.cov(), 0.35) or not close(drawn.mean(0), plane.mean(0), 0.1):
        raise Wrong(
            "on a second, small-scaled data set (50 rows, d = 2, std about 0.02) mean or covariance is off: fit them "
            "to the x given and add nothing to them"
        )


def _check_gaussian_moments(drawn: Tensor, x: Tensor) -> None:
    """Compare draws (n, 3) with the Gaussian fitted to x, and name the usual slips."""
    cov, found = x.T.cov(), drawn.T.cov()
    if not close(drawn.mean(0), x.mean(0), 0.06):
        raise Wrong(f"the mean of your draws is {drawn.mean(0).tolist()}, that of x {x.mean(0).tolist()}")
    L = torch.linalg.cholesky(cov)
    slips = {
        "your coordinates are independent: the covariances between them are lost": torch.diag(cov.diagonal()),
        "your draws have covariance L^T L instead of L L^T: for rows z, multiply by L transposed": L.T @ L,
        "your draws have covariance cov^2: multiply z by a square root of cov (Cholesky), not by cov": cov
        @ cov,
        "your draws have covariance 1: scale z by a square root of the covariance": torch.eye(3).double(),
    }
    for message, slip in slips.items():
        if (found - slip).norm() < 0.05 * slip.norm():
            raise Wrong(message)
    if not close(found, cov, 0.15):
        raise Wrong(f"the covariance of your draws is {found.tolist()}, expected about {cov.tolist()}")
    white = torch.linalg.solve_triangular(L, (drawn - x.mean(0)).T, upper=False)
    if (white**4).mean() < 2.7:
        raise Wrong("your draws are not Gaussian (tails too light): are they rows of x, or uniform noise?")


def check_fill_in(answer: Attempt) -> None:
    """The conditional mean: a hand-computable case, shapes, NaN in hidden places, visible entries untouched."""
    mean, hidden = vector(1.0, 2.0), torch.tensor([False, True])
    cov = torch.tensor([[4.0, 2.0], [2.0, 9.0]], dtype=torch.float64)
    x = torch.tensor([[3.0, 50.0]], dtype=torch.float64)
    found = rows(call(answer, mean, cov, x, hidden), (1, 2))
    if abs(found[0, 0].item() - 3) > 1e-9:
        raise Wrong(f"the visible entry 3 became {found[0, 0]:.4f}: visible entries stay as they are")
    value = found[0, 1].item()
    slips = {
        50.0: "the hidden entry kept its old value: has the mask the other sense in your code?",
        2.0: "you filled in the mean of the hidden coordinate; what is visible should shift it",
        6.0: "S_vv^-1 is missing: divide by the variance of the visible part",
        1.0: "you added S_hv S_vv^-1 (x_v - mu_v) without mu_h",
        3.5: "x_v was not centred: use x_v - mu_v",
        2.0 + 4 / 9: "you divided by S_hh; the regression on what is visible divides by S_vv",
        1.0 + 2.0: "",
    }
    if abs(value - 3.0) > 1e-6:  # mu_h + 2 / 4 * (3 - 1) = 3
        reason = next(
            (text for slip, text in slips.items() if abs(value - slip) < 1e-6), "check S_hv S_vv^-1"
        )
        raise Wrong(
            f"mean (1, 2), cov [[4, 2], [2, 9]], x_1 = 3: E[x_2 | x_1] = 3, you have {value:.4f}. {reason}"
        )
    rng = generator(5)
    A = torch.randn(5, 5, generator=rng, dtype=torch.float64)
    cov, mean = A @ A.T + torch.eye(5), torch.randn(5, generator=rng, dtype=torch.float64)
    for n, places in ((1, [2]), (3, [0, 3]), (4, [0, 1, 2, 4])):
        hidden = torch.zeros(5, dtype=torch.bool)
        hidden[places] = True
        x = torch.randn(n, 5, generator=rng, dtype=torch.float64)
        found = rows(call(answer, mean, cov, x, hidden), (n, 5))
        _check_conditional_mean(found, mean, cov, x, hidden)
        with_nan = x.masked_fill(hidden, math.nan)
        if not torch.isfinite(call(answer, mean, cov, with_nan, hidden)).all():
            raise Wrong(
                "NaN in the hidden places of x spreads into your answer: use x only where it is visible"
            )


def _check_conditional_mean(found: Tensor, mean: Tensor, cov: Tensor, x: Tensor, hidden: Tensor) -> None:
    """Judge by the precision matrix P, independent of the solution: P_hh (x_h - mu_h) = -P_hv (x_v - mu_v)."""
    precision = torch.linalg.inv(cov)
    if not torch.equal(found[:, ~hidden], x[:, ~hidden]):
        raise Wrong("visible entries changed: only the hidden ones are to be replaced")
    residual = (found - mean) @ precision[:, hidden]
    if not close(residual, torch.zeros_like(residual), 1e-6):
        raise Wrong(
            f"{int(hidden.sum())} of 5 coordinates hidden, {len(x)} rows: the hidden entries are not the conditional "
            "mean mu_h + S_hv S_vv^-1 (x_v - mu_v)"
        )


def check_mse_prediction(answer: Attempt) -> None:
    """Mean, variance and median of +3 (0.8) and -3 (0.2)."""
    prediction = answer.value
    if not isinstance(prediction, dict) or set(prediction) != {"squared", "loss", "absolute"}:
        raise Wrong("a dictionary with the keys 'squared', 'loss' and 'absolute' was expected")
    if all(value is ... or value is None for value in prediction.values()):
        raise ToDo
    unanswered = [key for key, value in prediction.items() if value is ... or value is None]
    if unanswered:
        raise Wrong(f"still without a number: {', '.join(unanswered)}")
    found = {key: scalar(value) for key, value in prediction.items()}
    if abs(found["squared"] - 1.8) > 0.01:
        hint = "the most frequent target minimises the absolute error" if found["squared"] == 3 else ""
        hint = "the two targets are not equally likely" if found["squared"] == 0 else hint
        raise Wrong(f"squared: d/da E(a - x)^2 = 2 (a - E x), so a is the mean of the targets. {hint}")
    if abs(found["loss"] - 5.76) > 0.01:
        hint = "that is its square root" if abs(found["loss"] - 2.4) < 0.01 else ""
        hint = "that is E x^2: subtract the square of the mean" if abs(found["loss"] - 9) < 0.01 else hint
        raise Wrong(f"loss: at the mean, the mean squared error is the variance of the targets. {hint}")
    if abs(found["absolute"] - 3) > 0.01:
        raise Wrong(
            "absolute: the derivative is P(x < a) - P(x > a), so a is a median, where half lies on each side"
        )


def check_judge_accuracy(answer: Attempt) -> None:
    """Balanced accuracy from logits: threshold 0, ties, unequal lengths."""
    cases = [
        (vector(2, 1, 0.7), vector(-1, -2, -0.6), 1.0, "three real logits above 0 and three fake ones below"),
        (
            vector(-2, -1, -0.8),
            vector(1, 2, 0.8),
            0.0,
            "every answer is wrong, yet 0.5 or 1 came out; no folding at 1/2",
        ),
        (vector(0.3, 0.2), vector(-1, 0.3), 0.75, "logits, not probabilities: the threshold is 0, not 1/2"),
        (
            vector(1.0),
            vector(-1, 1, 1, 1),
            0.625,
            "lengths 1 and 4: average the two shares, not all five answers",
        ),
        (vector(1, 1, 1, 1), vector(1.0), 0.5, "always 'real', lengths 4 and 1: balanced accuracy is 1/2"),
        (vector(0.0, 0.0), vector(0.0), 0.5, "logits of exactly 0 count as half right, on both sides"),
        (vector(0.0, 1.0), vector(-1.0), 0.875, "a logit of exactly 0 counts as half right"),
        (vector(1.0), vector(0.0, -1.0), 0.875, "a fake logit of exactly 0 counts as half right"),
        (vector(200.0, -0.001), vector(-200.0), 0.75, "size does not matter, only the sign does"),
        (vector(1e-20, 1.0), vector(-1e-20), 1.0, "the smallest logit has a sign: compare logits with 0"),
    ]
    for real, fake, expected, reason in cases:
        found = scalar(call(answer, real, fake))
        if expected > 0.5 and abs(found - 1 + expected) < 1e-9:
            raise Wrong(
                f"you returned {found:.4f} instead of {expected}: real and fake are exchanged, or errors counted"
            )
        if abs(found - 100 * expected) < 1e-6 and expected > 0:
            raise Wrong("a share between 0 and 1 is wanted, not a percentage")
        if not abs(found - expected) < 1e-6:
            raise Wrong(
                f"real {real.tolist()}, fake {fake.tolist()}: expected {expected}, got {found:.4f}. {reason}"
            )


def check_best_judge(answer: Attempt) -> None:
    """sum max(s p, (1 - s) q): equal, disjoint and hand-computable laws, unequal shares."""
    p, q = vector(0.5, 0.3, 0.2, 0.0), vector(0.1, 0.3, 0.2, 0.4)
    cases = [
        (p, p, 0.5, 0.5, "equal laws: no judge is better than chance"),
        (vector(1, 0), vector(0, 1), 0.5, 1.0, "disjoint laws: the best judge is always right"),
        (p, q, 0.5, 0.7, "TV is 0.4, so 1/2 + TV / 2 = 0.7"),
        (p, p, 0.9, 0.9, "equal laws, nine in ten real: always saying 'real' is right nine times in ten"),
        (p, p, 0.2, 0.8, "equal laws, two in ten real: always saying 'fake' is right eight times in ten"),
        (p, q, 0.8, 0.88, "masses s p = (.40, .24, .16, 0), (1 - s) q = (.02, .06, .04, .08)"),
        (p, q, 1.0, 1.0, "only real samples"),
        (p, q, 0.0, 1.0, "only fake samples"),
    ]
    for real, fake, share, expected, reason in cases:
        found = scalar(call(answer, real, fake, share))
        slips = {
            1 - expected: "that is the error of the best judge, not its accuracy",
            0.5
            + 0.5 * (real - fake).abs().sum().item(): "TV is half of sum |p - q|: a factor of 2 is missing",
            0.5 * (real - fake).abs().sum().item(): "that is TV itself",
        }
        if not abs(found - expected) < 1e-6:
            hint = next((text for slip, text in slips.items() if abs(found - slip) < 1e-6), "")
            raise Wrong(f"share {share}: expected {expected}, got {found:.4f} ({reason}). {hint}")
    rng = generator(6)
    p, q = (torch.softmax(torch.randn(9, generator=rng, dtype=torch.float64), 0) for _ in range(2))
    expected = 0.5 + 0.5 * (0.3 * p - 0.7 * q).abs().sum().item()  # max(a, b) = (a + b + |a - b|) / 2
    if abs(scalar(call(answer, p, q, 0.3)) - expected) > 1e-6:
        raise Wrong("laws on nine atoms with share 0.3 come out wrong: does your answer assume four atoms?")
