"""Change one line at a time and list the changes that no test notices.

`python -m tests.mutants [ROOM...] [--size N] [--seed N]`, or `nox -s mutants`.
"""

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
SIZE = 150
SEED = 20


def main() -> int:
    """Measure rooms; the status is 0 where each of them reaches the goal."""
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
    shares = [measure(name, options) for name in options.rooms or ROOMS]
    return 0 if min(shares) >= GOAL else 1


def measure(name: str, options: argparse.Namespace) -> float:
    """Try a sample of a room's changes, report, and return the share that was noticed."""
    start = time.monotonic()
    by_file = sample(ROOMS[name], options)
    if not by_file:
        raise LookupError(
            f"nothing to change in {name} with {options.only!r} in its path"
        )
    with ProcessPoolExecutor(options.jobs, get_context("fork")) as workers:
        trials = [
            workers.submit(count_noticed, ROOMS[name].tests(file), file, changes)
            for file, changes in sorted(by_file.items(), key=lambda item: -len(item[1]))
        ]
        noticed = sum(done.result() for done in as_completed(trials))
    total = sum(map(len, by_file.values()))
    minutes = (time.monotonic() - start) / 60
    say(
        f"{name}: {noticed} of {total} changes were noticed, {noticed / total:.1%}; "
        f"expected {GOAL:.0%} ({minutes:.0f} minutes, seed {options.seed})\n"
    )
    return noticed / total


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


def count_noticed(tests: tuple[str, ...], file: str, changes: list[Change]) -> int:
    """Try changes of one module; show those that no test notices, and count the others."""
    with trial.copied() as copy:
        start = time.monotonic()
        if (status := copy.run(tests, limit=3600)) != 0:
            raise RuntimeError(
                f"{file} was not changed, and yet its tests end with {status}, "
                f"expected 0: pytest -x {' '.join(tests)}"
            )
        limit = trial.PATIENCE + 10 * (time.monotonic() - start)  # for endless loops
        noticed = 0
        for change in changes:
            copy.write(file, change.changed)
            if copy.run(tests, int(limit)) == 0:
                say(f"{change}\n")
            else:
                noticed += 1
        say(f"{file}: {noticed} of {len(changes)}\n")
        return noticed


def say(text: str) -> None:
    """Print at once, because the next line may take minutes."""
    print(text, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    sys.exit(main())
