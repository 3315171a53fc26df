"""Who has been shown the pre-score of a conversation, or what others said, and who must not be.

A reading of whoever was shown it is no independent one any more: their review is not blind, and a
second reading goes to somebody else.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from qa.organizations.models import Membership
from qa.reviews.models import Sealed, Shown
from transcripts.models import Interaction


def sealed(by: Membership) -> QuerySet[Sealed]:
    """What this member reads for a calibration whose results are not open."""
    return Sealed.objects.visible_to(by).filter(member=by)


def is_sealed(by: Membership, interaction: Interaction) -> bool:
    """Whether this conversation is one of those."""
    return sealed(by).filter(interaction=interaction).exists()


def shown_to(by: Membership) -> QuerySet[Shown]:
    """What this member has been shown."""
    return Shown.objects.visible_to(by).filter(member=by)


def remember(interactions: Iterable[UUID], *, by: Membership) -> None:
    """That a page has shown this member these; once is enough."""
    Shown.objects.bulk_create(_rows(interactions, by, read=False), ignore_conflicts=True)


def remember_reading(interactions: Iterable[UUID], *, by: Membership) -> None:
    """That this member was shown these while they judged them."""
    Shown.objects.bulk_create(
        _rows(interactions, by, read=True),
        update_conflicts=True,
        unique_fields=["member", "interaction"],
        update_fields=["read"],
    )


def _rows(interactions: Iterable[UUID], by: Membership, *, read: bool) -> list[Shown]:
    return [
        Shown(organization_id=by.organization_id, member=by, interaction_id=pk, read=read)
        for pk in interactions
    ]
