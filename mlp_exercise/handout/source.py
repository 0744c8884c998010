"""Find the text of an exercise: where it is written, or where a wheel has packed it."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from mlp_exercise.handout.cells import Source
from mlp_exercise.handout.reader import read


def names() -> list[str]:
    """List the exercises.

    Returns
    -------
    list of str
        Sorted.
    """
    found = [path.name for path in _folder().iterdir()]
    return sorted(
        name.removesuffix(".md")
        for name in found
        if re.fullmatch(r"ex\d+_\w+\.md", name)
    )


def load(name: str, folder: Path | None = None) -> Source:
    """Find the text of an exercise and read it.

    Parameters
    ----------
    name : str
        Name of the exercise.
    folder : Path, optional
        Where its text lies; unless said, in the installed package or in a checkout.

    Returns
    -------
    Source
        The exercise.

    Raises
    ------
    FileNotFoundError
        If there is no such text.
    SourceError
        If it cannot be understood.
    """
    path = (folder or _folder()) / f"{name}.md"
    if not path.is_file():
        raise FileNotFoundError(f"there is no exercise {name}: {path} does not exist")
    return read(path.read_text("utf-8"), name)


def _folder() -> Traversable:
    """Find the texts: beside this module in a wheel, where they are written in a checkout."""
    packed = files(__package__) / "sources"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "tutorials_src"
