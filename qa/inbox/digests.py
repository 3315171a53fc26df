"""The e-mail digest: what a member has not read, once a day or a week, where they asked for it.

What holds, however often and at how many places at once this runs:

- A member gets at most one mail for a day or week. `claim` moves their row on to the period with
  a conditional UPDATE that only one can win, and commits before the mail goes out.
- A server that cannot be reached, or that says "later", gives the period back (`give_back`): the
  next run tries again. Nothing is marked as mailed before the server has taken it (`done`).
- A process that dies, or a connection that breaks, while the server has the mail in hand leaves
  unknown whether it went out. It is not sent again; its notices are in the next one, so one may
  be mailed twice and none is lost.

A mail says what the notices say (qa/inbox/sentences.py), with links: no text of a transcript, no
customer's data, and nothing of what its reader may not see any more.
"""

import smtplib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from qa.audit import actions as audit
from qa.inbox.reading import read
from qa.notices.models import Digest, Notice, NoticeChoice
from qa.organizations.calendar import Calendar, calendar_of
from qa.organizations.models import Membership
from qa.organizations.reading import written_for
from qa.tenancy.base import Actor

SHOWN: Final = 20  # notices in one mail; it says how many more there are
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class DigestMail:
    """One mail, and what it stands for."""

    choice: UUID
    before: date
    period: date
    notices: Sequence[UUID]
    message: EmailMultiAlternatives


def chosen_by(member: Membership) -> str:
    """How often this member wants a digest."""
    found = NoticeChoice.objects.visible_to(member).values_list("digest", flat=True).first()
    return found or Digest.OFF


@transaction.atomic
def choose_digest(digest: str, *, by: Membership) -> NoticeChoice:
    """Say how often one wants a digest; the first comes with the next day or week."""
    period = period_start(digest, timezone.now(), calendar_of(by))
    values = {"digest": digest, "digested_for": period}
    before = {"digest": chosen_by(by)}
    choice, _ = NoticeChoice.objects.update_or_create(
        organization_id=by.organization_id, member=by, defaults=values
    )
    told = audit.changes(before, {"digest": digest})
    audit.record(by, "notices.digest_chosen", choice, told)
    return choice


def period_start(digest: str, now: datetime, calendar: Calendar) -> date:
    """The first day of the organization's day or week that a digest sent now is for.

    A day begins at the hour of digests, on the organization's clocks, not at midnight.
    """
    here = now.astimezone(calendar.zone)
    day = here.date() - timedelta(days=here.hour < settings.DIGEST_HOUR)
    return calendar.week_of(day) if digest == Digest.WEEKLY else day


def due(*, by: Actor, now: datetime) -> list[UUID]:
    """Whose period is not done with yet."""
    waiting, calendar = Q(), calendar_of(by)
    for digest in (Digest.DAILY, Digest.WEEKLY):
        waiting |= Q(digest=digest, digested_for__lt=period_start(digest, now, calendar))
    rows = NoticeChoice.objects.visible_to(by).filter(
        waiting, member__user__is_active=True, member__ended_at__isnull=True
    )
    return list(rows.order_by("digested_for").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def claim(choice_id: UUID, *, by: Actor, now: datetime) -> DigestMail | None:
    """Take a member's period, and write their mail. None if another has it or nothing is unread."""
    rows = NoticeChoice.objects.visible_to(by)
    choice = rows.select_related("member__user", "member__organization").get(pk=choice_id)
    period = period_start(choice.digest, now, calendar_of(by))
    mine = rows.filter(pk=choice.pk, digest=choice.digest, digested_for=choice.digested_for)
    here = choice.member.ended_at is None
    if not here or choice.digested_for >= period or not mine.update(digested_for=period):
        return None
    news = Notice.objects.visible_to(by).unread().filter(member=choice.member, mailed_at=None)
    found = list(news.order_by("-created_at", "-id"))
    if not found:
        return None
    with written_for(choice.member.user, choice.member.organization):
        message = _message(choice.member, found, key=f"{choice.pk}.{period}")
    return DigestMail(
        choice.pk, choice.digested_for, period, [notice.pk for notice in found], message
    )


@transaction.atomic
def done(digest: DigestMail, *, by: Actor) -> None:
    """The server has taken the mail."""
    rows = Notice.objects.visible_to(by).filter(pk__in=digest.notices)
    rows.update(mailed_at=timezone.now())


@transaction.atomic
def give_back(digest: DigestMail, *, by: Actor) -> None:
    """The server has not taken the mail: the next run tries again."""
    mine = NoticeChoice.objects.visible_to(by).filter(pk=digest.choice)
    mine.filter(digested_for=digest.period).update(digested_for=digest.before)


def can_be_retried(error: Exception) -> bool:
    """True if the server certainly has not taken the mail and may take it later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500
    return isinstance(error, ConnectionRefusedError | socket.gaierror)


def _message(member: Membership, found: Sequence[Notice], *, key: str) -> EmailMultiAlternatives:
    slug, site = member.organization.slug, settings.SITE_URL
    lines = read(found[:SHOWN], by=member)
    choice_page = site + reverse("notices-settings", kwargs={"slug": slug})
    context: dict[str, Any] = {
        "member": member,
        "lines": [(line, site + line.address if line.address else "") for line in lines],
        "more": max(0, len(found) - SHOWN),
        "all_page": site + reverse("notices", kwargs={"slug": slug}),
        "choice_page": choice_page,
    }
    number = len(found)
    where = " ".join(member.organization.name.split())
    subject = ngettext(
        "%(number)s notice for you in %(where)s", "%(number)s notices for you in %(where)s", number
    )
    return EmailMultiAlternatives(
        subject=subject % {"number": number, "where": where},
        body=render_to_string("notices/digest_email.txt", context),
        to=[member.user.email],
        headers={
            "Message-ID": f"<{key}@{site.partition('://')[2]}>",
            "List-Unsubscribe": f"<{choice_page}>",
            "Auto-Submitted": "auto-generated",
        },
        alternatives=[(render_to_string("notices/digest_email.html", context), "text/html")],
    )
