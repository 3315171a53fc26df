"""An organization's days and weeks: what figures, filters and draws go by. Never one member's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from qa.organizations.models import Organization
from qa.tenancy.base import Actor, TenantModel


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time zone, and the day on which weeks begin (0 is Monday, as Python counts)."""

    zone: tzinfo
    first_weekday: int = 0

    def day_of(self, moment: datetime) -> date:
        """The day on which it happened, here."""
        return moment.astimezone(self.zone).date()

    def today(self) -> date:
        return self.day_of(timezone.now())

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins: an hour late where clocks skip midnight itself."""
        return datetime.combine(day, time(), self.zone)

    def week_of(self, day: date) -> date:
        """The first day of this day's week."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)

    def week_at(self, moment: datetime) -> date:
        """The first day of the week in which it happened."""
        return self.week_of(self.day_of(moment))


UTC_CALENDAR: Final = Calendar(UTC)


def of(organization: Organization) -> Calendar:
    """The calendar by which this organization's figures are counted."""
    return Calendar(ZoneInfo(organization.days_zone), organization.week_start)


def calendar_of(by: Actor) -> Calendar:
    """The calendar of the actor's organization."""
    if isinstance(by, TenantModel):
        return of(by.organization)
    return of(Organization.objects.visible_to(by).get())
