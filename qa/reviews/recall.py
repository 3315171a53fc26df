"""A submitted review taken back by its reviewer, within a time that the organization sets.

It is a draft again as it was, before it has done anything to anybody: never once its agent has
read or disputed it, once somebody reads it again, or after a correction. The database holds
this too (migration 0020). `pipeline.recall` does what hangs on it.
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, NotAllowed, Refused
from qa.organizations.models import Membership
from qa.reviews.leases import LEASE
from qa.reviews.models import Review, ReviewMoment
from qa.reviews.policy import policy_of
from qa.sampling.actions import enter
from qa.sampling.models import Rule
from qa.tenancy.base import System
from transcripts.models import Interaction

MOST_MINUTES: Final = 24 * 60  # the database refuses later ones


def until(review: Review, *, by: Membership) -> datetime | None:
    """Until when this member may take a submitted review back; None if they never may."""
    minutes = policy_of(by).recall_minutes
    own = review.specialist_id == by.pk and review.kind == Review.Kind.REGULAR
    if not own or review.confirmed_at is None or review.supersedes_id or not minutes:
        return None
    last = review.confirmed_at + timedelta(minutes=minutes)
    return last if timezone.now() < last else None


def hold(review: Review, *, by: Membership) -> Review:
    """Lock a submitted review that is about to be taken back; refused where that can't be."""
    Interaction.objects.visible_to(by).select_for_update().get(pk=review.interaction_id)
    rows = Review.objects.visible_to(by).select_related("interaction__organization", "prescore")
    review = rows.select_for_update(of=("self",)).get(pk=review.pk)
    if review.specialist_id != by.pk:
        raise NotAllowed(_("Only the reviewer can take a review back."))
    if review.status != Review.Status.CONFIRMED:
        raise Conflict(_("This review has already been taken back."))
    if Review.objects.visible_to(by).filter(supersedes=review).exists():
        raise Refused(_("This review has since been corrected, so it can’t be taken back."))
    if until(review, by=by) is None:
        raise Refused(_("The time to take this review back is over. Correct it instead."))
    every = Review.objects.visible_to(System(by.organization_id))  # others' calibrations too
    again = every.filter(interaction=review.interaction_id).exclude(kind=Review.Kind.REGULAR)
    if again.exists():
        raise Refused(_("Someone is scoring this conversation again, so it can’t be taken back."))
    return review


def reopen(review: Review, *, by: Membership) -> Review:
    """Make a held review its reviewer's draft again."""
    now = timezone.now()
    review.status, review.confirmed_at = Review.Status.OPEN, None
    review.score = review.empathy_score = None
    review.wants_second = False
    review.lease_until, review.seen_at = now + LEASE, now
    review.revision += 1
    review.save(
        update_fields=[
            *("status", "confirmed_at", "score", "empathy_score", "wants_second"),
            *("lease_until", "seen_at", "revision"),
        ]
    )
    ReviewMoment.objects.visible_to(by).filter(review=review).update(participation=None)
    Interaction.objects.visible_to(by).filter(pk=review.interaction_id).update(
        status=Interaction.Status.PRESCORED
    )
    enter([review.interaction], priority=Rule.Priority.NORMAL, by=by)
    audit.record(by, "review.recalled", review, {})
    return review
