"""A sheet is read as Python reads CSV, and written so that only the filled cells differ."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_exercise.classroom.gradebooks.sheet import (
    SheetError,
    has_decimal_commas,
    number,
    parsed,
    read,
    written,
)
from mlp_exercise.handout.class_list import DELIMITERS
from tests.mlp_exercise.classroom.gradebooks.sheets import SHEETS

RAW = st.text(alphabet='ab",;\t\r\n é', max_size=40)

ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])


def by_python(text: str, delimiter: str) -> list[list[str]] | None:
    """Return the rows of Python's reader, None where it refuses."""
    stream = io.StringIO(text, newline="")
    try:
        return list(csv.reader(stream, delimiter=delimiter, strict=True))
    except csv.Error:
        return None


@given(RAW, st.sampled_from(DELIMITERS))
def test_the_same_cells_are_found_as_by_python(text: str, delimiter: str) -> None:
    expected = by_python(text, delimiter)
    if expected is None:
        with pytest.raises(SheetError, match=r"a quote in line \d+ is broken"):
            parsed(text, delimiter)
    else:
        assert parsed(text, delimiter)[0] == expected


@given(RAW, ENCODINGS, st.data())
def test_only_what_is_filled_changes(
    text: str, encoding: str, data: st.DataObject
) -> None:
    content = f"a;b\n{text}".encode(encoding)
    try:
        sheet = read(content)
    except SheetError:
        return
    assert written(sheet, {}) == content
    rows = list(enumerate(sheet.rows))[1:]  # below the header
    places = [(at, n) for at, row in rows for n in range(len(row))]
    some = st.sets(st.sampled_from(places)) if places else st.just(set())
    filled = dict.fromkeys(data.draw(some), "9,5")
    after = read(written(sheet, filled))
    expected = [list(row) for row in sheet.rows]
    for at, n in filled:
        expected[at][n] = "9,5"
    assert [row for row in after.rows if row] == [row for row in expected if row]
    assert after.bom == sheet.bom


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_every_byte_outside_the_filled_cell_stays(sheet: bytes) -> None:
    was = read(sheet)
    for at, row in enumerate(was.rows):
        for n in range(len(row)):
            before, _, rest = written(was, {(at, n): "\x07"}).partition(
                "\x07".encode(was.encoding)
            )
            quote = '"'.encode(was.encoding)
            assert sheet.startswith(before)
            assert sheet.endswith(rest)
            cut = sheet[len(before) : len(sheet) - len(rest)]
            assert was.delimiter.encode(was.encoding) not in cut or before.endswith(
                quote
            )


@pytest.mark.parametrize(
    ("content", "delimiter", "rows"),
    [
        (b"", ",", []),
        (b"a;b,c;d\n", ";", [["a", "b,c", "d"]]),
        (b"\n\na\tb", "\t", [[], [], ["a", "b"]]),
        (b'"a;b;c;d",e,f\n', ",", [["a;b;c;d", "e", "f"]]),
        (b"sep=;\r\na,b;c\r\n", ";", [["a,b", "c"]]),
        (b'a,"b\r\n""c"""\r1,2\n', ",", [["a", 'b\r\n"c"'], ["1", "2"]]),
        ("Zoë,ö".encode("cp1252"), ",", [["Zoë", "ö"]]),
        (b"a\x81,b", ",", [["a\x81", "b"]]),  # no letter of cp1252
        (codecs.BOM_UTF16_BE + "ä,b".encode("utf-16-be"), ",", [["ä", "b"]]),
        ("ä,b".encode("utf-16-le"), ",", [["ä", "b"]]),
    ],
)
def test_files_of_every_kind_are_read(
    content: bytes, delimiter: str, rows: list[list[str]]
) -> None:
    sheet = read(content)
    assert (sheet.delimiter, sheet.rows) == (delimiter, rows)
    assert written(sheet, {}) == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04...", "an Excel workbook came; save it as CSV"),
        (b'a,b\n"c,d\n', "a quote in line 2 is broken"),
        (b'a,b\n"c"d,e\n', "a quote in line 2 is broken"),
        (b"a,b\nc\0d", "its bytes are no text"),
        (codecs.BOM_UTF8 + b"a,\xe9", "its bytes are no text"),
        (codecs.BOM_UTF16_LE + b"a", "its bytes are no text"),
        (codecs.BOM_UTF32_LE + "a,b".encode("utf-32-le"), "its bytes are no text"),
        (b"," * (64 * 2**20 + 1), "it is larger than 67,108,864 bytes"),
    ],
)
def test_what_is_no_certain_sheet_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SheetError, match=message):
        read(content)


def test_a_quoted_cell_stays_quoted_and_a_comma_gets_quotes_where_it_needs_them() -> (
    None
):
    sheet = read(b'a,b,c\n"",1,\n')
    assert written(sheet, {(1, 0): "5", (1, 2): "9,5"}) == b'a,b,c\n"5",1,"9,5"\n'
    assert written(read(b"a;b\n1;"), {(1, 1): "9,5"}) == b"a;b\n1;9,5"


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5.0), (" 5,50 ", 5.5), ("-1.25", -1.25), ("0", 0.0)]
    + [(text, None) for text in ("", "EX", "-", "1e3", "1,000.5", "٣", "nan", "5 %", "=5")],
)  # fmt: skip
def test_numbers_are_read_with_a_point_or_a_comma(
    text: str, value: float | None
) -> None:
    assert number(text) == value


def test_numbers_have_commas_as_most_of_a_sheet_has() -> None:
    assert has_decimal_commas(["9,5", "10", "7,25", "1.5"])
    assert not has_decimal_commas(["9,5", "1.5", "2.5"])
    assert not has_decimal_commas(["10", "1,000", "1,234", ""])
