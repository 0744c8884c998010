from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlp_exercise.handout.notebook import Notebook, solved, student
from mlp_exercise.part2.steps import NEEDS, STEPS
from mlp_exercise.part2.trials import TRIALS
from mlp_exercise.submission.batch import mark_one
from mlp_exercise.submission.broken import HERE, LEARNT
from mlp_exercise.submission.notebook_file import NotMarked, read
from mlp_exercise.submission.part_two import PART_TWO
from mlp_exercise.submission.records import Result, Settings
from mlp_exercise.submission.run import Trials

NAME = "ex1_02_numpy_gradient"
QUICK = Settings(timeout=2.0)


def mark(notebook: Notebook, folder: Path, settings: Settings = QUICK) -> Result:
    file = folder / f"{NAME}.ipynb"
    file.write_text(json.dumps(notebook), "utf-8")
    return mark_one(str(file), settings)


def changed(*pairs: tuple[str, str]) -> Notebook:
    """Take the solved notebook and replace texts that stand in it once."""
    notebook = solved(NAME)
    for right, instead in pairs:
        found = [cell for cell in notebook["cells"] if right in cell["source"]]
        assert len(found) == 1
        found[0]["source"] = found[0]["source"].replace(right, instead)
    return notebook


def add_code(notebook: Notebook, source: str, *names: str) -> None:
    """Put cells of code at the end, as a learner would."""
    (like,) = (cell for cell in notebook["cells"] if cell["id"] == "report")
    notebook["cells"] += [dict(like, source=source, id=name) for name in names]


def lost(result: Result) -> list[str]:
    return [mark.name for mark in result.marks if not mark.points]


def said(result: Result, step: str) -> str:
    return next(result.feedback(mark) for mark in result.marks if mark.name == step)


def test_the_solved_notebook_gets_ten_points(tmp_path: Path) -> None:
    result = mark(solved(NAME), tmp_path)
    assert (result.exercise, result.points, result.max_points) == (NAME, 10.0, 10.0)


def test_the_blank_notebook_gets_none(tmp_path: Path) -> None:
    result = mark(student(NAME), tmp_path)
    assert result.points == 0.0
    assert {mark.verdict for mark in result.marks} == {"missing"}


def test_no_trial_is_made_before_those_that_it_needs() -> None:
    names = list(TRIALS)
    assert list(dict.fromkeys(n for step in STEPS for n in step.tried_by)) == names
    for name, needs in NEEDS.items():
        assert all(names.index(need) < names.index(name) for need in needs)
    left = Trials("", tuple(names), NEEDS).left(["tanh_forward"])
    assert set(names) - set(left) == {"tanh_forward", "tanh_both", "tanh_derivative"}


def test_without_execution_it_is_not_marked_and_says_why(tmp_path: Path) -> None:
    result = mark(solved(NAME), tmp_path, Settings(execute=False))
    assert result.status == "not marked"
    assert result.reason == "its answers are code, and nothing was to be executed"


def test_it_is_recognised_by_what_it_defines(tmp_path: Path) -> None:
    notebook = solved(NAME)
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    file = tmp_path / "work.ipynb"
    file.write_text(json.dumps(notebook), "utf-8")
    assert mark_one(str(file), QUICK).points == 10.0


MOVE = "layer.weight -= self.lr * layer.weight_gradient"
LOOP = "for start in range(0, len(X), batch_size):"
OUTPUT = "return x @ self.weight.T + self.bias"
EXIT = "import os; os._exit(0)"


@pytest.mark.parametrize(
    ("right", "instead", "step", "words"),
    [
        (LOOP, f"while True:\n            pass\n        {LOOP}", "train", "longer than 2 s"),
        (MOVE, "while True: pass", "sgd_step", "longer than 2 s"),
        (MOVE, "import os; os._exit(0)", "sgd_step", "ended the process"),
        (MOVE, "import sys; sys.exit()", "sgd_step", "SystemExit"),
        (MOVE, "x = bytes(10**12)", "sgd_step", "MemoryError"),
        (MOVE, "open('/tmp/written', 'w')", "sgd_step", "PermissionError"),
        (MOVE, "import os; os.popen('true')", "sgd_step", "PermissionError"),
        (MOVE, "import os; os.system('clear'); " + MOVE, "", ""),
        (MOVE, "import os; os.fork()", "sgd_step", "PermissionError"),
        (MOVE, "import socket; socket.socket().bind(('', 0))", "sgd_step", "PermissionError"),
        (MOVE, "raise KeyboardInterrupt", "sgd_step", "could not be tried out"),
        (MOVE, "def f(): f()\n                f()", "sgd_step", "RecursionError"),
        (MOVE, "print('flood' * 10**6); " + MOVE, "", ""),
        (OUTPUT, "while True: pass", "linear_forward", "longer than 2 s"),
        (OUTPUT, EXIT, "linear_forward", "ended the process"),
        (OUTPUT, "raise KeyboardInterrupt", "linear_forward", "could not be tried out"),
        ("return G @ self.weight", "while True: pass", "linear_backward", "longer than 2 s"),
        ("return G @ self.weight", EXIT, "linear_backward", "ended the process"),
        ("self.z = np.tanh(x)", EXIT, "tanh_forward", "ended the process"),
        ("return G * (1", f"{EXIT}; return G * (1", "tanh_backward", "ended the process"),
        ("return np.mean(self", f"{EXIT}; return np.mean(self", "mse_forward", "ended the process"),
        ("return 2 * self.error", f"{EXIT}; return 2", "mse_backward", "ended the process"),
        ("x = layer.forward(x)", EXIT, "network_forward", "ended the process"),
        ("G = layer.backward(G)", EXIT, "network_backward", "ended the process"),
        ("return G @ self.weight", "return 'x' * 10**7", "linear_backward", "is a str"),
        ("return G @ self.weight", "return G.repeat(9999, 0)", "linear_backward", "is a ndarray"),
    ],
)  # fmt: skip
def test_what_goes_too_far_costs_its_own_point_only(
    right: str, instead: str, step: str, words: str, tmp_path: Path
) -> None:
    result = mark(changed((right, instead)), tmp_path)
    assert lost(result) == ([step] if step else [])
    assert not step or words in said(result, step)
    assert [file.name for file in tmp_path.iterdir()] == [f"{NAME}.ipynb"]


def test_endless_passes_cost_no_more_than_their_points(tmp_path: Path) -> None:
    endless = changed(
        (OUTPUT, "while True: pass"),
        ("self.z = np.tanh(x)", "while True: pass"),
        ("return np.mean(self.error**2)", "while True: pass"),
        ("x = layer.forward(x)", "while True: pass"),
    )
    result = mark(endless, tmp_path)
    assert lost(result) == [
        "linear_forward",
        "tanh_forward",
        "mse_forward",
        "network_forward",
    ]


def test_a_forward_pass_too_slow_to_be_differentiated_costs_nothing(
    tmp_path: Path,
) -> None:
    count = "CALLS.append(1)\n        while len(CALLS) > 15: pass\n        "
    notebook = changed(
        (OUTPUT, count + OUTPUT), ("class Linear:", "CALLS = []\n\n\nclass Linear:")
    )
    assert mark(notebook, tmp_path).points == 10.0


def test_a_slip_is_named_though_the_other_pass_comes_to_no_end(tmp_path: Path) -> None:
    mean = ("self.bias_gradient = G.sum(axis=0)", "self.bias_gradient = G.mean(axis=0)")
    result = mark(changed((OUTPUT, EXIT), mean), tmp_path)
    assert lost(result) == ["linear_forward", "linear_backward"]
    assert "took the mean over the batch" in said(result, "linear_backward")


def test_what_an_endless_forward_pass_keeps_is_not_blamed_on_the_backward_pass(
    tmp_path: Path,
) -> None:
    elsewhere = (
        "self.weight_gradient = G.T @ self.x",
        "self.weight_gradient = G.T @ self.cache",
    )
    result = mark(changed((OUTPUT, EXIT), elsewhere), tmp_path)
    assert "that comes to no end" in said(result, "linear_backward")


def test_an_endless_cell_is_left_out(tmp_path: Path) -> None:
    notebook = solved(NAME)
    add_code(notebook, "while True: pass", "more")
    assert mark(notebook, tmp_path).points == 10.0


def test_slow_experiments_take_no_time_from_the_trials(tmp_path: Path) -> None:
    notebook = solved(NAME)
    slow = [f"slow_{number}" for number in range(9)]
    busy = "now = __import__('time').process_time\nend = now() + 0.4\n"
    add_code(notebook, f"{busy}while now() < end: pass", *slow)
    assert mark(notebook, tmp_path, Settings(timeout=0.5)).points == 10.0


def test_why_a_cell_was_left_out_is_said_wherever_it_costs_a_point(
    tmp_path: Path,
) -> None:
    right = "import numpy as np\n"
    result = mark(changed((right, f"import os; os._exit(0)\n{right}")), tmp_path)
    assert lost(result)
    for step in lost(result):
        assert "Code cell 2 was left out: it ended the process" in said(result, step)


def test_a_cell_that_is_no_python_costs_what_it_defines(tmp_path: Path) -> None:
    result = mark(changed(("return G @ self.weight", "return G @")), tmp_path)
    assert lost(result) == ["linear_forward", "linear_backward"]
    assert "is not valid Python" in said(result, "linear_forward")


@pytest.mark.skipif(HERE >= LEARNT, reason="here this is Python")
def test_an_f_string_of_a_newer_python_costs_nothing_and_both_versions_are_named() -> (
    None
):
    wanted = r'info = {"l": losses[-1]}; print(f"{info["l"]:.4f}"); return losses'
    notebook = changed(("return losses", wanted))
    for version in ("3.13.2", None):
        language = notebook["metadata"]["language_info"]
        notebook["metadata"]["language_info"] = language | {"version": version}
        submission = read(json.dumps(notebook).encode())
        newer = "3.13" if version else "3.12"
        with pytest.raises(NotMarked, match=rf"cell 18 .*\..*line .* Python {newer}"):
            PART_TWO.mark(submission, QUICK)


TAMPERINGS = {
    "patched comparison": "np.allclose = np.array_equal = lambda *a, **k: True",
    "patched norm": "np.linalg.norm = lambda *a, **k: 0.0",
    "patched builtins": "import builtins; builtins.any = builtins.all = lambda *a: True",
    "patched checks": "type(check).__call__ = lambda self, name: 'correct'",
    "patched marking": (
        "import mlp_exercise.part2.marking as m\nm._judge = lambda *a: ('correct', '')"
    ),
    "patched trials": (
        "import mlp_exercise.part2.trials as t\n"
        "t.try_forward = t.try_backward = lambda *a: {}"
    ),
    "a class that claims to be equal": (
        "class Always(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0.0\n"
    ),
}


@pytest.mark.parametrize("source", TAMPERINGS.values(), ids=list(TAMPERINGS))
def test_tampering_gains_nothing(source: str, tmp_path: Path) -> None:
    notebook = student(NAME)
    answers = [c for c in notebook["cells"] if "YOUR CODE" in c["source"]]
    for cell in answers:
        cell["source"] = cell["source"].replace(
            "raise NotImplementedError()", "return np.zeros((1, 2))"
        )
    answers[0]["source"] = f"{source}\n{answers[0]['source']}"
    assert mark(notebook, tmp_path).points == 0.0


def test_forged_reports_are_no_answers(tmp_path: Path) -> None:
    forging = (
        "import json, os\n"
        "for number in range(200):\n"
        "    for fd in range(3, 20):\n"
        "        for line in ({'cell': number}, {'cell': number, 'observed': {'': 3}},\n"
        "                     {'cell': number, 'observed': {'one sample/output': {}}}):\n"
        "            try: os.write(fd, json.dumps(line).encode() + b'\\n')\n"
        "            except OSError: pass\n"
    )
    notebook = student(NAME)
    add_code(notebook, forging, "more")
    result = mark(notebook, tmp_path)
    assert (result.points, len(result.marks)) == (0.0, 10)
