"""What is typed into the worksheet is read, and rounded, as Python would."""

import random
import re
import unicodedata
from typing import Any

import numpy as np

from mlp_exercise.part1.boxes import decimals_of, half_unit
from mlp_exercise.signs import MINUS, with_ascii_signs
from mlp_exercise.values import plain
from tests.browser.course_modules import Modules

NUMBER = re.compile(
    r"[+-]?[ \t]*(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII
)
BLANKS = "\t\n\v\f\r\u2028\u2029\ufeff" + "".join(
    chr(n) for n in range(0x10000) if unicodedata.category(chr(n)) == "Zs"
)
PIECES = (
    *(*"0123456789.,+-−eE_ '\"\\xjp", "1", "0.", "e400", "e-400", "0x1f", "1_0", "inf"),
    *(
        "nan",
        "Infinity",
        "None",
        "٣",
        "½",
        "é",
        "∂",
        "\n",
        "\t",
        "\x00",
        "\x85",
        "\xad",
    ),
    *(*MINUS, *"０９．，＋ｅ", "- ", "\u00a0", "\u2009"),
    *("\u200b", "\u2028", "\ufeff", "\u3000", "\ud800", "\ue000", "\uffff", "😀"),
    *("\U000e0001", "\U0010ffff", "1" * 400),
)


def typed(text: str) -> Any:
    """Read what was typed as the worksheet should."""
    text = text.strip(BLANKS)
    number = with_ascii_signs(text)
    if NUMBER.fullmatch(number):
        return plain(float(re.sub(r"[ \t]", "", number)))
    return plain(text) if text else None


def texts(count: int) -> list[str]:
    """Mix all kinds of pieces; in every other text only those of numbers."""
    rng = random.Random(4)  # noqa: S311 - no secret
    kinds = (PIECES, "0123456789.+-−–０５．－eE \u00a0")
    return [
        "".join(rng.choices(kinds[n % 2], k=rng.randint(0, 6))) for n in range(count)
    ]


def test_what_is_typed_is_read_as_in_python(modules: Modules) -> None:
    examples = ["", " 0,32 ", "−1.5", "1e400", "5.", ".5", ".", "0x10", "1_000", "1e5"]
    examples += ["− 0.37", "–\u00a00.37", "－０．３７", "0，37", "1 - 2", "+-1"]
    # Python and a newer browser disagree on characters that Unicode has added since.
    known = [c for c in map(chr, range(0x3000)) if unicodedata.category(c) != "Cn"]
    cases = [*examples, *texts(20_000), *known]
    found = modules.run("answer.js", "module.numberOrText(each)", cases)
    assert found == [typed(case) for case in cases]
    assert sum(isinstance(each, float) for each in found) > 1000


def test_signs_are_written_as_in_python(modules: Modules) -> None:
    known = [c for c in map(chr, range(0x10000)) if unicodedata.category(c) != "Cn"]
    # Half a pair is no character, and what stands in quotes is left alone there.
    cases = [
        c for c in known if not "\ud800" <= c <= "\udfff" and c not in "'\"＂＇#＃"
    ]
    found = modules.run("answer.js", "module.withAsciiSigns(each)", cases)
    assert found == [with_ascii_signs(case) for case in cases]


def test_a_number_that_was_typed_is_the_number_python_reads(modules: Modules) -> None:
    rng = np.random.default_rng(5)
    numbers = rng.normal(0, 1, 1000) * 10.0 ** rng.integers(-300, 300, 1000)
    cases = [
        *map(repr, numbers.tolist()),
        *(f"{v:.2f}" for v in rng.normal(0, 2, 1000)),
    ]
    found = modules.run("answer.js", "module.numberOrText(each)", cases)
    assert found == [float(case) for case in cases]


def test_decimals_are_counted_as_in_python(modules: Modules) -> None:
    rng = np.random.default_rng(6)
    powers = [10.0**n for n in range(-30, 30)]
    rounded = [round(float(v), n) for n in range(17) for v in rng.normal(0, 1, 100)]
    cases = [0.0, *powers, *(1.5 * p for p in powers), *rounded, 5e-324, 1e308]
    program = "[module.decimalsOf(each), module.halfUnit(each)]"
    found = modules.run("answer.js", program, cases)
    assert found == [[decimals_of(value), half_unit(value)] for value in cases]


def test_megabytes_are_read(modules: Modules) -> None:
    cases = ["1" * 3_000_000 + "x", " " * 3_000_000 + "x", "0." + "1" * 3_000_000]
    read = modules.run("answer.js", "module.numberOrText(each)", cases)
    assert read[:2] == [plain("1" * 20), plain("x")]
    assert read[2] == float(cases[2])


def test_ends_of_intervals_are_rounded_as_in_python(modules: Modules) -> None:
    rng = np.random.default_rng(3)
    ties = [n / 64 for n in range(-1000, 1000)]
    values = [*ties, *rng.normal(0, 2, 2000).round(6).tolist(), 1e22, -1e-9, 0.0]
    cases = [[value, decimals] for value in values for decimals in (3, 4, 5)]
    found = modules.run("boxes.js", "module.round(...each)", cases)
    assert found == [round(value, decimals) for value, decimals in cases]
