"""What a new session may be made of: conversations, and people to read them."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from qa.calibration.models import Assignment
from qa.organizations.access import REVIEWERS
from qa.organizations.models import Membership
from transcripts.models import SCORED, Interaction

OFFERED = 50
PEOPLE = 200


def offered(
    by: Membership,
    *,
    channel: str = "",
    status: str = "",
    q: str = "",
    also: list[UUID] | None = None,
) -> list[Interaction]:
    """The newest pre-scored conversations, and those named.

    Not what somebody reads, or has read, for a calibration; what was called off unread is free.
    """
    used = Assignment.objects.visible_to(by).filter(
        item__interaction=OuterRef("pk"), review__isnull=False
    )
    rows = Interaction.objects.visible_to(by).filter(
        ~Exists(used), status__in=[status] if status else SCORED
    )
    if channel:
        rows = rows.filter(channel=channel)
    if q:
        rows = rows.matching(q)
    related = ("agent", "team")
    found = list(rows.select_related(*related).order_by("-started_at", "-id")[:OFFERED])
    missing = set(also or ()) - {interaction.pk for interaction in found}
    if missing:
        named = Interaction.objects.visible_to(by).filter(pk__in=missing).select_related(*related)
        found = [*named.order_by("-started_at", "-id"), *found]
    return found


def people(by: Membership) -> list[Membership]:
    """Who scores here, by name."""
    rows = Membership.objects.visible_to(by).filter(role__in=REVIEWERS, user__is_active=True)
    return list(rows.select_related("user").order_by("user__name", "pk")[:PEOPLE])
