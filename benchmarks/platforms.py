"""What a course's platform gives its instructor: an archive, a gradebook and a class list.

Each is in the form that the platform's own source or other readers of it show.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.cohort import DUE, Learner, Paper
from mlp_exercise.submission.mark import EXERCISES

Entries = Iterator[tuple[str, bytes]]

ASSIGNMENT = "Gradients by hand"
"""Its name in the gradebooks."""

MAXIMUM = sum(exercise.max_points for exercise in EXERCISES)
"""What the assignment is worth in the gradebook."""


class Kit(NamedTuple):
    """The files that an instructor downloads for one group."""

    platform: str
    learners: Sequence[Learner]
    archive: Path
    gradebook: Path


def latest(papers: Sequence[Paper]) -> dict[str, list[Paper]]:
    """Return the papers of each part, the oldest first."""
    return {p.part: [q for q in papers if q.part == p.part] for p in papers}


def moodle(learners: Sequence[Learner]) -> tuple[Entries, str]:
    """Return the entries of Moodle's archive, and its grading worksheet."""

    def entries() -> Entries:
        for who in learners:
            for paper in who.papers:
                folder = f"{who.name}_{500_000 + who.number}_assignsubmission_file"
                yield f"{folder}/{paper.name}", paper.content

    def status(who: Learner) -> str:
        if not who.papers:
            return "No submission - Assignment is overdue by: 3 days"
        late = any(paper.when > DUE for paper in who.papers)
        return f"Submitted for grading{' - 2 hours 5 mins late' if late else ''}"

    head = "Identifier,Full name,Email address,Status,Grade,Maximum grade,"
    head += "Grade can be changed,Last modified (submission),"
    head += "Last modified (grade),Feedback comments"
    rows = (
        [
            *(f"Participant {500_000 + who.number}", who.name, _address(who)),
            *(status(who), "", f"{MAXIMUM:.2f}", "Yes"),
            max((f"{p.when:%A, %d %B %Y, %I:%M %p}" for p in who.papers), default="-"),
            *("-", ""),
        ]
        for who in learners
    )
    return entries(), "\N{ZERO WIDTH NO-BREAK SPACE}" + _table(head.split(","), rows)


def canvas(learners: Sequence[Learner]) -> tuple[Entries, str]:
    """Return the entries of Canvas's archive, and its gradebook."""

    def entries() -> Entries:
        file = 900_000
        for who in learners:
            name = re.sub(r"\W", "", f"{who.family}{who.given}".lower())
            late = any(paper.when > DUE for paper in who.papers)
            for paper in who.papers:
                file += 1
                mark = "_LATE" if late else ""
                yield (
                    f"{name}{mark}_{4000 + who.number}_{file}_{paper.name}",
                    (paper.content),
                )

    assignment = f"{ASSIGNMENT} (77)"
    head = ["Student", "ID", "SIS Login ID", "Section", assignment, "Final Score"]
    rows: list[list[object]] = [
        ["    Points Possible", "", "", "", f"{MAXIMUM:.2f}", "(read only)"],
        *(
            [
                *(f"{who.family}, {who.given}", 4000 + who.number, _address(who)),
                *("Group B", "", ""),
            ]
            for who in learners
        ),
        ["Student, Test", 4999, "test", "Group B", "", ""],
    ]
    return entries(), _table(head, rows)


def brightspace(learners: Sequence[Learner]) -> tuple[Entries, str]:
    """Return the entries of Brightspace's archive, and its export of grades."""

    def entries() -> Entries:
        yield "index.html", b"<!DOCTYPE html><title>Submissions</title>"
        for who in learners:
            for number, paper in enumerate(who.papers):
                when = f"{paper.when:%b} {paper.when.day}, {paper.when.year} "
                when += f"{int(f'{paper.when:%I}')}{paper.when:%M %p}"
                key = f"{70_000 + 10 * who.number + number}-640693"
                yield f"{key} - {who.name} - {when}/{paper.name}", paper.content

    item = f"{ASSIGNMENT} Points Grade <Numeric MaxPoints:{MAXIMUM:g}>"
    head = ["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]
    rows = (
        [
            *(f"#{10_000 + who.number}", f"#{_login(who)}", who.family, who.given),
            *(_address(who), "", "#"),
        ]
        for who in learners
    )
    return entries(), _table([*head, item, "End-of-Line Indicator"], rows)


PLATFORMS: Mapping[str, Callable[[Sequence[Learner]], tuple[Entries, str]]] = {
    "moodle": moodle,
    "canvas": canvas,
    "brightspace": brightspace,
}


def kits(learners: Sequence[Learner], folder: Path) -> list[Kit]:
    """Share a class among the platforms, and write what each gives.

    Parameters
    ----------
    learners : list of Learner
        The class.
    folder : Path
        Where the files go.

    Returns
    -------
    list of Kit
        One for each platform.
    """
    made = []
    for number, (name, write) in enumerate(PLATFORMS.items()):
        group = learners[number :: len(PLATFORMS)]
        entries, gradebook = write(group)
        kit = Kit(name, group, folder / f"{name}.zip", folder / f"{name}_grades.csv")
        _archive(kit.archive, entries)
        kit.gradebook.write_text(gradebook, "utf-8", newline="")
        made.append(kit)
    return made


def _archive(file: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    made = datetime(2026, 11, 24, 10, 0, tzinfo=UTC).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name, made), content, compress_type=8)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def _login(who: Learner) -> str:
    plain = unicodedata.normalize("NFKD", who.family).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^a-z]', '', plain.lower())}{who.number}"


def _address(who: Learner) -> str:
    return f"{_login(who)}@example.org"
