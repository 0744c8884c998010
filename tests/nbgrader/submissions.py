"""What learners hand in: blank, solved and partly wrong notebooks, and what each is worth."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.nbgrader.course import Notebook


class Submission(NamedTuple):
    """A solved notebook in which some text has been replaced, and its points."""

    points: float
    replaced: Mapping[str, str] = {}


RAISE = "raise NotImplementedError()"
SIGMOID = "z = [1 / (1 + math.exp(-a[0])), 1 / (1 + math.exp(-a[1]))]"

PEN_AND_PAPER = {
    "followed_through": Submission(
        5.5, {"z = [math.tanh(a[0]), math.tanh(a[1])]": SIGMOID}
    ),
    "blocked": Submission(
        2.5,
        {
            "z = [math.tanh(a[0]), math.tanh(a[1])]": RAISE,
            "y = [W2[0][0] * z[0] + W2[0][1] * z[1] + b2[0]]": "y = [0.31]",
        },
    ),
    "wrong_shape": Submission(
        5.5,
        {"dL_db2 = [dL_dy[0] * 1]": "dL_db2 = [[dL_dy[0]]]", "dL_db2[0]": "dL_dy[0]"},
    ),
    "text": Submission(
        5.5, {"b2_updated = [b2[0] - learning_rate * dL_db2[0]]": 'b2_updated = "0,5"'}
    ),
    "no_python": Submission(5.5, {"loss = (y[0] - t[0]) ** 2": "loss = (y[0] - t[0]"}),
}
NUMPY_GRADIENT = {
    "wrong_backward": Submission(
        9, {"return G * (1 - self.z * self.z)": "return G * (1 - self.z)"}
    ),
    "missing": Submission(9, {"self.weight_gradient = G.T @ self.x": RAISE}),
    "followed_through": Submission(
        9,
        {
            "return np.mean(self.error**2)": "return np.sum(self.error**2)",
            "return 2 * self.error / self.error.size": "return 2 * self.error",
        },
    ),
    "three_layers": Submission(
        9,
        {
            "for layer in reversed(self.layers):\n            G = layer.backward(G)\n": (
                "for layer in self.layers[:-4:-1]:\n            G = layer.backward(G)\n"
            )
        },
    ),
    "changes_its_output": Submission(
        9,
        {
            "return G * (1 - self.z * self.z)": "self.z *= self.z; return G * (1 - self.z)"
        },
    ),
    "no_python": Submission(9, {"def step(self):": "def step(self)"}),
    "warns": Submission(
        10,
        {
            "self.z = np.tanh(x)": "import warnings; warnings.warn('!'); self.z = np.tanh(x)"
        },
    ),
}
PYTORCH_REGRESSION = {
    "linear": Submission(2, {"torch.tanh(self.hidden(x))": "self.hidden(x)"}),
    "shadowed": Submission(
        3,
        {
            "self.hidden = nn.Linear(1, 32)": "self.modules = [nn.Linear(1, 32)]",
            "self.output = nn.Linear(32, 1)": "self.modules += [nn.Linear(32, 1)]",
            "self.output(torch.tanh(self.hidden(x)))": (
                "self.modules[1](torch.tanh(self.modules[0](x)))"
            ),
        },
    ),
    "missing": Submission(2, {"loss_function = nn.MSELoss()": RAISE}),
    "gradients_add_up": Submission(3, {"optimizer.zero_grad()": "pass"}),
}
PARTLY_WRONG = {
    "ex1_01_pen_and_paper": PEN_AND_PAPER,
    "ex1_02_numpy_gradient": NUMPY_GRADIENT,
    "ex1_03_pytorch_regression": PYTORCH_REGRESSION,
    "variant_17": {"followed_through": PEN_AND_PAPER["followed_through"]},
}
"""By assignment: to add an exercise, add what its learners get wrong."""


def answered(
    release: Notebook, solved: Notebook, replaced: Mapping[str, str]
) -> Notebook:
    """Put solutions into the answers of what nbgrader handed out; replace some text."""
    sources = {cell["id"]: cell["source"] for cell in solved["cells"]}
    cells = [
        cell | {"source": sources[cell["id"]]} if is_answer(cell) else cell
        for cell in release["cells"]
    ]
    for text, instead in replaced.items():
        places = [cell for cell in cells if is_answer(cell) and text in cell["source"]]
        assert len(places) == 1, f"{len(places)} answers have {text!r}, expected one"
        places[0]["source"] = places[0]["source"].replace(text, instead)
    return release | {"cells": cells}


def tampered(release: Notebook, points: Mapping[str, float]) -> Notebook:
    """Leave the answers blank, and let the checks' own object say that all is right."""
    cells = list(release["cells"])
    first = next(number for number, cell in enumerate(cells) if is_answer(cell))
    trick = f"check.points = {dict(points)}.get\n"
    cells[first] = cells[first] | {"source": trick + cells[first]["source"]}
    return release | {"cells": cells}


def is_answer(cell: Notebook) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))
