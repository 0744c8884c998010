"""Sheets with anything wrong.

Ten thousand: ``python -m tests.mlp_exercise.classroom.gradebooks.malformed_sheets 10000``.

Whatever comes, filling does not fail, and changes nothing but cells of the people it names.
"""

import random
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from itertools import combinations_with_replacement
from pathlib import Path

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.gradebooks import gradebook
from mlp_exercise.classroom.gradebooks.roster import class_lists, in_class
from mlp_exercise.classroom.gradebooks.sheet import CsvFile, read
from mlp_exercise.classroom.standing import standings
from mlp_exercise.submission.mark import EXERCISES
from tests.mlp_exercise.classroom.gradebooks.sheets import SHEETS
from tests.mlp_exercise.classroom.test_tables import marked, unreadable

PEOPLE = (
    ("Ada Lovelace", "lovelaceada", "alovelace", 105, 4021, "20260001"),
    ("Max Müller", "müllermax", "mmueller", 106, 4023, "20260003"),
    ("Max Müller", "müllermax", "mmueller2", 107, 4025, "20260005"),
    ("Grace O'Hopper", "hoppergrace", "ghopper", 108, 4022, "20260002"),
    ("Eve", "eve", "eve", 109, 4029, "20260009"),
)
"""A name in full and squeezed, a login, and the numbers of Moodle, Canvas and a university."""

HOSTILE = (
    *("", " ", '"', '""', "=1+1", "\x00", "\x1b[2J", "\u202e", "a" * 5000, "1e9", "٣"),
    *(
        "Max Müller",
        "Ada",
        "9,5",
        "10.00",
        "Participant 105",
        "4021",
        "Points Possible",
    ),
    *("(read only)", "EX", "No", "total", "ex1_02", "name", "ID", "Identifier", "é\n"),
)

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-8", "utf-8-sig", "utf-16"),
    *("cp1252", "latin-1", "utf-16-be", "utf-32"),
)


def handed_in(chance: random.Random) -> list[Result]:
    """Return notebooks of some people; no two have the same points."""
    found = []
    for exercise in EXERCISES:
        for n, (name, squeezed, login, moodle, canvas, student) in enumerate(PEOPLE):
            folder = chance.choice(
                [
                    f"{exercise.name}/{name}_{moodle}_assignsubmission_file",
                    f"{squeezed}_{canvas}_991_{exercise.name}",
                    *(login, student, name),
                ]
            )
            file = f"class/{folder}.ipynb"
            if "/" not in folder and "_991_" not in folder:
                file = f"class/{folder}/{exercise.name}.ipynb"
            elif "/" in folder:
                file = f"class/{folder}/x.ipynb"
            if chance.random() < 0.1:
                found.append(unreadable(file))
            elif chance.random() < 0.8:
                found.append(marked(file, 0.25 + n, exercise))
    return found


def malformed(chance: random.Random) -> bytes:
    """Return a sheet with some things wrong with it."""
    content = chance.choice(list(SHEETS.values()))
    sheet = read(content)
    rows = [list(row) for row in sheet.rows]
    for _ in range(chance.choice([0, 1, 1, 2, 5, 20])):
        _change(rows, chance)
    delimiter = chance.choice([sheet.delimiter] * 9 + [",", ";", "\t", "|"])
    end = chance.choice(["\n", "\r\n", "\r"])
    text = end.join(
        delimiter.join(_quoted(cell, delimiter, chance) for cell in row) for row in rows
    )
    text += chance.choice([end, "", end * 3, " "])
    for _ in range(chance.choice([0] * 9 + [1, 3])):
        at = chance.randrange(len(text) + 1)
        text = (
            text[:at] + chance.choice(HOSTILE) + text[at + chance.choice([0, 0, 9]) :]
        )
    data = text.encode(chance.choice(ENCODINGS), errors="replace")
    for _ in range(chance.choice([0] * 9 + [1, 5])):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.choice([0, 1, 2])) + data[at + 1 :]
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.05 else data


def _change(rows: list[list[str]], chance: random.Random) -> None:
    """Make something wrong with rows or a column."""
    at = chance.randrange(len(rows))
    row = rows[at]
    what = chance.randrange(8)
    if what == 0 and len(rows) > 1:
        del rows[at]
    elif what == 1:
        rows.insert(chance.randrange(len(rows) + 1), list(row))
    elif what == 2:
        del row[chance.randrange(len(row) + 1) :]
    elif what == 3:
        row += [chance.choice(HOSTILE)] * chance.randrange(1, 4)
    elif what == 4 and row:
        row[chance.randrange(len(row))] = chance.choice(HOSTILE)
    elif what == 5:
        chance.shuffle(row)
    elif what == 6:
        column = chance.randrange(30)
        for each in rows:
            del each[column : column + 1]
    elif what == 7:
        other = chance.randrange(len(rows))
        rows[other], rows[at] = rows[at], rows[other]


def _quoted(cell: str, delimiter: str, chance: random.Random) -> str:
    needed = any(c in cell for c in (delimiter, '"', "\n", "\r"))
    if needed or chance.random() < 0.2:
        return cell if chance.random() < 0.01 else '"' + cell.replace('"', '""') + '"'
    return cell


def fields(sheet: CsvFile) -> list[str]:
    """Part text into cells as they stand and what is between them, one sign at a time."""
    parts, inside = [""], False
    for sign in sheet.text:
        if sign == '"' and (inside or parts[-1][:1] in ('"', "")):
            inside = not inside
        if not inside and sign in f"{sheet.delimiter}\r\n":
            parts += [sign, ""]
        else:
            parts[-1] += sign
    return parts


def filled(content: bytes, chance: random.Random, folder: Path) -> int:
    """Fill a sheet, be sure that nothing is wrong, and return the status."""
    file = folder / "sheet.csv"
    file.write_bytes(content)
    results = handed_in(chance)
    columns = chance.choice([[]] * 9 + [["Grade=ex1_02"], ["ex1_02=total"], ["x"]])
    scale = chance.random() < 0.2
    wrong = gradebook.check([str(file)], columns, scale=scale)
    assert all(line.isprintable() for line in wrong)
    classroom = standings(results)
    if chance.random() < 0.5:
        classroom = in_class(classroom, class_lists(None, [str(file)]))
    told = gradebook.fill(file, classroom, columns=columns, scale=scale)
    after = file.read_bytes()
    assert [*folder.iterdir()] == [file]
    if told.status == 2:
        assert after == content
        assert len(told.lines) == 1
        return 2
    before, now = read(content), read(after)
    assert (before.bom, before.encoding) == (now.bom, now.encoding)
    assert [len(row) for row in before.rows] == [len(row) for row in now.rows]
    old, new = fields(before), fields(now)
    assert len(old) == len(new)
    changed = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    for _, cell in changed:
        assert re.fullmatch(r'"\d+([.,]\d+)?"|\d+(\.\d+)?|\d+,\d+', cell), cell
    counted = re.search(r": (\d+) filled", told.lines[-1])
    assert counted
    assert len(changed) <= int(counted[1])  # the same number may be written otherwise
    if not scale:
        _belong(before, now)
    return told.status


def _belong(before: CsvFile, now: CsvFile) -> None:
    """Be sure that points stand in the rows of those whose they are."""
    for old, new in zip(before.rows, now.rows, strict=True):
        row = _plain(" ".join(old))
        for was, cell in zip(old, new, strict=True):
            if was == cell:
                continue
            cents = round(float(cell.replace(",", ".")) * 100)
            # Nothing tells namesakes apart who have handed in different exercises.
            owners = [
                one
                for one in PEOPLE
                for several in (1, 2, 3)
                for ns in combinations_with_replacement(range(len(PEOPLE)), several)
                if sum(25 + 100 * n for n in ns) == cents
                and {PEOPLE[n][0] for n in ns} == {one[0]}
            ]
            assert any(_is_theirs(row, one) for one in owners), (row, cell)


def _is_theirs(row: str, one: tuple[str, str, str, int, int, str]) -> bool:
    name, squeezed, *ids = (_plain(str(part)) for part in one)
    return (
        squeezed in row
        or any(each in row.split() for each in ids)
        or all(word in row for word in name.replace("'", "").split())
        or (name.split()[-1].startswith("o'") and "grace" in row)
    )


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(
        r"[,;#\"]", " ", "".join(c for c in parts if not unicodedata.combining(c))
    )


def run(seed: int) -> int:
    """Try one sheet."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        return filled(malformed(chance), chance, Path(folder))


if __name__ == "__main__":
    statuses: Counter[int] = Counter()
    for number in range(int(sys.argv[1])):
        try:
            statuses[run(number)] += 1
        except Exception:
            sys.stderr.write(f"seed {number}\n")
            raise
    sys.stdout.write(f"{statuses.total()} sheets, by status: {dict(statuses)}\n")
