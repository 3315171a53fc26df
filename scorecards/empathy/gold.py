"""Labelled pairs: one JSON object a line, a customer's message, the agent's reply, their labels.

    {"id": "p-1", "channel": "chat", "context": ["agent: Hello."], "customer": "…", "agent": "…",
     "labels": {"emotion": "anger", "sympathy": 1, "empathy": 0, "dismissal": 0}}

"channel", "context" (turns before the message), "source", "conversation" (pairs of one stay
together) and "picked" ("random" if the pair was drawn as it came) may be absent; other keys are
ignored.

A line may also hold a whole interaction with "turns" and, as "expected" or beside them, its "cues"
(turn: emotion) and "responses" (turn: [sympathy, empathy, dismissal]; what is not named is
nothing). It gives one pair for each customer's turn that an agent's turn follows. Its "moments"
(cue_turn, outcome, strength) are compared as well where they are named (reviewed.py).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecards.empathy.model import AGENT, CUSTOMER, NO_CUE
from scorecards.empathy.moments import outcome_of
from scorecards.empathy.pack import MARKS

RANDOM = "random"
REVIEW = "review"  # a key that only confirmed reviews have, see reviewed.py
HIGHEST = {"sympathy": 1, "empathy": 2, "dismissal": 1}


class GoldError(ValueError):
    """A file of labelled pairs that cannot be used; the message names file, line and key."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a labelled pair."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What was, or ought to be, found in a pair."""

    emotion: str
    sympathy: int
    empathy: int
    dismissal: int

    @property
    def cue(self) -> bool:
        return self.emotion != NO_CUE

    @property
    def outcome(self) -> str:
        """What the reply makes of the moment, were there one."""
        return outcome_of([(self.sympathy, self.empathy, self.dismissal)])


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled pair. The last two turns are the customer's message and the agent's reply.

    `conversation` is the same for pairs that are from one, or, where the file doesn't say so, share
    their first words: they stay together when pairs are split or drawn at random. `picked` says
    how the pair was chosen for labelling, where that is known: only those picked at "random" show
    how frequent things are.
    """

    conversation: str
    channel: str
    turns: tuple[Turn, ...]
    labels: Labels
    source: str = ""
    picked: str = ""


def read_pairs(path: Path, emotions: Sequence[str]) -> Iterator[Pair]:
    """The pairs of a file; `emotions` are the values that a label may have besides "none"."""
    for place, record in read_records(path):
        yield from _pairs(record, place, {*emotions, NO_CUE})


def read_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with its place in words. Raises GoldError."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield place, _record(line, place)
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: is not UTF-8 text") from error


def _record(line: str, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise GoldError(f"{place}: is not JSON") from None
    if not isinstance(record, dict):
        raise GoldError(f"{place}: must be a JSON object")
    return record


def _pairs(record: dict[str, Any], place: str, emotions: set[str]) -> Iterator[Pair]:
    if REVIEW in record:
        raise GoldError(f"{place}: is a confirmed review; measure those in a file of their own")
    if "turns" not in record:
        yield _pair(record, place, emotions)
        return
    try:
        yield from _within(record, place, emotions)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, GoldError):
            raise
        raise GoldError(f'{place}: "turns" and "expected" do not fit together') from error


def _within(record: dict[str, Any], place: str, emotions: set[str]) -> Iterator[Pair]:
    """The pairs of a whole labelled interaction."""
    turns = turns_of(record, place)
    expected = record.get("expected", record)
    cues, responses = expected["cues"], expected["responses"]
    for at in range(1, len(turns)):
        if (turns[at - 1].role, turns[at].role) == (CUSTOMER, AGENT):
            levels = responses.get(str(at), [0] * len(MARKS))
            said = {
                "emotion": cues.get(str(at - 1), NO_CUE),
                **dict(zip(MARKS, levels, strict=True)),
            }
            yield Pair(
                conversation=place,
                channel=name_or_nothing(record, "channel", place),
                turns=turns[: at + 1],
                labels=_labels(said, place, emotions),
                source=name_or_nothing(record, "source", place),
                picked=name_or_nothing(record, "picked", place),
            )


def turns_of(record: dict[str, Any], place: str) -> tuple[Turn, ...]:
    """The turns of a whole interaction."""
    turns = record.get("turns")
    if not isinstance(turns, list) or not all(isinstance(one, dict) for one in turns):
        raise GoldError(f'{place}: "turns" must be a list of objects')
    return tuple(
        Turn(*(_text(one, key, place, f"turns[{at}].{key}") for key in ("role", "text")))
        for at, one in enumerate(turns)
    )


def _pair(record: dict[str, Any], place: str, emotions: set[str]) -> Pair:
    context = record.get("context") or []
    if not isinstance(context, list) or not all(isinstance(turn, str) for turn in context):
        raise GoldError(f'{place}: "context" must be a list of texts')
    message = Turn(CUSTOMER, _text(record, CUSTOMER, place))
    reply = Turn(AGENT, _text(record, AGENT, place))
    turns = (*(_context_turn(turn) for turn in context), message, reply)
    source, conversation = (
        name_or_nothing(record, key, place) for key in ("source", "conversation")
    )
    return Pair(
        conversation=f"{source}/{conversation}" if conversation else turns[0].text,
        channel=name_or_nothing(record, "channel", place),
        turns=turns,
        labels=_labels(record.get("labels"), place, emotions),
        source=source,
        picked=name_or_nothing(record, "picked", place),
    )


def name_or_nothing(record: Mapping[str, Any], key: str, place: str) -> str:
    """A text that may be absent or null, which then is empty."""
    return "" if record.get(key) is None else _text(record, key, place)


def _text(record: Mapping[str, Any], key: str, place: str, path: str = "") -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise GoldError(f'{place}: "{path or key}" must be a text')
    return value


def _context_turn(text: str) -> Turn:
    role, colon, said = text.partition(": ")
    known = colon and role in {CUSTOMER, AGENT}
    return Turn(role, said) if known else Turn("unknown", text)


def _labels(found: object, place: str, emotions: set[str]) -> Labels:
    if not isinstance(found, dict):
        raise GoldError(f'{place}: "labels" must be an object')
    emotion = found.get("emotion")
    if not isinstance(emotion, str) or emotion not in emotions:
        raise GoldError(f'{place}: "labels.emotion" must be one of {", ".join(sorted(emotions))}')
    levels = {}
    for mark in MARKS:
        value = found.get(mark)
        if not isinstance(value, int) or not 0 <= value <= HIGHEST[mark]:
            raise GoldError(
                f'{place}: "labels.{mark}" must be a whole number from 0 to {HIGHEST[mark]}'
            )
        levels[mark] = int(value)
    return Labels(emotion, **levels)
