"""Processor time, of a process and of the servers that it has started."""

from collections.abc import Callable

import psutil


def seconds(work: Callable[[], object]) -> float:
    """What some work costs, here and in the servers."""
    start = _spent()
    work()
    return _spent() - start


def _spent() -> float:
    me = psutil.Process()
    times = [process.cpu_times() for process in [me, *me.children(recursive=True)]]
    return float(sum(time.user + time.system for time in times))
