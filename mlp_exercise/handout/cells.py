"""What an exercise is made of: its cells, as they stand in its text."""

from dataclasses import dataclass

ANSWER, CHECK, SHOW = "answer", "check", "show"
"""Tags of cells: filled in by a learner, counting the points, and showing what came of it."""

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""nbgrader's markers around a solution."""


class SourceError(ValueError):
    """The text of an exercise that cannot be understood, with file and line."""


@dataclass(frozen=True)
class Cell:
    """One cell of an exercise.

    Attributes
    ----------
    text : str
        What it holds.
    line : int
        Where it begins in the file; the first line is 1.
    is_code : bool
        Whether it is code, or else Markdown.
    tags : tuple of str
        `ANSWER`, `CHECK`, `SHOW` or nothing.
    grade_id : str
        Its name, or an empty string.
    points : float
        What it is worth.
    alt : str
        What the figure shows that it draws, in words.
    caption : str
        What stands below that figure on the site.
    page_only : bool
        Whether only the site shows it; its text is MyST then, and no notebook has it.
    """

    text: str
    line: int
    is_code: bool = False
    tags: tuple[str, ...] = ()
    grade_id: str = ""
    points: float = 0.0
    alt: str = ""
    caption: str = ""
    page_only: bool = False


@dataclass(frozen=True)
class Source:
    """The text of an exercise, read.

    Attributes
    ----------
    name : str
        Name of the exercise, such as ``ex1_01_pen_and_paper``.
    head : str
        The front matter as it stands, with its fences.
    settings : dict
        Its lines of the form ``key: value`` that are not indented.
    cells : tuple of Cell
        The cells; the first is Markdown and begins with the title.
    """

    name: str
    head: str
    settings: dict[str, str]
    cells: tuple[Cell, ...]
