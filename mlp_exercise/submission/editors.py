"""Stand in for what programs for notebooks bring: modules, folders, a screen.

``google.colab`` exists in Colab alone, IPython's shell in a notebook alone, and what is asked of
them is a matter of the screen or the drive; a progress bar only shows what is gone through.
Without them, a cell that imports one would end at that line, and all that builds on it would be
lost. They stand in front of what is installed, so that marks do not depend on that.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

EDITORS = (
    "google.colab",
    "IPython",
    "ipywidgets",
    "kaggle_secrets",
    "matplotlib_inline",
)
"""What is asked of these does nothing."""

BARS = "tqdm"
"""It goes through what it is given, and shows nothing."""

DRIVES = ("/content", "/kaggle")
"""Where Colab and Kaggle keep what lies beside a notebook."""


class _Anything(type):
    """A class that has every public name."""

    def __getattr__(cls, name: str) -> Any:
        """Give a class that does nothing; what Python asks for by itself is not there."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


class _Nothing(metaclass=_Anything):
    """Whatever is asked of it, it does nothing and gives itself back."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        """Take anything."""

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
            return _Nothing
        return _range if name in ("trange", "tnrange") else _Bar


class _StandIns(MetaPathFinder, Loader):
    """Finds such modules."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Take a module that is known, and no other."""
        known = (*EDITORS, BARS)
        if any(f"{fullname}.".startswith(f"{name}.") for name in known):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make a module that has every public name."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it was made."""


class _Above(_StandIns):
    """Finds what such modules lie in, such as ``google``, where nobody else does."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Take a package that holds one that is known."""
        above = any(name.startswith(f"{fullname}.") for name in EDITORS)
        return ModuleSpec(fullname, self, is_package=True) if above else None


def stand_in() -> Callable[..., Any]:
    """Stand in for all of it, from now on."""
    sys.meta_path.insert(0, _StandIns())
    sys.meta_path.append(_Above())
    for name in ("chdir", "mkdir", "makedirs"):
        setattr(os, name, _elsewhere_than_on_drives(getattr(os, name)))
    if "matplotlib" in sys.modules:  # there is no other screen to choose
        sys.modules["matplotlib"].use = _Nothing()  # type: ignore[attr-defined]  # a module has what it is given
    return _Nothing()


def _elsewhere_than_on_drives(function: Callable[..., None]) -> Callable[..., None]:
    def act(path: Any, *more: Any, **options: Any) -> None:
        on_drive = isinstance(path, str | os.PathLike) and str(path).startswith(DRIVES)
        if not on_drive:
            function(path, *more, **options)

    return act


def _range(*numbers: int, **_options: object) -> _Bar:
    return _Bar(range(*numbers))
