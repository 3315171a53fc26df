"""Answers to a card's questions: as they are kept, which are asked for, what is still missing.

Kept as `{question id: {"value", "cause", "reason", "proposed"}}`, empty ones left out. `proposed`
is what a figure of the moments proposed, `reason` why the person answers otherwise. Reviews from
before there were proposals hold the plain value; `read_answers` takes both.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from scorecards.card.shape import NA, NUMBER, TEXT, Card, Question

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")
LOW = 50  # points of 100 below which an answer asks for its cause
LARGEST = 1e9
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and what belongs to it."""

    value: str
    cause: str = ""
    reason: str = ""
    proposed: str = ""

    def to_json(self) -> dict[str, str]:
        """As it is kept."""
        return {name: value for name, value in asdict(self).items() if value}


Answers = Mapping[str, Answer]


def read_answers(kept: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers of a review, whichever way they were kept."""
    return {
        pk: Answer(answer) if isinstance(answer, str) else Answer(**{"value": "", **answer})
        for pk, answer in kept.items()
    }


def is_valid(question: Question, value: str) -> bool:
    """True if this can be an answer to the question."""
    if question.kind == TEXT:
        return len(value) <= LONGEST
    if question.kind == NUMBER and value != NA:
        number = as_number(value)
        return number is not None and abs(number) <= LARGEST
    return value in question.values


def as_number(value: str) -> float | None:
    """The number that was written, with a point or a comma; None if it is none.

    Nor if it may be two: "1,000" is a thousand here and one there.
    """
    if _THOUSANDS.fullmatch(value.strip()):
        return None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def points(question: Question, value: str) -> float | None:
    """What an answer brings, 0…100; None for N/A, for free text, and where there is no answer."""
    if not question.scored or value == NA or not is_valid(question, value):
        return None
    if question.kind == NUMBER:
        number = as_number(value) or 0.0
        share = (number - question.worst) / (question.best - question.worst)
        return 100 * min(1.0, max(0.0, share))
    return next(option.points for option in question.options if option.value == value)


def asked(card: Card, answers: Answers) -> list[Question]:
    """The questions that are shown: those without a condition, and those whose condition holds."""
    return [question for question in card.questions if _is_asked(card, question, answers)]


def _is_asked(card: Card, question: Question, answers: Answers) -> bool:
    """Every condition on the way must hold; one that leads in a circle never does."""
    seen: set[str] = set()
    at: Question | None = question
    while at is not None and at.when is not None:
        given = answers.get(at.when.question)
        if at.id in seen or given is None or given.value not in at.when.answers:
            return False
        seen.add(at.id)
        at = card.question(at.when.question)
    return at is not None


def is_low(question: Question, value: str) -> bool:
    """True if an answer brings less than half of the points."""
    brought = points(question, value)
    return brought is not None and brought < LOW


def missing(question: Question, answer: Answer | None, proposed: str = "") -> str:
    """What an asked question still lacks: "answer", "cause", "reason" or nothing.

    An answer that only followed a proposal is open again once the moments propose another.
    """
    if answer is None or not answer.value:
        return "" if question.kind == TEXT else "answer"
    if proposed and proposed != answer.value:
        if answer.value == answer.proposed:
            return "answer"
        if not answer.reason:
            return "reason"
    if question.causes and is_low(question, answer.value) and answer.cause not in question.causes:
        return "cause"
    return ""


def unfinished(
    card: Card, answers: Answers, proposed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """{question id: what it lacks} of every question that keeps the review from being submitted."""
    found = {
        question.id: missing(
            question, answers.get(question.id), (proposed or {}).get(question.id, "")
        )
        for question in asked(card, answers)
    }
    return {pk: lack for pk, lack in found.items() if lack}
