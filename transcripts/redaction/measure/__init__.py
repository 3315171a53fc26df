"""How well redaction finds what it should: precision and recall on labelled talk.

    python -m transcripts.redaction.measure [--faults] [--names MODULE:FUNCTION] [FILE]

A file holds one item a line. A turn: {"channel", "role", "text", "spans": [[start, end, kind]]}
and, where it is an answer, "before": what the agent said before it. A talk: {"case", "channel",
"turns": [{"role", "text", "spans", "kept": [[start, end]]}]}, with the "customer" whom the source
names, if any; "case" says what is tried and "kept" what looks like personal data and is none.
`labelled.jsonl` beside this file was written by hand, with lookalikes and with cases that are known
to fail.

A label is found if marks of its kind cover every letter and digit of it; it is removed if its words
are nowhere in what is left of the turn, whatever the mark. A mark is right if at least half of what
it covers is labelled so. A lookalike is kept if it still stands in its turn; a turn without labels
is one as a whole. Intervals are Wilson's, at 95 %. `--names` measures redaction with a finder of
names (finder.py), which the function named returns.
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
class Turn:
    """One labelled turn."""

    role: str
    text: str
    spans: tuple[Span, ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    labelled: bool = True


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled talk, of one turn or several."""

    line: int
    channel: str
    turns: tuple[Turn, ...]
    customer: str | None = None

    @property
    def is_long(self) -> bool:
        """True if more than one turn of it is labelled."""
        return sum(bool(turn.spans) for turn in self.turns) > 1


@dataclass(slots=True)
class Tally:
    """Counts for one kind."""

    labels: int = 0
    found: int = 0
    removed: int = 0
    marks: int = 0
    right: int = 0


@dataclass(slots=True)
class Measured:
    """Counts by kind, of all kinds together, and the lines on which something went wrong."""

    turns: int = 0
    items: int = 0
    seconds: float = 0.0
    kinds: dict[str, Tally] = field(default_factory=lambda: {k: Tally() for k in (*KINDS, ANY)})
    long: Tally = field(default_factory=Tally)
    lookalikes: int = 0
    kept: int = 0
    faults: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Labelled]:
    """The labelled talk of a file."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            record: dict[str, Any] = json.loads(line)
            if "turns" in record:
                turns = tuple(map(_turn, record["turns"]))
            else:
                asked = (
                    [Turn("agent", record["before"], labelled=False)]
                    if record.get("before")
                    else []
                )
                turns = (*asked, _turn(record))
            yield Labelled(number, record["channel"], turns, record.get("customer"))


def _turn(record: dict[str, Any]) -> Turn:
    spans = tuple(Span(*span) for span in record["spans"])
    kept = tuple((start, end) for start, end in record.get("kept", ()))
    return Turn(record["role"], record["text"], spans, kept)


def measure(items: Iterable[Labelled], find_names: NameFinder | None = None) -> Measured:
    """Redact each item as intake would, and count."""
    result = Measured()
    for item in items:
        start = perf_counter()
        clean = redacted(item, find_names)
        result.seconds += perf_counter() - start
        result.items += 1
        right = [
            _count(result, item, turn, said)
            for turn, said in zip(item.turns, clean, strict=True)
            if turn.labelled
        ]
        result.turns += len(right)
        if not all(right):
            result.faults.append(f"{item.line}: {' / '.join(clean)}")
    return result


def redacted(item: Labelled, find_names: NameFinder | None = None) -> list[str]:
    """What redaction makes of the turns of a labelled talk."""
    pushed: dict[str, Any] = {
        "channel": item.channel,
        "turns": [{"role": turn.role, "text": turn.text} for turn in item.turns],
    }
    if item.customer:
        pushed["customer"] = {"name": item.customer}
    return [turn.text for turn in redact(validate(pushed), find_names=find_names)[0].turns]


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
    heads = ("precision (95 % interval, n)", "recall (95 % interval, n)", "removed, strictly")
    rows = [f"{'kind':<12} {heads[0]:<32} {heads[1]:<32} {heads[2]}"]
    for kind, tally in measured.kinds.items():
        precision = _words(rate(tally.right, tally.marks))
        recall = _words(rate(tally.found, tally.labels))
        removed = _words(rate(tally.removed, tally.labels))
        rows.append(f"{kind:<12} {precision:<32} {recall:<32} {removed}")
    clean = measured.items - len(measured.faults)
    long, lookalikes = measured.long, rate(measured.kept, measured.lookalikes)
    rows += [
        f"\nOf labels in talk of several turns removed: {_words(rate(long.removed, long.labels))}",
        f"Lookalikes kept: {_words(lookalikes)}",
        f"{clean} of {measured.items} items are redacted exactly as labelled.",
        f"{measured.items / measured.seconds:,.0f} items a second, each by itself.",
    ]
    return "\n".join(rows)


def _count(result: Measured, item: Labelled, turn: Turn, clean: str) -> bool:
    marks = marks_in(turn.text, clean)
    faultless = _count_kept(result, turn, clean)
    for label in turn.spans:
        removed = turn.text[label.start : label.end] not in clean
        if item.is_long:
            result.long.labels += 1
            result.long.removed += removed
        for kind in (label.kind, ANY):
            fitting = [mark for mark in marks if kind in (mark.kind, ANY)]
            found = _share_of(label, fitting, turn.text) == 1
            tally = result.kinds[kind]
            tally.labels, tally.found = tally.labels + 1, tally.found + found
            tally.removed += removed
            faultless &= found
    for mark in marks:
        for kind in (mark.kind, ANY):
            fitting = [label for label in turn.spans if kind in (label.kind, ANY)]
            covered = _share_of(mark, fitting, turn.text)
            result.kinds[kind].marks += 1
            result.kinds[kind].right += covered >= 0.5
            faultless &= covered == 1
    return faultless


def _count_kept(result: Measured, turn: Turn, clean: str) -> bool:
    """Count what looks like personal data, and what of it is left."""
    lookalikes = [turn.text[start:end] for start, end in turn.kept]
    if not turn.spans and not lookalikes:
        lookalikes = [turn.text]
    kept = sum(said in clean for said in lookalikes)
    result.lookalikes += len(lookalikes)
    result.kept += kept
    return kept == len(lookalikes)


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
