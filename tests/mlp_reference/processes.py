"""What tests of several processes need: a group of one, and two hosts."""

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple
from uuid import uuid4

import pytest
import torch
import torch.distributed as dist

PATIENCE = 300
"""Seconds; a busy machine takes its time, and a test that fails may take this long."""

ALONE = {
    "RANK": "0",
    "WORLD_SIZE": "1",
    "LOCAL_RANK": "0",
    "LOCAL_WORLD_SIZE": "1",
    "MASTER_ADDR": "localhost",
    "MASTER_PORT": "0",  # the system picks a free one
    "TORCHELASTIC_RESTART_COUNT": "0",
}
"""What torchrun tells the only process that it starts."""


@contextmanager
def the_only_process() -> Iterator[None]:
    """Be a process that torchrun has started alone, and has left its group at the end."""
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ALONE.items():
            patch.setenv(name, value)
        yield
    assert not dist.is_initialized()
    torch.set_num_threads(threads)
    gc.unfreeze()


class Host(NamedTuple):
    """What runs a command on a host, the host's address, and its network interface."""

    prefix: list[str]
    address: str
    interface: str | None

    def free_port(self) -> int:
        """Return a port that nobody listens on."""
        script = "import socket, sys; s = socket.create_server((sys.argv[1], 0)); "
        script += "print(s.getsockname()[1])"
        command = [*self.prefix, sys.executable, "-c", script, self.address]
        return int(subprocess.check_output(command, text=True, timeout=PATIENCE))

    def bytes_sent(self) -> int:
        """Return how many bytes have left through the interface."""
        command = [*self.prefix, "cat", "/proc/net/dev"]
        table = subprocess.check_output(command, text=True, timeout=PATIENCE)
        (line,) = [line for line in table.splitlines() if f"{self.interface}:" in line]
        return int(line.partition(":")[2].split()[8])


@contextmanager
def two_namespaces() -> Iterator[list[Host]]:
    """Make two network namespaces with a cable between them, and remove them again."""
    key, ends = uuid4().hex[:8], ("a", "b")
    hosts = [
        Host(["ip", "netns", "exec", f"{key}{end}"], f"10.0.0.{n}", f"{key}{end}")
        for n, end in enumerate(ends, 1)
    ]
    first, second = (f"{key}{end}" for end in ends)
    with ExitStack() as stack:
        try:
            for name in (first, second):
                _ip("netns", "add", name)
                stack.callback(_ip, "netns", "del", name)
            cable = ("type", "veth", "peer", "name", second, "netns", second)
            _ip("link", "add", first, "netns", first, *cable)
            for name, host in zip((first, second), hosts, strict=True):
                _ip("-n", name, "address", "add", f"{host.address}/24", "dev", name)
                for interface in ("lo", name):
                    _ip("-n", name, "link", "set", interface, "up")
        except (OSError, subprocess.CalledProcessError) as why:
            # That is root's on Linux alone; `two_addresses` tries the same on any system.
            pytest.skip(f"this system makes no two network namespaces: {why}")
        yield hosts


@contextmanager
def two_addresses() -> Iterator[list[Host]]:
    """Give two addresses of this machine, or one twice, which any system has."""
    try:
        socket.create_server((second := "127.0.0.2", 0)).close()
    except OSError:
        second = "127.0.0.1"
    yield [Host([], "127.0.0.1", None), Host([], second, None)]


def run_on(hosts: list[Host], module: str, *arguments: object, restarts: int) -> None:
    """Run a program with one process on each host."""
    endpoint = f"{hosts[0].address}:{hosts[0].free_port()}"
    run = (f"--rdzv-id={uuid4().hex}", "--rdzv-backend=c10d", f"--nnodes={len(hosts)}")
    counts = ("--nproc-per-node=1", f"--max-restarts={restarts}")
    with ExitStack() as stack:
        agents = []
        for host in hosts:
            conf = f"--rdzv-conf=is_host={int(host is hosts[0])}"
            place = (
                f"--rdzv-endpoint={endpoint}",
                conf,
                f"--local-addr={host.address}",
            )
            program = ("-m", module, *map(str, arguments))
            torchrun = (sys.executable, "-m", "torch.distributed.run")
            variables = {"OMP_NUM_THREADS": "1"}
            variables["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] = "1"
            if host.interface:
                variables["GLOO_SOCKET_IFNAME"] = host.interface
            agent = subprocess.Popen(
                [*host.prefix, *torchrun, *run, *counts, *place, *program],
                env=os.environ | variables,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.enter_context(agent)
            stack.callback(
                agent.terminate
            )  # it ends its processes; nothing if it ended
            agents.append(agent)
        for agent in agents:
            output, _ = agent.communicate(timeout=PATIENCE)
            assert agent.returncode == 0, output


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
