"""Send mails by the worker: a request only writes down that one is wanted.

What holds, however often and at how many places at once this runs:

- A mail is wanted from the moment the caller's transaction commits, and no sooner.
- Two workers don't send it at once: `take` moves it on to its next attempt with a conditional
  UPDATE that only one can win, and commits before the mail goes out.
- It goes once the server has it. A worker that dies meanwhile leaves it for its next attempt, so
  one may be sent twice, and none is lost.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from qa import dispatch
from qa.outbox.models import Mail

logger = logging.getLogger(__name__)

ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(minutes=1)  # doubled with each attempt: two hours in all
AT_ONCE: Final = 200


@transaction.atomic
def send_later(kind: Mail.Kind, *, about: str, site: str) -> None:
    """Have a mail sent once the caller's transaction is committed; once, while it waits.

    `about` says to those who write it (qa/organizations/mails.py) what it is about, by an
    address or by ids. `site` is where its links lead.
    """
    mail = Mail(kind=kind, about=about, site=site, due_at=timezone.now() + FIRST_PAUSE)
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(lambda: dispatch.enqueue_mail(mail.pk))


@transaction.atomic
def take(mail_id: UUID, *, now: datetime) -> Mail | None:
    """Begin an attempt. None if the mail is sent, given up, or another worker has it."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None or (mail.attempts and mail.due_at > now):
        return None
    if mail.attempts >= ATTEMPTS:
        logger.error("mail given up mail=%s kind=%s", mail.pk, mail.kind)
        mail.delete()
        return None
    due_at = now + FIRST_PAUSE * 2**mail.attempts
    mine = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts)
    return mail if mine.update(attempts=mail.attempts + 1, due_at=due_at) else None


def done(mail: Mail) -> None:
    """Forget a mail: the server has it, or there is nobody to send it to."""
    Mail.objects.filter(pk=mail.pk).delete()


def due(*, now: datetime) -> list[UUID]:
    """Mails that wait for an attempt, those that wait longest first."""
    rows = Mail.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def waiting(kind: Mail.Kind) -> int:
    """How many mails of this kind are not sent yet."""
    return Mail.objects.filter(kind=kind).count()


def forget(*, addresses: Iterable[str], organization_id: UUID) -> None:
    """Drop what waits for these addresses, and what is about an organization that goes."""
    of_it = Q(about__startswith=f"{organization_id}/")
    Mail.objects.filter(of_it | Q(about__startswith=f"{organization_id.hex}/")).delete()
    for address in addresses:
        Mail.objects.filter(Q(about__iexact=address) | Q(about__iendswith=f"/{address}")).delete()
