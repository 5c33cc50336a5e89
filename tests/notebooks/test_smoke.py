"""Every notebook runs from top to bottom with its smoke parameters; figures carry alternative text."""

import json
import struct

import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from gan_course import calibration, notebooks
from gan_course.claims import claims_in
from gan_course.cli import app
from gan_course.exercises.checking import NOTEBOOKS

PATHS = notebooks.find()


@pytest.mark.notebooks
@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_runs_under_smoke_without_exercises_done(path, tmp_path):
    executed = notebooks.execute(path, tmp_path / path.name, profile="smoke", cell_limit=120)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    images = [output for output in outputs if "image/png" in output.get("data", {})]
    assert all(output.metadata.get("image/png", {}).get("alt") for output in images)
    claims = claims_in(executed)
    assert all(claim.holds is None for claim in claims)
    record = calibration.record_path(path.stem)
    calibrated = json.loads(record.read_text())["claims"] if record.exists() else {}
    live = [claim for claim in claims if claim.kind == "live"]
    assert {claim.text for claim in live} == set(calibrated)
    margins = {
        claim.text: calibration.margins(claim.low, claim.high, calibrated[claim.text]) for claim in live
    }
    assert {text: margin for text, margin in margins.items() if min(margin) < 3} == {}
    if f"nb{path.stem[:2]}" in NOTEBOOKS:
        assert "[to do]" in "".join(output.get("text", "") for output in outputs)
        assert "[wrong]" not in "".join(output.get("text", "") for output in outputs)


def write_idx(path, values):
    """A file in the format of MNIST: zeros, type, dimensions, then the bytes."""
    header = struct.pack(f">BBBB{values.dim()}I", 0, 0, 8, values.dim(), *values.shape)
    path.write_bytes(header + values.numpy().tobytes())


@pytest.mark.notebooks
@pytest.mark.timeout(300)
def test_the_gpu_profile_takes_two_real_rounds(tmp_path, monkeypatch):
    """Its data set in the real layout, with invented pixels; on the CPU, and briefly."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    rng = torch.Generator().manual_seed(0)
    for prefix, n in (("train", 60_000), ("t10k", 10_000)):
        pixels = torch.randint(0, 256, (n, 28, 28), dtype=torch.uint8, generator=rng)
        write_idx(raw / f"{prefix}-images-idx3-ubyte", pixels)
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", torch.arange(n).remainder(10).to(torch.uint8))
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path))
    (path,) = notebooks.find(["03"])
    brief = {"device": "cpu", "rounds": 2, "ring_rounds": 10, "images": 600, "judged": 200}
    executed = notebooks.execute(
        path, tmp_path / path.name, profile="gpu", parameters=brief, judged=False, cell_limit=120
    )
    unmeasurable = [claim for claim in claims_in(executed) if claim.why == "not measurable on this data set"]
    assert len(unmeasurable) >= 4


@pytest.mark.notebooks
@pytest.mark.timeout(400)
def test_dcgan_runs_under_gpu_on_pictures_without_known_factors(tmp_path, monkeypatch):
    """Two real rounds at the usual width, on imported pictures, on the CPU; what needs factors is not measured."""
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "data"))
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    rng = torch.Generator().manual_seed(0)
    for i in range(420):
        pixels = torch.randint(0, 256, (40, 40, 3), dtype=torch.uint8, generator=rng)
        Image.fromarray(pixels.numpy()).save(photographs / f"{i:03}.png")
    result = CliRunner().invoke(app, ["data", "import", str(photographs), "--size", "32", "--name", "noise"])
    assert result.exit_code == 0, result.output
    (path,) = notebooks.find(["04"])
    brief = {"device": "cpu", "rounds": 2, "judged": 400, "trials": 1, "labels": 60}
    brief |= {"repeated_rounds": 2, "repeated_images": 200, "images": 1000, "data": "noise"}
    executed = notebooks.execute(
        path, tmp_path / path.name, profile="gpu", parameters=brief, judged=False, cell_limit=120
    )
    unmeasurable = {
        claim.text for claim in claims_in(executed) if claim.why == "not measurable on this data set"
    }
    assert len(unmeasurable) == 1
    assert all("FD" in text for text in unmeasurable)
