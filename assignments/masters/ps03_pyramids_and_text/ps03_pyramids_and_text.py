# %% [markdown] id="title"
# # Problem set 3: pyramids
#
# Goes with notebook 06 (LAPGAN). 30 points, about 3 hours.
#
# | | task | points | minutes |
# |---|---|---|---|
# | 1 | `blur_and_decimate` and `expand`: the two ways of a pyramid | 5 | 35 |
# | 2 | `laplacian` and `reconstruct`: exact, whatever the ways do | 5 | 25 |
# | 3 | `level_losses`: what D and G of one level pay | 5 | 30 |
# | 4 | `sample_chain`: from noise to a fine picture | 5 | 25 |
# | 5 | three sentences about a chain (in words) | 10 | 60 |
#
# Each task starts on paper: write the formula down first, then the function. The functions are short; three to fifteen lines each.

# %% [markdown] id="rules"
# ## How this is graded
#
# **Tasks 1 to 4** are graded by a program, all or nothing for each task. Below each answer stands a cell with a few visible tests. They are
# *examples*, chosen so that you can follow them by hand; passing them is not yet full marks. When you hand in, your functions are tried on hidden
# cases, with numbers drawn for you alone, and the feedback names the mistake that was seen. Everything that the hidden cases demand is said
# in the statement of the task. Task 5 is graded by a person.
#
# **Rules for all functions**
#
# * Images are tensors `(n, c, h, w)`: $n$ images, $c$ channels, height, width, with any $n,c,h,w\ge1$; heights and widths may be odd and need not be equal.
#   A `size` is a tuple `(height, width)` of ints. Pixel values may be any numbers, also outside of $[-1,1]$: **clamp nothing**.
# * Tensors are `float64` on the CPU, and so are results; this goes for the weights of networks as well. All logarithms are natural.
# * Results must be right to $10^{-8}$, relative to 1 or to the largest entry of the result, if that is larger. The visible tests and the hidden ones use the same tolerance.
# * A function must not change the tensors, lists and networks that it is given (of a network: weights, `.grad`, `requires_grad`, train or eval mode). Work on copies where you need to. What a given function or network returns may be the very tensor that it was given:
#   do not write into it either.
# * Arguments are passed by position; call the functions and networks that you are given by position, too. Where a list is asked for, a tuple is fine, and the other way round. Keep the names of the functions. Helper functions are welcome, in the same cell.
# * Printing and warnings cost nothing.
# * You may use everything under `torch` (`torch.nn` too) and Python's standard library; what the cell below does not import, import in the cell of your answer. Count on no
#   other package when your work is graded; the course's own is not there.
# * The tasks do not use each other's answers: a mistake in one costs nothing in the next.
# * Before you hand in: *Kernel → Restart and run all*. A result that rests on a deleted cell is lost.

# %% id="setup" kind="given"
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# %% [markdown] id="about_down_and_up"
# ## 1 · The two ways of a pyramid (5 points)
#
# A pyramid (Burt & Adelson 1983) needs a way down, blur and drop pixels, and a way up, spread the pixels out and fill the gaps. Both are made of one small filter,
# $(1,4,6,4,1)/16$, which works *along the height and along the width*, on each channel by itself. Why blur before you drop pixels? Think of the stripes $+1,-1,+1,-1,\dots$ and of what is left of them
# with and without the blur.
#
# **The border rule** of this task: beyond its border an image goes on with the pixel at the border, $\dots,x_0,x_0,\mathbf{x_0,x_1,\dots,x_{h-1}},x_{h-1},x_{h-1},\dots$ (Notebook 06 has another rule, so its functions will not do.)
#
# Write `blur_and_decimate(x)`:
#
# * Filter every channel in both directions, and keep pixels $0,2,4,\dots$ of either side. An odd side is rounded up: `(n, c, h, w)` becomes `(n, c, ceil(h/2), ceil(w/2))`. In one dimension, for $i=0,\dots,\lceil h/2\rceil-1$:
#
# $$y_i=\tfrac1{16}\,(x_{2i-2}+4\,x_{2i-1}+6\,x_{2i}+4\,x_{2i+1}+x_{2i+2}).$$
#
# Write `expand(x, size)`:
#
# * `size` is $(H,W)$, and `x` has the shape `(n, c, ceil(H/2), ceil(W/2))`. Return images `(n, c, H, W)`. Continue `x` by the border rule *first*; then put its pixels at the even places, zeros in between, and filter with *twice* the
#   filter in each direction (half of what the filter meets are zeros). In one dimension:
#
# $$y_{2i}=\tfrac18\,(x_{i-1}+6\,x_i+x_{i+1}),\qquad y_{2i+1}=\tfrac12\,(x_i+x_{i+1}).$$
#
# * The size says where the result ends: a side of 7 and one of 8 both come from 4 pixels.
#
# A constant image must stay that constant on both ways, up to its border.

# %% id="down_and_up" kind="answer"
def blur_and_decimate(x: Tensor) -> Tensor:
    """(n, c, h, w) -> (n, c, ceil(h/2), ceil(w/2)): blurred with (1, 4, 6, 4, 1)/16, every second pixel kept."""
    ### BEGIN SOLUTION
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 16
    kernel = torch.outer(taps, taps).expand(x.shape[1], 1, 5, 5)  # one filter for each channel
    wide = F.pad(x, (2, 2, 2, 2), mode="replicate")
    return F.conv2d(wide, kernel, stride=2, groups=x.shape[1])
    ### END SOLUTION


def expand(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(n, c, ceil(H/2), ceil(W/2)) -> (n, c, H, W), size = (H, W): pixels at even places, gaps filled by the filter."""
    ### BEGIN SOLUTION
    taps = torch.tensor([1, 4, 6, 4, 1], dtype=x.dtype) / 8
    kernel = torch.outer(taps, taps).expand(x.shape[1], 1, 5, 5)
    wide = F.pad(x, (1, 1, 1, 1), mode="replicate")
    spread = F.conv_transpose2d(wide, kernel, stride=2, groups=x.shape[1])  # pixel -1 lands at places 0 to 4, pixel 0 at 2 to 6
    return spread[..., 4 : 4 + size[0], 4 : 4 + size[1]]
    ### END SOLUTION


# %% id="test_down_and_up" kind="test" points=5
ramp = torch.tensor([16.0, 32.0, 48.0, 64.0, 80.0]).double().expand(1, 1, 3, 5)  # three equal rows, so only the width matters
small = blur_and_decimate(ramp)
assert (small.shape, small.dtype) == ((1, 1, 2, 3), torch.float64), f"shape {tuple(small.shape)}, dtype {small.dtype}"
right = torch.tensor([22.0, 48.0, 74.0]).double()  # 22 = (16 + 4*16 + 6*16 + 4*32 + 48) / 16
assert (small - right).abs().max() < 80 * 1e-8, f"each row is {right.tolist()}, not {small[0, 0].tolist()}"
large = expand(torch.tensor([8.0, 16.0, 8.0]).double().expand(1, 1, 2, 3), (3, 6))
assert large.shape == (1, 1, 3, 6), f"3 pixels become {large.shape[-1]}, 2 rows become {large.shape[-2]}; size was (3, 6)"
right = torch.tensor([9.0, 12.0, 14.0, 12.0, 9.0, 8.0]).double()  # 9 = (8 + 6*8 + 16) / 8, 12 = (8 + 16) / 2
assert (large - right).abs().max() < 16 * 1e-8, f"each row is {right.tolist()}, not {large[0, 0].tolist()}"
### BEGIN HIDDEN TESTS
probe("down_and_up", blur_and_decimate, expand)
### END HIDDEN TESTS

# %% [markdown] id="about_laplacian"
# ## 2 · Exact, whatever the ways do (5 points)
#
# Let $d$ be a way down and $u$ a way up. The Gaussian pyramid of an image is $I_0=I$, $I_{k+1}=d(I_k)$; the Laplacian pyramid keeps what the way up does not restore:
#
# $$h_k=I_k-u(I_{k+1})\quad(k=0,\dots,K-1),\qquad\text{and the coarsest image }I_K .$$
#
# You get the image back from the bands $h_0,\dots,h_{K-1},I_K$ alone. Write down how, and convince yourself that you use *nothing* about $d$ and $u$: they need not be linear, they need not fit together, they may be bad.
#
# Write `laplacian(x, levels, down, up)`:
#
# * `x`: images; `levels`: the int $K\ge0$; `down(x)` gives smaller images, `up(x, size)` gives images of that size. Both are functions that are given to you: same input, same output. `down` may shrink the
#   two sides by any factors, rounded in any way, or not at all; the size of what it returns tells.
# * Return the list of the $K+1$ bands, **finest first**: $[h_0,h_1,\dots,h_{K-1},I_K]$. With `levels=0` that is $[I_0]$.
#
# Write `reconstruct(bands, up)`:
#
# * `bands`: a list as above, of any length $\ge1$. It may also come from elsewhere, from a generator for instance: any tensors, of whose sizes you know that band $k$ has that of image $k$.
# * Return the image $I_0$ that belongs to them.

# %% id="laplacian" kind="answer"
def laplacian(x: Tensor, levels: int, down, up) -> list[Tensor]:
    """The bands [h_0, ..., h_{K-1}, I_K] of x, K = levels."""
    ### BEGIN SOLUTION
    bands = []
    for _ in range(levels):
        small = down(x)
        bands.append(x - up(small, tuple(x.shape[-2:])))  # h_k = I_k - u(I_{k+1})
        x = small
    return [*bands, x]
    ### END SOLUTION


def reconstruct(bands: list[Tensor], up) -> Tensor:
    """The image with these bands."""
    ### BEGIN SOLUTION
    image = bands[-1]
    for h in reversed(bands[:-1]):
        image = up(image, tuple(h.shape[-2:])) + h  # I_k = u(I_{k+1}) + h_k
    return image
    ### END SOLUTION


# %% id="test_laplacian" kind="test" points=5
def drop(x):
    return x[..., ::2, ::2].clone()

def repeat(x, size):
    return x.repeat_interleave(2, -2).repeat_interleave(2, -1)[..., : size[0], : size[1]]

row = torch.tensor([1.0, 2.0, 4.0]).double().view(1, 1, 1, 3)
bands = laplacian(row, 1, drop, repeat)
assert len(bands) == 2, f"one level gives two bands, h_0 and I_1, not {len(bands)}"
assert bands[1].flatten().tolist() == [1.0, 4.0], f"I_1 is [1, 4], not {bands[1].flatten().tolist()}"
assert bands[0].flatten().tolist() == [0.0, 1.0, 0.0], f"h_0 is [1, 2, 4] - [1, 1, 4], not {bands[0].flatten().tolist()}"
image = reconstruct(bands, repeat)
assert (image - row).abs().max() < 4 * 1e-8, f"the bands of [1, 2, 4] give {image.flatten().tolist()}"
### BEGIN HIDDEN TESTS
probe("laplacian", laplacian, reconstruct)
### END HIDDEN TESTS

# %% [markdown] id="about_level_losses"
# ## 3 · What D and G of one level pay (5 points)
#
# One level of LAPGAN (Denton et al. 2015) is a conditional GAN for details. With $l=u(d(I))$, what is left of an image after the way down and up, and $h=I-l$, its detail, the generator makes a detail $G(z,l)$ for a condition $l$.
# The discriminator judges the **sum** of a detail and its condition, a picture: $D(h+l)$ for real ones and $D(G(z,l)+l)$ for fakes, as in the authors' code, in which the two halves of a batch
# take their conditions from *different* images.
#
# Write `level_losses(D, G, image, other, z, down, up)`:
#
# * `D(x)`: a network, from images `(n, c, h, w)` to logits `(n, 1)`; `G(z, l)`: a network, from noise planes `(m, 1, h, w)` and conditions `(m, c, h, w)` to details `(m, c, h, w)`.
#   Neither has batch normalisation or dropout, and what they do to one image does not depend on the others.
# * `image`: $n$ real images of this level; `other`: $m$ further ones, in general $m\ne n$, from which the fakes take their conditions; `z`: one plane for each fake; `down(x)` and `up(x, size)` as in task 2.
# * Return the pair `(d_loss, g_loss)`, two tensors with one element:
#
# $$L_D=\frac1n\sum_{i=1}^n-\log\sigma\bigl(a(h_i+l_i)\bigr)+\frac1m\sum_{j=1}^m-\log\bigl(1-\sigma(a(x_j))\bigr),\qquad L_G=\frac1m\sum_{j=1}^m-\log\sigma\bigl(a(x_j)\bigr),\qquad x_j=G(z_j,l'_j)+l'_j ,$$
#
# with $a$ the logit of $D$, $(h_i,l_i)$ detail and condition of `image[i]`, and $l'_j$ the condition of `other[j]`. Both losses are about the *same* fakes.
# * Both are to be descended. Their gradients must be right, too: that of $L_D$ at $D$'s parameters, that of $L_G$ at $G$'s parameters; and **no** gradient of $L_D$ reaches $G$. (What $L_G$ does at $D$ is not looked at.)
# * Right for logits from $-100$ to $100$. ($\sigma(40)$ is already rounded to 1.)
# * The function computes losses and nothing else: no `backward()`, no step. Afterwards the networks are what they were.

# %% id="level_losses" kind="answer"
def level_losses(D: nn.Module, G: nn.Module, image: Tensor, other: Tensor, z: Tensor, down, up) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss) of one level; the conditions of the fakes come from `other`."""
    ### BEGIN SOLUTION
    def lowpass(x: Tensor) -> Tensor:
        return up(down(x), tuple(x.shape[-2:]))

    low, other_low = lowpass(image), lowpass(other)
    h = image - low
    fake = G(z, other_low) + other_low
    d_loss = F.softplus(-D(h + low)).mean() + F.softplus(D(fake.detach())).mean()  # -log s(a), -log(1 - s(a))
    return d_loss, F.softplus(-D(fake)).mean()
    ### END SOLUTION


# %% id="test_level_losses" kind="test" points=5
# Two images of one pixel; this D's logit is twice the pixel, and this G scales the noise plane. down does nothing, up halves, so l = I / 2.
class Twice(nn.Module):
    def forward(self, x):
        return 2 * x.flatten(1)

class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(3.0).double())

    def forward(self, z, low):
        return self.factor * z

G = Scaled()
pixels = torch.tensor([[1.0], [4.0], [0.5]]).double().view(3, 1, 1, 1, 1)  # image, other, z
d_loss, g_loss = level_losses(Twice(), G, *pixels, lambda x: x.clone(), lambda x, size: x / 2)
# The real picture is 1, its logit 2. The fake is 3 * 0.5 + 4 / 2 = 3.5, its logit 7.
right = math.log(1 + math.exp(-2)) + math.log(1 + math.exp(7))
assert abs(d_loss.item() - right) < 8 * 1e-8, f"d_loss is {d_loss.item():.6f}, expected {right:.6f}"
assert abs(g_loss.item() - math.log(1 + math.exp(-7))) < 1e-8, f"g_loss is {g_loss.item():.8f}, expected log(1 + e^-7)"
assert not d_loss.requires_grad, "this D has no parameters, so d_loss has no gradient: the fakes are detached"
(slope,) = torch.autograd.grad(g_loss, G.factor)  # -(1 - sigma(7)) * 2 * 0.5
assert abs(slope.item() + 1 / (1 + math.exp(7))) < 1e-8, f"the slope of g_loss in G's factor is {slope.item():.8f}"
### BEGIN HIDDEN TESTS
probe("level_losses", level_losses)
### END HIDDEN TESTS

# %% [markdown] id="about_sample_chain"
# ## 4 · From noise to a fine picture (5 points)
#
# To draw a sample, LAPGAN goes from coarse to fine. The base makes the coarsest image from noise, $I_K=G_K(z_K)$; each level expands the image that it is given and adds a detail made for it,
#
# $$I_k=l_k+G_k(z_k,l_k),\qquad l_k=u(I_{k+1}),\qquad k=K-1,\dots,0 .$$
#
# Write `sample_chain(base, generators, z, up)`. All lists run **from coarse to fine**:
#
# * `base(z)`: a network, from noise `(n, latent)` to the coarsest images `(n, c, h, w)`; `generators`: a list of $K\ge0$ networks $G(z,l)$ as in task 3, of which `generators[0]` makes the details for the level next to the base's.
# * `z`: a list of $K+1$ tensors of noise. `z[0]` goes to the base; `z[i + 1]`, a plane `(n, 1, h, w)`, to `generators[i]`. The size of a plane is the size of its level; from level to level the sides may grow by any factors, or not at all.
# * `up(x, size)` as in task 2.
# * Return the list of all $K+1$ images, $[I_K,I_{K-1},\dots,I_0]$. Draw no noise of your own, and clamp nothing, neither the images that you return nor those that you go on with.

# %% id="sample_chain" kind="answer"
def sample_chain(base: nn.Module, generators: list[nn.Module], z: list[Tensor], up) -> list[Tensor]:
    """The images of the chain, coarse to fine."""
    ### BEGIN SOLUTION
    images = [base(z[0])]
    for G, noise in zip(generators, z[1:]):
        low = up(images[-1], tuple(noise.shape[-2:]))
        images.append(low + G(noise, low))
    return images
    ### END SOLUTION


# %% id="test_sample_chain" kind="test" points=5
# One channel, constant images: the base makes one pixel 2 z, up repeats it, and the generators return 10 z + l and 100 z + l.
noise = [torch.tensor([[1.0]]).double(), torch.full((1, 1, 2, 3), 0.5).double(), torch.full((1, 1, 4, 5), -0.25).double()]
images = sample_chain(
    lambda z: 2 * z.view(-1, 1, 1, 1),
    [lambda z, low: 10 * z + low, lambda z, low: 100 * z + low],
    noise,
    lambda x, size: x[..., :1, :1].expand(*x.shape[:2], *size).clone(),
)
shapes = [tuple(image.shape) for image in images]
assert shapes == [(1, 1, 1, 1), (1, 1, 2, 3), (1, 1, 4, 5)], f"all images, coarse to fine; your shapes are {shapes}"
means = [image.mean().item() for image in images]  # 2, then 2 + (5 + 2), then 9 + (-25 + 9)
assert means == [2.0, 9.0, -7.0], f"the images are constant, 2, 9 and -7, not {means}"
### BEGIN HIDDEN TESTS
probe("sample_chain", sample_chain)
### END HIDDEN TESTS

# %% [markdown] id="about_three_sentences"
# ## 5 · Three sentences about a chain (10 points, in words)
#
# A friend has trained a LAPGAN, a base and two levels, and writes:
#
# > (i) My pyramid gives every image back to 15 digits, so my way down and my way up are well chosen.
# > (ii) The paper's objective has $D(h,l)$, and my $D$ gets $h+l$. That is the same, because $h$ and $l$ can be computed from the image.
# > (iii) At the base and at every level, $D$ says $\tfrac12$ to everything, and no other $D$ that I train against the frozen $G$ finds a difference. So each $G$ is perfect, and the samples of the chain follow the law of the data.
#
# A smallest example to think with: images of two pixels $(a,b)$; the way down is their mean, $m=\frac{a+b}2$, and the way up repeats it, $l=(m,m)$. The data are $(2,0)$ and $(-2,0)$ with probability $\tfrac12$ each, so that $m=\pm1$.
# Three generators for this one level, each given $l$ and as much noise as it likes:
#
# * **A** returns $(m,-m)$;
# * **B** draws an image $I'$ from the data, without a look at $l$, and returns $I'-l$;
# * **C** tosses a coin, without a look at $l$, and returns $(1,-1)$ or $(-1,1)$.
#
# Answer in 300 to 600 words, formulas and a table welcome. All distances are total variation, $\lVert p-q\rVert=\tfrac12\sum_x|p(x)-q(x)|$.
#
# * **(a)** (2 points) Why does the friend's number say nothing about the two ways? Give ways that are just as exact and make a useless pyramid, and say what $G$ has to do then. Which number does tell good ways from bad ones? Compute it for your ways and for those of the example.
# * **(b)** (4 points) Let $l$ come from the data. For each of A, B and C, give the largest value that $V=\mathbb E_{\text{real}}\log D+\mathbb E_{\text{fake}}\log(1-D)$ reaches for a $D$ that sees the detail alone, the sum, or the pair (nine numbers). Which generator does a $D$ on sums let through that one on
#   pairs refuses? Why do the two differ, although from a real image both $h$ and $l$ can be computed? Name a measurement, without any $D$, that finds this generator out.
# * **(c)** (4 points) Let $\varepsilon_K$ be the distance of the base's images from the data's coarsest images, and $\varepsilon_k$ that of the images $G_k(z,l)+l$ *with $l$ from the data* from the data's images $I_k$. Prove that the
#   last images of the chain are at most $\varepsilon_K+\dots+\varepsilon_0$ from the data. What of (iii) is right, then, and what is not? In the example, let the base have collapsed to $m=1$: which law has the chain with A, and which with B?
#   The friend's samples turn out wobbly after all. What do you measure first, and what follows from each outcome?

# %% [markdown] id="three_sentences" kind="written" points=10
# ### BEGIN SOLUTION
# **(a)** $I_k=u(I_{k+1})+h_k$ with $h_k=I_k-u(I_{k+1})$ gives $I_k$ whatever $u(I_{k+1})$ is. Let $d$ keep one pixel and $u$ return zeros: reconstruction is exact, and $h_0=I$ is the whole image. The condition then says nothing, and $G$ must make whole images at full size: an ordinary GAN,
# and the level has gained nothing. What a good $u$ buys is a *small* detail. Its share of the energy, $\mathbb E\lVert h\rVert^2/\mathbb E\lVert I\rVert^2$, is 1 for my ways and $\frac{2}{4}=\frac12$ in the example.
#
# **(b)** The largest $V$ is $-\log4+2\,\mathrm{JS}$ of the two laws of what $D$ sees. For C and sums: $p=(\frac12,\frac12,0,0)$ on $(2,0),(-2,0),(0,2),(0,-2)$ and $g=\frac14$ on each, so $D^*=\frac23$ on the first two and 0 on the others, $V=\log\frac23+\frac12\log\frac13=-0.955$.
# All other places with a difference have the same numbers: half of the fakes lie where no real ones do.
#
# | largest $V$ | detail alone | sum | pair | mean of $\lvert d(h+l)-m\rvert$ |
# |---|---|---|---|---|
# | A | $-1.386$ | $-1.386$ | $-1.386$ | 0 |
# | B | $-0.955$ | $-1.386$ | $-0.955$ | 1 |
# | C | $-1.386$ | $-0.955$ | $-0.955$ | 0 |
#
# A $D$ on sums lets B through, whose sums $I'$ have the law of the data. From a *real* sum $D$ can compute the condition, $l=u(d(h+l))$. But it does not know the condition that a *fake* was made for; it computes $u(d(I'))$, which fits. On pairs it sees that $u(d(h+l))\ne l$ half of the time. Without $D$: go down with the
# sample again and compare with the condition it was made for (last column). This finds B out; C it does not.
#
# **(c)** Let $M$ be the random map $I\mapsto u(I)+G_k(z,u(I))$, $q_k$ the law of the chain's image $k$ and $p_k$ that of the data. Then $q_k=Mq_{k+1}$, and
#
# $$\lVert q_k-p_k\rVert\le\lVert Mq_{k+1}-Mp_{k+1}\rVert+\lVert Mp_{k+1}-p_k\rVert\le\lVert q_{k+1}-p_{k+1}\rVert+\varepsilon_k :$$
#
# the first step is the triangle inequality; in the second, one random map brings two laws no farther apart, $\sum_y|\sum_xM(y|x)(q(x)-p(x))|\le\sum_x|q(x)-p(x)|\sum_yM(y|x)$, and $\lVert Mp_{k+1}-p_k\rVert=\varepsilon_k$ by definition. Start with $\lVert q_K-p_K\rVert=\varepsilon_K$ and go up. So if really no $D$ finds a difference, all $\varepsilon$ are 0 and the *end* of (iii) is right: the samples follow the law of the data, and the slip in (ii)
# does no harm to it. "Each $G$ is perfect" does not follow: B passes and does not look at its condition. And "no $D$ that I train" is weaker than "no $D$".
#
# With the collapsed base, $\varepsilon_K=\frac12$. A's chain makes $(2,0)$ only, at distance $\frac12$: the bound is reached, a level that obeys its condition cannot undo the error. B's chain has the law of the data, *because* it does not listen.
#
# First I measure a fresh, larger $D$ on held-out images against samples of the finest level twice: with conditions from held-out data, and with those of the chain. If it finds the first out already, this level is at fault: train it longer, look at its $G$ and $D$. If it finds out only the second, the error comes from before: repeat it one level down,
# until the base; repair the first level that fails, or train the finer ones on conditions with such errors.
#
# **Marks**
#
# - **Exact for any ways (1).** The synthesis adds back what the analysis took away, so it is exact for every d and u; ways are named for which the
#   pyramid is useless all the same, and what G then has to make. 0 for "rounding errors are small" or for the proof without an example.
# - **What tells (1).** A number about the details, such as their share of the energy, with its value in an example of bad ways and in one of better ones. 0 for
#   "look at the bands".
# - **The table (2).** 2: all nine values, or which are -log 4 and one of the others computed. 1: at least six are right, or it is right which are -log 4
#   and no other is computed. 0: fewer.
# - **Sum and pair (1).** For real images l is a function of the sum, u(d(h + l)), for fakes it need not be; a D on pairs can compare the two. 0 for "the pair
#   has more information" without saying which.
# - **Without a D (1).** A measurement that compares what G made with its own condition, such as d(h + l) with m, and what it gives for B and for A. 0 for a
#   measurement that a sum also has, such as any distance between the laws of images.
# - **The bound (2).** 2: triangle inequality, one random map brings two laws no farther apart, induction, *and* the verdict on (iii). 1: the inequality with one of its two
#   steps left without a reason, or both steps without the verdict. 0: "errors accumulate" without an inequality.
# - **The collapsed base (1).** The laws of both chains and their distances, 1/2 with A and 0 with B. 0 for one of them.
# - **What first (1).** One measurement that tells an error of this level from one of the levels before it, with a conclusion for *each* outcome. 0
#   for tuning without a measurement.
# ### END SOLUTION
