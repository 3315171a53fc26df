"""A transcript as people read it: turns, cut into stretches that carry the same marks.

Pure: takes the turns of a transcript, the result of a pre-score and any notes, and gives what
templates/_turns.html draws. Used by every page that shows a transcript or quotes from one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol

from django.utils.translation import gettext_lazy

from qa.core.clauses import clauses
from scorecards.choices import UNSURE, role_word
from scorecards.set_aside import SetAside

MARKS = ("empathy", "sympathy", "dismissal")
PINNED = "pinned"
WORDS = {
    "cue": gettext_lazy("Feeling"),
    "empathy": gettext_lazy("Empathy"),
    "sympathy": gettext_lazy("Sympathy"),
    "dismissal": gettext_lazy("Dismissal"),
    PINNED: gettext_lazy("Note"),
}
QUOTE = 240
REPLIES = 2  # turns of the agent that are shown as the reply where nobody has paired them


class NoteLike(Protocol):
    """A note that is pinned to a turn, or to a range of its characters."""

    @property
    def turn(self) -> int: ...

    @property
    def start(self) -> int | None: ...

    @property
    def end(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range of a turn's text, and what it carries."""

    start: int
    end: int
    kind: str
    reason: str = ""
    emotion: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words under the same marks, or under none."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def css(self) -> str:
        """The classes of css/meaning.css for these marks."""
        kinds = {span.kind for span in self.spans}
        marks = [f"ev--{kind}" for kind in ("cue", *MARKS) if kind in kinds]
        return " ".join(
            [*(["ev"] if marks else []), *marks, *([PINNED] if PINNED in kinds else [])]
        )

    @property
    def title(self) -> str:
        """The marks in words: "Empathy: names the feeling"."""
        said = (
            f"{WORDS[span.kind]}: {span.reason}" if span.reason else str(WORDS[span.kind])
            for span in self.spans
            if span.kind != PINNED
        )
        return "; ".join(dict.fromkeys(said))

    @property
    def emotion(self) -> str:
        return next((span.emotion for span in self.spans if span.emotion), "")


@dataclass(frozen=True, slots=True)
class PinnedNote:
    """A note under its turn; `quote` is what it is pinned to, empty for the whole turn."""

    note: Any
    quote: str


@dataclass(frozen=True, slots=True)
class ReadTurn:
    """One turn of the dialogue, ready to be shown; `moment` is what starts with it, if any."""

    index: int
    role: str
    who: str
    started_s: float | None
    sent_at: datetime | None
    stretches: tuple[Stretch, ...]
    emotion: str = ""
    moment: Any = None
    notes: list[PinnedNote] = field(default_factory=list)
    asides: tuple[SetAside, ...] = ()


def cut(text: str, spans: Iterable[Span]) -> tuple[Stretch, ...]:
    """Cut a text at every end of a span; the stretches together are the text."""
    inside = [span for span in spans if 0 <= span.start < span.end and span.start < len(text)]
    edges = sorted(
        {0, len(text), *(s.start for s in inside), *(min(s.end, len(text)) for s in inside)}
    )
    return tuple(
        Stretch(text[a:b], tuple(s for s in inside if s.start <= a and b <= s.end))
        for a, b in pairwise(edges)
    )


def spans_of(scored: Mapping[str, Any] | None, text: str) -> list[Span]:
    """The evidence of one turn of a pre-score, in whole clauses of its text."""
    return in_clauses(text, _evidence(scored)) if scored else []


def in_clauses(text: str, spans: Sequence[Span]) -> list[Span]:
    """Widen spans to the clauses they are in; what says nothing by itself is left out."""
    widened = clauses(text, [(span.start, span.end) for span in spans])
    found = [
        replace(span, start=one[0], end=one[1])
        for span, one in zip(spans, widened, strict=True)
        if one
    ]
    return list(dict.fromkeys(found))


def _evidence(scored: Mapping[str, Any]) -> list[Span]:
    cue = scored.get("cue")
    spans = _spans("cue", cue, emotion=felt(cue)) if cue else []
    for kind in MARKS:
        mark = (scored.get("response") or {}).get(kind)
        if mark and mark["level"]:
            spans += _spans(kind, mark)
    return spans


def read(
    turns: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any] | None,
    *,
    notes: Iterable[NoteLike] = (),
    moments: Mapping[int, Any] | None = None,
    asides: Mapping[int, tuple[SetAside, ...]] | None = None,
) -> list[ReadTurn]:
    """Every turn with its evidence, its notes and the moment that starts there.

    `result` is None before the pre-score; `moments` go by the turn of their cue, `asides` by the
    turn of which they tell what is not scored.
    """
    scored = scored_turns(result)
    pinned: dict[int, list[NoteLike]] = {}
    for note in notes:
        pinned.setdefault(note.turn, []).append(note)
    begun = moments or {}
    drawn = [
        _read_turn(index, turn, scored.get(index), pinned.get(index, []), begun.get(index))
        for index, turn in enumerate(turns)
    ]
    return [replace(turn, asides=(asides or {}).get(turn.index, ())) for turn in drawn]


def scored_turns(result: Mapping[str, Any] | None) -> dict[int, Mapping[str, Any]]:
    """The turns of a pre-score by their place in the transcript."""
    return {turn["index"]: turn for turn in (result or {}).get("turns", [])}


def only_evidence(
    result: Mapping[str, Any], felt: Mapping[int, str], marks: Mapping[int, Collection[str]]
) -> Mapping[str, Any]:
    """A pre-score with the cues of these turns as these feelings, and these marks of replies."""
    turns = []
    for turn in result.get("turns", []):
        at, kept = turn["index"], dict(turn)
        if kept.get("cue"):
            told = {**kept["cue"], "emotion": felt.get(at, ""), "kind_unsure": False}
            kept["cue"] = told if at in felt else None
        if kept.get("response"):
            none: dict[str, Any] = {"level": 0, "evidence": []}
            dropped = [kind for kind in MARKS if kind not in marks.get(at, ())]
            kept["response"] = {**kept["response"], **dict.fromkeys(dropped, none)}
        turns.append(kept)
    return {**result, "turns": turns}


def without_mark(kind: str, result: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A pre-score without one kind of mark."""
    if not result:
        return result
    none: dict[str, Any] = {"level": 0, "evidence": []}
    turns = [
        {**turn, "response": {**turn["response"], kind: none}} if turn.get("response") else turn
        for turn in result["turns"]
    ]
    return {**result, "turns": turns}


def felt(found: Mapping[str, Any] | None) -> str:
    """The feeling of a cue or a moment of a pre-score as it counts: its kind, or UNSURE."""
    if not found:
        return ""
    return UNSURE if found.get("kind_unsure") else str(found["emotion"])


def quote(text: str, spans: Sequence[Span], limit: int = QUOTE) -> tuple[Stretch, ...]:
    """The part of a turn around its evidence, at most about `limit` characters, marks kept."""
    if len(text) <= limit:
        return cut(text, spans)
    first = min((span.start for span in spans), default=0)
    last = min(max((span.end for span in spans), default=0), first + limit)
    start = _word_edge(text, max(0, min(first - (limit - (last - first)) // 2, len(text) - limit)))
    end = text.rfind(" ", start, start + limit) if start + limit < len(text) else len(text)
    end = max(end, min(last, len(text))) if end > start else start + limit
    moved = [
        Span(max(s.start, start) - start, min(s.end, end) - start, s.kind, s.reason, s.emotion)
        for s in spans
        if s.start < end and s.end > start
    ]
    before = (Stretch("… "),) if start else ()
    after = (Stretch(" …"),) if end < len(text) else ()
    return (*before, *cut(text[start:end], moved), *after)


def next_replies(turns: Sequence[Mapping[str, Any]], cue: int) -> list[int]:
    """The agent's next turns after a customer's, before the customer speaks again.

    For a moment that a person added: the machine pairs its own (see empathy/moments.py).
    """
    found: list[int] = []
    for index in range(cue + 1, len(turns)):
        role = turns[index]["role"]
        if role == "agent" and len(found) < REPLIES:
            found.append(index)
        elif found and role == "customer":
            break
    return found


def _word_edge(text: str, start: int) -> int:
    """The start of the next word, unless that is far away."""
    if not start:
        return 0
    space = text.find(" ", start, start + 30)
    return start if space < 0 else space + 1


def _spans(kind: str, mark: Mapping[str, Any], emotion: str = "") -> list[Span]:
    reasons = mark.get("reasons") or [""] * len(mark["evidence"])
    return [
        Span(start, end, kind, reason, emotion)
        for (start, end), reason in zip(mark["evidence"], reasons, strict=False)
    ]


def _read_turn(
    index: int,
    turn: Mapping[str, Any],
    scored: Mapping[str, Any] | None,
    notes: list[NoteLike],
    moment: Any,
) -> ReadTurn:
    text = turn["text"]
    pins = [
        Span(note.start, note.end, PINNED)
        for note in notes
        if note.start is not None and note.end is not None
    ]
    sent_at = turn.get("sent_at")
    return ReadTurn(
        index=index,
        role=turn["role"],
        who=turn.get("speaker") or role_word(turn["role"]),
        started_s=turn.get("started_s"),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        stretches=cut(text, [*spans_of(scored, text), *pins]),
        emotion=felt((scored or {}).get("cue")),
        moment=moment,
        notes=[PinnedNote(note, text[note.start : note.end] if note.end else "") for note in notes],
    )
