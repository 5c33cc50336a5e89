# %% [markdown] id="title"
# # Problem set 2: GANs with labels
#
# Goes with notebook 05 (CGAN and AC-GAN).
# 30 points, about 2½ hours.
#
# | | task | points | minutes |
# |---|---|---|---|
# | 1 | `conditional_value`: what a discriminator gains by seeing the label | 5 | 30 |
# | 2 | `with_label_planes`, `projection_logit`: two ways to show it the label | 5 | 25 |
# | 3 | `acgan_losses`: two heads, two losses | 5 | 25 |
# | 4 | `diversity`: how much is left within a class | 5 | 25 |
# | 5 | more accurate than the data (in words) | 10 | 45 |
#
# Derive first, then write the function. The functions are short; two to fifteen lines each.

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
# * Tensors are `float64` on the CPU unless the task says otherwise, and so are results; labels are `int64`. All logarithms are natural.
# * A *law* is a tensor of probabilities along its **last** dimension: entries at least 0, sum 1.
# * Results must be right to $10^{-8}$, relative to 1 or to the largest entry of the result, if that is larger; `float32` results to $10^{-6}$. So must gradients, where a task
#   asks for them. The visible tests and the hidden ones use the same tolerances.
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

# %% [markdown] id="about_conditional_value"
# ## 1 · What a discriminator gains by seeing the label (5 points)
#
# A finite world: labels $y$ with law $p(y)$, real pictures $x$ with laws $p(x\mid y)$, generated ones with laws $g(x\mid y)$. The generator draws its labels from $p(y)$ too. The value of the
# conditional game (Mirza & Osindero 2014, equation 2, with every $y$ and every expectation written out) is
#
# $$V(D)=\sum_y p(y)\sum_x\Bigl[\,p(x\mid y)\log D(x,y)+g(x\mid y)\log\bigl(1-D(x,y)\bigr)\Bigr].$$
#
# The sum falls apart into one ordinary game for each pair $(x,y)$. Find $D^*(x,y)$, and show
#
# $$V(D^*)=-2\log2+2\sum_y p(y)\,\mathrm{JS}\bigl(p(\cdot\mid y),\,g(\cdot\mid y)\bigr).$$
#
# Now a *blind* discriminator $D(x)$, one function for all labels. Put it into $V$, sum over $y$ first, and see which two laws it compares. What is the largest value that it reaches, and why can it never be above $V(D^*)$?
# For which generators are the two equal though $g\ne p$, and for which is the blind one satisfied by a $G$ that gets every label wrong?
#
# Write `conditional_value(prior, p, g)`:
#
# * `prior`: the law $p(y)$, shape `(k,)`, all entries positive, in general not equal; `p` and `g`: row $y$ is the law $p(\cdot\mid y)$, $g(\cdot\mid y)$; shape `(k, m)`, with $k,m\ge1$.
# * Return the triple `(D_star, value, value_blind)`. `D_star`: shape `(k, m)`, its entry $(y,x)$ is $D^*(x,y)$; where $p(x\mid y)=g(x\mid y)=0$, return $\tfrac12$.
#   `value`: $V(D^*)$. `value_blind`: the largest $V(D)$ of a blind $D$. Both are tensors of shape `()` or floats.
# * Laws may have mass 0 at some atoms, and as little as $10^{-30}$ at others, in one law or in both. Treat them exactly: $D^*$ is a ratio there as anywhere, and a small constant shows as an error.
#   (Where $g$ is thin beside $p$, $D^*$ rounds to 1, and $\log(1-D^*)$ is lost; $\log g-\log(p+g)$ is not.)

# %% id="conditional_value" kind="answer"
def conditional_value(prior: Tensor, p: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """D*(x, y) as (k, m), the value V(D*), and the largest value without labels."""

    ### BEGIN SOLUTION
    def best_value(p: Tensor, g: Tensor) -> Tensor:
        # p log D* + g log(1 - D*) = p log p + g log g - (p + g) log(p + g), with 0 log 0 = 0
        return (torch.xlogy(p, p) + torch.xlogy(g, g) - torch.xlogy(p + g, p + g)).sum(-1)

    D_star = torch.where(p + g > 0, p / (p + g), 0.5)
    # A blind D meets the mixtures sum_y p(y) p(x|y) and sum_y p(y) g(x|y).
    return D_star, prior @ best_value(p, g), best_value(prior @ p, prior @ g)
    ### END SOLUTION


# %% id="test_conditional_value" kind="test" points=5
# Two labels, two pictures. Label 0 comes with probability 3/4. The generator draws each label's picture in the other label's place.
p = torch.eye(2).double()
d, value, blind = conditional_value(torch.tensor([0.75, 0.25]).double(), p, p.flip(0))
assert (d.shape, d.dtype) == ((2, 2), torch.float64), f"D_star has shape {tuple(d.shape)} and dtype {d.dtype}"
assert (d - p).abs().max() < 1e-8, f"each real picture is certain, and so is each fake one; D_star is {d.tolist()}"
assert abs(float(value)) < 1e-8, f"whoever sees the label is never wrong, so the value is 0, not {float(value)}"
# Without it: picture 0 is real with weight 3/4 and fake with weight 1/4, picture 1 the other way round.
right = 2 * (0.75 * math.log(0.75) + 0.25 * math.log(0.25))
assert abs(float(blind) - right) < 1e-8, f"the blind value is {float(blind)}, expected {right:.8f}"
### BEGIN HIDDEN TESTS
probe("conditional_value", conditional_value)
### END HIDDEN TESTS

# %% [markdown] id="about_condition_discriminator"
# ## 2 · Two ways to show it the label (5 points)
#
# **Planes.** A convolution wants its input as maps. So the label becomes $K$ constant maps, one for each class: that of the picture's own class is 1 in every pixel, the others are 0. They are joined to
# the channels of the picture. (The DCGAN authors' conditional MNIST code does so in every layer.)
#
# Write `with_label_planes(x, y, classes)`:
#
# * `x`: pictures, shape `(n, c, h, w)`, `float64` or `float32`; `y`: labels from 0 to `classes - 1`, shape `(n,)`. Not every class need occur in the batch.
# * Return shape `(n, c + classes, h, w)`, of the dtype of `x`: the `c` channels of `x` first, unchanged, then the planes; channel `c + k` of picture $i$ is 1 everywhere if $y_i=k$, else 0 everywhere.
#
# **A projection.** Miyato & Koyama (2018) ask what form the *logit* of $D^*$ has. Split $\log\frac{p(x,y)}{g(x,y)}=\log\frac{p(y\mid x)}{g(y\mid x)}+\log\frac{p(x)}{g(x)}$; if both
# $p(y\mid x)$ and $g(y\mid x)$ are softmax classifiers on features $\phi(x)$, the first term is $v_y^\top\phi(x)$ plus something that does not depend on $y$. Which vector is $v_y$, and where does the rest go? With a linear $\psi$ the logit is
#
# $$a(x,y)=v_y^\top\phi(x)+w^\top\phi(x)+b .$$
#
# Write `projection_logit(phi, y, V, w, b)`:
#
# * `phi`: features $\phi(x_i)$ in its rows, shape `(n, d)`; `y`: labels, shape `(n,)`; `V`: row $k$ is $v_k$, shape `(K, d)`; `w`: shape `(d,)`; `b`: shape `()`.
# * Return the logits $a(x_i,y_i)$, shape `(n, 1)`.
#
# For both: any $n,c,h,w,d\ge1$ and any number of classes $\ge2$. Gradients must flow, in the first function to `x`, in the second to `phi`, `V`, `w` and `b`: that is how $G$ and these parameters learn.

# %% id="condition_discriminator" kind="answer"
def with_label_planes(x: Tensor, y: Tensor, classes: int) -> Tensor:
    """x (n, c, h, w) with one constant plane for each class: (n, c + classes, h, w)."""
    ### BEGIN SOLUTION
    planes = F.one_hot(y, classes).to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, planes], 1)
    ### END SOLUTION


def projection_logit(phi: Tensor, y: Tensor, V: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The logits v_y . phi + w . phi + b, (n, 1)."""
    ### BEGIN SOLUTION
    return ((V[y] + w) * phi).sum(1, keepdim=True) + b  # V[y]: (n, d), the vector of each picture's own label
    ### END SOLUTION


# %% id="test_condition_discriminator" kind="test" points=5
x = torch.arange(8.0).double().reshape(2, 1, 2, 2)
joined = with_label_planes(x, torch.tensor([2, 0]), 3)
assert (joined.shape, joined.dtype) == ((2, 4, 2, 2), torch.float64), f"shape {tuple(joined.shape)}, dtype {joined.dtype}"
assert torch.equal(joined[:, :1], x), "the channels of x come first, unchanged"
assert joined[0, 1:].mean((1, 2)).tolist() == [0, 0, 1], "picture 0 has label 2: planes of 0, 0 and 1"
# v_1 = (2, 0), v_0 = (0, 3), w = (1, 1), b = 10. Row 0 with label 1: 2 + (1 + 5) + 10. Row 1 with label 0: 21 + (4 + 7) + 10.
V, phi = torch.tensor([[0.0, 3.0], [2.0, 0.0]]).double(), torch.tensor([[1.0, 5.0], [4.0, 7.0]]).double()
logits = projection_logit(phi, torch.tensor([1, 0]), V, torch.ones(2).double(), torch.tensor(10.0).double())
assert logits.shape == (2, 1), f"the logits have shape {tuple(logits.shape)}, expected (2, 1)"
assert logits.flatten().tolist() == [18, 42], f"the logits are {logits.flatten().tolist()}, expected 18 and 42"
### BEGIN HIDDEN TESTS
probe("condition_discriminator", with_label_planes, projection_logit)
### END HIDDEN TESTS

# %% [markdown] id="about_acgan_losses"
# ## 3 · Two heads, two losses (5 points)
#
# The discriminator of an AC-GAN (Odena, Olah & Shlens 2017) does not see the label; it names it. It has two heads: one for the source, $P(S=\text{real}\mid x)=\sigma(a)$, one for the class,
# $P(C\mid x)$, a softmax over $K$ logits. With
#
# $$L_S=\mathbb E\log P(S{=}\text{real}\mid x_{\text{real}})+\mathbb E\log P(S{=}\text{fake}\mid x_{\text{fake}}),\qquad L_C=\mathbb E\log P(C{=}c\mid x_{\text{real}})+\mathbb E\log P(C{=}c\mid x_{\text{fake}})$$
#
# the paper lets $D$ maximise $L_S+L_C$ and $G$ maximise $L_C-L_S$. Note the signs: about the class, the two players pull in the *same* direction. Turn this into two losses to be **minimised**, with three agreements:
#
# * a factor `weight` multiplies every class term, of both players; the source terms have no factor;
# * in place of its part of $L_S$, $G$ takes the non-saturating $-\mathbb E\log P(S{=}\text{real}\mid x_{\text{fake}})$;
# * $G$'s loss holds no term of real pictures (they do not depend on $G$).
#
# Write `acgan_losses(real_source, real_class, real_y, fake_source, fake_class, fake_y, weight)`:
#
# * `real_source`: logits $a$ of the source head on $n$ real pictures, shape `(n, 1)`; `real_class`: logits of the class head on them, shape `(n, K)`; `real_y`: their labels, shape `(n,)`. The next three are the same for $m$ fakes, in general
#   $m\ne n$; `fake_y` are the labels that $G$ was asked for. `weight`: a float $\ge0$. Any $n,m\ge1$, $K\ge2$.
# * Return the pair `(d_loss, g_loss)`, two tensors of shape `()`. Each expectation is the mean over its own batch; the terms are added, not averaged.
# * Right in value *and gradient* for logits up to 100 in size. Detach nothing: $D$'s loss has gradients in the logits of real and of fake pictures, $G$'s loss in those of the fakes, of both heads.
#   (What may move is decided in the training step, by detaching pictures and by the choice of parameters, not here.)

# %% id="acgan_losses" kind="answer"
def acgan_losses(
    real_source: Tensor,
    real_class: Tensor,
    real_y: Tensor,
    fake_source: Tensor,
    fake_class: Tensor,
    fake_y: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    """(d_loss, g_loss), both to be minimised."""
    ### BEGIN SOLUTION
    on_real, on_fake = F.cross_entropy(real_class, real_y), F.cross_entropy(fake_class, fake_y)  # -L_C, in two parts
    # -L_S - weight L_C, with -log D = -log sigmoid(a) and -log(1 - D) = -log sigmoid(-a)
    d_loss = -F.logsigmoid(real_source).mean() - F.logsigmoid(-fake_source).mean() + weight * (on_real + on_fake)
    g_loss = -F.logsigmoid(fake_source).mean() + weight * on_fake
    return d_loss, g_loss
    ### END SOLUTION


# %% id="test_acgan_losses" kind="test" points=5
# One real picture: D = 4/5, p(own class) = 1/4. Two fakes: D = 1/2, p(own class) = 1/2. The class terms count double.
real = torch.tensor([[math.log(4)]]).double(), torch.tensor([[0.0, math.log(3)]]).double(), torch.tensor([0])
fake = torch.zeros(2, 1).double(), torch.zeros(2, 2).double(), torch.tensor([1, 0])
d_loss, g_loss = acgan_losses(*real, *fake, 2.0)
right = -math.log(4 / 5) - math.log(1 / 2) - 2 * math.log(1 / 4) - 2 * math.log(1 / 2)
assert abs(float(d_loss) - right) < right * 1e-8, f"d_loss is {float(d_loss)}, expected {right:.8f}"
right = -math.log(1 / 2) - 2 * math.log(1 / 2)
assert abs(float(g_loss) - right) < right * 1e-8, f"g_loss is {float(g_loss)}, expected {right:.8f}"
### BEGIN HIDDEN TESTS
probe("acgan_losses", acgan_losses)
### END HIDDEN TESTS

# %% [markdown] id="about_diversity"
# ## 4 · How much is left within a class (5 points)
#
# A conditional generator that draws one perfect "3" for every noise vector gets all its labels right. So agreement with the label is never reported alone: the second number is how different the pictures *of one class* are from each
# other, compared with real ones. Odena et al. use a similarity of pictures (MS-SSIM) on pairs from one class; here it is a distance of features.
#
# For a class $c$, let $\delta_c$ be the mean Euclidean distance $\lVert f_i-f_j\rVert$ over all pairs $i<j$ of generated pictures of that class, and $\delta_c^{\text{real}}$ the same for the real ones. The diversity is the mean over classes of
# $\delta_c/\delta_c^{\text{real}}$.
#
# Write `diversity(features, labels, real_features, real_labels)`:
#
# * `features`: one row for each generated picture, shape `(n, d)`, $d\ge1$; `labels`: shape `(n,)`; `real_features`, `real_labels`: the same for the real ones, shapes `(m, d)` and `(m,)`. Labels are any integers, in any order, not
#   necessarily $0,1,2,\dots$, and not necessarily the same ones on both sides.
# * Return a float, or a tensor with one element.
# * A class counts if *both* sides have at least two pictures of it; leave out the others. At least one class counts. Every class that counts has the same weight, however many pictures it has.
# * Two pictures with equal features are a pair like any other, with distance 0: a collapsed generator is full of them. The real distances $\delta_c^{\text{real}}$ are positive.
# * Features of a collapsed generator lie close together and perhaps far from the origin: be exact also where entries are as large as $10^4$ and differences as small as $10^{-2}$. The formula
#   $\lVert a\rVert^2+\lVert b\rVert^2-2a^\top b$ is not, and `torch.cdist` uses it for more than 25 rows unless its `compute_mode` says otherwise.

# %% id="diversity" kind="answer"
def diversity(features: Tensor, labels: Tensor, real_features: Tensor, real_labels: Tensor) -> float:
    """The mean over classes of the generated over the real mean distance within the class."""

    ### BEGIN SOLUTION
    def mean_distance(rows: Tensor) -> Tensor:
        return F.pdist(rows).mean()  # each pair i < j once; the differences are formed before they are squared

    ratios = []
    for c in labels.unique():
        fake, real = features[labels == c], real_features[real_labels == c]
        if len(fake) > 1 and len(real) > 1:
            ratios.append(mean_distance(fake) / mean_distance(real))
    return torch.stack(ratios).mean().item()
    ### END SOLUTION


# %% id="test_diversity" kind="test" points=5
# Class 0: a triangle with sides 3, 4 and 5, mean 4, against a real distance of 8. Class 7: 3 against 2. Class 9: one real picture, no pair.
fake = torch.tensor([[0.0, 0.0], [0.0, 100.0], [3.0, 0.0], [0.0, 4.0], [0.0, 103.0]]).double()
real = torch.tensor([[0.0, 0.0], [8.0, 0.0], [-7.0, 0.0], [-5.0, 0.0], [6.0, 6.0]]).double()
ratio = float(diversity(fake, torch.tensor([0, 7, 0, 0, 7]), real, torch.tensor([0, 0, 7, 7, 9])))
assert abs(ratio - (4 / 8 + 3 / 2) / 2) < 1e-8, f"the mean of 4/8 and 3/2 is 1, your ratio is {ratio}"
### BEGIN HIDDEN TESTS
probe("diversity", diversity)
### END HIDDEN TESTS

# %% [markdown] id="about_more_accurate"
# ## 5 · More accurate than the data (10 points, in words)
#
# A friend has trained an AC-GAN with the losses of task 3 on photographs of ten kinds of birds, equally many of each. The report:
#
# | measured on | source loss ($-L_S$) | accuracy of $D$'s class head |
# |---|---|---|
# | 10,000 held-out photographs | | 0.930 |
# | 10,000 generated pictures, 1,000 of each kind | | 0.998 |
# | the last 100 rounds of training | 1.386 | |
#
# > "The labels of my pictures are right more often than those of the data. And $-L_S=2\log2$ says that $D$ cannot tell real from fake. So $g(x\mid y)=p(x\mid y)$, and the generated pictures are even cleaner: I shall train a bird classifier on them instead of the
# > photographs."
#
# Answer in 300 to 600 words, formulas and a table welcome:
#
# * **(a)** (2 points) Suppose $g(x\mid y)=p(x\mid y)$ for every $y$. What does that say about the accuracy of one and the same classifier on fresh pictures of either kind, and what follows from the report? Does it matter by whom, and on what, the classifier was trained?
# * **(b)** (3 points) Two labels, equally likely, and three pictures, of which the middle one belongs to both: $p(\cdot\mid0)=(\tfrac12,\tfrac12,0)$, $p(\cdot\mid1)=(0,\tfrac12,\tfrac12)$. Let $G$ choose among $g_m(\cdot\mid0)=(1-m,m,0)$,
#   $g_m(\cdot\mid1)=(0,m,1-m)$, and let both heads of $D$ be as good as they can be. $G$ minimises $L_S-\text{weight}\cdot L_C$, as in the paper. Which $m$ does it choose for `weight` 1? Is there a positive weight for which it chooses
#   the data's $m=\tfrac12$? And what does a CGAN choose, whose $D$ sees the label (task 1)?
# * **(c)** (2 points) Which statement about laws does a source loss of $2\log2$ support *at most*, even if that head is as good as it can be? Give a generator in the world of (b) that has this source loss though its labels are wrong.
# * **(d)** (3 points) Give three *different* causes that would each explain why 0.998 is above 0.930; what you found in (b) may be one of them. Name measurements that tell every two of them apart, with the outcome that each cause predicts. Which would you make first, and
#   what do you advise for each of its outcomes?

# %% [markdown] id="more_accurate" kind="written" points=10
# ### BEGIN SOLUTION
# **(a)** Then fresh generated and fresh real pictures with the same mix of labels are samples of the *same* law of pairs $(x,y)$, and any fixed classifier has the same accuracy on both, up to chance: with 10,000 pictures the standard error is about 0.0025. It does not matter who trained it or on
# what, as long as the pictures are fresh. So $0.998\ne0.930$ does not confirm $g(x\mid y)=p(x\mid y)$, it *refutes* it, by some 26 standard errors. "Better than the data" is a way to differ from the data.
#
# **(b)** The best class head says the right label at the outer pictures and $\tfrac12$ in the middle, for every $m$; so $-L_C$ on fakes is $m\log2$, and on real pictures it does not depend on $m$. The source head sees $\bar p=(\tfrac14,\tfrac12,\tfrac14)$ against
# $\bar g=(\tfrac{1-m}2,m,\tfrac{1-m}2)$. $G$ minimises $C(m)=-2\log2+2\,\mathrm{JS}(\bar p,\bar g)+\text{weight}\cdot m\log2$, and
#
# $$C'(m)=\log\frac{m\,(\tfrac32-m)}{(\tfrac12+m)(1-m)}+\text{weight}\cdot\log2 .$$
#
# Weight 1: $2m(\tfrac32-m)=(\tfrac12+m)(1-m)$, so $m^2-\tfrac52m+\tfrac12=0$ and $m=\tfrac14(5-\sqrt{17})=0.219$ instead of $\tfrac12$. At $m=\tfrac12$ the logarithm is 0, so $C'=\text{weight}\cdot\log2>0$: for *every* positive weight $G$ gains by avoiding the middle. The accuracy of
# the head, $1-\tfrac m2$, rises from 0.75 on the data to 0.89: the friend's sign. (Gong et al. 2019 describe this bias of the AC-GAN.) The CGAN has $-2\log2+2\,\mathrm{JS}(p(\cdot\mid y),g_m(\cdot\mid y))$, the same for both labels, with its only minimum at $m=\tfrac12$.
#
# **(c)** That head sees no label, so at most $\bar p=\bar g$: the *mixtures* agree. The generator $g(\cdot\mid0)=p(\cdot\mid1)$, $g(\cdot\mid1)=p(\cdot\mid0)$ has that, and so the value $-2\log2$ at $D^*$, with wrong labels. (And a weak head has this loss against anything: the log shows $V$ at this
# $D$, not at $D^*$.)
#
# **(d)**
#
# | cause | accuracy of the head on *training* photographs | accuracy of an independent classifier on the fakes | within-class diversity of the fakes over that of held-out photographs |
# |---|---|---|---|
# | 1: $G$ avoids what lies between the classes, as in (b) | about 0.93 | above the one on held-out photographs | clearly below 1 |
# | 2: $G$ repeats training photographs, which the head knows by heart | about 0.998 | as on held-out photographs | about 1 |
# | 3: $G$ puts traces into its pictures that only this head reads as the class | about 0.93 | below the one on held-out photographs | about 1 |
#
# The second column tells all three apart if the classifier was trained on other photographs; the first tells 2 from 1 and 3, the third 1 from 2 and 3. First the independent classifier, on fakes and on held-out photographs: it needs no training of $G$, and its three outcomes point to three different cures. Above: lower `weight`, or a CGAN
# with projection, and watch the diversity. Equal: nearest neighbours in the training set, then more data or an augmented $D$. Below: do not train the class head on fakes, or give it less weight. In no case train the classifier on these pictures: their law is not that of birds.
#
# **Marks**
#
# - **Equal laws, equal accuracy (1).** Equal conditional laws give every fixed classifier the same accuracy on fresh pictures of both kinds.
#   0 for "the head is biased" without that.
# - **The refutation (1).** So the report refutes g = p: the gap is far beyond chance, and it does not matter who trained the classifier.
#   0 for "it is not proven".
# - **The choice of G (2).** 2: the right m for weight 1, from a loss that holds JS of the mixtures and m log 2. 1: that loss, but a slip on the
#   way to m, or m by trying out without the loss. 0: no loss.
# - **Every weight, and the CGAN (1).** At m = 1/2 the slope in m is positive for every positive weight; the CGAN chooses m = 1/2. 0 if one of
#   the two is missing.
# - **What 2 log 2 says (1).** At most that the mixtures agree, since this head sees no label.
# - **The example (1).** A generator with the data's mixture and wrong labels, such as the exchanged one.
# - **Three causes (1).** Three different ones, each of which makes the accuracy on fakes higher than on held-out photographs. 0 for causes that
#   would lower it, or for one cause in three wordings.
# - **Measurements (1).** Outcomes are predicted for all three, and every two causes are told apart by one of them. 0 for "look at the pictures"
#   or "compute the FID".
# - **What first, and then (1).** One measurement with a reason, and an advice for *each* of its outcomes. 0 for a list of tricks.
# ### END SOLUTION
