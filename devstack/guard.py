"""The guard: a tiny process that ends what its owner started, should the owner be killed.

`Processes` (devstack/processes.py) starts it with a pipe on standard input and tells it,
one line each, what there is to clear away:

    watch GROUP SIGNAL    a process group was started; SIGNAL asks it to stop
    forget GROUP          that group has ended
    scratch PATH          a directory to delete at the end

When the owner ends, for whatever reason, the pipe closes. The guard then asks every group
it still knows to stop, newest first, and kills what has not gone after GRACE seconds,
children of children included. It runs alone (`python -I -S guard.py`), in a session
of its own, and holds the state directory's lock until nothing is left running.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress

GRACE = 5.0
PAUSE = 0.05


def main() -> None:
    """Read orders until the owner is gone, then clear away."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: dict[int, int] = {}
    scratch: list[str] = []
    for line in sys.stdin:
        order, _, rest = line.rstrip("\n").partition(" ")
        if order == "watch":
            group, number = map(int, rest.split())
            groups[group] = number
        elif order == "forget":
            groups.pop(int(rest), None)
        elif order == "scratch":
            scratch.append(rest)
    clear(groups)
    for path in scratch:
        shutil.rmtree(path, ignore_errors=True)


def clear(groups: dict[int, int]) -> None:
    """Stop the groups in reverse order of start; kill those that outlive the grace."""
    deadline = time.monotonic() + GRACE
    for group, number in reversed(groups.items()):
        signal_group(group, number)
        while is_running(group) and time.monotonic() < deadline:
            time.sleep(PAUSE)
        signal_group(group, signal.SIGKILL)


def is_running(group: int) -> bool:
    """True if the group has a member left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_group(group: int, number: int) -> None:
    """Signal every member of the group; one that is gone is no error."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    main()
