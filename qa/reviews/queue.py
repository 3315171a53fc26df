"""What waits for a specialist, how they claim it for a review, and how they put it back."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.exposure import embargoes_of, exposures_of, record_judged
from qa.reviews.leases import LEASE, drop_ended, renew, touch
from qa.reviews.models import Review, ReviewMoment, ReviewQuerySet
from qa.reviews.policy import is_drawn, policy_of
from qa.sampling import queries as sampling
from qa.tenancy.base import Actor, System
from scorecards.models import Moment, PreScore
from scorecards.publishing import card_for
from transcripts.cast import cast_of
from transcripts.models import Interaction, InteractionQuerySet

OWN = _("This is your own conversation, so someone else has to review it.")
EXCLUDED = _("You’re excluded from this agent’s or team’s conversations.")


def available_to(by: Membership) -> InteractionQuerySet:
    """What this specialist may take: pre-scored, in nobody's hands, assigned to nobody else.

    Never their own work, nor that of an agent or team they are excluded from, nor what they read
    for a calibration.
    """
    taken = (
        Review.objects.visible_to(by)
        .regular()
        .filter(Q(lease_until__gt=timezone.now()) & ~Q(specialist=by), interaction=OuterRef("pk"))
    )
    rows = Interaction.objects.visible_to(by).filter(
        ~Exists(taken), ~sampling.for_others(by), status=Interaction.Status.PRESCORED
    )
    rows = rows.exclude(pk__in=embargoes_of(by).values("interaction"))
    return sampling.allowed(rows, by)


def in_queue(by: Membership) -> InteractionQuerySet:
    """What of it is in the queue, in its order."""
    return sampling.in_queue(available_to(by), sampled=sampling.is_sampled(by))


def available_for_second(by: Membership) -> ReviewQuerySet:
    """Reviews that this specialist could read again: not their own, not seen before, and free."""
    taken = Review.objects.visible_to(by).filter(
        ~Q(status=Review.Status.OPEN, lease_until__lte=timezone.now()),
        kind=Review.Kind.SECOND,
        interaction=OuterRef("interaction"),
    )
    rows = Review.objects.visible_to(by).confirmed().filter(~Exists(taken), wants_second=True)
    rows = rows.exclude(
        Q(specialist=by) | Q(interaction__in=embargoes_of(by).values("interaction"))
    )
    rows = rows.exclude(interaction__in=exposures_of(by).values("interaction"))
    may = sampling.allowed(Interaction.objects.visible_to(by), by).filter(
        pk=OuterRef("interaction")
    )
    return rows.filter(Exists(may))


def why_barred(interaction: Interaction, *, by: Membership) -> str:
    """Why this member must not review it, also where they have taken it already; empty if they may.

    It may have become their own since, or they may have been excluded.
    """
    this = Interaction.objects.visible_to(by).filter(pk=interaction.pk)
    if sampling.allowed(this, by).exists():
        return ""
    return str(OWN if cast_of(interaction).part_of(by.agent_id) else EXCLUDED)


def why_unavailable(interaction: Interaction, by: Membership) -> str:
    """Why this member may not take it, in words."""
    this = Interaction.objects.visible_to(by).filter(pk=interaction.pk)
    if this.filter(sampling.for_others(by)).exists():
        return gettext("This conversation is assigned to someone else.")
    own = cast_of(interaction).part_of(by.agent_id)
    if not own and not sampling.allowed(this, by).exists():
        return str(EXCLUDED)
    return gettext("This conversation isn’t waiting for your review.")


@transaction.atomic
def claim_next(*, by: Membership, among: InteractionQuerySet | None = None) -> Review | None:
    """The review this specialist has open, else a new one on the next waiting interaction.

    What was assigned to them comes first. Two specialists never get the same: the row is locked,
    and locked rows are skipped. None when nothing waits.
    """
    lock_specialist(by)
    in_hand = Review.objects.visible_to(by).regular().open().filter(specialist=by)
    mine = in_hand.order_by("opened_at").first()
    if mine is not None and renew(mine, by=by):
        return mine
    rows = in_queue(by) if among is None else among
    return _take_first(rows.filter(place__assigned_to=by), by) or _take_first(rows, by)


def lock_specialist(by: Membership) -> None:
    """Let the same specialist's next request wait until this one is done: pressed twice is once."""
    Membership.objects.visible_to(by).select_for_update(no_key=True).get(pk=by.pk)


def _take_first(rows: InteractionQuerySet, by: Membership) -> Review | None:
    while interaction := rows.select_for_update(skip_locked=True, of=("self",)).first():
        # Someone may have taken it, and committed, between this query's snapshot and its lock.
        if available_to(by).filter(pk=interaction.pk).exists():
            return _open(interaction, by)
    return None


@transaction.atomic
def claim(interaction_id: UUID, *, by: Membership) -> Review:
    """Open a review on this very interaction, or continue one's own."""
    interaction = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    current = Review.objects.visible_to(by).regular().filter(interaction=interaction).first()
    if current and current.status == Review.Status.CONFIRMED:
        raise Conflict(gettext("This conversation has already been reviewed."))
    if current and current.specialist_id == by.pk and renew(current, by=by):
        return current
    if current and current.lease_until > timezone.now():
        raise Conflict(gettext("Someone else is reviewing this conversation."))
    if not available_to(by).filter(pk=interaction.pk).exists():
        raise Refused(why_unavailable(interaction, by))
    return _open(interaction, by)


@transaction.atomic
def release(review: Review, *, by: Membership) -> None:
    """Put an interaction back into the queue; the draft goes with it."""
    if review.calibrates:
        raise Refused(gettext("A calibration review can’t be returned to the queue."))
    touch(review, by=by)
    audit.record(by, "review.released", review, {})
    review.delete()


@transaction.atomic
def give_up(member: Membership, *, by: Actor) -> None:
    """Put everything back that a member who leaves has in hand; the drafts go.

    Their readings for a calibration are that session's to close.
    """
    system = System(by.organization_id)  # whoever removes them may not see all they read
    drafts = Review.objects.visible_to(system).open().filter(specialist=member)
    drafts = drafts.exclude(kind=Review.Kind.CALIBRATION)
    held = Interaction.objects.visible_to(system).filter(pk__in=drafts.values("interaction"))
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for draft in drafts.select_for_update().order_by("pk"):
        audit.record(by, "review.released", draft, {})
        draft.delete()


def seen_before(review: Review, *, by: Membership) -> bool:
    """True if it was drawn for a blind reading, but its specialist knew the pre-score."""
    shown = not review.blind and review.kind == Review.Kind.REGULAR and review.prescore.scorable
    return shown and is_drawn(review.interaction_id, policy_of(by).blind_percent)


def _open(interaction: Interaction, by: Membership) -> Review:
    """Lease the locked interaction; a draft whose lease ran out makes way."""
    drop_ended(Review.objects.visible_to(by).regular(), interaction.pk)
    prescore = PreScore.objects.visible_to(by).current().get(interaction=interaction)
    drawn = prescore.scorable and is_drawn(interaction.pk, policy_of(by).blind_percent)
    blind = drawn and not exposures_of(by).filter(interaction=interaction).exists()
    version = card_for(interaction, by=by)
    return open_draft(
        Review(interaction=interaction, prescore=prescore, scorecard_version=version, blind=blind),
        by=by,
    )


def open_draft(review: Review, *, by: Membership) -> Review:
    """Store a new draft of this specialist's, with the machine's moments unless it is blind."""
    review.organization_id, review.specialist = by.organization_id, by
    review.lease_until, review.seen_at = timezone.now() + LEASE, timezone.now()
    review.save(force_insert=True)
    if not review.blind:
        show_moments(review, by=by)
        record_judged([review.interaction_id], by=by)
    audit.record(by, "review.opened", review, {"kind": review.kind})
    return review


def show_moments(review: Review, *, by: Actor) -> None:
    """Give a draft the machine's moments, for its specialist to decide."""
    ReviewMoment.objects.bulk_create(
        ReviewMoment(
            organization_id=review.organization_id,
            review=review,
            moment=found,
            cue_turn=found.cue_turn,
        )
        for found in Moment.objects.visible_to(by).filter(prescore=review.prescore_id)
    )
