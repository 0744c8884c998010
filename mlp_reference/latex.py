"""Numbers as LaTeX, so that a worked step on a page is written by the code that worked it out."""

from collections.abc import Sequence

# A scalar, a vector or a matrix.
Value = float | Sequence[float] | Sequence[Sequence[float]]


def equation(*parts: str | Value, digits: int = 4) -> str:
    r"""Write a worked step: ``equation(r"\mathbf{a} =", W1, x, "+", b1, "=", a)``.

    Parameters
    ----------
    *parts : str, float, sequence of float, or sequence of sequences of float
        Text is LaTeX and stays as it is. A vector becomes a column, a matrix a matrix.
    digits : int, optional
        Decimals of computed numbers; 4 unless said. This rounds for display only.
        Numbers with fewer decimals, such as given ones, are written as they are.

    Returns
    -------
    str
        LaTeX.
    """
    return " ".join(
        part if isinstance(part, str) else _value(part, digits) for part in parts
    )


def _value(value: Value, digits: int) -> str:
    if not isinstance(value, Sequence):
        return _number(value, digits)
    rows = [list(row) if isinstance(row, Sequence) else [row] for row in value]
    body = r" \\ ".join(" & ".join(_number(x, digits) for x in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _number(value: float, digits: int) -> str:
    exact = repr(float(value))
    short = "e" not in exact and len(exact.partition(".")[2]) < digits
    return exact if short else f"{value:.{digits}f}"
