"""What was started from here and has not ended: whoever starts it, a mark is in its environment."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import psutil
import pytest

MARK = "GRADIENTS_BY_HAND_TEST"


@contextmanager
def marked() -> Iterator[str]:
    """Mark every process that is started from here, and theirs; end those that stay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, mark := uuid4().hex)
        try:
            yield mark
        finally:
            for process in _marked_by(mark):
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def still_there(mark: str, patience: float = 0) -> list[str]:
    """Return the commands of marked processes that do not end within so many seconds."""
    _, alive = psutil.wait_procs(_marked_by(mark), timeout=patience)
    return [shlex.join(process.info["cmdline"] or []) for process in alive]


def _marked_by(mark: str) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["environ", "cmdline"])
        if (process.info["environ"] or {}).get(MARK) == mark
        and process.pid != os.getpid()
    ]
