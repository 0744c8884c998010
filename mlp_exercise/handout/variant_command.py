"""``python -m mlp_exercise variant``: the exercise with fresh numbers, for one or for a class."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlp_exercise.handout.class_list import HEAD, INDEX, assign, index_of, read_names
from mlp_exercise.handout.notebook import as_text, solved, student
from mlp_exercise.part1.variants import variant

EXERCISE = "ex1_01_pen_and_paper"
"""The exercise whose numbers can be drawn."""

FILE = f"{EXERCISE}.ipynb"
"""The file name of its notebook, whatever the numbers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = (
        f"Writes {FILE} with numbers drawn from a seed, or one notebook for each name of "
        "a class list. The same seed gives the same numbers everywhere."
    )
    add = parser.add_argument
    add("seed", nargs="?", type=int, metavar="SEED", help="a whole number, 0 or more")
    names = "write a notebook for each name in this list"
    add("--class-list", type=Path, metavar="CSV", help=names)
    where = f"the file to write (default: {FILE}); with --class-list, the folder"
    add("--output", type=Path, metavar="PATH", help=where)
    salt = "give the names of the class list other seeds, for instance next year"
    add("--salt", metavar="TEXT", help=salt)
    add("--solved", action="store_true", help="include solutions, for the teacher")
    site = "address of the course's site, from which notebooks install the package"
    add("--site", default="", metavar="ADDRESS", help=site)
    add("--force", action="store_true", help="overwrite files that exist")


def run(arguments: argparse.Namespace) -> int:
    """Write the notebooks that were asked for, and return the exit status."""
    return exit_status(_one if arguments.class_list is None else _class, arguments)


def exit_status(
    command: Callable[[argparse.Namespace], str], arguments: argparse.Namespace
) -> int:
    """Run a command, print what it did or why it failed, and return the exit status."""
    try:
        done = command(arguments)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"a file cannot be read or written: {error}\n")
        return 2
    sys.stdout.write(f"{done}\n")
    return 0


def write(texts: Mapping[Path, str], *, force: bool, own: Sequence[Path] = ()) -> None:
    """Write all files or none, because a file that differs may be a learner's work.

    The files in `own` may be overwritten even without `force`.
    """
    changed = {
        path: text
        for path, text in texts.items()
        if not path.is_file() or path.read_bytes() != text.encode()
    }
    in_the_way = [path for path in changed if path.exists() and path not in own]
    if in_the_way and not force:
        some = ", ".join(map(str, in_the_way[:3])) + ", …" * (len(in_the_way) > 3)
        raise ValueError(
            f"{len(in_the_way)} of {len(texts)} files are there already and differ: "
            f"{some}; nothing was written, --force overwrites"
        )
    for folder in {path.parent for path in changed}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, text in changed.items():
        path.write_text(text, "utf-8", newline="\n")


def _one(arguments: argparse.Namespace) -> str:
    if arguments.seed is None:
        raise ValueError("give a SEED, or a class list: --class-list names.csv")
    if arguments.salt is not None:
        raise ValueError("--salt goes with --class-list")
    path = arguments.output or Path("solved" if arguments.solved else "", FILE)
    path = path / FILE if path.is_dir() else path
    write({path: _notebook(arguments.seed, arguments)}, force=arguments.force)
    return str(path)


def _class(arguments: argparse.Namespace) -> str:
    folder: Path | None = arguments.output
    if arguments.seed is not None:
        raise ValueError(
            "give either a SEED or --class-list; a class has a seed for each"
        )
    if folder is None:
        raise ValueError("say where the notebooks go: --output FOLDER")
    names = read_names(arguments.class_list.read_bytes())
    learners = assign(names, arguments.salt or "")
    texts = {
        folder / learner.folder / FILE: _notebook(learner.seed, arguments)
        for learner in learners
    }
    index = folder / INDEX
    is_own = index.is_file() and index.read_bytes().startswith(HEAD.encode())
    texts[index] = index_of(learners, FILE)
    write(texts, force=arguments.force, own=[index] * is_own)
    return f"{len(learners)} notebooks and {INDEX} are in {folder}"


def _notebook(seed: int, arguments: argparse.Namespace) -> str:
    make = solved if arguments.solved else student
    return as_text(make(EXERCISE, variant(seed), seed, base_address=arguments.site))
