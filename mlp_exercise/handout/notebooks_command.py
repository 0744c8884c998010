"""``python -m mlp_exercise notebooks``: all notebooks, for learners and for teachers."""

import argparse
from pathlib import Path

from mlp_exercise.handout.notebook import as_text, instructor, solved, student
from mlp_exercise.handout.source import names
from mlp_exercise.handout.variant_command import exit_status, write
from mlp_reference.worked_example import EXERCISE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description = (
        "Writes the notebook of every exercise into FOLDER, the solved ones into "
        "FOLDER/solved, and those for nbgrader into FOLDER/instructor/source."
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="created if it does not exist"
    )
    site = "address of the course's site, from which notebooks install the package"
    parser.add_argument("--site", default="", metavar="ADDRESS", help=site)
    force = "overwrite files that exist"
    parser.add_argument("--force", action="store_true", help=force)


def run(arguments: argparse.Namespace) -> int:
    """Write the notebooks, and return the exit status."""
    return exit_status(_all, arguments)


def _all(arguments: argparse.Namespace) -> str:
    folder: Path = arguments.folder
    texts = {
        target / f"{name}.ipynb": as_text(
            make(name, EXERCISE, base_address=arguments.site)
        )
        for name in names()
        for make, target in (
            (student, folder),
            (solved, folder / "solved"),
            (instructor, folder / "instructor" / "source" / name),
        )
    }
    write(texts, force=arguments.force)
    return f"{len(texts)} notebooks are in {folder}"
