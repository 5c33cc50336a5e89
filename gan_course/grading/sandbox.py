"""The sandbox of student code: whether this machine offers one, and how nbgrader is told to use it.

nbgrader runs what students hand in as the user who grades, beside the gradebook and everybody's work. Here only
the kernel goes into a bubblewrap sandbox (`sandbox_kernel.py`); nbgrader and the gradebook stay outside and reach it
over ipc sockets, since the sandbox has no network.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from traitlets.config import Config

from gan_course.grading import sandbox_kernel

KERNEL = "gan-course-grading"
# What the sandbox has to know of the Python environment that students' code runs in.
ABOUT_PYTHON = """
import importlib.util, json, os, sys, sysconfig
packages = {os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
print(json.dumps({
    "prefixes": sorted({sys.prefix, sys.base_prefix}),
    "masked": sorted(p for p in (os.path.join(q, "gan_course") for q in packages) if os.path.isdir(p)),
    "kernel": importlib.util.find_spec("ipykernel") is not None,
}))
"""


class Unprotected(RuntimeError):
    """Student code would run unprotected where it must not."""


@dataclass(frozen=True)
class Limits:
    """What one submitted notebook may use. With a GiB or MiB in its name: 2^30 or 2^20 bytes."""

    cell_seconds: int = 60  # wall time of one cell
    notebook_seconds: int = 900  # wall time of all cells
    memory_gib: float = (
        6  # address space of each process, and memory of all together (importing torch takes 3.1)
    )
    processes: int = 256  # processes and threads
    file_mib: int = 256  # the largest file
    scratch_mib: int = 1024  # all files in the working folder and /tmp together; the same again in /dev/shm
    cpu_seconds: int = 900  # processor time of each process
    output_mib: int = 48  # output of one cell
    notebook_output_mib: int = 192  # output of all cells


@cache
def about_python(python: str) -> dict[str, list[str]]:
    """Folders of a Python environment: `prefixes` to show, `masked` to hide. Raises Unprotected without ipykernel."""
    done = subprocess.run([python, "-c", ABOUT_PYTHON], capture_output=True, text=True, timeout=60, cwd="/")
    if done.returncode:
        raise Unprotected(f"{python} does not run: {done.stderr.strip()[-400:]}")
    about = json.loads(done.stdout)
    if not about.pop("kernel"):
        raise Unprotected(f"{python} has no ipykernel. Install it there, or name another Python.")
    return about


def settings_for(python: str, limits: Limits, read_only: tuple[Path, ...], ended: Path) -> dict[str, object]:
    """The settings file of `sandbox_kernel.py`."""
    about = about_python(python)
    for prefix in about["prefixes"]:
        if Path.home().is_relative_to(prefix) or Path.cwd().is_relative_to(prefix):
            raise Unprotected(
                f"Your Python environment is the folder {prefix}, which students' code must be able to read; but "
                "your home or the current folder lies inside. Use a virtual environment (python -m venv)."
            )
    shown = [str(Path(path).resolve()) for path in read_only]
    return {"python": python, "limits": asdict(limits), "read_only": shown, "ended": str(ended), **about}


@cache
def available(python: str = sys.executable) -> str:
    """ "" if a bubblewrap sandbox works here, else why it does not and what to do. Tried once, with a small command."""
    if not sys.platform.startswith("linux"):
        return "bubblewrap, the sandbox, needs Linux: grade on a Linux machine or in a Linux virtual machine."
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: `sudo apt install bubblewrap`, or the like."
    uid = sandbox_kernel.fresh_uid() if os.geteuid() == 0 else None
    try:
        settings = settings_for(python, Limits(), (), Path())
    except Unprotected as problem:
        return str(problem)
    nothing = {"/run/submission.tar": sandbox_kernel.packed(Path(os.devnull), 0)}
    argv, fds = sandbox_kernel.bubblewrap(settings, uid, [python, "-I", "-c", "print(6 * 7)"], nothing, [])
    try:
        done = subprocess.run(argv, pass_fds=fds, capture_output=True, text=True, timeout=30)
        said = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
    except subprocess.TimeoutExpired:
        return "bubblewrap is installed, but a trial command did not end within 30 seconds."
    finally:
        for fd in fds:
            os.close(fd)
    if done.stdout.strip() == "42":
        return ""
    return f"bubblewrap is installed, but a trial command failed: {said[0]}. {advice(said[0])}"


def advice(said: str) -> str:
    """What to do about a message of bubblewrap, in words."""
    if "Unknown option" in said:
        return "It is too old: version 0.8 or newer is needed (Debian 12, Ubuntu 24.04)."
    if os.geteuid() == 0:
        return (
            "If this is a container, it may not create namespaces: start it with `--privileged`, or grade outside "
            "it. The Python environment must be readable for all users (`chmod -R a+rX`)."
        )
    return (
        "Most often ordinary users may not create user namespaces here. Ubuntu 24.04 and newer forbid it by AppArmor: "
        "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or an AppArmor profile for /usr/bin/bwrap with "
        "`userns,`. Older Debian: `sudo sysctl kernel.unprivileged_userns_clone=1`. In a container: start it with "
        "`--security-opt seccomp=unconfined --security-opt systempaths=unconfined`."
    )


def prepare(
    config: Config,
    runtime: Path,
    sandbox: str = "auto",
    limits: Limits = Limits(),
    python: str = sys.executable,
    read_only: tuple[Path, ...] = (),
) -> str:
    """Change nbgrader's `config` so that kernels of `GuardedExecute` start in the sandbox, within `limits`.

    config: changed in place. runtime: an empty folder of this process alone, with a short path, for sockets and
    settings. sandbox: "auto" (the sandbox if it works here), "bubblewrap" (it must work) or "none". python: the
    interpreter of the kernels. read_only: files and folders, data for example, that students' code may read at the
    same path.

    Returns one line for the instructor that says what protects this machine.
    Raises Unprotected when root would run student code without a sandbox, or "bubblewrap" was asked for and does not
    work; ValueError for an unknown `sandbox` or a `runtime` whose path is too long for a socket.
    """
    if sandbox not in ("auto", "bubblewrap", "none"):
        raise ValueError(f'sandbox is {sandbox!r}; it can be "auto", "bubblewrap" or "none"')
    problem = "it was switched off by the setting `none`." if sandbox == "none" else available(python)
    if problem and sandbox == "bubblewrap":
        raise Unprotected(f"The sandbox that you asked for does not work here: {problem}")
    if problem and os.geteuid() == 0:
        raise Unprotected(
            f"You are root, and student code would run without a sandbox: {problem} Nothing was started. Make the "
            "sandbox work, or grade as an ordinary user."
        )
    runtime = Path(runtime).resolve()
    if (
        len(os.fsencode(runtime)) > 80
    ):  # a socket's path has at most 107 bytes, and libzmq adds nothing to ours
        raise ValueError(f"{runtime} is too long a path for sockets (80 bytes at most): use a folder in /tmp")
    folder = runtime / "kernels" / KERNEL
    folder.mkdir(parents=True, exist_ok=True)
    argv = [
        python,
        "-P",
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
        "--HistoryManager.hist_file=:memory:",
    ]
    if not problem:
        settings = folder / "settings.json"
        settings.write_text(json.dumps(settings_for(python, limits, read_only, runtime / "ended")))
        argv = [sys.executable, "-I", "-S", sandbox_kernel.__file__, str(settings), "{connection_file}"]
    spec = {"argv": argv, "display_name": "Grading", "language": "python", "interrupt_mode": "message"}
    (folder / "kernel.json").write_text(json.dumps(spec))

    config.KernelManager.transport = (
        "ipc"  # works without network, and has no ports that parallel kernels could fight for
    )
    config.KernelManager.ip = str(runtime / "k")
    config.Execute.kernel_name = KERNEL
    guard = config.GuardedExecute
    guard.kernel_folder = str(runtime / "kernels")
    guard.ended_file = str(runtime / "ended")
    guard.timeout, guard.notebook_seconds = limits.cell_seconds, limits.notebook_seconds
    guard.output_mib, guard.notebook_output_mib = limits.output_mib, limits.notebook_output_mib
    if problem:
        return (
            f"Warning: no sandbox: {problem} Student code runs as you and can read and change all your files, the "
            "gradebook included."
        )
    user = "a user of its own without rights" if os.geteuid() == 0 else "a namespace of its own"
    return (
        f"Student code runs in a bubblewrap sandbox: no network, {user}, no view of your files; at most "
        f"{limits.memory_gib:g} GiB of memory, {limits.processes} processes, {limits.cell_seconds} s per cell."
    )
