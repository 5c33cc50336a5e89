# %% [markdown] id="report_title"
# # DCGAN on CelebA: the report
#
# **The brief.** Read the DCGAN paper. Reproduce it: get the data, build the model in PyTorch, train it. Vary the architecture, the loss and
# the training procedure, and observe what each change does. Write an experiment report. This notebook is that report.
#
# **The paper.** Radford, Metz, Chintala: *Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks*,
# ICLR 2016 (arXiv 1511.06434). "The paper" below is always this one.
#
# **What counts is method, not beauty.** No point of this report depends on a low FD (the training run asks, in generous tiers, only that
# your network is trained). A prediction that failed, stated before the run and read with care, earns full marks; a beautiful grid with
# nothing to compare it with earns next to none.

# %% [markdown] id="report_points"
# ## How it is graded
#
# | part | where | points |
# |---|---|---|
# | components | `components.ipynb`, by tests | 28 |
# | training run | `components.ipynb`, section "Training", by tests | 12 |
# | reading questions | here, section 1 | 4 × 3 |
# | reproduction | here, section 2 | 10 |
# | three experiments: architecture, loss, procedure | here, section 3 | 3 × 8 |
# | a failure, explained | here, section 4 | 6 |
# | conclusions and limits | here, section 5 | 8 |
# | **together** | | **100** |
#
# People grade this notebook with a rubric that is the same for all three tracks below. Each part says what it wants and for how many
# points.

# %% [markdown] id="report_tracks"
# ## Time, and which machine
#
# 8 to 12 hours in all: reading and questions 2, components 2 to 3, training and reproduction 1 to 2, experiments 2 to 3, writing 1 to 2.
# Most of the computing runs while you do something else. Choose one track; nobody gets more points for a larger machine.
#
# | track | machine | what to train | what was measured for this text |
# |---|---|---|---|
# | A | two CPU cores | 32 pixels: the drawn `faces`, or CelebA if you have it | on a busy machine with two cores: 2,000 rounds at width 32, the run to hand in, 5 to 12 minutes; 1,000 rounds at width 16, our suggestion for sections 2 and 3, 1 to 4 minutes (FD 37 and 41 for two seeds). Every run adds half a minute of start and three quarters of measuring: 20 to 45 minutes for the eight runs of sections 2 and 3. |
# | B | a free hosted GPU | 64 pixels, width 64, CelebA or `faces` | nothing: no GPU was at hand. Such machines stop without warning; let runs be resumable, and copy their folders away. |
# | C | a GPU of your own | the same; 128 pixels if you like | nothing, as above. |
#
# For B and C, time 200 rounds first and multiply. For scale: a DCGAN of width 32 on 21,600 CelebA faces of 64 pixels took 62 minutes for
# 5,500 rounds on *one CPU core* (notebook 04, section 12), so 64 pixels are possible on track A too, overnight. If eight runs do not fit
# into your evening, take fewer rounds or a smaller width, *for all of them*, and say so. A small, complete comparison beats a large, broken
# one.
#
# CelebA shows real people who were not asked, and its licence allows research only: do not hand in or publish its pictures. The course's
# page *Faces and consent* says more. The drawn faces raise no such question and cost no points.

# %% [markdown] id="report_order"
# ## In which order to work
#
# 1. Read the paper once for the idea and once for the details, and answer section 1.
# 2. Finish `components.ipynb`. Its functions are what you train with.
# 3. Run `python train.py --smoke`, to see everything work. Then choose the budget: rounds, batch, data, width (track A: `--width 16
#    --steps 1000`). The run to hand in may be larger.
# 4. Train the baseline with two seeds: section 2.
# 5. For every experiment: write the hypothesis into its cell *first*. Then run, with the same two seeds and the same budget. Then the
#    table, then the reading.
# 6. Keep the run that went wrong: section 4 wants one. If none did, break one on purpose.
# 7. Write section 5, run `python check_run.py`, which also makes `submission.zip`, and hand that in.
#
# **What to hand in:** `submission.zip`. It holds `components.ipynb`, `report.ipynb`, the folder `images/` with every figure of the report,
# and the folder `run/` of the training run. Nothing else is needed: no data, no discriminator, no runs of the experiments. `README.md` has
# the details.
#
# **Help and honesty.** What help from AI tools and from fellow students is allowed stands on the course page. Whatever you use, you must be
# able to explain each line and each sentence in a short talk. Numbers come from runs of your own; the files of your runs carry
# fingerprints, and a grader may ask to see a run folder.

# %% [markdown] id="report_outputs"
# ## Tables and figures must survive
#
# **Outputs of code cells are cleared before your report is graded.** A figure that exists only below a code cell is not seen by anybody.
# So:
#
# * tables are *text*: `print_table(...)` below prints one, and you paste it into a text cell;
# * figures are *files*: `save_curves(...)` below writes `images/NAME.png` and prints the line that shows it, which you paste into a text
#   cell. Or drag a PNG onto a text cell in JupyterLab, which attaches it. For sample grids, copy `samples/ROUND.png` of a run folder to
#   `images/`. PNG or JPEG: other formats are not shown.
#
# In the sections below, add as many cells as you like *below* the cell with the task. Close the notebook and open it again before you hand
# it in: what you see then, with all outputs cleared, is what will be graded.

# %% id="report_runs" kind="given"
# Reads the folders of your runs. Where there are none, as when it is graded, it does nothing.
import csv
import json
import statistics
from pathlib import Path

RUNS, IMAGES = Path("runs"), Path("images")


def all_runs():
    """The names of your runs; none where this notebook is graded."""
    return sorted(path.parent.name for path in RUNS.glob("*/run.json"))


def folder(run):
    """The folder of a run; a name that is not there is a mistake, not an empty column."""
    if run not in all_runs():
        raise ValueError(f"no run {run!r} in {RUNS}/; there are: {', '.join(all_runs())}")
    return RUNS / run


def measures(run):
    """{measure: value} from what train.py measured; empty before that."""
    path = folder(run) / "evaluation.json"
    found = json.loads(path.read_text(encoding="utf-8"))["measures"] if path.exists() else []
    return {one["what"]: one["value"] for one in found}


def curve(run, column):
    """The rounds and the values of one column of a run's history.csv."""
    with (folder(run) / "history.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row.get(column)]
    return [int(row["round"]) for row in rows], [float(row[column]) for row in rows]


print(f"runs in {RUNS}/: {', '.join(all_runs()) or 'none, so there is nothing to show'}")


# %% id="report_helpers" kind="given"
def print_table(measure, **arms):
    """Print a table to paste into a text cell: print_table("FD, face reader", baseline=["a", "b"], hinge=["c", "d"]).

    Every arm is a list of run folders, one per seed, in the same order of seeds.
    """
    if not all_runs():
        return
    values = {arm: [measures(run).get(measure) for run in runs] for arm, runs in arms.items()}
    seeds = range(max(map(len, values.values())))
    print(f"| {measure} | " + " | ".join(f"seed {k}" for k in seeds) + " | mean | largest − smallest |")
    print("|---" * (len(seeds) + 3) + "|")
    for arm, row in values.items():
        known = [value for value in row if value is not None]
        row += [None] * (len(seeds) - len(row))
        row += [statistics.mean(known), max(known) - min(known)] if known else [None, None]
        print(f"| {arm} | " + " | ".join("" if value is None else f"{value:.4g}" for value in row) + " |")


def save_curves(name, *runs, columns=("D", "G")):
    """Draw the losses of runs into images/NAME.png, and print the line that shows it in a text cell."""
    if not all_runs():
        return
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(columns), figsize=(10, 3), squeeze=False, layout="constrained")
    for ax, column in zip(axes[0], columns, strict=True):
        for run in runs:
            ax.plot(*curve(run, column), label=run)
        ax.set(title=f"loss of {column}", xlabel="round", ylabel="mean since the last log point")
    axes[0][0].legend(fontsize=8)
    IMAGES.mkdir(exist_ok=True)
    fig.savefig(IMAGES / f"{name}.png", dpi=120)
    plt.close(fig)
    print(f"![Losses of {', '.join(runs)}]({IMAGES}/{name}.png)")


def open_networks(run):
    """A run as its last checkpoint left it, in eval mode: .G (the average, which draws), .game.G, .game.D, .sample(n).

    The networks are built by components.ipynb as it is on the disk. None where there are no runs.
    """
    if not all_runs():
        return None
    from gan_course.grading.homework import homework, read_answers
    from gan_course.runs import open_run

    return open_run(folder(run), model=homework(read_answers()))


# %% [markdown] id="report_helpers_use"
# For your own lines, use cells below this one. Give every run a name that says what it is, `python train.py --seed 1 --out runs/baseline-1`
# for instance; then
#
#     print_table("FD, face reader", baseline=["baseline-0", "baseline-1"], hinge=["hinge-0", "hinge-1"])
#     save_curves("hinge", "baseline-0", "hinge-0")
#
# **Real images**, for figures and for controls. `train.py --data faces --size 32` trains on the first of these; the second is drawn from
# another seed, so no run has seen it:
#
#     from gan_course.data import load
#     from gan_course.runs.pictures import save_picture
#
#     training = load("faces", size=32, n=20_000, seed=0, split="train")
#     held_out = load("faces", size=32, n=10_000, seed=0, split="test")
#     x = held_out.take(slice(0, 64))  # (64, 3, 32, 32) in [-1, 1], as D sees them
#     save_picture(IMAGES / "real.png", x)
#
# For CelebA put its name there and leave `n` out. **Networks of a run**, to look into:
#
#     run = open_networks("baseline-0")
#     save_picture(IMAGES / "more.png", run.sample(64, seed=3))
#     run.game.D(x).mean()  # logits; run.game.G is the last G, run.G its running average, which drew all samples
#
# These need the course's package and your runs: it does no harm that they stop with an error where neither is. `README.md` says how to get
# the networks of an earlier round.
#
# **"Distance to training"** is the mean distance from samples to their nearest training images, over the same for held-out images. Smooth,
# grey pictures are near to everything, so an untrained network can get "may be copies"; noise is far from everything. The number means
# something only for pictures that look like data: read it beside the FD and the samples.
#
# `train.py` measures every run when it ends (later: `python train.py --measure runs/NAME`). In a terminal, `gan-course compare runs/baseline-0 runs/hinge-0` shows which settings differ:
# exactly one should.

# %% [markdown] id="reading_title"
# ## 1. Reading (4 × 3 points)
#
# Answer in about 80 to 200 words each (a guide, not a limit), in your own words, and name the section, table or figure that you rely on.

# %% [markdown] id="q_guidelines_text"
# ### 1.1 Guidelines, and what each is worth
#
# Section 3 of the paper gives five guidelines for networks that train. Notebook 04 took them away one at a time: a small DCGAN (32 pixels,
# width 16) after 600 rounds on drawn faces, with learning rate 0.001 and beta1 0.5 where nothing else is said. FD in the features of the
# course's face reader, lower is better, one column per seed:
#
# | version | seed 0 | seed 1 | seed 2 | seed 3 | seed 4 |
# |---|---|---|---|---|---|
# | all guidelines | 67 | 122 | 86 | 152 | 83 |
# | no batch norm in G | 205 | 147 | 279 | 190 | 159 |
# | batch norm everywhere | 69 | 50 | 44 | 43 | 55 |
# | fully connected layers | 217 | 217 | 286 | 279 | 224 |
# | ReLU in D | 82 | 103 | 78 | 88 | 99 |
# | beta1 0.9 | 259 | 368 | 360 | 238 | 266 |
# | learning rate 2e-4 | 103 | 139 | 136 | 123 | 99 |
#
# (a) From which two layers does the paper keep batch norm away, and what did it see otherwise? (b) Name one statement of the paper that
# this table confirms and one that it does not confirm, with numbers. (c) Does the second one refute the paper?

# %% [markdown] id="q_guidelines" kind="written" points=3
# **Your answer to 1.1**
#
# ### BEGIN SOLUTION
# (a) From the output layer of the generator and the input layer of the discriminator; with batch norm in all layers the paper saw samples
# oscillate and the model become unstable (section 3).
#
# (b) Confirmed: beta1 = 0.9 does harm (section 4). All five seeds lie between 238 and 368, all five with 0.5 between 67 and 152. Fully
# connected hidden layers, 217 to 286, would do as well. Not confirmed: that batch norm everywhere does harm. It has 43 to 69, mean 52,
# against 67 to 152, mean 102: if anything it is better. ReLU in D, and 0.001 as too high a learning rate, are not confirmed either: their
# ranges overlap with those of the first row.
#
# (c) No. The paper speaks of larger networks and images, other data and runs hundreds of times longer; oscillation needs time to appear. FD
# sees with the eyes of one network, which was not taught to mind checked patterns. And the effect is not even certain: the five differences
# by seed, +1, −72, −42, −109, −28, have mean −50 and deviation 42, just below the threshold of a paired t-test (1.24 · 42 = 52). The table
# says that the guideline is not needed *here*.
#
# **Marks**
#
# - **The paper (1).** Output of G and input of D, and oscillation or instability. 0 if one layer is wrong or the observation is missing.
# - **The table (1).** One confirmed statement (beta1, fully connected layers, or batch norm in G with its one overlap named) and one not
#   confirmed (batch norm everywhere, ReLU in D, or the learning rate), both with numbers of several seeds. 0 if only means or a single seed
#   are quoted, or if overlapping ranges are called an effect.
# - **What follows (1).** Says that it does not refute the paper, and names at least two differences (size, length, data, measure) or one
#   difference and the spread between seeds. 0 for "the paper is wrong" and for "the table is wrong" without such a reason.
# ### END SOLUTION

# %% [markdown] id="q_losses_text"
# ### 1.2 Two losses for the generator
#
# Goodfellow et al. (2014, section 3) give the generator two losses: the minimax one, $\log(1-D(G(z)))$, and the non-saturating one,
# $-\log D(G(z))$, which the DCGAN authors' code uses. Write $a$ for the logit, $D=\sigma(a)$.
#
# (a) Differentiate both with respect to $a$, and give the ratio of the magnitudes at $a=-5$. (b) For which $a$ is the non-saturating
# gradient the *smaller* one, and why does that do no harm? (c) Which values have $L_D$ (the sum of both terms) and the non-saturating $L_G$
# when $D$ answers ½ to everything? Why can $L_G$ rise while the pictures get better?

# %% [markdown] id="q_losses" kind="written" points=3
# **Your answer to 1.2**
#
# ### BEGIN SOLUTION
# (a) d/da log(1 − σ(a)) = −σ(a) and d/da [−log σ(a)] = −(1 − σ(a)). Same sign; the ratio of magnitudes is (1 − σ(a))/σ(a) = e^(−a), so e⁵ ≈
# 148 at a = −5, where D is sure of a fake: there the minimax loss hardly moves G, early in training, when it is needed most.
#
# (b) For a > 0, where D takes the generated image for a real one. Such an image needs little correction, so a small gradient is right
# there.
#
# (c) L_D = 2 log 2 ≈ 1.386 and L_G = log 2 ≈ 0.693. Each loss is measured against the opponent of the moment. If D improves faster than G,
# L_G rises although G draws better than before: in notebook 04 the loss of G does not fall while the samples turn from blobs into faces. To
# compare moments one needs a judge that stays the same: a fixed noise grid and a distance such as FD.
#
# **Marks**
#
# - **Gradients (1).** Both derivatives with sign, and the ratio 148 (e⁵). A slip in the sign alone costs nothing if it is the same in both.
# - **Where it is smaller (1).** a > 0 (D > ½), with the reason that D already takes the image for real.
# - **Values and curves (1).** 1.386 and 0.693, and that each loss is relative to an opponent that changes. 0 if one of the two is missing.
# ### END SOLUTION

# %% [markdown] id="q_copies_text"
# ### 1.3 Drawn, or remembered?
#
# The paper offers three things against the suspicion that $G$ only remembers: one pass over about three million bedrooms (section 4.1), the
# removal of about 275,000 near-duplicates by equal semantic codes (section 4.1.1), and walks through the latent space (section 6.1).
# Notebook 04 planted near-duplicates (moved by a pixel, brightened, blurred) among its images. In five runs, equal codes found 0 to 2 % of
# them; codes that may differ in a few bits found 94 to 100 %.
#
# (a) What is each of the three meant to show? (b) What does the notebook's result say about the 275,000, and what does it not say? (c)
# Describe a measurement against copies: what is compared with what, which value do new images have, and which control has to fail?

# %% [markdown] id="q_copies" kind="written" points=3
# **Your answer to 1.3**
#
# ### BEGIN SOLUTION
# (a) One pass with a small learning rate: nothing was seen twice, so there was no occasion to learn single images by heart. Removing
# duplicates: an image that is in the data many times would be seen many times even in one pass. Walks: a G that had stored images would
# jump from one to the next, while smooth changes of meaning (a window appears) speak for a learned law.
#
# (b) 275,000 is a number of *found* pairs. The paper checked by eye how many of these were wrong (fewer than 1 in 100), that is precision,
# and not how many were missed. With our encoder and our kind of duplicates nearly all are missed by equal codes, so many may have stayed.
# It does not say that they did: the paper's encoder, data and duplicates are others.
#
# (c) Distance of each sample to the nearest training image, divided by the same distance for held-out images. New images have a ratio of
# about 1, copies 0. As a control, training images under light noise must come out far below 1; if they pass, the distance is blind. To
# *show* "no copies", the interval of the ratio has to lie above a margin fixed beforehand, since a difference that is merely not
# significant proves nothing.
#
# **Marks**
#
# - **Three arguments (1).** What each is meant to show; one may be weak, none missing.
# - **The duplicates (1).** Precision was checked and recall was not, in these or other words, *and* a reason why the result need not carry
#   over.
# - **A measurement (1).** What is compared, the value for new images, and a control with planted copies that has to fail. 0 without a
#   control.
# ### END SOLUTION

# %% [markdown] id="q_features_text"
# ### 1.4 What the classifiers prove
#
# In section 5 the paper judges the discriminator's features (Tables 1 and 2).
#
# (a) Table 1: on which data was $D$ trained, what happens to its features before the classifier, which accuracy results, and which row of
# the table is better? (b) Table 2: the DCGAN row has 22.48 % error and the supervised network of the same architecture 28.87 %. Why is this
# not quite a fair comparison? (c) Which control does notebook 04 (section 7) add, why is it needed, and what do good features of $D$ say
# about the samples of $G$?

# %% [markdown] id="q_features" kind="written" points=3
# **Your answer to 1.4**
#
# ### BEGIN SOLUTION
# (a) On ImageNet-1k, never on CIFAR-10. The maps of all convolutional layers are max-pooled to 4×4, flattened and joined to 28,672 numbers,
# on which a linear SVM with L2 penalty is trained: 82.8 %. Exemplar CNN is better with 84.3 %.
#
# (b) 22.48 % is an error on the test set. 28.87 % is a *validation* error, and of the best of 64 trials of a random search. Two numbers on
# different images, one of them picked as a minimum; besides, the supervised network has seen the 1,000 labels only, while the DCGAN also
# saw images without labels.
#
# (c) A discriminator with random weights (and the pixels) in the same pipeline. Convolutions and pooling alone make useful features, so
# only what the trained D has beyond the random one was learned in the game. About samples it says little: D can know much about faces while
# G draws badly, and a D that wins easily is the usual sign of just that.
#
# **Marks**
#
# - **Table 1 (1).** ImageNet-1k, pooled features with a linear SVM, 82.8 %, Exemplar CNN 84.3 %. One of the four may be missing.
# - **Table 2 (1).** Test error against validation error. The best of 64, or the unlabelled images, count only in addition.
# - **Control and meaning (1).** Random D in the same pipeline with the reason, and that features of D are no measure of the samples.
# ### END SOLUTION

# %% [markdown] id="reproduction" kind="task" points=10
# ## 2. Reproduction (10 points)
#
# Train the baseline: your own components, the paper's settings as far as your budget allows, two seeds. In cells below this one, show
#
# 1. **a table** *published / mine / difference and its reason*, with six rows or more (4 points). Candidates: data and how many images,
#    size in pixels, networks and numbers of parameters, prior of $z$, initial weights, optimiser with all its settings, batch, images seen.
#    Say where in the paper each value stands; where your value follows the authors' code or the usual port and not the paper, say that. The
#    paper has no FD: compare yours with a recorded run of the course, if you like, and name it;
# 2. **samples** from the fixed noise at three moments or more, and the first 64 at the end, as they come, next to real images (2 points);
# 3. **curves** of both losses, with a sentence on what they tell and one on what they do not (2 points);
# 4. **measurements** of both seeds on held-out data: a distance with the name of its features, the number of samples, its floor (real
#    against real) and a control that has to be bad (a run with `--steps 1` will do), and a test for copies (2 points).
#
# === BEGIN MARK SCHEME ===
# - **Table (4).** 4: six rows or more, each with its place in the paper and a reason for the difference, deviations owed to the port told
#   from those owed to the budget. 3: one or two rows without place or reason. 2: six rows without reasons, or three good ones. 1: settings
#   listed with nothing beside them. 0: none.
# - **Samples (2).** 2: same noise at three moments, first 64 at the end, real ones beside them. 1: end only, or signs of picking. 0: none
#   visible in the text.
# - **Curves (2).** 2: axes named, and both sentences are right (a loss is relative to its opponent; no statement about quality is read off
#   it). 1: curves with one sentence, or with a wrong reading. 0: none visible.
# - **Measurements (2).** 2: both seeds, features and n named, floor, bad control, copies. 1: one of these five is missing. 0: two or more
#   are missing, or a distance in other features is called FID. A high distance costs nothing.
# === END MARK SCHEME ===

# %% [markdown] id="experiments_rules"
# ## 3. Three experiments (3 × 8 points)
#
# One of architecture, one of loss, one of procedure. Each follows the same form, in cells of its own below the task:
#
# * **Hypothesis**, written *before* the first run: what you change, which measure will move in which direction, by how much for you to call
#   it an effect, and why you expect it (the paper, or a mechanism). Leave it as it is afterwards.
# * **Set-up**: the one thing that differs, the commands or settings, two seeds, and a budget (rounds, batch, data) equal to the baseline's.
#   The two baseline runs of section 2 may serve all three experiments if their budget is the same.
# * **Results**: a table with every run and not only means, and a figure (samples of the same noise, or curves).
# * **Reading**: compare the effect with what a seed alone does. With two seeds per arm you have two differences (changed minus baseline, at
#   the same seed) and two spreads (seed 0 against seed 1, within an arm). Our rule: call it an effect if both differences have the same
#   sign and both are larger than the larger spread; else the honest verdict is "cannot tell from two seeds". That verdict costs no points.
#   If an arm fell apart in one seed, which makes its spread huge, say that separately: "one of two seeds fell apart" is a finding of its
#   own, and not a mean. Then: was the hypothesis right, and what would decide what is left open?
#
# Points in each: hypothesis 2, set-up 2, results 2, reading 2.

# %% [markdown] id="experiment_architecture" kind="task" points=8
# ### 3.1 Architecture (8 points)
#
# Change one thing in the networks. Ideas: no batch norm in $G$; batch norm everywhere; kernel 5 for kernel 4; max-pooling in $D$;
# enlargement and an ordinary convolution for the transposed one; ReLU for leaky ReLU in $D$; half the width in $D$ alone. (A layer without
# bias gets its shift from the batch norm behind it: take that away, and the shift is gone, too, unless you give the layer a bias. Say which.)
#
# === BEGIN MARK SCHEME ===
# - **Hypothesis (2).** 2: one change, a measure, a direction, a size that would count, and a reason, recognisably from before the run. 1:
#   one of the five is missing. 0: two or more are missing, or it was fitted to the outcome.
# - **Set-up (2).** 2: exactly one architectural difference, two seeds in both arms, equal budget, all of it shown by settings or commands;
#   a change in the number of parameters is stated. 1: one of these is missing. 0: two or more are missing, two things were changed at once,
#   or the baseline had another budget.
# - **Results (2).** 2: every run in the table, with features and n, and a figure that can be seen. 1: means or one seed only, or no figure.
#   0: neither table nor figure.
# - **Reading (2).** 2: sets the differences by seed against the spread between seeds, the verdict fits them ("cannot tell" included) and
#   goes back to the hypothesis. 1: the verdict fits but the spread between seeds is not used, or the hypothesis is forgotten. 0: the
#   verdict claims more than the numbers carry.
# === END MARK SCHEME ===

# %% [markdown] id="experiment_loss" kind="task" points=8
# ### 3.2 Loss (8 points)
#
# Change one thing in what the networks minimise. Ideas: minimax for non-saturating; least squares (Mao et al. 2017); hinge; relativistic
# pairs; a gradient penalty on real images (R1), which asks for a thought about batch norm in $D$; real labels smoothed to 0.9. Raw loss
# values of different losses cannot be compared with each other.
#
# === BEGIN MARK SCHEME ===
# - **Hypothesis (2).** 2: one change of loss, a measure other than the loss itself, a direction, a size that would count, and a reason,
#   recognisably from before the run. 1: one of the five is missing. 0: two or more are missing, or it was fitted to the outcome.
# - **Set-up (2).** 2: the new loss is written down as a formula on logits for both players, two seeds in both arms, equal budget, nothing
#   else differs. 1: one of these is missing. 0: two or more are missing, two things were changed at once, or the loss is not what its name
#   says (a sigmoid before least squares, say).
# - **Results (2).** 2: every run in the table, with features and n, and a figure that can be seen; loss values of different losses are not
#   ranked. 1: means or one seed only, or no figure. 0: neither table nor figure, or the arms are judged by their loss values.
# - **Reading (2).** 2: sets the differences by seed against the spread between seeds, the verdict fits them ("cannot tell" included), goes
#   back to the hypothesis, and asks whether the learning rate suits both losses. 1: the verdict fits, and one of the others is missing. 0:
#   the verdict claims more than the numbers carry.
# === END MARK SCHEME ===

# %% [markdown] id="experiment_procedure" kind="task" points=8
# ### 3.3 Procedure (8 points)
#
# Change one thing in how the networks are trained. Ideas: $\beta_1$ 0.9 for 0.5; the learning rate; two steps of $D$ per round (then say
# what "the same budget" means); batch size (likewise); an average of $G$'s weights, or none (`--change ema=0`); torch's own
# initial weights (with `def plain(net): return net` in a cell of yours in `components.ipynb`: `--change init=plain`).
#
# === BEGIN MARK SCHEME ===
# - **Hypothesis (2).** 2: one change of procedure, a measure, a direction, a size that would count, and a reason, recognisably from before
#   the run. 1: one of the five is missing. 0: two or more are missing, or it was fitted to the outcome.
# - **Set-up (2).** 2: exactly one difference, two seeds in both arms, and a budget that is equal in a stated unit (rounds, images or
#   seconds) where the change makes units disagree. 1: one of these is missing. 0: two or more are missing, two things were changed at once,
#   or the arms had unequal budgets in every unit.
# - **Results (2).** 2: every run in the table, with features and n, and a figure that can be seen; where stability is claimed, a number for
#   it (a deviation over the last rounds, say). 1: means or one seed only, no figure, or stability judged by eye. 0: neither table nor
#   figure.
# - **Reading (2).** 2: sets the differences by seed against the spread between seeds, the verdict fits them ("cannot tell" included) and
#   goes back to the hypothesis. 1: the verdict fits but the spread between seeds is not used, or the hypothesis is forgotten. 0: the
#   verdict claims more than the numbers carry.
# === END MARK SCHEME ===

# %% [markdown] id="failure" kind="task" points=6
# ## 4. A failure, explained (6 points)
#
# One run that went wrong, by accident or on purpose: nothing but noise, one image for every $z$, a checked pattern, a loss at zero, numbers
# that are not finite.
#
# 1. **Symptom**: what is seen, in a picture and in a number, and in which round it begins, or that it was there from the start; the same
#    for a healthy run (2 points).
# 2. **Cause**: two explanations that would both produce this symptom, and a *measurement* that tells them apart. Make it, and report it (3
#    points). Good candidates: size of gradients or activations per layer, deviation of pixels between samples, accuracy of $D$ on real and
#    on generated images, the same with one thing put back.
# 3. **Cure**: what removes it, with the number afterwards; or what you would try next, and which number would convince you (1 point).
#
# === BEGIN MARK SCHEME ===
# - **Symptom (2).** 2: picture and number, the round or "from the start", and the same for a healthy run. 1: one of these is missing. 0: a
#   complaint without evidence.
# - **Cause (3).** 3: two explanations, and a measurement of the author's own that favours one, with a control. 2: a measurement that fits
#   one explanation while the other is not excluded, or without a control. 1: a plausible explanation without a measurement. 0: none, or one
#   that the numbers contradict.
# - **Cure (1).** 1: a number after the cure, or a next test with the number that would decide. 0: a list of tricks.
# === END MARK SCHEME ===

# %% [markdown] id="conclusions" kind="task" points=8
# ## 5. Conclusions and limits (8 points)
#
# About one page (a guide, not a limit), for a reader who has seen your tables.
#
# 1. **What mattered**: the findings of sections 2 to 4 in order of how sure you are, each with its table (3 points).
# 2. **Beside the paper**: where you agree with Radford et al., where not, and which difference between your set-up and theirs could explain
#    it (2 points).
# 3. **Limits**: what your seeds, size, measure and data cannot tell; one sentence on the data, and whether a sample of yours may be shown
#    to anybody (2 points).
# 4. **Next**: the one experiment that you would do with ten times the budget, with an estimate of runs and hours from times you measured (1
#    point).
#
# End with a paragraph *Sources and help*: what you read and used, as the course page asks. It earns no points, and without it the report is
# not complete.
#
# === BEGIN MARK SCHEME ===
# - **What mattered (3).** 3: each finding points to a table or figure and has a strength that fits it (certain, likely, cannot tell). 2:
#   one of them is stronger than its numbers. 1: findings without pointers. 0: general remarks about GANs.
# - **Beside the paper (2).** 2: one agreement and one disagreement (or "not tested here") with section or table of the paper, and a
#   difference of set-up that could explain it. 1: one of the two. 0: neither.
# - **Limits (2).** 2: at least three of seeds, size, measure and data, each with what it hides, and the sentence on showing samples. 1: two
#   of them, or named without consequence. 0: "more training would help" and the like.
# - **Next (1).** 1: one experiment with runs and hours worked out from measured times. 0: a wish.
# === END MARK SCHEME ===
