"""Which days, team, channel and agent a page is about, and the address of the moments behind it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qa.core.dates import written
from qa.organizations.calendar import UTC_CALENDAR, Calendar
from transcripts.filters import NOBODY

PERIODS = {
    "4w": (gettext_lazy("4 weeks"), 28),
    "12w": (gettext_lazy("12 weeks"), 84),
    "year": (gettext_lazy("Year"), 364),
}
# Named stretches of the organization's calendar: on a chip, and within a sentence.
PRESETS = {
    "week": (gettext_lazy("This week"), gettext_lazy("this week")),
    "month": (gettext_lazy("Last month"), gettext_lazy("last month")),
    "quarter": (gettext_lazy("This quarter"), gettext_lazy("this quarter")),
}
DEFAULT_PERIOD = "12w"
LONGEST = 732
WEEK = 7
MOST_DAYS = 35


def preset_days(preset: str, calendar: Calendar) -> tuple[date, date]:
    """The first and the last day of a named stretch; one that still runs ends today."""
    today = calendar.today()
    if preset == "week":
        return calendar.week_of(today), today
    if preset == "month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return today.replace(month=today.month - (today.month - 1) % 3, day=1), today


@dataclass(frozen=True, slots=True)
class Bin:
    """Days that a chart shows as one point."""

    start: date
    end: date

    @property
    def label(self) -> str:
        first, last = written(self.start, "j M"), written(self.end, "j M")
        if first == last:
            return first
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


@dataclass(frozen=True, slots=True)
class Scope:
    """A period (both days in) and what the numbers are narrowed to; empty means all.

    Days and weeks are the organization's.
    """

    start: date
    end: date
    period: str = ""
    team: str = ""
    channel: str = ""
    agent: str = ""
    calendar: Calendar = UTC_CALENDAR

    @classmethod
    def of_period(cls, period: str, today: date, **narrowed: Any) -> Self:
        """A named period that ends today."""
        days = PERIODS[period][1]
        return cls(today - timedelta(days=days - 1), today, period, **narrowed)

    @classmethod
    def of_preset(cls, preset: str, calendar: Calendar, **narrowed: Any) -> Self:
        """A stretch of the calendar by its name: this week, last month, this quarter."""
        start, end = preset_days(preset, calendar)
        return cls(start, end, preset, calendar=calendar, **narrowed)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Scope":
        """Return the scope of as many days just before this one."""
        length = timedelta(days=self.days)
        return replace(self, start=self.start - length, end=self.end - length)

    @property
    def words(self) -> str:
        """ "12 weeks", "18 days"."""
        if self.period == "year":
            return _("12 months")
        if self.period in PRESETS:
            return str(PRESETS[self.period][0])
        if self.period:
            return str(PERIODS[self.period][0])
        return ngettext("%(n)s day", "%(n)s days", self.days) % {"n": self.days}

    @property
    def phrase(self) -> str:
        """ "the last 12 weeks", "the selected 18 days"."""
        if self.period in PRESETS:
            return str(PRESETS[self.period][1])
        if self.period:
            return _("the last %(period)s") % {"period": self.words}
        return ngettext("the selected %(n)s day", "the selected %(n)s days", self.days) % {
            "n": self.days
        }

    def condition(self) -> Q:
        """Rows of the daily tables."""
        found = Q(day__gte=self.start, day__lte=self.end)
        for name, value in (("team", self.team), ("agent", self.agent)):
            if value == NOBODY:
                found &= Q(**{f"{name}__isnull": True})
            elif value:
                found &= Q(**{f"{name}_id": value})
        return found & Q(channel=self.channel) if self.channel else found

    def query(self, **more: str) -> str:
        """The query string with which the page of moments shows what is counted here."""
        values = {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "team": self.team,
            "channel": self.channel,
            "agent": self.agent,
            **more,
        }
        return urlencode({name: value for name, value in values.items() if value})

    def bins(self, by: str) -> list[Bin]:
        """The period in days, or in weeks, of which the first and the last may be cut short."""
        if by == "day" and self.days <= MOST_DAYS:
            days = [self.start + timedelta(days=n) for n in range(self.days)]
            return [Bin(day, day) for day in days]
        first = self.calendar.week_of(self.start)
        weeks = [first + timedelta(days=n) for n in range(0, (self.end - first).days + 1, WEEK)]
        last = timedelta(days=WEEK - 1)
        return [Bin(max(day, self.start), min(day + last, self.end)) for day in weeks]
