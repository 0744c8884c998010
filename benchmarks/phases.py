"""A build of the site as by `nox -s docs`, with the time of each phase.

Run ``python -m benchmarks.phases`` in a copy of the project, with the time at which the process
was started; the output is JSON.
"""

import json
import sys
import time
from itertools import pairwise

from sphinx.application import Sphinx

FIRST, LAST = 0, 10_000
"""Priorities of an event's handlers: before all others, and after all others."""

PHASES = (
    ("start Python and Sphinx", "config-inited", FIRST),
    ("set up the build", "builder-inited", FIRST),
    ("bring results up to date", "builder-inited", LAST),
    ("read pages", "env-updated", LAST),
    ("write pages", "build-finished", FIRST),
    ("write notebooks and wheel", "build-finished", LAST),
)
"""The event at which each phase ends, and the place among the event's handlers."""


class Watched(Sphinx):
    """Sphinx that records the times of its phases."""

    def preload_builder(self, name: str) -> None:
        """Connect the clock after all extensions."""
        super().preload_builder(name)
        self.ends: list[float] = []

        def note(*_: object) -> None:
            self.ends.append(time.time())

        for _, event, priority in PHASES:
            self.connect(event, note, priority)


def main() -> None:
    """Build the site, and print the seconds of each phase.

    Raises
    ------
    SystemExit
        If the build failed.
    """
    app = Watched(
        srcdir="docs",
        confdir="docs",
        outdir="docs/_build/html",
        doctreedir="docs/_build/doctrees",
        buildername="html",
        confoverrides={"nitpicky": True},
        status=None,
        warningiserror=True,
    )
    app.build()
    if app.statuscode or len(app.ends) != len(PHASES):
        raise SystemExit(f"the build ended with {app.statuscode}: {app.ends}")
    ends = [float(sys.argv[1]), *app.ends]
    seconds = [end - start for start, end in pairwise(ends)]
    names = [name for name, *_ in PHASES]
    sys.stdout.write(json.dumps(dict(zip(names, seconds, strict=True))))


if __name__ == "__main__":
    main()
