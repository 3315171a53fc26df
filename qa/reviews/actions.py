"""Decide the moments of a draft, write its summary, confirm it."""

from collections.abc import Sequence
from typing import TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.attribution import attribute
from qa.reviews.leases import begin_step, touch
from qa.reviews.models import OFFERED, Decision, Reason, Review, ReviewMoment
from qa.reviews.policy import is_drawn, is_withheld, policy_of, withheld
from qa.reviews.proposals import Proposals, card_of, finished, proposals_for, unfinished, weights_of
from qa.reviews.queue import why_barred
from qa.reviews.steps import forget, keep_moments
from qa.sampling.actions import leave
from qa.tenancy.base import Actor
from scorecards import card
from scorecards.choices import Emotion, Outcome
from scorecards.models import Moment
from transcripts.models import Interaction

SETTLED = ("answers", "score", "empathy_score", "status", "confirmed_at")


class Values(TypedDict):
    """What a moment is settled as."""

    emotion: str
    outcome: str
    strength: int


def refuse_to_lose(interaction: Interaction, *, by: Actor, discard_draft: bool) -> None:
    """Refuse new content under a confirmed review, under a colleague's draft, or unasked."""
    reviews = Review.objects.visible_to(by).exclude(kind=Review.Kind.CALIBRATION)
    review = (
        reviews.filter(interaction=interaction).order_by("status").first()
    )  # a confirmed one before drafts
    if review is None:
        return
    if review.status == Review.Status.CONFIRMED:
        raise Conflict(
            _("This conversation has already been reviewed, so its speakers can’t be changed.")
        )
    if review.specialist_id != getattr(by, "pk", None) and review.lease_until > timezone.now():
        raise Conflict(_("Someone is reviewing this conversation right now."))
    if not discard_draft:
        raise Conflict(
            _("This conversation has a draft review, which would be deleted."),
            code="draft_review",
        )


def discard_draft(interaction: Interaction, *, by: Actor) -> None:
    """Drop an open review whose interaction has got new content; refused in a calibration."""
    # Not visible_to: whoever changes it may not see that others read it for a calibration.
    rows = Review.objects.filter(organization_id=by.organization_id, interaction=interaction)
    if rows.filter(kind=Review.Kind.CALIBRATION).exists():
        raise Conflict(_("This conversation is part of a calibration, so it can’t be changed."))
    rows.open().delete()


@transaction.atomic
def accept(
    review: Review,
    moments: Sequence[ReviewMoment],
    *,
    by: Membership,
    revision: int | None = None,
) -> None:
    """Say that the machine is right about these moments of a draft."""
    review = begin_step(review, by=by, revision=revision)
    if moments:
        keep_moments(review, by=by, cue_turns=[moment.cue_turn for moment in moments])
    held = withheld(by)
    for moment in moments:
        if moment.moment is None:
            raise Refused(_("This moment was added by hand, so it has no pre-score to accept."))
        if is_withheld(moment.moment, held):
            raise Refused(
                _("The pre-score isn’t reliable enough on this one. Choose the outcome yourself.")
            )
        _decide(moment, Decision.ACCEPTED, **_found(moment.moment))


@transaction.atomic
def change(
    moment: ReviewMoment,
    *,
    by: Membership,
    emotion: str,
    outcome: str,
    strength: int,
    reason: str,
    revision: int | None = None,
) -> None:
    """Settle a moment otherwise than the machine; the machine's answer stays beside it."""
    review = begin_step(moment.review, by=by, revision=revision)
    keep_moments(review, by=by, cue_turns=[moment.cue_turn])
    values: Values = {"emotion": emotion, "outcome": outcome, "strength": strength}
    if moment.moment is None:
        _decide(moment, Decision.ADDED, **values)
        return
    found = _found(moment.moment)
    if values == found:
        _decide(moment, Decision.ACCEPTED, **values)
        return
    if not reason and {**found, "emotion": emotion} == values:
        reason = Reason.OTHER_FEELING  # only the feeling differs: that says why
    if reason not in OFFERED:
        raise Refused(_("Say why you disagree with the pre-score."))
    _decide(moment, Decision.CHANGED, **values, reason=reason)


@transaction.atomic
def reject(
    moment: ReviewMoment, *, by: Membership, reason: str = "no_feeling", revision: int | None = None
) -> None:
    """Say that the customer shows no feeling here: the moment does not count."""
    review = begin_step(moment.review, by=by, revision=revision)
    keep_moments(review, by=by, cue_turns=[moment.cue_turn])
    if moment.moment is None:
        moment.delete()
    else:
        _decide(moment, Decision.REJECTED, reason=reason)


@transaction.atomic
def add_moment(
    review: Review,
    *,
    by: Membership,
    cue_turn: int,
    emotion: str,
    outcome: str,
    strength: int,
    revision: int | None = None,
) -> ReviewMoment:
    """Add a moment that the machine did not see, on a customer's turn."""
    review = begin_step(review, by=by, revision=revision)
    _refuse_unknown(emotion, outcome)
    turns = review.interaction.transcript.turns
    if not 0 <= cue_turn < len(turns) or turns[cue_turn]["role"] != "customer":
        raise Refused(_("A moment has to start at one of the customer’s turns."))
    keep_moments(review, by=by, cue_turns=[cue_turn])
    added, new = ReviewMoment.objects.get_or_create(
        organization_id=by.organization_id,
        review=review,
        cue_turn=cue_turn,
        defaults={
            "decision": Decision.ADDED,
            "emotion": emotion,
            "outcome": outcome,
            "strength": strength,
            "decided_at": timezone.now(),
        },
    )
    if not new:
        raise Conflict(_("There is already a moment at this turn."))
    return added


@transaction.atomic
def write_summary(
    review: Review, *, by: Membership, text: str, instead_of: str | None = None
) -> Review:
    """The summary that the agent reads first.

    It is saved while it is typed, beside whatever else is done with the review, so it counts as no
    step of its own: `instead_of` is what the writer saw until then, and refused is only what would
    overwrite other words.
    """
    review = touch(review, by=by)
    if other_words(review.summary, text, instead_of):
        raise Conflict(_("The summary has been changed somewhere else."), code="other_words")
    review.summary = text
    review.save(update_fields=["summary"])
    return review


def other_words(now: str, text: str, instead_of: str | None) -> bool:
    """True if words stand there that the writer of `text` has not seen."""
    seen = (text, instead_of) if instead_of is not None else (text, now)
    return _plain(now) not in {_plain(words) for words in seen}


def _plain(text: str) -> str:
    return "\n".join(text.split("\r\n")).strip()


@transaction.atomic
def confirm(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """A specialist settles the review. First writer wins; the second is told.

    Call `pipeline.confirm`, which also tells the dashboards.
    """
    review = begin_step(review, by=by, revision=revision)
    if review.hides_machine and not review.calibrates:
        raise Refused(_("Lock your review and compare it with the pre-score first."))
    if barred := why_barred(review.interaction, by=by):
        raise Refused(barred)
    moments = list(ReviewMoment.objects.visible_to(by).filter(review=review))
    proposed = proposals_for(review, by=by)
    _refuse_unfinished(review, moments, proposed)
    settled = [m for m in moments if m.decision != Decision.REJECTED]
    review.answers = finished(review, proposed)
    forget(review, by=by)
    attribute(review, by=by)
    scores = card.score(
        card_of(review),
        card.read_answers(review.answers),
        [(m.outcome, m.strength) for m in settled],
        weights_of(review),
    )
    review.score, review.empathy_score = scores.total, scores.feelings
    review.status, review.confirmed_at = Review.Status.CONFIRMED, timezone.now()
    review.wants_second = _is_read_twice(review, by)
    review.save(update_fields=[*SETTLED, "wants_second"])
    if review.kind == Review.Kind.REGULAR:
        Interaction.objects.visible_to(by).filter(pk=review.interaction_id).update(
            status=Interaction.Status.REVIEWED
        )
        leave(review.interaction, by=by)
    data = {"score": review.score, "changed": sum(m.decision != "accepted" for m in moments)}
    audit.record(by, "review.confirmed", review, {} if review.calibrates else data)
    return review


def _is_read_twice(review: Review, by: Membership) -> bool:
    percent = policy_of(by).second_percent
    regular = review.kind == Review.Kind.REGULAR
    return regular and is_drawn(review.interaction_id, percent, "second")


def _refuse_unfinished(
    review: Review, moments: Sequence[ReviewMoment], proposed: Proposals
) -> None:
    pending = sum(moment.decision == Decision.PENDING for moment in moments)
    if pending:
        said = ngettext(
            "%(n)s moment still needs a decision.", "%(n)s moments still need a decision.", pending
        )
        raise Refused(said % {"n": pending})
    missing = unfinished(review, proposed)
    if missing:
        said = ngettext(
            "%(n)s question still needs an answer.",
            "%(n)s questions still need an answer.",
            len(missing),
        )
        raise Refused(said % {"n": len(missing)})


def _decide(
    moment: ReviewMoment,
    decision: Decision,
    *,
    emotion: str = "",
    outcome: str = "",
    strength: int = 0,
    reason: str = "",
) -> None:
    if emotion or outcome:
        _refuse_unknown(emotion, outcome)
    moment.decision, moment.emotion, moment.outcome, moment.strength = (
        decision,
        emotion,
        outcome,
        strength,
    )
    moment.reason = reason if decision in {Decision.CHANGED, Decision.REJECTED} else ""
    moment.decided_at = None if decision == Decision.PENDING else timezone.now()
    moment.save(
        update_fields=["decision", "emotion", "outcome", "strength", "reason", "decided_at"]
    )


def _found(moment: Moment) -> Values:
    return {"emotion": moment.emotion, "outcome": moment.outcome, "strength": moment.strength}


def _refuse_unknown(emotion: str, outcome: str) -> None:
    if emotion not in Emotion.values:
        raise Refused(_("The scoring guide has no such feeling."))
    if outcome not in Outcome.values:
        raise Refused(_("The scoring guide has no such outcome."))
