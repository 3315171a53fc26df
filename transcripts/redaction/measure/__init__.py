"""How well redaction finds what it should: precision and recall on labelled turns.

    python -m transcripts.redaction.measure [--faults] [--names MODULE:FUNCTION] [FILE]

A file holds one turn a line: {"channel", "role", "text", "spans": [[start, end, kind]]} and, where
it is an answer, "before": what the agent said before it. `labelled.jsonl` beside this file was
written by hand, with lookalikes and with cases that are known to fail.

A label is found if marks of its kind cover every letter and digit of it. A mark is right if at
least half of what it covers is labelled so. Intervals are Wilson's, at 95 %. `--names` measures
redaction with a finder of names (finder.py), which the function named returns.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from qa.core.rates import Rate, rate
from transcripts.formats import validate
from transcripts.redaction import KINDS, NameFinder, redact

LABELLED: Final = Path(__file__).with_name("labelled.jsonl")
ANY: Final = "any"

_MARK: Final = re.compile(rf"(\[(?:{'|'.join(KINDS)})\])")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text and the kind of personal data in it."""

    start: int
    end: int
    kind: str

    def covers(self, place: int) -> bool:
        return self.start <= place < self.end


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled turn."""

    line: int
    turn: dict[str, str]
    before: str | None
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return self.turn["text"]


@dataclass(slots=True)
class Tally:
    """Counts for one kind."""

    labels: int = 0
    found: int = 0
    marks: int = 0
    right: int = 0


@dataclass(slots=True)
class Measured:
    """Counts by kind, of all kinds together, and the lines on which something went wrong."""

    turns: int = 0
    seconds: float = 0.0
    kinds: dict[str, Tally] = field(default_factory=lambda: {k: Tally() for k in (*KINDS, ANY)})
    faults: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Labelled]:
    """The labelled turns of a file."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            record: dict[str, Any] = json.loads(line)
            spans = tuple(Span(*span) for span in record["spans"])
            turn = {"role": record["role"], "text": record["text"], "channel": record["channel"]}
            yield Labelled(number, turn, record.get("before"), spans)


def measure(turns: Iterable[Labelled], find_names: NameFinder | None = None) -> Measured:
    """Redact each turn as intake would, and count."""
    result = Measured()
    for turn in turns:
        result.turns += 1
        start = perf_counter()
        clean = redacted(turn, find_names)
        result.seconds += perf_counter() - start
        marks = marks_in(turn.text, clean)
        if not _count(result, turn, marks):
            result.faults.append(f"{turn.line}: {clean}")
    return result


def redacted(labelled: Labelled, find_names: NameFinder | None = None) -> str:
    """What redaction makes of a labelled turn."""
    asked = [{"role": "agent", "text": labelled.before}] if labelled.before else []
    said = {"role": labelled.turn["role"], "text": labelled.text}
    pushed = validate({"channel": labelled.turn["channel"], "turns": [*asked, said]})
    return redact(pushed, find_names=find_names)[0].turns[-1].text


def marks_in(text: str, clean: str) -> list[Span]:
    """Where in a text its marks stand for something, told by what is left around them."""
    parts = _MARK.split(clean)
    pattern = "".join("(.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    found = re.fullmatch(pattern, text, re.DOTALL)
    if found is None:
        raise ValueError("The redacted text does not fit the original.")
    kinds = [part.strip("[]") for part in parts[1::2]]
    return [Span(*found.span(index), kind) for index, kind in enumerate(kinds, start=1)]


def report(measured: Measured) -> str:
    """The table that the command prints."""
    rows = [f"{'kind':<12} {'precision (95 % interval, n)':<34} recall (95 % interval, n)"]
    for kind, tally in measured.kinds.items():
        precision = _words(rate(tally.right, tally.marks))
        rows.append(f"{kind:<12} {precision:<34} {_words(rate(tally.found, tally.labels))}")
    clean = measured.turns - len(measured.faults)
    rows.append(f"\n{clean} of {measured.turns} turns are redacted exactly as labelled.")
    rows.append(f"{measured.turns / measured.seconds:,.0f} turns a second, each by itself.")
    return "\n".join(rows)


def _count(result: Measured, labelled: Labelled, marks: Sequence[Span]) -> bool:
    faultless = True
    for label in labelled.spans:
        for kind in (label.kind, ANY):
            fitting = [mark for mark in marks if kind in (mark.kind, ANY)]
            found = _share_of(label, fitting, labelled.text) == 1
            result.kinds[kind].labels += 1
            result.kinds[kind].found += found
            faultless &= found
    for mark in marks:
        for kind in (mark.kind, ANY):
            fitting = [label for label in labelled.spans if kind in (label.kind, ANY)]
            covered = _share_of(mark, fitting, labelled.text)
            result.kinds[kind].marks += 1
            result.kinds[kind].right += covered >= 0.5
            faultless &= covered == 1
    return faultless


def _share_of(span: Span, others: Sequence[Span], text: str) -> float:
    """How much of a span's letters and digits the others cover."""
    places = [place for place in range(span.start, span.end) if text[place].isalnum()]
    covered = sum(any(other.covers(place) for other in others) for place in places)
    return covered / len(places) if places else 1.0


def _words(found: Rate) -> str:
    if found.value is None:
        return "-"
    return f"{found.value:.3f}  [{found.low:.3f}, {found.high:.3f}]  n={found.n}"


__all__ = ["LABELLED", "measure", "read", "report"]
