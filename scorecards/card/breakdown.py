"""How a score comes about: every part with its weight, and what is in it. Pure.

Follows scoring.py step by step, so that what it lists adds up to what that computes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scorecards.card.answers import Answers, asked, points
from scorecards.card.scoring import Scores, moment_points, score
from scorecards.card.shape import Card, Section


@dataclass(frozen=True, slots=True)
class Met:
    """Moments of one outcome: how many, and the points of each."""

    outcome: str
    strength: int
    count: int
    points: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that counts in its section: what its answer brought, 0…100."""

    text: str
    word: str
    weight: float
    points: float
    fails: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Feelings or a section: its score, its weight, and what it adds to the total.

    `share` is the weight of 100 that counts: parts in which nothing was answered give theirs up.
    """

    title: str  # empty for the feelings
    score: float | None
    weight: float
    share: float
    failed: bool = False
    moments: tuple[Met, ...] = ()
    answers: tuple[Answered, ...] = ()

    @property
    def adds(self) -> float | None:
        """The points that it adds to the total."""
        return None if self.score is None else self.score * self.share / 100


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a score, and what became of their sum."""

    parts: tuple[Part, ...]
    bonus: float
    capped: bool  # the bonus would have led beyond 100
    failed: tuple[str, ...]  # questions that failed the whole card
    total: float | None

    @property
    def shared_out(self) -> bool:
        """True if a part with weight has nothing in it, so that the others share its weight."""
        return any(part.weight and part.score is None for part in self.parts)


def breakdown(
    card: Card,
    answers: Answers,
    moments: Iterable[tuple[str, int]],
    weights: Mapping[str, float],
) -> Breakdown:
    """Return how the score of these answers and moments comes about."""
    found = list(moments)
    scores = score(card, answers, found, weights)
    whole = _whole(card, scores)
    feelings = Part(
        "",
        scores.feelings,
        card.moments_weight,
        _share(scores.feelings, card.moments_weight, whole),
        moments=_met(found, weights),
    )
    sections = [
        Part(
            scored.title,
            scored.score,
            scored.weight,
            _share(scored.score, scored.weight, whole),
            scored.failed,
            answers=_answered(card, section, answers),
        )
        for section, scored in zip(card.sections, scores.sections, strict=True)
        if section.weight
    ]
    parts = (*((feelings,) if card.moments_weight else ()), *sections)
    added = sum(part.adds or 0 for part in parts)
    critical = {question.id: question for question in card.questions if question.critical == "card"}
    failed = tuple(critical[pk].text for pk in scores.failed if pk in critical)
    return Breakdown(parts, scores.bonus, added + scores.bonus > 100, failed, scores.total)


def _whole(card: Card, scores: Scores) -> float:
    """The weight of all parts that have a score."""
    counted = sum(one.weight for one in scores.sections if one.score is not None)
    return counted + (card.moments_weight if scores.feelings is not None else 0)


def _share(score: float | None, weight: float, whole: float) -> float:
    return 100 * weight / whole if score is not None and whole else 0.0


def _met(moments: Iterable[tuple[str, int]], weights: Mapping[str, float]) -> tuple[Met, ...]:
    met = [
        Met(outcome, strength, count, moment_points(outcome, strength, weights))
        for (outcome, strength), count in Counter(moments).items()
    ]
    return tuple(sorted(met, key=lambda one: (-one.points, one.outcome)))


def _answered(card: Card, section: Section, answers: Answers) -> tuple[Answered, ...]:
    shown = {question.id for question in asked(card, answers)}
    counted = [
        (question, answers[question.id].value, points(question, answers[question.id].value))
        for question in section.questions
        if question.id in shown and question.id in answers and not question.bonus
    ]
    return tuple(
        Answered(
            question.text,
            question.word(value),
            question.weight,
            brought,
            bool(question.critical) and brought == 0,
        )
        for question, value, brought in counted
        if brought is not None and (question.weight or question.critical)
    )
