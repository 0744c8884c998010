"""Code of the package is shown as it is, without docstrings."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from course.source_directive import source_of

if TYPE_CHECKING:
    from tests.docs.conftest import CleanBuild

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "mlp_reference"

Definition = ast.FunctionDef | ast.ClassDef

MODULE = '''\
"""A module."""

LIMIT = 3


def plain(x):
    """Say what it does."""
    return x


def spaced(x):
    """Say what it does.

    At length.
    """

    y = x  # a comment stays

    return y


def bare(x):
    return x


def outer():
    """Hold another function."""

    def inner():
        """Do the work."""
        return """This is no
    docstring."""

    return inner


class Holder(dict):
    """Hold things."""

    size = 3

    def __init__(self):
        """Begin."""
        self.text = """This is no docstring."""

    class Inner:
        """Be inside."""

        def get(self):
            """Get it."""
            if self:
                """this is a statement"""
            return 1


@staticmethod
def decorated():
    """Be decorated."""
    return 1


class Problem(ValueError):
    """There is nothing but this docstring."""


def abstract():
    """Nor is there here."""
'''


def public_definitions() -> Iterator[tuple[str, Definition]]:
    """Go through every public function, class and method of the package."""

    def within(name: str, body: list[ast.stmt]) -> Iterator[tuple[str, Definition]]:
        for node in body:
            if isinstance(node, Definition) and not node.name.startswith("_"):
                yield f"{name}.{node.name}", node
                if isinstance(node, ast.ClassDef):
                    yield from within(f"{name}.{node.name}", node.body)

    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "__init__.py":
            module = (
                path.relative_to(REPOSITORY)
                .with_suffix("")
                .as_posix()
                .replace("/", ".")
            )
            yield from within(module, ast.parse(path.read_text("utf-8")).body)


def program(node: ast.AST) -> str:
    """Write a tree without docstrings and without what only stands in for a body."""
    for inner in ast.walk(node):
        if isinstance(inner, Definition):
            if ast.get_docstring(inner) is not None:
                del inner.body[0]
            if [ast.unparse(statement) for statement in inner.body] in (
                ["pass"],
                ["..."],
            ):
                del inner.body[0]
    return ast.dump(node)


def shown(name: str, project: Path) -> ast.AST:
    """Parse what the directive shows: one definition with no docstring that could be spared."""
    code, path = source_of(name, project)
    compile(code, str(path), "exec")
    (node,) = ast.parse(code).body
    for inner in ast.walk(node):
        if isinstance(inner, Definition) and len(inner.body) > 1:
            assert ast.get_docstring(inner) is None, inner.name
    return node


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tiny/inner").mkdir(parents=True)
    (tmp_path / "tiny/__init__.py").touch()
    (tmp_path / "tiny/inner/module.py").write_text(MODULE, "utf-8")
    return tmp_path


DEFINITIONS = dict(public_definitions())


def test_the_package_has_definitions_to_show() -> None:
    assert "mlp_reference.manual.tanh_backward" in DEFINITIONS
    assert "mlp_reference.numpy_mlp.Linear" in DEFINITIONS
    assert any(
        name.startswith("mlp_reference.numpy_mlp.Linear.") for name in DEFINITIONS
    )


@pytest.mark.parametrize("name", DEFINITIONS)
def test_all_code_of_the_package_is_the_same_but_for_docstrings(name: str) -> None:
    assert program(shown(name, REPOSITORY)) == program(DEFINITIONS[name])


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "spaced",
        "bare",
        "outer",
        "Holder",
        "Holder.__init__",
        "Holder.Inner",
        "Holder.Inner.get",
        "decorated",
        "Problem",
        "abstract",
    ],
)
def test_code_without_docstrings_is_the_same_program(project: Path, name: str) -> None:
    node: ast.AST = ast.parse(MODULE)
    for part in name.split("."):
        assert isinstance(node, ast.Module | ast.ClassDef)
        node = next(
            child for child in node.body if getattr(child, "name", None) == part
        )
    assert program(shown(f"tiny.inner.module.{name}", project)) == program(node)


def test_the_lines_are_those_of_the_file(project: Path) -> None:
    code, path = source_of("tiny.inner.module.spaced", project)
    assert code == "def spaced(x):\n    y = x  # a comment stays\n\n    return y"
    assert path == project / "tiny/inner/module.py"
    method, _ = source_of("tiny.inner.module.Holder.Inner.get", project)
    assert method.startswith("def get(self):\n    if self:\n        ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "tiny.inner.nowhere.plain",
            "no module of the package holds tiny.inner.nowhere.plain",
        ),
        ("elsewhere.plain", "no module of the package holds elsewhere.plain"),
        ("tiny.inner.module", "no module of the package holds tiny.inner.module"),
        ("tiny.inner.module.plane", "module.py defines no function or class plane"),
        (
            "tiny.inner.module.Holder.get",
            "module.py defines no function or class Holder.get",
        ),
        ("tiny.inner.module.LIMIT", "module.py defines no function or class LIMIT"),
    ],
)
def test_an_unknown_name_is_told(project: Path, name: str, message: str) -> None:
    with pytest.raises(LookupError, match=f"^{message}$"):
        source_of(name, project)


def test_the_directive_shows_code_on_the_page(built: "CleanBuild") -> None:
    (block,) = built.course.page("tutorials/01_alpha").select(".package-source")
    assert block.text.strip() == "def double(x: float) -> float:\n    return 2 * x"
