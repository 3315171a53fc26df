"""Tell members what concerns them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.tenancy.base import Actor

KEPT: Final = timedelta(days=90)  # of notices that were read


def notify(
    to: Iterable[Membership],
    *,
    by: Actor,
    kind: Notice.Kind,
    subject: UUID | str,
    address: str,
    facts: dict[str, Any] | None = None,
    words: str = "",
    once: bool = False,
    instead: bool = False,
) -> None:
    """Tell these members, in the caller's transaction; not the one who did it, nor who has left.

    `subject` is the id of what it is about. One who has not read the same notice of the same
    subject yet is not told twice; with `once` nor is one who has read it. With `instead` the new
    notice takes the place of the unread one, and is mailed again.

    `facts` name what happened (`event`, one of qa/inbox/sentences.py), what it is about (`about`,
    a kind of row and its id: who may not see that row is told no more than the notice's kind) and
    what else the sentence needs, by ids and values: no text of a transcript, no customer's name.
    Who did it is added here. `words` are for what has no sentence.
    """
    members = [member for member in to if member != by and member.ended_at is None]
    # Not visible_to: the one who tells may not see what others were told.
    same = Notice.objects.filter(organization_id=by.organization_id, kind=kind)
    same = same.filter(member__in=members, subject=str(subject))
    if once:
        knowing = set(same.values_list("member_id", flat=True))
        members = [member for member in members if member.pk not in knowing]
    if instead:
        same.unread().delete()
    told: dict[str, Any] = {"kind": kind, "subject": str(subject), "address": address}
    told |= {"words": words, "facts": facts and {"by": by.actor_label} | facts}
    Notice.objects.bulk_create(
        [Notice(organization_id=by.organization_id, member=member, **told) for member in members],
        ignore_conflicts=True,
    )


def mark_read(
    *, by: Membership, notice: Notice | None = None, until: datetime | None = None
) -> None:
    """Take one notice as read, or all that the member was told `until` then."""
    rows = Notice.objects.visible_to(by).unread()
    if notice is not None:
        rows = rows.filter(pk=notice.pk)
    if until is not None:
        rows = rows.filter(created_at__lte=until)
    rows.update(read_at=timezone.now())


def mark_read_about(subject: UUID | str, *, by: Membership) -> None:
    """Take what a member was told about this as read: they have just dealt with it."""
    rows = Notice.objects.visible_to(by).unread().filter(subject=str(subject))
    rows.update(read_at=timezone.now())


def rename_subject(before: UUID, now: UUID, *, by: Actor) -> None:
    """What notices were about has become one with something else."""
    rows = Notice.objects.filter(organization_id=by.organization_id, subject=str(before))
    told = Notice.objects.filter(organization_id=by.organization_id, subject=str(now))
    rows.filter(member__in=told.values("member")).delete()
    rows.update(subject=str(now))


def take_back(from_whom: Iterable[Membership], *, by: Actor, subject: UUID | str) -> None:
    """What these members were told about something and have not read is not for them any more."""
    rows = Notice.objects.filter(organization_id=by.organization_id, subject=str(subject))
    rows.unread().filter(member__in=list(from_whom)).delete()


def forget_old(*, by: Actor) -> int:
    """Remove notices that were read long ago; gives how many."""
    before = timezone.now() - KEPT
    removed, _ = Notice.objects.visible_to(by).filter(read_at__lt=before).delete()
    return removed
