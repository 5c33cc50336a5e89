# %% [markdown] id="title"
# # Problem set 1: the theory of the game
#
# Goes with notebooks 01 (generative and discriminative models), 02 (the best possible discriminator) and 03 (the vanilla GAN).
# 40 points, about 3 hours.
#
# | | task | points | minutes |
# |---|---|---|---|
# | 1 | `gaussian_logit`: from a generative model to logistic regression | 5 | 25 |
# | 2 | `histogram_discriminator`: the best judge of two finite samples | 5 | 20 |
# | 3 | `jensen_shannon`: for batches of laws, zeros included | 5 | 20 |
# | 4 | `regret`: what a discriminator gives away | 5 | 30 |
# | 5 | `pull_shares`: which fakes the generator listens to | 5 | 25 |
# | 6 | `play_linear_game`: does it spiral in or out? | 5 | 35 |
# | 7 | an equal loss, and pictures that stand still (in words) | 10 | 30 |
#
# Each task starts on paper: derive the formula first, then write the function. The functions are short; three to fifteen lines each.

# %% [markdown] id="rules"
# ## How this is graded
#
# **Tasks 1 to 6** are graded by a program, all or nothing for each task. Below each answer stands a cell with a few visible tests. They are
# *examples*, chosen so that you can follow them by hand; passing them is not yet full marks. When you hand in, your function is tried on hidden
# cases, with numbers drawn for you alone, and the feedback names the mistake that was seen. Everything that the hidden cases demand is said
# in the statement of the task. Task 7 is graded by a person.
#
# **Rules for all functions**
#
# * Tensors are `float64` on the CPU unless the task says otherwise, and so are results. All logarithms are natural; divergences and values are in *nats*.
# * A *law* is a tensor of probabilities along its **last** dimension: entries at least 0, sum 1. $p$ is always the law of the data, $g$ that of the generator.
# * Results must be right to $10^{-6}$ in tasks 1 and 6, and to $10^{-8}$ in the others, relative to 1 or to the largest entry of the result, if that is larger.
#   The visible tests and the hidden ones use the same tolerances.
# * A function must not change the tensors that it is given. Work on copies where you need to.
# * Arguments are passed by position. Keep the names of the functions. Helper functions are welcome, in the same cell.
# * Printing and warnings cost nothing.
# * You may use everything under `torch` (`torch.nn` too) and Python's standard library; what the cell below does not import, import in the cell of your answer. Count on no
#   other package when your work is graded; the course's own is not there.
# * Before you hand in: *Kernel → Restart and run all*. A result that rests on a deleted cell is lost.

# %% id="setup" kind="given"
import math

import torch
from torch import Tensor
from torch.nn import functional as F

# %% [markdown] id="task1"
# ## 1 · From a generative model to logistic regression (5 points)
#
# Notebook 01 has two classifiers for the same points: one fits $p(x\mid y)$ and $p(y)$ and uses Bayes' rule, the other fits $p(y=1\mid x)=\sigma(w^\top x+b)$ directly.
# If both classes are Gaussian *with one common covariance*, the two are the same family. Show it: let
#
# $$p(x\mid y=k)=\mathcal N(x;\mu_k,\Sigma),\quad k\in\{0,1\},\qquad p(y=1)=\pi ,$$
#
# write down $\log\frac{p(y=1\mid x)}{p(y=0\mid x)}$, watch the terms quadratic in $x$ cancel, and read off $w$ and $b$.
#
# Write `gaussian_logit(mu1, mu0, cov, prior1)`:
#
# * `mu1`, `mu0`: the means, shape `(d,)`, for any $d\ge1$; `cov`: $\Sigma$, shape `(d, d)`, symmetric and positive definite, in general *not* diagonal, and perhaps
#   nearly flat (its largest eigenvalue up to $10^4$ times its smallest); `prior1`: the float $\pi$. That of a very rare or a very frequent class may come too: anything
#   from $10^{-9}$ to $1-10^{-9}$, which `float32` rounds to 1.
# * Return the pair `(w, b)`: `w` of shape `(d,)`, and `b` as a float or a tensor with one element, such that
#   $\sigma(w^\top x+b)=p(y=1\mid x)$ for every $x$.

# %% id="gaussian_logit" kind="answer"
def gaussian_logit(mu1: Tensor, mu0: Tensor, cov: Tensor, prior1: float) -> tuple[Tensor, Tensor]:
    """The logit w.x + b of p(y = 1 | x) for two Gaussian classes with one covariance."""
    ### BEGIN SOLUTION
    # -(x - mu1).S^-1 (x - mu1) / 2 + (x - mu0).S^-1 (x - mu0) / 2: the terms x.S^-1 x cancel, the cross terms add up
    w = torch.linalg.solve(cov, mu1 - mu0)
    squares = mu0 @ torch.linalg.solve(cov, mu0) - mu1 @ torch.linalg.solve(cov, mu1)
    return w, squares / 2 + math.log(prior1) - math.log1p(-prior1)
    ### END SOLUTION


# %% id="test_gaussian_logit" kind="test" points=5
# One dimension, variance 4, means 3 and 1: w = (3 - 1) / 4. Half-way, at x = 2, only the prior counts: its logit is log 1/4.
w, b = gaussian_logit(*torch.tensor([[3.0], [1.0]]).double(), torch.tensor([[4.0]]).double(), 0.2)
assert (w.shape, w.dtype) == ((1,), torch.float64), f"w has shape {tuple(w.shape)} and dtype {w.dtype}"
assert abs(w.item() - 0.5) < 1e-6, f"w is {w.item()}, expected 0.5"
assert abs(2 * w.item() + float(b) - math.log(1 / 4)) < 1e-6, f"the logit at x = 2 is {2 * w.item() + float(b)}, expected log 1/4"
### BEGIN HIDDEN TESTS
probe("gaussian_logit", gaussian_logit)
### END HIDDEN TESTS

# %% [markdown] id="task2"
# ## 2 · The best judge of two finite samples (5 points)
#
# Notebook 02 warns of a judge that learns its examples by heart. Here is what it learns. Space is cut into cells $0,1,\dots,$ `cells` $-1$; all that $D$ sees of a point is its cell. Let $\hat p(c)$
# be the share of the *real* sample that lies in cell $c$, and $\hat g(c)$ the share of the *fake* sample. Find the $D$ that maximises
#
# $$V=\frac1n\sum_{i=1}^{n}\log D(x_i)+\frac1m\sum_{j=1}^{m}\log\bigl(1-D(\tilde x_j)\bigr),$$
#
# a mean over $n$ real points $x_i$ and a mean over $m$ fake points $\tilde x_j$.
#
# Write `histogram_discriminator(real, fake, cells)`:
#
# * `real` and `fake`: the cells of the points, `int64`, shapes `(n,)` and `(m,)`, $n,m\ge1$, in general $n\ne m$; `cells`: an int $\ge1$.
# * Return $D$, `float64` of shape `(cells,)`: the $D$ that maximises $V$, *exactly* as the samples are (no smoothing, no small constants:
#   in a rare cell of a large sample even $10^{-9}$ shows). A cell with real points only
#   gets 1, one with fake points only gets 0. Where neither sample has a point $V$ does not care; return $\tfrac12$ there.

# %% id="histogram_discriminator" kind="answer"
def histogram_discriminator(real: Tensor, fake: Tensor, cells: int) -> Tensor:
    """The D (cells,) that maximises V on these two samples."""
    ### BEGIN SOLUTION
    p = torch.bincount(real, minlength=cells).double() / len(real)
    g = torch.bincount(fake, minlength=cells).double() / len(fake)
    return torch.where(p + g > 0, p / (p + g), 0.5)  # Proposition 1, cell by cell
    ### END SOLUTION


# %% id="test_histogram_discriminator" kind="test" points=5
# Cell 0: 2 of 3 real points, 1 of 4 fake ones. Cell 1: real only. Cell 2: fake only. Cell 3: nobody.
d = histogram_discriminator(torch.tensor([1, 0, 0]), torch.tensor([0, 2, 2, 2]), 4)
right = torch.tensor([8 / 11, 1, 0, 1 / 2], dtype=torch.float64)
assert (d.shape, d.dtype) == ((4,), torch.float64), f"D has shape {tuple(d.shape)} and dtype {d.dtype}"
assert (d - right).abs().max() < 1e-8, f"D is {d.tolist()}, expected {right.tolist()}"
### BEGIN HIDDEN TESTS
probe("histogram_discriminator", histogram_discriminator)
### END HIDDEN TESTS

# %% [markdown] id="task3"
# ## 3 · Jensen-Shannon, for batches (5 points)
#
# With $m=\tfrac12(p+q)$, $\;\mathrm{JS}(p,q)=\tfrac12\,\mathrm{KL}(p\,\|\,m)+\tfrac12\,\mathrm{KL}(q\,\|\,m)$ and $\mathrm{KL}(p\,\|\,q)=\sum_x p(x)\log\frac{p(x)}{q(x)}$, where an $x$ with $p(x)=0$ adds nothing.
# Before you write code: why is $\mathrm{JS}$ finite even where one of the laws has no mass, while $\mathrm{KL}$ need not be? Why is it at most $\log2$?
#
# Write `jensen_shannon(p, q)`:
#
# * `p` and `q`: laws along the last dimension, shapes `(..., n)`. Leading dimensions broadcast as in torch: one law `(n,)` against a batch `(b, n)`, or `(2, 1, n)` against `(5, n)`. A leading dimension of length 1 stays.
# * Return the divergences in nats, one for each pair, shape `(...,)` after broadcasting (for two single laws a tensor of shape `()`; a float will do too).
# * Atoms may have mass 0 in one of the laws or in both. Treat zeros exactly: a constant of $10^{-8}$ or more, added to the probabilities, in a logarithm or outside of it, shows as an error.

# %% id="jensen_shannon" kind="answer"
def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """JS(p, q) in nats along the last dimension."""
    ### BEGIN SOLUTION
    m = (p + q) / 2
    terms = torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m)  # 0 log 0 = 0
    return terms.sum(-1) / 2
    ### END SOLUTION


# %% id="test_jensen_shannon" kind="test" points=5
coins = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]).double()  # heads only, tails only, fair
js = jensen_shannon(coins[0], coins)  # one law against three
assert js.shape == (3,), f"one law (2,) against a batch (3, 2) gives shape {tuple(js.shape)}, expected (3,)"
right = torch.tensor([0, math.log(2), 0.75 * math.log(4 / 3)], dtype=torch.float64)  # equal, disjoint, in between
assert (js - right).abs().max() < 1e-8, f"heads against heads, tails, fair coin: {js.tolist()}, expected {right.tolist()}"
### BEGIN HIDDEN TESTS
probe("jensen_shannon", jensen_shannon)
### END HIDDEN TESTS

# %% [markdown] id="task4"
# ## 4 · What a discriminator gives away (5 points)
#
# $D^*$ is the best discriminator, so any other one gives away some of the value of the game. Call this its *regret*,
#
# $$R(D)=V(D^*,G)-V(D,G)\;\ge\;0,\qquad V(D,G)=\sum_x\bigl[\,p(x)\log D(x)+g(x)\log(1-D(x))\,\bigr],\qquad D=\sigma(a).$$
#
# (Goodfellow et al. 2014, equation 1 and Proposition 1.) You know $V(D^*,G)=-\log4+2\,\mathrm{JS}(p,g)$ from Theorem 1; use it, or use $D^*$, but not blindly:
# both have places where a computer meets $0\cdot\log0$ or $1-D^*=0$.
#
# Write `regret(p, g, a)`:
#
# * `p`, `g`, `a`: one shape `(..., n)`; `p` and `g` are laws along the last dimension, `a` holds the *logits* of $D$ at the atoms.
# * Return $R$, shape `(...,)`, one number for each pair of laws (for a single pair, a tensor of shape `()` or a float).
# * Right for logits from $-100$ to $100$, also where $D$ is sure and wrong (then $R$ is large, and finite), for atoms with mass 0 in one law or in both,
#   and for atoms with as little as $10^{-30}$ in one of them. ($\sigma(40)$ is already rounded to 1.)

# %% id="regret" kind="answer"
def regret(p: Tensor, g: Tensor, a: Tensor) -> Tensor:
    """V(D*, G) - V(D, G) for D = sigmoid(a)."""
    ### BEGIN SOLUTION
    # log D* = log p - log(p + g): nothing is rounded to 0 or 1 on the way
    best = (torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)).sum(-1)
    value = (p * F.logsigmoid(a) + g * F.logsigmoid(-a)).sum(-1)  # log(1 - sigmoid(a)) = log sigmoid(-a)
    return best - value
    ### END SOLUTION


# %% id="test_regret" kind="test" points=5
fair = torch.tensor([0.5, 0.5]).double()
zero, sure = torch.zeros(2).double(), torch.tensor([100.0, 0.0]).double()
assert abs(regret(fair, fair, zero)) < 1e-8, "equal laws and D = 1/2 everywhere: that is D*, its regret is 0"
# Equal laws, but D is sure that atom 0 is real: the half of the fakes that lie there cost log(1 - D) = -100.
assert abs(regret(fair, fair, sure) - (50 - math.log(2))) < 49 * 1e-8, f"expected 49.3069, got {float(regret(fair, fair, sure)):.4f}"
### BEGIN HIDDEN TESTS
probe("regret", regret)
### END HIDDEN TESTS

# %% [markdown] id="task5"
# ## 5 · Which fakes the generator listens to (5 points)
#
# The generator sees a batch of $n$ fakes through their logits $a_1,\dots,a_n$. Its gradient is a sum over the batch, and fake $i$ enters it with the slope of *its own* loss in
# *its own* logit, $s_i=\partial L(a_i)/\partial a_i$. The larger $|s_i|$, the more this fake moves $G$. The two losses of notebook 02 are
#
# $$\texttt{"minimax"}:\;L(a)=\log(1-\sigma(a)),\qquad\qquad\texttt{"non-saturating"}:\;L(a)=-\log\sigma(a).$$
#
# Notebook 02 compares the two *sizes* for one fake; here the question is who gets the attention *within a batch*. Derive $|s_i|$ for both losses and think before you compute: which fakes
# does each loss listen to, those that $D$ believes or those that it rejects?
#
# Write `pull_shares(a, loss)`:
#
# * `a`: logits, shape `(n,)`, $n\ge1$; `loss`: one of the two strings above.
# * Return the shares $|s_i|\,/\sum_j|s_j|$, shape `(n,)`: non-negative, sum 1.
# * Right for logits anywhere from $-1000$ to $1000$. At $a=-1000$ the minimax slope is about $e^{-1000}$, which no `float64` can hold; but if *all* logits lie down there, the shares
#   are ordinary numbers all the same.

# %% id="pull_shares" kind="answer"
def pull_shares(a: Tensor, loss: str) -> Tensor:
    """The share of each fake in the sum of the sizes of the slopes."""
    ### BEGIN SOLUTION
    # minimax: |s| = sigmoid(a); non-saturating: |s| = 1 - sigmoid(a) = sigmoid(-a)
    log_size = F.logsigmoid(a if loss == "minimax" else -a)
    return torch.softmax(log_size, 0)  # sizes over their sum, computed from their logarithms
    ### END SOLUTION


# %% id="test_pull_shares" kind="test" points=5
a = torch.tensor([math.log(1 / 4), math.log(4)]).double()  # D = 0.2 and D = 0.8
for loss, right in (("minimax", [0.2, 0.8]), ("non-saturating", [0.8, 0.2])):
    shares = pull_shares(a, loss)
    assert shares.shape == (2,), f"two fakes get two shares, not a tensor of shape {tuple(shares.shape)}"
    assert (shares - torch.tensor(right, dtype=torch.float64)).abs().max() < 1e-8, f"{loss}: expected {right}, got {shares.tolist()}"
### BEGIN HIDDEN TESTS
probe("pull_shares", pull_shares)
### END HIDDEN TESTS

# %% [markdown] id="task6"
# ## 6 · Does it spiral in or out? (5 points)
#
# Two players with vectors $x\in\mathbb R^n$ and $y\in\mathbb R^m$ play
#
# $$\min_x\max_y\;V(x,y)=x^\top M\,y-\frac\gamma2\,\lVert y\rVert^2 ,\qquad M\in\mathbb R^{n\times m},\ \gamma\ge0 ,$$
#
# with equilibrium $x=0$, $y=0$. It is the game $xy$ of notebook 02 with more coordinates, and with a penalty on $y$: near its equilibrium, a GAN whose discriminator pays for its
# gradients looks like this (the point game of notebook 03). Both take gradient steps of length $\eta$: $x$ *descends* $V$, $y$ *ascends* it.
#
# * `"simultaneous"`: both gradients are taken at the old $(x,y)$, then both players move.
# * `"alternating"`: $x$ moves first; the gradient of $y$ is taken at the *new* $x$ and the old $y$.
#
# One round is a linear map, $\binom xy\leftarrow A\binom xy$. If you play long enough, the distance to the equilibrium is multiplied in each round, on average over many rounds and for almost every start,
# by the **spectral radius** of $A$: the largest modulus $|\lambda|$ of its (in general complex) eigenvalues. Larger than 1: the game runs away. Smaller than 1: it settles.
# Exactly 1 happens too: then the game stands still in some directions, or goes round in them for ever.
#
# Write `play_linear_game(M, gamma, x, y, lr, rounds, order)`:
#
# * `M`: shape `(n, m)`, in general neither square nor symmetric; `gamma`: the float $\gamma$; `x`, `y`: the start, shapes `(n,)` and `(m,)`; `lr`: the float $\eta>0$; `rounds`: an int $\ge1$; `order`: one of the two strings.
# * Return the pair `(path, factor)`. `path`: shape `(rounds + 1, n + m)`; row 0 is the start and row $t$ the state after round $t$, $x$ first and then $y$. `factor`: the spectral radius of $A$, as a float
#   or a tensor of shape `()`. It is a property of the game, not of the path: a path of few rounds, or one that starts at 0, does not show it.
#
# Then play (not graded): with $M=1$, $\gamma=0$ no $\eta$ makes simultaneous play settle. With $\gamma=0.5$, which ones do? What does alternating play change?

# %% id="play_linear_game" kind="answer"
def play_linear_game(
    M: Tensor, gamma: float, x: Tensor, y: Tensor, lr: float, rounds: int, order: str
) -> tuple[Tensor, Tensor]:
    """The path (rounds + 1, n + m) of gradient play, and the spectral radius of one round."""

    ### BEGIN SOLUTION
    def one_round(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        new_x = x - lr * (M @ y)  # dV/dx = M y
        seen = new_x if order == "alternating" else x
        return new_x, y + lr * (M.T @ seen - gamma * y)  # dV/dy = M^T x - gamma y

    path = [torch.cat([x, y])]
    for _ in range(rounds):
        x, y = one_round(x, y)
        path.append(torch.cat([x, y]))
    # The columns of A: one round from each unit vector.
    units = torch.eye(len(x) + len(y), dtype=M.dtype)
    A = torch.stack([torch.cat(one_round(unit[: len(x)], unit[len(x) :])) for unit in units], 1)
    return torch.stack(path), torch.linalg.eigvals(A).abs().max()
    ### END SOLUTION


# %% id="test_play_linear_game" kind="test" points=5
one, start = torch.ones(1, 1).double(), torch.tensor([[1.0], [0.0]]).double()
for order, end, growth in (("simultaneous", [0.75, 1.0], math.sqrt(1.25)), ("alternating", [0.75, 0.875], 1.0)):
    path, factor = play_linear_game(one, 0.0, *start, 0.5, 2, order)
    assert (path.shape, path.dtype) == ((3, 2), torch.float64), f"path: shape {tuple(path.shape)}, dtype {path.dtype}"
    assert (path[2] - torch.tensor(end).double()).abs().max() < 1e-6, f"{order}: after two rounds {end}, not {path[2].tolist()}"
    assert abs(float(factor) - growth) < 1e-6, f"{order}: the factor is {growth:.4f}, not {float(factor):.4f}"
### BEGIN HIDDEN TESTS
probe("play_linear_game", play_linear_game)
### END HIDDEN TESTS

# %% [markdown] id="task7"
# ## 7 · An equal loss, and pictures that stand still (10 points, in words)
#
# A friend trains a GAN on photographs with the two losses of notebook 03: $L_D$, the *sum* of the mean of $-\log D(x)$ over real and the mean of $-\log(1-D(G(z)))$ over fake pictures, and
# $L_G$, the mean of $-\log D(G(z))$. The two players take turns, one Adam step each. From round 500 on, every line of the log reads $L_D=1.386$, $L_G=0.693$, give or take 1 in the last digit. The sheet of samples, drawn every 100 rounds from
# the same 64 noise vectors, shows coloured blurs, and *it does not change any more*, as far as the eye can tell. The friend writes:
#
# > "$V=-L_D=-2\log2=-\log4$. By Theorem 1 of Goodfellow et al. (2014) that is the global minimum, and it is reached only at $p_g=p_{\text{data}}$. My GAN has converged; the blurs need more pixels."
#
# Answer in 300 to 600 words, formulas and a table welcome:
#
# * **(a)** (2 points) Which premise of the theorem does the conclusion need and the log not show? Prove that it matters by a smallest example: two laws on finitely many points with
#   $\mathrm{JS}=\log2$, and a family of discriminators whose *best* member has $V=-\log4$.
# * **(b)** (2 points) Suppose $D(x)=\tfrac12$ for every picture $x$. What is the slope of $L_G$ in the logit of a fake, and what is the gradient that arrives at $G$'s parameters? Would the minimax loss help?
# * **(c)** (4 points) Give three *different* explanations of the whole log, equal losses *and* still pictures; at least one a slip in the code and at least one not. For each, name a measurement, and say what it
#   shows under this explanation and under the other two. Say also why this one is *not* enough: "the optimiser of $G$ was given no parameters of $G$, all else is in order".
# * **(d)** (2 points) Which measurement do you ask your friend for first, and why that one? What do you advise for each of its outcomes?

# %% [markdown] id="equal_loss" kind="written" points=10
# ### BEGIN SOLUTION
# **(a)** Theorem 1 is about $C(G)=\max_D V(D,G)$, the value at the *best of all* discriminators. The log shows $V$ at the friend's own $D$. From $V(D,G)\le C(G)=-\log4+2\,\mathrm{JS}$ follows only
# $\mathrm{JS}\ge0$: nothing. Example: $p$ puts $\tfrac12$ on $-1$ and on $1$, $g$ everything on $0$; they share no point, so $\mathrm{JS}=\log2$ and $C=0$. Let $D$ have the logit $wx+b$. $V$ is concave in $(w,b)$ and
# does not change when $w$ changes its sign, so its maximum has $w=0$; then $V=\log\sigma(b)+\log\sigma(-b)$ is largest at $b=0$, where it is $-\log4$. (Constant discriminators would do as well.)
#
# **(b)** In the logit, the slope is $-(1-\sigma(0))=-\tfrac12$: not small. But $\nabla_\theta L_G=\mathbb E\,[-(1-D)\,\nabla_x a(x)\cdot\partial_\theta G(z)]$, and where $D$ is $\tfrac12$ for *every* picture its logit $a$ is 0 everywhere and
# $\nabla_xa=0$. The gradient of $G$ is exactly zero, so $G$ stands still. The minimax loss has the slope $-\tfrac12$ as well and the same factor $\nabla_xa=0$: it does not help. (Adam's momentum moves $G$ on for a few rounds.)
#
# **(c)** Only a flat $D$ explains both signs: one that says $\tfrac12$ to everything. A $G$ without moving parameters alone does not: against a $G$ that stands still, a working $D$ sees blurs and photographs in each step,
# learns to separate them within a few rounds, and $L_D$ falls towards 0. The log says 1.386.
#
# | explanation | $D$'s real and fake batch, looked at | weights of $D$ before and after a step | a fresh $D$ of the *same* size, trained by other code against the frozen $G$ |
# |---|---|---|---|
# | 1, no slip: $D$ has died. After one large step all its ReLUs are off, and its last bias has gone to 0 | photographs, fakes | first layers do not move at all | $L_D$ falls |
# | 2, slip: the fakes stand in both places, and $D$ has learned that nothing tells them apart | fakes, fakes | move a little, to and fro | $L_D$ falls |
# | 3, no slip: $D$ is too weak for the difference, for instance it sees only the mean colour, which $G$ has matched | photographs, fakes | move a little, to and fro | $L_D$ stays; it falls for a larger $D$ |
#
# The first column tells 2 from 1 and 3, the second 1 from 2 and 3, the third 3 from 1 and 2. (That $p_g=p_{\text{data}}$ would show itself by a fresh, *larger* $D$ that stays at 1.386 on held-out pictures. The blurs speak against it.)
#
# **(d)** First: freeze $G$ and train a fresh, larger $D$ on photographs against fakes for a few hundred rounds, and watch $L_D$ on *held-out* pictures. It takes minutes, and it tests the friend's claim itself. If $L_D$ stays at 1.386, the claim
# survives so far, and FD or a 1-NN test come next. If it falls, the claim is refuted, and the fault lies in the old $D$ or in how it was fed: print its logits on one batch of photographs and one of fakes, look at both batches, compare its weights before and
# after a step. Dead: start $D$ again with leaky ReLUs and a smaller step. Fed wrongly: repair the batch. Too weak: a larger $D$.
#
# **Marks**
#
# - **The premise (1).** Theorem 1 is about the best of all discriminators, max over D; the log shows V at this one. 0 for "training may not
#   have converged" without that.
# - **The example (1).** Laws without a common point, a family of discriminators, and a reason why no member of it does better than -log 4.
#   0 without the reason. Constant discriminators are enough.
# - **The gradient (2).** 2: slope -1/2 in the logit, *and* zero at G's parameters because the logit does not depend on x, so that minimax does
#   not help. 1: two of these three, or all three without a reason. 0: "the loss saturates", or "zero because G is optimal".
# - **Three explanations (2).** 2: three different causes, each of which gives equal losses *and* still pictures; one is a slip in the code and
#   one is not. 1: two such causes, or three of which one explains half of the log only. 0: fewer.
# - **Measurements (1).** Outcomes are predicted for all three, and every two explanations are told apart by one of them. 0 for measurements
#   without predicted outcomes ("look at the pictures", "compute the FD").
# - **G alone (1).** Against a G that stands still a working D learns to tell the two apart, so L_D falls.
# - **What first (1).** One measurement with a reason: it is cheap, or it tests the friend's claim, or it splits the explanations best.
# - **The advice (1).** One for *each* outcome of that measurement. 0 for a list of tricks that does not depend on it.
# ### END SOLUTION
