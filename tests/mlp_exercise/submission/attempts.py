"""Attempts of a notebook, run by a copy of the package that lies in a clone."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mlp_exercise.submission import process, run as guarded
from mlp_exercise.submission.run import Limits

PACKAGE = "mlp_exercise/submission"

REFUSALS = "(OSError, ImportError, RuntimeError)"
"""What an attempt may end in; anything else is a mistake of the attempt."""

SETUP = """
import contextlib, glob, multiprocessing, os, pathlib, shutil, signal, socket
import subprocess, sys
import mlp_reference
import numpy as np
"""


def refused(
    attempts: Sequence[str],
    clone: Path,
    surroundings: Mapping[str, object],
    setup: str = "",
) -> dict[str, bool]:
    """Run a notebook with a cell for each attempt, and say which were refused."""
    known = {**surroundings, "clone": str(clone)}
    setup += SETUP + "\n".join(f"{name} = {value!r}" for name, value in known.items())
    cells = [setup]
    for number, attempt in enumerate(attempts):
        lines = "\n".join(f"    {line}" for line in attempt.splitlines())
        cells.append(
            f"try:\n{lines}\n    answer{number} = 0\n"
            f"except {REFUSALS}:\n    answer{number} = 1"
        )
    names = [f"answer{number}" for number, _ in enumerate(attempts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(clone))  # as an editable install does
        patch.setattr(process, "_HOME", clone)
        patch.setattr(process, "_SCRIPT", clone / PACKAGE / "child.py")
        history = guarded.run(cells, names, Limits(seconds=60.0, memory=4 * 2**30))
    seen: dict[str, object] = {}
    for changes in history.changes.values():
        seen |= changes
    assert sorted(seen) == sorted(names), history  # each came to an end
    return {
        attempt: seen[name] == 1 for attempt, name in zip(attempts, names, strict=True)
    }
