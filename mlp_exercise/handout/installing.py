"""Installs the wheel that a notebook goes with: the first cell runs this file out of that wheel.

So it imports nothing of ours, and no notebook has to hold it. pip says much, of a failure most
of all; a learner needs to know what is being loaded, how far it is, and what to do.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.util import find_spec

PACKAGES = ("mlp_reference", "mlp_exercise")
"""What the wheel brings."""

ASKED = ("mlp_reference", "mlp_reference._version")
"""What is loaded where the cell has asked for the version."""

STEPS = ("Downloading ", "Using cached ", "Installing ", "Successfully ")
"""How the lines of pip begin that say how far it is."""

COUNTS_BYTES = (24, 1)
"""The first pip that says how much it has loaded where there is no terminal."""

LARGE = 20_000_000
"""In bytes: of smaller files nobody needs to know how much is there."""

OWN_ENVIRONMENT = "Make an environment of your own, as “Run it yourself” says"

ADVICE = {
    "requires a different Python": "Start Jupyter with a newer Python",
    "externally-managed": OWN_ENVIRONMENT,
    "Permission denied": OWN_ENVIRONMENT,
    "No space left": "Make space on this disk",
    "connection": "Connect this computer to the network",
    "No module named pip": "Put pip into it (python -m ensurepip, or uv pip install pip)",
    "": "Show these lines to your instructor",
}
"""What to do, by what pip has said."""


def install(wheel: str, extras: str = "", pytorch: str = "") -> str:
    """Install a wheel of this folder with what it needs; return what is wrong, or nothing."""
    loaded = {name for name in sys.modules if name.split(".")[0] in PACKAGES}
    words = ["--no-color", "--disable-pip-version-check"]  # kernels ask for colours
    words += [f"./{wheel}[{extras}]".replace("[]", "")]
    _say(f"Installing {wheel} with what it needs.")
    # Elsewhere the usual PyTorch is a small one.
    if "torch" in extras and sys.platform == "linux" and not find_spec("torch"):
        if pytorch:
            _say(f"This loads PyTorch, about 200 MB, from {pytorch};")
            _say("if that fails, pip takes the one for GPUs, of several GB.")
            words += ["--extra-index-url", pytorch]
        else:
            _say("This loads PyTorch for GPUs, of several GB.")
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "pip", "install", *_progress(), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ) as pip:
        said = [*_steps(pip.stdout or ())]
    if pip.returncode:
        return _advice(wheel, said)
    importlib.invalidate_caches()
    if loaded - {*ASKED} or not find_spec(PACKAGES[0]):
        return f"{wheel} is installed. Restart the kernel and run this cell again."
    for name in ASKED:
        sys.modules.pop(name, None)  # of an older wheel
    return ""


def _progress() -> list[str]:
    """Return the option with which pip says how much it has loaded, if it has one."""
    try:
        known = tuple(int(part) for part in version("pip").split(".")[:2])
    except (ImportError, ValueError):  # there is no pip, which it says itself
        return []
    return ["--progress-bar", "raw"] if known >= COUNTS_BYTES else []


def _steps(lines: Iterable[str]) -> Iterator[str]:
    """Show of pip's lines how far it is, and yield the others."""
    shown = -1
    for line in map(str.strip, lines):
        if line.startswith("Progress "):
            done, total = (int(number) for number in line.split()[1::2])
            percent = 10 * (10 * done // max(total, 1))
            if total > LARGE and percent != shown:
                _say(f"  {percent} %")
                shown = percent
        elif line.startswith(STEPS) and ".metadata (" not in line:
            _say(line)
            shown = -1
        elif line:
            if "Retrying" in line:
                _say("  no connection; trying again")
            yield line


def _advice(wheel: str, said: list[str]) -> str:
    """Return a message for a learner whose pip has failed."""
    errors = [line for line in said if line.lower().startswith("error")] or said[-3:]
    text = "\n".join(said)
    do = next(do for words, do in ADVICE.items() if words in text)
    told = "\n".join(f"  {line}" for line in errors)
    return f"{wheel} could not be installed:\n{told}\n{do}, and run this cell again."


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - below the cell
