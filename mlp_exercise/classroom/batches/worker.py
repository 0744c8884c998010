"""What a worker of a `cluster` does: it says what marks there, and marks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from mlp_exercise.classroom.batches import identity
from mlp_exercise.classroom.batches.batch import Result, mark_content
from mlp_exercise.submission import kernel
from mlp_exercise.submission.mark import Settings

STACK = 32 * 2**20
"""Stack of each thread in bytes, because Python's parser needs it for deeply nested code."""

MOST = 256
"""Threads that mark; a worker asks for as many at a time as it has of its own."""


def about() -> dict[str, Any]:
    """Return what marks here, and what this machine's kernel does not refuse."""
    return {"marker": identity.marker(), "left": kernel.what_is_left()}


def mark_there(file: str, content: bytes, settings: Settings) -> Result:
    """Mark a notebook on this worker."""
    with (
        _one_at_a_time
    ):  # other threads that this process starts are to be as they were
        before = threading.stack_size(STACK)
        try:
            marked = _threads().submit(mark_content, file, content, settings)
        finally:
            threading.stack_size(before)
    return marked.result()


_one_at_a_time = threading.Lock()


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the threads that mark."""
    return ThreadPoolExecutor(MOST)
