"""What learners hand in: blank, solved and partly wrong notebooks, and what each is worth."""

from collections.abc import Mapping, Sequence

from tests.nbgrader.course import Notebook

RAISE = "raise NotImplementedError()"
Z = "z = [math.tanh(a[0]), math.tanh(a[1])]"
SIGMOID = "z = [1 / (1 + math.exp(-a[0])), 1 / (1 + math.exp(-a[1]))]"
BACKWARD = "return G * (1 - self.z * self.z)"
REVERSED = "for layer in reversed(self.layers):\n            G = layer.backward(G)\n"
LAST_THREE = "for layer in self.layers[:-4:-1]:\n            G = layer.backward(G)\n"
LOSS_GRADIENT = "return 2 * self.error / self.error.size"
FORWARD = "self.output(torch.tanh(self.hidden(x)))"
SHADOWED = "self.modules[1](torch.tanh(self.modules[0](x)))"

Pairs = Sequence[tuple[str, str]]
PARTLY_WRONG: dict[str, dict[str, tuple[float, Pairs]]] = {
    "ex1_01_pen_and_paper": {
        "followed_through": (5.5, [(Z, SIGMOID)]),
        "blocked": (
            2.5,
            [
                (Z, RAISE),
                ("y = [W2[0][0] * z[0] + W2[0][1] * z[1] + b2[0]]", "y = [0.31]"),
            ],
        ),
        "wrong_shape": (
            5.5,
            [
                ("dL_db2 = [dL_dy[0] * 1]", "dL_db2 = [[dL_dy[0]]]"),
                ("dL_db2[0]", "dL_dy[0]"),
            ],
        ),
        "text": (5.5, [("[b2[0] - learning_rate * dL_db2[0]]", '"0,5"')]),
        "no_python": (5.5, [("loss = (y[0] - t[0]) ** 2", "loss = (y[0] - t[0]")]),
    },
    "ex1_02_numpy_gradient": {
        "wrong_backward": (9, [(BACKWARD, "return G * (1 - self.z)")]),
        "missing": (9, [("self.weight_gradient = G.T @ self.x", RAISE)]),
        "followed_through": (
            9,
            [
                ("return np.mean(self.error**2)", "return np.sum(self.error**2)"),
                (LOSS_GRADIENT, "return 2 * self.error"),
            ],
        ),
        "three_layers": (9, [(REVERSED, LAST_THREE)]),
        "changes_its_output": (
            9,
            [(BACKWARD, "self.z *= self.z; return G * (1 - self.z)")],
        ),
        "no_python": (9, [("def step(self):", "def step(self)")]),
        "warns": (
            10,
            [("self.z = np.t", "import warnings; warnings.warn('!'); self.z = np.t")],
        ),
    },
    "ex1_03_pytorch_regression": {
        "linear": (2, [("torch.tanh(self.hidden(x))", "self.hidden(x)")]),
        "shadowed": (
            3,
            [
                ("self.hidden = nn.Linear(1, 32)", "self.modules = [nn.Linear(1, 32)]"),
                (
                    "self.output = nn.Linear(32, 1)",
                    "self.modules += [nn.Linear(32, 1)]",
                ),
                (FORWARD, SHADOWED),
            ],
        ),
        "missing": (2, [("loss_function = nn.MSELoss()", RAISE)]),
        "gradients_add_up": (3, [("optimizer.zero_grad()", "pass")]),
    },
    "variant_17": {"followed_through": (5.5, [(Z, SIGMOID)])},
}
"""By assignment and learner: the points, and what is replaced in a solved notebook."""


def answered(release: Notebook, solved: Notebook, replaced: Pairs = ()) -> Notebook:
    """Put solutions into the answers of what nbgrader handed out; replace some text."""
    sources = {cell["id"]: cell["source"] for cell in solved["cells"]}
    cells = [
        cell | {"source": sources[cell["id"]]} if is_answer(cell) else cell
        for cell in release["cells"]
    ]
    for text, instead in replaced:
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
