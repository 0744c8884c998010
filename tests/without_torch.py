"""A plugin for `nox -s compat`: what needs PyTorch is skipped, and many tests must be left.

A test needs PyTorch if it, or its module, ends because PyTorch cannot be imported, or because the
marking says so, so nobody keeps a list of such tests. Only a test in which another process would
import it says so itself, with `pytest.importorskip`.
"""

from collections.abc import Generator

import pytest

from mlp_exercise.submission.run import Lacking

Report = pytest.CollectReport | pytest.TestReport


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--at-least", type=int, default=1, help="fail if fewer tests pass")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    report = yield
    assert isinstance(report, pytest.CollectReport)
    return skipped_without_torch(report, report.call)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, Report, Report]:
    return skipped_without_torch((yield), call)


def skipped_without_torch(
    report: Report, call: pytest.CallInfo[object] | None
) -> Report:
    """Return a report that says *skipped* where PyTorch could not be imported."""
    error = call.excinfo.value if call and call.excinfo else None
    lacking = isinstance(error, Lacking) and "needs PyTorch" in str(error)
    while error and not isinstance(error, ImportError):
        error = error.__cause__  # pytest wraps what a module raises
    absent = isinstance(error, ModuleNotFoundError) and error.name == "torch"
    if absent or lacking:
        report.outcome = "skipped"
        report.longrepr = (report.nodeid, 0, "needs PyTorch")
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say how many tests passed, and fail if they are too few to mean anything."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    passed, wanted = (
        len(reporter.stats.get("passed", ())),
        session.config.option.at_least,
    )
    reporter.write_line(f"\n{passed} tests passed without PyTorch.")
    if passed < wanted:
        reporter.write_line(f"These are too few: at least {wanted} do not need it.")
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
