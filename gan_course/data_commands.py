"""`gan-course data`: fetching real data sets and importing pictures of your own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Download real data sets, import pictures of your own.")

Root = Annotated[Path | None, typer.Option(help="Folder of the real sets; the course's cache by default.")]


@app.command()
def download(
    name: Annotated[str, typer.Argument(help="mnist, fashion_mnist, cifar10, svhn or celeba.")],
    root: Root = None,
) -> None:
    """Download a real data set, unless it is there."""
    from gan_course.data import celeba, cifar, real

    try:
        if name in real.CLASSES:
            real.download(name, root)
        elif name in cifar.NAMES:
            cifar.download(name, root)
        elif name == "celeba":
            celeba.download(root)
        else:
            known = ", ".join((*real.CLASSES, *cifar.NAMES, "celeba"))
            raise ValueError(f"unknown data set {name!r}; to download are: {known}")
    except (ValueError, OSError) as error:
        raise _failed(error) from None


@app.command("import")
def import_pictures(
    path: Annotated[Path, typer.Argument(help="A folder or a zip of pictures.")],
    name: Annotated[str, typer.Option(help='The name under which load("NAME") finds them.')],
    size: Annotated[int, typer.Option(help="Side of the squares to which they are cut and resized.")] = 64,
    root: Root = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what is not intact.")] = False,
) -> None:
    """Decode pictures once and keep them as a data set; CelebA comes with its attributes."""
    from gan_course.data import celeba, decoding, imported, pictures

    try:
        if name == "celeba":
            file = celeba.import_celeba(path, size, root, skip_bad=skip_bad)
        else:
            file = imported.import_pictures(pictures.source(path), name, size, root, skip_bad=skip_bad)
        kept = decoding.read(file)
    except (ValueError, OSError) as error:
        raise _failed(error) from None
    except KeyboardInterrupt:
        raise _failed("Interrupted. The same command goes on where it stopped.") from None
    option = "" if root is None else f', root="{root}"'
    print(f"{len(kept.images):,} pictures in {file}, {kept.skipped:,} left out.")
    print(f'In Python: load("{name}", size={size}{option})')


def _failed(message: object) -> typer.Exit:
    print(message, file=sys.stderr)
    return typer.Exit(1)
