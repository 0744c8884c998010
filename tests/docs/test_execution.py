"""Notebooks run where no result is kept; every failure is named, and every unwelcome output."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course import execution
from course.execution import (
    environment_digest,
    execute,
    problems,
    stop_at_problems,
)
from course.kernels import Kernels, NotebookError
from course.results import open_results
from course.sources import Page
from nbformat import NotebookNode
from nbformat.v4 import new_output
from sphinx.errors import ExtensionError

Lesson = Callable[..., Page]


def cell(code: str) -> str:
    return f"```{{code-cell}} python\n{code}\n```\n\n"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return open_results(tmp_path / "results", "0123456789abcdef")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a cell print its own code instead of running; note which notebooks ran."""
    noted: list[str] = []

    def run(_: Kernels, notebook: NotebookNode) -> float:
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        if "die" in code[0].source:
            raise NotebookError(f"no {code[0].source}", 1)
        noted.append(code[0].source)
        for cell in code:
            cell.outputs = [new_output("stream", text=f"{cell.source} gives this")]
        return 0.5

    monkeypatch.setattr(Kernels, "run", run)
    return noted


def printed(notebook: NotebookNode) -> list[str]:
    return [output.text for c in notebook.cells for output in c.get("outputs", ())]


def test_only_pages_without_a_result_run_and_each_gets_its_own_outputs(
    lesson: Lesson, results: Path, runs: list[str]
) -> None:
    texts = [cell(f"first({i})") + "Words.\n\n" + cell("second") for i in range(6)]
    pages = [lesson(f"# Title\n\n{text}", f"{i}") for i, text in enumerate(texts)]
    execute(pages[1::2], results)
    assert sorted(runs) == ["first(1)", "first(3)", "first(5)"]
    executed = execute(pages, results)
    assert sorted(runs[3:]) == ["first(0)", "first(2)", "first(4)"]
    assert list(executed) == [page.docname for page in pages]
    for i, page in enumerate(pages):
        shown = [f"first({i}) gives this", "second gives this"]
        assert printed(executed[page.docname]) == shown
        kinds = [cell.cell_type for cell in executed[page.docname].cells]
        assert kinds == ["markdown", "code", "markdown", "code"]
        assert printed(page.notebook) == [], "the page itself stays as it was read"


def test_a_page_keeps_its_outputs_and_gets_its_new_words_and_metadata(
    lesson: Lesson, results: Path, runs: list[str]
) -> None:
    def described(title: str, alt: str) -> Page:
        metadata = f"---\nmystnb:\n  image:\n    alt: {alt}\n---\nx"
        return lesson(f"# {title}\n\n{cell(metadata)}")

    execute([described("Title", "old")], results)
    new = described("New title", "new")
    title, code = execute([new], results)[new.docname].cells
    assert title.source == "# New title"
    assert code.metadata.mystnb.image.alt == "new"
    assert code.outputs[0].text == "x gives this"
    assert len(runs) == 1


def test_a_cell_that_may_no_longer_raise_runs_again(
    lesson: Lesson, results: Path, runs: list[str]
) -> None:
    execute([lesson("# Title\n\n" + cell(":tags: [raises-exception]\nx"))], results)
    execute([lesson("# Title\n\n" + cell("x"))], results)
    assert runs == ["x", "x"]


def test_whatever_a_kernel_dies_of_the_lesson_is_named_and_the_others_are_kept(
    lesson: Lesson, results: Path, runs: list[str]
) -> None:
    names = ["die_early", "live", "die_late"]
    pages = [lesson("# Title\n\n" + cell(name), name) for name in names]
    with pytest.raises(ExtensionError) as caught:
        execute(pages, results)
    assert "die_early.md, cell 2 (line 10): no die_early" in str(caught.value)
    assert "die_late.md, cell 2 (line 10): no die_late" in str(caught.value)
    assert runs == ["live"]
    assert list(execute(pages[1:2], results)) == [pages[1].docname]
    assert runs == ["live"], "kept although others failed"


@pytest.mark.usefixtures("runs")
def test_results_of_other_environments_are_deleted(
    tmp_path: Path, lesson: Lesson, results: Path
) -> None:
    execute([lesson("# Title\n\n" + cell("1 + 1"))], results)
    assert len(list(open_results(tmp_path / "results", results.name).iterdir())) == 1
    open_results(tmp_path / "results", "b" * 16)
    assert list((tmp_path / "results").iterdir()) == []


# -- What an output depends on


@pytest.fixture
def packages(tmp_path: Path) -> list[Path]:
    for name in ("one", "two"):
        (tmp_path / name / "inner").mkdir(parents=True)
    (tmp_path / "one/__init__.py").write_text("a = 1\n")
    (tmp_path / "one/inner/module.py").write_text("b = 2\n")
    (tmp_path / "two/other.py").write_text("c = 3\n")
    return [tmp_path / "one", tmp_path / "two"]


CHANGES: dict[str, Callable[[Path], object]] = {
    "a module changes": lambda one: (one / "inner/module.py").write_text("b = 3\n"),
    "one of the second package": lambda one: (one / "../two/other.py").write_text("c"),
    "a module is renamed": lambda one: (one / "inner/module.py").rename(
        one / "inner/renamed.py"
    ),
    "a module moves": lambda one: (one / "inner/module.py").rename(one / "module.py"),
    "to another package": lambda one: (one / "inner/module.py").rename(
        one / "../two/inner/module.py"
    ),
    "an empty module": lambda one: (one / "new.py").touch(),
    "a module is removed": lambda one: (one / "__init__.py").unlink(),
    "a line moves": lambda one: (
        (one / "__init__.py").write_text(""),
        (one / "inner/module.py").write_text("a = 1\nb = 2\n"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_a_package_gives_a_new_digest(
    packages: list[Path], change: str
) -> None:
    before = environment_digest(packages)
    CHANGES[change](packages[0])
    assert environment_digest(packages) != before


@pytest.mark.parametrize("library", ["numpy", "torch", "matplotlib", "ipykernel", None])
def test_another_version_of_a_library_or_python_gives_a_new_digest(
    packages: list[Path], library: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(packages)
    real = execution._version
    monkeypatch.setattr(
        execution, "_version", lambda name: real(name) + "+" * (name == library)
    )
    if library is None:
        monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert environment_digest(packages) != before


def test_a_library_may_be_absent(
    packages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment_digest(packages)
    monkeypatch.setattr(execution, "NUMERICAL_LIBRARIES", ("no_such_library",))
    assert environment_digest(packages) != before


def test_neither_place_nor_files_without_code_change_the_digest(
    packages: list[Path],
) -> None:
    before = environment_digest(packages)
    assert len(f"{int(before, 16):016x}") == len(before) == 16
    (packages[0] / "py.typed").touch()
    (packages[0] / "module.pyc").write_bytes(b"\0")
    (packages[0].parent / "beside.py").write_text("c = 3\n")
    moved = packages[0].rename(packages[0].with_name("elsewhere"))
    assert environment_digest([moved, packages[1]]) == before


# -- What a reader should not see


def stream(name: str, text: str) -> NotebookNode:
    output: NotebookNode = new_output("stream", name=name, text=text)
    return output


def picture(kind: str) -> NotebookNode:
    data = {kind: "…", "text/plain": "<Figure>"}
    output: NotebookNode = new_output("display_data", data=data)
    return output


@pytest.fixture
def problems_of(lesson: Lesson) -> Callable[..., list[str]]:
    """List the problems of a lesson whose code cells, from the second cell on, gave outputs."""

    def run(*cells: list[NotebookNode], image: Any = None) -> list[str]:
        page = lesson("# Title\n\n" + CELL * len(cells), "07_seven")
        for given, outputs in zip(page.notebook.cells[1:], cells, strict=True):
            given.outputs = outputs
            if image is not None:
                given.metadata["mystnb"] = NotebookNode(image=NotebookNode(image))
        return list(problems(page, page.notebook))

    return run


CELL = "```{code-cell} python\npass\n```\n"


def test_every_problem_is_listed_with_its_lesson_and_cell(
    problems_of: Callable[..., list[str]],
) -> None:
    found = problems_of(
        [stream("stderr", "careful\n"), picture("image/png")],
        [stream("stdout", "all is well")],
        [picture("image/svg+xml")],
    )
    place = "07_seven.md, cell {} (line {}) "
    missing = "draws a picture without alternative text"
    assert found[0] == place.format(2, 10) + "writes to stderr: careful"
    assert found[1].startswith(place.format(2, 10) + missing)
    assert found[2].startswith(place.format(4, 16) + missing)
    assert found[2].endswith("mystnb: image: alt"), "it says what to do"
    assert len(found) == 3


@pytest.mark.parametrize(
    ("image", "number"),
    [
        ({"width": "9px"}, 1),
        *(({"alt": text}, 1) for text in ("", " \n", None)),
        ({"alt": "A falling curve"}, 0),
    ],
)
def test_an_empty_alternative_text_is_none(
    problems_of: Callable[..., list[str]], image: dict[str, str], number: int
) -> None:
    value = new_output("execute_result", data={"text/plain": "1"}, execution_count=1)
    assert len(problems_of([value, picture("image/png")], image=image)) == number


def test_a_problem_stops_the_build(lesson: Lesson) -> None:
    page = lesson("# Title\n\n" + CELL)
    page.notebook.cells[1].outputs = [stream("stderr", "oh dear")]
    with pytest.raises(ExtensionError, match="writes to stderr: oh dear"):
        stop_at_problems([page], {page.docname: page.notebook})
