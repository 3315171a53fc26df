"""What members are told when its time has come: beat tasks; run twice they tell nobody twice."""

import logging
from collections.abc import Callable
from uuid import UUID

from qa.celery import app
from qa.disputes.reminding import remind_of_unread
from qa.notices import actions as notices
from qa.organizations.models import Organization
from qa.reviews import leases
from qa.tenancy.base import Actor, System
from qa.tenancy.context import directory, tenant

logger = logging.getLogger(__name__)

# In this order, each in a transaction of its own.
CHORES: tuple[Callable[..., int], ...] = (
    leases.tell_ending,
    remind_of_unread,
    notices.forget_old,
)


@app.task(name="qa.reminders.remind")
def remind() -> None:
    """Go through all organizations: leases about to end, what waits to be read, old notices."""
    for organization_id in organizations():
        for chore in CHORES:
            _do(chore, System(organization_id))


def organizations() -> list[UUID]:
    """Every organization's id, oldest first."""
    with directory():
        return list(Organization.objects.order_by("id").values_list("id", flat=True))


def _do(chore: Callable[..., int], by: Actor) -> None:
    """One chore in one organization; where it fails the others still get theirs."""
    try:
        with tenant(by.organization_id):
            chore(by=by)
    except Exception:
        logger.exception("%s failed organization=%s", chore.__name__, by.organization_id)
