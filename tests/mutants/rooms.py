"""Which modules are changed, how, and which tests should notice."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ARITHMETIC = (
    "ReplaceBinaryOperator_"
    "(Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_Mul|Pow_Mul|BitAnd_BitOr)"
    "|ReplaceUnaryOperator_Delete_USub|NumberReplacer|RemoveStatement"
)
# A change to what raises a TypeError wherever the line runs, such as `a << b` of floats,
# would be noticed by any test; so each operator becomes the one it is mistaken for.
LOGIC = (
    "ReplaceComparisonOperator_"
    "(Eq_NotEq|NotEq_Eq|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_Gt|Gt_Lt|Is_IsNot|IsNot_Is)"
    "|ReplaceUnaryOperator_Delete_Not|Replace(True|False|And|Or)With.*|AddNot"
    "|ReplaceBreakWithContinue|ReplaceContinueWithBreak|ExceptionReplacer"
    "|RemoveDecorator|ZeroIterationForLoop"
)
DRAWING = (
    "plotting/", "_network_forms.py", "circuit.py", "drawing.py", "network_graph.py",
)  # fmt: skip
"""Where only logic is changed: what is drawn, how wide and where, eyes judge."""


@dataclass(frozen=True)
class Room:
    """Modules that are measured together."""

    folder: str
    without: tuple[str, ...] = ()
    more: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Tests of a module or a folder that do not stand at its own place in `tests`."""

    def files(self) -> dict[str, str]:
        """Return the modules, each with a pattern of the operators that apply to it."""
        return {
            file: LOGIC
            if any(part in file for part in DRAWING)
            else f"{ARITHMETIC}|{LOGIC}"
            for path in sorted((ROOT / self.folder).rglob("*.py"))
            for file in [path.relative_to(ROOT).as_posix()]
            if not any(file.startswith(self.folder + name) for name in self.without)
            and any(word in path.read_text("utf-8") for word in ("def ", "class "))
        }

    def tests(self, file: str) -> tuple[str, ...]:
        """Return the tests of a module: those with its name first, because they notice most."""
        module = ROOT / "tests" / file
        named = sorted(module.parent.glob(f"test_{module.stem.lstrip('_')}*.py"))
        found = [path.relative_to(ROOT).as_posix() for path in named]
        for place, tests in self.more.items():
            if file.startswith(self.folder + place):
                found += tests
        return tuple(dict.fromkeys(found))


def files_in(folder: str, *names: str) -> tuple[str, ...]:
    """Return the paths of test files in a folder of `tests`."""
    return tuple(f"tests/{folder}/test_{name}.py" for name in names)


def in_classroom(folder: str, *names: str) -> tuple[str, ...]:
    """Return the paths of tests of the marking of a class."""
    return files_in(f"mlp_exercise/classroom/{folder}".rstrip("/"), *names)


PARITY = files_in("mlp_reference", "parity")
PART1 = files_in(
    "mlp_exercise/part1", "marking", "rules", "feedback", "checks", "boxes"
)
PART2 = files_in("mlp_exercise/part2", "marking")
PART3 = files_in("mlp_exercise/part3", "marking", "trials")

ROOMS = {
    "network": Room(
        "mlp_reference/",
        without=("plotting/_style.py",),  # colours and widths, one for all figures
        more={
            "__init__": files_in("mlp_reference", "version"),
            "_network_forms": files_in("mlp_reference", "network_graph"),
            "arrays": files_in("mlp_reference", "datasets", "training", "numpy_mlp"),
            "numpy_mlp": (*files_in("mlp_reference", "cross_entropy"), *PARITY),
            "plain_mlp": PARITY,
            "torch_mlp": PARITY,
            "training": files_in("mlp_reference", "torch_mlp"),
            "manual": files_in(
                "mlp_reference", "parity", "worked_example", "walkthrough"
            ),
            "plotting/": files_in("mlp_reference", "plotting"),
            "plotting/classes": files_in("mlp_reference", "plotting_classes"),
            "plotting/shares": files_in("mlp_reference", "plotting_shares"),
            "drawing": files_in("mlp_reference", "network_graph", "plotting"),
        },
    ),
    "marking": Room(
        "mlp_exercise/",
        without=("classroom/",),
        more={
            "__main__": (
                *files_in("mlp_exercise/handout", "commands"),
                *files_in("mlp_reference", "version"),
            ),
            "check": (*PART1, *PART2),
            "loop": (*PART2, *PART3),
            "observations": (*PART2, *PART3),
            "signs": files_in("mlp_exercise", "typed", "values"),
            "typed": files_in("mlp_exercise", "values"),
            "values": (*PART1, *files_in("mlp_exercise/submission", "read")),
            "part1/": PART1,
            "part2/": PART2,
            "part3/": PART3,
            "part1/commas": files_in("mlp_exercise", "signs"),
            "handout/": files_in(
                "mlp_exercise/handout", "notebook", "source", "commands"
            ),
            "handout/first_cell": ("tests/test_first_cell.py",),
            "handout/installing": ("tests/test_first_cell.py",),
            "submission/child": files_in("mlp_exercise/submission", "process", "run"),
            "submission/kernel": files_in("mlp_exercise/submission", "fence"),
            "submission/mark": files_in("mlp_exercise/submission", "troubles", "load"),
            "submission/notebook": files_in("mlp_exercise/submission", "read"),
            "submission/python": files_in("mlp_exercise/submission", "read"),
            "submission/read": files_in("mlp_exercise/submission", "mark"),
            "submission/run": files_in("mlp_exercise/submission", "mark"),
        },
    ),
    "classroom": Room(
        "mlp_exercise/classroom/",
        more={
            "batches/": in_classroom("batches", "batch", "previous", "record"),
            "batches/interruption": in_classroom("batches", "interrupted"),
            "batches/worker": in_classroom("batches", "cluster"),
            "collecting/": in_classroom(
                "collecting", "collect", "archives", "learners"
            ),
            "files": in_classroom("", "tables", "command"),
            "for_instructors/": in_classroom("for_instructors", "class_page"),
            "for_learners/": in_classroom(
                "for_learners", "feedback", "annotated", "returned"
            ),
            "going_back": in_classroom("", "command"),
            "gradebooks/": in_classroom(
                "gradebooks", "gradebook", "roster", "matching"
            ),
            "page": in_classroom("for_learners", "feedback"),
            "screen": in_classroom("", "command", "tables"),
        },
    ),
}

GATES = ("network", "marking")
"""Which rooms must reach the goal where none is named; of others the number is a report."""


@dataclass(frozen=True)
class Equivalent:
    """A change after which the module does the same, and why."""

    file: str
    before: str
    after: str
    because: str


def equivalents() -> list[Equivalent]:
    """Read the list of changes that no test can notice."""
    text = Path(__file__).with_name("equivalent.toml").read_text("utf-8")
    return [Equivalent(**entry) for entry in tomllib.loads(text).get("change", [])]
