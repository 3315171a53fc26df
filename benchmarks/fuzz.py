"""Every importer against damaged files, measured: no exception but FormatError, and no hang.

    python -m benchmarks.fuzz [--cases 100000] [--seed 1] [--case N] [--fixtures DIR] [--jobs 2]

Each case is a mutation of a real file, made from the seed and its number, so that `--case N`
replays one alone. It goes through recognition, through the importer that was recognised, and
through one other. Prints cases a second, refusals, the slowest case, and each fault by where it
arose, never the text. Ends with status 1 on a fault.
"""

import argparse
import json
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import FrameType
from typing import Final

from benchmarks.mutations import Case, Fixture, corpus, make_case
from transcripts.formats import FORMATS, FormatError, Parsed, parse, recognise

ROOT: Final = Path(__file__).resolve().parent.parent
FIXTURES: Final = ROOT / "tests" / "fixtures"
LIMIT: Final = 5.0  # seconds for one case
GRACE: Final = 10.0  # and before a worker that no signal reaches is ended
MEMORY: Final = 2 * 1024**3  # bytes of address space of a worker
EMPTY: Final = Parsed("none", ())


class _TooSlowError(BaseException):
    """Not an Exception, so that no importer can swallow it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one case came to; `fault` says where an exception arose, never what it said."""

    number: int
    origin: str
    seconds: float
    refused: bool = False
    fault: str = ""


@dataclass(slots=True)
class Tally:
    """What all cases came to."""

    cases: int = 0
    refused: int = 0
    slowest: Outcome | None = None
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Outcome] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        self.cases += 1
        self.refused += outcome.refused
        if self.slowest is None or outcome.seconds > self.slowest.seconds:
            self.slowest = outcome
        if outcome.fault:
            self.faults[outcome.fault] += 1
            self.examples.setdefault(outcome.fault, outcome)


def run_case(fixtures: list[Fixture], seed: int, number: int, limit: float = LIMIT) -> Outcome:
    """Make one case and put it through the importers."""
    case = make_case(fixtures, seed, number)
    names = list(FORMATS)
    other = names[number % len(names)]
    began = time.perf_counter()
    refused, fault = False, ""
    try:
        with _time_limit(limit):
            refused = _refuses(case, other)
    except _TooSlowError as late:
        fault = f"longer than {limit:g} s, {_where(late)}"
    except Exception as error:
        fault = f"{type(error).__name__}, {_where(error)}"
    return Outcome(number, case.origin, time.perf_counter() - began, refused, fault)


def _refuses(case: Case, other: str) -> bool:
    """Whether the file is refused; any exception other than FormatError gets out."""
    refused = False
    try:
        recognise(case.data, case.name)
        _look_through(parse(case.data, name=case.name))
    except FormatError as error:
        str(error)
        refused = True
    try:
        _look_through(parse(case.data, name=case.name, format=other))
    except FormatError as error:
        str(error)
    return refused


def _look_through(parsed: Parsed) -> None:
    for interaction in parsed.interactions:
        json.dumps(interaction.to_dict(), allow_nan=False).encode()
    for line in parsed.errors:
        str(line)


def _where(error: BaseException) -> str:
    """The last place in the importers that the exception went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/formats/" in frame.filename] or frames
    last = ours[-1]
    return f"{Path(last.filename).name}:{last.lineno} in {last.name}"


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _work(fixtures: list[Fixture], seed: int, numbers: range, results: Connection) -> None:
    """Run cases in a process of its own; the number of each is sent before it begins."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    done: list[Outcome] = []
    for number in numbers:
        results.send((number, done))
        done = [run_case(fixtures, seed, number)]
    results.send((None, done))


@dataclass(slots=True)
class _Worker:
    """A process with its share of the cases, and what it is at."""

    process: multiprocessing.Process
    results: Connection
    numbers: range
    at: int
    since: float


def _start(fixtures: list[Fixture], seed: int, numbers: range) -> _Worker:
    results, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(
        target=_work, args=(fixtures, seed, numbers, sender), daemon=True
    )
    process.start()
    sender.close()
    return _Worker(process, results, numbers, numbers.start, time.monotonic())


def fuzz(fixtures: list[Fixture], seed: int, cases: int, jobs: int) -> Tally:
    """Run all cases in `jobs` processes; one that hangs or dies is a fault and is replaced."""
    tally = Tally()
    workers = [_start(fixtures, seed, range(job, cases, jobs)) for job in range(min(jobs, cases))]
    while workers:
        ready = wait([worker.results for worker in workers], timeout=1)
        for worker in list(workers):
            ended = worker.results in ready and _receive(worker, tally)
            late = time.monotonic() - worker.since > LIMIT + GRACE
            if not ended and not late:
                continue
            workers.remove(worker)
            if next_one := _after(worker, tally, late=late):
                workers.append(_start(fixtures, seed, next_one))
    return tally


def _receive(worker: _Worker, tally: Tally) -> bool:
    """Take in one report; True when the worker has ended."""
    try:
        number, done = worker.results.recv()
    except (EOFError, OSError):
        return True
    for outcome in done:
        tally.add(outcome)
    if number is None:
        worker.at = worker.numbers.stop
        return True
    worker.at, worker.since = number, time.monotonic()
    return False


def _after(worker: _Worker, tally: Tally, *, late: bool) -> range | None:
    """End a worker; if it stopped short, count the case at fault and give those left."""
    worker.process.kill()
    worker.process.join()
    if worker.at >= worker.numbers.stop:
        return None
    fault = "hangs where no signal reaches it" if late else "ends the process"
    tally.add(Outcome(worker.at, "", time.monotonic() - worker.since, fault=fault))
    step = worker.numbers.step
    left = range(worker.at + step, worker.numbers.stop, step)
    return left or None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="replay this case alone")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    fixtures = corpus(options.fixtures)
    if not fixtures:
        print(f"no files below {options.fixtures}", file=sys.stderr)
        return 2
    if options.case is not None:
        print(run_case(fixtures, options.seed, options.case))
        return 0
    began = time.monotonic()
    tally = fuzz(fixtures, options.seed, options.cases, options.jobs)
    _report(tally, options.seed, time.monotonic() - began)
    return 1 if tally.faults else 0


def _report(tally: Tally, seed: int, seconds: float) -> None:
    print(f"{tally.cases:,} cases in {seconds:.0f} s, {tally.cases / seconds:,.0f} a second")
    print(
        f"{tally.refused:,} refused, {tally.cases - tally.refused:,} read; {len(FORMATS)} formats"
    )
    if tally.slowest:
        slowest = tally.slowest
        print(f"slowest: case {slowest.number} of {slowest.origin}, {slowest.seconds:.2f} s")
    for fault, count in tally.faults.most_common():
        example = tally.examples[fault]
        print(f"FAULT {fault} ({count} times)")
        print(f"  replay: --seed {seed} --case {example.number}  (of {example.origin})")
    print("faults: " + (f"{len(tally.faults)} kinds" if tally.faults else "none"))


if __name__ == "__main__":
    sys.exit(main())
