"""Start a program in several processes, as a notebook needs it: quietly, none left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def torchrun(
    module: str, *arguments: object, processes: int, restarts: int = 0
) -> dict[str, Any]:
    """Run a module of this package in several processes, and return what it reports.

    Parameters
    ----------
    module : str
        `mlp_reference.data_parallel`, or another program with an argument ``--report FILE``.
    *arguments : object
        Further arguments of it.
    processes : int
        R, on this machine.
    restarts : int, optional
        How often all processes are started anew when one fails.

    Returns
    -------
    dict of str to Any
        The report.

    Raises
    ------
    RuntimeError
        Where it fails, with all that it printed.
    """
    with TemporaryDirectory() as folder:
        meeting, environment = _meeting_place(Path(folder))
        report = Path(folder, "report.json")
        counts = [f"--nproc-per-node={processes}", f"--max-restarts={restarts}"]
        program = ["-m", module, "--report", str(report), *map(str, arguments)]
        command = [sys.executable, "-m", "torch.distributed.run", *meeting, *counts]
        output = _complete([*command, *program], environment)
        if not report.exists():
            raise RuntimeError(f"{module} wrote no report\n{output}")
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))
        return found


def _meeting_place(
    folder: Path, system: str = os.name
) -> tuple[list[str], dict[str, str]]:
    """Return how the processes of one machine find each other, without a fixed port."""
    variables = {
        "OMP_NUM_THREADS": "1",  # or torchrun says that it sets this itself
        # Addresses from before a restart are not to be found (PyTorch issue 135712).
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
    }
    # The name of a machine need not have an address, but `localhost` has one.
    here = "--local-addr=localhost"
    if system != "nt":
        return ["--standalone", here], variables
    # PyTorch for Windows lacks the library that the server of --standalone needs.
    file = ["--rdzv-backend=c10d", "--rdzv-conf=store_type=file"]
    return [*file, f"--rdzv-endpoint={folder / 'meeting'}", here], variables


def _complete(command: list[str], environment: dict[str, str]) -> str:
    """Return what a command prints; where it is interrupted, end its processes too."""
    started = subprocess.Popen(  # noqa: S603 - it is put together above
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        output, _ = started.communicate()
    except BaseException:
        started.terminate()  # torchrun ends its processes, which `kill` would leave behind
        started.communicate()
        raise
    if started.returncode:
        raise RuntimeError(f"torchrun ended with {started.returncode}\n{output}")
    return output
