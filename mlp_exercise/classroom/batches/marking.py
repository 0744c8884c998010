"""A marking, from what was handed in to its report; what was marked is kept, whatever happens."""

import argparse
import shlex
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from mlp_exercise.classroom import tables
from mlp_exercise.classroom.batches import identity, previous
from mlp_exercise.classroom.batches.batch import (
    Cores,
    Known,
    Marker,
    Result,
    mark_found,
    unforeseen,
)
from mlp_exercise.classroom.batches.cluster import Cluster
from mlp_exercise.classroom.batches.interruption import Interruption
from mlp_exercise.classroom.batches.record import without_expected
from mlp_exercise.classroom.collecting.collect import Handed, find
from mlp_exercise.classroom.files import opened
from mlp_exercise.classroom.gradebooks.roster import ClassList, in_class
from mlp_exercise.classroom.screen import say, show, silence
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
        self.given: list[str] = []  # what was written of all that `gives_back`
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
        of_each = mark_found(found, marker, interruption)
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
        except Exception as error:  # whatever it is, more may be asked for
            self._report = None
            if not begun:
                self._coming.close()
                say(f"The report cannot be written: {reason_of(error)}")
                return FAILED
            return (
                self._write_elsewhere(error) if output else self._write_nowhere(error)
            )

    def _write_elsewhere(self, error: Exception) -> int:
        """Show the report because it cannot be written into its file."""
        say(f"{self._arguments.output} cannot be written: {reason_of(error)}")
        self._finish()
        say("The report is shown instead.")
        try:
            with opened(None) as stream:
                self._write(self.results, stream)
            self._is_written = True
        except Exception as problem:
            self._write_nowhere(problem)
        return FAILED

    def _write_nowhere(self, error: Exception) -> int:
        """Go on without a report, if there is anything else to write."""
        silence(sys.stdout)
        if self.gives_back:
            self._finish()
        else:
            self._coming.close()
        if isinstance(error, BrokenPipeError):
            return READER_GONE
        say(f"The report cannot be written: {reason_of(error)}")
        return FAILED

    @property
    def gives_back(self) -> list[str]:
        """Return what is written besides, as it was asked for."""
        arguments = self._arguments
        wanted = [("gradebook", sheet) for sheet in arguments.gradebook]
        wanted += [("report", arguments.report), ("feedback", arguments.feedback)]
        return [f"--{option} {file}" for option, file in wanted if file]

    @property
    def resumes(self) -> str:
        """Return the option by which nothing is marked again; empty if there is none."""
        if not (self._is_written and self._report and self._is_json):
            return ""
        return f"--previous {shlex.quote(self._report)}"

    @property
    def _is_json(self) -> bool:
        return (self._arguments.format, self._arguments.by) == ("json", "notebook")

    def how_to_go_on(self) -> str:
        """Say how far it came, and how to go on."""
        return " ".join([*self._of_the_report(), *self._of_the_rest()])

    def _of_the_report(self) -> Iterator[str]:
        number, report = len(marked(self.results)), self._report
        reason = self._interruption.reason
        if not (number and self._is_written):
            what = "the report was not written" if number else "no notebook was marked"
            kept = (
                f"; {report} is as it was" if report and Path(report).exists() else ""
            )
            yield f"{reason}: {what}{kept}."
            return
        place = f"are in {report}" if report else "are in the report above"
        yield f"{reason}: {number} of {self._number} notebooks were marked; they {place}."
        if self.resumes:
            yield f"Go on with {self.resumes}."
        elif self._is_json:
            yield "Go on with --previous, if you have written it to a file."
        else:
            yield (
                "It is not possible to go on from this report: "
                "for that, mark with --format json --output FILE."
            )

    def _of_the_rest(self) -> Iterator[str]:
        rest = [each for each in self.gives_back if each not in self.given]
        if self.given:
            yield f"Written: {', '.join(self.given)}."
        if rest and self.is_whole:
            yield f"Not written, or not all of it: {', '.join(rest)}."
        elif rest:
            because = "because that needs every notebook"
            yield f"Nothing was written for {' and '.join(rest)}, {because}."

    def _write(self, results: Iterable[Result], stream: TextIO) -> None:
        arguments, compared = self._arguments, None
        if self._previous:  # what has changed is known when all is marked
            results = [*results]
            if not self._interruption.reason:
                compared = self._previous.compared(results, self.standing)
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
                show(f"\r{len(self.results)} of {number} notebooks")
            yield result
        show("\n" if shown else "")
        self.is_whole = not self._interruption.reason
        if not self.is_whole and not marked(self.results):
            raise KeyboardInterrupt  # so nothing takes the place of an earlier report

    def _finish(self) -> None:
        for _ in self._coming:
            pass


def reason_of(error: Exception) -> str:
    """Return why something cannot be written, where nobody foresaw it too."""
    return str(error) if isinstance(error, OSError) else unforeseen(error)
