"""What an agent says that no outcome counts: volunteered empathy, and apologies. Pure.

Both are read off a stored pre-score; where people have settled the moments, by their word.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorecards.apologies import Apology, apologies, judged_otherwise
from scorecards.choices import APOLOGIES, GestureKind, role_word
from scorecards.reading import Span, Stretch, in_clauses, quote, scored_turns

QUOTE = 160
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One gesture of an agent: its turn, its kind, and the ranges of its words in the turn."""

    turn: int
    kind: str
    spans: Ranges = ()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A gesture in its words, and who said them."""

    turn: int
    kind: str
    who: str
    stretches: tuple[Stretch, ...]

    @property
    def word(self) -> str:
        return str(GestureKind(self.kind).label)

    @property
    def apology(self) -> bool:
        return self.kind in APOLOGIES


def gestures(
    result: Mapping[str, Any],
    *,
    answering: Collection[int] | None = None,
    outcomes: Mapping[int, str] | None = None,
) -> list[Found]:
    """Every gesture in the order of the conversation.

    `answering` are the turns that answer a feeling, as the pre-score has it where it is not given;
    `outcomes` what people say of the moments of which they say otherwise, by the turns that answer.
    """
    if not result or not result["fitness"]["scorable"]:
        return []
    if answering is None:
        answering = {at for moment in result["moments"] for at in moment["response_turns"]}
    said = judged_otherwise(apologies(result) or (), outcomes or {})
    found = [*_volunteered(result, answering), *map(_of_apology, said)]
    return sorted(found, key=lambda one: (one.turn, one.spans))


def quoted(found: Found, turns: Sequence[Mapping[str, Any]]) -> Quoted:
    """A gesture as a page shows it; the start of its turn where its words are not known."""
    turn = turns[found.turn]
    mark = "sympathy" if found.kind in APOLOGIES else "empathy"
    spans = [Span(start, end, mark) for start, end in found.spans]
    who = turn.get("speaker") or role_word(turn["role"])
    return Quoted(
        found.turn, found.kind, who, quote(turn["text"], in_clauses(turn["text"], spans), QUOTE)
    )


def _volunteered(result: Mapping[str, Any], answering: Collection[int]) -> list[Found]:
    found = []
    for at, turn in scored_turns(result).items():
        empathy = (turn.get("response") or {}).get("empathy") or {"level": 0}
        if empathy["level"] and at not in answering:
            kind = GestureKind.SPECIFIC if empathy["level"] > 1 else GestureKind.GENERIC
            found.append(Found(at, kind, _ranges(empathy["evidence"])))
    return found


def _of_apology(said: Apology) -> Found:
    return Found(said.turn, said.kind, ((said.start, said.end),) if said.end else ())


def _ranges(evidence: Sequence[Sequence[int]]) -> Ranges:
    return tuple((start, end) for start, end in evidence)
