# %% [markdown] id="title"
# # DCGAN on CelebA: the components
#
# *Assignment `dcgan_celeba`, first notebook of two. Read `README.md` first; the brief, the rules and the report are in
# `report.ipynb`.*
#
# Here you write the parts of a DCGAN (Radford, Metz and Chintala 2016, "Unsupervised representation learning with deep
# convolutional generative adversarial networks"), one small function after the other: 28 points. Then you train it,
# outside this notebook, and hand in the result: 12 points.
#
# **How it is graded.** Below every function is a test cell that you can run now. It shows you the most frequent
# mistakes. When your work is graded, each function is tried again on hidden cases, with numbers that are yours alone; what counts is what your function
# *does*. Structure, names inside it and style are up to you, and so are warnings and progress bars. A test gives all of its
# points or none, except where it says otherwise. Everything that is demanded is written above the function.
#
# **Rules.** Write your answers into the cells that say `YOUR CODE HERE`, and keep each function in its cell. You may
# add cells of your own. Use torch and the standard library; when this notebook is graded there is no network, no GPU and no
# `gan_course`, and a cell may take 60 seconds. No function changes the tensors it is given.
#
# The whole notebook runs on a laptop in seconds: all tests use tiny tensors.

# %% id="setup" kind="given"
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# %% [markdown] id="about_networks"
# ## Pictures and networks
#
# Section 3 of Radford et al. (2016) is a box with five rules for convolutional networks that can play the game of
# Goodfellow et al. (2014) without falling apart. Section 4 of the paper says how they start and what they are fed
# with. The five functions of this part are those rules, for any size. Use torch's own layers, as modules or as
# functions (`nn.Conv2d` or `F.conv2d`, `nn.Linear` or a matrix product with a parameter); how you arrange them is up
# to you.

# %% [markdown] id="about_preprocess"
# ### `preprocess` (2 points)
#
# The generator ends in tanh, so real pictures have to live where its pictures do. Scaling to the range of tanh,
# $[-1,1]$, is all that the paper does to pixels (section 4, "Details of adversarial training"): no mean is taken
# off, nothing is normalised per picture. CelebA's photographs are 218×178 and networks want squares, so cropping and
# resizing come first.
#
# * `photos`: uint8 of shape (n, h, w, 3), values 0 to 255, with any h and w from 1 up: upright, lying, or square
#   already. All photographs of one call have the same size. `size`: the side that is wanted, smaller or larger than
#   h and w.
# * First, **crop** the largest central square: side $s=\min(h,w)$, first row $\lfloor (h-s)/2\rfloor$, first column
#   $\lfloor (w-s)/2\rfloor$. Crop before you resize, or pixels from outside the square join in at its edge.
# * Then **resize** it to `size`×`size` by bilinear interpolation *with antialiasing*: `F.interpolate(...,
#   mode="bilinear", antialias=True, align_corners=False)`, on floats. Without antialiasing, shrinking by 3 looks at
#   few of the pixels and forgets the others. Do not round in between.
# * Last, **scale** with $x/127.5-1$: 0 becomes −1 and 255 becomes 1. (Scaling and resizing are both linear, so that
#   scaling first gives the same numbers and counts as right.)
# * Returns float32 of shape (n, 3, size, size): colours first, still in the order red, green, blue. `photos` stays
#   as it is. The scale is the same for every photograph, also for one that is nearly black.

# %% id="preprocess" kind="answer"
def preprocess(photos: Tensor, size: int) -> Tensor:
    """Photographs, uint8 (n, h, w, 3), as float32 pictures (n, 3, size, size) in [-1, 1].

    The largest central square, resized with antialiased bilinear interpolation, scaled by x/127.5 - 1.
    """
    ### BEGIN SOLUTION
    _, h, w, _ = photos.shape
    side = min(h, w)
    top, left = (h - side) // 2, (w - side) // 2
    square = photos[:, top : top + side, left : left + side]
    x = square.permute(0, 3, 1, 2).float()  # (n, 3, side, side)
    x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1
    ### END SOLUTION


# %% id="test_preprocess" kind="test" points=2
photos = torch.zeros(2, 21, 12, 3, dtype=torch.uint8)
photos[:, 4:16, :, 0] = 255  # a square that is red, in the middle of a black photograph
pictures = preprocess(photos, 8)
assert pictures.shape == (2, 3, 8, 8), f"shape {tuple(pictures.shape)}, expected (2, 3, 8, 8)"
assert pictures.dtype == torch.float32, f"the pictures are {pictures.dtype}, expected torch.float32"
red = torch.tensor([1.0, -1.0, -1.0])
assert torch.allclose(pictures.mean((0, 2, 3)), red, atol=1e-4), (
    "the central square is red: channels 1, -1, -1"
)
### BEGIN HIDDEN TESTS
probe("preprocess", preprocess)
### END HIDDEN TESTS

# %% [markdown] id="about_generator"
# ### `build_generator` (4 points)
#
# Figure 1 of the paper, for any size and any number of maps. One function has to serve laptops (32 pixels, few maps)
# and GPUs (128 pixels, many), so nothing is fixed at 64 pixels, 100 numbers of noise or 3 colours.
#
# `build_generator(latent, size, width, channels=3)` returns a new network (`nn.Module`, in training mode) that turns
# `z` of shape (n, latent), float32, into pictures of shape (n, channels, size, size). `size` is 16, 32, 64 or 128,
# so that 4 has to be doubled $L=\log_2(\text{size}/4)$ times. The network consists of exactly these layers, with z
# itself going in:
#
# 1. **One projection** of z to $4\times4$ maps: `nn.Linear` and a reshape, or a transposed convolution on z as a
#    $1\times1$ map.
# 2. **$L$ transposed convolutions**, each of which doubles the side: kernel 4 (stride 2, padding 1, as in the Torch
#    port of the paper) or kernel 5 (stride 2, padding 2, output padding 1, as in the paper), one of them or both in
#    one network, with all maps connected (no groups). No upsampling followed by a convolution, no fully connected layer except the projection, no further
#    convolution.
# 3. **Numbers of maps**: the *last* transposed convolution gets `width` maps, the one before it 2·`width`, and so
#    on. They halve towards the output, with no upper limit at any size. Size 64 and width 64 give 512 → 256 → 128 →
#    64 → channels, size 128 starts with 1024.
# 4. After every layer except the last: **batch norm, then ReLU**, nothing else. Batch norm has a gain and a shift to
#    learn, uses the statistics of the batch in training mode and its running statistics in eval mode: torch's
#    defaults. `momentum` is free (above 0), `eps` at most $10^{-4}$ (in `nn.BatchNorm2d(maps, 0.8)`, 0.8 is eps!).
#    After the projection it may come before or after the reshape.
# 5. After the last layer: **tanh**, and nothing else.
#
# Whether layers have biases is up to you. The same z gives the same pictures (no dropout, no noise inside), weights
# are those of plain layers (no spectral or weight norm), every weight is a parameter of the network that an
# optimiser can find and move, and gradients reach all of them and z.


# %% id="generator" kind="answer"
def build_generator(latent: int, size: int, width: int, channels: int = 3) -> nn.Module:
    """A DCGAN generator: z (n, latent) -> pictures (n, channels, size, size) in (-1, 1).

    size: 16, 32, 64 or 128. width: maps before the last layer; twice as many with every layer before it.
    """
    ### BEGIN SOLUTION
    doublings = round(math.log2(size / 4))
    maps = [width * 2**k for k in reversed(range(doublings))]  # [..., 2 width, width]
    layers = [nn.Linear(latent, maps[0] * 16, bias=False), nn.Unflatten(1, (maps[0], 4, 4))]
    for before, after in zip(maps, [*maps[1:], channels]):
        up = nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1, bias=False)
        layers += [nn.BatchNorm2d(before), nn.ReLU(), up]
    return nn.Sequential(*layers, nn.Tanh())
    ### END SOLUTION


# %% id="test_generator" kind="test" points=4
G = build_generator(latent=10, size=32, width=4, channels=2)
pictures = G(torch.randn(5, 10))
assert pictures.shape == (5, 2, 32, 32), f"shape {tuple(pictures.shape)}, expected (5, 2, 32, 32)"
assert -1 <= pictures.min() < 0 < pictures.max() <= 1, (
    "values of both signs within (-1, 1) were expected: tanh"
)
assert G.training and pictures.requires_grad, "return G in training mode, with pictures that carry gradients"
### BEGIN HIDDEN TESTS
probe("generator", build_generator)
### END HIDDEN TESTS

# %% [markdown] id="about_discriminator"
# ### `build_discriminator` (4 points)
#
# D is G's mirror image. The paper prints no table of it, but its section 3 says what it has: strides where others
# pool, batch norm except at the input, leaky ReLU, no hidden fully connected layer. Averaging the last maps over all
# places ("global average pooling") was tried and *not* adopted, since it made convergence slower: the last maps are
# flattened into one number.
#
# `build_discriminator(size, width, channels=3)` returns a new network (`nn.Module`, in training mode) that turns
# pictures of shape (n, channels, size, size), float32, into **logits of shape (n, 1)**. `size` is 16, 32, 64 or 128.
# The network consists of exactly these layers, with the pictures themselves going in:
#
# 1. **$L=\log_2(\text{size}/4)$ convolutions of stride 2**, each of which halves the side, down to 4: kernel 4
#    (padding 1) or kernel 5 (padding 2), one of them or both in one network, with zeros as padding and all maps
#    connected (no groups). No pooling.
# 2. **Numbers of maps**: `width` after the first one, then twice as many with each, with no upper limit at any size.
# 3. After the first one: **LeakyReLU with slope 0.2**, and no batch norm. After every other one: **batch norm, then
#    LeakyReLU with slope 0.2**. Batch norm is the same as in G.
# 4. **One last layer** from all $4\times4$ maps to the logit, one weight per map and place: flatten and `nn.Linear`,
#    or a convolution with kernel 4 and a reshape. Nothing follows it, no sigmoid and no norm: the losses below start
#    from logits.
#
# As in G: biases are up to you, no dropout and no noise, plain layers, every weight a parameter that gradients
# reach. Gradients reach the pictures too; G learns from nothing else.


# %% id="discriminator" kind="answer"
def build_discriminator(size: int, width: int, channels: int = 3) -> nn.Module:
    """A DCGAN discriminator: pictures (n, channels, size, size) in [-1, 1] -> logits (n, 1).

    size: 16, 32, 64 or 128. width: maps after the first layer; twice as many with every layer after it.
    """
    ### BEGIN SOLUTION
    halvings = round(math.log2(size / 4))
    maps = [channels] + [width * 2**k for k in range(halvings)]  # [channels, width, 2 width, ...]
    layers = []
    for k, (before, after) in enumerate(zip(maps[:-1], maps[1:])):
        layers += [nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1)]
        layers += [nn.BatchNorm2d(after)] if k > 0 else []
        layers += [nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps[-1] * 16, 1))
    ### END SOLUTION


# %% id="test_discriminator" kind="test" points=4
D = build_discriminator(size=32, width=4, channels=2)
pictures = torch.randn(5, 2, 32, 32).tanh()
logits = D(pictures)
assert logits.shape == (5, 1), f"logits of shape {tuple(logits.shape)}, expected (5, 1)"
assert D.training and logits.requires_grad, "return D in training mode, with logits that carry gradients"
alone = D.eval()(pictures[:1])
assert torch.allclose(alone, D(pictures)[:1], atol=1e-4), "in eval mode, pictures do not mix"
### BEGIN HIDDEN TESTS
probe("discriminator", build_discriminator)
### END HIDDEN TESTS

# %% [markdown] id="about_initialise"
# ### `initialise` (2 points)
#
# The paper draws all weights from a normal law with mean 0 and *standard deviation* 0.02 (section 4); the authors'
# code, and everyone's since, draws the gains of batch norm around 1. An initialisation that misses half of the
# layers raises no error, the network only trains worse. This is why your function is tried on networks that you have
# not seen.
#
# `initialise(net)` works **in place** and returns that same `net`. It reaches `net` itself and all layers inside it,
# at any depth, whatever the modules in between are called (a `ConvBlock` has no weight of its own) and whatever they
# are (a layer may hold another one):
#
# * every `nn.Conv2d`, `nn.ConvTranspose2d` and `nn.Linear`, instances of subclasses included: weights from $N(0,
#   0.02^2)$, bias 0;
# * every `nn.BatchNorm1d` and `nn.BatchNorm2d`, instances of subclasses included: gains (`weight`) from $N(1,
#   0.02^2)$, shifts (`bias`) 0;
# * a layer may have no bias, and a batch norm neither gain nor shift (`affine=False`): then there is nothing to
#   fill.
# * Nothing else changes: other layers (`nn.Conv1d`, `nn.Conv3d`, `nn.BatchNorm3d`, instance, group and layer norm,
#   embeddings, ...), bare parameters, running statistics, `requires_grad`, training or eval mode of any module.
#   Weights that do not require gradients are drawn like all others.
# * The parameters stay the same objects, since an optimiser may hold them already: fill them, do not replace them.
# * Numbers are drawn afresh for every layer and with every call, from torch's global random generator, with no seed
#   inside: after the same `torch.manual_seed` outside, the same network gets the same weights again.


# %% id="initialise" kind="answer"
def initialise(net: nn.Module) -> nn.Module:
    """Initialise all layers of `net` in place and return it.

    Weights from N(0, 0.02²), batch-norm gains from N(1, 0.02²), biases 0.
    """
    ### BEGIN SOLUTION
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.affine:
            nn.init.normal_(layer.weight, 1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    return net
    ### END SOLUTION


# %% id="test_initialise" kind="test" points=2
net = nn.Sequential(nn.Sequential(nn.Conv2d(8, 64, 4)), nn.BatchNorm2d(64), nn.Linear(64, 64))
assert initialise(net) is net, "work in place, and return the network that you were given"
spread = net[0][0].weight.std().item()
assert 0.018 < spread < 0.022, f"a Conv2d has weights with standard deviation {spread:.4f}, not 0.02"
assert 0.95 < net[1].weight.mean().item() < 1.05, "the gains of batch norm have a mean other than 1"
assert net[2].bias.abs().max().item() == 0, "the bias of the Linear layer is not 0"
### BEGIN HIDDEN TESTS
probe("initialise", initialise)
### END HIDDEN TESTS

# %% [markdown] id="about_make_networks"
# ### `make_networks` (1 point)
#
# Two experiments can only be compared if they start from the same weights, and building networks must not change the
# numbers that the rest of a program draws (the noise, the order of the data). So the seed belongs to the pair of
# networks.
#
# `make_networks(make_G, make_D, init, seed)` calls `make_G()` and `make_D()`, functions without arguments that build
# a network each, once; applies `init`, a function like `initialise`, once to each of the two; and returns the pair
# `(G, D)`. `init` works in place and returns its argument: use what it returns or ignore it, both are the same network.
#
# * The same `seed` gives the same weights, all of them: also those that `init` does not touch and that are drawn
#   while a network is built. Another seed gives others, and whatever was drawn before the call makes no difference.
#   A seed is any whole number from 0 up.
# * After the call torch's global random state is exactly what it was before: who draws next gets the numbers that
#   they would have got without it. (`torch.random.fork_rng()` is made for this.)
# * The order in which the two are built, and whether each has a seed of its own derived from `seed`, is up to you.


# %% id="make_networks" kind="answer"
def make_networks(make_G, make_D, init, seed: int) -> tuple[nn.Module, nn.Module]:
    """The pair (init(make_G()), init(make_D())), drawn from `seed`; torch's global random state stays as it was."""
    ### BEGIN SOLUTION
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return init(make_G()), init(make_D())
    ### END SOLUTION


# %% id="test_make_networks" kind="test" points=1
def small():
    return nn.Linear(5, 5)


G, D = make_networks(small, small, lambda net: net, seed=1)
again, _ = make_networks(small, small, lambda net: net, seed=1)
assert torch.equal(G.weight, again.weight), "the same seed gave G other weights"
other, _ = make_networks(small, small, lambda net: net, seed=2)
assert not torch.equal(G.weight, other.weight), "two seeds gave G the same weights"
### BEGIN HIDDEN TESTS
probe("make_networks", make_networks)
### END HIDDEN TESTS

# %% [markdown] id="about_losses"
# ## The losses
#
# D returns a logit $a$ for every picture, and $D(x) = \sigma(a)$ is the probability that $x$ is real. The two networks
# play for the value of Goodfellow et al. (2014), equation 1 (their section 3):
#
# $$\min_G \max_D\; \mathbb E_{x}\,[\log D(x)] + \mathbb E_{z}\,[\log(1 - D(G(z)))].$$
#
# Radford et al. (2016) keep this game and change the networks. An optimiser *minimises*, so that each player needs a
# loss. You write both of them **from logits**: in float32, $\sigma(20)$ is already exactly 1 and the logarithm of
# $1 - \sigma(20)$ is minus infinity, so that a loss built from probabilities breaks as soon as D is sure. (Notebook 03
# shows which functions of torch do better.)

# %% [markdown] id="about_discriminator_loss"
# ### `discriminator_loss` (2 points)
#
# D minimises the mean over the real batch of $-\log D(x)$ **plus** the mean over the fake batch of
# $-\log(1 - D(G(z)))$.
#
# * `real_logits`: float32 of shape (n, 1); `fake_logits`: float32 of shape (m, 1). n and m may differ, and each half is
#   the mean over its own batch. There is no factor ½, and the labels are not smoothed.
# * Returns a scalar tensor of shape `()` (float32, or float64 if you compute in it), in natural units, through which
#   gradients flow to both batches.
# * Value and gradient are right for every logit from -100 to 100. Where D is sure and wrong, the loss is about as large
#   as the logit, and its derivative in that logit is $-1/n$ (real) or $+1/m$ (fake). At a logit of exactly 0 the
#   derivative is half of that: the loss has no kink there, but `relu` and `abs` have.
# * The logits that come in stay as they are.

# %% id="discriminator_loss" kind="answer"
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """mean(-log D(x)) + mean(-log(1 - D(G(z)))) from logits of shape (n, 1) and (m, 1), as a scalar."""
    ### BEGIN SOLUTION
    # -log sigma(a) = softplus(-a) and -log(1 - sigma(a)) = softplus(a)
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    ### END SOLUTION


# %% id="test_discriminator_loss" kind="test" points=2
loss = discriminator_loss(torch.zeros(3, 1), torch.zeros(2, 1))
assert loss.shape == (), f"the loss has shape {tuple(loss.shape)}, expected a scalar, shape ()"
assert abs(loss.item() - 2 * math.log(2)) < 1e-5, f"D = 1/2 everywhere gives 2 log 2 = 1.3863, not {loss.item():.4f}"
loss = discriminator_loss(torch.tensor([[-100.0]]), torch.tensor([[100.0]]))
assert abs(loss.item() - 200) < 1e-2, f"sure and wrong, at logits -100 and 100: expected 200, not {loss.item()}"
### BEGIN HIDDEN TESTS
probe("discriminator_loss", discriminator_loss)
### END HIDDEN TESTS

# %% [markdown] id="about_generator_loss"
# ### `generator_loss` (2 points)
#
# Where D is sure that a fake is a fake, $\log(1 - D(G(z)))$ is flat and G learns nothing. Goodfellow et al. (2014, end
# of section 3) therefore let G *maximise* $\log D(G(z))$: the same fixed point, and strong gradients early on. This
# is the **non-saturating** loss. G minimises the mean over the batch of $-\log D(G(z))$.
#
# * `fake_logits`: float32 of shape (n, 1). Returns a scalar tensor of shape `()` (float32 or float64), through which
#   gradients flow.
# * Value and gradient are right for every logit from -100 to 100: at -100 the loss of one fake is 100 and its
#   derivative in the logit is -1, at exactly 0 the derivative is -1/2. Labels are not smoothed. The logits that come in stay as they are.

# %% id="generator_loss" kind="answer"
def generator_loss(fake_logits: Tensor) -> Tensor:
    """mean(-log D(G(z))), the non-saturating loss, from logits of shape (n, 1), as a scalar."""
    ### BEGIN SOLUTION
    return F.softplus(-fake_logits).mean()
    ### END SOLUTION


# %% id="test_generator_loss" kind="test" points=2
loss = generator_loss(torch.zeros(3, 1))
assert loss.shape == (), f"the loss has shape {tuple(loss.shape)}, expected a scalar, shape ()"
assert abs(loss.item() - math.log(2)) < 1e-5, f"D = 1/2 everywhere gives log 2 = 0.6931, not {loss.item():.4f}"
loss = generator_loss(torch.tensor([[-100.0]]))
assert abs(loss.item() - 100) < 1e-2, f"a fake that D rejects with logit -100: expected 100, not {loss.item()}"
### BEGIN HIDDEN TESTS
probe("generator_loss", generator_loss)
### END HIDDEN TESTS

# %% [markdown] id="about_steps"
# ## The two steps
#
# Algorithm 1 of Goodfellow et al. (2014, section 4) alternates: k updates of D, each on m real pictures and m fakes
# from fresh noise, then one update of G, again on m fakes from fresh noise. Radford et al. (2016) train with Adam
# (section 4), and their code takes k = 1. Each step gets its loss as an argument, so that you can exchange it in your
# experiments: use **the loss that is given**, called once on logits of shape (n, 1) as D returns them, not the one that
# you wrote above.
#
# What both steps must keep to:
#
# * Noise: `z` is drawn from N(0, I), shape (n, latent), anew in every step, with torch's global random generator
#   (`torch.randn`) and without touching its seed: a run is repeated by one `torch.manual_seed` outside. G is called
#   once, on all n codes, and all n fakes are used.
# * One update: old gradients of the player that learns have no part in it, and it is one `step` of the given optimiser
#   along the gradient of the given loss. The optimiser holds all parameters of the player, perhaps in several
#   parameter groups, and some of them may be frozen. How you compute the gradient is up to you: `zero_grad` and
#   `backward`, `torch.autograd.grad`, or `step(closure)`.
# * Modes: networks, and every layer in them, stay in the mode (training or eval) in which they come, during the step
#   and after it. A step never calls `train()` or `eval()`.
# * Flags: `requires_grad` of every parameter of both networks is afterwards what it was. Some parameters may come
#   frozen, and then they leave frozen.
# * The value returned is the given loss of this update, as computed before the parameters move: a Python `float`, no
#   tensor.

# %% [markdown] id="about_discriminator_step"
# ### `discriminator_step` (3 points)
#
# One update of D on the real batch `x_real` (n, ...) and n fresh fakes.
#
# * `loss(real_logits, fake_logits)` takes the logits (n, 1) of the real pictures and of the fakes, in this order, and
#   returns a scalar.
# * Real pictures and fakes may go through D in two passes (as in Radford's code: batch norm then sees the two apart)
#   or as one concatenated batch, in either order. All of these count as right.
# * G is a bystander: its parameters, and whatever is in their `.grad`, are afterwards what they were. No gradient
#   arrives in G, and none is cleared. `x_real` stays as it is.

# %% id="discriminator_step" kind="answer"
def discriminator_step(
    G: nn.Module, D: nn.Module, opt_D: torch.optim.Optimizer, x_real: Tensor, latent: int, loss
) -> float:
    """One update of D on x_real (n, ...) and n fresh fakes; returns loss(real_logits, fake_logits) as a float."""
    ### BEGIN SOLUTION
    z = torch.randn(len(x_real), latent, device=x_real.device)
    x_fake = G(z).detach()  # cuts the graph: no gradient arrives in G
    opt_D.zero_grad()
    d_loss = loss(D(x_real), D(x_fake))
    d_loss.backward()
    opt_D.step()
    return d_loss.item()
    ### END SOLUTION


# %% id="test_discriminator_step" kind="test" points=3
G, D = nn.Linear(3, 2), nn.Linear(2, 1)
before, x_real = [p.detach().clone() for p in (*D.parameters(), *G.parameters())], torch.randn(5, 2)
value = discriminator_step(G, D, torch.optim.SGD(D.parameters(), 0.1), x_real, 3, lambda a, b: (b - a).exp().mean())
assert isinstance(value, float), f"return the loss as a float (loss.item()), not a {type(value).__name__}"
assert not torch.equal(D.weight, before[0]), "D's weights did not change"
assert torch.equal(G.weight, before[2]) and G.weight.grad is None, "G must not move, and no gradient may arrive in it"
### BEGIN HIDDEN TESTS
probe("discriminator_step", discriminator_step)
### END HIDDEN TESTS

# %% [markdown] id="about_generator_step"
# ### `generator_step` (3 points)
#
# One update of G on n fresh fakes. The gradient reaches G *through* D: D takes part in the forward pass and in the
# backward pass, but it does not learn.
#
# * `loss(fake_logits)` takes D's logits (n, 1) of the fakes and returns a scalar.
# * D's parameters do not move. Gradients may be left in D's `.grad` (D's next step clears them). If you prefer to
#   freeze D meanwhile, every one of its flags must be put back as it was: see above.

# %% id="generator_step" kind="answer"
def generator_step(G: nn.Module, D: nn.Module, opt_G: torch.optim.Optimizer, n: int, latent: int, loss) -> float:
    """One update of G on n fresh fakes; returns loss(fake_logits) as a float."""
    ### BEGIN SOLUTION
    z = torch.randn(n, latent, device=next(G.parameters()).device)
    opt_G.zero_grad()
    g_loss = loss(D(G(z)))  # no detach here: the gradient runs through D into G
    g_loss.backward()
    opt_G.step()
    return g_loss.item()
    ### END SOLUTION


# %% id="test_generator_step" kind="test" points=3
G, D = nn.Linear(3, 2), nn.Linear(2, 1)
before = [p.detach().clone() for p in (*G.parameters(), *D.parameters())]
value = generator_step(G, D, torch.optim.SGD(G.parameters(), 0.1), 5, 3, lambda logits: (-logits).exp().mean())
assert isinstance(value, float), f"return the loss as a float (loss.item()), not a {type(value).__name__}"
assert not torch.equal(G.weight, before[0]), "G's weights did not change"
assert torch.equal(D.weight, before[2]), "D must not move in G's step"
### BEGIN HIDDEN TESTS
probe("generator_step", generator_step)
### END HIDDEN TESTS

# %% [markdown] id="about_use"
# ## Watching and using G
#
# The curves of the two losses do not say whether the pictures get better: each player is measured against an opponent
# that changes. What helps is to look at the pictures of **the same noise** again and again during training.
#
# Radford's code draws samples with the batch statistics of batch norm. Here G draws in eval mode, with the running
# averages: then the picture of a code depends on this code alone, not on its neighbours in the batch. Your report
# says which of the two you use.

# %% [markdown] id="about_fixed_noise"
# ### `fixed_noise` (1 point)
#
# Noise to look at, float32 of shape (n, latent), from N(0, I).
#
# * The same (n, latent, seed) give the same noise at any time; another seed gives other noise. (With another n, the
#   first rows need not be the same.)
# * The state of torch's global generator is afterwards exactly what it was, however many numbers it had drawn before:
#   whether you look at pictures or not, training draws the same numbers. How you get there is up to you.
# * All n·latent numbers are independent. Nothing is done to them: rows are not brought to one length, nothing is cut
#   off, and the batch is not shifted or scaled to mean 0 and deviation 1.

# %% id="fixed_noise" kind="answer"
def fixed_noise(n: int, latent: int, seed: int) -> Tensor:
    """(n, latent) from N(0, I), determined by the seed alone.

    The state of torch's global generator is afterwards what it was.
    """
    ### BEGIN SOLUTION
    return torch.randn(n, latent, generator=torch.Generator().manual_seed(seed))
    ### END SOLUTION


# %% id="test_fixed_noise" kind="test" points=1
z = fixed_noise(4, 10, seed=1)
assert z.shape == (4, 10) and z.dtype == torch.float32, f"{tuple(z.shape)} {z.dtype}: float32 (4, 10) was asked"
assert torch.equal(z, fixed_noise(4, 10, seed=1)), "the same seed gave different noise"
### BEGIN HIDDEN TESTS
probe("fixed_noise", fixed_noise)
### END HIDDEN TESTS

# %% [markdown] id="about_snapshot"
# ### `snapshot` (2 points)
#
# The pictures of G for codes `z` (n, latent), ready to be saved or plotted: uint8 of shape (n, h, w, channels).
#
# * G puts out x of shape (n, channels, h, w), as a rule in [-1, 1]. A byte is (x + 1) · 127.5, rounded to the nearest
#   integer (halves up or down, as you like) and clipped to 0..255 (some generators have no tanh).
# * While it draws, G, or a copy of it, is in eval mode with all its layers. Afterwards **every** layer of G is in the
#   mode in which it came: G may come in training mode, in eval mode, or in training mode with some layers in eval mode.
#   It may have dropout, and its own `forward` may look at `self.training`.
# * Nothing else in G changes: parameters, `.grad`, `requires_grad` (some parameters may be frozen, others not), running
#   statistics of batch norm. `z` stays too.
#   What G returns is not yours to edit: it may share its memory with `z`, so compute the bytes as a new tensor.
# * No graph is built while G draws (`torch.no_grad()`; to detach the result afterwards is too late, the memory has
#   been used by then).

# %% id="snapshot" kind="answer"
def snapshot(G: nn.Module, z: Tensor) -> Tensor:
    """Pictures of G for z (n, latent) as uint8 (n, h, w, channels), drawn in eval mode; G is left as it was."""
    ### BEGIN SOLUTION
    modes = [(module, module.training) for module in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z)  # (n, channels, h, w), about [-1, 1]
    for module, mode in modes:
        module.training = mode  # not module.train(mode): that would reach into its layers
    return ((x + 1) * 127.5).round().clip(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
    ### END SOLUTION


# %% id="test_snapshot" kind="test" points=2
G = nn.Sequential(nn.Linear(5, 24), nn.BatchNorm1d(24), nn.Unflatten(1, (3, 2, 4)))
pictures = snapshot(G, torch.randn(6, 5))
assert pictures.shape == (6, 2, 4, 3), f"{tuple(pictures.shape)} is not (n, h, w, channels) = (6, 2, 4, 3)"
assert pictures.dtype == torch.uint8, f"the pictures are {pictures.dtype}, expected torch.uint8"
assert G.training and G[1].num_batches_tracked == 0, "G is left in eval mode, or drew in training mode"
### BEGIN HIDDEN TESTS
probe("snapshot", snapshot)
### END HIDDEN TESTS

# %% [markdown] id="about_interpolate"
# ### `interpolate` (1 point)
#
# If G has learned a representation and not a list of pictures, a walk between two codes changes the picture gradually
# (Radford et al. 2016, section 6.1, Figure 4; sharp transitions would hint at memorised pictures).
#
# `z0` and `z1` of shape (latent,) and `steps` ≥ 2 give the codes of a **straight** walk in **equal** steps, shape
# (steps, latent): the first row is `z0`, the last is `z1`, up to rounding of floats (no need for `==`). There are
# exactly `steps` rows for every number of steps. `z0` and `z1` themselves stay as they are.

# %% id="interpolate" kind="answer"
def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    """A straight walk from z0 to z1, both (latent,), in equal steps, both ends included: (steps, latent)."""
    ### BEGIN SOLUTION
    t = torch.linspace(0, 1, steps)[:, None]  # (steps, 1)
    return (1 - t) * z0 + t * z1
    ### END SOLUTION


# %% id="test_interpolate" kind="test" points=1
walk = interpolate(torch.zeros(4), torch.ones(4), steps=5)
assert walk.shape == (5, 4), f"the walk has shape {tuple(walk.shape)}, expected (steps, latent) = (5, 4)"
assert torch.allclose(walk[2], torch.full((4,), 0.5)), f"half way from 0 to 1 lies 0.5, not {walk[2].tolist()}"
### BEGIN HIDDEN TESTS
probe("interpolate", interpolate)
### END HIDDEN TESTS

# %% [markdown] id="about_face_arithmetic"
# ### `face_arithmetic` (1 point)
#
# Smiling woman − neutral woman + neutral man = smiling man: Radford et al. (2016, section 6.3.2, Figure 7) found that
# this works in the space of codes, not with pixels, and that single codes are unstable. They take the **mean of three
# codes** for each concept.
#
# `z_a`, `z_b`, `z_c`: three codes each, shape (3, latent). Returns G's picture of
# mean(`z_a`) − mean(`z_b`) + mean(`z_c`), one picture of shape (channels, h, w), as G puts it out (no scaling).
# The rules of `snapshot` hold: G, or a copy of it, draws in eval mode with all its layers, and every layer of G is in
# its own mode afterwards; nothing else in G changes, the codes stay, and no graph is built while G draws.

# %% id="face_arithmetic" kind="answer"
def face_arithmetic(G: nn.Module, z_a: Tensor, z_b: Tensor, z_c: Tensor) -> Tensor:
    """G's picture (channels, h, w) of mean(z_a) - mean(z_b) + mean(z_c); three codes (3, latent) per concept."""
    ### BEGIN SOLUTION
    z = z_a.mean(0) - z_b.mean(0) + z_c.mean(0)  # (latent,)
    modes = [(module, module.training) for module in G.modules()]
    G.eval()
    with torch.no_grad():
        x = G(z[None])[0]
    for module, mode in modes:
        module.training = mode
    return x
    ### END SOLUTION


# %% id="test_face_arithmetic" kind="test" points=1
G, z = nn.Sequential(nn.Linear(5, 24), nn.BatchNorm1d(24), nn.Unflatten(1, (3, 2, 4))), torch.randn(3, 5)
face = face_arithmetic(G, z, z, z)
assert face.shape == (3, 2, 4), f"{tuple(face.shape)} is not (channels, h, w) = (3, 2, 4): one picture, no batch"
assert torch.allclose(face, G.eval()(z.mean(0, keepdim=True))[0], atol=1e-5), "a - a + a is a: G of the mean of a"


class Squares(nn.Module):
    """A generator whose pictures can be worked out by hand: two pixels, the squares of two numbers of noise."""

    def forward(self, z):
        return z.square().reshape(-1, 1, 1, 2)


a, b, c = torch.tensor([[[4.0, 0], [5, 1], [6, 2]], [[1, 3], [2, 3], [3, 3]], [[0, 7], [1, 7], [2, 7]]])
face = face_arithmetic(Squares(), a, b, c)  # the means are (5, 1), (2, 3) and (1, 7)
assert torch.allclose(face, torch.tensor([[[16.0, 25.0]]])), f"a - b + c is (4, 5), its squares 16 and 25, not {face}"
### BEGIN HIDDEN TESTS
probe("face_arithmetic", face_arithmetic)
### END HIDDEN TESTS

# %% [markdown] id="training"
# ## Training
#
# So far every function met a handful of numbers. Now the networks and the losses that you wrote are trained, outside this
# notebook, by the loop of the course: a training of minutes or hours does not belong in a cell. **Save this notebook
# first**: `train.py` reads it from the disk, runs the setup cell and your answers (and every other cell that holds nothing
# but functions, classes, imports and constants), and leaves the rest alone.
#
# Open a terminal in the folder of the assignment and look at the whole way once, in a minute or two:
#
# ```
# python train.py --smoke
# python train.py --pack runs/homework-faces-1
# python check_run.py
# ```
#
# Thirty rounds make no faces, and `check_run.py` will say so. Then choose a track. The rubric is the same for all three: the points
# are for method, not for a low distance. Everything up to full marks here can be reached on a laptop.
#
# | track | data | command | what to expect |
# |---|---|---|---|
# | two CPU cores | drawn faces, 32 pixels | `python train.py --data faces --size 32 --steps 2000` | 5 to 12 minutes for 2,000 rounds at width 32, the default; for experiments `--width 16 --steps 1000`: 1 to 4 minutes |
# | two CPU cores | CelebA, 32 pixels | `python train.py --data celeba --size 32 --steps 2000` | the same, after an import: see below |
# | a free hosted GPU | CelebA, 64 pixels | `python train.py --data celeba --size 64 --width 64 --steps 20000 --device cuda` | sessions end without warning: keep `runs/` on a drive that stays, and go on with `--resume` |
# | a GPU of your own | CelebA, 64 pixels, the paper's settings | the same with `--batch 128 --change lr=0.0002 --change ema=0 --steps 30000` | measure your images per second in the first minute, then plan the rest |
#
# These are times of training on a busy machine with two cores; every run adds about half a minute of start and three
# quarters of measuring. The images per second stand in `history.csv` from the first line on (`images` over `seconds`), so
# you need to trust nobody's estimate: (2 x steps x batch) / (images per second) is how long a run takes, since `images`
# counts the batches of both moves, D's and G's. Half a minute of `--smoke` is enough to know.
#
# CelebA is not part of the course: download the aligned pictures from its authors, read their terms (research and
# teaching, not commercial), and import them once: `gan-course data import img_align_celeba.zip --name celeba --size 32`.
# Weights trained on photographs of people can carry traces of them: hand them in, but do not publish them.
#
# Ctrl-C stops after the round with a checkpoint; `python train.py --resume runs/homework-faces-2` goes on as if nothing had
# happened. A run's folder holds its settings, the losses, samples for the same noise over time, and its measures.
#
# **What you hand in** is the folder `run/`, which `train.py` makes of your first finished run of `build_generator` with 500
# steps or more (of another one with `--pack`): the weights of your `build_generator`, the 64 samples that it draws for the
# noise that everybody uses, the settings, the losses.
# The hidden checks load the weights into your generator, draw samples for noise of their own, and look at five things:
#
# | check | points | what is looked at |
# |---|---|---|
# | record | 1 | settings and history are there, finite, and agree; at least 100 steps |
# | samples | 3 | the weights load strictly, and draw the samples that you handed in (evaluation mode, your fixed noise) |
# | trained | 5 | Fréchet distance, in the eyes of the course's face reader, to held-out faces, in generous steps |
# | variety | 2 | samples are as spread as real images, and no two are nearly the same |
# | no copies | 1 | samples keep their distance from training faces, and change smoothly on a walk through latent space |
#
# `python check_run.py` does the same on your machine, tells what it finds, and makes `submission.zip` when all is ready.
#
# For the controlled experiments of your report take a smaller budget (`--width 16 --steps 1000`, the same for all), and
# change one thing at a time, with two seeds: `--seed 1`, `--lr`, `--betas`, `--batch`, `--d-steps`,
# `--change objective=hinge`, or another function of this notebook: write `my_generator` in a cell of its own and train with
# `--generator my_generator` (so for `--discriminator`, `--d-loss`, `--g-loss`). `gan-course compare runs/*` puts runs side by side.

# %% id="test_run_record" kind="test" points=1
from pathlib import Path

assert Path("run/settings.json").exists(), "no run/settings.json: train, then `python train.py --pack RUN`"
assert Path("run/history.csv").exists(), "no run/history.csv: `python train.py --pack RUN` copies it"
### BEGIN HIDDEN TESTS
probe("run_record", build_generator)
### END HIDDEN TESTS

# %% id="test_run_samples" kind="test" points=3
from pathlib import Path

assert Path("run/generator.safetensors").exists(), "no run/generator.safetensors: `python train.py --pack RUN` writes it"
assert Path("run/samples.safetensors").exists(), "no run/samples.safetensors: `python train.py --pack RUN` writes it"
### BEGIN HIDDEN TESTS
probe("run_samples", build_generator)
### END HIDDEN TESTS

# %% id="test_run_trained" kind="test" points=5
import json
from pathlib import Path

assert Path("run/settings.json").exists(), "no run/settings.json: train, then `python train.py --pack RUN`"
described = json.loads(Path("run/settings.json").read_text())
assert described["data"]["name"] in ("faces", "celeba"), "hand in a run on faces or on celeba"
assert described["steps"] >= 100, "a run of fewer than 100 steps is a trial"
### BEGIN HIDDEN TESTS
probe("run_trained", build_generator)
### END HIDDEN TESTS

# %% id="test_run_variety" kind="test" points=2
from pathlib import Path

assert Path("run/samples.png").exists(), "no run/samples.png: look at it. Are there 64 different faces?"
### BEGIN HIDDEN TESTS
probe("run_variety", build_generator)
### END HIDDEN TESTS

# %% id="test_run_copies" kind="test" points=1
import json
from pathlib import Path

assert Path("run/settings.json").exists(), "no run/settings.json: train, then `python train.py --pack RUN`"
described = json.loads(Path("run/settings.json").read_text())
shape = {key: described[key] for key in ("latent", "size", "width", "channels")}
assert isinstance(build_generator(**shape), nn.Module), "build_generator does not take what run/settings.json says"
### BEGIN HIDDEN TESTS
probe("run_copies", build_generator)
### END HIDDEN TESTS

