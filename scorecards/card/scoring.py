"""The scoring rule: one function computes it, another says it in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scorecards.card.answers import Answers, asked, points
from scorecards.card.shape import NUMBER, Card, Question, Section


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What a section came to, 0…100; None where nothing in it was answered."""

    title: str
    weight: float
    score: float | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """0…100 each; None where there was nothing to score."""

    feelings: float | None
    sections: tuple[SectionScore, ...]
    bonus: float
    failed: tuple[str, ...]  # ids of the critical questions that were failed
    total: float | None


def moment_points(outcome: str, strength: int, weights: Mapping[str, float]) -> float:
    """The points of one moment."""
    if outcome != "empathy":
        return weights[outcome]
    return weights["empathy_specific" if strength == 2 else "empathy_generic"]


def feelings_score(
    moments: Iterable[tuple[str, int]], weights: Mapping[str, float]
) -> float | None:
    """The mean points of moments, given as (outcome, strength)."""
    found = [moment_points(outcome, strength, weights) for outcome, strength in moments]
    return sum(found) / len(found) if found else None


def score(
    card: Card,
    answers: Answers,
    moments: Iterable[tuple[str, int]],
    weights: Mapping[str, float],
) -> Scores:
    """Apply the scoring rule to answers and to the moments' (outcome, strength) pairs."""
    brought = {
        question.id: found
        for question in asked(card, answers)
        if question.id in answers
        and (found := points(question, answers[question.id].value)) is not None
    }
    feelings = feelings_score(moments, weights)
    sections = tuple(_section(section, brought) for section in card.sections)
    failed = tuple(
        question.id
        for question in card.questions
        if question.critical and brought.get(question.id) == 0
    )
    bonus = sum(
        question.weight * brought[question.id] / 100
        for question in card.questions
        if question.bonus and question.id in brought
    )
    parts = [
        (feelings, card.moments_weight),
        *((section.score, section.weight) for section in sections),
    ]
    total = _mean(parts)
    if any(question.critical == "card" and question.id in failed for question in card.questions):
        total = 0.0
    elif total is not None:
        total = min(100.0, total + bonus)
    return Scores(feelings, sections, bonus, failed, total)


def _section(section: Section, brought: Mapping[str, float]) -> SectionScore:
    counted = [
        question for question in section.questions if question.id in brought and not question.bonus
    ]
    found = _mean((brought[question.id], question.weight) for question in counted)
    failed = any(question.critical and brought[question.id] == 0 for question in counted)
    return SectionScore(section.title, section.weight, 0.0 if failed else found, failed)


def _mean(parts: Iterable[tuple[float | None, float]]) -> float | None:
    """The weighted mean of what is there; never outside of it by rounding."""
    there = [(value, weight) for value, weight in parts if value is not None and weight > 0]
    if not there:
        return None
    mean = sum(value * weight for value, weight in there) / sum(weight for _, weight in there)
    values = [value for value, _ in there]
    return min(max(mean, min(values)), max(values))


def rule_in_words(card: Card, weights: Mapping[str, float]) -> list[str]:
    """The scoring rule of this card, a sentence or two for each part of it."""
    said = []
    if card.moments_weight:
        said.append(
            f"Feelings are {_number(card.moments_weight)} of 100: the mean over the moments of "
            f"{_number(weights['empathy_specific'])} for specific empathy, "
            f"{_number(weights['empathy_generic'])} for generic empathy, "
            f"{_number(weights['sympathy_only'])} for sympathy only, "
            f"{_number(weights['missed'])} for missed and "
            f"{_number(weights['dismissed'])} for dismissed."
        )
    said += [_section_words(section) for section in card.sections if section.weight]
    said.append(
        "An answer brings its share of the points: Yes all and No none, the lowest step of a scale "
        "none and the highest all, a choice what its option says, a number in proportion between "
        "its worst and its best. A question weighs within its section in proportion to its weight. "
        "N/A, free text and questions that are not asked are left out; so is a part in which "
        "nothing was answered, and the others share its weight."
    )
    said += _critical_words(card.questions)
    bonus = [question for question in card.questions if question.bonus]
    if bonus:
        listed = ", ".join(f"“{bonu.text}” up to {_number(bonu.weight)}" for bonu in bonus)
        said.append(f"Bonus points are added at the end, never above 100: {listed}.")
    return said


def _section_words(section: Section) -> str:
    counted = [
        question
        for question in section.questions
        if question.scored and not question.bonus and question.weight
    ]
    number = f"{len(counted)} question{'' if len(counted) == 1 else 's'}"
    return f"{section.title} is {_number(section.weight)} of 100: the weighted mean of {number}."


def _critical_words(questions: Iterable[Question]) -> list[str]:
    whole = {"section": "its section counts 0", "card": "the whole card counts 0"}
    return [
        f"“{question.text}” is critical: where it brings no points, {whole[question.critical]}."
        for question in questions
        if question.critical
    ]


def _number(value: float) -> str:
    return f"{value:g}"


def range_in_words(question: Question) -> str:
    """How a number becomes points: "0 points at 120, all at 0"."""
    if question.kind != NUMBER:
        return ""
    return f"no points at {_number(question.worst)}, all at {_number(question.best)}"
