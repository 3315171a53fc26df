"""The scoring rule: one function computes it, another says it in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.core.texts import gettext as _
from qa.core.texts import ngettext
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
        said.append(_feelings_words(card.moments_weight, weights))
    said += [_section_words(section) for section in card.sections if section.weight]
    said.append(
        _(
            "Yes earns full points and No none; on a scale, the lowest step earns none and the "
            "highest full points; each choice earns what its option says; a number earns points in "
            "proportion between its worst and its best. Questions count within their section in "
            "proportion to their weight. N/A, free text and questions that weren't asked are left "
            "out. If nothing in a part was answered, the other parts share its weight."
        )
    )
    said += _critical_words(card.questions)
    bonus = [question for question in card.questions if question.bonus]
    if bonus:
        listed = ", ".join(
            _("“%(question)s” up to %(points)s")
            % {"question": question.text, "points": _number(question.weight)}
            for question in bonus
        )
        said.append(
            _("Bonus points are added at the end, up to a total of 100: %(listed)s.")
            % {"listed": listed}
        )
    return said


def _feelings_words(weight: float, weights: Mapping[str, float]) -> str:
    points = {name: _number(value) for name, value in weights.items()}
    return _(
        "Feelings count for %(weight)s of 100: the average over all moments, with "
        "%(empathy_specific)s points for specific empathy, %(empathy_generic)s for generic "
        "empathy, %(sympathy_only)s for sympathy only, %(missed)s for missed and %(dismissed)s "
        "for dismissed."
    ) % {**points, "weight": _number(weight)}


def _section_words(section: Section) -> str:
    counted = [
        question
        for question in section.questions
        if question.scored and not question.bonus and question.weight
    ]
    said = ngettext(
        "%(title)s counts for %(weight)s of 100: the weighted average of %(n)s question.",
        "%(title)s counts for %(weight)s of 100: the weighted average of %(n)s questions.",
        len(counted),
    )
    return said % {"title": section.title, "weight": _number(section.weight), "n": len(counted)}


def _critical_words(questions: Iterable[Question]) -> list[str]:
    whole = {
        "section": _("“%(question)s” is critical: if it scores zero, its section scores zero."),
        "card": _(
            "“%(question)s” is critical: if it scores zero, the whole scorecard scores zero."
        ),
    }
    return [
        whole[question.critical] % {"question": question.text}
        for question in questions
        if question.critical
    ]


def _number(value: float) -> str:
    return f"{value:g}"


def range_in_words(question: Question) -> str:
    """How a number becomes points: "no points at 120, full points at 0"."""
    if question.kind != NUMBER:
        return ""
    said = {"worst": _number(question.worst), "best": _number(question.best)}
    return _("no points at %(worst)s, full points at %(best)s") % said
