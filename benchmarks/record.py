"""Output of all benchmarks: rows in one JSON file, and a line with date and machine."""

import json
import os
import platform
import sys
from datetime import date
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parents[1] / "build" / "bench.json"


def publish(section: str, rows: list[dict[str, Any]], table: str) -> Path:
    """Print a table, write it where the command line says, and keep its rows.

    Parameters
    ----------
    section : str
        Its name.
    rows : list of dict
        What was measured.
    table : str
        The same as Markdown, for a page.

    Returns
    -------
    Path
        The file of the table.
    """
    target = Path(sys.argv[1])
    sys.stdout.write(table)
    target.write_text(table, "utf-8", newline="\n")
    save(section, rows)
    return target


def with_spread(middle: float, low: float, high: float) -> str:
    """Return a number as text, with half the distance between the quartiles.

    Parameters
    ----------
    middle, low, high : float
        The median and the quartiles.

    Returns
    -------
    str
        Such as ``12.05 ± 0.23``; the number alone where there is no spread.
    """
    if low == high:
        return f"{middle:g}"
    return f"{middle:.2f}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{(high - low) / 2:.2f}"


def ratio(row: dict[str, Any]) -> str:
    """Return how many times as fast a contender is, with the spread, as text.

    Parameters
    ----------
    row : dict
        With the fields of `benchmarks.timing.Timing`.

    Returns
    -------
    str
        Median and quartiles.
    """
    return with_spread(row["ratio"], row["ratio_low"], row["ratio_high"])


SPREAD = "± is half the width of the middle half of the rounds."


def save(section: str, rows: list[dict[str, Any]], record: Path = RECORD) -> None:
    """Put the rows of a section into the file, beside those of other sections.

    Parameters
    ----------
    section : str
        Its name.
    rows : list of dict
        What was measured.
    record : Path, optional
        The file, ``build/bench.json`` by default.
    """
    kept = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    record.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kept | {section: rows}, indent=1, ensure_ascii=False)
    record.write_text(text + "\n", "utf-8", newline="\n")


def where(section: str) -> str:
    """Return a sentence on when and where a section was measured.

    Parameters
    ----------
    section : str
        Its name.

    Returns
    -------
    str
        A sentence.
    """
    return (
        f"Measured by `nox -s bench -- {section}` on {date.today().isoformat()}, "
        f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores."
    )
