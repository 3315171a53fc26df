"""What every test is held to: it ends, and where all must run (HEARD_REQUIRE_ALL=1) it ran.

No test compares seconds: on a busy machine that fails for no fault. What is endless, or as
good as endless on a long input, is stopped here after so much processor time of its own, which
other people's load does not touch. A test of a hostile input names a tighter bound:

    @pytest.mark.cpu_limit(60)

How long such inputs take, and how it grows with them, is what `python -m benchmarks.hostile`
prints.
"""

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

CPU_SECONDS = 300
# Tests that may be skipped even where all must run, each with its reason.
MAY_BE_SKIPPED = {
    "test_names_model.py::test_the_real_model_finds_people_without_a_network": (
        "the finder of names is optional, and its packages are not for every platform"
    ),
    "test_names_model.py::test_the_web_server_does_not_start_without_it_where_it_is_wanted": (
        "tells what happens without these packages"
    ),
    "test_run.py::test_a_port_that_another_program_answers_on_is_refused_with_the_way_out": (
        "not every machine has IPv6"
    ),
}


class EndlessError(BaseException):
    """A test that does not end. Not an Exception, so that nothing under test swallows it."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise in whatever is running after so many seconds of this process's own work."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise EndlessError(f"still at work after {seconds:g} seconds of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cpu_limit(seconds): stop after so much processor time")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    mark = item.get_closest_marker("cpu_limit")
    with cpu_limit(mark.args[0] if mark else CPU_SECONDS):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return forbid_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return forbid_skip((yield))


def forbid_skip(report: Report) -> Report:
    """Turn a skip into a failure where every test must run."""
    if os.environ.get("HEARD_REQUIRE_ALL") != "1" or not report.skipped:
        return report
    test = report.nodeid.partition("[")[0]  # without its parameters
    if hasattr(report, "wasxfail") or test.endswith(tuple(MAY_BE_SKIPPED)):
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"Every test must run here (HEARD_REQUIRE_ALL=1), and this did not. {reason}"
    return report
