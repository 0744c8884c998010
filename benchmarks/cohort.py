"""A class that never was: its learners, and the notebooks that they hand in."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mlp_exercise.handout.class_list import assign
from mlp_exercise.handout.notebook import as_text, solved, student
from mlp_exercise.handout.source import solution
from mlp_exercise.part1.simulation import STYLES, fill_in
from mlp_exercise.part1.variants import variant
from mlp_reference.mistakes import PEN_AND_PAPER

PARTS = ("ex1_01_pen_and_paper", "ex1_02_numpy_gradient", "ex1_03_pytorch_regression")

DUE = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""What comes after it is late."""

GIVEN = [
    "Ada", "Grace", "Zoë", "José", "Łukasz", "Nguyễn", "Søren", "Aoife", "Ngũgĩ",
    "Σοφία", "Иван", "伟", "محمد", "Anna-Lena", "Şükrü", "Chloé", "Þóra", "María",
    "Björn", "Amina", "Dvořák", "Siobhán", "Kwame", "Yūki", "Élodie", "Max",
]  # fmt: skip

FAMILY = [
    "Lovelace", "Hopper", "O'Brien", "van der Berg", "Müller", "Núñez", "Wójcik",
    "Παπαδοπούλου", "Петров", "李", "علي", "D’Souza", "Nguyễn", "Øverland",
    "García Márquez", "Şahin", "Čapek", "Ó Súilleabháin", "Okonkwo", "Tanaka",
    "St. John", "Sharma", "Lindström", "de la Cruz",
]  # fmt: skip

Changes = Sequence[tuple[str, str]]

SLIPS: Mapping[str, Sequence[Changes]] = {
    PARTS[1]: (
        [("self.bias_gradient = G.sum(axis=0)", "self.bias_gradient = G")],
        [("self.bias_gradient = G.sum(axis=0)", "self.bias_gradient = G.mean(axis=0)")],
        [("G.T @ self.x", "self.x.T @ G")],
        [("return G @ self.weight", "return G @ self.weight.T")],
        [("np.tanh(x)", "1 / (1 + np.exp(-x))")],
        [("1 - self.z * self.z", "1 - self.z")],
        [("/ self.error.size", "/ len(self.error) / len(self.error)")],
        [("reversed(self.layers)", "self.layers")],
        [("+ self.bias", "+ self.bais")],
    ),
    PARTS[2]: (
        [("torch.tanh(self.hidden(x))", "self.hidden(x)")],
        [("            optimizer.zero_grad()\n", "")],
        [("nn.MSELoss()", "nn.CrossEntropyLoss()")],
        [("epochs = 300", "epochs = 3")],
        [("lr=0.05", "lr=5.0")],
        [("torch.tanh(self.hidden(x)))", "torch.tanh(self.hidden(x))).squeeze()")],
        [("import DataLoader", "import Dataloader")],
    ),
}
"""Wrong code: what is replaced in a solution."""

ENDLESS = "while True:\n    pass"

WORKS = ("honest", "slip", "blank", "damaged", "script", "endless", "nothing")
"""What a learner may have made of a part."""

SHARES = {
    PARTS[0]: (0.50, 0.36, 0.03, 0.02, 0.01, 0.0, 0.08),
    PARTS[1]: (0.52, 0.30, 0.04, 0.02, 0.02, 0.0, 0.10),
    PARTS[2]: (0.54, 0.24, 0.05, 0.01, 0.01, 0.0, 0.15),
}
"""How many learners make what of a part."""


class Paper(NamedTuple):
    """A file that a learner hands in."""

    part: str
    work: str  # one of `WORKS`
    name: str  # of the file
    content: bytes
    when: datetime


class Learner(NamedTuple):
    """Somebody in the class."""

    number: int
    given: str
    family: str
    seed: int  # of the numbers of the first part
    papers: tuple[Paper, ...]  # the oldest first

    @property
    def name(self) -> str:
        """Return the name as a platform shows it."""
        return f"{self.given} {self.family}"


def cohort(size: int, seed: int = 0) -> list[Learner]:
    """Return a class: the same learners with the same notebooks each time.

    Parameters
    ----------
    size : int
        The number of learners.
    seed : int, optional
        What is drawn, is drawn from it.

    Returns
    -------
    list of Learner
        One in fifty has the name of somebody else, and one in thirty hands in nothing.
    """
    rng = np.random.default_rng(seed)
    pairs = [(given, family) for family in FAMILY for given in GIVEN]
    if size > len(pairs):
        raise ValueError(f"{size} learners came, there are names for {len(pairs)}")
    people = [pairs[place] for place in rng.permutation(len(pairs))[:size]]
    for number in range(25, size, 50):  # namesakes
        people[number] = people[number - 13]
    keys = [f"{given} {family} {n}" for n, (given, family) in enumerate(people)]
    seeds = assign(keys)
    return [
        Learner(n, given, family, seeds[key], _papers(n, seeds[key], rng))
        for n, ((given, family), key) in enumerate(zip(people, keys, strict=True))
    ]


def _papers(number: int, seed: int, rng: np.random.Generator) -> tuple[Paper, ...]:
    """Return what a learner hands in."""
    papers = []
    gone = number % 30 == 29
    for part in PARTS:
        work = str(rng.choice(WORKS, p=SHARES[part]))
        if number % 150 == 4 and part == PARTS[1]:
            work = "endless"
        when = DUE - timedelta(minutes=int(rng.integers(-2000, 15000)))
        again = rng.random() < 0.07 and work in {"honest", "slip"}
        if gone or work == "nothing":
            continue
        if again:  # the first try came a day before
            first = _content(part, "slip", seed, rng)
            before = when - timedelta(days=1)
            papers.append(Paper(part, "slip", f"{part}.ipynb", first, before))
        name = {"script": f"{part}.py"}.get(work, f"{part}.ipynb")
        name = name.replace(".ipynb", " (1).ipynb") if again else name
        papers.append(Paper(part, work, name, _content(part, work, seed, rng), when))
    return tuple(papers)


def _content(part: str, work: str, seed: int, rng: np.random.Generator) -> bytes:
    """Return the bytes of a file."""
    if work == "script":
        return b"print('my notebook')\n"
    text = as_text(_notebook(part, work, seed, rng))
    cut = len(text) // 2 if work == "damaged" else len(text)
    return text[:cut].encode()


def _notebook(
    part: str, work: str, seed: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Return a notebook with a learner's answers, as Jupyter saves it."""
    drawn = variant(seed) if part == PARTS[0] else None
    notebook = student(part, drawn, seed if drawn else None)
    answer: Callable[[str], str | None]
    if work == "blank":
        answer = _no_answer
    elif drawn:
        slip = PEN_AND_PAPER[int(rng.integers(len(PEN_AND_PAPER)))]
        style = STYLES[int(rng.integers(len(STYLES)))]
        values = fill_in(drawn, style, rng, slip if work == "slip" else None)
        written = {name: f"{name} = {value!r}" for name, value in values.items()}
        answer = written.get
    else:
        sources = dict(_solutions(part))
        if work == "slip":
            some = SLIPS[part]
            sources = _changed(sources, some[int(rng.integers(len(some)))])
        elif work == "endless":
            sources["Tanh"] = ENDLESS
        answer = sources.get
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            if cell["metadata"]["nbgrader"]["solution"]:
                cell["source"] = answer(cell["id"]) or cell["source"]
            elif cell["id"] in {"show_fit", "curves"}:
                cell["outputs"] = [_picture(rng)]
    return notebook


def _no_answer(_cell: str) -> None:
    """Leave a cell as it was handed out."""


@cache
def _solutions(part: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (cell["id"], solution(cell["source"]))
        for cell in solved(part)["cells"]
        if cell["metadata"]["nbgrader"]["solution"]
    )


def _changed(sources: dict[str, str], changes: Changes) -> dict[str, str]:
    """Put wrong code into solutions."""
    for right, wrong in changes:
        sources = {name: text.replace(right, wrong) for name, text in sources.items()}
    return sources


def _picture(rng: np.random.Generator) -> dict[str, Any]:
    """Return an output as large as that of a figure; nobody looks at it."""
    png = base64.b64encode(rng.bytes(30_000)).decode()
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": png}}
