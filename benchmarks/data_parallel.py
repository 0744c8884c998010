"""A training step whose batch is shared among 1, 2 and 4 processes, and when that pays.

``nox -s bench -- data_parallel`` runs this in an environment of its own, with one thread a
process.
"""

import os
from typing import Any

from benchmarks.record import SPREAD, publish, where, with_spread
from mlp_reference.launcher import torchrun

Rows = list[dict[str, Any]]


def measure() -> Rows:
    """Time steps and sums in four processes, of which fewer work at a time."""
    rows: Rows = torchrun("benchmarks.contenders.shared_step", processes=4)["rows"]
    return rows


def sum_costs(rows: Rows, R: int) -> tuple[float, float]:
    """Return the microseconds before any byte is sent, and the bytes a microsecond.

    Parameters
    ----------
    rows : list of dict
        What was measured.
    R : int
        The number of processes, which form a ring.

    Returns
    -------
    latency, bandwidth : float
        From the shortest and the longest vector.
    """
    sums = [row for row in rows if row["what"] == "sum"]
    (few, latency), (many, longest) = (
        (2 * (R - 1) / R * 1000 * row["kilobytes"], row[str(R)][1])
        for row in (sums[0], sums[-1])
    )
    return latency, (many - few) / (longest - latency)


def predicted(rows: Rows, row: dict[str, Any], R: int) -> float:
    """Return how many times as fast R processes are if the sum were all that is added.

    Parameters
    ----------
    rows : list of dict
        What was measured.
    row : dict
        The step.
    R : int
        The number of processes.

    Returns
    -------
    float
        T / (T/R + latency + bytes/bandwidth).
    """
    latency, bandwidth = sum_costs(rows, R)
    alone = row["1"][1]
    sent = 2 * (R - 1) / R * 4 * row["parameters"]
    return float(alone / (alone / R + latency + sent / bandwidth))


def table(rows: Rows, load: float) -> str:
    """Return the rows as two tables in Markdown, with the load of the machine before."""
    heads = ["network", "batch", "two processes", "predicted", "four processes"]
    heads += ["two threads", "one process, ms"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    steps = [row for row in rows if row["what"] == "step"]
    for row in steps:
        cells = [row["size"], str(row["batch"]), faster(row, "2")]
        cells += [f"{predicted(rows, row, 2):.2f}", faster(row, "4")]
        cells += [faster(row, "2 threads"), f"{row['1'][1] / 1000:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    counts = {row["size"]: f"{row['parameters']:,}" for row in steps}
    how = (
        "How many times as fast a step is as in one process with one thread; processes have "
        f"one thread each. The networks have {', '.join(counts.values())} parameters. Two "
        "processes pay, which means that at least three quarters of the rounds were faster "
        f"than one process's, {', '.join(pays(rows))}. {SPREAD} {where('data_parallel')} "
        f"{busy(load)}"
    )
    lines += ["", how, "", "| kilobytes | sum of two processes, µs | of four, µs |"]
    lines.append("| --- | --- | --- |")
    for row in (row for row in rows if row["what"] == "sum"):
        lines.append(
            f"| {row['kilobytes']:,} | {row['2'][1]:.0f} | {row['4'][1]:.0f} |"
        )
    latency, bandwidth = sum_costs(rows, 2)
    model = (
        f"For two processes that is {latency:.0f} µs and {bandwidth / 1000:.2f} gigabytes a "
        "second. *Predicted* uses these two numbers."
    )
    return "\n".join([*lines, "", model, ""])


def pays(rows: Rows) -> list[str]:
    """Return, for each network, from which batch on two processes are faster than one.

    Parameters
    ----------
    rows : list of dict
        What was measured, with growing batches.

    Returns
    -------
    list of str
        Phrases such as ``from batch 128 on for 64-64-64-1``.
    """
    phrases = []
    steps = [row for row in rows if row["what"] == "step"]
    for size in dict.fromkeys(row["size"] for row in steps):
        batches = []  # from the largest on, as long as they pay
        for row in reversed([row for row in steps if row["size"] == size]):
            if row["2 faster"][0] <= 1:  # the lower quartile, because they differ much
                break
            batches.append(row["batch"])
        since = f"from batch {batches[-1]} on" if batches else "at no batch"
        phrases.append(f"{since} for {size}")
    return phrases


def busy(load: float) -> str:
    """Return a sentence on what else the machine did, which matters to processes that wait.

    Parameters
    ----------
    load : float
        The mean number of processes that wanted a core before.

    Returns
    -------
    str
        A sentence.
    """
    if load < 0.5:
        return "The machine was idle before."
    return (
        f"**The machine was busy**, with a load of {load:.1f} before: measure it again."
    )


def faster(row: dict[str, Any], who: str) -> str:
    """Return how many times as fast somebody is, with the spread, as text."""
    low, middle, high = row[f"{who} faster"]
    return with_spread(middle, low, high)


if __name__ == "__main__":
    before = os.getloadavg()[0]
    measured = measure()
    publish("data_parallel", measured, table(measured, before))
