"""Results are kept until something that they use changes; every failure is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from course import execution
from course.execution import environment_digest, execute, open_cache
from course.sources import Page
from jupyter_cache.base import JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sphinx.errors import ExtensionError

Lesson = Callable[..., Page]


def cell(code: str) -> str:
    return f"```{{code-cell}} python\n{code}\n```\n\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "package/inner").mkdir(parents=True)
    (tmp_path / "package/__init__.py").write_text("a = 1\n")
    (tmp_path / "package/inner/module.py").write_text("b = 2\n")
    return tmp_path / "package"


@pytest.fixture
def cache(tmp_path: Path) -> JupyterCacheAbstract:
    return open_cache(tmp_path / "caches", "0123456789abcdef")


def change_a_module(package: Path) -> None:
    (package / "inner/module.py").write_text("b = 3\n")


def rename_a_module(package: Path) -> None:
    (package / "inner/module.py").rename(package / "inner/renamed.py")


def move_a_module(package: Path) -> None:
    (package / "inner/module.py").rename(package / "module.py")


def add_an_empty_module(package: Path) -> None:
    (package / "new.py").touch()


def remove_a_module(package: Path) -> None:
    (package / "__init__.py").unlink()


def move_a_line_to_another_module(package: Path) -> None:
    (package / "__init__.py").write_text("")
    (package / "inner/module.py").write_text("a = 1\nb = 2\n")


@pytest.mark.parametrize(
    "change",
    [
        change_a_module,
        rename_a_module,
        move_a_module,
        add_an_empty_module,
        remove_a_module,
        move_a_line_to_another_module,
    ],
)
def test_any_change_of_the_package_gives_a_new_digest(
    package: Path, change: Callable[[Path], None]
) -> None:
    before = environment_digest(package)
    change(package)
    assert environment_digest(package) != before


@pytest.mark.parametrize("library", ["numpy", "torch", "matplotlib", "ipykernel"])
def test_another_version_of_a_library_gives_a_new_digest(
    package: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    version = execution._version
    monkeypatch.setattr(
        execution, "_version", lambda name: version(name) + "+" * (name == library)
    )
    assert environment_digest(package) != before


def test_another_python_gives_a_new_digest(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert environment_digest(package) != before


def test_a_library_may_be_absent(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(package)
    monkeypatch.setattr(
        execution, "NUMERICAL_LIBRARIES", ("no_such_library_of_anyone",)
    )
    assert environment_digest(package) != before


def test_files_that_hold_no_code_leave_the_digest_alone(package: Path) -> None:
    before = environment_digest(package)
    (package / "py.typed").touch()
    (package / "__pycache__").mkdir()
    (package / "__pycache__/module.cpython-311.pyc").write_bytes(b"\0")
    (package.parent / "beside.py").write_text("c = 3\n")
    assert environment_digest(package) == before
    assert len(before) == 16
    int(before, 16)


def test_the_digest_does_not_depend_on_where_the_package_lies(package: Path) -> None:
    before = environment_digest(package)
    assert environment_digest(package.rename(package.with_name("elsewhere"))) == before


def test_a_new_cache_drops_those_of_other_environments(
    tmp_path: Path, lesson: Lesson
) -> None:
    page = lesson("# Title\n\n" + cell("1 + 1"))
    old = open_cache(tmp_path / "caches", "a" * 16)
    execution._keep(page, page.notebook, 1.0, old)
    again = open_cache(tmp_path / "caches", "a" * 16)
    assert len(again.list_cache_records()) == 1, (
        "the same environment finds its results"
    )
    new = open_cache(tmp_path / "caches", "b" * 16)
    assert new.list_cache_records() == []
    assert {path.name for path in (tmp_path / "caches").iterdir()} <= {"b" * 16}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a cell print its own code instead of running; note which notebooks ran."""
    noted: list[str] = []

    def run(notebook: NotebookNode, cwd: str, **_: object) -> ExecutionResult:
        assert [*Path(cwd).iterdir()] == [], "each runs in an empty folder of its own"
        (Path(cwd) / "left").touch()
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if "die" in code[0].source:
            raise OSError(f"no {code[0].source}")
        noted.append(code[0].source)
        for cell in code:
            cell.outputs = [new_output("stream", text=f"{cell.source} gives this")]
        return ExecutionResult(notebook, cwd, 0.5)

    monkeypatch.setattr(execution, "single_nb_execution", run)
    return noted


def printed(notebook: NotebookNode) -> list[str]:
    return [
        output.text for cell in notebook.cells for output in cell.get("outputs", ())
    ]


def test_only_pages_without_a_result_run_and_each_gets_its_own_outputs(
    lesson: Lesson, cache: JupyterCacheAbstract, runs: list[str]
) -> None:
    texts = {
        f"{i:02}_page": cell(f"first({i})") + "Words.\n\n" + cell("second")
        for i in range(6)
    }
    pages = [lesson(f"# Title\n\n{text}", name) for name, text in texts.items()]
    execute(pages[1::2], cache)
    assert sorted(runs) == ["first(1)", "first(3)", "first(5)"]
    executed = execute(pages, cache)
    assert sorted(runs[3:]) == ["first(0)", "first(2)", "first(4)"]
    assert list(executed) == [page.docname for page in pages]
    for number, page in enumerate(pages):
        assert printed(executed[page.docname]) == [
            f"first({number}) gives this",
            "second gives this",
        ]
        kinds = [cell.cell_type for cell in executed[page.docname].cells]
        assert kinds == ["markdown", "code", "markdown", "code"]
        assert printed(page.notebook) == [], "the page itself stays as it was read"


@pytest.mark.usefixtures("runs")
def test_a_page_keeps_its_outputs_and_takes_its_new_words_and_metadata(
    lesson: Lesson, cache: JupyterCacheAbstract
) -> None:
    execute(
        [lesson("# Title\n\n" + cell("---\nmystnb:\n  image:\n    alt: old\n---\nx"))],
        cache,
    )
    new = lesson(
        "# New title\n\n" + cell("---\nmystnb:\n  image:\n    alt: new\n---\nx")
    )
    title, code = execute([new], cache)[new.docname].cells
    assert title.source == "# New title"
    assert code.metadata.mystnb.image.alt == "new"
    assert code.outputs[0].text == "x gives this"


def test_a_cell_that_may_no_longer_raise_runs_again(
    lesson: Lesson, cache: JupyterCacheAbstract, runs: list[str]
) -> None:
    execute([lesson("# Title\n\n" + cell(":tags: [raises-exception]\nx"))], cache)
    execute([lesson("# Title\n\n" + cell("x"))], cache)
    assert runs == ["x", "x"]


def test_all_that_a_kernel_dies_of_is_told_with_the_lesson_and_the_others_are_kept(
    lesson: Lesson, cache: JupyterCacheAbstract, runs: list[str]
) -> None:
    names = ["die_early", "live", "die_late"]
    pages = [lesson("# Title\n\n" + cell(name), name) for name in names]
    with pytest.raises(ExtensionError) as caught:
        execute(pages, cache)
    assert "die_early.md: OSError: no die_early" in str(caught.value)
    assert "die_late.md: OSError: no die_late" in str(caught.value)
    assert runs == ["live"]
    assert list(execute(pages[1:2], cache)) == [pages[1].docname]
    assert runs == ["live"], "kept although others failed"
