"""Labelled pairs: one JSON object a line, a customer's message, the agent's reply, their labels.

    {"id": "p-1", "channel": "chat", "context": ["agent: Hello."], "customer": "…", "agent": "…",
     "labels": {"emotion": "anger", "sympathy": 1, "empathy": 0, "dismissal": 0}}

"channel" and "context" (turns before the message) may be absent; other keys are ignored.

A line may also hold a whole interaction with "turns" and, as "expected" or beside them, its "cues"
(turn: emotion) and "responses" (turn: [sympathy, empathy, dismissal]; what is not named is
nothing). It gives one pair for each customer's turn that an agent's turn follows.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorecards.empathy.model import AGENT, CUSTOMER, NO_CUE
from scorecards.empathy.moments import outcome_of
from scorecards.empathy.pack import MARKS

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

    `conversation` is the same for pairs that share their first words: they stay together when
    pairs are split or drawn at random.
    """

    conversation: str
    channel: str
    turns: tuple[Turn, ...]
    labels: Labels


def read_pairs(path: Path, emotions: Sequence[str]) -> Iterator[Pair]:
    """The pairs of a file; `emotions` are the values that a label may have besides "none"."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield from _pairs(line, f"{path}, line {number}", {*emotions, NO_CUE})
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: is not UTF-8 text") from error


def _pairs(line: str, place: str, emotions: set[str]) -> Iterator[Pair]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{place}: is not JSON") from error
    if not isinstance(record, dict):
        raise GoldError(f"{place}: must be a JSON object")
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
    turns = tuple(
        Turn(_text(one, "role", place), _text(one, "text", place)) for one in record["turns"]
    )
    expected = record.get("expected", record)
    cues, responses = expected["cues"], expected["responses"]
    for at in range(1, len(turns)):
        if (turns[at - 1].role, turns[at].role) == (CUSTOMER, AGENT):
            levels = responses.get(str(at), [0] * len(MARKS))
            said = {
                "emotion": cues.get(str(at - 1), NO_CUE),
                **dict(zip(MARKS, levels, strict=True)),
            }
            labels = _labels(said, place, emotions)
            yield Pair(place, str(record.get("channel") or ""), turns[: at + 1], labels)


def _pair(record: dict[str, Any], place: str, emotions: set[str]) -> Pair:
    context, channel = record.get("context") or [], record.get("channel") or ""
    if not isinstance(channel, str):
        raise GoldError(f'{place}: "channel" must be a text')
    if not isinstance(context, list) or not all(isinstance(turn, str) for turn in context):
        raise GoldError(f'{place}: "context" must be a list of texts')
    message = Turn(CUSTOMER, _text(record, CUSTOMER, place))
    reply = Turn(AGENT, _text(record, AGENT, place))
    turns = (*(_context_turn(turn) for turn in context), message, reply)
    return Pair(turns[0].text, channel, turns, _labels(record.get("labels"), place, emotions))


def _text(record: dict[str, Any], key: str, place: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise GoldError(f'{place}: "{key}" must be a text')
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
