"""What programs for notebooks bring is stood in for: modules, folders, a screen, workers.

``google.colab`` exists in Colab alone, IPython's shell in a notebook alone, and what is asked of
them is a matter of the screen or the drive; a progress bar only shows what is gone through.
Without them, a cell that imports one would end at that line, and all that builds on it would be
lost. They stand in front of what is installed, so that marks do not depend on that.
"""

import copy
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import ModuleSpec
from typing import Any

EDITORS = (
    *("google.colab", "IPython", "ipywidgets", "kaggle_secrets", "matplotlib_inline"),
)
"""What is asked of these does nothing."""

BARS = "tqdm"
"""It goes through what it is given, and shows nothing."""

DRIVES = ("/content", "/kaggle")
"""Where Colab and Kaggle have what lies beside a notebook."""


class _Nothing:
    """A module, class, function or object: whatever is asked of it gives itself."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        """Take anything, as what is derived from it does: that is one more of its kind."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python asks for it by itself, and it is not there
            raise AttributeError(name)
        return self

    def __call__(self, *_arguments: object, **_options: object) -> Any:
        return self

    def __instancecheck__(self, _one: object) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_error: object) -> None:
        """End nothing."""


class _Bars(_Nothing):
    """The module of progress bars, and whatever it has: called, it makes one."""

    def __init__(self, iterable: Iterable[Any] = (), *_: object, **__: object) -> None:
        self.iterable = iterable

    def __getattr__(self, name: str) -> Any:
        if name in ("trange", "tnrange"):
            return lambda *numbers, **_: _Bars(range(*numbers))
        return super().__getattr__(name)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return _Bars(*arguments, **options)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)  # type: ignore[arg-type]  # an error as tqdm's own, if it has none


class _StandIns:
    """Finds modules that are to be stood in for, and loads them."""

    def __init__(self, is_one: Callable[[str], bool]) -> None:
        self.is_one = is_one

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        loader: Any = self
        found = self.is_one(fullname)
        return ModuleSpec(fullname, loader, is_package=True) if found else None

    def create_module(self, spec: ModuleSpec) -> Any:
        return _Bars() if spec.name.partition(".")[0] == BARS else _Nothing()

    def exec_module(self, module: Any) -> None:
        """Leave it as it was made."""


def stand_in() -> Callable[..., Any]:
    """Stand in for all of it, from now on; return what does nothing."""
    known = tuple(f"{name}." for name in (*EDITORS, BARS))
    # In front of all modules those that are known; behind them what these lie in: ``google``.
    sys.meta_path.insert(0, _StandIns(lambda name: f"{name}.".startswith(known)))
    sys.meta_path.append(
        _StandIns(lambda name: any(one.startswith(f"{name}.") for one in known))
    )
    for name in ("chdir", "mkdir", "makedirs"):
        setattr(os, name, _elsewhere_than_on_drives(getattr(os, name)))
    if "matplotlib" in sys.modules:  # there is no other screen to choose
        sys.modules["matplotlib"].use = _Nothing()  # type: ignore[attr-defined]  # a module has what it is given
    _load_batches_in_this_process()
    return _Nothing()


def _elsewhere_than_on_drives(function: Callable[..., None]) -> Callable[..., None]:
    def act(path: Any, *more: Any, **options: Any) -> None:
        named = isinstance(path, str | os.PathLike)
        if not (named and str(path).startswith(DRIVES)):
            function(path, *more, **options)

    return act


def _load_batches_in_this_process() -> None:
    """Let a `DataLoader` that asks for workers, which are refused, read its data itself.

    It gives the same batches in the same order, and draws the same random numbers for it.
    """
    torch: Any = sys.modules.get("torch.utils.data.dataloader")
    if torch is None:
        return

    def without_workers(loader: Any) -> Any:
        alone = copy.copy(loader)
        alone.num_workers, alone.timeout = 0, 0
        return alone

    class InThisProcess(torch._SingleProcessDataLoaderIter):  # type: ignore[misc]
        def __init__(self, loader: Any) -> None:
            super().__init__(without_workers(loader))

        def _reset(self, loader: Any, *more: Any) -> None:
            """Begin another epoch, as workers do that persist."""
            super()._reset(without_workers(loader), *more)
            self._dataset_fetcher = torch._DatasetKind.create_fetcher(
                *(self._dataset_kind, self._dataset, self._auto_collation),
                *(self._collate_fn, self._drop_last),
            )

    torch._MultiProcessingDataLoaderIter = InThisProcess
