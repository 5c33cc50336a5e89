"""What student code sees and can do in the sandbox, and when grading refuses to start without one."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from traitlets.config import Config

from gan_course.grading import sandbox, sandbox_kernel
from gan_course.grading.sandbox import Limits, Unprotected, prepare
from grading.kernel_runs import run, run_unprotected

REPOSITORY = Path(__file__).parents[2]

# name -> (a cell, what it must say)
ATTACKS = {
    "the course's answers": ("import gan_course", "ModuleNotFoundError"),
    "the repository": (f"open('{REPOSITORY}/pyproject.toml')", "FileNotFoundError"),
    "the gradebook beside the submission": ("open('{base}/gradebook.db')", "FileNotFoundError"),
    "the gradebook one folder up": ("open('../gradebook.db')", "FileNotFoundError"),
    "another student's work": ("open('{base}/bob/answer.txt')", "FileNotFoundError"),
    "a link that points outside": ("open('link.txt')", "FileNotFoundError"),
    "a folder link that points outside": ("open('folder/answer.txt')", "FileNotFoundError"),
    "the notebooks with hidden tests": (
        "import glob; sorted(glob.glob('**', recursive=True))",
        "['data', 'data/mine.txt']",
    ),
    "its own data": ("open('data/mine.txt').read()", "'my data'"),
    "its own written file": ("open('new.txt', 'w').write('x' * 10)", "10"),
    "data that the instructor shows": ("open('{base}/shown/faces.txt').read()", "'faces'"),
    "changing what the instructor shows": ("open('{base}/shown/faces.txt', 'w')", "OSError: [Errno 30]"),
    "writing to another student's folder": ("open('{base}/bob/x', 'w')", "FileNotFoundError"),
    "writing to the system": ("open('/usr/x', 'w')", "OSError: [Errno 30]"),
    "writing to the root folder": ("open('/x', 'w')", "OSError: [Errno 30]"),
    "writing where the sockets were": ("open('{runtime}/x', 'w')", "FileNotFoundError"),
    "the network": (
        "import socket; socket.create_connection(('192.0.2.1', 80), 2)",
        "Network is unreachable",
    ),
    "a server on this machine": (
        "socket.create_connection(('127.0.0.1', {port}), 2)",
        "ConnectionRefusedError",
    ),
    "secrets in variables": ("import os; 'GRADING_SECRET' in os.environ", "False"),
    "other processes": ("len([p for p in os.listdir('/proc') if p.isdigit()])", "2"),
    "becoming root": ("os.setuid(0)", "Error: [Errno"),
    "being root": ("os.getuid() == 0 or os.geteuid() == 0", "False"),
    "capabilities": (
        "[l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1]",
        "'" + "0" * 16,
    ),
    "a user namespace": ("import subprocess; subprocess.run(['unshare', '-Ur', 'true']).returncode", "1"),
    "nameless memory": ("os.memfd_create('hoard')", "PermissionError"),
    "a file of 1 GB": ("open('big', 'wb').write(bytes(10**9))", "OSError: [Errno 27] File too large"),
    "many large files": (
        "os.remove('big')\nfor i in range(9): open(f'{i}', 'wb').write(bytes(60 << 20))",
        "OSError: [Errno 28] No space left on device",
    ),
    "50 GB of memory": ("x = bytearray(50 * 10**9)", "MemoryError"),
    "honest work after all that": (
        "for i in range(9): os.path.exists(f'{i}') and os.remove(f'{i}')\n"
        "import torch\ntorch.nn.Conv2d(3, 8, 4, 2, 1)(torch.randn(2, 3, 16, 16)).square().mean().backward()",
        "",
    ),
}


@cache
def said() -> dict[str, str]:
    """What each of ATTACKS says, all in one kernel in the folder of a student, alice."""
    base = Path(tempfile.mkdtemp(prefix="gc"))
    alice, bob, shown = base / "alice", base / "bob", base / "shown"
    for folder in (alice / "data", bob, shown):
        folder.mkdir(parents=True)
    (base / "gradebook.db").write_text("grades")
    (bob / "answer.txt").write_text("bob's answer")
    (shown / "faces.txt").write_text("faces")
    (alice / "data" / "mine.txt").write_text("my data")
    (alice / "hidden.ipynb").write_text("{}")
    (alice / "link.txt").symlink_to(bob / "answer.txt")
    (alice / "folder").symlink_to(bob)
    os.environ["GRADING_SECRET"] = "42"
    with socket.create_server(("127.0.0.1", 0)) as server:
        # The sockets' folder is known in the kernel by the one folder of that kind in its /tmp.
        filled = {"{base}": str(base), "{port}": str(server.getsockname()[1])}
        cells = []
        for source, _ in ATTACKS.values():
            for name, value in filled.items():
                source = source.replace(name, value)
            cells.append(source.replace("'{runtime}/x'", "__import__('glob').glob('/tmp/gk*')[0] + '/x'"))
        try:
            answers = run(*cells, folder=alice, limits=Limits(scratch_mib=300), read_only=(shown,))
        finally:
            del os.environ["GRADING_SECRET"]
            shutil.rmtree(base)
    return dict(zip(ATTACKS, answers, strict=True))


@pytest.mark.slow
@pytest.mark.usefixtures("needs_sandbox")
@pytest.mark.parametrize("name", ATTACKS)
def test_in_the_sandbox(name):
    expected = ATTACKS[name][1]
    assert expected in said()[name] if expected else said()[name] == ""


@pytest.mark.slow
@pytest.mark.usefixtures("needs_sandbox")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives each kernel a user of its own")
def test_kernels_side_by_side_run_as_different_users():
    with ThreadPoolExecutor(3) as pool:
        users = [answer[0] for answer in pool.map(lambda _: run("import os; os.getuid()"), range(3))]
    assert len(set(users)) == 3
    assert all(int(user) >= 20_000 for user in users)


@pytest.mark.slow
def test_without_a_sandbox_an_ordinary_kernel_runs(tmp_path):
    runtime = Path(tempfile.mkdtemp(prefix="gk"))
    (tmp_path / "a.txt").write_text("mine")
    assert run_unprotected(runtime, tmp_path, "open('a.txt').read()", "input()")[0] == "'mine'"
    shutil.rmtree(runtime)


@pytest.fixture
def runtime():
    folder = Path(tempfile.mkdtemp(prefix="gk"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def no_sandbox(monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda python: "bubblewrap is not installed.")


@pytest.mark.parametrize("chosen", ["auto", "bubblewrap", "none"])
def test_root_refuses_to_grade_without_a_sandbox(chosen, runtime, no_sandbox, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    config = Config()
    with pytest.raises(Unprotected):
        prepare(config, runtime, chosen)
    assert config == Config()  # nothing would start


def test_root_refuses_to_switch_a_working_sandbox_off(runtime, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sandbox, "available", lambda python: "")
    with pytest.raises(Unprotected, match="root"):
        prepare(Config(), runtime, "none")


def test_an_ordinary_user_is_warned(runtime, no_sandbox, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    line = prepare(Config(), runtime)
    assert line.startswith("Warning: no sandbox: bubblewrap is not installed.")
    assert "gradebook" in line


def test_an_ordinary_user_who_asks_for_bubblewrap_gets_an_error(runtime, no_sandbox, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Unprotected, match="bubblewrap is not installed"):
        prepare(Config(), runtime, "bubblewrap")


def test_an_unknown_sandbox_is_refused(runtime):
    with pytest.raises(ValueError, match="'docker'"):
        prepare(Config(), runtime, "docker")


def test_a_path_too_long_for_sockets_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ValueError, match="too long"):
        prepare(Config(), tmp_path / ("x" * 90), "none")


def test_limits_reach_the_kernel_and_the_guard(runtime, monkeypatch):
    monkeypatch.setattr(sandbox, "available", lambda python: "")
    config = Config()
    line = prepare(config, runtime, limits=Limits(cell_seconds=7, memory_gib=5, output_mib=3))
    assert "5 GiB" in line
    assert (config.GuardedExecute.timeout, config.GuardedExecute.output_mib) == (7, 3)
    folder = Path(config.GuardedExecute.kernel_folder, config.Execute.kernel_name)
    spec = json.loads((folder / "kernel.json").read_text())
    assert json.loads(Path(spec["argv"][-2]).read_text())["limits"]["memory_gib"] == 5
    assert spec["interrupt_mode"] == "message"


def test_missing_bubblewrap_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "apt install bubblewrap" in sandbox.available.__wrapped__()


def test_forbidden_namespaces_say_what_to_change(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "apparmor_restrict_unprivileged_userns" in sandbox.advice(
        "bwrap: setting up uid map: Permission denied"
    )
    assert "0.8" in sandbox.advice("bwrap: Unknown option --size")


def test_an_environment_round_the_home_folder_is_refused(monkeypatch):
    monkeypatch.setattr(
        sandbox, "about_python", lambda python: {"prefixes": [str(Path.home())], "masked": []}
    )
    with pytest.raises(Unprotected, match="virtual environment"):
        sandbox.settings_for("python", Limits(), (), Path())


def test_a_submission_is_packed_without_links_and_notebooks(tmp_path):
    import io
    import tarfile

    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.ipynb").write_text("{}")
    (tmp_path / "c.txt").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "d")
    with tarfile.open(fileobj=io.BytesIO(sandbox_kernel.packed(tmp_path, 100))) as tar:
        assert tar.getnames() == ["a.txt"]
    (tmp_path / "e.txt").write_bytes(bytes(200))
    with pytest.raises(OSError, match="larger than"):
        sandbox_kernel.packed(tmp_path, 100)


@pytest.mark.slow
@pytest.mark.usefixtures("needs_sandbox")
def test_an_installed_course_is_masked(tmp_path):
    """As if gan_course were installed in the environment: its folder is covered, so that it does not import."""
    installed = Path(tempfile.mkdtemp(prefix="gi")) / "gan_course"
    installed.mkdir()
    (installed / "__init__.py").write_text("answers = 42")
    settings = sandbox.settings_for(sandbox.sys.executable, Limits(), (installed.parent,), tmp_path)
    settings["masked"] = [str(installed)]
    code = f"import sys; sys.path.insert(0, {str(installed.parent)!r})\n"
    code += "try: import gan_course\nexcept ImportError: print('no')"
    uid = sandbox_kernel.fresh_uid() if os.geteuid() == 0 else None
    nothing = {"/run/submission.tar": sandbox_kernel.packed(tmp_path, 0)}
    argv, fds = sandbox_kernel.bubblewrap(settings, uid, [settings["python"], "-c", code], nothing, [])
    done = sandbox.subprocess.run(argv, pass_fds=fds, capture_output=True, text=True)
    for fd in fds:
        os.close(fd)
    shutil.rmtree(installed.parent)
    assert done.stdout.strip() == "no", done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("needs_sandbox")
def test_when_the_grader_is_killed_its_kernels_end_too(tmp_path):
    mark = tmp_path / "started"
    mark.mkdir()
    code = (
        "from pathlib import Path\n"
        "from grading.kernel_runs import run\n"
        f"run('import time; time.sleep(300)', folder=Path({str(mark)!r}))"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "tests"), "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        kernels = wait_for(lambda: kernels_under(tmp_path))
        assert kernels
    finally:
        grader.kill()
        grader.wait()
    assert wait_for(lambda: not kernels_under(tmp_path))


def kernels_under(folder):
    """Processes of sandboxed kernels whose settings lie under a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if "sandbox_kernel" in words and str(folder) in words:
            found.append(words)
    return found


def wait_for(condition, seconds=60):
    """What the condition gives once it holds, or its last answer."""
    until = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer
