"""Change one line at a time and list the changes that no test notices.

`python -m tests.mutants [ROOM...] [--size N] [--seed N]`, or `nox -s mutants`.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import Synchronized
from typing import TypeAlias

from tests.mutants import trial
from tests.mutants.changes import Change, draw
from tests.mutants.rooms import GATES, ROOMS, ROOT, Room, equivalents

GOAL = 0.95
SIZE = 150
SEED = 20

Count: TypeAlias = "Synchronized[int]"


def main() -> int:
    """Measure rooms; the status is 0 where all that are gates, or named, reach the goal."""
    parser = argparse.ArgumentParser("nox -s mutants --", description=__doc__)
    parser.add_argument("rooms", nargs="*", help=f"of {', '.join(ROOMS)}; default: all")
    parser.add_argument("--size", type=int, default=SIZE, help="changes of each room")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another one draws others"
    )
    parser.add_argument("--only", default="", help="modules with this in their path")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="side by side")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no room {', '.join(unknown)}, expected {', '.join(ROOMS)}")
    trial.load_libraries()
    trial.clean_up_at_the_end()
    reached = {name: measure(name, options) for name in options.rooms or ROOMS}
    return 0 if all(reached[name] for name in options.rooms or GATES) else 1


def measure(name: str, options: argparse.Namespace) -> bool:
    """Try a sample of a room's changes, report, and return whether it reaches the goal."""
    start = time.monotonic()
    by_file = sample(ROOMS[name], options)
    if not by_file:
        raise LookupError(
            f"nothing to change in {name} with {options.only!r} in its path"
        )
    size = sum(map(len, by_file.values()))
    noticed = get_context("fork").Value("i", 0)
    tried = get_context("fork").Value("i", 0)
    waiting = [
        get_context("fork").Process(
            target=try_changes,
            name=file,
            args=(ROOMS[name].tests(file), changes, tried, noticed),
        )
        for file, changes in sorted(by_file.items(), key=lambda item: -len(item[1]))
    ]
    try:
        side_by_side(waiting, options.jobs)
    finally:
        share = float(noticed.value / max(1, tried.value))
        minutes = (time.monotonic() - start) / 60
        say(
            f"{name}: {noticed.value} of {tried.value} changes were noticed, {share:.1%}; "
            f"expected {GOAL:.0%} of {size} ({minutes:.0f} minutes, seed {options.seed})\n"
        )
    return tried.value == size and share >= GOAL


def side_by_side(waiting: list[ForkProcess], jobs: int) -> None:
    """Run processes, so many at a time; where this one is interrupted, end them."""
    running: list[ForkProcess] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(waiting.pop(0))
                running[-1].start()
            wait([process.sentinel for process in running])
            running = [process for process in running if process.is_alive()]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.join()


def sample(room: Room, options: argparse.Namespace) -> dict[str, list[Change]]:
    """Draw changes that tests can notice, by the modules that they are in."""
    files = {file: how for file, how in room.files().items() if options.only in file}
    known = {(entry.file, entry.before, entry.after) for entry in equivalents()}
    drawn = (
        change
        for change in draw(ROOT, files, options.seed)
        if (change.file, *change.lines) not in known
    )
    by_file: dict[str, list[Change]] = defaultdict(list)
    for change in islice(drawn, options.size):
        by_file[change.file].append(change)
    return by_file


def try_changes(
    tests: tuple[str, ...], changes: list[Change], tried: Count, noticed: Count
) -> None:
    """Try changes of one module, count them, and show those that no test notices."""
    trial.clean_up_at_the_end()
    file, start = changes[0].file, time.monotonic()
    with trial.copied() as copy:
        if (status := copy.run(tests, limit=600)) != 0:
            sys.exit(
                f"{file} was not changed, and yet its tests end with {status}, "
                f"expected 0: pytest -x {' '.join(tests)}"
            )
        limit = trial.PATIENCE + 4 * (time.monotonic() - start)  # for endless loops
        unnoticed = 0
        for change in changes:
            copy.write(file, change.changed)
            is_noticed = copy.run(tests, int(limit)) != 0
            for count in (tried, noticed) if is_noticed else (tried,):
                with count.get_lock():
                    count.value += 1
            if not is_noticed:
                unnoticed += 1
                say(f"{change}\n")
        seconds = time.monotonic() - start
        noticed_here = len(changes) - unnoticed
        say(f"{file}: {noticed_here} of {len(changes)} ({seconds:.0f} seconds)\n")


def say(text: str) -> None:
    """Print at once, because the next line may take minutes."""
    print(text, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
