"""Notebooks of Part 3, each run in a child process of its own; that takes some seconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlp_exercise.handout.notebook import Notebook, solved, student
from mlp_exercise.part3 import DEFINES, STEPS
from mlp_exercise.submission.code import CodePart, code_exercise
from mlp_exercise.submission.notebook_file import NotMarked, read
from mlp_exercise.submission.part_three import PART_THREE
from mlp_exercise.submission.recognise import exercise_of
from mlp_exercise.submission.records import Settings, Sheet

NAME = "ex1_03_pytorch_regression"
PATIENT, QUICK = Settings(timeout=20.0), Settings(timeout=3.0)
FEW = ("epochs = 300", "epochs = 30")
ADAM = ("SGD(model.parameters(), lr=0.05)", "Adam(model.parameters(), lr=0.03)")


def mark(notebook: Notebook, settings: Settings = PATIENT) -> Sheet:
    return PART_THREE.mark(read(json.dumps(notebook).encode()), settings)


def changed(*changes: tuple[str, str]) -> Notebook:
    """Take the solved notebook and replace texts, each of which stands in one cell."""
    notebook = solved(NAME)
    for right, instead in (*changes, FEW, ADAM):
        found = [cell for cell in notebook["cells"] if right in cell["source"]]
        assert len(found) == 1
        found[0]["source"] = found[0]["source"].replace(right, instead)
    return notebook


def lost(sheet: Sheet) -> list[str]:
    return [mark.name for mark in sheet.marks if not mark.points]


def said(sheet: Sheet, step: str) -> str:
    found = next(mark for mark in sheet.marks if mark.name == step)
    return f"{found.feedback} {sheet.notes.get(step, '')}"


def test_the_solved_notebook_gets_four_points_each_time() -> None:
    sheet = mark(solved(NAME))
    assert [m.verdict for m in sheet.marks] == ["correct"] * 4
    assert sheet.marks == mark(solved(NAME)).marks
    assert PART_THREE.max_points == 4.0


def test_the_notebook_names_the_limit_by_which_it_is_marked() -> None:
    texts = " ".join(cell["source"] for cell in student(NAME)["cells"])
    assert "No cell may compute for longer than ten seconds" in texts
    assert Settings().timeout == 10


def test_the_blank_notebook_gets_none() -> None:
    assert [m.verdict for m in mark(student(NAME)).marks] == ["missing"] * 4


def test_without_execution_it_is_not_marked_and_says_why() -> None:
    with pytest.raises(NotMarked, match="nothing was to be executed"):
        mark(solved(NAME), Settings(execute=False))


def test_it_is_recognised_by_its_cells_and_by_what_it_defines() -> None:
    notebook = solved(NAME)
    notebook["metadata"] = {}
    content = json.dumps(notebook).encode()
    assert exercise_of(read(content), "work.ipynb", [PART_THREE]) is PART_THREE
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    content = json.dumps(notebook).encode()
    assert exercise_of(read(content), "work.ipynb", [PART_THREE]) is PART_THREE


def test_the_limit_of_memory_comes_on_top_of_what_pytorch_takes() -> None:
    room = "mlp_exercise.part3"
    part = CodePart(NAME, room, STEPS, DEFINES, memory=200 * 2**20)
    small = code_exercise(part)
    sheet = small.mark(read(json.dumps(changed()).encode()), PATIENT)
    assert lost(sheet) == []


LOOP = "        for x, t in loader:"
FORBIDDEN = """\
        import multiprocessing, os
        refused = []
        for forbidden in (
            lambda: open("/tmp/written", "w"),
            lambda: torch.save(model, "/tmp/written"),
            lambda: os.popen("true"),
            lambda: os.fork(),
            lambda: multiprocessing.Process(target=fit).start(),
        ):
            try:
                forbidden()
            except (OSError, RuntimeError) as error:
                refused.append(type(error).__name__[0])
        raise ValueError("".join(refused))
"""


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("        while True: pass\n", "longer than 3 s"),
        ("        filled = [torch.ones(2**24) for _ in range(2**20)]\n", "It raised"),
        (FORBIDDEN, "It raised ValueError: PRPPP"),
    ],
    ids=["endless", "memory", "files and processes"],
)
def test_what_goes_too_far_costs_its_own_point_only(what: str, words: str) -> None:
    sheet = mark(changed((LOOP, what + LOOP)), QUICK)
    assert lost(sheet) == ["fit"]
    assert words in said(sheet, "fit")
    assert not Path("/tmp/written").exists()  # noqa: S108 - nothing is there


def test_a_progress_bar_around_the_loop_costs_nothing() -> None:
    """Whether or not its library is installed where the notebook is marked."""
    shown = ("for _ in range(epochs):", "for _ in tqdm(range(epochs), desc='fit'):")
    brought = ("def fit(", "from tqdm import tqdm\n\ndef fit(")
    assert lost(mark(changed(shown, brought))) == []


def test_an_endless_training_cell_is_left_out_and_the_loop_keeps_its_point() -> None:
    endless = ("losses = fit(", "while True: pass\nlosses = fit(")
    sheet = mark(changed(endless), QUICK)
    assert lost(sheet) == ["validation_error"]


LAST = "return self.output(torch.tanh(self.hidden(x)))"
ZERO = "nn.init.zeros_(self.output.weight)\n        nn.init.zeros_(self.output.bias)"
MADE = "self.output = nn.Linear(32, 1)\n"
IN_A_LIST = (
    "self.modules = []\n"
    "        self.modules.append(nn.Linear(1, 32))\n"
    "        self.modules.append(nn.Linear(32, 1))\n"
)
ONE_FOR_ALL = (
    "self.net = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), "
    "nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))\n"
)
HIDDEN = "self.hidden = nn.Linear(1, 32)\n        "
CASES: dict[str, tuple[list[tuple[str, str]], list[str], str]] = {
    "tanh after the output": (
        [(LAST, LAST.replace("self.output", "torch.tanh(self.output") + ")")],
        ["model"],
        "never leave the range from -1 to 1",
    ),
    "output layer starts at zero": ([(MADE, f"{MADE}        {ZERO}\n")], [], ""),
    "name of the base class shadowed": (
        [
            (HIDDEN + MADE, IN_A_LIST),
            (LAST, "return self.modules[1](torch.tanh(self.modules[0](x)))"),
        ],
        ["model"],
        "`self.modules` hides a method of nn.Module",
    ),
    "sequential, ReLU, Adam": (
        [(HIDDEN + MADE, ONE_FOR_ALL), (LAST, "return self.net(x)")],
        [],
        "",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_learners_handed_in_gets_what_the_exercise_promises(case: str) -> None:
    changes, costs, words = CASES[case]
    sheet = mark(changed(*changes))
    assert lost(sheet) == costs
    assert words in said(sheet, "model")
