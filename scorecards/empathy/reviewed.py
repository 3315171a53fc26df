"""Confirmed reviews as Heard exports them: one JSON object a line, a whole interaction each.

    {"review": "…", "channel": "call", "language": "en", "blind": false,
     "turns": [{"role": "customer", "text": "…"}, …],
     "moments": [{"cue_turn": 3, "decision": "changed", "emotion": "anger", "outcome": "missed",
                  "strength": 0}, …],
     "first_reading": null, "prescore": {"engine": "reader-2.1", "definitions": "codebook-1"}}

"moments" are what counts in the end; those decided as "rejected" are no moments. "first_reading"
is what a blind review said before the pre-score was shown. Other keys are ignored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecards.empathy.gold import (
    HIGHEST,
    REVIEW,
    GoldError,
    Turn,
    name_or_nothing,
    read_records,
    turns_of,
)
from scorecards.empathy.model import EMPATHY, OUTCOMES

REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one cue, and which feeling it is, in one pair of eyes."""

    emotion: str
    outcome: str
    strength: int


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One confirmed review: the turns, and what was said of them, by the turn of the cue.

    `blind`: it was said before the pre-score was shown; None where that is not known.
    """

    review: str
    channel: str
    language: str | None
    blind: bool | None
    made_on: str
    turns: tuple[Turn, ...]
    said: Mapping[int, Said]


def holds_reviews(path: Path) -> bool:
    """True if the first line of a file is a confirmed review."""
    for place, record in read_records(path):
        if "results" in record and "turns" not in record:
            raise GoldError(
                f"{place}: looks like a page of GET /reviews/, which has no turns to measure on; "
                'download them on the page "Agreement", or with manage.py export_reviews'
            )
        return REVIEW in record
    return False


def read_reviews(path: Path, emotions: Sequence[str]) -> Iterator[Reviewed]:
    """The confirmed reviews of a file; `emotions` are the values that a moment may have."""
    for place, record in read_records(path):
        if REVIEW not in record:
            raise GoldError(f'{place}: "{REVIEW}" is missing, which the lines above have')
        yield _reviewed(record, place, emotions)


def read_whole(path: Path, emotions: Sequence[str]) -> Iterator[Reviewed]:
    """The whole labelled interactions of a file of gold.py whose "expected" names the moments."""
    for place, record in read_records(path):
        expected = record.get("expected")
        if "turns" in record and isinstance(expected, dict) and "moments" in expected:
            turns, cues = turns_of(record, place), expected.get("cues") or {}
            named = expected["moments"]
            if isinstance(named, list):
                named = [
                    {"emotion": cues.get(str(one.get("cue_turn"))), **one}
                    if isinstance(one, dict)
                    else one
                    for one in named
                ]
            yield Reviewed(
                review=place,
                channel=name_or_nothing(record, "channel", place),
                language=name_or_nothing(record, "language", place) or None,
                blind=None,
                made_on="",
                turns=turns,
                said=_moments(named, f'{place}: "expected.moments', emotions, len(turns)),
            )


def _reviewed(record: dict[str, Any], place: str, emotions: Sequence[str]) -> Reviewed:
    blind = record.get("blind")
    if blind is not None and not isinstance(blind, bool):
        raise GoldError(f'{place}: "blind" must be true, false or null')
    turns = turns_of(record, place)
    first = record.get("first_reading") if blind else None
    name = "moments" if first is None else "first_reading"
    return Reviewed(
        review=name_or_nothing(record, REVIEW, place) or place,
        channel=name_or_nothing(record, "channel", place),
        language=name_or_nothing(record, "language", place) or None,
        blind=blind,
        made_on=_made_on(record.get("prescore"), place),
        turns=turns,
        said=_moments(record.get(name), f'{place}: "{name}', emotions, len(turns)),
    )


def _made_on(prescore: object, place: str) -> str:
    if prescore is None:
        return ""
    if not isinstance(prescore, dict):
        raise GoldError(f'{place}: "prescore" must be an object')
    named = [name_or_nothing(prescore, key, place) for key in ("engine", "definitions")]
    return ", ".join(one for one in named if one)


def _moments(given: object, place: str, emotions: Sequence[str], turns: int) -> dict[int, Said]:
    if not isinstance(given, list):
        raise GoldError(f'{place}" must be a list')
    found: dict[int, Said] = {}
    for at, one in enumerate(given):
        here = f"{place}[{at}]"
        if not isinstance(one, dict):
            raise GoldError(f'{here}" must be an object')
        if one.get("decision") == REJECTED:
            continue
        turn = _whole(one.get("cue_turn"), turns - 1, f"{here}.cue_turn")
        if turn in found:
            raise GoldError(f'{here}.cue_turn" is the same as that of another moment')
        found[turn] = _said(one, here, emotions)
    return found


def _said(one: dict[str, Any], here: str, emotions: Sequence[str]) -> Said:
    emotion = _one_of(one.get("emotion"), emotions, f"{here}.emotion")
    outcome = _one_of(one.get("outcome"), OUTCOMES, f"{here}.outcome")
    strength = one.get("strength") or 0
    return Said(
        emotion,
        outcome,
        _whole(strength, HIGHEST["empathy"] if outcome == EMPATHY else 0, f"{here}.strength"),
    )


def _one_of(value: object, known: Sequence[str], here: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise GoldError(f'{here}" must be one of {", ".join(sorted(known))}')
    return value


def _whole(value: object, highest: int, here: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        raise GoldError(f'{here}" must be a whole number from 0 to {highest}')
    return value
