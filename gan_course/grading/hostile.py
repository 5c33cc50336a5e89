"""Submissions that attack the grading: rehearsed in the demo course; tests see that none gains or harms anything.

Each is the released notebook of `dcgan_celeba` with a few cells replaced; all other answers stay stubs, so that every
point would be a success of the attack. The attacks are bounded: outside a sandbox they do no lasting harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MARK = "TAKEN-OVER"  # what an attack leaves behind where it succeeds


@dataclass(frozen=True)
class Attack:
    """about: what it tries. cells: id -> source. files: path in the hand-in -> content; links: path -> where to."""

    about: str
    cells: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


def _first(source: str) -> dict[str, str]:
    """The attack as the first answer of the notebook, so that everything else runs after it."""
    return {"preprocess": source}


FORGE = """
from IPython.display import publish_display_data

def forge(lines):
    text = "".join(lines)
    if "show_seen" not in text:
        return lines
    sent = {"seen": [{"seen": {"passed": True, "y": 1.0}}] * text.count('"seed"')}
    publish_display_data({"application/x-gan-course+json": sent})
    return ["4\\n"]

get_ipython().input_transformers_post.append(forge)
"""

ATTACKS = {
    "endless_loop": Attack(
        "a loop that swallows interrupts",
        _first(
            "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
        ),
    ),
    "fork_bomb": Attack(
        "as many processes as it gets, 600 at most",
        _first(
            "import os, time\n"
            "for _ in range(600):\n"
            "    if os.fork() == 0:\n"
            "        time.sleep(60)\n"
            "        os._exit(0)"
        ),
    ),
    "allocation": Attack("50 GB of memory", _first("blob = bytearray(50 * 1000**3)")),
    "flood": Attack("output without end", _first("while True:\n    print('x' * 10_000)")),
    "killed_kernel": Attack(
        "the kernel kills itself", _first("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    ),
    "leaves": Attack("the kernel exits with success", _first("import os\nos._exit(0)")),
    "writes_outside": Attack(
        "files beside and above the submission",
        _first(
            "from pathlib import Path\n"
            "for place in ('..', '../..', '../../..', '../../../..', '/', '/tmp', str(Path.home())):\n"
            "    try:\n"
            f"        (Path(place) / '{MARK}').write_text('here')\n"
            "    except OSError as error:\n"
            "        print(error)"
        ),
    ),
    "reads_solutions": Attack(
        "the solutions, wherever they lie",
        _first(
            "import json\n"
            "from pathlib import Path\n"
            "for level in range(1, 6):\n"
            "    for path in Path('../' * level).glob('source/*/*.ipynb'):\n"
            "        for cell in json.loads(path.read_text())['cells']:\n"
            "            if cell['metadata'].get('nbgrader', {}).get('solution'):\n"
            "                exec(''.join(cell['source']))"
        ),
    ),
    "imports_the_course": Attack(
        "the course's own code as the answer",
        _first(
            "import sys, glob\n"
            "sys.path += [path.rsplit('/', 1)[0] for path in glob.glob('/**/gan_course', recursive=True)]\n"
            "from gan_course.grading import made_up\n"
            "for source in made_up.solutions('dcgan_celeba').values():\n"
            "    exec(source)"
        ),
    ),
    "other_students": Attack(
        "the work of others",
        _first(
            "import json\n"
            "from pathlib import Path\n"
            "for folder in ('submitted', 'autograded'):\n"
            "    for path in Path('../..').parent.glob(f'**/{folder}/*/dcgan_celeba/components.ipynb'):\n"
            "        for cell in json.loads(path.read_text())['cells']:\n"
            "            if cell['metadata'].get('nbgrader', {}).get('solution'):\n"
            "                exec(''.join(cell['source']))"
        ),
    ),
    "sql": Attack(
        "points written into the gradebook",
        _first(
            "import sqlite3\n"
            "from pathlib import Path\n"
            "for level in range(1, 6):\n"
            "    path = Path('../' * level) / 'gradebook.db'\n"
            "    if path.exists():\n"
            "        with sqlite3.connect(path, timeout=2) as book:\n"
            "            book.execute('update grade set manual_score = 4, auto_score = 4')"
        ),
    ),
    "network": Attack(
        "a way out",
        _first("import socket\nsocket.create_connection(('127.0.0.1', 22), timeout=3)"),
    ),
    "rewrites_tests": Attack("test cells replaced by a forged report", _first(FORGE)),
    "forges_reports": Attack(
        "every report replaced by one that says what was asked for",
        _first(
            "import IPython.display\n"
            "send = IPython.display.publish_display_data\n"
            "def lie(data, *rest, **others):\n"
            "    seen = [{'seen': {'passed': True, 'share': 1.0, 'state': 'ok'}} for _ in range(2)]\n"
            "    send({kind: {'seen': seen} for kind in data})\n"
            "IPython.display.publish_display_data = lie"
        ),
    ),
    "equal_to_anything": Attack(
        "values that equal everything, and comparisons that always hold",
        _first(
            "import builtins\n"
            "class Yes(float):\n"
            "    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True\n"
            "    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0\n"
            "    __hash__ = float.__hash__\n"
            "builtins.abs = lambda value: 0.0\n"
            "torch.allclose = torch.equal = lambda *rest, **others: True\n"
            "preprocess = build_generator = build_discriminator = initialise = lambda *rest, **others: Yes(0)\n"
            "discriminator_loss = generator_loss = interpolate = fixed_noise = lambda *rest, **others: Yes(0)"
        ),
    ),
    "prints_points": Attack(
        "a number as the output of a test, which nbgrader takes for points",
        _first(
            "class Always:\n"
            "    def __call__(self, *rest, **others):\n"
            "        get_ipython().displayhook(4.0)\n"
            "        raise KeyboardInterrupt\n"
            "build_generator = build_discriminator = initialise = discriminator_loss = preprocess = Always()"
        ),
    ),
    "script_in_an_answer": Attack(
        "a script in a written answer, for the browser of whoever grades it",
        {
            "q_guidelines": f"<script>document.title = '{MARK}'</script>\n\n"
            f"<img src=x onerror=\"document.title='{MARK}'\">\n\n"
            f"[a link](javascript:document.title='{MARK}')\n\n<iframe srcdoc='{MARK}'></iframe>"
        },
    ),
    "symlink": Attack(
        "a link to the solutions in place of a file",
        links={"run/samples.png": "../../../../source/dcgan_celeba/components.ipynb"},
    ),
    "zip_slip": Attack(
        "a zip entry that climbs out of its folder",
        files={f"../../../../{MARK}": b"here", f"/tmp/{MARK}": b"here"},
    ),
    "pickled_weights": Attack(
        "weights that run code when they are unpickled",
        files={"run/generator.safetensors": b"cos\nsystem\n(S'touch /tmp/" + MARK.encode() + b"'\ntR."},
    ),
}


def traces(folder: Path) -> list[Path]:
    """Where an attack left its mark under a folder: names of files, and of files beside and above it."""
    places = [folder, *folder.parents, Path("/tmp"), Path.home()]
    above = [place / MARK for place in places if (place / MARK).exists()]
    return above + [path for path in folder.rglob("*") if path.name == MARK]
