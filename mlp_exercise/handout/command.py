"""``python -m mlp_exercise variant``: the exercise with fresh numbers, for one or for a class."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from mlp_exercise.handout.class_list import (
    INDEX,
    ClassListError,
    assign,
    index_of,
    read_names,
)
from mlp_exercise.handout.notebook import as_text, solved, student
from mlp_exercise.part1.variants import variant

EXERCISE = "ex1_01_pen_and_paper"
"""The exercise whose numbers can be drawn."""

FILE = f"{EXERCISE}.ipynb"
"""What its notebook is called, always."""


class Refused(Exception):  # noqa: N818 - a finding, as `StopIteration` is
    """What was asked for cannot or must not be done; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of this command.
    """
    parser.description = (
        f"Writes {FILE} with numbers drawn from a seed, or one notebook for each name of "
        "a class list. The same seed gives the same numbers everywhere."
    )
    add = parser.add_argument
    add("seed", nargs="?", type=int, metavar="SEED", help="a whole number, 0 or more")
    add("--class-list", type=Path, metavar="CSV", help="a notebook for each name in it")
    add(
        "--output",
        type=Path,
        metavar="PATH",
        help=f"the file to write, {FILE} unless said; with --class-list, the folder",
    )
    add(
        "--salt",
        metavar="TEXT",
        help="gives a class other seeds, next year for instance",
    )
    add("--solved", action="store_true", help="with solutions, for the teacher")
    add("--site", default="", metavar="ADDRESS", help="where the course's site is")
    add("--force", action="store_true", help="overwrite what is there")


def run(arguments: argparse.Namespace) -> int:
    """Write what was asked for.

    Parameters
    ----------
    arguments : Namespace
        As `add_arguments` describes them.

    Returns
    -------
    int
        0 if it was written; 2 if nothing was, and why stands on stderr.
    """
    try:
        done = _one(arguments) if arguments.class_list is None else _class(arguments)
    except (Refused, ClassListError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"a file cannot be read or written: {error}\n")
        return 2
    sys.stdout.write(f"{done}\n")
    return 0


def _one(arguments: argparse.Namespace) -> str:
    if arguments.seed is None:
        raise Refused("give a SEED, or a class list: --class-list names.csv")
    if arguments.salt is not None:
        raise Refused("--salt goes with --class-list")
    text = _notebook(arguments.seed, arguments)
    path = arguments.output or Path("solved" if arguments.solved else "") / FILE
    path = path / FILE if path.is_dir() else path
    if path.exists() and not arguments.force:
        raise Refused(f"{path} is there already; --force overwrites it")
    _write({path: text})
    return str(path)


def _class(arguments: argparse.Namespace) -> str:
    folder: Path | None = arguments.output
    if arguments.seed is not None:
        raise Refused("give either a SEED or --class-list; a class has a seed for each")
    if folder is None:
        raise Refused("say where the notebooks go: --output FOLDER")
    names = read_names(arguments.class_list.read_bytes())
    learners = assign(names, arguments.salt or "")
    texts = {
        folder / learner.folder / FILE: _notebook(learner.seed, arguments)
        for learner in learners
    }
    index = folder / INDEX
    index_text = index_of(learners, FILE)
    changed = {path: text for path, text in texts.items() if _differs(path, text)}
    in_the_way = [path for path in changed if path.exists()]
    if index.exists() and not _is_index(index):
        in_the_way.append(index)
    if in_the_way and not arguments.force:
        some = ", ".join(map(str, in_the_way[:3])) + ", …" * (len(in_the_way) > 3)
        raise Refused(
            f"{len(in_the_way)} of these files are there already and differ: {some}; "
            "nothing was written, --force overwrites them"
        )
    _write(changed | {index: index_text})
    return f"{len(texts)} notebooks and {INDEX} are in {folder}"


def _notebook(seed: int, arguments: argparse.Namespace) -> str:
    make = solved if arguments.solved else student
    return as_text(make(EXERCISE, variant(seed), seed, base_address=arguments.site))


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes() != text.encode()


def _is_index(path: Path) -> bool:
    return path.is_file() and path.read_bytes().startswith(b"name,seed,file\n")


def _write(texts: Mapping[Path, str]) -> None:
    """Write all files, or none if a folder cannot be made."""
    for folder in {path.parent for path in texts}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, "utf-8", newline="\n")
