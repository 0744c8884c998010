"""A marking, from what was handed in to its report; what was marked is kept, whatever happens."""

import argparse
import os
import shlex
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, TextIO

from mlp_exercise.classroom import tables
from mlp_exercise.classroom.batches import identity, previous
from mlp_exercise.classroom.batches.batch import (
    Cores,
    Known,
    Marker,
    Result,
    mark_found,
)
from mlp_exercise.classroom.batches.cluster import Cluster
from mlp_exercise.classroom.batches.interruption import Interruption
from mlp_exercise.classroom.batches.record import without_expected
from mlp_exercise.classroom.collecting.collect import Handed, find
from mlp_exercise.classroom.files import opened
from mlp_exercise.classroom.gradebooks.roster import ClassList, in_class
from mlp_exercise.classroom.standing import Standing, marked, standings
from mlp_exercise.submission.mark import Settings

READER_GONE = 1
"""The exit status where nobody reads the report to its end, as in ``… | head``."""

FAILED = 2
"""The exit status where something could not be written."""


class Marking:
    """Notebooks that are marked as their report is written."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        settings: Settings,
        interruption: Interruption,
        lists: Sequence[ClassList] = (),
    ) -> None:
        self.results: list[Result] = []
        self._is_written = False
        self.is_whole = False  # whether all that was found has been marked
        self._arguments, self._interruption = arguments, interruption
        self._lists = lists  # of those who are in the class
        self._report = arguments.output  # where it can be found; None on the screen
        self._besides = {
            "marker": identity.marker(),
            "options": identity.options(settings),
        }
        self._previous: previous.Previous | None = None
        known: Known = lambda _: None  # noqa: E731 - it is what `Previous.known` would be
        if arguments.previous:
            expected = arguments.expected
            earlier = previous.read(arguments.previous, settings, expected=expected)
            self._previous, known = earlier, earlier.known
        with interruption.heard():
            found = [*find(*arguments.paths)]
            marker: Marker = Cores(settings, known)
            if arguments.cluster:
                marker = Cluster(arguments.cluster, settings, known, say)
        self._number = sum(isinstance(item, Handed) for item in found)
        of_each = mark_found(found, marker, interruption, known)
        self._coming = self._watched(of_each, len(found))

    def standing(self, results: Sequence[Result]) -> list[Standing]:
        """Return where each learner stands."""
        best = self._arguments.best
        return in_class(standings(results, best=best), self._lists, best=best)

    def write_report(self) -> int:
        """Mark and write down; return 0 or why there is no report."""
        output, begun = self._arguments.output, False
        try:
            with opened(output) as stream:
                begun = True
                self._write(self._coming, stream)
            self._is_written = True
            return 0
        except OSError as error:
            self._report = None
            if not begun:
                self._coming.close()
                say(f"The report cannot be written: {error}")
                return FAILED
            return (
                self._write_elsewhere(error) if output else self._write_nowhere(error)
            )

    def _write_elsewhere(self, error: OSError) -> int:
        """Show the report because there is no room for it in its file."""
        say(f"{self._arguments.output} cannot be written: {error}")
        self._finish()
        say("The report is shown instead.")
        try:
            with opened(None) as stream:
                self._write(self.results, stream)
            self._is_written = True
        except OSError as problem:
            self._write_nowhere(problem)
        return FAILED

    def _write_nowhere(self, error: OSError) -> int:
        """Go on without a report, if there is anything else to write."""
        # Nothing may be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if self.gives_back:
            self._finish()
        else:
            self._coming.close()
        if isinstance(error, BrokenPipeError):
            return READER_GONE
        say(f"The report cannot be written: {error}")
        return FAILED

    @property
    def gives_back(self) -> list[str]:
        """Return the options by which more than a report is written."""
        wanted = ("gradebook", "report", "feedback")
        return [f"--{name}" for name in wanted if getattr(self._arguments, name)]

    def how_to_go_on(self) -> str:
        """Say how far it came, and how to go on."""
        number = len(marked(self.results))
        if not (number and self._is_written):
            what = "the report was not written" if number else "no notebook was marked"
            kept = f"; {self._report} is as it was" if self._report else ""
            return f"{self._interruption.reason}: {what}{kept}."
        place = f"are in {self._report}" if self._report else "are in the report above"
        words = [
            f"{self._interruption.reason}: {number} of {self._number} notebooks were "
            f"marked; they {place}."
        ]
        can_go_on = (
            self._arguments.format == "json" and self._arguments.by == "notebook"
        )
        if can_go_on and self._report:
            words.append(f"Go on with --previous {shlex.quote(self._report)}.")
        elif can_go_on:
            words.append("Go on with --previous, if you have written it to a file.")
        else:
            words.append(
                "It is not possible to go on from this report: "
                "for that, mark with --format json --output FILE."
            )
        if self.gives_back:
            words.append(
                f"Nothing was written for {' and '.join(self.gives_back)}, "
                "because that needs every notebook."
            )
        return " ".join(words)

    def _write(self, results: Iterable[Result], stream: TextIO) -> None:
        arguments, compared = self._arguments, None
        if self._previous:  # what has changed is known when all is marked
            results = [*results]
            if not self._interruption.reason:
                compared = self._previous.compared(results)
        lines = [*compared.lines()] if compared else []

        def besides(result: Result) -> dict[str, Any]:
            return self._besides | (compared.of(result) if compared else {})

        tables.write(
            results,
            stream,
            arguments.format,
            arguments.by,
            expected=arguments.expected,
            standing=self.standing,
            besides=besides,
        )
        if arguments.format == "table" and lines:
            stream.writelines(f"{tables.printable(line)}\n" for line in ["", *lines])
        stream.flush()
        if arguments.format != "table":
            for line in lines:
                say(line)

    def _watched(
        self, results: Iterator[Result], number: int
    ) -> Generator[Result, None, None]:
        """Keep the results as they come, and show progress on a terminal."""
        silent = self._arguments.output or self._arguments.by == "learner"
        shown = sys.stderr.isatty() and (silent or not sys.stdout.isatty())
        for result in results:
            if (
                not self._arguments.expected
            ):  # nobody asks, as when one goes on from JSON
                result = without_expected(result)
            self.results.append(result)
            if shown:
                sys.stderr.write(f"\r{len(self.results)} of {number} notebooks")
                sys.stderr.flush()
            yield result
        sys.stderr.write("\n" if shown else "")
        self.is_whole = not self._interruption.reason
        if not self.is_whole and not marked(self.results):
            raise KeyboardInterrupt  # so nothing takes the place of an earlier report

    def _finish(self) -> None:
        for _ in self._coming:
            pass


def say(line: str) -> None:
    """Tell the instructor something that is not part of the report."""
    sys.stderr.write(f"{tables.printable(line)}\n")
