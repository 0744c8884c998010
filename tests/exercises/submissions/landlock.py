"""Whether this kernel offers Landlock, asked of the kernel and not of the code under test."""

import ctypes
import sys

import pytest

CREATE_RULESET, VERSION_FLAG = 444, 1  # from linux/landlock.h


def version() -> int:
    """Ask for the version of Landlock; below 1 there is none, or it is switched off."""
    if sys.platform != "linux":
        return 0
    return int(ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, VERSION_FLAG))


needs_landlock = pytest.mark.skipif(
    version() < 1, reason="Landlock needs Linux 5.13 or newer, and not switched off"
)
