"""Memory of the import command: how far it rises above idle while it reads a long file.

    python -m benchmarks.memory [--megabytes 300] [--whole]

Starts its own PostgreSQL and Redis, which are gone afterwards; there is no worker. The command runs
as a process of its own: over an empty folder, which is idle, then over generated files of JSON
lines, the last sixteen times as long as the first. With --whole also over an mbox, a CSV and one
JSON array, each as long as a file may be that is read whole (MAX_FILE_MB), and a longer one, which
is refused unread. Peaks are those that the kernel noted (VmHWM), so this needs Linux; the one at a
quarter of the time shows whether memory grows with the length.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.intake import ROOT, client, servers
from benchmarks.talks import short

MEGABYTE = 1024 * 1024
LIMIT = 200  # megabytes above idle that reading lines may take
ENDINGS = {"lines": "jsonl", "mbox": "mbox", "csv": "csv", "array": "json"}


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory of one run in megabytes, that at a quarter of its time, and the seconds."""

    megabytes: float
    at_a_quarter: float
    seconds: float


def lines(prefix: str) -> Iterator[str]:
    """JSON lines, without end."""
    for interaction in short(sys.maxsize, prefix):
        yield f"{json.dumps(interaction)}\n"


def array(prefix: str) -> Iterator[str]:
    """The same as elements of one JSON array; `write` closes it."""
    for number, interaction in enumerate(short(sys.maxsize, prefix)):
        yield f"{',' if number else '['}\n{json.dumps(interaction)}"


def csv(prefix: str) -> Iterator[str]:
    """The same as rows, one a turn."""
    head = "conversation_id,role,timestamp,text\n"
    for interaction in short(sys.maxsize, prefix):
        rows = (
            f'{interaction["external_id"]},{turn["role"]},,"{turn["text"]}"'
            for turn in interaction["turns"]
        )
        yield head + "\n".join(rows) + "\n"
        head = ""


def mbox(prefix: str) -> Iterator[str]:
    """The same as one e-mail each, which all of its turns are said in."""
    for interaction in short(sys.maxsize, prefix):
        said = "\n\n".join(turn["text"] for turn in interaction["turns"])
        yield (
            f"From robin@example.com Sat Oct  3 09:00:00 2026\nFrom: Robin <robin@example.com>\n"
            f"To: care@example.org\nDate: Sat, 03 Oct 2026 09:00:00 +0000\n"
            f"Message-ID: <{interaction['external_id']}@example.com>\n"
            f"Subject: {interaction['external_id']}\n\n"
            f"{said}\n\n"
        )


WRITERS: dict[str, Callable[[str], Iterator[str]]] = {
    "lines": lines,
    "mbox": mbox,
    "csv": csv,
    "array": array,
}


def write(folder: Path, kind: str, size: int) -> Path:
    """A file of up to this size, alone in its folder; returns where it is."""
    path = folder / f"file.{ENDINGS[kind]}"
    with path.open("w") as file:
        for piece in WRITERS[kind](f"{kind}-{size}"):
            if file.tell() + len(piece) + 2 > size:
                break
            file.write(piece)
        if kind == "array":
            file.write("]\n")
    return path


def peak_of(folder: Path) -> Peak:
    """What importing a folder took."""
    command = [sys.executable, "manage.py", "import", "--organization", "measured", str(folder)]
    start = time.perf_counter()
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)
    peaks = [(0.0, 0.0)]
    while running.poll() is None:
        peaks.append((time.perf_counter() - start, max(peaks[-1][1], noted_peak(running.pid))))
        time.sleep(0.05)
    taken = time.perf_counter() - start
    assert running.returncode in (0, 1), running.returncode
    early = max(peak for when, peak in peaks if when <= taken / 4)
    return Peak(peaks[-1][1], early, taken)


def noted_peak(pid: int) -> float:
    """What the kernel has noted as the peak of a process's memory, in megabytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0.0


def kept() -> int:
    """How many interactions there are by now."""
    from qa.organizations.models import Organization
    from qa.tenancy.context import directory, tenant
    from transcripts.models import Interaction

    with directory():
        pk: Any = Organization.objects.get(slug="measured").pk
    with tenant(pk):
        return Interaction.objects.filter(organization_id=pk).count()


def measure(folder: Path, kind: str, megabytes: int, idle: float) -> float:
    """Import one file, print its row; returns the megabytes above idle."""
    before = kept()
    path = write(folder, kind, megabytes * MEGABYTE)
    try:
        peak = peak_of(folder)
    finally:
        path.unlink()
    above = peak.megabytes - idle
    print(
        f"{kind:<8}{megabytes:>8,}{kept() - before:>14,}{peak.seconds:>9.0f}"
        f"{peak.megabytes:>9.0f}{above:>12.1f}{peak.at_a_quarter - idle:>14.1f}",
        flush=True,
    )
    return above


def main() -> None:
    """Import files of rising length and print the peaks beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=300, help="of the longest file of lines")
    parser.add_argument("--whole", action="store_true", help="also files that are read whole")
    given = parser.parse_args()
    with servers(), tempfile.TemporaryDirectory(prefix="heard-") as name:
        from django.conf import settings

        client()
        folder = Path(name)
        idle = peak_of(folder).megabytes
        print(
            f"{'':<8}{'file MB':>8}{'interactions':>14}{'seconds':>9}{'peak MB':>9}"
            f"{'above idle':>12}{'at a quarter':>14}\n{'idle':<8}{0:>8}{0:>14}{'':>9}{idle:>9.0f}"
        )
        whole = settings.MAX_FILE_BYTES // MEGABYTE
        for kind in ("mbox", "csv", "array") if given.whole else ():
            measure(folder, kind, whole, idle)
            measure(folder, kind, whole * 4, idle)
        for megabytes in (given.megabytes // 16, given.megabytes):
            above = measure(folder, "lines", megabytes, idle)
            assert above < LIMIT, f"more than {LIMIT} MB above idle"


if __name__ == "__main__":
    main()
