"""How people read: the language, the time zone, the first day of a week. Columns and choices."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext_lazy as _

# The others of the IANA list are other names of these, or no places.
REGIONS: Final = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)


class WeekStart(models.IntegerChoices):
    """On which day an organization's weeks begin, as Python counts weekdays."""

    MONDAY = 0, _("Monday")
    SUNDAY = 6, _("Sunday")
    SATURDAY = 5, _("Saturday")


class PersonalPreferences(models.Model):
    """A person's own choice, in every organization; empty: as the organization has it."""

    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    language = models.CharField(max_length=8, blank=True, default="", db_default="")

    class Meta:
        abstract = True


class SharedPreferences(models.Model):
    """What an organization's people read: times in this zone, weeks from this day.

    In this language, or, without one, in that of each browser.
    """

    time_zone = models.CharField(max_length=64, default="UTC", db_default="UTC")
    week_start = models.PositiveSmallIntegerField(
        choices=WeekStart, default=WeekStart.MONDAY, db_default=0
    )
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    # The zone whose days figures are counted by: another one until a worker has counted anew.
    days_zone = models.CharField(max_length=64, default="UTC", db_default="UTC", editable=False)
    logo_version = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        abstract = True


@cache
def time_zones() -> tuple[str, ...]:
    """Every time zone that can be chosen, by its IANA name."""
    places = (name for name in available_timezones() if name.partition("/")[0] in REGIONS)
    return ("UTC", *sorted(places))


def grouped_time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones as a list of choices, by region."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in time_zones()[1:]:
        region, _slash, place = name.partition("/")
        regions.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", [("UTC", "UTC")]), *regions.items()]
