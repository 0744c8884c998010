"""Batches without worker processes, which a notebook that is marked may not start."""

import copy
import sys
from typing import Any


def load_in_this_process() -> None:
    """Let a `DataLoader` that asks for workers read its data itself.

    It gives the same batches in the same order, and draws the same random numbers for it.
    Where PyTorch is not loaded, nothing happens.
    """
    torch: Any = sys.modules.get("torch.utils.data.dataloader")
    if torch is None:
        return

    class _InThisProcess(torch._SingleProcessDataLoaderIter):  # type: ignore[misc]
        def __init__(self, loader: Any) -> None:
            super().__init__(_without_workers(loader))

        def _reset(self, loader: Any, *more: Any) -> None:
            """Begin another epoch, as workers do that persist."""
            super()._reset(_without_workers(loader), *more)
            self._dataset_fetcher = torch._DatasetKind.create_fetcher(
                *(self._dataset_kind, self._dataset, self._auto_collation),
                *(self._collate_fn, self._drop_last),
            )

    torch._MultiProcessingDataLoaderIter = _InThisProcess


def _without_workers(loader: Any) -> Any:
    alone = copy.copy(loader)
    alone.num_workers, alone.timeout = 0, 0
    return alone
