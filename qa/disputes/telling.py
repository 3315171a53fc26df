"""What a notice, and the trail, say of a dispute: by ids and values."""

from typing import Any

from qa.disputes.models import Dispute
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import card_of
from qa.tenancy.base import Actor
from scorecards.card import read_answers
from scorecards.card.shape import TEXT
from scorecards.choices import choice_of
from transcripts import telling

NO_FEELING = "none"  # in the place of an outcome, where there is no feeling


def facts_of(dispute: Dispute, *, by: Actor) -> dict[str, Any]:
    """Which conversation and part it is about, who opened it, and what the decision changed."""
    return {
        "event": "dispute.opened" if dispute.status == "open" else f"dispute.{dispute.status}",
        "about": ["dispute", str(dispute.pk)],
        "opened_by": str(dispute.opened_by_id),
        "part": dispute.kind,
        **values_of(dispute, by=by),
        **telling.facts_of(dispute.review.interaction),
    }


def values_of(dispute: Dispute, *, by: Actor) -> dict[str, Any]:
    """What the disputed part said, and what it says since; the text of a note never."""
    values: dict[str, Any] = {"before": _value(dispute.review, dispute, by)}
    if dispute.corrected:
        values["after"] = _value(dispute.corrected, dispute, by)
    if dispute.kind == Dispute.Kind.ANSWER:
        question = card_of(dispute.review).question(dispute.key)
        values["question"] = question.text[:200] if question else ""
    return values


def _value(review: Review, dispute: Dispute, by: Actor) -> str | None:
    """A moment's choice, or an answer as people read it."""
    if dispute.kind == Dispute.Kind.MOMENT:
        rows = ReviewMoment.objects.visible_to(by).filter(review=review, cue_turn=dispute.key)
        found = rows.exclude(decision=Decision.REJECTED).values_list("outcome", "strength").first()
        return choice_of(*found) if found else NO_FEELING
    if dispute.kind == Dispute.Kind.ANSWER:
        question = card_of(review).question(dispute.key)
        given = read_answers(review.answers).get(dispute.key)
        listed = question is not None and question.kind != TEXT  # what was typed is not told
        return question.word(given.value) if question and listed and given else None
    return None
