"""A member's notices, newest first."""

from uuid import UUID

from django.http import QueryDict

from qa.core import paging
from qa.notices.models import Notice
from qa.organizations.models import Membership

SIZE = 25
FIELDS = ("created_at", "id")
KEY = (paging.moment, UUID)
MANY = 99  # beyond this the bell says "99+"


def listed(by: Membership, query: QueryDict) -> paging.Page[Notice]:
    """One page."""
    rows = Notice.objects.visible_to(by)

    def fetch(cursor: paging.Cursor | None, limit: int) -> list[Notice]:
        some = rows if cursor is None else rows.filter(cursor.beyond(*FIELDS))
        return list(some.order_by(*paging.order(cursor, *FIELDS))[:limit])

    return paging.page(
        fetch, key=lambda one: (one.created_at, one.pk), query=query, kinds=KEY, size=SIZE
    )


def unread(by: Membership) -> str:
    """How many are not read yet, counted up to a limit; empty for none."""
    number = len(Notice.objects.visible_to(by).unread().values_list("pk")[: MANY + 1])
    return f"{MANY}+" if number > MANY else str(number or "")
