"""Runs notebooks behind the `fence`: a script that loads libraries, forks, and does one job.

It is told once what to load, and waits. Each request brings the three descriptors that `process`
describes, and a fork does the job, which is JSON. When all is ready, the fork writes how long
that took, ``{"seconds": 0.01, "lacks": ""}``; then a line for each cell, with the answers that it
changed, ``{"task": 3, "changes": {"z": [0.31, -0.04]}, "error": ""}``, and one for each trial,
``{"task": "fit", "observed": {...}}``. It decides nothing, so there is nothing to win here;
whatever a notebook does to `json`, `numpy` or the builtins, it does to its own answers.
"""

import __future__

import ast
import builtins
import gc
import importlib
import inspect
import json
import linecache
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

# A notebook that replaces builtins does not stop its own report.
globals()["__builtins__"] = vars(builtins).copy()

Trial = Callable[[dict[str, Any]], dict[str, Any]]
Send = Callable[[dict[str, Any]], None]

FEATURES = [getattr(__future__, n).compiler_flag for n in __future__.all_feature_names]

_flags = {ast.PyCF_ALLOW_TOP_LEVEL_AWAIT}
"""With what cells are compiled: they may wait for something, and what one imports from
``__future__`` holds for those after it, both as in a notebook."""


def main() -> None:
    """Load libraries, fork when asked, do one job, and leave at once."""
    setup = json.loads(sys.argv.pop())
    sys.path.insert(0, setup["home"])
    from mlp_exercise.submission import editors, fence, kernel
    from mlp_exercise.values import plain

    sys.path.remove(setup["home"])
    sys.path.extend(path for path in setup["path"] if path not in sys.path)
    _load([*setup["libraries"], "resource", *fence.TAKEN_AWAY], setup["module"])
    orders, report, parent = 0, 1, os.getppid()
    if setup["warm"]:
        parent = os.getpid()
        orders, report = _fork_when_asked()
    kernel.end_with(parent)
    with open(orders, "rb", closefd=False) as stream:
        job = json.load(stream)
    send, leave = _channel(report), os._exit
    _begin_anew(job["folder"])
    try:
        trials = _trials(job["module"])
    except ModuleNotFoundError as error:
        send({"seconds": 0.0, "lacks": error.name or ""})
        leave(0)
    if "torch" in sys.modules:
        _compute_here([source for _, source in job["tasks"]])
    nothing = editors.stand_in()
    begin = kernel.limit(*job["limits"])
    kernel.confine(job["folder"], fence.readable())
    fence.put_up(job["folder"])
    for module in (editors, fence, kernel):
        del sys.modules[module.__name__]
    # The module in which the cells run, with what IPython adds to it.
    notebook = sys.modules["__main__"] = types.ModuleType("__main__")
    space = notebook.__dict__
    space.update(__builtins__=builtins, display=nothing, get_ipython=nothing)
    last: dict[str, object] = dict.fromkeys(job["names"])
    send({"seconds": time.process_time(), "lacks": ""})
    for task, source in job["tasks"]:
        begin()
        if isinstance(task, str):
            send({"task": task, "observed": _observed(trials[task], space)})
            continue
        try:
            raised = _run(task, source, space)
        except MemoryError:
            # What fills the memory would stay: begin again without this cell.
            send({"task": task, "full": True})
            leave(1)
        changes = {}
        for name in last:
            try:
                value = plain(space.get(name))
            except BaseException:
                value = "a value that cannot be read"
            if value != last[name]:
                changes[name] = last[name] = value
        send({"task": task, "changes": changes, "error": raised})
    leave(0)


def _load(modules: list[str], trials: str) -> None:
    """Load what forks need, and start no thread: they would not have it."""
    for name in modules:
        with suppress(Exception):  # then the notebook will hear of it, too
            importlib.import_module(name)
    with suppress(Exception):
        _trials(trials)
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.optim.SGD([torch.zeros(1)], 0.1)  # loads what PyTorch loads late
        importlib.import_module("mlp_exercise.processor")
    gc.collect()
    gc.freeze()  # forks share what is loaded as long as none of them touches it


def _trials(module: str) -> Mapping[str, Trial]:
    """Return the trials by name, with all loaded that they need."""
    if not module:
        return {}
    from mlp_exercise.observations import pack

    package = importlib.import_module(module)
    for name in package.LIBRARIES:
        importlib.import_module(name)

    def packing(trial: Callable[..., Any]) -> Trial:
        return lambda space: {name: pack(seen) for name, seen in trial(space).items()}

    return {name: packing(trial) for name, trial in package.TRIALS.items()}


def _fork_when_asked() -> tuple[int, int]:
    """Fork whenever the marker asks; return in the fork, with its job and its pipe."""
    control, watched = socket.socket(fileno=0), selectors.PollSelector()
    watched.register(control, selectors.EVENT_READ)
    control.send(b"!")
    while True:
        (key, _), *_ = watched.select()
        if key.data:
            _end(watched, key)
            continue
        asked, descriptors, *_ = socket.recv_fds(control, 1, 3)
        if not asked:  # the marker is gone
            watched.unregister(control)
            for key in watched.get_map().values():
                _kill(key.data[0])
            os._exit(0)
        orders, report, line = descriptors
        try:
            fork = os.fork()
        except OSError as error:
            os.write(line, json.dumps([None, str(error)]).encode())
            os.close(line)
        else:
            if fork == 0:
                os.setsid()  # no group that it could join but its own
                control.close()
                return orders, report
            ended = os.pidfd_open(fork)
            for source in (line, ended):
                watched.register(source, selectors.EVENT_READ, (fork, line, ended))
        os.close(orders)
        os.close(report)


def _end(watched: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    """End a fork because its marker wants no more of it; or say how it has ended."""
    fork, line, ended = key.data
    _kill(fork)
    watched.unregister(key.fd)
    if key.fd == line:
        return
    _, status, used = os.wait4(fork, 0)
    said = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
    with suppress(OSError):
        os.write(line, json.dumps(said).encode())
    with suppress(KeyError):
        watched.unregister(line)
    os.close(line)
    os.close(ended)


def _kill(fork: int) -> None:
    """End a fork, which may not lead its group yet, and whatever it has started."""
    os.kill(fork, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(fork, signal.SIGKILL)


def _channel(report: int) -> Send:
    """Have one descriptor for reports, and none else; what a notebook prints goes nowhere."""
    channel = os.dup2(report, 3)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.closerange(4, 4096)
    dumps, write = json.dumps, os.write

    def send(message: dict[str, Any]) -> None:
        line = dumps(message).encode() + b"\n"
        while line:
            line = line[write(channel, line) :]

    return send


def _begin_anew(folder: str) -> None:
    """Move to the folder, with dice of its own as a fresh process has them."""
    loaded_in = os.environ["HOME"]
    for name, value in os.environ.items():  # PyTorch adds some of its own
        os.environ[name] = value.replace(loaded_in, folder)
    os.chdir(folder)
    tempfile.tempdir = None
    if (numpy_random := sys.modules.get("numpy.random")) is not None:
        numpy_random.seed()  # Python's own `random` does so by itself
    if (torch := sys.modules.get("torch")) is not None:
        torch.default_generator.seed()


def _compute_here(sources: list[str]) -> None:
    """Let a notebook that names a graphics card do with the processor, as all others do."""
    from mlp_exercise import processor

    if any(map(processor.NAMED.search, sources)):
        mode: Any = processor.OnProcessor()
        mode.__enter__()


def _run(number: int, source: str, space: dict[str, Any]) -> str:
    """Run a cell, which an exception ends alone; return what it raised."""
    name = f"<code cell {number + 1}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)  # for `inspect`
    try:
        code = compile(source, name, "exec", sum(_flags))
        _flags.update(flag for flag in FEATURES if code.co_flags & flag)
        if code.co_flags & inspect.CO_COROUTINE:
            import asyncio

            asyncio.run(types.FunctionType(code, space)())
        else:
            exec(code, space)  # noqa: S102 - which is what this process is for
    except (MemoryError, NotImplementedError) as error:
        if isinstance(error, MemoryError):
            raise
        return ""  # an answer that is still to be written
    except BaseException as error:
        try:
            said = " ".join(f"{type(error).__name__}: {error}".split())
        except BaseException:
            return "an error that cannot be read"
        if isinstance(error, SystemExit):
            said = said.removesuffix(" None")
        return said[:200].rstrip(": ")
    return ""


def _observed(trial: Trial, space: dict[str, Any]) -> dict[str, Any]:
    """Try out what the cells have defined."""
    try:
        return trial(space)
    except BaseException:
        return {}


if __name__ == "__main__":
    main()
