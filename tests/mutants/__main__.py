"""Change one line at a time and see whether a test notices; `nox -s mutants` runs it."""

import argparse
import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice
from multiprocessing import get_context

from tests.mutants import trial
from tests.mutants.changes import Change, draw
from tests.mutants.rooms import ROOMS, ROOT, Room, equivalents

GOAL = 0.95
SIZE = 200
SEED = 20


def main() -> int:
    """Measure rooms; the status says whether each of them reaches the goal."""
    parser = argparse.ArgumentParser(prog="nox -s mutants --", description=__doc__)
    parser.add_argument("rooms", nargs="*", choices=[*ROOMS, []], help="default: all")
    parser.add_argument("--size", type=int, default=SIZE, help="changes of each room")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another one draws others"
    )
    parser.add_argument(
        "--only", default="", help="only modules with this in their path"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    trial.load_libraries()
    reached = [measure(name, options) >= GOAL for name in options.rooms or ROOMS]
    return 0 if all(reached) else 1


def measure(name: str, options: argparse.Namespace) -> float:
    """Try a sample of a room's changes, report, and return the share that was noticed."""
    room, start = ROOMS[name], time.monotonic()
    files = {file: how for file, how in room.files().items() if options.only in file}
    known = {(entry.file, entry.before, entry.after) for entry in equivalents()}
    drawn = (
        c for c in draw(ROOT, files, options.seed) if (c.file, *c.lines) not in known
    )
    by_file: dict[str, list[Change]] = defaultdict(list)
    for change in islice(drawn, options.size):
        by_file[change.file].append(change)
    noticed = total = 0
    with ProcessPoolExecutor(options.jobs, get_context("fork")) as workers:
        trials = [
            workers.submit(unnoticed, room, file, changes)
            for file, changes in sorted(by_file.items(), key=lambda item: -len(item[1]))
        ]
        for done in as_completed(trials):
            tried, left = done.result()
            total, noticed = total + tried, noticed + tried - len(left)
            print(*(f"\n{change}" for change in left), sep="\n", end="", flush=True)
    share = noticed / total
    minutes = (time.monotonic() - start) / 60
    print(f"\n\n{name}: {noticed} of {total} changes noticed, {share:.1%}", end="")
    print(f" ({minutes:.0f} minutes, seed {options.seed})", flush=True)
    return share


def unnoticed(room: Room, file: str, changes: list[Change]) -> tuple[int, list[Change]]:
    """Try changes of one module; return how many were tried, and which no test noticed."""
    tests = room.tests(file)
    if not tests:
        raise LookupError(f"{file} has no tests: name some in tests/mutants/rooms.py")
    with trial.copied() as copy:
        start = time.monotonic()
        status = copy.run(tests, 3600)
        if status != 0:
            raise RuntimeError(
                f"without any change, pytest {' '.join(tests)} ends with {status}"
            )
        limit = trial.PATIENCE + 10 * (time.monotonic() - start)  # for endless loops
        left = []
        for change in changes:
            copy.write(file, change.changed)
            if copy.run(tests, limit) == 0:
                left.append(change)
        return len(changes), left


if __name__ == "__main__":
    sys.exit(main())
