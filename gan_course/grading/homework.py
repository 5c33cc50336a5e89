"""The networks and losses of a student's notebook as a model that the course's loop can train.

Reading a notebook runs its code: only for your own. The setup cell and the answer cells are run, and every other cell
that holds nothing but imports, functions, classes and constants, so that variants of a network find their helpers.
"""

from __future__ import annotations

import ast
import json
import linecache
import traceback
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gan_course.data.resident import Resident
from gan_course.models import catalogue
from gan_course.models.catalogue import Model, Options
from gan_course.models.vanilla import VanillaGAN
from gan_course.objectives import Objective
from gan_course.runs.folder import HOMEWORK
from gan_course.training.settings import Settings

NOTEBOOK = Path("components.ipynb")
CELLS = {  # cells that are run whatever they hold -> what must be defined afterwards
    "setup": (),
    "generator": ("build_generator",),
    "discriminator": ("build_discriminator",),
    "initialise": ("initialise",),
    "make_networks": ("make_networks",),
    "discriminator_loss": ("discriminator_loss",),
    "generator_loss": ("generator_loss",),
}
OWN = "own"  # objective: the losses of the notebook
FREE = {  # what may be chosen besides `Settings`, with the defaults
    "width": 32,
    "latent": 100,
    "generator": "build_generator",
    "discriminator": "build_discriminator",
    "d_loss": "discriminator_loss",
    "g_loss": "generator_loss",
    "init": "initialise",
    "objective": OWN,
    "d_steps": 1,
    "r1": 0.0,
    "r1_every": 1,
}
# The paper's Adam (Radford et al. 2016, section 4) with a larger learning rate: a homework sees a hundred thousand
# images where the paper saw millions.
SETTINGS = {
    "rounds": 2000,
    "batch": 64,
    "lr": 1e-3,
    "betas": (0.5, 0.999),
    "ema": 0.99,
    "channels_last": True,
}

Names = dict[str, Any]


def read_answers(notebook: str | Path = NOTEBOOK) -> Names:
    """What the cells of a notebook define, by name.

    Raises:
        FileNotFoundError: there is no such notebook.
        ValueError: it is no notebook, or a cell that is needed is missing, still the stub, or stops with an error.
    """
    path = Path(notebook)
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path} here: start this in the folder of the assignment")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no notebook: {error}") from None
    names: Names = {"__name__": path.stem}
    for number, cell in enumerate(cells, 1):
        if cell.get("cell_type") != "code":
            continue
        label, source = _label(cell), "".join(cell.get("source", ""))
        if label in CELLS or _only_defines(source):
            _run_cell(label or f"number {number}", source, names)
    for label, wanted in CELLS.items():
        for name in wanted:
            if name not in names:
                raise ValueError(f"{path} defines no {name!r}: is the cell `{label}` still there?")
    return names


def _label(cell: dict[str, Any]) -> str:
    """The name that the assignment gave a cell: other editors change one of its two places, never both."""
    graded_as = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
    return graded_as or cell.get("id", "")


def _only_defines(source: str) -> bool:
    """Whether a cell holds nothing but imports, functions, classes, constants and text."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # such as a line that starts with ! or %
        return False
    defining = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    plain = (ast.Assign, ast.AnnAssign, ast.Expr)
    return all(
        isinstance(statement, defining)
        or (
            isinstance(statement, plain)
            and not any(isinstance(node, ast.Call | ast.Await) for node in ast.walk(statement))
        )
        for statement in statements
    )


def _run_cell(label: str, source: str, names: Names) -> None:
    place = f"<cell {label}>"
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    _asked(f"the cell `{label}`", lambda: exec(compile(source, place, "exec"), names))


def _asked(what: str, call: Callable[[], Any]) -> Any:
    """The result of a student's code; its errors as a message that says where."""
    try:
        return call()
    except NotImplementedError:
        raise ValueError(f"{what} is not answered yet: training needs it") from None
    except Exception as error:  # students' code may raise anything
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "<cell" in frame.filename]
        where = (
            f" ({frames[-1].filename[1:-1]}, line {frames[-1].lineno}: {frames[-1].line})" if frames else ""
        )
        raise ValueError(f"{what} stopped with {type(error).__name__}: {error}{where}") from None


class HomeworkGAN(VanillaGAN):
    """The game between a student's networks with a student's losses; `options` go to `VanillaGAN`."""

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        latent: int,
        d_loss: Callable[[Tensor, Tensor], Tensor],
        g_loss: Callable[[Tensor], Tensor],
        *,
        objective: str = OWN,
        **options: Any,
    ) -> None:
        super().__init__(G, D, latent, **options | ({} if objective == OWN else {"objective": objective}))
        if objective == OWN:
            self.objective = Objective(OWN, d_loss, lambda fake, real=None: g_loss(fake), "your notebook")


def homework(names: Names) -> Model:
    """The answers of a notebook, as `read_answers` gives them, as a model that `runs.training.start` can train."""

    def build(
        seed: int,
        *,
        size: int,
        width: int,
        channels: int,
        latent: int,
        generator: str,
        discriminator: str,
        d_loss: str,
        g_loss: str,
        init: str = FREE["init"],
        **options: Any,
    ) -> HomeworkGAN:
        make_G, make_D, loss_D, loss_G, start = (
            _find(names, name) for name in (generator, discriminator, d_loss, g_loss, init)
        )
        G, D = _asked(
            "`make_networks`",
            lambda: names["make_networks"](
                lambda: _network(generator, make_G, latent=latent, size=size, width=width, channels=channels),
                lambda: _network(discriminator, make_D, size=size, width=width, channels=channels),
                start,
                seed,
            ),
        )
        game = HomeworkGAN(G, D, latent, loss_D, loss_G, **options)
        _rehearse(game, (channels, size, size), generator, discriminator)
        return game

    return Model(HOMEWORK, build, catalogue.find("dcgan").fits, lambda data: dict(FREE), _settings)


def sort_changes(changes: dict[str, Any]) -> tuple[Options, Options]:
    """What was given as name=value, as options of the model and changes of `Settings`.

    Raises:
        ValueError: a name that is neither, or a setting that is no number where one is needed.
    """
    defaults = {field.name: field.default for field in fields(Settings)} | SETTINGS
    known = sorted(FREE | defaults)
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; known: {', '.join(known)}")
        if isinstance(value, str | None) and isinstance(defaults.get(name), int | float):
            raise ValueError(f"{name} is of the kind {defaults[name]!r}, not {value!r} (2e-4 is 0.0002 here)")
        if name == "betas" and not isinstance(value, list):
            raise ValueError("betas are two numbers: --betas 0.9 0.999")
    options = {name: value for name, value in changes.items() if name in FREE}
    return options, {name: value for name, value in changes.items() if name not in FREE}


def _settings(data: Resident) -> Options:
    return dict(SETTINGS)


def _find(names: Names, name: str) -> Callable[..., Any]:
    if not callable(names.get(name)):
        known = sorted(
            key
            for key, value in names.items()
            if getattr(value, "__module__", None) == names["__name__"] and callable(value)
        )
        raise ValueError(
            f"your notebook defines no function {name!r} in a cell that only defines things; there are: "
            f"{', '.join(known)}"
        )
    return names[name]


def _network(name: str, make: Callable[..., Any], **arguments: int) -> nn.Module:
    net = _asked(f"`{name}`", lambda: make(**arguments))
    if not isinstance(net, nn.Module):
        raise ValueError(f"`{name}` returned {type(net).__name__}, not an nn.Module")
    return net


@torch.no_grad()
def _rehearse(game: HomeworkGAN, shape: tuple[int, int, int], generator: str, discriminator: str) -> None:
    """Let two codes pass through everything, so that a mistake shows now and not after a folder was made."""
    game.eval()  # running statistics of batch norm stay as they are
    images = _asked(f"`{generator}`", lambda: game.G(torch.zeros(2, game.latent)))
    if not isinstance(images, Tensor) or images.shape != (2, *shape):
        raise ValueError(f"`{generator}` makes {_kind(images)} of two codes, expected images {(2, *shape)}")
    logits = _asked(f"`{discriminator}`", lambda: game.D(images))
    if not isinstance(logits, Tensor) or logits.shape != (2, 1):
        raise ValueError(f"`{discriminator}` makes {_kind(logits)} of two images, expected logits (2, 1)")
    if game.objective.name == OWN:
        for what, loss in (
            ("the loss of D", lambda: game.objective.d_loss(logits, logits)),
            ("the loss of G", lambda: game.objective.g_loss(logits, logits)),
        ):
            value = _asked(what, loss)
            if not isinstance(value, Tensor) or value.dim() or not torch.isfinite(value):
                raise ValueError(f"{what} is {_kind(value)}, expected one finite number as a tensor")
    game.train()


def _kind(value: Any) -> str:
    """ "a tensor of shape (2, 1)" or the name of another type."""
    return f"a tensor of shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
