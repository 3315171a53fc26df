"""Two rules in the demo, ready to be switched on, and conversations chosen by hand.

They are off, so that whatever a visitor pushes waits in the queue, as with a new organization.
"""

from typing import Final

from qa.organizations.models import Membership, Role
from qa.reviews.assignment import assign
from qa.reviews.exposure import embargoes_of
from qa.sampling import actions as sampling
from qa.sampling.models import Kind, Rule
from qa.tenancy.base import System
from transcripts.models import Interaction

SHARE: Final = 10  # per cent
BY_HAND: Final = 4  # conversations for the first specialist


def sample_some(*, by: System) -> None:
    """A random share for honest figures, missed anger in turn, and some assigned by hand."""
    members = Membership.objects.visible_to(by).select_related("user", "organization")
    manager = members.filter(role=Role.MANAGER).order_by("id").first()
    specialists = list(members.filter(role=Role.SPECIALIST).order_by("id"))
    if manager is None or not specialists:
        return
    sampling.create_rule(by=manager, kind=Kind.SHARE, name="Random share", percent=SHARE)
    sampling.create_rule(
        by=manager,
        kind=Kind.MISSED_ANGER,
        name="Missed anger",
        priority=Rule.Priority.FIRST,
        assignment=Rule.Assignment.TURNS,
        specialists=[specialist.pk for specialist in specialists],
    )
    _assign_by_hand(to=specialists[0], by=manager)


def _assign_by_hand(*, to: Membership, by: Membership) -> None:
    """The newest that wait and that they do not read for a calibration."""
    rows = Interaction.objects.visible_to(by).filter(
        status=Interaction.Status.PRESCORED, place__isnull=True, source="demo"
    )
    rows = rows.exclude(pk__in=embargoes_of(to).values("interaction"))
    chosen = list(rows.order_by("-started_at", "id").values_list("pk", flat=True)[:BY_HAND])
    if chosen:
        assign(chosen, to=to, by=by)
