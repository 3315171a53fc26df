"""A member's notices, newest first."""

from django.http import QueryDict

from qa.core import paging
from qa.notices.models import Notice
from qa.organizations.models import Membership

SIZE = 25
FIELDS = ("created_at", "id")
MANY = 99  # beyond this the bell says "99+"


def listed(by: Membership, query: QueryDict) -> paging.Page[Notice]:
    """One page."""
    rows = Notice.objects.visible_to(by)

    return paging.page(rows, *FIELDS, query=query, size=SIZE)


def unread(by: Membership) -> str:
    """How many are not read yet, counted up to a limit; empty for none."""
    number = len(Notice.objects.visible_to(by).unread().values_list("pk")[: MANY + 1])
    return f"{MANY}+" if number > MANY else str(number or "")
