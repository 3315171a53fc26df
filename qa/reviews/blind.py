"""Blind reviews: the specialist judges first, and is shown the pre-score afterwards."""

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
from qa.reviews.steps import forget
from scorecards.models import Moment


@transaction.atomic
def commit(review: Review, *, by: Membership, revision: int | None = None) -> Review:
    """Keep what the specialist has said so far, and show them the pre-score beside it.

    Where both see the same, the moment counts as confirmed; where they differ, the person's word
    stands and the machine's stays beside it. All of it may still be changed before the review is
    submitted; `first_reading` keeps what was said blind.
    """
    review = begin_step(review, by=by, revision=revision)
    if review.calibrates:
        raise Refused(_("You’ll see the pre-score with the results, once everyone has scored."))
    if not review.hides_machine:
        raise Conflict(_("The pre-score is already shown."))
    forget(review, by=by)  # what was said blind can't be taken back once the pre-score is seen
    said = {
        moment.cue_turn: moment
        for moment in ReviewMoment.objects.visible_to(by).filter(review=review)
    }
    review.first_reading = [_stored(moment) for moment in said.values()]
    review.committed_at = timezone.now()
    review.save(update_fields=["first_reading", "committed_at"])
    record_judged([review.interaction_id], by=by)
    found = list(Moment.objects.visible_to(by).filter(prescore=review.prescore_id))
    for moment in found:
        if moment.cue_turn in said:
            _pair(said[moment.cue_turn], moment)
    ReviewMoment.objects.bulk_create(
        _not_found_by_the_person(review, moment) for moment in found if moment.cue_turn not in said
    )
    review.answers = said_blind(review, proposals_for(review, by=by))
    review.save(update_fields=["answers"])
    audit.record(by, "review.committed", review, {"said": len(said), "found": len(found)})
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
