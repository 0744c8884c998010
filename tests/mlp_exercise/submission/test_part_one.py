from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlp_exercise.part1.options import Options
from mlp_exercise.part1.variants import variant
from mlp_exercise.submission.answers import openings
from mlp_exercise.submission.notebook_file import Unreadable
from mlp_exercise.submission.part_one import (
    NAMES,
    PART_ONE,
    mark_submission,
)
from mlp_exercise.submission.records import Settings, Sheet
from mlp_reference.manual import work_out
from mlp_reference.mistakes import PEN_AND_PAPER
from mlp_reference.worked_example import EXERCISE
from tests.mlp_exercise.submission.conftest import rounded

if TYPE_CHECKING:
    from tests.mlp_exercise.submission.conftest import Notebooks

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


def mark(
    notebooks: Notebooks, notebook: dict[str, Any], settings: Settings | None = None
) -> Sheet:
    settings = settings or Settings(timeout=1.5)
    return mark_submission(notebooks.read(notebook), settings)


def points(sheet: Sheet) -> float:
    return sum(mark.points for mark in sheet.marks)


def test_twelve_right_answers_are_worth_six_points(notebooks: Notebooks) -> None:
    sheet = mark(notebooks, notebooks.answering(notebooks.sources()))
    assert points(sheet) == 6
    assert tuple(mark.name for mark in sheet.marks) == NAMES
    assert sheet.variant is None


def test_a_module_that_colab_brings_costs_nothing_that_stands_below_it(
    notebooks: Notebooks,
) -> None:
    mounts = "from google.colab import drive\nimport numpy as np\n"
    mounts += "drive.mount('/content/drive')"
    without = {"a": COMPUTED.replace("import numpy as np\n", "") + "a = W1 @ x + b1"}
    notebook = notebooks.answering(COMPUTATIONS | without)
    notebook["cells"].insert(1, notebooks.cell(mounts))
    assert points(mark(notebooks, notebook)) == 6


def test_answers_may_be_computed(notebooks: Notebooks) -> None:
    assert points(mark(notebooks, notebooks.answering(COMPUTATIONS))) == 6


def test_answers_are_not_computed_where_that_is_not_wanted(
    notebooks: Notebooks,
) -> None:
    sheet = mark(notebooks, notebooks.answering(COMPUTATIONS), Settings(execute=False))
    assert points(sheet) == 0
    assert {mark.verdict for mark in sheet.marks} == {"missing"}
    assert set(sheet.notes) == set(NAMES)


def test_a_blank_notebook_scores_nothing(notebooks: Notebooks) -> None:
    blank = {name: f"{name} = [None]\nraise NotImplementedError()" for name in NAMES}
    sheet = mark(notebooks, notebooks.answering(blank))
    assert points(sheet) == 0
    assert not sheet.notes


def test_a_variant_is_marked_by_its_own_numbers(notebooks: Notebooks) -> None:
    notebook = notebooks.answering(notebooks.sources(variant(17)))
    assert points(mark(notebooks, notebook)) < 6
    assert points(mark(notebooks, notebook, Settings(variant=17))) == 6
    notebook["metadata"]["mlp_reference"] = {"variant": 17}
    assert points(mark(notebooks, notebook)) == 6
    assert mark(notebooks, notebook).variant == 17


def test_a_seed_that_the_code_contradicts_is_flagged(notebooks: Notebooks) -> None:
    notebook = notebooks.answering(notebooks.sources(variant(17)))  # with Checks()
    assert not mark(notebooks, notebook).marks[0].flags
    notebook["metadata"]["mlp_reference"] = {"variant": 17}
    assert mark(notebooks, notebook).marks[0].flags == ("disputed seed",)
    notebook["metadata"]["mlp_reference"] = {"variant": None}
    assert not mark(notebooks, notebook).marks[0].flags


def test_the_seed_survives_stripped_metadata(notebooks: Notebooks) -> None:
    notebook = notebooks.answering(notebooks.sources(variant(17)))
    notebook["cells"][0]["source"] += "\ncheck = Checks(variant=17)"
    notebook["cells"][0]["source"] = notebook["cells"][0]["source"].replace(
        "check = Checks()\n", ""
    )
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    assert points(mark(notebooks, notebook)) == 6


def test_answers_stay_when_metadata_is_gone_and_their_names_are_used_again(
    notebooks: Notebooks,
) -> None:
    opening = openings(PART_ONE.name)
    for right in (notebooks.sources(), COMPUTATIONS):
        sources = {name: f"{opening[name]}\n{text}" for name, text in right.items()}
        again = "a = 5\ny = list(range(10))\nprint(a, y)"
        notebook = notebooks.answering(sources, again)
        notebook["cells"].insert(-2, notebooks.cell(again))  # above the last check
        notebooks.strip(notebook)
        assert points(mark(notebooks, notebook)) == 6


def test_a_minus_copied_from_the_page_is_a_minus(notebooks: Notebooks) -> None:
    literal = {n: s.replace("-", "\u2212") for n, s in notebooks.sources().items()}
    computed = {n: s.replace("-", "\u2212") for n, s in COMPUTATIONS.items()}
    for sources in (literal, computed):
        assert any("\u2212" in text for text in sources.values())
        sheet = mark(notebooks, notebooks.answering(sources))
        assert points(sheet) == 6
        assert not sheet.notes


def test_the_updated_w2_costs_half_a_point_and_is_named(notebooks: Notebooks) -> None:
    slip = next(m for m in PEN_AND_PAPER if m.name == "used the updated W2")
    values = work_out(EXERCISE, {slip.quantity: slip.formula})
    sources = {name: f"{name} = {rounded(values[name])}" for name in NAMES}
    sheet = mark(notebooks, notebooks.answering(sources))
    assert points(sheet) == 5.5
    (wrong,) = (mark for mark in sheet.marks if not mark.points)
    assert wrong.feedback == "It looks as if you used the updated W2."


@pytest.mark.parametrize(
    "source", ["a = [0.1] * 100_000", "a = list(range(10**6))", "a = [[0] * 999] * 999"]
)
def test_far_too_many_values_cost_one_point_and_are_said_to_be_too_many(
    notebooks: Notebooks, source: str
) -> None:
    sheet = mark(notebooks, notebooks.answering(notebooks.sources(a=source)))
    first = sheet.marks[0]
    assert (first.verdict, first.flags) == ("wrong", ("wrong shape",))
    assert first.feedback.startswith("a holds more than 1000 values; expected ")
    assert not sheet.notes


@pytest.mark.parametrize("seed", [-1, 10**400])
def test_a_seed_without_a_variant_is_unreadable(
    notebooks: Notebooks, seed: int
) -> None:
    notebook = notebooks.answering(notebooks.sources())
    notebook["metadata"]["mlp_reference"] = {"variant": seed}
    with pytest.raises(Unreadable, match="its numbers cannot be drawn"):
        mark(notebooks, notebook)


def test_options_reach_the_marking(notebooks: Notebooks) -> None:
    notebook = notebooks.answering(notebooks.sources(z="z = [None, None]"))
    blocked = mark(notebooks, notebook)
    lenient = mark(notebooks, notebook, Settings(options=Options("original")))
    assert points(blocked) < points(lenient) == 5.5


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
    "builtins.float = Liar",
    "ours": "from mlp_exercise.part1 import marking, tolerance, values\n"
    "values.plain = values._plain = lambda *a: None\n"
    "tolerance.explains = marking.explains = lambda *a, **o: True\n"
    "marking.mark = lambda *a: 6",
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_tampering_gains_nothing(notebooks: Notebooks, cheat: str) -> None:
    wrong = notebooks.wrong()
    computed = {name: f"{text}\n{name} = f({name})" for name, text in wrong.items()}
    for sources in (wrong, computed):
        first = f"{CHEATS[cheat]}\nf = lambda value: value"
        notebook = notebooks.answering({"cheat": first} | sources)
        assert points(mark(notebooks, notebook)) == 0


def test_numbers_that_lie_gain_nothing(notebooks: Notebooks) -> None:
    sources = {
        name: f"{text}\n{name} = lying({name})"
        for name, text in notebooks.wrong().items()
    }
    lying = CHEATS["float"] + (
        "\ndef lying(v): return [lying(x) for x in v] if type(v) is list else Liar(v)"
    )
    assert points(mark(notebooks, notebooks.answering({"x": lying} | sources))) == 0


def test_check_cells_have_no_say(notebooks: Notebooks) -> None:
    notebook = notebooks.answering(notebooks.wrong())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("check"):
            cell["source"] = "check = lambda *a: 'correct'\nassert True\npoints = 6"
    assert points(mark(notebooks, notebook)) == 0


@pytest.mark.parametrize(
    "end",
    [
        "while True: pass",
        "import sys; sys.exit()",
        "import os; os._exit(0)",
        "a = (",
        "!ls",
    ],
)
def test_a_bad_cell_leaves_the_other_answers(notebooks: Notebooks, end: str) -> None:
    literal = notebooks.sources(z=f"{end}\nz = f()")
    assert points(mark(notebooks, notebooks.answering(literal))) >= 4
    computed = COMPUTATIONS | {"b1_updated": end}
    sheet = mark(notebooks, notebooks.answering(computed))
    assert points(sheet) == 5.5
