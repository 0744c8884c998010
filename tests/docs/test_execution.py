"""Notebooks run where their results are not kept; every failure is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from course import execution
from course.execution import execute
from course.results import open_cache
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
def cache(tmp_path: Path) -> JupyterCacheAbstract:
    return open_cache(tmp_path / "caches", "0123456789abcdef")


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
