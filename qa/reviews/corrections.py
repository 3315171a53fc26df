"""A corrected review: a new version that points at the old one, which stays as it was.

Between `begin` and `finish` the new version is open, so that others may copy what hangs on the old
one. Both belong in one transaction: pipeline.correct.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.attribution import attribute
from qa.reviews.models import AnswerReason, Decision, Reason, Review, ReviewMoment
from qa.reviews.proposals import card_of, follow, proposals_for, weights_of
from scorecards import card
from scorecards.card.answers import as_number
from scorecards.choices import choice_of


@dataclass(frozen=True, slots=True)
class Correction:
    """What the new version says otherwise: a moment (None: no feeling there), or an answer."""

    cue_turn: int | None = None
    moment: Mapping[str, Any] | None = None  # emotion, outcome, strength
    question: str = ""
    answer: str = ""


def latest(review: Review, *, by: Membership) -> Review:
    """The version that counts now: the review itself, or what corrected it since."""
    rows = Review.objects.visible_to(by).counted().select_related("interaction")
    return rows.get(interaction=review.interaction_id)


def begin(old: Review, *changes: Correction, by: Membership, summary: str | None = None) -> Review:
    """The new version, open, with the moments and answers of the old one but for the changes.

    Whoever corrects a version that was corrected meanwhile is told.
    """
    if old.status != Review.Status.CONFIRMED or old.kind != Review.Kind.REGULAR:
        raise Refused(_("Only a submitted review can be corrected."))
    answers = card.read_answers(old.answers)
    for change in changes:
        _refuse_unchanged(old, answers, change, by)
        if change.question:
            answers[change.question] = _answered(answers.get(change.question), change.answer)
    kept = {name: getattr(old, name) for name in _KEPT}
    if summary is not None:
        kept["summary"] = summary
    try:
        with transaction.atomic():
            new = Review.objects.create(
                organization_id=old.organization_id,
                supersedes=old,
                answers={pk: answer.to_json() for pk, answer in answers.items()},
                lease_until=timezone.now(),
                **kept,
            )
    except IntegrityError:
        raise Conflict(_("Someone else has just corrected this review.")) from None
    rows = [_copy(moment, new) for moment in ReviewMoment.objects.visible_to(by).filter(review=old)]
    for change in changes:
        if change.cue_turn is not None:
            _apply(rows, change)
    ReviewMoment.objects.bulk_create(rows)
    return new


_KEPT = (
    "interaction_id", "prescore_id", "scorecard_version_id", "specialist_id", "summary", "active_s",
    "blind", "committed_at", "first_reading",
)  # fmt: skip


def finish(new: Review, *, by: Membership, change: Correction | None = None) -> Review:
    """Score the new version and confirm it."""
    attribute(new, by=by)
    moments = ReviewMoment.objects.visible_to(by).filter(review=new)
    kept = moments.exclude(decision=Decision.REJECTED).values_list("outcome", "strength")
    answers = follow(card.read_answers(new.answers), proposals_for(new, by=by))
    new.answers = {pk: answer.to_json() for pk, answer in answers.items()}
    scores = card.score(card_of(new), answers, list(kept), weights_of(new))
    new.score, new.empathy_score = scores.total, scores.feelings
    new.status, new.confirmed_at = Review.Status.CONFIRMED, timezone.now()
    new.save(update_fields=["answers", "score", "empathy_score", "status", "confirmed_at"])
    old = new.supersedes
    before = old.score if old else None
    data = {"old": str(new.supersedes_id), "before": before, "after": new.score}
    data |= _said(old, new, change, by) if change else {}
    audit.record(by, "score.changed", new, data)
    return new


def _said(old: Review | None, new: Review, change: Correction, by: Membership) -> dict[str, Any]:
    """What the change says otherwise: the choice of a moment, or a chosen answer."""
    if old is None or change.cue_turn is None:
        return {}
    rows = ReviewMoment.objects.visible_to(by).filter(cue_turn=change.cue_turn)
    kept = rows.exclude(decision=Decision.REJECTED).filter(review__in=[old, new])
    found = {
        moment.review_id: choice_of(moment.outcome, moment.strength)
        for moment in kept.only("review_id", "outcome", "strength")
    }
    return {"changes": {"outcome": [found.get(old.pk), found.get(new.pk)]}}


def _refuse_unchanged(
    old: Review, answers: Mapping[str, card.Answer], change: Correction, by: Membership
) -> None:
    """Refuse to make a version in which nothing differs."""
    same = False
    if change.question:
        before = answers.get(change.question)
        same = before is not None and _means(before.value) == _means(change.answer)
    if change.cue_turn is not None:
        rows = ReviewMoment.objects.visible_to(by).filter(review=old, cue_turn=change.cue_turn)
        kept = rows.exclude(decision=Decision.REJECTED)
        held = kept.values("emotion", "outcome", "strength").first()
        same = held == (dict(change.moment) if change.moment else None)
    if same:
        raise Refused(
            _(
                "The review already says exactly this, so there is nothing to correct. Choose "
                "something else, or decline."
            )
        )


def _means(value: str) -> float | str:
    """What an answer says: "10" and "10,0" are the same."""
    number = as_number(value)
    return value if number is None else number


def _answered(before: card.Answer | None, value: str) -> card.Answer:
    """Another answer; what was proposed stays beside it."""
    proposed = before.proposed if before else ""
    reason = AnswerReason.OTHER if proposed and proposed != value else ""
    return card.Answer(value, reason=reason, proposed=proposed)


def _copy(moment: ReviewMoment, new: Review) -> ReviewMoment:
    return ReviewMoment(
        organization_id=new.organization_id,
        review=new,
        moment_id=moment.moment_id,
        cue_turn=moment.cue_turn,
        decision=moment.decision,
        emotion=moment.emotion,
        outcome=moment.outcome,
        strength=moment.strength,
        reason=moment.reason,
        decided_at=moment.decided_at,
    )


def _apply(rows: list[ReviewMoment], change: Correction) -> None:
    moment = next((row for row in rows if row.cue_turn == change.cue_turn), None)
    if moment is None:
        raise Refused(_("The review has no moment at this turn."))
    moment.decided_at = timezone.now()
    if change.moment is None:
        if moment.moment_id is None:
            rows.remove(moment)
            return
        moment.emotion, moment.outcome, moment.strength = "", "", 0
        moment.decision, moment.reason = Decision.REJECTED, Reason.NO_FEELING
        return
    moment.emotion, moment.outcome = change.moment["emotion"], change.moment["outcome"]
    moment.strength = change.moment["strength"]
    if moment.moment_id is not None:
        moment.decision, moment.reason = Decision.CHANGED, Reason.OTHER
