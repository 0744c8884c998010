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


def needs(number: int) -> pytest.MarkDecorator:
    """Skip where the kernel's Landlock is older: what is tried does not exist there."""
    reason = f"Landlock {number} or newer is needed, {version()} is here"
    return pytest.mark.skipif(version() < number, reason=reason)


needs_landlock = needs(1)  # Linux 5.13, and not switched off
