import os

import pytest
import torch

os.environ["TQDM_DISABLE"] = "1"
os.environ["MPLBACKEND"] = "agg"
torch.set_num_threads(1)  # small networks: a second thread waits more than it works


@pytest.fixture(autouse=True)
def _judged_as_in_jupyterlab(monkeypatch):
    """Tests start as an interactive session does: no profile."""
    monkeypatch.delenv("GAN_COURSE_PROFILE", raising=False)
