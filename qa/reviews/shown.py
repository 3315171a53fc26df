"""Who has been shown the pre-score of a conversation, or what others said of it.

A reading of theirs would be no independent one any more: their review is not blind, and a second
reading goes to somebody else.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from qa.organizations.models import Membership
from qa.reviews.models import Shown


def shown_to(by: Membership) -> QuerySet[Shown]:
    """What this member has been shown."""
    return Shown.objects.visible_to(by).filter(member=by)


def remember(interactions: Iterable[UUID], *, by: Membership) -> None:
    """That this member has been shown these; once is enough."""
    Shown.objects.bulk_create(
        [
            Shown(organization_id=by.organization_id, member=by, interaction_id=pk)
            for pk in interactions
        ],
        ignore_conflicts=True,
    )
