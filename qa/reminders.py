"""What members are told when its time has come: beat tasks; run twice they tell nobody twice."""

import logging
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from qa.celery import app
from qa.disputes.reminding import remind_of_unread
from qa.notices import actions as notices
from qa.notices import digests
from qa.organizations.models import Organization
from qa.reviews import assigning, leases
from qa.tenancy.base import Actor, System
from qa.tenancy.context import directory, tenant

logger = logging.getLogger(__name__)

SENDING_SECONDS = 60  # after which a run stops; far below the time limit
# In this order, each in a transaction of its own.
CHORES: tuple[Callable[..., int], ...] = (
    leases.tell_ending,
    remind_of_unread,
    notices.forget_old,
    assigning.return_unused,
)


@app.task(name="qa.reminders.remind")
def remind() -> None:
    """Go through all organizations: leases about to end, what waits to be read, old notices."""
    for organization_id in organizations():
        for chore in CHORES:
            _do(chore, System(organization_id))


@app.task(name="qa.reminders.send_digests")
def send_digests() -> int:
    """Mail the digests that are due; gives how many went out. See qa/notices/digests.py.

    Nothing is taken up while the mail server cannot be reached: the next run finds it all.
    """
    if not settings.DIGESTS:
        return 0
    now, end = timezone.now(), time.monotonic() + SENDING_SECONDS
    sent = 0
    with closing(Post()) as post:
        for by in map(System, organizations()):
            with tenant(by.organization_id):
                waiting = digests.due(by=by, now=now)
            for choice_id in waiting:
                if time.monotonic() > end or not post.reach():
                    return sent  # the next run goes on
                sent += _send_one(choice_id, post, by=by, now=now)
    return sent


class Post:
    """A connection to the mail server, opened when it is needed and anew after a fault."""

    def __init__(self) -> None:
        self.server: Any = None

    def reach(self) -> bool:
        """Whether the server answers."""
        if self.server is not None:
            return True
        server = get_connection()
        try:
            server.open()
        except (SMTPException, OSError) as error:
            logger.warning("mail server unreachable error=%s", type(error).__name__)
            return False
        self.server = server
        return True

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over; whatever goes wrong is raised."""
        self.server.send_messages([message])

    def close(self) -> None:
        """Hang up; a connection that is broken already is no matter."""
        server, self.server = self.server, None
        if server is not None:
            with suppress(SMTPException, OSError):
                server.close()


def _send_one(choice_id: UUID, post: Post, *, by: System, now: datetime) -> int:
    """Take, send, and write down how it went: three steps, for the mail can't be taken back."""
    with tenant(by.organization_id):
        letter = digests.take(choice_id, by=by, now=now)
    if letter is None:
        return 0
    try:
        post.send(letter.message)
    except (SMTPException, OSError) as error:
        logger.warning("digest not sent choice=%s error=%s", choice_id, type(error).__name__)
        post.close()
        if digests.can_be_retried(error):
            with tenant(by.organization_id):
                digests.give_back(letter, by=by)
        return 0
    with tenant(by.organization_id):
        digests.done(letter, by=by)
    return 1


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
