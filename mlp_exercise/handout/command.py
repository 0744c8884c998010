"""``python -m mlp_exercise variant`` and ``notebooks``: notebooks for learners and teachers."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from mlp_exercise.handout.class_list import (
    HEAD,
    INDEX,
    assign,
    folder_of,
    index_of,
    read_names,
)
from mlp_exercise.handout.notebook import as_text, instructor, solved, student
from mlp_exercise.handout.site import address_of_site
from mlp_exercise.handout.source import names
from mlp_exercise.part1.variants import variant
from mlp_exercise.whole_files import whole
from mlp_reference.worked_example import EXERCISE

DRAWN = "ex1_01_pen_and_paper"
"""The exercise whose numbers can be drawn."""

FILE = f"{DRAWN}.ipynb"
"""The file name of its notebook, whatever the numbers."""


def add_arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of one of the two commands."""
    add = parser.add_argument
    site = "address of the course's site, from which notebooks install the package"
    add("--site", default="", metavar="ADDRESS", type=address_of_site, help=site)
    add("--force", action="store_true", help="overwrite files that exist")
    if command == "notebooks":
        parser.set_defaults(write=_notebooks)
        parser.description = (
            "Writes the notebook of every exercise into FOLDER, the solved ones into "
            "FOLDER/solved, and those for nbgrader into FOLDER/instructor/source."
        )
        add("folder", type=Path, metavar="FOLDER", help="created if it does not exist")
        return
    parser.set_defaults(write=_variant)
    parser.description = (
        f"Writes {FILE} with numbers drawn from a seed, or one notebook for each name of "
        "a class list. The same seed gives the same numbers everywhere."
    )
    add("seed", nargs="?", type=int, metavar="SEED", help="a whole number, 0 or more")
    add(
        "--class-list",
        type=Path,
        metavar="CSV",
        help="write a notebook for each name in this list",
    )
    where = f"the file to write (default: {FILE}); with --class-list, the folder"
    add("--output", type=Path, metavar="PATH", help=where)
    salt = "give the names of the class list other seeds, for instance next year"
    add("--salt", metavar="TEXT", help=salt)
    add("--solved", action="store_true", help="include solutions, for the teacher")


def run(arguments: argparse.Namespace) -> int:
    """Write the notebooks, say what was done or why nothing was, and return the exit status."""
    try:
        done = arguments.write(arguments)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"a file cannot be read or written: {error}\n")
        return 2
    sys.stdout.write(f"{done}\n")
    return 0


def _notebooks(arguments: argparse.Namespace) -> str:
    folder: Path = arguments.folder
    together = {*names()}
    with_lessons = together | {path.stem for path in folder.glob("*.ipynb")}
    texts = {
        target / f"{name}.ipynb": as_text(
            make(name, EXERCISE, base_address=arguments.site, beside=beside)
        )
        for name in names()
        for make, target, beside in (
            (student, folder, with_lessons),
            (solved, folder / "solved", together),
            (instructor, folder / "instructor" / "source" / name, ()),
        )
    }
    _write(texts, force=arguments.force)
    return f"{len(texts)} notebooks are in {folder}"


def _variant(arguments: argparse.Namespace) -> str:
    seed, class_list, output = arguments.seed, arguments.class_list, arguments.output

    def notebook(seed: int) -> str:
        make = solved if arguments.solved else student
        return as_text(make(DRAWN, variant(seed), seed, base_address=arguments.site))

    if class_list is None:
        if seed is None:
            raise ValueError("give a SEED, or a class list: --class-list names.csv")
        if arguments.salt is not None:
            raise ValueError("--salt goes with --class-list")
        path = output or Path("solved" if arguments.solved else "", FILE)
        path = path / FILE if path.is_dir() else path
        _write({path: notebook(seed)}, force=arguments.force)
        return str(path)
    if seed is not None:
        raise ValueError(
            "give either a SEED or --class-list; a class has a seed for each"
        )
    if output is None:
        raise ValueError("say where the notebooks go: --output FOLDER")
    seeds = assign(read_names(class_list.read_bytes()), arguments.salt or "")
    texts = {output / folder_of(n) / FILE: notebook(s) for n, s in seeds.items()}
    texts[output / INDEX] = index_of(seeds, FILE)
    _write(texts, force=arguments.force)
    return f"{len(seeds)} notebooks and {INDEX} are in {output}"


def _write(texts: Mapping[Path, str], *, force: bool) -> None:
    """Write all files or none, because a file that differs may be a learner's work.

    Each takes its place once all are complete; folders alone may be there before. An index that
    this command wrote is overwritten even without `force`.
    """
    changed, in_the_way = {}, []
    for path, text in texts.items():
        there = path.read_bytes() if path.is_file() else None
        if there == text.encode():
            continue
        changed[path] = text
        is_index = path.name == INDEX and (there or b"").startswith(HEAD.encode())
        if path.exists() and not is_index:
            in_the_way.append(path)
    if in_the_way and not force:
        some = ", ".join(map(str, in_the_way[:3])) + ", …" * (len(in_the_way) > 3)
        raise ValueError(
            f"{len(in_the_way)} of {len(texts)} files are there already and differ: "
            f"{some}; nothing was written, --force overwrites"
        )
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for path, text in changed.items():
            unfinished = stack.enter_context(whole(path))
            unfinished.write_text(text, "utf-8", newline="\n")
