"""What waits for a specialist, and what they may take."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from qa.organizations.models import Membership
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.shown import sealed, shown_to
from qa.sampling import queries as sampling
from transcripts.models import Interaction, InteractionQuerySet

OWN = "This conversation is your own, so somebody else has to review it."
EXCLUDED = "You are excluded from the conversations of this agent or team."


def free(by: Membership) -> InteractionQuerySet:
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
    rows = rows.exclude(pk__in=sealed(by).values("interaction"))
    return sampling.allowed(rows, by)


def waiting(by: Membership) -> InteractionQuerySet:
    """What of it is in the queue, in its order."""
    return sampling.in_queue(free(by), sampled=sampling.is_sampled(by))


def for_second(by: Membership) -> ReviewQuerySet:
    """Reviews that this specialist could read again: not their own, not seen before, and free."""
    taken = Review.objects.visible_to(by).filter(
        ~Q(status=Review.Status.OPEN, lease_until__lte=timezone.now()),
        kind=Review.Kind.SECOND,
        interaction=OuterRef("interaction"),
    )
    rows = Review.objects.visible_to(by).confirmed().filter(~Exists(taken), wants_second=True)
    rows = rows.exclude(Q(specialist=by) | Q(interaction__in=sealed(by).values("interaction")))
    rows = rows.exclude(interaction__in=shown_to(by).values("interaction"))
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
    own = by.agent_id is not None and by.agent_id == interaction.agent_id
    return OWN if own else EXCLUDED


def why_not_free(interaction: Interaction, by: Membership) -> str:
    """Why this member may not take it, in words."""
    this = Interaction.objects.visible_to(by).filter(pk=interaction.pk)
    if this.filter(sampling.for_others(by)).exists():
        return "This conversation is assigned to another specialist."
    if by.agent_id != interaction.agent_id and not sampling.allowed(this, by).exists():
        return EXCLUDED
    return "This interaction is not waiting for your review."
