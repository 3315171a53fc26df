"""The scorecard's shape and its scoring rule. Pure: no database.

A card is JSON: `{"name", "moments_weight", "sections": [{"title", "questions":
[{"id", "text", "help", "weight"}]}]}`. Questions are answered "yes", "no" or "na".

Scoring rule, in words: every confirmed moment brings the points of its outcome, which
the definition pack sets (the codebook's: specific empathy 100, generic 75, sympathy
only 25, missed and dismissed 0), and their mean is the *Feelings* score. Every
answered question brings 100 for yes and 0 for no, and their weighted mean is the
*Conduct* score; "na" is left out. The card's score is the mean of the two, weighted by
`moments_weight` and the sum of the answered questions' weights; a part with nothing in
it is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ANSWERS = ("yes", "no", "na")

STARTER: dict[str, Any] = {
    "name": "Empathy",
    "moments_weight": 70,
    "sections": [
        {
            "title": "Conduct",
            "questions": [
                {
                    "id": "let_finish",
                    "text": "Let the customer finish before answering",
                    "help": "No talking over, no answer to a question that was not asked.",
                    "weight": 10,
                },
                {
                    "id": "own_words",
                    "text": "Spoke in their own words",
                    "help": "Not a line that could be pasted under any message.",
                    "weight": 10,
                },
                {
                    "id": "what_next",
                    "text": "Said what happens next",
                    "help": "Who does what, by when, and what the customer need not do.",
                    "weight": 10,
                },
            ],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Scores:
    """0…100 each; None where there was nothing to score."""

    feelings: float | None
    conduct: float | None
    total: float | None


def moment_points(outcome: str, strength: int, weights: Mapping[str, float]) -> float:
    """The points of one moment."""
    if outcome != "empathy":
        return weights[outcome]
    return weights["empathy_specific" if strength == 2 else "empathy_generic"]


def questions(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All questions of a card, in order."""
    return [question for section in body["sections"] for question in section["questions"]]


def unanswered(body: Mapping[str, Any], answers: Mapping[str, str]) -> list[str]:
    """The texts of the questions that still need an answer."""
    return [q["text"] for q in questions(body) if answers.get(q["id"]) not in ANSWERS]


def score(
    body: Mapping[str, Any],
    answers: Mapping[str, str],
    moments: Iterable[tuple[str, int]],
    weights: Mapping[str, float],
) -> Scores:
    """Apply the scoring rule to answers and to the moments' (outcome, strength) pairs."""
    points = [moment_points(outcome, strength, weights) for outcome, strength in moments]
    feelings = sum(points) / len(points) if points else None
    answered = [q for q in questions(body) if answers.get(q["id"]) in {"yes", "no"}]
    weight = sum(q["weight"] for q in answered)
    gained = sum(q["weight"] for q in answered if answers[q["id"]] == "yes")
    conduct = 100.0 * gained / weight if weight else None
    parts = [(feelings, float(body["moments_weight"])), (conduct, float(weight))]
    filled = [(value, share) for value, share in parts if value is not None and share]
    total = (
        sum(value * share for value, share in filled) / sum(share for _, share in filled)
        if filled
        else None
    )
    return Scores(feelings=feelings, conduct=conduct, total=total)
