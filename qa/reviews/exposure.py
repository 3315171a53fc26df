"""Who has been shown the pre-score of a conversation, or what others said, and who must not be.

A reading of whoever was shown it is no independent one any more: their review is not blind, and a
second reading goes to somebody else.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from qa.organizations.models import Membership
from qa.reviews.models import Embargo, Exposure
from transcripts.models import Interaction


def embargoes_of(by: Membership) -> QuerySet[Embargo]:
    """Return what this member reads for a calibration whose results are not open."""
    return Embargo.objects.visible_to(by).filter(member=by)


def is_embargoed(by: Membership, interaction: Interaction) -> bool:
    """True if this member reads the conversation for a calibration whose results are not open."""
    return embargoes_of(by).filter(interaction=interaction).exists()


def exposures_of(by: Membership) -> QuerySet[Exposure]:
    """Return the conversations of which this member has been shown the results."""
    return Exposure.objects.visible_to(by).filter(member=by)


def record_exposure(interactions: Iterable[UUID], *, by: Membership) -> None:
    """Record that a page has shown this member the results of these; once is enough."""
    Exposure.objects.bulk_create(_rows(interactions, by, read=False), ignore_conflicts=True)


def record_judged(interactions: Iterable[UUID], *, by: Membership) -> None:
    """Record that this member was shown the results of these while they judged them."""
    Exposure.objects.bulk_create(
        _rows(interactions, by, read=True),
        update_conflicts=True,
        unique_fields=["member", "interaction"],
        update_fields=["read"],
    )


def _rows(interactions: Iterable[UUID], by: Membership, *, read: bool) -> list[Exposure]:
    return [
        Exposure(organization_id=by.organization_id, member=by, interaction_id=pk, read=read)
        for pk in interactions
    ]
