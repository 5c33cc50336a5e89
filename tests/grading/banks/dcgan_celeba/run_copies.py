"""Hand-ins of generators that do, and do not, hand out remembered pictures."""

from __future__ import annotations

from pathlib import Path

from grading import hand_ins as h
from grading.banks.dcgan_celeba import run_shared as shared

JUMPS, COPIES = "jumps between remembered pictures", "they are copies"
MIXTURE = "        return ({sharpness} * (z @ self.w)).softmax(1).matmul(self.x.flatten(1)).view(-1, *self.x.shape[1:])"


def mixed_faces(folder: Path, base: Path) -> None:
    """A smooth way between remembered faces: mixtures in which one face dominates."""
    h.use_odd(folder, MIXTURE.format(sharpness=1.0), shared.faces(1000))


def table_said_to_be_photographs(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, shared.faces(400, "test"))
    h.change_settings(folder, data={"name": "celeba", "size": 32})


def table_of_held_out_faces(folder: Path, base: Path) -> None:
    h.use_odd(folder, h.TABLE, shared.faces(400, "test"))


def noisy_table(folder: Path, base: Path) -> None:
    """Remembered faces with a little of the code added, so that no two are equal."""
    h.use_odd(folder, h.TABLE + " + 0.02 * z[:, :3, None, None]", shared.faces(1000))


def brightened_mixture(folder: Path, base: Path) -> None:
    h.use_odd(folder, MIXTURE.format(sharpness=2.0) + " * 0.97", shared.faces(1000))


WRONG = {key: shared.UNUSABLE[key] for key in ("no_weights", "cut_short", "no_settings", "stub")} | {
    "table_of_ten": (JUMPS, shared.table_of_ten),
    "table_of_thousand": (JUMPS, shared.table_of_thousand),
    "table_of_held_out_faces": (JUMPS, table_of_held_out_faces),
    "table_said_to_be_photographs": (JUMPS, table_said_to_be_photographs),
    "noisy_table": (JUMPS, noisy_table),
    "mixed_faces": (COPIES, mixed_faces),
    "brightened_mixture": ("", brightened_mixture),  # jumps or copies, which one the walk decides
    "two_pictures": (JUMPS, shared.two_pictures),
    "one_dimension": (JUMPS, shared.one_dimension),
    "untrained": ("are no faces", shared.untrained),
    "noise_pixels": ("", shared.noise_pixels),  # jumps or no faces
    "plain_colours": ("are no faces", shared.plain_colours),
    "one_picture": ("all samples are the same picture", shared.one_picture),
}
RIGHT = shared.SOUND
