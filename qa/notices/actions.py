"""Tell members what concerns them."""

from collections.abc import Iterable
from uuid import UUID

from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.tenancy.base import Actor


def notify(
    to: Iterable[Membership],
    *,
    by: Actor,
    kind: Notice.Kind,
    subject: UUID | str,
    words: str,
    address: str,
) -> None:
    """Tell these members, in the caller's transaction; not the one who did it.

    `subject` is the id of what it is about. One who has not read the same notice of the same
    subject yet is not told twice. `words` hold no text of a transcript and no person's name.
    """
    Notice.objects.bulk_create(
        [
            Notice(
                organization_id=by.organization_id,
                member=member,
                kind=kind,
                subject=str(subject),
                words=words,
                address=address,
            )
            for member in to
            if member != by
        ],
        ignore_conflicts=True,
    )
