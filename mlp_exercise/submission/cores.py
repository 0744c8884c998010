"""How many cores there are for this process: a host may have more than it may use."""

import math
import os
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
"""Where Linux tells the quotas of containers."""


def usable_cores(groups: Path = GROUPS) -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:  # macOS, Windows
        cores = os.cpu_count() or 1
    return max(1, math.ceil(min(cores, _quota(groups))))


def _quota(groups: Path) -> float:
    """Return the smallest quota of this process's group and those above it, in cores."""
    try:
        own = Path("/proc/self/cgroup").read_text("ascii").rpartition("::/")[2].strip()
    except (OSError, ValueError):
        own = ""
    folders = [
        f for f in (groups / own, *(groups / own).parents) if groups in (f, *f.parents)
    ]
    first = groups / "cpu"  # version 1 has a file for each number
    return min(
        _of(first / "cpu.cfs_quota_us", first / "cpu.cfs_period_us"),
        *(_of(folder / "cpu.max") for folder in folders),
    )


def _of(*files: Path) -> float:
    """Read a quota, such as ``150000 100000``; there is none where it says ``max`` or −1."""
    try:
        quota, period = " ".join(f.read_text("ascii") for f in files).split()
        cores = float(quota) / float(period)
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf
    return cores if cores > 0 else math.inf
