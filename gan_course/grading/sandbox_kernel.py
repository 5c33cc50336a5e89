"""Run a student's kernel inside bubblewrap. Stand-alone: standard library only, started by a kernelspec as
`python sandbox_kernel.py SETTINGS CONNECTION` (`sandbox.prepare` writes SETTINGS, a JSON file, jupyter CONNECTION).

Two halves. `outside` builds the sandbox, stays as its parent and watches its memory. `inside` runs in the sandbox
before any student code: it becomes an unprivileged user, unpacks the submission, sets the limits and turns into the
kernel.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import resource
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

GIB, MIB = 1 << 30, 1 << 20
WORK = "/tmp/submission"  # the working folder of the kernel, in the sandbox's own /tmp
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")  # symlinks into /usr on a merged system
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
READ_ONLY = ("/usr", *(f"/etc/{name}" for name in ETC), "/sys/devices/system/cpu", "/sys/devices/system/node")
OPTIONS = (
    *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "grader", "--cap-drop", "ALL"),
    *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
)
NO_MODULE = 'raise ModuleNotFoundError("No module named \'gan_course\'", name="gan_course")\n'


def fresh_uid() -> int:
    """A user id that no other kernel has while this process lives: its process id above a high base.

    With a user of its own, every kernel has a process limit of its own. In a container whose user ids end at 65536 the
    base is lower.
    """
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    ranges = [[int(word) for word in line.split()] for line in lines]
    high = (1 << 30) + os.getpid()
    if any(first <= high < first + count for first, _, count in ranges):
        return high
    return 20_000 + os.getpid() % 40_000


def in_memory(content: bytes) -> int:
    """A file descriptor to an anonymous file that holds `content`, open for the sandbox to read."""
    fd = os.memfd_create("sandbox")
    with os.fdopen(os.dup(fd), "wb") as file:
        file.write(content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def packed(folder: Path, limit: int) -> bytes:
    """The regular files of a submission as a tar archive: no notebooks (they hold hidden tests), no links, no devices.

    Raises OSError when they are larger than `limit` bytes.
    """
    archive, total = io.BytesIO(), 0
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for parent, folders, names in os.walk(folder):  # os.walk does not follow links
            folders[:] = [name for name in folders if name != ".ipynb_checkpoints"]
            for name in names:
                path = Path(parent, name)
                if name.endswith(".ipynb") or not stat.S_ISREG(path.lstat().st_mode):
                    continue
                with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                    entry = tarfile.TarInfo(str(path.relative_to(folder)))
                    entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o644
                    total += entry.size
                    if total > limit:
                        raise OSError(f"the submission's files are larger than {limit // MIB} MiB")
                    tar.addfile(entry, file)
    return archive.getvalue()


def filter_of_calls() -> bytes:
    """A seccomp program (classic BPF) that refuses the system calls below; empty on other processors than these two.

    User namespaces would offer mounts without size limit and much of Linux to attack; anonymous files and System V
    segments hold memory that no process is charged for; rings and keys have no use here. clone3 hides its flags from
    a filter, so it "does not exist" and the C library falls back to clone.
    """
    column = {"x86_64": 0, "aarch64": 1}.get(os.uname().machine)
    if column is None:
        return b""
    architecture = (0xC000003E, 0xC00000B7)[column]
    refused = {"unshare": (272, 97), "memfd_create": (319, 279), "shmget": (29, 194)}
    refused |= {"io_uring_setup": (425, 425), "keyctl": (250, 219), "add_key": (248, 217)}
    clone, clone3, new_user = (56, 220)[column], 435, 0x10000000
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    refuse, missing, allow = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x7FFF0000
    code = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, refuse), (load, 0, 0, 0)]
    code += [(at_least, 0, 1, 0x40000000), (give, 0, 0, refuse)]  # the x32 numbering
    for numbers in refused.values():
        code += [(equal, 0, 1, numbers[column]), (give, 0, 0, refuse)]
    code += [(equal, 0, 1, clone3), (give, 0, 0, missing), (equal, 0, 3, clone)]
    code += [(load, 0, 0, 16), (any_bit, 0, 1, new_user), (give, 0, 0, refuse), (give, 0, 0, allow)]
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def bubblewrap(
    settings: dict[str, Any],
    uid: int | None,
    kernel: list[str],
    files: dict[str, bytes],
    sockets: list[tuple[Path, Path]],
) -> tuple[list[str], list[int]]:
    """The command line that runs `kernel` in the sandbox, and the descriptors that it reads.

    uid: the user that a root sandbox turns into; None builds the sandbox of an ordinary user, in a user namespace.
    files: path in the sandbox -> content, read-only there. sockets: folders of this machine that the sandbox can
    write to, and their paths in it. It can write to /tmp and /dev/shm besides, which are its own and limited in size.
    """
    argv = [shutil.which("bwrap") or "bwrap", *OPTIONS]
    if uid is None:
        argv += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    else:  # what `inside` needs to become `uid`; it loses both by doing so
        argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    room = ["--perms", "1777", "--size", str(settings["limits"]["scratch_mib"] * MIB), "--tmpfs"]
    argv += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", *room, "/tmp"]
    for path in SYSTEM:
        if os.path.islink(path):
            argv += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            argv += ["--ro-bind", path, path]
    shown = filter(os.path.exists, (*READ_ONLY, *settings["prefixes"], *settings["read_only"]))
    binds = [("--ro-bind", path, path) for path in shown] + [("--bind", *map(str, pair)) for pair in sockets]
    for bind in binds:
        # By itself bubblewrap would make the parent folders for its own user alone.
        for parent in reversed(Path(bind[2]).parents[:-1]):
            argv += ["--perms", "0755", "--dir", str(parent)]
        argv += bind
    user = 1000 if uid is None else uid
    start = {"uid": uid, "limits": settings["limits"], "kernel": kernel}
    files = {
        "/etc/passwd": f"student:x:{user}:{user}::/tmp/home:/bin/sh\n".encode(),
        "/run/start.json": json.dumps(start).encode(),
        "/run/start.py": Path(__file__).read_bytes(),
        **files,
    }
    for path in settings["masked"]:  # a folder without __init__.py would still import, as a namespace package
        argv += ["--tmpfs", path]
        files[f"{path}/__init__.py"] = NO_MODULE.encode()
    fds = []
    for path, content in files.items():
        fds.append(in_memory(content))
        argv += ["--perms", "0444", "--ro-bind-data", str(fds[-1]), path]
    if program := filter_of_calls():
        fds.append(in_memory(program))
        argv += ["--seccomp", str(fds[-1])]
    for name, value in environment().items():
        argv += ["--setenv", name, value]
    argv += ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/tmp"]
    return [*argv, "--", settings["python"], "-I", "-S", "/run/start.py", "inside", "/run/start.json"], fds


def environment() -> dict[str, str]:
    """Variables of the kernel. JPY_PARENT_PID stays out: the kernel would take its new parent for a dead one."""
    fixed = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "USER": "student",
        "HOME": "/tmp/home",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    passed_on = ("LANG", "LC_ALL", "TZ", "NBGRADER_EXECUTION", "OMP_NUM_THREADS")
    return fixed | {name: os.environ[name] for name in passed_on if name in os.environ}


def tree(pid: int) -> list[int]:
    """A process and all its descendants (in the sandbox orphans stay descendants: its first process adopts them)."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        try:
            for task in os.listdir(f"/proc/{found[-1]}/task"):
                waiting += map(int, Path(f"/proc/{found[-1]}/task/{task}/children").read_text().split())
        except OSError:
            continue  # it ended while we looked
    return found


def memory(pids: list[int], enough: int) -> int:
    """Bytes of memory in use by some processes; pages shared by forked processes count once if that matters.

    The resident sizes are quick to read but count shared pages for each process, so the proportional sizes, which are
    slower, are read only when the resident ones exceed `enough`.
    """
    resident = proportional = 0
    for pid in pids:
        with contextlib.suppress(OSError):  # it has ended
            resident += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    if resident <= enough:
        return resident
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            proportional += 1024 * int(text.split("\nPss:", 1)[1].split()[0])
    return proportional


def how_it_ended(code: int) -> str:
    """The end of the kernel's process in words, from bubblewrap's exit code (128 + signal for a signal)."""
    number = -code if code < 0 else code - 128
    if number in set(signal.Signals):
        return f"its process was stopped by signal {number} ({signal.Signals(number).name})"
    return f"its process left with exit code {code}, as os._exit({code}) does"


def watch(process: subprocess.Popen[bytes], folder: Path, runtime: Path, names: list[str], most: int) -> str:
    """Wait for the sandbox to end; return why it did, after the last lines that it wrote by itself.

    Once the kernel has bound its sockets they move from `folder`, all that the sandbox can write of this machine's
    disk, to `runtime`, where the grader expects them, and `folder` is removed: nothing can be created in a removed
    folder.
    """
    written, streams, bound, look = b"", [process.stdout], False, 0.0
    grader = os.getppid()
    while process.poll() is None:
        if os.getppid() != grader:  # it was killed, so that nobody else would end the kernel
            process.kill()
        ready, _, _ = select.select(streams, [], [], 0.25 if bound else 0.02)
        if ready:
            chunk = os.read(process.stdout.fileno(), 1 << 16)
            written, streams = (written + chunk)[-4000:], streams if chunk else []
        if not bound and all((folder / name).is_socket() for name in names):
            for name in names:
                (folder / name).rename(runtime / name)
            folder.rmdir()
            bound = True
        if time.monotonic() > look:
            look = time.monotonic() + 0.25
            if memory(tree(process.pid), most) > most:
                process.kill()
                process.wait()
                return f"its processes together used more than {most / GIB:g} GiB of memory"
    text = written.decode(errors="replace") if not bound else ""
    return text + how_it_ended(process.returncode)


def outside(settings: dict[str, Any], connection: Path) -> int:
    """Build the sandbox round the submission in the current folder, start the kernel in it and watch."""
    info = json.loads(connection.read_text())
    if info["transport"] != "ipc" or not os.path.isabs(info["ip"]):
        raise OSError("without network KernelManager.transport must be ipc, and KernelManager.ip a full path")
    limits, runtime, prefix = settings["limits"], Path(info["ip"]).parent, Path(info["ip"]).name
    uid = fresh_uid() if os.geteuid() == 0 else None
    folder = runtime / f"ipc{os.getpid()}"
    folder.mkdir(mode=0o700)
    if uid is not None:
        os.chown(folder, uid, uid)
    kernel = [settings["python"], "-P", "-m", "ipykernel_launcher", "-f", "/run/connection.json"]
    kernel += ["--HistoryManager.hist_file=:memory:"]
    files = {
        "/run/connection.json": connection.read_bytes(),
        "/run/submission.tar": packed(Path.cwd(), limits["scratch_mib"] * MIB // 2),
    }
    argv, fds = bubblewrap(settings, uid, kernel, files, [(folder, runtime)])
    Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, this goes before the grader
    process = subprocess.Popen(
        argv, pass_fds=fds, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    names = [f"{prefix}-{info[f'{channel}_port']}" for channel in CHANNELS]
    reason = watch(process, folder, runtime, names, int(limits["memory_gib"] * GIB))
    Path(settings["ended"]).write_text(reason)
    shutil.rmtree(folder, ignore_errors=True)
    return 1


def inside(start: dict[str, Any]) -> None:
    """In the sandbox: give up root, unpack the submission, set the limits, become the kernel."""
    if start["uid"] is not None:
        os.setgroups([])
        os.setresgid(start["uid"], start["uid"], start["uid"])
        os.setresuid(start["uid"], start["uid"], start["uid"])
    os.mkdir("/tmp/home")
    os.mkdir(WORK)
    with tarfile.open("/run/submission.tar") as tar:
        tar.extractall(WORK, filter="data")
    limits = start["limits"]
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file_mib"] * MIB,
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_AS: int(limits["memory_gib"] * GIB),
    }
    for kind, most in bounds.items():
        resource.setrlimit(kind, (most, most))
    os.chdir(WORK)
    os.environ["PWD"] = WORK
    os.execv(start["kernel"][0], start["kernel"])


if __name__ == "__main__":
    if sys.argv[1] == "inside":
        inside(json.loads(Path(sys.argv[2]).read_text()))
    else:
        configured = json.loads(Path(sys.argv[1]).read_text())
        try:
            sys.exit(outside(configured, Path(sys.argv[2])))
        except OSError as error:
            Path(configured["ended"]).write_text(f"the sandbox could not be built: {error}")
            sys.exit(1)
