"""The child process that runs a notebook's cells, behind `guards`: a script, not to be imported.

Reads one job from standard input, as JSON. Writes a line of JSON before and after each cell:
``{"cell": 3}``, then ``{"cell": 3, "changes": {"z": [0.31, -0.04]}}`` with the answers that it
changed. After the cells come trials: ``{"cell": 9, "observed": {...}}`` tells what they saw.
It decides nothing, so there is nothing to win here; whatever a notebook does to `json`,
`numpy` or the builtins, it does to its own answers.
"""

import importlib
import json
import os
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Trial = Callable[[dict[str, Any]], dict[str, Any]]


def main() -> None:
    """Do the job, and leave at once: threads and exit handlers of the notebook have no say."""
    job = json.load(sys.stdin.buffer)
    sys.path.insert(0, job["home"])
    from mlp_reference.exercises.submissions import (
        guards,
        hook,
        kernel,
        one_process,
        places,
        resources,
    )
    from mlp_reference.exercises.values import plain

    sys.path.remove(job["home"])
    sys.path.extend(path for path in job["path"] if path not in sys.path)
    trials = _trials(job["module"], job["trials"])
    send = _channel()
    kernel.end_with_parent()
    # What is taken so far is not the notebook's: a library for GPUs alone has gigabytes.
    memory = job["memory"] + resources.address_space()
    resources.limit_resources(memory=memory, seconds=job["seconds"])
    for name in job["preload"]:
        with suppress(Exception):  # then the notebook will hear of it, too
            importlib.import_module(name)
    folder = os.getcwd()  # noqa: PTH109 - plain text is wanted
    kernel.confine(folder, places.readable())
    guards.put_up(folder)
    one_process.load_in_this_process()
    for module in (guards, hook, kernel, one_process, places, resources):
        del sys.modules[module.__name__]
    leave, namespace = os._exit, _namespace()
    _run(job["cells"], job["names"], namespace, send, plain)
    _try_out(trials, namespace, send)
    leave(0)


def _channel() -> Callable[[dict[str, Any]], None]:
    """Keep standard output for reports; what a notebook prints goes nowhere."""
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    dumps, write = json.dumps, os.write

    def send(message: dict[str, Any]) -> None:
        line = dumps(message).encode() + b"\n"
        while line:
            line = line[write(channel, line) :]

    return send


def _namespace() -> dict[str, Any]:
    """Make the module in which the cells run, with what IPython adds to it."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__.update(display=_nothing, get_ipython=_Shell)
    return module.__dict__


def _trials(module: str, wanted: list[tuple[int, str]]) -> list[tuple[int, Trial]]:
    """Fetch the trials before the notebook has a say."""
    if not wanted:
        return []
    known = importlib.import_module(module).TRIALS
    from mlp_reference.exercises.observations import pack

    def packing(trial: Callable[..., Any]) -> Trial:
        return lambda space: {name: pack(seen) for name, seen in trial(space).items()}

    return [(number, packing(known[name])) for number, name in wanted]


def _nothing(*_args: object, **_options: object) -> None:
    """Stand in for what a notebook calls to show something."""


class _Shell:
    """Stands in for IPython's shell: whatever it is asked to do, it does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _run(
    cells: list[tuple[int, str]],
    names: list[str],
    namespace: dict[str, Any],
    send: Callable[[dict[str, Any]], None],
    plain: Callable[[object], object],
) -> None:
    """Run one cell after the other; an exception ends its cell alone."""
    last: dict[str, object] = dict.fromkeys(names)
    # Bound here, so that a notebook that replaces builtins does not stop its own report.
    run, build, leave, get = exec, compile, os._exit, dict.get
    everything, too_much = BaseException, MemoryError
    for number, source in cells:
        send({"cell": number})
        try:
            run(build(source, f"<cell {number}>", "exec"), namespace)
        except too_much:
            leave(1)  # what fills the memory would stay: begin again without this cell
        except everything:
            pass
        changes = {}
        for name in names:
            try:
                value = plain(get(namespace, name))
            except everything:
                value = "a value that cannot be read"
            if value != last[name]:
                changes[name] = last[name] = value
        send({"cell": number, "changes": changes})


def _try_out(
    trials: list[tuple[int, Trial]],
    namespace: dict[str, Any],
    send: Callable[[dict[str, Any]], None],
) -> None:
    """Call what the cells have defined."""
    everything = BaseException
    for number, trial in trials:
        send({"cell": number})
        try:
            observed = trial(namespace)
        except everything:
            observed = {}
        send({"cell": number, "observed": observed})


if __name__ == "__main__":
    main()
