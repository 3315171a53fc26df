"""Memory of the import command: how far it rises above idle while it reads a long file of lines.

    python -m benchmarks.memory [--megabytes 300]

Starts its own PostgreSQL and Redis, which are gone afterwards. The command runs as a process of its
own: over an empty folder, which is idle, then over generated files of JSON lines, each four times
as long as the one before. Peaks are those that the kernel noted (VmHWM), so this needs Linux.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.intake import ROOT, client, interactions, servers

MEGABYTE = 1024 * 1024
LIMIT = 200  # megabytes above idle that the command may take


def write_lines(path: Path, size: int, prefix: str) -> int:
    """Fill a file with interactions up to this size; returns how many they are."""
    count = 0
    with path.open("w") as file:
        for one in interactions(sys.maxsize, prefix):
            file.write(f"{json.dumps(one)}\n")
            count += 1
            if file.tell() >= size:
                break
    return count


def peak_of(folder: Path) -> tuple[float, float]:
    """The most memory in megabytes that importing a folder took, and the seconds."""
    command = [sys.executable, "manage.py", "import", "--organization", "measured", str(folder)]
    start = time.perf_counter()
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)
    peak = 0.0
    while running.poll() is None:
        peak = max(peak, noted_peak(running.pid))
        time.sleep(0.05)
    assert running.returncode == 0, running.returncode
    return peak, time.perf_counter() - start


def noted_peak(pid: int) -> float:
    """What the kernel has noted as the peak of a process's memory, in megabytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0.0


def main() -> None:
    """Import files of rising length and print the peaks beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=300)
    longest = parser.parse_args().megabytes
    with servers(), tempfile.TemporaryDirectory(prefix="heard-") as name:
        client()
        folder = Path(name)
        idle, _ = peak_of(folder)
        print(
            f"{'file MB':>10}{'interactions':>14}{'seconds':>10}{'peak MB':>10}{'above idle':>12}"
        )
        print(f"{0:>8}{0:>14}{'':>9}{idle:>9.0f}{0:>12.0f}")
        for megabytes in (longest // 16, longest // 4, longest):
            file = folder / "lines.jsonl"
            count = write_lines(file, megabytes * MEGABYTE, f"m{megabytes}")
            peak, taken = peak_of(folder)
            above = peak - idle
            print(f"{megabytes:>8}{count:>14,}{taken:>9.0f}{peak:>9.0f}{above:>12.0f}")
            assert above < LIMIT, f"more than {LIMIT} MB above idle"


if __name__ == "__main__":
    main()
