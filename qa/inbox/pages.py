"""A member's notices, page by page: what is new first, each day under its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, IntegerField, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core import paging
from qa.inbox.reading import Line, read
from qa.inbox.sentences import day_in_words
from qa.notices.models import Notice
from qa.organizations.models import Membership, Role

SIZE: Final = 25
FIELDS: Final = ("newness", "created_at", "id")
KIND = Notice.Kind
# What one can narrow notices to: its name in the address, its word, its kinds.
GROUPS: Final[Sequence[tuple[str, Promise, tuple[str, ...]]]] = (
    (
        "feedback",
        gettext_lazy("Feedback"),
        (KIND.FEEDBACK, KIND.SCORE_CHANGED, KIND.ACKNOWLEDGED, KIND.REPLY, KIND.REMINDER),
    ),
    ("disputes", gettext_lazy("Disputes"), (KIND.DISPUTE_OPENED, KIND.DISPUTE_DECIDED)),
    ("reviews", gettext_lazy("Reviews"), (KIND.ASSIGNED, KIND.LEASE_ENDING)),
    ("calibration", gettext_lazy("Calibration"), (KIND.CALIBRATION,)),
    ("agreement", gettext_lazy("Agreement"), (KIND.AGREEMENT,)),
)
OF_AGENTS: Final = ("feedback", "disputes")
UNREAD: Final = "unread"


@dataclass(frozen=True, slots=True)
class Chip:
    """One way to narrow the list."""

    word: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day, new ones or read ones."""

    is_new: bool
    begins: bool  # the first day of those that are new, or of those that are read
    word: str
    lines: Sequence[Line]


def listed(by: Membership, query: QueryDict) -> paging.Page[Line]:
    """One page: what is not read yet first, then the rest, each newest first."""
    rows = Notice.objects.visible_to(by)
    shown = query.get("show", "")
    kinds = next((kinds for name, _word, kinds in GROUPS if name == shown), ())
    if kinds:
        rows = rows.filter(kind__in=kinds)
    elif shown == UNREAD:
        rows = rows.unread()
    newness = Case(When(read_at__isnull=True, then=1), default=0, output_field=IntegerField())
    ranked = rows.annotate(newness=newness)

    def fetch(cursor: paging.Cursor | None, limit: int) -> list[Any]:
        some = ranked if cursor is None else ranked.filter(cursor.beyond(*FIELDS))
        return list(some.order_by(*paging.order(cursor, *FIELDS))[:limit])

    page = paging.page_of(
        fetch,
        key=lambda row: tuple(getattr(row, name) for name in FIELDS),
        query=query,
        kinds=(int, paging.moment, UUID),
        size=SIZE,
    )
    return paging.Page(read(page.rows, by=by), page.newer_url, page.older_url)


def by_day(lines: Sequence[Line]) -> list[Day]:
    """The lines of a page under the reader's days."""
    days: list[Day] = []
    for (new, day), some in groupby(lines, lambda line: (line.is_new, _day(line))):
        begins = not days or days[-1].is_new != new
        days.append(Day(new, begins, _in_words(day), list(some)))
    return days


def chips(by: Membership, query: QueryDict) -> list[Chip]:
    """The ways to narrow the list that suit this member."""
    shown = query.get("show", "")
    found: list[tuple[str, Promise]] = [
        ("", gettext_lazy("All")),
        (UNREAD, gettext_lazy("Unread")),
    ]
    found += [
        (name, word) for name, word, _kinds in GROUPS if by.role != Role.AGENT or name in OF_AGENTS
    ]
    known = shown if shown in dict(found) else ""
    return [
        Chip(str(word), f"?show={name}" if name else "?", name == known) for name, word in found
    ]


def moment_of(text: str) -> datetime | None:
    """A moment that a page has sent along; None where it is none."""
    try:
        return paging.moment(text)
    except ValueError:
        return None


def _day(line: Line) -> date:
    return timezone.localtime(line.at).date()


def _in_words(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return day_in_words(day)
