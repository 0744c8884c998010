"""What marks depend on besides the notebook: the marker itself, and what was chosen."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import mlp_exercise
import mlp_reference
from mlp_exercise.handout.source import texts
from mlp_exercise.submission.mark import Settings
from mlp_reference._version import RELEASE

Told = str | int | float | bool | None

LIBRARIES = {"NumPy": "numpy", "PyTorch": "torch"}
"""Whose versions may decide a point."""


@cache
def marker() -> Mapping[str, Told]:
    """Return what two markers have in common that give the same marks."""
    return {
        "version": RELEASE,
        "sources": _digest(),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: _installed(module) for name, module in LIBRARIES.items()},
    }


def options(settings: Settings) -> Mapping[str, Told]:
    """Return what was chosen that may decide a point, as the command calls it."""
    return {
        "missing": settings.options.missing,
        "accept-truncation": settings.options.accept_truncation,
        "no-execute": not settings.execute,
        "timeout": settings.timeout,
        "variant": settings.variant,
    }


def differences(before: Mapping[str, Told], now: Mapping[str, Told]) -> Iterator[str]:
    """Say what differs, each as ``NumPy 2.3.1 → 2.4.0``, and of sources that they do."""
    for name in {**before, **now}:
        old, new = before.get(name), now.get(name)
        if (old, type(old)) != (new, type(new)):
            yield name if name == "sources" else f"{name} {shown(old)} → {shown(new)}"


def shown(value: Told) -> str:
    """Return a value of an option or a version as a person reads it."""
    words = {None: "none", True: "on", False: "off"}
    if value is None or isinstance(value, bool):
        return words[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _digest() -> str:
    """Return a digest of all that both packages consist of."""
    whole = hashlib.sha256()
    for package in (mlp_reference, mlp_exercise):
        folder = Path(package.__path__[0])
        for file in sorted(folder.rglob("*.py")):
            whole.update(file.relative_to(folder).as_posix().encode() + b"\0")
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    for text in sorted(texts().iterdir(), key=lambda text: text.name):
        if text.name.startswith("ex"):
            whole.update(hashlib.sha256(text.read_bytes()).digest())
    return whole.hexdigest()[:16]


def _installed(module: str) -> str | None:
    try:
        return version(module).partition("+")[0]  # without the kind of build
    except PackageNotFoundError:
        return None
