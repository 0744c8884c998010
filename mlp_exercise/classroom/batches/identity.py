"""What marks depend on besides the notebook: the marker itself, and what was chosen."""

import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from mlp_exercise.submission.mark import Settings
from mlp_reference import __version__

Told = str | int | float | bool | None

LIBRARIES = {"NumPy": "numpy", "PyTorch": "torch"}
"""Whose versions may decide a point."""


@cache
def marker() -> Mapping[str, Told]:
    """Return what two markers have in common that give the same marks."""
    return {
        "version": __version__,  # of the sources, too
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
    """Say what differs, each as ``NumPy 2.3.1 → 2.4.0``."""
    for name in {**before, **now}:
        old, new = before.get(name), now.get(name)
        if (old, type(old)) != (new, type(new)):
            yield f"{name} {shown(old)} → {shown(new)}"


def shown(value: Told) -> str:
    """Return a value of an option or a version as a person reads it."""
    words = {None: "none", True: "on", False: "off"}
    if value is None or isinstance(value, bool):
        return words[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _installed(module: str) -> str | None:
    try:
        return version(module).partition("+")[0]  # without the kind of build
    except PackageNotFoundError:
        return None
