"""Runs notebooks behind the `fence`: a script that loads libraries, forks, and does one job.

It is told once what to load, and waits. Each request brings the three descriptors that `process`
describes, and a fork does the job, which is JSON. When all is ready, the fork writes how long
that took, ``{"seconds": 0.01, "lacks": ""}``; then a line for each cell, with the answers that it
changed, ``{"cell": 3, "changes": {"z": [0.31, -0.04]}, "error": ""}``, and one for each trial,
``{"cell": 9, "observed": {...}}``. It decides nothing, so there is nothing to win here; whatever
a notebook does to `json`, `numpy` or the builtins, it does to its own answers.
"""

import ast
import gc
import importlib
import inspect
import json
import linecache
import os
import signal
import socket
import sys
import tempfile
import time
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

Trial = Callable[[dict[str, Any]], dict[str, Any]]
Send = Callable[[dict[str, Any]], None]


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
        known = _trials(job["module"])
    except ModuleNotFoundError as error:
        send({"seconds": 0.0, "lacks": error.name or ""})
        leave(0)
    trials = [(number, known[name]) for number, name in job["trials"]]
    nothing = editors.stand_in()
    begin = kernel.limit(
        job["memory"], job["seconds"], job["together"], job["patience"]
    )
    kernel.confine(job["folder"], fence.readable())
    fence.put_up(job["folder"])
    for module in (editors, fence, kernel):
        del sys.modules[module.__name__]
    namespace = _namespace(nothing)
    send({"seconds": time.process_time(), "lacks": ""})
    _run(job["cells"], job["names"], namespace, send, begin, plain)
    _try_out(trials, namespace, send, begin)
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
        torch.set_num_threads(1)
        torch.optim.SGD([torch.zeros(1)], 0.1)  # loads what PyTorch loads late
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
    import select  # Windows has no `poll`

    control, poll = socket.socket(fileno=0), select.poll()
    poll.register(control, select.POLLIN)
    forks: dict[
        int, tuple[int, int, int]
    ] = {}  # by its line, and by what shows its end
    control.send(b"!")
    while True:
        (source, _), *_ = poll.poll()
        if source in forks:
            _end(poll, forks, source)
            continue
        asked, descriptors, *_ = socket.recv_fds(control, 1, 3)
        if not asked:  # the marker is gone
            for fork, _, _ in forks.values():
                _kill(fork)
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
                forks[source] = fork, line, ended
                poll.register(source, select.POLLIN)
        os.close(orders)
        os.close(report)


def _end(poll: Any, forks: dict[int, tuple[int, int, int]], source: int) -> None:
    """End a fork because its marker wants no more of it; or say how it has ended."""
    fork, line, ended = forks[source]
    _kill(fork)
    if source == line:
        poll.unregister(line)
        return
    _, status, used = os.wait4(fork, 0)
    said = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
    with suppress(OSError):
        os.write(line, json.dumps(said).encode())
    with suppress(KeyError):
        poll.unregister(line)
    poll.unregister(ended)
    for descriptor in (line, ended):
        del forks[descriptor]
        os.close(descriptor)


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


def _namespace(nothing: Callable[..., Any]) -> dict[str, Any]:
    """Make the module in which the cells run, with what IPython adds to it."""
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__.update(display=nothing, get_ipython=nothing)
    return module.__dict__


def _run(
    cells: list[tuple[int, str]],
    names: list[str],
    namespace: dict[str, Any],
    send: Send,
    begin: Callable[[], object],
    plain: Callable[[object], object],
) -> None:
    """Run one cell after the other; an exception ends its cell alone."""
    last: dict[str, object] = dict.fromkeys(names)
    # Bound here, so that a notebook that replaces builtins does not stop its own report.
    run, build, leave, get = _execute, _compiled, os._exit, dict.get
    everything, too_much, words = BaseException, MemoryError, _words
    for number, source in cells:
        begin()
        error = ""
        try:
            run(build(number, source), namespace)
        except too_much:
            # What fills the memory would stay: begin again without this cell.
            send({"cell": number, "full": True})
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
        send({"cell": number, "changes": changes, "error": error})


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
    trials: list[tuple[int, Trial]],
    namespace: dict[str, Any],
    send: Send,
    begin: Callable[[], object],
) -> None:
    """Call what the cells have defined."""
    everything = BaseException
    for number, trial in trials:
        begin()
        try:
            observed = trial(namespace)
        except everything:
            observed = {}
        send({"cell": number, "observed": observed})


if __name__ == "__main__":
    main()
