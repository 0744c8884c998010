"""The numerical tests and the site, computed as other processors would.

`python -m tests.machines [--tests] [--pages] [SETTING...]`, or `nox -s machines`.
"""

import argparse
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from numpy._core import _multiarray_umath as umath  # type: ignore[attr-defined]

from tests.site_builds import ROOT, BuildError, build, contents, differences

KEPT = ROOT / "build" / "machines"
"""The folder of the sites, where differences can be inspected."""

NETWORKS = ("tests/mlp_reference", "tests/benchmarks")
# Without part 1 of the exercise, because Python computes it without these libraries.
MARKING = ("tests/mlp_exercise/part2", "tests/mlp_exercise/part3")

HAS: dict[str, bool] = umath.__cpu_features__
WIDER = [name for name in umath.__cpu_dispatch__ if HAS[name]]


@dataclass(frozen=True)
class Setting:
    """Environment variables that make this processor compute like another one."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    sign: str = ""
    """A pattern that the libraries' report must match in this setting."""
    needs: tuple[str, ...] = ()
    """Instructions that the setting needs, by NumPy's names."""


def kernels(core: str, *needs: str, stand_in: str = "") -> Setting:
    """Return a setting with other kernels of OpenBLAS; `stand_in` computes the same."""
    sign = f"OpenBLAS ({core}|{stand_in or core}) "
    return Setting(core.lower(), {"OPENBLAS_CORETYPE": core}, sign, needs)


def threads(name: str, number: int) -> Setting:
    """Return a setting in which a number of threads share a product or a sum."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    sign = rf"OpenBLAS \w+ on {number}, .* PyTorch \w+ on {number},"
    return Setting(name, dict.fromkeys(variables, f"{number}"), sign)


def together(name: str, *settings: Setting) -> Setting:
    """Return several settings as one."""
    environment = {k: v for setting in settings for k, v in setting.environment.items()}
    needs = tuple(need for setting in settings for need in setting.needs)
    sign = "".join(f"(?=.*{setting.sign})" for setting in settings)
    return Setting(name, environment, sign, needs)


def libm() -> str:
    """Return a digest of results of the C library's functions."""
    functions = (math.exp, math.tanh, math.log1p, math.sin)
    values = [f(k / 64) for f in functions for k in range(1, 512)]
    return f"{zlib.crc32(repr(values).encode()):08x}"


AS_IT_IS = Setting("as-it-is", sign="^OpenBLAS")
PRESCOTT = kernels("Prescott", "SSE3", stand_in="Katmai")
NUMPY = Setting("numpy", {"NPY_DISABLE_CPU_FEATURES": " ".join(WIDER)}, "NumPy bare")
PYTORCH = Setting("pytorch", {"ATEN_CPU_CAPABILITY": "default"}, "PyTorch DEFAULT")
MKL = Setting("mkl", {"MKL_CBWR": "COMPATIBLE"}, "MKL COMPATIBLE")
LIBM = Setting(
    "libm",
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable"},
    rf"libm (?!{libm()})",  # not the results of this process
    ("FMA3",),
)
ONE = threads("one-thread", 1)
SETTINGS = (
    AS_IT_IS,
    PRESCOTT,
    kernels("Haswell", "AVX2", "FMA3"),
    kernels("SkylakeX", "AVX512_SKX"),
    kernels("Zen", "AVX2", "FMA3", stand_in="Haswell"),
    NUMPY,
    PYTORCH,
    MKL,
    LIBM,
    ONE,
    threads("two-threads", 2),
    together("narrow", PRESCOTT, NUMPY, PYTORCH, MKL, LIBM, ONE),
)


def say(text: str) -> None:
    """Print a line without delay."""
    print(text, flush=True)  # noqa: T201 - a command


def describe() -> None:
    """Print how the libraries compute."""
    import torch
    from threadpoolctl import threadpool_info

    pools = {pool["internal_api"]: pool for pool in threadpool_info()}
    blas = pools.get("openblas", {"architecture": "absent", "num_threads": 0})
    torch.ones(9, 9) @ torch.ones(9, 9)  # MKL reports how it computes this
    say(
        f"OpenBLAS {blas['architecture']} on {blas['num_threads']}, "
        f"NumPy {'+'.join(WIDER) or 'bare'}, "
        f"PyTorch {torch.backends.cpu.get_cpu_capability()} "
        f"on {torch.get_num_threads()}, libm {libm()}"
    )


def report(setting: Setting) -> str:
    """Return the libraries' report in a setting."""
    code = "from tests.machines import describe; describe()"
    done = run("-c", code, **setting.environment, MKL_VERBOSE="1")
    if done.returncode:
        return f"they end with {done.returncode}: {done.stdout[-300:]}"
    mode = re.search(r"CNR:(\w+)", done.stdout)
    return f"{done.stdout.splitlines()[-1]}, MKL {mode[1] if mode else 'absent'}"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in an environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def pytest(setting: Setting, *places: str) -> str:
    """Run tests that need no site; return a failure, or an empty text."""
    quiet = ("-q", "-p", "no:cacheprovider", "-m", "not site")
    done = run("-m", "pytest", *quiet, *places, **setting.environment)
    say(done.stdout.splitlines()[-1])
    return done.stdout if done.returncode else ""


def tests(setting: Setting) -> str:
    """Run the tests of the networks; return a failure, or an empty text."""
    return pytest(setting, *NETWORKS)


def marking(setting: Setting) -> str:
    """Run the tests of the marking of networks; return a failure, or an empty text."""
    return pytest(setting, *MARKING)


def pages(setting: Setting) -> str:
    """Build the site and return its differences from the first one, or an empty text."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            site = build(Path(folder), **setting.environment)
        except BuildError as error:
            return f"the build failed:\n{error}"
        kept = KEPT / setting.name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(site, kept)
    found = differences(contents(KEPT / AS_IT_IS.name), contents(kept))
    return "\n".join(f"{name}:\n{lines}" for name, lines in found.items())


def obstacle(setting: Setting) -> str:
    """Return why a setting cannot be tried here, or an empty text."""
    lacking = [name for name in setting.needs if not HAS.get(name)]
    if lacking:
        return f"this processor has no {' and no '.join(lacking)}"
    said = report(setting)
    say(f"{setting.name}: {said}")
    return "" if re.search(setting.sign, said) else f"it has no effect here: {said}"


TASKS = {task.__name__: task for task in (tests, marking, pages)}


def main() -> int:
    """Try settings and print the result of each; return 1 if anything failed."""
    parser = argparse.ArgumentParser("tests.machines", description=__doc__)
    names = [setting.name for setting in SETTINGS]
    parser.add_argument("settings", nargs="*", metavar="SETTING", help=", ".join(names))
    for task in TASKS:
        parser.add_argument(f"--{task}", action="store_true", help=f"try the {task}")
    given = parser.parse_args()
    if unknown := set(given.settings) - set(names):
        parser.error(f"no setting is named {', '.join(unknown)}; there are {names}")
    for variable in {name for setting in SETTINGS for name in setting.environment}:
        os.environ.pop(variable, None)  # it would hold in every setting

    chosen = [task for task in TASKS if getattr(given, task)] or list(TASKS)
    table, failed = [], False
    for setting in SETTINGS:
        if setting.name in (given.settings or names):
            todo = chosen
        elif setting is AS_IT_IS and "pages" in chosen:
            todo = ["pages"]  # the others are compared with the first build
        else:
            continue
        if why := obstacle(setting):
            table.append(f"{setting.name:12} left out: {why}")
            say(table[-1])
            failed |= bool(given.settings)
            continue
        words = []
        for task in todo:
            trouble = TASKS[task](setting)
            words.append(f"{task} {'FAIL' if trouble else 'pass'}")
            failed |= bool(trouble)
            if trouble:
                say(f"{setting.name}, {task}:\n{trouble}")
        table.append(f"{setting.name:12} {', '.join(words)}")
    say("\n".join(table))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
