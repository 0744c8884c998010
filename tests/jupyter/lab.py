"""A real JupyterLab on this machine, in a Chromium without the internet, and what it shows."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late

from tests.browser.chromium import new_context

HERE = Path(__file__).parent
READING = (HERE / "reading.js").read_text("utf-8")
CONTRAST = (HERE.parent / "browser/contrast.js").read_text("utf-8")

SETTINGS: Mapping[str, dict[str, Any]] = {
    # Otherwise cells out of sight are not in the page, and nobody looks at them.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
    "docmanager-extension/plugin": {"autosave": False},
}
"""JupyterLab's settings, where they are not those that a learner finds."""

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
HEIGHT = 900
TYPESET = 60_000
"""Milliseconds until a formula that is still raw counts as one that stays so."""
OFTEN = 500
"""Milliseconds between two looks at whether they are set."""

TWO_FRAMES = """
    () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*")


@contextmanager
def serving(folder: Path, home: Path, packages: Path) -> Iterator[str]:
    """Run JupyterLab in a folder, and yield its address with the token that opens it.

    Nothing of the user's own set-up reaches it, nor this checkout: kernels find the packages
    of the wheel that lies beside the notebooks.
    """
    for name, settings in SETTINGS.items():
        path = home / f"settings/@jupyterlab/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), "utf-8")
    own = {
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(packages),
        "OMP_NUM_THREADS": "1",  # more would wait for each other on a busy machine
    }
    options = ("--no-browser", "--allow-root", "--expose-app-in-browser")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, "--ip=127.0.0.1", "--port=0"],
        cwd=folder,
        env=os.environ | own,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    lines = iter(server.stderr or ())
    address = ""
    for line in lines:
        said.append(line)
        if found := ADDRESS.search(line):
            address = found[0]
            break
    if not address:
        raise RuntimeError(f"JupyterLab did not start:\n{''.join(said)}")
    rest = Thread(target=said.extend, args=(lines,))  # a full pipe would stop it
    rest.start()
    try:
        yield address
    finally:
        server.terminate()
        server.wait()
        rest.join()
        if server.stderr:
            server.stderr.close()


class Lab:
    """A reader's JupyterLab, with one notebook open at a time."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.asked: list[str] = []
        """What was requested from other hosts."""
        page.on("request", lambda request: self._note(request.url, address))
        page.goto(address)
        page.wait_for_function("() => window.jupyterapp")
        page.evaluate("() => jupyterapp.restored")

    def _note(self, url: str, address: str) -> None:
        home = address.partition("/lab")[0]
        if not url.startswith((home, "data:", "blob:")):
            self.asked.append(url)

    def open(self, path: str) -> None:
        """Open a notebook, and wait for its text and its kernel."""
        self.page.evaluate(
            """async (path) => {
                const panel = await jupyterapp.commands.execute("docmanager:open", {path});
                await panel.context.ready;
                await panel.revealed;
                await panel.sessionContext.ready;
            }""",
            path,
        )
        self._settle()

    def run(self) -> None:
        """Run one cell of code after the other, also below one that fails, as a learner may."""
        self.page.evaluate(
            """async () => {
                const {content} = jupyterapp.shell.currentWidget;
                for (const [place, {model}] of content.widgets.entries()) {
                    if (model.type !== "code") continue;
                    content.activeCellIndex = place;
                    await jupyterapp.commands.execute("notebook:run-cell");
                }
            }"""
        )
        self._settle()

    def close(self) -> None:
        """Close the notebook without saving it, and stop its kernel."""
        self.page.evaluate(
            """async () => {
                const panel = jupyterapp.shell.currentWidget;
                await panel.sessionContext.shutdown();
                panel.dispose();
            }"""
        )

    def show(self, theme: str, width: int) -> None:
        """Change the theme and the width of the window."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        if self.page.evaluate("document.body.dataset.jpThemeName") != THEMES[theme]:
            self.page.evaluate(
                "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                THEMES[theme],
            )
            self.page.wait_for_function(
                """theme => document.body.dataset.jpThemeName.endsWith(theme) && [
                    ...document.styleSheets
                ].some(({href}) => href?.includes(`theme-${theme.toLowerCase()}-`))""",
                arg=THEMES[theme].split()[1],
            )
        self.page.evaluate(TWO_FRAMES)

    def read(self) -> list[dict[str, Any]]:
        """Return what each cell shows."""
        cells: list[dict[str, Any]] = self.page.evaluate(READING)
        return cells

    def pale(self) -> list[str]:
        """Return the texts that are too pale on what is behind them.

        The colours of code and of errors are JupyterLab's own, some of them pale.
        """
        ours = (
            ".jp-RenderedMarkdown > *, .jp-OutputArea-output:not([data-mime-type*=err])"
        )
        found: list[str] = self.page.evaluate(
            f"""ours => [
                ...jupyterapp.shell.currentWidget.content.node.querySelectorAll(ours)
            ].flatMap({CONTRAST})""",
            ours,
        )
        return [text for text in found if "span.ͼ" not in text]

    def _settle(self) -> None:
        """Wait until pictures are loaded and formulas are set, or stay raw."""
        with suppress(Late):  # whoever reads the cells finds what did not settle
            self.page.wait_for_function(
                f"() => ({READING})().every(cell => cell.settled)",
                timeout=TYPESET,
                polling=OFTEN,  # reading takes time that formulas need
            )
        self.page.evaluate(TWO_FRAMES)


@contextmanager
def opened(browser: Browser, address: str, width: int) -> Iterator[Lab]:
    """Open JupyterLab's window."""
    size: Any = {"width": width, "height": HEIGHT}
    with new_context(browser, viewport=size, reduced_motion="reduce") as context:
        yield Lab(context.new_page(), address)
