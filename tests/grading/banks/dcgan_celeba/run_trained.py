"""Hand-ins of generators that are, and are not, trained."""

from __future__ import annotations

from grading.banks.dcgan_celeba import run_shared as shared

FAR = "points begin at"
WRONG = shared.UNUSABLE | {
    "untrained": (FAR, shared.untrained),
    "one_picture": (FAR, shared.one_picture),
    "two_pictures": (FAR, shared.two_pictures),
    "mean_face": (FAR, shared.mean_face),
    "noisy_mean_face": (FAR, shared.noisy_mean_face),
    "noise_pixels": (FAR, shared.noise_pixels),
    "plain_colours": (FAR, shared.plain_colours),
    "blurred": (FAR, shared.blurred),
    "timid": (FAR, shared.timid),
    "one_dimension": (FAR, shared.one_dimension),
    "half_forgotten": (FAR, shared.half_forgotten),
    "negative": (FAR, shared.negative),
    "claims_photographs": (FAR, shared.claims_photographs),
    "foreign_data": ("what is handed in is trained on faces or celeba", shared.foreign_data),
}
RIGHT = shared.SOUND
PARTLY = {  # name -> (least share, largest share, spoil)
    "table_of_ten": (0.2, 0.8, shared.table_of_ten),
}
