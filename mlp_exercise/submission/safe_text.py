"""Text that learners have chosen a part of, made safe to show."""

import unicodedata
from typing import Any


def printable(text: str) -> str:
    """Replace what would move the cursor, end the line or cannot be encoded."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def cell(value: Any) -> Any:
    """Keep a spreadsheet from taking text for a formula."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    # Spreadsheets take the fullwidth forms ＝ ＋ － ＠ and the minus − for the plain ones,
    # and some begin a new cell behind a semicolon.
    parts = text.split(";")
    return ";".join(f"'{part}" if _is_formula(part) else part for part in parts)


def _is_formula(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).lstrip()
    return plain.startswith(("=", "+", "-", "@", "−"))
