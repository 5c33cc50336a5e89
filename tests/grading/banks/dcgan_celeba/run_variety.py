"""Hand-ins of generators that have, and have not, collapsed."""

from __future__ import annotations

from grading.banks.dcgan_celeba import run_shared as shared

ALIKE, SAME = "all alike", "nearly the same picture"
WRONG = {key: shared.UNUSABLE[key] for key in ("no_weights", "nan_weights", "pickled", "stub")} | {
    "one_picture": (ALIKE, shared.one_picture),
    "two_pictures": (SAME, shared.two_pictures),
    "table_of_ten": (SAME, shared.table_of_ten),
    "table_of_hundred": (SAME, shared.table_of_hundred),
    "timid": (ALIKE, shared.timid),
    "one_dimension": (SAME, shared.one_dimension),
    "mean_face": (ALIKE, shared.mean_face),
    "noise_pixels": ("are no faces", shared.noise_pixels),
    "noisy_mean_face": (ALIKE, shared.noisy_mean_face),
    "untrained": (ALIKE, shared.untrained),
    "foreign_data": ("faces or celeba", shared.foreign_data),
}
RIGHT = shared.SOUND
