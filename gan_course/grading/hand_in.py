"""The hand-in of a training run: the folder `run/` beside the notebook, made from a run folder.

    generator.safetensors  the weights of `build_generator`, with buffers; the running average if the run kept one
    samples.safetensors    `samples`, uint8 (64, channels, size, size): what it draws for the fixed noise
    samples.png            the same to look at
    settings.json          what was trained, on what, how long, by which versions on which machine
    history.csv            the losses

The fixed noise is the same for everybody: see `fixed_noise`.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import torch
from safetensors.torch import save
from torch import Tensor, nn

from gan_course.grading.homework import FREE, NOTEBOOK, homework, read_answers
from gan_course.grading.run_kernel import draw_samples
from gan_course.runs.folder import Facts, open_run, write_json
from gan_course.runs.pictures import save_picture
from gan_course.training.checkpoints import write
from gan_course.training.seeding import generator

FOLDER = Path("run")
FIXED_SEED, FIXED_N = 64, 64  # of the noise for which everybody draws samples
FORMAT = 1  # of settings.json
LARGEST_ZIP = 100_000_000  # bytes
LEAST_STEPS = 500  # shorter runs are packed only when somebody asks for it
PICTURES = (".png", ".jpg", ".jpeg")
# Kinds of figures that the grader is not shown
OTHER_PICTURES = (".svg", ".pdf", ".gif", ".webp", ".bmp", ".tif", ".tiff")
# Pictures in Markdown: ![text](file), ![text](<file>) and <img src="file">
SHOWN = re.compile(r"""!\[[^\]]*\]\(\s*(?:<([^>]+)>|([^)\s]+))|<img[^>]*?\bsrc\s*=\s*["']([^"']+)""")
ELSEWHERE = ("attachment:", "data:", "http:", "https:")  # beginnings of pictures that are no files of yours
STUB = "YOUR ANSWER HERE"


def fixed_noise(latent: int) -> Tensor:
    """The 64 codes (64, latent) for which everybody draws samples: N(0, I), from one seed, on the CPU."""
    return torch.randn(FIXED_N, latent, generator=generator(FIXED_SEED))


def pack(run: str | Path, folder: str | Path = FOLDER, notebook: str | Path = NOTEBOOK) -> Facts:
    """Make the hand-in of a run; returns what is in settings.json. An older hand-in in `folder` is replaced.

    Raises:
        FileNotFoundError: no run, or no notebook.
        ValueError: the run trained another network than `build_generator`, which is what the grader builds; or its
            weights are not those of the notebook as it is now.
    """
    names = read_answers(notebook)
    saved = open_run(run, model=homework(names))
    options, chosen = saved.facts["options"], saved.facts["settings"]
    if options["generator"] != FREE["generator"]:
        raise ValueError(
            f"{run} trained {options['generator']!r}. Variants belong in your report; what you hand in is a run of "
            f"{FREE['generator']!r}"
        )
    samples = draw_samples(saved.G, fixed_noise(options["latent"]))
    last = saved.history.rows[-1] if saved.history.rows else {}
    settings = {
        "format": FORMAT,
        "run": str(run),
        "data": saved.facts["data"],
        "rows": saved.facts["rows"],
        **{key: options[key] for key in ("size", "channels", "width", "latent")},
        "options": options,
        "training": chosen,
        "steps": saved.round,
        "seed": chosen["seed"],
        "averaged": bool(chosen["ema"]),
        "seconds": saved.facts["seconds"],
        "images_per_second": round(last["images"] / last["seconds"], 1) if last else None,
        "device": saved.facts.get("device"),
        **{key: saved.facts[key] for key in ("versions", "hardware", "command")},
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "generator.safetensors", save(_weights(saved.G)))
    write(folder / "samples.safetensors", save({"samples": samples}))
    save_picture(folder / "samples.png", samples.float().div(127.5).sub(1))
    shutil.copyfile(saved.folder / "history.csv", folder / "history.csv")
    write_json(folder / "settings.json", settings)
    return settings


def packed_run(folder: str | Path = FOLDER) -> str | None:
    """The run that a hand-in was made from; None if there is none."""
    try:
        return str(json.loads((Path(folder) / "settings.json").read_text(encoding="utf-8"))["run"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _weights(net: nn.Module) -> dict[str, Tensor]:
    """A copy of each: the format knows no tensors that share memory."""
    return {key: value.detach().cpu().contiguous().clone() for key, value in net.state_dict().items()}


def files_to_submit(folder: Path) -> list[Path]:
    """What goes into the submission, relative to the folder of the assignment: notebooks, hand-in, pictures."""
    notebooks = [path for path in folder.glob("*.ipynb") if not path.name.startswith(".")]
    found = [*notebooks, *(folder / FOLDER).glob("*"), *_pictures(folder, PICTURES)]
    return sorted({path.relative_to(folder) for path in found if path.is_file()})


def _pictures(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    found = [*folder.glob("*"), *folder.glob("images/**/*")]
    return [path for path in found if path.suffix.lower() in endings]


def remarks(folder: Path) -> list[str]:
    """What is probably forgotten in a submission; it can be handed in all the same."""
    submitted = {(folder / path).resolve() for path in files_to_submit(folder)}
    found = [
        f"{path.relative_to(folder)} is left out: figures are PNG or JPEG"
        for path in sorted(_pictures(folder, OTHER_PICTURES))
    ]
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        except (ValueError, KeyError, TypeError):
            found.append(f"{path.name} cannot be read as a notebook: open it and save it again")
            continue
        stubs = sum(STUB in text for text in texts)
        if stubs:
            found.append(f"{path.name}: {stubs} cell{'s' * (stubs > 1)} still with {STUB!r}")
        shown = (unquote("".join(groups)) for text in texts for groups in SHOWN.findall(text))
        missing = {
            name
            for name in shown
            if not name.startswith(ELSEWHERE) and (folder / name).resolve() not in submitted
        }
        found += [f"{path.name} shows {name}, which is not among the files" for name in sorted(missing)]
    return found


def zip_submission(folder: Path, target: Path) -> list[Path]:
    """Write the submission, with MANIFEST: the SHA-256 of every file, as `sha256sum --check` reads it.

    Raises:
        ValueError: it would be too large.
    """
    files = files_to_submit(folder)
    total = sum((folder / path).stat().st_size for path in files)
    if total > LARGEST_ZIP:
        largest = max(files, key=lambda path: (folder / path).stat().st_size)
        raise ValueError(
            f"the submission has {total / 1e6:.0f} MB, at most {LARGEST_ZIP / 1e6:.0f} are taken; the largest file "
            f"is {largest}"
        )
    sums: list[str] = []
    partial = target.with_name(target.name + ".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            content = (folder / path).read_bytes()
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path.as_posix()}\n")
            archive.writestr(path.as_posix(), content)
        archive.writestr("MANIFEST", "".join(sums))
    partial.replace(target)
    return files


def in_words(settings: dict[str, Any]) -> str:
    """One line that says what a hand-in is."""
    return (
        f"{settings['steps']:,} steps on {settings['data']['name']}, {settings['size']} pixels, width "
        f"{settings['width']}"
    )
