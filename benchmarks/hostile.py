"""How the time of every reader grows with texts made to hang it: ten times the text, how much more?

    python -m benchmarks.hostile [--size 200000] [--only redaction]

Prints, for each reader, the baits whose time grows most, as the ratio between a text and one of
a tenth of its length: 10 is in step, 100 is the square. Ends with status 1 where one grows more
than 30 times and takes long enough for that to matter.
"""

import argparse
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.baits import FACTS, MARKUP, NAMES, OPENINGS, QUOTES, RUNS, bait
from transcripts.formats import FORMATS, FormatError, parse
from transcripts.formats.html_text import html_to_text
from transcripts.formats.mail.replies import split_html_reply, split_reply
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn
from transcripts.redaction import redact, redact_text

STEP: Final = 10
TOO_STEEP: Final = 30.0
MATTERS: Final = 0.3  # seconds of a whole text; below, the clock's own steps make the ratio
TRIES: Final = 2
SHOWN: Final = 3

Read = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Growth:
    """What one bait costs a reader."""

    bait: str
    seconds: float
    ratio: float

    @property
    def too_steep(self) -> bool:
        return self.ratio > TOO_STEEP and self.seconds > MATTERS


def reader_of(name: str) -> Read:
    """The importer of this format as the only one that is asked."""

    def read(text: str) -> None:
        with contextlib.suppress(FormatError):
            parse(text.encode(), name="x", format=name)

    return read


def redact_dialogue(text: str) -> None:
    turns = (CanonicalTurn("agent", text), CanonicalTurn("customer", text))
    redact(CanonicalInteraction("call", turns))


def readers() -> Iterator[tuple[str, Read, list[tuple[str, str]]]]:
    """Each reader with its baits: what a text begins with, and what follows again and again."""
    for name in FORMATS:
        openings = ("", *OPENINGS.get(name, ()))
        baits = [(openings[n % len(openings)], run) for n, run in enumerate(RUNS)]
        yield f"format {name}", reader_of(name), baits
    yield "html", html_to_text, [("", piece) for piece in MARKUP]
    yield "html quotes", split_html_reply, [("", piece) for piece in MARKUP]
    yield "quotes", split_reply, [(first, piece) for first in ("", "hi\n") for piece in QUOTES]
    yield "redaction", lambda text: redact_text(text, Counter()), [("", piece) for piece in FACTS]
    yield "redaction of names", redact_dialogue, [("", piece) for piece in NAMES]


def grown(read: Read, opening: str, unit: str, size: int) -> Growth:
    """The least of some tries, for a machine may stumble."""
    whole = least_seconds(read, bait(opening, unit, size))
    tenth = least_seconds(read, bait(opening, unit, size // STEP))
    return Growth(repr(opening + unit)[:50], whole, whole / max(tenth, 1e-9))


def least_seconds(read: Read, text: str) -> float:
    taken = []
    for _ in range(TRIES):
        began = time.process_time()
        read(text)
        taken.append(time.process_time() - began)
        if taken[-1] < MATTERS / STEP**2:
            break  # so little that it cannot matter
    return min(taken)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile")
    parser.add_argument("--size", type=int, default=200_000, help="bytes of a whole text")
    parser.add_argument("--only", default="", help="readers whose name has this in it")
    options = parser.parse_args()
    steep = 0
    for name, read, baits in readers():
        if options.only not in name:
            continue
        growths = [grown(read, *each, options.size) for each in baits]
        steep += _report(name, growths)
    print(f"grow out of step: {steep or 'none'}")
    return 1 if steep else 0


def _report(name: str, growths: list[Growth]) -> int:
    """Print a reader's worst baits; how many of all grow out of step."""
    mattering = [growth for growth in growths if growth.seconds > MATTERS / STEP]
    slowest = max(growth.seconds for growth in growths)
    print(f"{name}: {len(growths)} baits, the slowest takes {slowest:.2f} s")
    for growth in sorted(mattering, key=lambda each: -each.ratio)[:SHOWN]:
        mark = "  OUT OF STEP" if growth.too_steep else ""
        print(f"  x{growth.ratio:5.1f}  {growth.seconds:6.2f} s  {growth.bait}{mark}")
    return sum(growth.too_steep for growth in growths)


if __name__ == "__main__":
    sys.exit(main())
