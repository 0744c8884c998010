"""Numbers as LaTeX, so that a worked step on a page is written by the code that worked it out."""

from collections.abc import Sequence

Value = float | Sequence[float] | Sequence[Sequence[float]]
"""A scalar, a vector or a matrix."""


def latex(value: Value, digits: int = 4) -> str:
    r"""Write a scalar as a number, a vector as a column, a matrix as a matrix.

    Parameters
    ----------
    value : float, sequence of float, or sequence of sequences of float
        What to write.
    digits : int, optional
        Decimals; 4 unless said. This rounds for display only.

    Returns
    -------
    str
        LaTeX, such as ``\begin{bmatrix} 0.3000 \\ 0.2400 \end{bmatrix}``.
    """
    if isinstance(value, float | int):
        return f"{value:.{digits}f}"
    rows = [list(row) if isinstance(row, Sequence) else [row] for row in value]
    body = r" \\ ".join(" & ".join(f"{x:.{digits}f}" for x in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
