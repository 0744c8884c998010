"""Stand in for modules that programs for notebooks bring, where they are not installed.

``google.colab`` exists in Colab alone, and what is asked of it is a matter of the screen or the
drive; a progress bar only shows what is gone through. Without them, a cell that imports one
would end at that line, and all that builds on it would be lost.
"""

import sys
from collections.abc import Iterable, Iterator, MutableSequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

EDITORS = ("google.colab", "IPython", "ipywidgets", "kaggle_secrets")
"""What is asked of these does nothing."""

BARS = "tqdm"
"""It goes through what it is given, and shows nothing."""


class _Nothing:
    """Whatever is asked of it, it does nothing and gives itself back."""

    def __getattr__(self, name: str) -> "_Nothing":
        """Give itself for any public name; what Python asks for by itself is not there."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_arguments: object, **_options: object) -> "_Nothing":
        """Do nothing."""
        return self

    def __iter__(self) -> Iterator[Any]:
        """Hold nothing."""
        return iter(())

    def __enter__(self) -> "_Nothing":
        """Begin nothing."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End nothing."""


class _Bar(_Nothing):
    """A progress bar that is not shown."""

    def __init__(self, iterable: Iterable[Any] = (), *_: object, **__: object) -> None:
        self.iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        """Go through what was given."""
        return iter(self.iterable)

    @staticmethod
    def write(*_: object, **__: object) -> None:
        """Show no line, either."""

    def __len__(self) -> int:
        """Count what was given."""
        return len(self.iterable)  # type: ignore[arg-type]  # an error as tqdm's own, if it has none


class _Module(ModuleType):
    """Has every public name."""

    __path__: MutableSequence[str] = []  # noqa: RUF012 - as ModuleType has it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] != BARS:
            return _Nothing()
        return (
            (lambda *n, **_: _Bar(range(*n))) if name in ("trange", "tnrange") else _Bar
        )


class _StandIns(MetaPathFinder, Loader):
    """Finds such modules where nobody else does."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Take a module that is known, and no other."""
        known = (*EDITORS, BARS)
        within = any(f"{fullname}.".startswith(f"{name}.") for name in known)
        above = any(name.startswith(f"{fullname}.") for name in known)
        return ModuleSpec(fullname, self, is_package=True) if within or above else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make a module that has every public name."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it was made."""


def stand_in() -> None:
    """From now on, imports find a stand-in where the real module is not installed."""
    sys.meta_path.append(_StandIns())
