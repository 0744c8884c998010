"""Notebooks of all three parts are recognised and marked; what must be run, runs in a child."""

import re
from typing import Any, NoReturn

import pytest

from mlp_exercise import part2
from mlp_exercise.handout.notebook import Notebook, solved, student
from mlp_exercise.part1.commas import COMMA_READ
from mlp_exercise.part1.marking import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission import run
from mlp_exercise.submission.mark import (
    EXERCISES,
    NOT_EXECUTED,
    PART_ONE,
    PART_THREE,
    PART_TWO,
    Answers,
    Exercise,
    Settings,
    Sheet,
    exercise_of,
    find,
    mark,
)
from mlp_exercise.submission.notebook import NotMarked, Unreadable
from mlp_exercise.submission.python import HERE, LEARNT
from mlp_exercise.submission.read import openings
from mlp_exercise.submission.run import Trials
from mlp_exercise.values import Plain
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.submission.conftest import (
    answering,
    code_cell,
    notebook_of,
    right_answers,
    strip,
    submission_of,
    texts_of,
    wrong_answers,
)

QUICK, PATIENT = Settings(timeout=2.0), Settings(timeout=20.0)
NAMES = PART_ONE.steps
FIRST, SECOND, THIRD = (exercise.name for exercise in EXERCISES)
ENDLESS, EXIT = "while True: pass", "import os; os._exit(0)"


def lost(sheet: Sheet) -> list[str]:
    return [mark.name for mark in sheet.marks if not mark.points]


def said(sheet: Sheet, step: str) -> str:
    return next(mark.feedback for mark in sheet.marks if mark.name == step)


# Which exercise it is.


def told(notebook: Notebook, file_name: str = "x.ipynb") -> Exercise:
    return exercise_of(submission_of(notebook), file_name)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_metadata_cells_and_assignments_tell_the_exercise(exercise: Exercise) -> None:
    notebook = solved(exercise.name, EXERCISE if exercise is PART_ONE else None)
    other = EXERCISES[EXERCISES.index(exercise) - 1].name
    assert told(notebook, other) is exercise
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    # The cells of the first have the names of its steps.
    assert told(notebook, other if exercise is PART_ONE else "x.ipynb") is exercise
    strip(notebook)
    assert told(notebook) is exercise


ASSIGNED = notebook_of("Linear = Tanh = MSELoss = Sequential = 1")
NAMED = notebook_of(*(("x = 1", name) for name in (*NAMES[:7], "check_a")))
GARBAGE = [
    notebook_of("x = 1", course=c) for c in (3, {"exercise": 3}, {"exercise": "ex_x"})
]


@pytest.mark.parametrize(
    ("notebook", "file_name", "exercise"),
    [
        *(
            (ASSIGNED, n.format(THIRD), PART_THREE)
            for n in ("{}.ipynb", "{} (1)", "me_{}")
        ),
        (ASSIGNED, "x.ipynb", PART_TWO),
        (NAMED, SECOND, PART_ONE),
        *((notebook, SECOND, PART_TWO) for notebook in GARBAGE),
    ],
)
def test_most_names_of_cells_tell_before_the_file_name_and_that_before_assignments(
    notebook: Notebook, file_name: str, exercise: Exercise
) -> None:
    assert told(notebook, file_name) is exercise


@pytest.mark.parametrize(
    ("course", "reason"),
    [
        ({}, rf"with 1 code cells that is none .*expected {FIRST}, {SECOND}, {THIRD}$"),
        ({"lesson": "01_pen_and_paper"}, "the lesson 01_pen_and_paper came"),
        ({"exercise": "ex1_99_other"}, "the exercise ex1_99_other came"),
    ],
)
def test_what_is_something_else_is_unreadable(course: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        told(notebook_of("x = 1", course=course), FIRST if course else "x.ipynb")


# Answers that are numbers: where they are found.

BLANK = "z = [None, None]\n# YOUR CODE HERE\nraise NotImplementedError()"
OPENINGS = {"a": "# Hidden layer pre-activation (a)", "z": openings(FIRST)["z"]}
MINE = OPENINGS["z"]


def answers(*cells: Any, execute: bool = True) -> Answers:
    settings = Settings(execute=execute, timeout=1.0)
    return find(submission_of(notebook_of(*cells)), PART_ONE, settings)


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(run, "run", refuse)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("cells", "z"),
    [
        ([("z = [1, 2]", "z")], [1, 2]),
        (["z = [1, 2]"], [1, 2]),  # no metadata
        (["z = [5, 5]", ("z = [1, 2]", "z"), "z = [6, 6]"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]"], [1, 2]),  # answered elsewhere
        ([(BLANK, "z"), "z = [1, 2]", "z = [3, None]", "z = None"], [1, 2]),
        (["z = [1, 2]", ("pass", "z"), "z = [6, 6]"], [1, 2]),  # all in the first cell
        (["z = [5, 5]", "z = [1, 2]"], [1, 2]),
        ([("z = [5, 5]", "z"), ("z = [1, 2]", "z")], [1, 2]),  # copied and answered
        ([("z = [1, 2]", "z"), (BLANK, "z")], [1, 2]),  # copied and left
        ([(BLANK, "z"), ("check('z', z)", "check_z")], None),
        ([(f"z = [1, 2]\n{BLANK}", "z")], None),
        ([("z = [1, 2]\nraise NotImplementedError()", "z")], [1, 2]),
        ([("z = [1, 2", "z")], None),
        (["print('hello')"], None),
        # Without metadata, the comment that a cell was handed out with tells.
        ([f"{MINE}\nz = [1, 2]", "z = 5"], [1, 2]),
        ([f"  {MINE}  \nz = [1, 2]", "z = 5"], [1, 2]),
        ([f"{MINE}\nz = [None, None]", "z = [1, 2]", "z = 5"], 5),
        ([f"{MINE}\nz = 5", f"{MINE}\nz = [1, 2]", "z = 6"], [1, 2]),
        # Joined cells, and everything in one.
        ([f"{OPENINGS['a']}\na = 1\n{MINE}\nz = [1, 2]", "z = 5"], [1, 2]),
        # The check below, also below a cell that was put between.
        (["z = [1, 2]", "check('z', z)", "z = 5"], [1, 2]),
        (["z = [1, 2]", "a = 3", 'check( "z",z)', "z = 5"], [1, 2]),
        (["z = 5", "z = [1, 2]", "check('z', z)", "z = 6"], [1, 2]),
        (["z = [1, 2]\ncheck('z', z)", "z = 5"], [1, 2]),
        (["check('z', z)", "z = [1, 2]"], [1, 2]),
        (["z = 5", "check('z', z)", "z = [1, 2]", "check('z', z)", "z = 6"], [1, 2]),
        # Whichever says more surely which cell it is.
        ([f"{MINE}\nz = [1, 2]", "z = 5", "check('z', z)"], [1, 2]),
        ([("z = [1, 2]", "z"), f"{MINE}\nz = 5"], [1, 2]),
        ([(BLANK, "z"), f"{MINE}\nz = [1, 2]", "z = 5"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]", "check('z', z)", "z = 5"], [1, 2]),
        # So does the name that Jupyter keeps.
        (
            [
                code_cell("z = [1, 2]") | {"id": "z"},
                code_cell("z = 5\ncheck('z', z)") | {"id": "y"},
                f"{MINE}\nz = 6",
            ],
            [1, 2],
        ),
    ],
)
def test_the_value_after_the_own_cell_counts_else_the_last_anywhere(
    cells: list[Any], z: Plain
) -> None:
    assert answers(*cells).values["z"] == z


@pytest.mark.usefixtures("nothing_runs")
def test_a_literal_answer_needs_no_execution_whatever_other_cells_do() -> None:
    own = [(f"{name} = {number}", name) for number, name in enumerate(NAMES)]
    found = answers("from x import *", *own, "exec('a = z = 3')")
    assert found.values == {name: number for number, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("cells", "z"),
    [
        (["import math", ("z = [math.sqrt(4), 1]", "z")], [2, 1]),
        (["x = 4", "def f():\n    global z\n    z = x", ("f()", "z"), "z = f"], 4),
        ([("z = [None, None]\nz[0] = 1\nz[1] = 2", "z"), "z[0] = 3"], [1, 2]),
        ([("z = [None, None]", "z"), "z[0] = 3", "z[1] = 4", "z[1] = None"], [3, 4]),
        ([("z = [None, None]", "z"), "y = z", "y[0] = 3\ny[1] = 4"], [3, 4]),
        (["z = [5, 5]", ("z = [x for x in (1, 2)]\nraise ValueError", "z")], [1, 2]),
        (["z = [5, 5]", ("z = undefined", "z")], [5, 5]),
        (["exec('z = [1, 2]')"], [1, 2]),
        ([(BLANK, "z"), "z = [1, 2]\nwhile True: pass", "f(z)"], [1, 2]),
        (["%time z = [x for x in (1, 2)]"], [1, 2]),
        (["z = [1, 2]", "del z"], [1, 2]),
        ([("def z(): pass", "z")], "a value of type function"),
        ([(f"z = [1, 2]  # {'long' * 30_000}", "z")], [1, 2]),
        ([f"{MINE}\nz = [abs(-1), 2]", "z = sum([5])"], [1, 2]),
        ([("a = 1", "a"), ("z = sum([1, a])", "z"), "a = f = 7\na = a + sum([])"], 2),
    ],
)
def test_what_is_not_literal_is_executed(cells: list[Any], z: Plain) -> None:
    assert answers(*cells).values["z"] == z


def test_without_execution_a_computed_answer_is_missing_and_a_note_says_why() -> None:
    cells = [("a = 1", "a"), "z = [5, 5]", ("z = sum([1, a])", "z")]
    found = answers(*cells, execute=False)
    assert (found.values["a"], "z" in found.values) == (1, False)
    assert found.notes == {"z": NOT_EXECUTED}


def test_a_note_says_which_cell_was_left_out() -> None:
    found = answers(("a = sum([1])", "a"), ("while True: z = 1", "z"))
    problem = "Code cell 2 was left out: it took longer than 1 s of processor time."
    assert (found.values["z"], found.notes) == (None, {"z": problem})


def test_a_cell_that_is_no_python_is_said_to_be_none() -> None:
    sources = right_answers(dL_dy="# dL/dy\ndL_dy = [-0.37", loss="loss = 0,03")
    for names in (True, False):
        notebook = answering(sources)
        if not names:
            strip(notebook)
        found = find(submission_of(notebook), PART_ONE, Settings(execute=False))
        assert found.notes.keys() == {"dL_dy", "loss"}
        assert found.notes["dL_dy"] == (
            "Code cell 10 is not valid Python, so it never runs "
            "(line 2: '[' was never closed)."
        )
        assert found.notes["loss"].startswith("Code cell 8 is not valid Python")


NEWER = 'print(f"{d["loss"]}")\nz = [1, 2]'
SCRATCH = NEWER.replace("z =", "y =")


@pytest.mark.skipif(HERE >= LEARNT, reason="here this is Python")
@pytest.mark.parametrize(
    ("cells", "execute"),
    [
        ([(NEWER, "z")], False),
        ([NEWER], False),
        (["%time\n" + NEWER], True),
        ([SCRATCH, "z = y + sum([])"], True),
    ],
)
def test_an_answer_lost_to_a_newer_python_is_not_marked(
    cells: list[Any], execute: bool
) -> None:
    with pytest.raises(
        NotMarked, match=r"cell 1 .* Python 3\.11, .*\(line \d: .* 3\.12"
    ):
        answers(*cells, execute=execute)


def test_where_nothing_is_lost_to_it_the_notebook_is_marked() -> None:
    scratch = 'print(f"{d["loss"]}")\nscratch = [1, 2]'
    own = [(f"{name} = 3", name) for name in NAMES]
    for cells in (own, own[:-1]):
        assert answers(*cells, scratch).values["a"] == 3


# The first part.

COMPUTED = """\
import numpy as np
W1 = np.array([[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]])
b1, W2, b2 = np.array([0.1, 0.2]), np.array([[0.7, -0.8]]), np.array([0.3])
x, t = np.array([0.3, 0.4, -0.1]), np.array([0.5])
"""

COMPUTATIONS = {
    "a": COMPUTED + "a = W1 @ x + b1",
    "z": "z = np.tanh(a)",
    "y": "y = W2 @ z + b2",
    "loss": "loss = np.mean((y - t) ** 2)",
    "dL_dy": "dL_dy = 2 * (y - t)",
    "dL_dw2": "dL_dw2 = np.outer(dL_dy, z)",
    "dL_db2": "dL_db2 = dL_dy",
    "dL_dw1": "dL_da = W2[0] * dL_dy * (1 - z**2)\ndL_dw1 = np.outer(dL_da, x)",
    "W2_updated": "W2_updated = W2 - 0.5 * dL_dw2",
    "b2_updated": "b2_updated = b2 - 0.5 * dL_db2",
    "W1_updated": "W1_updated = W1 - 0.5 * dL_dw1",
    "b1_updated": "b1_updated = b1 - 0.5 * dL_da",
}


def mark_code(
    exercise: Exercise, notebook: Notebook, settings: Settings = QUICK
) -> Sheet:
    return mark(submission_of(notebook), exercise, settings)


def mark_one(notebook: Notebook, settings: Settings = QUICK) -> Sheet:
    return mark_code(PART_ONE, notebook, settings)


def test_twelve_right_answers_are_worth_six_points_read_or_computed() -> None:
    for sources in (right_answers(), COMPUTATIONS):
        sheet = mark_one(answering(sources))
        assert (sheet.points, sheet.variant, sheet.remarks) == (6, None, ())
        assert tuple(mark.name for mark in sheet.marks) == NAMES
    sheet = mark_one(answering(COMPUTATIONS), Settings(execute=False))
    assert {mark.verdict for mark in sheet.marks} == {"missing"}
    assert all(NOT_EXECUTED in mark.feedback for mark in sheet.marks)


def test_a_blank_notebook_scores_nothing() -> None:
    blank = {name: f"{name} = [None]\nraise NotImplementedError()" for name in NAMES}
    sheet = mark_one(answering(blank))
    assert {mark.feedback for mark in sheet.marks} == {"No answer yet."}


def test_a_module_that_colab_brings_costs_nothing_that_stands_below_it() -> None:
    mounts = "from google.colab import drive\nimport numpy as np\n"
    mounts += "drive.mount('/content/drive')"
    without = {"a": COMPUTED.replace("import numpy as np\n", "") + "a = W1 @ x + b1"}
    notebook = answering(COMPUTATIONS | without)
    notebook["cells"].insert(1, code_cell(mounts))
    assert mark_one(notebook).points == 6


def test_a_variant_is_marked_by_its_own_numbers_and_a_contradiction_is_flagged() -> (
    None
):
    notebook = answering(right_answers(variant(17)))  # with Checks()
    assert mark_one(notebook).points < 6
    assert mark_one(notebook, Settings(variant=17)).points == 6
    for seed, flags in ((17, ("disputed seed",)), (None, ())):
        notebook["metadata"]["mlp_reference"] = {"variant": seed}
        sheet = mark_one(notebook)
        assert (sheet.points == 6, sheet.variant) == (seed == 17, seed)
        assert sheet.marks[0].flags == flags
    setup = notebook["cells"][0]
    setup["source"] = setup["source"].replace("Checks()", "Checks(variant=17)")
    strip(notebook)
    assert mark_one(notebook).points == 6


@pytest.mark.parametrize("right", [right_answers(), COMPUTATIONS])
def test_answers_stay_when_metadata_is_gone_their_names_are_used_again_or_a_minus_is_copied(
    right: dict[str, str],
) -> None:
    again = "a = 5\ny = list(range(10))\nprint(a, y)"
    sources = {name: f"{openings(FIRST)[name]}\n{text}" for name, text in right.items()}
    notebook = answering(sources, again)
    notebook["cells"].insert(-2, code_cell(again))  # above the last check
    strip(notebook)
    assert mark_one(notebook).points == 6
    sources = {name: text.replace("-", "\u2212") for name, text in right.items()}
    assert sources != right
    assert mark_one(answering(sources)).points == 6


def with_commas(text: str) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)


COMMAS = [
    {name: with_commas(text) for name, text in right_answers().items()},
    {name: with_commas(text).replace(",", ", ") for name, text in right_answers().items()
     if "0.0" not in text},
    {"a": "a = ['0,3', \"0.24\"]", "z": "z = [math.tanh(0.3), math.tanh(0.24)]"},
]  # fmt: skip
"""Right answers with decimal commas, also with blanks behind all of them, and in quotes."""


@pytest.mark.parametrize("typed", COMMAS)
def test_what_a_person_types_is_read_without_being_run(typed: dict[str, str]) -> None:
    notebook = answering(right_answers() | typed)
    sheet = mark_one(notebook, Settings(execute=False))
    assert sheet.points == mark_one(notebook).points == 6
    told = {each.name for each in sheet.marks if COMMA_READ in each.feedback}
    assert told == (set() if "math" in typed["z"] else set(typed))


def test_code_below_an_answer_goes_on_from_its_decimal_commas() -> None:
    typed = right_answers() | {
        "z": "z = [0,29, 0,24]",
        "y": "y = [W2[0][0] * z[0] + W2[0][1] * z[1] + b2[0]]",
    }
    setup = f"W2, b2 = {EXERCISE.W2}, {EXERCISE.b2}"
    notebook = answering(typed)
    notebook["cells"].insert(1, code_cell(setup))
    assert mark_one(notebook).points == 6


def test_the_updated_w2_costs_half_a_point_and_is_named() -> None:
    slip = next(m for m in PEN_AND_PAPER if m.name == "used the updated W2")
    values = work_out(EXERCISE, {slip.quantity: slip.formula})
    sheet = mark_one(answering(texts_of(values)))
    assert lost(sheet) == ["dL_dw1"]
    assert said(sheet, "dL_dw1") == "It looks as if you used the updated W2."


@pytest.mark.parametrize(
    "source", ["a = [0.1] * 100_000", "a = list(range(10**6))", "a = [[0] * 999] * 999"]
)
def test_far_too_many_values_cost_one_point_and_are_said_to_be_too_many(
    source: str,
) -> None:
    first = mark_one(answering(right_answers(a=source))).marks[0]
    assert (first.verdict, first.flags) == ("wrong", ("wrong shape",))
    assert first.feedback.startswith("Your a has more than 1000 values. I expected ")


@pytest.mark.parametrize("seed", [-1, 10**400])
def test_a_seed_without_a_variant_is_unreadable(seed: int) -> None:
    with pytest.raises(Unreadable, match="its numbers cannot be drawn"):
        mark_one(answering(right_answers(), course={"variant": seed}))


def test_options_reach_the_marking() -> None:
    notebook = answering(right_answers(z="z = [None, None]"))
    lenient = mark_one(notebook, Settings(options=Options("original")))
    assert mark_one(notebook).points < lenient.points == 5.5


CHEATS = {
    "numpy.all": "import numpy\nnumpy.all = numpy.allclose = numpy.isclose = lambda *a, **o: True",
    "builtins": "import builtins\nbuiltins.any = builtins.all = lambda *a: True\n"
    "builtins.abs = builtins.max = lambda *a: 0\nbuiltins.isinstance = lambda *a: True",
    "ast": "import ast, builtins\n"
    "class Rewrite(ast.NodeTransformer):\n"
    "    def visit_Compare(self, node): return ast.Constant(True)\n"
    "compile_ = builtins.compile\n"
    "def rewrite(source, *a, **o):\n"
    "    tree = ast.fix_missing_locations(Rewrite().visit(ast.parse(source)))\n"
    "    return compile_(tree, *a, **o)\n"
    "builtins.compile = ast.parse = rewrite",
    "float": "import builtins\n"
    "class Liar(float):\n"
    "    __eq__ = __le__ = __lt__ = __ge__ = lambda *a: True\n"
    "    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0\n"
    "    __hash__ = None\n"
    "builtins.float = Liar\n"
    "def f(v): return [f(x) for x in v] if type(v) is list else Liar(v)",
    "ours": "from mlp_exercise import values\n"
    "from mlp_exercise.part1 import marking\n"
    "values.plain = values._plain = lambda *a: None\n"
    "marking.explains = lambda *a, **o: True\n"
    "marking.mark = lambda *a: 6",
    "checks": "class check:\n"
    "    points = 6\n"
    "    def __new__(cls, *a): return 'correct'",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_tampering_gains_nothing(cheat: str) -> None:
    wrong = wrong_answers()
    computed = {name: f"{text}\n{name} = f({name})" for name, text in wrong.items()}
    for sources in (wrong, computed):
        first = f"f = lambda value: value\n{CHEATS[cheat]}"
        notebook = answering({"cheat": first} | sources)
        assert mark_one(notebook).points == 0


@pytest.mark.parametrize(
    "end", [ENDLESS, "import sys; sys.exit()", EXIT, "a = (", "!ls"]
)
def test_a_bad_cell_leaves_the_other_answers(end: str) -> None:
    literal = right_answers(z=f"{end}\nz = f()")
    assert mark_one(answering(literal)).points >= 4
    computed = COMPUTATIONS | {"b1_updated": end}
    assert mark_one(answering(computed)).points == 5.5


# The parts that are code.

Change = tuple[str, str]
FEW = ("epochs = 300", "epochs = 30")
ADAM = ("SGD(model.parameters(), lr=0.05)", "Adam(model.parameters(), lr=0.03)")


def changed(exercise: Exercise, *changes: Change) -> Notebook:
    """Take the solved notebook and replace texts, each of which stands in one cell."""
    notebook = solved(exercise.name)
    quick = (FEW, ADAM) if exercise is PART_THREE else ()
    for right, instead in (*changes, *quick):
        (cell,) = (cell for cell in notebook["cells"] if right in cell["source"])
        cell["source"] = cell["source"].replace(right, instead)
    return notebook


def add_code(notebook: Notebook, source: str, *names: str) -> Notebook:
    """Put cells of code at the end, as a learner would."""
    (like,) = (cell for cell in notebook["cells"] if cell["id"] == "report")
    notebook["cells"] += [dict(like, source=source, id=name) for name in names]
    return notebook


@pytest.mark.parametrize(("exercise", "points"), [(PART_TWO, 10), (PART_THREE, 4)])
def test_solved_notebooks_get_all_points_each_time_and_blank_ones_none(
    exercise: Exercise, points: float
) -> None:
    name = exercise.name
    sheet = mark_code(exercise, solved(name), PATIENT)
    assert sheet.points == sheet.max_points == exercise.max_points == points
    assert sheet == mark_code(exercise, solved(name), PATIENT)
    blank = mark_code(exercise, student(name))
    assert {mark.verdict for mark in blank.marks} == {"missing"}
    with pytest.raises(NotMarked, match="are code, and nothing was to be executed"):
        mark_code(exercise, solved(name), Settings(execute=False))


TO_THE_CARD = (
    ("        for x, t in loader:\n",
     "        for x, t in loader:\n            x, t = x.to(device), t.to(device)\n"),
    ("model(X_val), T_val)", "model(X_val.to(device)), T_val.to(device))"),
)  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        [("model = Regressor()", "device = 'cuda'\nmodel = Regressor().to(device)"),
         *TO_THE_CARD],
        [("model = Regressor()", "device = torch.device('mps')\nmodel = Regressor()"),
         ("nn.Linear(1, 32)", "nn.Linear(1, 32, device='mps')"),
         ("nn.Linear(32, 1)", "nn.Linear(32, 1, device='mps')"),
         *TO_THE_CARD],
        [("model = Regressor()", "device = 0\nmodel = Regressor().cuda()"), *TO_THE_CARD],
        [("order = torch", "torch.set_default_device('cuda')\norder = torch")],
    ],
    ids=["to", "device", "cuda", "default"],
)  # fmt: skip
def test_a_notebook_that_wants_a_graphics_card_is_marked_without(
    changes: list[Change],
) -> None:
    assert mark_code(PART_THREE, changed(PART_THREE, *changes), PATIENT).points == 4


def test_the_third_notebook_names_the_limit_by_which_it_is_marked() -> None:
    texts = " ".join(cell["source"] for cell in student(THIRD)["cells"])
    assert "No cell may compute for longer than ten seconds" in texts
    assert Settings().timeout == 10


def test_no_trial_is_made_before_those_that_it_needs() -> None:
    names = list(part2.TRIALS)
    steps = part2.STEPS
    assert list(dict.fromkeys(n for step in steps for n in step.tried_by)) == names
    for name, needs in part2.NEEDS.items():
        assert all(names.index(need) < names.index(name) for need in needs)
    left = Trials("", tuple(names), part2.NEEDS).left(["tanh_forward"])
    assert set(names) - set(left) == {"tanh_forward", "tanh_both", "tanh_derivative"}


MOVE = "layer.weight -= self.lr * layer.weight_gradient"
STEP = "optimizer.step()"
LOOP = "for start in range(0, len(X), batch_size):"
OUTPUT = "return x @ self.weight.T + self.bias"
BACK = "return G @ self.weight"
GRADIENT = "self.bias_gradient = G.sum(axis=0)"


@pytest.mark.parametrize(
    ("changes", "steps", "words"),
    [
        ([(LOOP, f"{ENDLESS}\n        {LOOP}")], ["train"], "longer than 2 s"),
        ([(MOVE, ENDLESS)], ["sgd_step"], "longer than 2 s"),
        ([(MOVE, EXIT)], ["sgd_step"], "ended the process"),
        ([(MOVE, "x = bytes(10**12)")], ["sgd_step"], "MemoryError"),
        ([(MOVE, "open('/tmp/written', 'w')")], ["sgd_step"], "PermissionError"),
        ([(MOVE, "import os; os.system('clear'); " + MOVE)], [], ""),
        ([(MOVE, "raise KeyboardInterrupt")], ["sgd_step"], "could not be tried out"),
        ([(MOVE, "def f(): f()\n                f()")], ["sgd_step"], "RecursionError"),
        ([(OUTPUT, ENDLESS)], ["linear_forward"], "longer than 2 s"),
        ([(OUTPUT, EXIT)], ["linear_forward"], "ended the process"),
        ([(BACK, ENDLESS)], ["linear_backward"], "longer than 2 s"),
        ([(BACK, EXIT)], ["linear_backward"], "ended the process"),
        ([("self.z = np.tanh(x)", EXIT)], ["tanh_forward"], "ended the process"),
        ([("return G * (1", f"{EXIT}; return G * (1")], ["tanh_backward"], "ended the process"),
        ([("return np.mean(self", f"{EXIT}; np.mean(self")], ["mse_forward"], "ended the process"),
        ([("return 2 * self.error", f"{EXIT}; return 2")], ["mse_backward"], "ended the process"),
        ([("x = layer.forward(x)", EXIT)], ["network_forward"], "ended the process"),
        ([("G = layer.backward(G)", EXIT)], ["network_backward"], "ended the process"),
        ([(BACK, "return 'x' * 10**7")], ["linear_backward"], "is a str"),
        ([(BACK, "return G.repeat(9999, 0)")], ["linear_backward"], "is a ndarray"),
        # A slip is named though the other pass comes to no end, and nothing else is blamed.
        ([(OUTPUT, EXIT), (GRADIENT, GRADIENT.replace("sum", "mean"))],
         ["linear_forward", "linear_backward"], "took the mean over the batch"),
        ([(OUTPUT, EXIT), ("= G.T @ self.x", "= G.T @ self.cache")],
         ["linear_forward", "linear_backward"], "that comes to no end"),
        ([(BACK, "return G @")], ["linear_forward", "linear_backward"], "is not valid Python"),
        ([(OUTPUT, ENDLESS), ("self.z = np.tanh(x)", ENDLESS),
          ("return np.mean(self.error**2)", ENDLESS), ("x = layer.forward(x)", ENDLESS)],
         ["linear_forward", "tanh_forward", "mse_forward", "network_forward"], "longer than"),
        # A pass too slow to be differentiated costs nothing.
        ([("class Linear:", "CALLS = []\n\n\nclass Linear:"),
          (OUTPUT, f"CALLS.append(1)\n        while len(CALLS) > 15: pass\n        {OUTPUT}")],
         [], ""),
        # Nor does a curve that is drawn after each step.
        ([(STEP, f"{STEP}; network.forward(np.linspace(-1, 1, 4000)[:, None])")], [], ""),
        ([(LOOP, f"while True: network.forward(np.linspace(0, 1, 50)[:, None])\n        {LOOP}")],
         ["train"], "there is no end of batches"),
    ],
)  # fmt: skip
def test_what_goes_too_far_costs_its_own_points_only(
    changes: list[Change], steps: list[str], words: str
) -> None:
    sheet = mark_code(PART_TWO, changed(PART_TWO, *changes))
    assert lost(sheet) == steps
    assert not steps or words in said(sheet, steps[-1])


def test_endless_and_slow_experiments_take_no_time_from_the_trials() -> None:
    notebook = add_code(solved(SECOND), ENDLESS, "more")
    assert mark_code(PART_TWO, notebook).points == 10.0
    busy = "now = __import__('time').process_time\nend = now() + 0.4\n"
    slow = [f"slow_{number}" for number in range(9)]
    notebook = add_code(solved(SECOND), f"{busy}while now() < end: pass", *slow)
    assert mark_code(PART_TWO, notebook, Settings(timeout=0.5)).points == 10.0


def test_why_a_cell_was_left_out_is_said_wherever_it_costs_a_point() -> None:
    right = "import numpy as np\n"
    sheet = mark_code(PART_TWO, changed(PART_TWO, (right, f"{EXIT}\n{right}")))
    assert lost(sheet)
    for step in lost(sheet):
        assert "Code cell 2 was left out: it ended the process" in said(sheet, step)


@pytest.mark.skipif(HERE >= LEARNT, reason="here this is Python")
def test_an_f_string_of_a_newer_python_costs_nothing_and_both_versions_are_named() -> (
    None
):
    wanted = r'info = {"l": losses[-1]}; print(f"{info["l"]:.4f}"); return losses'
    notebook = changed(PART_TWO, ("return losses", wanted))
    for version, newer in (("3.13.2", "3.13"), (None, "3.12")):
        notebook["metadata"]["language_info"] = {"version": version}
        with pytest.raises(NotMarked, match=rf"cell 18 .*\..*line .* Python {newer}"):
            mark_code(PART_TWO, notebook)


TAMPERINGS = {
    "comparison": "np.allclose = np.array_equal = lambda *a, **k: True",
    "norm": "np.linalg.norm = lambda *a, **k: 0.0",
    "builtins": "import builtins; builtins.any = builtins.all = lambda *a: True",
    "checks": "type(check).__call__ = lambda self, name: 'correct'",
    "marking": (
        "import mlp_exercise.part2 as m\nm.mark = m._judge = lambda *a: ('correct', '')"
    ),
    "trials": (
        "import mlp_exercise.part2 as t\n"
        "t.TRIALS.update(dict.fromkeys(t.TRIALS, lambda *a: {}))"
    ),
    "a class that claims to be equal": (
        "class Always(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0.0\n"
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_with_code_gains_nothing(tampering: str) -> None:
    notebook = student(SECOND)
    own = [c for c in notebook["cells"] if "YOUR CODE" in c["source"]]
    for cell in own:
        cell["source"] = cell["source"].replace(
            "raise NotImplementedError()", "return np.zeros((1, 2))"
        )
    own[0]["source"] = f"{TAMPERINGS[tampering]}\n{own[0]['source']}"
    assert mark_code(PART_TWO, notebook).points == 0.0


def test_forged_reports_are_no_answers() -> None:
    forging = (
        "import json, os\n"
        "for number in range(200):\n"
        "    for fd in range(3, 20):\n"
        "        for line in ({'cell': number}, {'cell': number, 'observed': {'': 3}},\n"
        "                     {'cell': number, 'observed': {'one sample/output': {}}}):\n"
        "            try: os.write(fd, json.dumps(line).encode() + b'\\n')\n"
        "            except OSError: pass\n"
    )
    sheet = mark_code(PART_TWO, add_code(student(SECOND), forging, "more"))
    assert (sheet.points, len(sheet.marks)) == (0.0, 10)


def test_the_limit_of_memory_comes_on_top_of_what_pytorch_takes() -> None:
    small = PART_THREE._replace(memory=200 * 2**20)
    assert lost(mark_code(small, changed(PART_THREE), PATIENT)) == []


LOADER = "        for x, t in loader:"
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
LAST = "return self.output(torch.tanh(self.hidden(x)))"
MADE = "self.output = nn.Linear(32, 1)\n"
IN_A_LIST = (
    "self.modules = []\n"
    "        self.modules.append(nn.Linear(1, 32))\n"
    "        self.modules.append(nn.Linear(32, 1))\n"
)
HIDDEN = "self.hidden = nn.Linear(1, 32)\n        "
CASES: list[tuple[list[Change], list[str], str]] = [
    ([(LOADER, f"        {ENDLESS}\n{LOADER}")], ["fit"], "longer than 3 s"),
    ([(LOADER, f"        x = [torch.ones(2**24) for _ in range(2**20)]\n{LOADER}")],
     ["fit"], "It raised"),
    ([(LOADER, FORBIDDEN + LOADER)], ["fit"], "It raised ValueError: PRPPP"),
    # The loop keeps its point.
    ([("losses = fit(", f"{ENDLESS}\nlosses = fit(")], ["validation_error"], "longer than 3 s"),
    # A progress bar, and a name of the base class shadowed.
    ([("for _ in range(epochs):", "for _ in tqdm(range(epochs), desc='fit'):"),
      ("def fit(", "from tqdm import tqdm\n\ndef fit(")], [], ""),
    ([(HIDDEN + MADE, IN_A_LIST),
      (LAST, "return self.modules[1](torch.tanh(self.modules[0](x)))")],
     ["model"], "`self.modules` hides a method of nn.Module"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "steps", "words"), CASES)
def test_what_learners_handed_in_gets_what_the_exercise_promises(
    changes: list[Change], steps: list[str], words: str
) -> None:
    sheet = mark_code(PART_THREE, changed(PART_THREE, *changes), Settings(timeout=3.0))
    assert lost(sheet) == steps
    assert not steps or words in said(sheet, steps[0])
