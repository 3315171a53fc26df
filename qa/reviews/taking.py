"""Take an interaction for a review, and put it back."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.leases import LEASE, drop_ended, hold, renew
from qa.reviews.models import Review, ReviewMoment
from qa.reviews.policy import is_drawn, policy_of
from qa.reviews.shown import remember_reading, shown_to
from qa.reviews.waiting import free, waiting, why_not_free
from scorecards.models import Moment, PreScore
from scorecards.publishing import card_for
from transcripts.models import Interaction, InteractionQuerySet


@transaction.atomic
def take_next(*, by: Membership, among: InteractionQuerySet | None = None) -> Review | None:
    """The review this specialist has open, else a new one on the next waiting interaction.

    What was assigned to them comes first. Two specialists never get the same: the row is locked,
    and locked rows are skipped. None when nothing waits.
    """
    one_at_a_time(by)
    in_hand = Review.objects.visible_to(by).regular().open().filter(specialist=by)
    mine = in_hand.order_by("opened_at").first()
    if mine is not None and renew(mine, by=by):
        return mine
    rows = waiting(by) if among is None else among
    return _take_first(rows.filter(place__assigned_to=by), by) or _take_first(rows, by)


def one_at_a_time(by: Membership) -> None:
    """Let the same specialist's next request wait until this one is done: pressed twice is once."""
    Membership.objects.visible_to(by).select_for_update(no_key=True).get(pk=by.pk)


def _take_first(rows: InteractionQuerySet, by: Membership) -> Review | None:
    while interaction := rows.select_for_update(skip_locked=True, of=("self",)).first():
        # Someone may have taken it, and committed, between this query's snapshot and its lock.
        if free(by).filter(pk=interaction.pk).exists():
            return _open(interaction, by)
    return None


@transaction.atomic
def take(interaction_id: UUID, *, by: Membership) -> Review:
    """Open a review on this very interaction, or continue one's own."""
    interaction = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    current = Review.objects.visible_to(by).regular().filter(interaction=interaction).first()
    if current and current.status == Review.Status.CONFIRMED:
        raise Conflict("This interaction has been reviewed already.")
    if current and current.specialist_id == by.pk and renew(current, by=by):
        return current
    if current and current.lease_until > timezone.now():
        raise Conflict("Another specialist is reviewing this interaction.")
    if not free(by).filter(pk=interaction.pk).exists():
        raise Refused(why_not_free(interaction, by))
    return _open(interaction, by)


@transaction.atomic
def release(review: Review, *, by: Membership) -> None:
    """Put an interaction back into the queue; the draft goes with it."""
    if review.calibrates:
        raise Refused("A reading for a calibration can't be put back: it is yours alone.")
    hold(review, by=by)
    audit.record(by, "review.released", review, {})
    review.delete()


def seen_before(review: Review, *, by: Membership) -> bool:
    """Whether it was drawn for a blind reading, but its specialist knew the pre-score."""
    shown = not review.blind and review.kind == Review.Kind.REGULAR and review.prescore.scorable
    return shown and is_drawn(review.interaction_id, policy_of(by).blind_percent)


def _open(interaction: Interaction, by: Membership) -> Review:
    """Lease the locked interaction; a draft whose lease ran out makes way."""
    drop_ended(Review.objects.visible_to(by).regular(), interaction.pk)
    prescore = PreScore.objects.visible_to(by).current().get(interaction=interaction)
    drawn = prescore.scorable and is_drawn(interaction.pk, policy_of(by).blind_percent)
    blind = drawn and not shown_to(by).filter(interaction=interaction).exists()
    version = card_for(interaction, by=by)
    return begin(
        Review(interaction=interaction, prescore=prescore, scorecard_version=version, blind=blind),
        by=by,
    )


def begin(review: Review, *, by: Membership) -> Review:
    """Store a new draft of this specialist's, with the machine's moments unless it is blind."""
    review.organization_id, review.specialist = by.organization_id, by
    review.lease_until, review.seen_at = timezone.now() + LEASE, timezone.now()
    review.save(force_insert=True)
    ReviewMoment.objects.bulk_create(
        ReviewMoment(
            organization_id=by.organization_id, review=review, moment=found, cue_turn=found.cue_turn
        )
        for found in Moment.objects.visible_to(by).filter(prescore=review.prescore_id)
        if not review.blind
    )
    if not review.blind:
        remember_reading([review.interaction_id], by=by)
    audit.record(by, "review.opened", review, {"kind": review.kind})
    return review
