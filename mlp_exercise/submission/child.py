"""The child process that runs a notebook's cells, behind `guards`: a script, not to be imported.

Reads one job from standard input, as JSON. When all libraries are loaded, it writes how long
that took, ``{"seconds": 0.4, "lacks": ""}``; then a line before and after each cell:
``{"cell": 3}``, and ``{"cell": 3, "changes": {"z": [0.31, -0.04]}, "error": ""}`` with the
answers that it changed. After the cells come trials: ``{"cell": 9, "observed": {...}}`` tells what
they saw.
It decides nothing, so there is nothing to win here; whatever a notebook does to `json`,
`numpy` or the builtins, it does to its own answers.
"""

import ast
import importlib
import inspect
import json
import linecache
import os
import sys
import time
import types
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

Trial = Callable[[dict[str, Any]], dict[str, Any]]


def main() -> None:
    """Do the job, and leave at once: threads and exit handlers of the notebook have no say."""
    job = json.load(sys.stdin.buffer)
    sys.path.insert(0, job["home"])
    from mlp_exercise.submission import (
        editors,
        guards,
        hook,
        kernel,
        one_process,
        places,
        resources,
    )
    from mlp_exercise.values import plain

    sys.path.remove(job["home"])
    sys.path.extend(path for path in job["path"] if path not in sys.path)
    send = _channel()
    kernel.end_with_parent()
    try:
        trials = _trials(job["module"], job["trials"])
    except ModuleNotFoundError as error:
        send({"seconds": 0.0, "lacks": error.name or ""})
        return
    for name in job["preload"]:
        with suppress(Exception):  # then the notebook will hear of it, too
            importlib.import_module(name)
    nothing = editors.stand_in()
    # What is taken so far is not the notebook's: a library for GPUs alone has gigabytes.
    memory = job["memory"] + resources.address_space()
    together = job["together"]
    resources.limit_resources(memory=memory, seconds=together, patience=job["patience"])
    begin = resources.timer(job["seconds"], together)
    folder = os.getcwd()  # noqa: PTH109 - plain text is wanted
    kernel.confine(folder, places.readable())
    guards.put_up(folder)
    one_process.load_in_this_process()
    for module in (editors, guards, hook, kernel, one_process, places, resources):
        del sys.modules[module.__name__]
    leave, namespace = os._exit, _namespace(nothing)
    send({"seconds": time.process_time(), "lacks": ""})
    report = _Report(send, begin)
    _run(job["cells"], job["names"], namespace, report, plain)
    _try_out(trials, namespace, report)
    leave(0)


class _Report(NamedTuple):
    """How the parent hears of cells and trials, and how each gets its time."""

    send: Callable[[dict[str, Any]], None]
    begin_timer: Callable[[], object]

    def begin(self, number: int) -> None:
        """Say that a cell or trial begins, and take its time."""
        self.send({"cell": number})
        self.begin_timer()


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


def _namespace(nothing: Callable[..., Any]) -> dict[str, Any]:
    """Make the module in which the cells run, with what IPython adds to it."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__.update(display=nothing, get_ipython=nothing)
    return module.__dict__


def _trials(module: str, wanted: list[tuple[int, str]]) -> list[tuple[int, Trial]]:
    """Fetch the trials before the notebook has a say."""
    if not wanted:
        return []
    room = importlib.import_module(module)
    for library in room.LIBRARIES:
        importlib.import_module(library)
    from mlp_exercise.observations import pack

    def packing(trial: Callable[..., Any]) -> Trial:
        return lambda space: {name: pack(seen) for name, seen in trial(space).items()}

    return [(number, packing(room.TRIALS[name])) for number, name in wanted]


def _run(
    cells: list[tuple[int, str]],
    names: list[str],
    namespace: dict[str, Any],
    report: _Report,
    plain: Callable[[object], object],
) -> None:
    """Run one cell after the other; an exception ends its cell alone."""
    last: dict[str, object] = dict.fromkeys(names)
    # Bound here, so that a notebook that replaces builtins does not stop its own report.
    run, build, leave, get = _execute, _compiled, os._exit, dict.get
    everything, too_much, words = BaseException, MemoryError, _words
    for number, source in cells:
        report.begin(number)
        error = ""
        try:
            run(build(number, source), namespace)
        except too_much:
            # What fills the memory would stay: begin again without this cell.
            report.send({"cell": number, "full": True})
            leave(1)
        except everything as raised:
            try:
                error = words(raised)
            except everything:
                error = "an error that cannot be read"
        changes = {}
        for name in names:
            try:
                value = plain(get(namespace, name))
            except everything:
                value = "a value that cannot be read"
            if value != last[name]:
                changes[name] = last[name] = value
        report.send({"cell": number, "changes": changes, "error": error})


def _compiled(
    number: int, source: str, build: Callable[..., types.CodeType] = compile
) -> types.CodeType:
    """Compile a cell, which may wait for something with ``await`` as in a notebook."""
    name = f"<code cell {number + 1}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)  # for `inspect`
    return build(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _execute(
    code: types.CodeType,
    namespace: dict[str, Any],
    run: Callable[..., None] = exec,
) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        import asyncio

        asyncio.run(types.FunctionType(code, namespace)())
    else:
        run(code, namespace)


def _words(error: BaseException) -> str:
    """Say what ended a cell; an answer that is still to be written is no error."""
    if isinstance(error, NotImplementedError):
        return ""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return said[:200].removesuffix(" None" * isinstance(error, SystemExit)).rstrip(": ")


def _try_out(
    trials: list[tuple[int, Trial]], namespace: dict[str, Any], report: _Report
) -> None:
    """Call what the cells have defined."""
    everything = BaseException
    for number, trial in trials:
        report.begin(number)
        try:
            observed = trial(namespace)
        except everything:
            observed = {}
        report.send({"cell": number, "observed": observed})


if __name__ == "__main__":
    main()
