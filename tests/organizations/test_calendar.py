"""Days and weeks of an organization, on the nights when clocks change too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from qa.coaching.queries import home
from qa.inbox.digests import period_start
from qa.notices.models import Digest
from qa.organizations.calendar import Calendar
from qa.organizations.models import Membership, Organization
from qa.tenancy.context import tenant
from tests.world import make_interaction

DUBLIN = Calendar(ZoneInfo("Europe/Dublin"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"), first_weekday=6)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("calendar", "day", "hours"),
    [
        (DUBLIN, date(2026, 3, 29), 23),
        (DUBLIN, date(2026, 10, 25), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        (Calendar(ZoneInfo("America/Havana")), date(2026, 3, 8), 23),  # midnight itself is skipped
        (DUBLIN, date(2026, 7, 1), 24),
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(calendar: Calendar, day: date, hours: int) -> None:
    begins, ends = calendar.midnight(day), calendar.midnight(day + timedelta(days=1))
    moments = [begins.astimezone(UTC) + n * HOUR for n in range(hours)]
    assert ends.astimezone(UTC) == moments[-1] + HOUR
    assert {calendar.day_of(moment) for moment in moments} == {day}


def test_half_past_eleven_at_night_is_the_day_before() -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert DUBLIN.day_of(late) == date(2026, 7, 1)
    assert NEW_YORK.day_of(datetime(2026, 11, 2, 4, 30, tzinfo=UTC)) == date(2026, 11, 1)
    assert Calendar(ZoneInfo("Asia/Tokyo")).day_of(late) == date(2026, 7, 2)


@pytest.mark.parametrize(("first", "begins"), [(0, 23), (6, 29), (5, 28)])
def test_a_week_begins_on_the_day_chosen(first: int, begins: int) -> None:
    calendar = Calendar(UTC, first)
    sunday = date(2026, 11, 29)
    assert calendar.week_of(sunday) == date(2026, 11, begins)
    assert calendar.week_of(date(2026, 11, begins)) == date(2026, 11, begins)


def test_a_week_with_a_long_night_still_begins_at_midnight() -> None:
    sunday = NEW_YORK.midnight(date(2026, 11, 1))
    assert NEW_YORK.week_at(sunday) == date(2026, 11, 1)
    assert NEW_YORK.week_at(sunday - timedelta(seconds=1)) == date(2026, 10, 25)
    saturday = NEW_YORK.midnight(date(2026, 11, 8)) - timedelta(seconds=1)
    assert NEW_YORK.week_at(saturday) == date(2026, 11, 1)


def test_a_digests_day_begins_at_its_hour_on_the_organizations_clocks() -> None:
    five, six = (datetime(2026, 7, 6, hour, 30, tzinfo=UTC) for hour in (4, 5))
    assert period_start(Digest.DAILY, five, DUBLIN) == date(2026, 7, 5)  # 05:30 in Dublin
    assert period_start(Digest.DAILY, six, DUBLIN) == date(2026, 7, 6)
    assert period_start(Digest.WEEKLY, five, DUBLIN) == date(2026, 6, 29)
    assert period_start(Digest.WEEKLY, six, DUBLIN) == date(2026, 7, 6)
    assert period_start(Digest.WEEKLY, six, NEW_YORK) == date(2026, 7, 5)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_night_that_clocks_change_has_one_digest(night: date) -> None:
    midnight = DUBLIN.midnight(night).astimezone(UTC)
    starts = [period_start(Digest.DAILY, midnight + n * HOUR / 4, DUBLIN) for n in range(60)]
    assert starts == sorted(starts)
    assert set(starts) == {night - timedelta(days=1), night}


def test_an_agents_week_is_the_organizations(
    larkfield: Organization, alex: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 30, 9, tzinfo=UTC)  # a Monday
    monkeypatch.setattr("qa.coaching.queries.timezone.now", lambda: now)
    make_interaction(larkfield, started_at="2026-11-29T10:00:00Z", external_id="on Sunday")
    with tenant(larkfield.id):
        alex.organization.week_start = 0
        begun = home(alex, QueryDict())
        assert (begun.week.feelings > 0, begun.week_before.feelings > 0) == (False, True)
        alex.organization.week_start = 6
        begun = home(alex, QueryDict())
        assert (begun.week.feelings > 0, begun.week_before.feelings > 0) == (True, False)
