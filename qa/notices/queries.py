"""How many notices of a member are not read yet."""

from typing import Final

from qa.notices.models import Notice
from qa.organizations.models import Membership

MANY: Final = 99  # beyond this the bell says "99+"


def unread(by: Membership) -> str:
    """How many are not read yet, counted up to a limit; empty for none."""
    number = len(Notice.objects.visible_to(by).unread().values_list("pk")[: MANY + 1])
    return f"{MANY}+" if number > MANY else str(number or "")
