"""What stands where in a sheet: who has which row, and which columns can take points."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlp_exercise.classroom.gradebooks.matching import Person, person
from mlp_exercise.classroom.gradebooks.sheet import CsvFile, SheetError, number

KEYS = {
    "name": (
        *("name", "fullname", "studentname", "learner", "student", "participant"),
        *("vollstandigername", "teilnehmer", "teilnehmerin", "studierende"),
        *("studierender", "lernende", "lernender", "namevorname", "nachnamevorname"),
    ),
    "first": ("firstname", "givenname", "forename", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname", "familienname"),
    "email": (
        *("email", "emailaddress", "mail", "emailadresse", "mailadresse"),
        *("universityemail", "studentemail"),
    ),
    "login": (
        *("login", "loginid", "sisloginid", "username", "user", "userid", "netid"),
        *("benutzername", "benutzer", "anmeldename", "kennung", "benutzerkennung"),
        *("nutzername", "githubusername"),
    ),
    "student": (
        *("studentnumber", "studentid", "studentno", "idnumber", "sid", "sisuserid"),
        *("orgdefinedid", "matriculationnumber", "matrikelnummer", "matrikelnr"),
        *("matrikel", "matrnr", "idnummer", "studierendennummer"),
    ),
    "id": ("id",),
}
"""What columns are headed that say who somebody is, in letters alone."""

CHANGEABLE = frozenset(
    ("yes", "ja", "oui", "sí", "si", "sim", "sì", "tak", "ano", "igen", "да", "так")
)

LOCKED = frozenset(
    ("no", "nein", "non", "não", "nee", "nej", "nie", "ne", "nem", "нет", "ні")
)
"""What stands in Moodle's column that says whether a grade can be changed."""

TEST_STUDENTS = frozenset({"student, test", "test student"})
"""Whom Canvas adds to a course, for its instructor."""

END = "End-of-Line Indicator"
"""The header of Brightspace's last column, which takes nothing."""

_IDENTIFIER = re.compile(r"([^\d\s][^\d]*?)\s+([0-9]{1,18})")
"""Moodle's name for a participant: a word of the site's language, and a number."""

_ASSIGNMENT = re.compile(r"\([0-9]+\)\s*$")
"""The number by which Canvas knows an assignment."""

_MAXIMUM = re.compile(r"\b(?:MaxPoints:|Total Pts: ?)([0-9]+(?:[.,][0-9]+)?)", re.I)
"""How Brightspace and Blackboard write the maximum into a header."""


class Column(NamedTuple):
    """A column that can take points."""

    position: int
    header: str
    maximum: float | None = None  # as the sheet says


class Layout(NamedTuple):
    """A sheet's people, and its columns."""

    platform: str  # moodle, canvas, brightspace, blackboard, or any
    rows: Sequence[int]  # of people
    people: Sequence[Person]  # in the same order
    columns: Sequence[Column]
    width: int  # cells of the header
    locked: frozenset[int] = frozenset()  # rows in which no points can be changed
    word: str = (
        ""  # Moodle's for a participant, in place of names where marking is blind
    )
    why: str = ""  # there is no column for points, though it is known where people are


def layout_of(sheet: CsvFile) -> Layout:
    """Recognise a sheet by its header, and by what stands below it."""
    filled = [n for n, row in enumerate(sheet.rows) if any(map(str.strip, row))]
    if not filled:
        raise SheetError("it is empty")
    header, below = [cell.strip() for cell in sheet.rows[filled[0]]], filled[1:]
    for recognise in (_canvas, _moodle, _any):
        if layout := recognise(sheet.rows, header, below):
            return layout
    raise SheetError(
        f"no column of it says who is who ({', '.join(filter(None, header))[:200]}); "
        "expected a header such as name, email, login or student number"
    )


def letters(header: str) -> str:
    """Return what a header is compared by."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(filter(str.isalpha, plain))


def _canvas(
    rows: Sequence[Sequence[str]], header: Sequence[str], below: Sequence[int]
) -> Layout | None:
    """Recognise the gradebook of Canvas, which has rows above the learners'."""
    split = header[:3] == ["LastName", "FirstName", "ID"]
    if not split and (header[:1] != ["Student"] or header[1:2] != ["ID"]):
        return None
    if "Section" not in header:
        return None
    # Its ID is a number of its own, and no other sheet's.
    keys = {kind: at for kind, at in _keys(header).items() if kind != "id"}
    key, first = (2 if split else 1), header.index("Section") + 1
    found: list[int] = []
    people: list[Person] = []
    maxima: Sequence[str] = ()
    for at in below:
        row = [_as_shown(cell.strip()) for cell in rows[at]]
        if len(row) <= key or not row[key]:
            maxima = row if row[0].startswith("Points Possible") else maxima
            continue
        name = f"{row[1]} {row[0]}" if split else row[0]
        if name.casefold() in TEST_STUDENTS:
            continue
        found.append(at)
        people.append(person(name, canvas=row[key], **_ids(row, keys)))
    columns = [
        Column(at, title, number(maximum))
        for at, title in enumerate(header)
        for maximum in [maxima[at] if at < len(maxima) else ""]
        if at >= first and _ASSIGNMENT.search(title) and maximum != "(read only)"
    ]
    return Layout("canvas", found, people, columns, len(header))


def _moodle(
    rows: Sequence[Sequence[str]], header: Sequence[str], below: Sequence[int]
) -> Layout | None:
    """Recognise Moodle's worksheet by its participants, since its header is translated."""
    first = letters(header[0])
    named = first == "identifier"
    if not below or (first in KEYS["name"] and _titled_grade(header) is None):
        return None
    identities = {at: _IDENTIFIER.fullmatch(rows[at][0].strip()) for at in below}
    found = {at: known for at, known in identities.items() if known}
    numbers = {known[2] for known in found.values()}
    if len({known[1] for known in found.values()}) != 1 or len(numbers) != len(found):
        return None
    if len(found) != len(below) and not named:
        return None
    keys = _keys(header)
    people = []
    for at, known in found.items():
        names = [*filter(None, _names(rows[at], keys))]
        one = person(*names, moodle=known[2], **_ids(rows[at], keys))
        people.append(one if names else one._replace(shown=known[0]))
    whole = [rows[at] for at in found if len(rows[at]) == len(header)]
    grade = _moodle_grade(header, whole)
    if grade is None and not named:
        return None
    position = -1 if grade is None else grade
    maxima = {number(row[position + 1]) for row in whole} if grade is not None else ()
    columns = [
        Column(position, header[position], maximum)
        for maximum in maxima
        if maximum and len(maxima) == 1
    ]
    why = "" if columns else "it has no maximum grade: let the assignment use points"
    locked = _locked(rows, found, header, position)
    word = next(iter(found.values()))[1]
    return Layout("moodle", [*found], people, columns, len(header), locked, word, why)


def _moodle_grade(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column of grades: its name is known, or each has its maximum to the right."""
    titled = _titled_grade(header)
    if titled is not None:
        return titled
    candidates = []
    for at in range(1, len(header) - 1):
        maxima = {number(row[at + 1]) for row in rows}
        highest = maxima.pop() if len(maxima) == 1 else None
        points = [number(row[at]) for row in rows if row[at].strip() not in ("", "-")]
        if highest and all(each is not None and each <= highest for each in points):
            candidates.append(at)
    return candidates[0] if len(candidates) == 1 else None


def _titled_grade(header: Sequence[str]) -> int | None:
    """Return the column of grades where headers are in English or German."""
    pairs = list(pairwise(map(letters, header)))
    known = (("grade", "maximumgrade"), ("bewertung", "bestwertung"))
    return next((pairs.index(pair) for pair in known if pair in pairs), None)


def _locked(
    rows: Sequence[Sequence[str]],
    people: Mapping[int, object],
    header: Sequence[str],
    grade: int,
) -> frozenset[int]:
    """Return the rows whose grade Moodle does not take, as the first yes or no says."""
    for at in range(grade + 1, len(header)) if grade >= 0 else ():
        said = {n: rows[n][at].strip().casefold() for n in people if at < len(rows[n])}
        if said and {*said.values()} <= CHANGEABLE | LOCKED:
            return frozenset(n for n, word in said.items() if word in LOCKED)
    return frozenset()


def _any(
    rows: Sequence[Sequence[str]], header: Sequence[str], below: Sequence[int]
) -> Layout | None:
    """Recognise any other sheet by the columns that say who is who."""
    keys = _keys(header)
    if not keys or not (set(keys) - {"first"}):
        return None
    found: list[int] = []
    people: list[Person] = []
    for at in below:
        row = [_as_shown(cell.strip()) for cell in rows[at]]
        one = person(*_names(row, keys), **_ids(row, keys))
        if one.names or one.ids:
            found.append(at)
            people.append(one)
    taken = {at for columns in keys.values() for at in columns}
    columns = []
    for at, title in enumerate(header):
        if title and at not in taken and title != END:
            most = _MAXIMUM.search(title)
            columns.append(Column(at, title, number(most[1]) if most else None))
    return Layout(_platform(header), found, people, columns, len(header))


def _platform(header: Sequence[str]) -> str:
    """Return whose sheet it is that says of itself who is who."""
    if END in header:
        return "brightspace"
    return "blackboard" if any("[Total Pts:" in title for title in header) else "any"


def _keys(header: Sequence[str]) -> dict[str, list[int]]:
    """Return the columns that say who somebody is, by kind."""
    titles = [letters(title) for title in header]
    found = {
        kind: [at for at, title in enumerate(titles) if title in KEYS[kind]]
        for kind in KEYS
    }
    if found["first"] and not found["last"]:  # as in Name;Vorname
        found["last"], found["name"] = found["name"], []
    return {kind: columns for kind, columns in found.items() if columns}


def _names(row: Sequence[str], keys: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the names in a row."""

    def held(kind: str) -> list[str]:
        return [row[at].strip() for at in keys.get(kind, ()) if at < len(row)]

    first, last = held("first"), held("last")
    both = " ".join([*first, *last]) if all([*first, *last]) else ""
    return [*held("name"), both]


def _ids(row: Sequence[str], keys: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Return the identities in a row."""
    return {
        kind: row[at]
        for kind in ("email", "login", "student", "id")
        for at in keys.get(kind, ())[:1]
        if at < len(row)
    }


def _as_shown(text: str) -> str:
    """Return what a formula shows by which a sheet keeps a text as it is."""
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text
