"""What platforms write beside what was handed in: who it was, and when."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mlp_exercise.classroom.collecting.listing import Entry, Parts
from mlp_exercise.classroom.collecting.platforms import Named, moment
from mlp_exercise.submission.notebook import NotMarked

GRADESCOPE, NBGRADER = "submission_metadata.yml", "timestamp.txt"
"""What these files are called."""

LONGEST = 2**24
"""Characters that are read of such a file: Gradescope's is one for the whole class."""


LONGEST_VALUE = 200
"""Characters of a name, or the like."""


ATTEMPT = re.compile(r"(.+?_attempt_\d{4}(?:-\d\d){5})(\.txt$|_)")
"""What names of files from Blackboard begin with, and whether it is what Blackboard wrote."""


class Submitter(NamedTuple):
    """Somebody who handed in."""

    name: str = ""
    login: str = ""
    student: str = ""
    email: str = ""


class Submission(NamedTuple):
    """What is told of one submission."""

    submitters: tuple[Submitter, ...] = ()
    when: datetime | None = None

    def of(self, name: Named) -> Named:
        """Return a platform's name with what is told beside it."""
        known = name._replace(when=self.when or name.when)
        names = [who.name for who in self.submitters if who.name]
        if not names:
            return known
        if len(self.submitters) > 1:  # ids are of one learner, work is of all
            return known._replace(name=", ".join(names), ids={})
        own = {key: text for key, text in self.submitters[0]._asdict().items() if text}
        return known._replace(name=own.pop("name"), ids={**name.ids, **own})


_LINE = re.compile(r"( *)(- )?:?(\w[\w.]*):(?: (.*))?")
"""A key of YAML, as Ruby writes it, and its value."""


def gradescope(text: str) -> dict[str, Submission]:
    """Return who handed in each folder, and when.

    These are a few keys of a file in YAML, each on a line of its own; all else is passed over.
    """
    found: dict[str, Submission] = {}
    key, inside = "", False
    for line in text[:LONGEST].split("\n"):  # other ends of lines may stand in a value
        if not (known := _LINE.fullmatch(line.rstrip("\r"))):
            continue
        indent, item, name, value = known.groups()
        if not indent and not item:
            key, inside = name, False
            found[key] = Submission()
        elif not key:
            continue
        elif len(indent) == 2 and not item:
            inside = name == "submitters"
            if name == "created_at":
                found[key] = found[key]._replace(when=_with_zone(_plain(value)))
        elif inside and len(indent) <= 4:
            people = [*found[key].submitters]
            people += [Submitter()] if item else []
            field = {"sid": "student"}.get(name, name)
            if people and field in ("name", "student", "email"):
                people[-1] = people[-1]._replace(**{field: _plain(value)})
            found[key] = found[key]._replace(submitters=tuple(people))
    return {key: one for key, one in found.items() if one != Submission()}


def blackboard(text: str) -> Submission:
    """Return who handed in: the first line is "Name: Ada Lovelace (alovelace)"."""
    first = text.lstrip("\ufeff").partition("\n")[0].strip()
    known = re.fullmatch(r"[^:]{1,20}: ?(.{1,200}) \(([^()\s]{1,100})\)", first)
    who = Submitter(known[1].strip(), known[2]) if known else Submitter()
    return Submission((who,))


def nbgrader(text: str) -> Submission:
    """Return when a submission was collected: date, time and zone on one line."""
    return Submission(when=_with_zone(text.strip()[:LONGEST_VALUE]))


def _with_zone(text: str) -> datetime | None:
    """Return a time, in the zone that is named behind it."""
    when = moment(text)
    zone = re.fullmatch(r"\S+[ T][\d:.]+ ?(\S*)", text.strip())
    if not when or not zone:
        return when
    with suppress(ValueError, OverflowError):  # as it is written elsewhere
        offset = datetime.strptime(zone[1], "%z").tzinfo
        return when.replace(tzinfo=offset).astimezone(UTC)
    # A zone may be unknown on this machine, or a path that leads out of their folder.
    with suppress(ValueError, OverflowError, OSError, KeyError):
        return when.replace(tzinfo=ZoneInfo(zone[1])).astimezone(UTC)
    return when


def _plain(value: str | None) -> str:
    """Return a value of YAML that is plain or in quotes; there is none in other kinds."""
    text = (value or "").strip()[:LONGEST_VALUE]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", _escaped, text[1:-1])
    return "" if text in ("~", "null") or text[:1] in tuple("!&*|>[{'\"") else text


def _escaped(found: re.Match[str]) -> str:
    code = found[1]
    if not code[1:]:
        return " " if code in "nrt" else code
    letter = chr(int(code[1:], 16))
    return letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def told(
    entries: list[Entry], places: set[Parts]
) -> Iterator[tuple[tuple[str, Parts], Submission]]:
    """Yield what platforms tell beside their names: of which platform, of what, and that.

    Gradescope tells of a whole class, so that is read beside learners' folders alone.
    """
    for entry in entries:
        *above, file = entry.parts
        folder = tuple(above)
        attempt = ATTEMPT.match(file)
        if attempt and attempt[2] != "_":
            of_one = blackboard(_text(entry))
            yield ("blackboard", (*folder, attempt[1])), of_one
        elif file == NBGRADER:
            yield ("nbgrader", folder), nbgrader(_text(entry))
        elif file == GRADESCOPE and folder in places:
            for name, submission in gradescope(_text(entry)).items():
                yield ("gradescope", (*folder, name)), submission


def _text(entry: Entry) -> str:
    try:
        return entry.content().decode("utf-8", "replace")
    except NotMarked:
        return ""


def key_of(name: Named, parts: Parts, at: int) -> Parts:
    """Return of what a platform tells something, where its name stands at this part."""
    if name.platform == "blackboard" and at >= 0:
        attempt = ATTEMPT.match(parts[at])
        return (*parts[:at], attempt[1]) if attempt else ()
    assignment = name.platform == "nbgrader"
    return parts[: max(0, at + 1 + assignment)]
