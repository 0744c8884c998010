"""What is wrong with a command, as far as it can be known before anything is marked."""

import argparse
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from mlp_exercise.classroom.gradebooks import gradebook
from mlp_exercise.whole_files import is_device

NEEDS = {
    "annotate": ("feedback",),
    "scale": ("gradebook",),
    "site": ("feedback", "report"),
}
"""Options that say how something is written, and what."""

HANDED_IN = {".ipynb": "a notebook", ".zip": "an archive"}
"""What is never overwritten, by the end of its name."""


class _File(NamedTuple):
    """A file or folder that the command names."""

    option: str  # empty for what is to be marked
    name: str
    is_written: bool = False

    def __str__(self) -> str:
        return f"{self.option or 'PATH'} {self.name}"


def problems(arguments: argparse.Namespace) -> Iterator[str]:
    """Say what is wrong, if anything is."""
    for option, needed in NEEDS.items():
        if getattr(arguments, option) and not any(
            getattr(arguments, each) for each in needed
        ):
            yield f"--{option} needs {' or '.join(f'--{each}' for each in needed)}."
    named = [*_named(arguments)]
    for file in named:
        if file.is_written and (why := _why_not(file)):
            yield f"{file} cannot be written: {why}."
    for one, other in combinations(named, 2):
        if not _may_be_one(one, other) and _place(one.name) == _place(other.name):
            yield f"{one} and {other} are the same: each needs its own."
    sheets, columns = arguments.gradebook, arguments.column
    yield from gradebook.check(sheets, columns, scale=arguments.scale)


def _named(arguments: argparse.Namespace) -> Iterator[_File]:
    for path in arguments.paths:
        yield _File("", path)
    for option in ("class_list", "previous"):
        if name := getattr(arguments, option):
            yield _File(f"--{option.replace('_', '-')}", name)
    for sheet in arguments.gradebook:
        yield _File("--gradebook", sheet, is_written=True)
    for option in ("output", "report", "feedback"):
        if name := getattr(arguments, option):
            yield _File(f"--{option}", name, is_written=True)


def _may_be_one(one: _File, other: _File) -> bool:
    """Say whether two may be the same file, as none overwrites what the other needs."""
    options = {one.option, other.option}
    return (
        not (one.is_written or other.is_written)
        or options == {"--class-list", "--gradebook"}
        or options == {"--previous", "--output"}
    )


def _place(name: str) -> object:
    """Return what two names have in common that lead to the same file."""
    with suppress(OSError):
        if is_device(Path(name)):
            return object()  # it can be written again and again
        found = Path(name).stat()
        return found.st_dev, found.st_ino
    return os.path.normcase(os.path.realpath(name))


def _why_not(file: _File) -> str:
    """Return why a file cannot be written; empty if it can, as far as one can see."""
    path = Path(os.path.realpath(file.name))
    try:
        if file.option == "--feedback":
            while not path.exists():
                path = path.parent
            return _no_room(path)
        if is_device(Path(file.name)):  # what it leads to may have no name
            return ""
        if path.is_dir():
            return "it is a folder"
        if what := HANDED_IN.get(path.suffix.lower()):
            return f"that is the name of {what}"
        if path.exists() and not os.access(path, os.W_OK):
            return "it is read-only"
        return _no_room(path.parent)
    except OSError as error:
        return str(error)


def _no_room(folder: Path) -> str:
    if not folder.is_dir():
        return f"{folder} is no folder that is there"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"nothing can be written in the folder {folder}"
    return ""
