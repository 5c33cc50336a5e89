"""Spoiled and fine hand-ins of a training run, by someone who had seen only the statement.

Each function changes `folder`, a copy of a good hand-in.
"""

from __future__ import annotations

import json
import pickle

import torch

from gan_course.data import registry
from gan_course.grading.hand_in import fixed_noise
from grading import hand_ins as h

CORE = h.GENERATOR.replace("def build_generator", "def core_of")
WRAPPED = """
class Wrapped(nn.Module):
    def __init__(self, core):
        super().__init__()
        self.core = core

    def forward(self, z):
{body}

def build_generator(latent, size, width, channels=3):
    return Wrapped(core_of(latent, size, width, channels))
"""
LOADED = ("run_samples", "run_trained", "run_variety", "run_copies")


def wrap(folder, body):
    """The good generator behind other text; samples are redrawn."""
    lines = "\n".join("        " + line for line in body.split("\n"))
    h.write_notebook(folder, CORE + WRAPPED.format(body=lines))
    h.set_weights(folder, {f"core.{k}": v for k, v in h.get_weights(folder).items()})
    h.redraw(folder)


def faces(n, size=32):
    x = registry.load("faces", n=n, size=size, seed=0).x
    x = x if x.dtype == torch.uint8 else x.add(1).mul(127.5).round().to(torch.uint8)
    return x


def gen(seed=5):
    return torch.Generator().manual_seed(seed)


def fresh(folder, seed=5):
    """Weights of an untrained build_generator."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return h.student_space(folder)["build_generator"](100, 64, 32).state_dict()


# ---- record
def nan_loss(folder, base):
    h.write_history(
        folder,
        [
            (1000, 380.0, 128000, 1.1, 1.6),
            (2000, 760.0, 256000, 0.9, 1.8),
            (3000, 1140.0, 384000, "nan", "nan"),
            (4000, 1520.0, 512000, "nan", "nan"),
            (5000, 1900.0, 640000, "nan", "nan"),
        ],
    )


def inf_loss(folder, base):
    h.write_history(
        folder,
        [
            (k * 1000, k * 380.0, k * 128000, 0.0 if k > 2 else 1.0, "inf" if k > 2 else 2.0)
            for k in range(1, 6)
        ],
    )


def longer_history(folder, base):
    """The history of a run of 20,000 rounds beside the settings of 5,000."""
    h.write_history(folder, [(k * 1000, k * 380.0, k * 128000, 1.1, 1.6) for k in range(1, 21)])


def cut_history(folder, base):
    """Of a run that stopped at round 2,000."""
    h.write_history(folder, [(k * 1000, k * 380.0, k * 128000, 1.1, 1.6) for k in range(1, 3)])


def empty_csv(folder, base):
    (folder / "run/history.csv").write_text("")


def only_header(folder, base):
    h.write_history(folder, [])


def no_history(folder, base):
    (folder / "run/history.csv").unlink()


def negative_steps(folder, base):
    h.change_settings(folder, steps=-5000)


def no_steps(folder, base):
    h.change_settings(folder, steps=None)


def smoke_run(folder, base):
    h.change_settings(folder, steps=30)
    h.write_history(folder, [(k, k * 0.4, k * 128, 1.2, 1.5) for k in (10, 20, 30)])


def settings_list(folder, base):
    (folder / "run/settings.json").write_text(json.dumps([h.read_settings(folder)]))


def settings_broken(folder, base):
    path = folder / "run/settings.json"
    path.write_text(path.read_text()[:-40])


def nan_steps(folder, base):
    h.change_settings(folder, steps=float("nan"))


def on_digits(folder, base):
    h.change_settings(folder, data={"name": "digits", "size": 64, "n": 20000})


# ---- samples
def stale_samples(folder, base):
    """Trained on, the samples left as they were."""
    g = gen()
    h.set_weights(
        folder,
        {
            k: v + 0.1 * v.std() * torch.randn(v.shape, generator=g) if k.endswith("weight") else v
            for k, v in h.get_weights(folder).items()
        },
    )


def float_samples(folder, base):
    h.set_samples(folder, h.get_samples(folder).float().div(127.5).sub(1))


def channels_last(folder, base):
    h.set_samples(folder, h.get_samples(folder).permute(0, 2, 3, 1))


def one_code(folder, base):
    h.set_samples(folder, h.get_samples(folder)[:1].repeat(64, 1, 1, 1))


def own_noise(folder, base):
    h.redraw(folder)
    G = h.built(folder)
    with torch.no_grad():
        x = G(torch.randn(64, 100, generator=gen(1)))
    h.set_samples(folder, x.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def train_mode(folder, base):
    G = h.built(folder).train()
    with torch.no_grad():
        x = G(fixed_noise(100))
    h.set_samples(folder, x.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def best_first(folder, base):
    """Sorted by brightness for a nicer picture."""
    x = h.get_samples(folder)
    h.set_samples(folder, x[x.float().mean((1, 2, 3)).argsort()])


def sixteen(folder, base):
    h.set_samples(folder, h.get_samples(folder)[:16])


def real_as_samples(folder, base):
    h.set_samples(folder, faces(64, 64))


def statistics_reset(folder, base):
    """Saved again after reset_running_stats; the samples are those of before."""
    w = h.get_weights(folder)
    for k in w:
        if k.endswith("running_mean"):
            w[k] = torch.zeros_like(w[k])
        elif k.endswith("running_var"):
            w[k] = torch.ones_like(w[k])
    h.set_weights(folder, w)


def weights_halved(folder, base):
    h.set_weights(
        folder, {k: v / 2 if v.is_floating_point() else v for k, v in h.get_weights(folder).items()}
    )


def last_layer_other_run(folder, base):
    w = h.get_weights(folder)
    w["13.weight"] = fresh(folder)["13.weight"]
    h.set_weights(folder, w)


def parallel_prefix(folder, base):
    """Weights of nn.DataParallel: `module.` before every name."""
    h.set_weights(folder, {f"module.{k}": v for k, v in h.get_weights(folder).items()})


def only_parameters(folder, base):
    """Saved from named_parameters: no buffers."""
    h.set_weights(
        folder, {k: v for k, v in h.get_weights(folder).items() if "running" not in k and "tracked" not in k}
    )


def torch_saved(folder, base):
    torch.save(h.get_weights(folder), folder / "run/generator.safetensors")


def pickled(folder, base):
    (folder / "run/generator.safetensors").write_bytes(
        pickle.dumps({k: v.numpy() for k, v in h.get_weights(folder).items()})
    )


def no_weights(folder, base):
    (folder / "run/generator.safetensors").unlink()


def nan_weights(folder, base):
    h.set_weights(
        folder, {k: v * float("nan") if k == "10.weight" else v for k, v in h.get_weights(folder).items()}
    )


def wider_settings(folder, base):
    """Settings of a run of width 64 beside weights of width 32."""
    h.change_settings(folder, width=64)


# ---- trained
def untrained(folder, base):
    h.set_weights(folder, fresh(folder))
    h.redraw(folder)


def zeros(folder, base):
    h.set_weights(folder, {k: torch.zeros_like(v) for k, v in h.get_weights(folder).items()})
    h.redraw(folder)


def two_runs_mixed(folder, base):
    """First half of the layers of one run, second half of an untrained one."""
    w, other = h.get_weights(folder), fresh(folder)
    h.set_weights(folder, {k: v if int(k.split(".")[0]) < 7 else other[k] for k, v in w.items()})
    h.redraw(folder)


def middle_shuffled(folder, base):
    w = h.get_weights(folder)
    for k in ("4.weight", "7.weight", "10.weight"):
        w[k] = w[k][torch.randperm(len(w[k]), generator=gen())]
    h.set_weights(folder, w)
    h.redraw(folder)


def pure_noise(folder, base):
    """The code itself, laid out as pixels."""
    h.use_odd(
        folder,
        "        k = -(-3 * self.size * self.size // z.shape[1])\n"
        "        x = z.repeat(1, k)[:, : 3 * self.size * self.size]\n"
        "        return torch.tanh(x.view(-1, 3, self.size, self.size) + self.x[:1] * 0)",
    )


# ---- variety
def ignores_z(folder, base):
    wrap(folder, "return self.core(z * 0)")


def unit_length(folder, base):
    wrap(folder, "return self.core(F.normalize(z, dim=1))")


def z_hundredth(folder, base):
    wrap(folder, "return self.core(0.01 * z)")


def four_faces(folder, base):
    wrap(
        folder,
        "k = z[:, :4].argmax(1)\n"
        "codes = torch.randn(4, z.shape[1], generator=torch.Generator().manual_seed(0))\n"
        "return self.core(codes[k])",
    )


def eight_faces(folder, base):
    wrap(folder, "bits = torch.sign(z[:, :3])\nreturn self.core(bits.repeat(1, 34)[:, : z.shape[1]])")


def twins(folder, base):
    """Half a batch, shown twice."""
    wrap(folder, "half = self.core(z[: (len(z) + 1) // 2])\nreturn torch.cat([half, half])[: len(z)]")


def first_of_batch(folder, base):
    wrap(folder, "return self.core(z[:1].expand(len(z), -1))")


# ---- copies
def table(folder, base):
    h.use_odd(folder, h.TABLE, faces(600))


def table_with_noise(folder, base):
    h.use_odd(
        folder,
        "        x = self.x[(z @ self.w).argmax(1)]\n"
        "        n = z.repeat(1, -(-x[0].numel() // z.shape[1]))[:, : x[0].numel()].view_as(x)\n"
        "        return (x + 0.03 * n).clamp(-1, 1)",
        faces(600),
    )


def table_softmax(folder, base):
    h.use_odd(
        folder,
        "        p = F.softmax(4 * z @ self.w, 1)\n        return torch.einsum('nk,kchw->nchw', p, self.x)",
        faces(600),
    )


def table_other_order(folder, base):
    """The training face whose number the first bits of the code spell."""
    h.use_odd(
        folder,
        "        k = ((z[:, :9] > 0).long() * 2 ** torch.arange(9)).sum(1)\n        return self.x[k]",
        faces(512),
    )


def hashed(folder, base):
    """A fresh code for every code: a seed from its digits."""
    wrap(
        folder,
        "codes = [torch.randn(z.shape[1], generator=torch.Generator().manual_seed(\n"
        "    int(row.double().abs().sum().mul(1e6)) % 2**31)) for row in z]\n"
        "return self.core(torch.stack(codes))",
    )


# ---- fine
def extra_files(folder, base):
    (folder / "run/notes.txt").write_text("second try, a better one")
    (folder / "run/old").mkdir()
    (folder / "run/old/history.csv").write_text("round,seconds,images,D,G\n1,1,1,nan,nan\n")
    (folder / "run/.DS_Store").write_bytes(b"\0\0\0\1Bud1")


def other_order(folder, base):
    s = h.read_settings(folder)
    (folder / "run/settings.json").write_text(
        json.dumps(dict(sorted(s.items(), reverse=True)), indent=4) + "\n"
    )


def double_weights(folder, base):
    h.set_weights(
        folder, {k: v.double() if v.is_floating_point() else v for k, v in h.get_weights(folder).items()}
    )
    h.redraw(folder)


def drawn_elsewhere(folder, base):
    """Drawn by a more exact machine: values differ by one at most where rounding is close."""
    with torch.no_grad():
        x = h.built(folder).double()(fixed_noise(100).double())
    h.set_samples(folder, x.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def one_at_a_time(folder, base):
    G = h.built(folder)
    with torch.no_grad():
        x = torch.cat([G(z[None]) for z in fixed_noise(100)])
    h.set_samples(folder, x.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8))


def as_class(folder, base):
    """Another but equivalent text."""
    wrap(folder, "x = self.core(z)\nreturn x")


def dense_history(folder, base):
    """A line every 50 rounds, and losses below zero."""
    h.write_history(
        folder, [(k * 50, k * 19.0, k * 6400, round(1 - 0.01 * k, 3), -0.02 * k) for k in range(1, 101)]
    )


def windows_lines(folder, base):
    path = folder / "run/history.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


RECORD, SAMPLES, TRAINED, VARIETY, COPIES = (
    ("run_record",),
    ("run_samples",),
    ("run_trained",),
    ("run_variety",),
    ("run_copies",),
)
SPOILED = {f.__name__: (f, names) for f, names in [
    (nan_loss, RECORD), (inf_loss, RECORD), (longer_history, RECORD), (cut_history, RECORD), (empty_csv, RECORD),
    (only_header, RECORD), (no_history, RECORD), (nan_steps, RECORD),
    (negative_steps, RECORD), (no_steps, RECORD),
    (smoke_run, RECORD), (settings_list, ("run_record", "run_trained", "run_copies")),
    (settings_broken, ("run_record", "run_trained", "run_copies")), (on_digits, TRAINED),
    (stale_samples, SAMPLES), (float_samples, SAMPLES), (channels_last, SAMPLES), (one_code, SAMPLES),
    (own_noise, SAMPLES), (train_mode, SAMPLES), (best_first, SAMPLES), (sixteen, SAMPLES),
    (real_as_samples, SAMPLES), (statistics_reset, SAMPLES), (weights_halved, SAMPLES),
    (last_layer_other_run, SAMPLES + TRAINED), (parallel_prefix, SAMPLES), (only_parameters, SAMPLES),
    (torch_saved, LOADED), (pickled, LOADED), (no_weights, LOADED), (nan_weights, LOADED), (wider_settings, LOADED),
    (untrained, TRAINED), (zeros, TRAINED + VARIETY), (two_runs_mixed, TRAINED), (middle_shuffled, TRAINED),
    (pure_noise, TRAINED),
    (ignores_z, VARIETY), (unit_length, VARIETY), (z_hundredth, VARIETY), (four_faces, VARIETY),
    (eight_faces, VARIETY), (twins, VARIETY), (first_of_batch, VARIETY),
    (table, COPIES), (table_with_noise, COPIES), (table_softmax, COPIES), (table_other_order, COPIES),
    (hashed, COPIES),
]}  # fmt: skip
FINE = {f.__name__: f for f in (extra_files, other_order, double_weights, drawn_elsewhere, one_at_a_time, as_class,
                                dense_history, windows_lines)}  # fmt: skip
