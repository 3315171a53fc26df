"""Notices, told and found."""

from collections.abc import Callable

from django.test import Client

from qa.inbox.reading import read
from qa.notices import actions
from qa.notices.models import Notice
from qa.organizations.models import Membership
from qa.tenancy.base import System
from qa.tenancy.context import tenant

SignIn = Callable[[Membership | None], Client]


def tell(member: Membership, subject: str = "1", words: str = "Something happened.") -> None:
    """Tell a member something."""
    slug = member.organization.slug
    with tenant(member.organization_id):
        actions.notify(
            [member],
            by=System(member.organization_id),
            kind=Notice.Kind.AGREEMENT,
            subject=subject,
            words=words,
            address=f"/o/{slug}/queue/",
        )


def words_of(member: Membership, kind: str = "") -> list[str]:
    """What a member reads of what they were told, oldest first."""
    found = [notice for notice in notices_of(member) if not kind or notice.kind == kind]
    with tenant(member.organization_id):
        return [line.words for line in read(found, by=member)]


def notices_of(member: Membership) -> list[Notice]:
    """What a member was told, oldest first."""
    with tenant(member.organization_id):
        return list(Notice.objects.visible_to(member).order_by("created_at"))
