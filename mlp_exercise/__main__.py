"""The command line: ``python -m mlp_exercise mark``, ``variant`` and ``notebooks``."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from mlp_reference import __version__

COMMANDS = {
    "mark": ("classroom", "mark notebooks that were handed in"),
    "variant": ("handout", "write the exercise with fresh numbers"),
    "notebooks": ("handout", "write every notebook, with and without solutions"),
}
"""The room of each command, with its `add_arguments` and `run`, and its purpose."""


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    try:
        return _main(sys.argv[1:] if words is None else words)
    except KeyboardInterrupt:
        return 130  # as shells do


def _main(words: Sequence[str]) -> int:
    if hasattr(sys.stdout, "reconfigure"):
        # A name may have letters that the console cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="python -m mlp_exercise",
        description="Hands out the exercise, and marks what learners hand in.",
    )
    version = f"mlp_exercise {__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, (room, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name in words[:1]:  # the modules of the others need not be imported
            implementation = import_module(f"mlp_exercise.{room}.command")
            implementation.add_arguments(command, name)
            command.set_defaults(run=implementation.run)
    arguments = parser.parse_args(words)
    if not words:
        parser.print_help()
        return 2
    return int(arguments.run(arguments))


def run() -> int:
    """Run the command that was typed, and return the exit status."""
    # A signal to end is treated as an interruption, so that children and files are tidied up.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    return main()


if __name__ == "__main__":
    sys.exit(run())
