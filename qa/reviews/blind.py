"""Blind reviews: the specialist judges first, and is shown the pre-score afterwards."""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.exposure import record_judged
from qa.reviews.leases import begin_step
from qa.reviews.models import Decision, Reason, Review, ReviewMoment
from qa.reviews.proposals import proposals_for, said_blind
from qa.reviews.queue import show_moments
from qa.reviews.steps import forget, keep_lock, moments_at
from scorecards.models import Moment

EMPTY: Final = "empty_reading"  # the code of a refusal to lock a reading without a moment unasked


@transaction.atomic
def commit(
    review: Review, *, by: Membership, revision: int | None = None, sure: bool = True
) -> Review:
    """Keep what the specialist has said so far, and show them the pre-score beside it.

    Where both see the same, the moment counts as confirmed; where they differ, the person's word
    stands and the machine's stays beside it. All of it may still be changed before the review is
    submitted; `first_reading` keeps what was said blind. One without a moment: only if `sure`.
    """
    review = begin_step(review, by=by, revision=revision)
    if review.calibrates:
        raise Refused(_("You’ll see the pre-score with the results, once everyone has scored."))
    if not review.hides_machine:
        raise Conflict(_("The pre-score is already shown."))
    said = {
        moment.cue_turn: moment
        for moment in ReviewMoment.objects.visible_to(by).filter(review=review)
    }
    if not said and not sure:
        raise Refused(_("You marked no feeling. Is that your reading?"), code=EMPTY)
    forget(review, by=by)  # only the lock itself can be taken back, and all that comes after it
    found = list(Moment.objects.visible_to(by).filter(prescore=review.prescore_id))
    before = moments_at(review, by=by, cue_turns={*said, *(moment.cue_turn for moment in found)})
    if review.first_reading is None:  # locked again, what was said first is still the blind word
        review.first_reading = [_stored(moment) for moment in said.values()]
    review.committed_at = timezone.now()
    review.save(update_fields=["first_reading", "committed_at"])
    record_judged([review.interaction_id], by=by)
    for moment in found:
        if moment.cue_turn in said:
            _pair(said[moment.cue_turn], moment)
    ReviewMoment.objects.bulk_create(
        _not_found_by_the_person(review, moment) for moment in found if moment.cue_turn not in said
    )
    answers = said_blind(review, proposals_for(review, by=by))
    keep_lock(review, by=by, moments=before, after=answers)
    review.answers = answers
    review.save(update_fields=["answers"])
    audit.record(by, "review.committed", review, {"said": len(said), "found": len(found)})
    return review


def unlock(review: Review, *, by: Membership) -> Review:
    """The lock of a reading was taken back, and its moments are as they were before it.

    Who unlocks has seen the pre-score. So what was locked first stays the blind word, whatever is
    locked later; and a reading without a moment, which was locked by mistake, goes on as an
    ordinary review with the pre-score in view, and is no blind one any more.
    """
    review.committed_at = None
    if not review.first_reading:
        review.blind, review.first_reading = False, None
        show_moments(review, by=by)
    review.save(update_fields=["committed_at", "blind", "first_reading"])
    audit.record(by, "review.unlocked", review, {"blind": review.blind})
    return review


def _stored(moment: ReviewMoment) -> dict[str, object]:
    return {
        "cue_turn": moment.cue_turn,
        "emotion": moment.emotion,
        "outcome": moment.outcome,
        "strength": moment.strength,
    }


def _pair(said: ReviewMoment, found: Moment) -> None:
    """The person's and the machine's word on the same cue."""
    values = ("emotion", "outcome", "strength")
    same = all(getattr(said, name) == getattr(found, name) for name in values)
    said.moment = found
    said.decision = Decision.ACCEPTED if same else Decision.CHANGED
    said.reason = "" if same else Reason.BLIND
    said.save(update_fields=["moment", "decision", "reason"])


def _not_found_by_the_person(review: Review, found: Moment) -> ReviewMoment:
    """A feeling that the machine found and the person did not."""
    return ReviewMoment(
        organization_id=review.organization_id,
        review=review,
        moment=found,
        cue_turn=found.cue_turn,
        decision=Decision.REJECTED,
        reason=Reason.BLIND,
        decided_at=timezone.now(),
    )
