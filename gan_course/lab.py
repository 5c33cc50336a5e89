"""JupyterLab on copies of the notebooks: what you type there is yours, and no update overwrites it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from gan_course import notebooks

RECORD = ".copied.json"


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy_notebooks(work: Path) -> list[str]:
    """Bring the notebooks into `work` and return what was done, one line per notebook that needed something.

    A notebook that is not there is copied. One that is there stays as it is; when the course has a newer version
    since the copy was made, that version is put beside it as NAME.new.ipynb, unless the copy was never changed,
    in which case it is replaced.
    """
    work.mkdir(parents=True, exist_ok=True)
    record_file = work / RECORD
    record = json.loads(record_file.read_text()) if record_file.exists() else {}
    done = []
    for source in notebooks.find():
        copy, version = work / source.name, fingerprint(source)
        if not copy.exists():
            shutil.copyfile(source, copy)
            done.append(f"{source.stem}: copied")
        elif record.get(source.name) == version:
            continue
        elif fingerprint(copy) == record.get(source.name):
            shutil.copyfile(source, copy)
            done.append(f"{source.stem}: updated (you had not changed it)")
        else:
            shutil.copyfile(source, work / f"{source.stem}.new.ipynb")
            done.append(
                f"{source.stem}: you changed it; the newer version is beside it, {source.stem}.new.ipynb"
            )
        record[source.name] = version
        record_file.write_text(json.dumps(record, indent=1))
    return done


def start(work: Path | None = None) -> int:
    """Copy the notebooks and start JupyterLab there; returns its exit status."""
    work = work or notebooks.ROOT / "work"
    for line in copy_notebooks(work):
        print(line)
    environment = {name: value for name, value in os.environ.items() if name != "GAN_COURSE_PROFILE"}
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={work}"]
    return subprocess.call(command, env=environment)
