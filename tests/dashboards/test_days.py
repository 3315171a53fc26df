"""Figures are counted by the organization's days and weeks, whoever reads them."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qa import tasks
from qa.dashboards import actions as dashboards
from qa.dashboards import days
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.dashboards.scope import Scope
from qa.organizations import setup
from qa.organizations.calendar import Calendar, calendar_of
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.dashboards.test_rebuild import review, submit, tables
from tests.organizations.steps import at, text_of
from tests.several import make_handed_over
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def counted_days(organization: Organization, model: Any = DailyMoments) -> set[date]:
    with tenant(organization.id):
        rows = model.objects.visible_to(System(organization.id))
        field = "count" if model is DailyMoments else "interactions"
        return set(rows.exclude(**{field: 0}).values_list("day", flat=True))


def joined_rows(organization: Organization) -> set[Any]:
    with tenant(organization.id):
        rows = DailyInteractions.objects.visible_to(System(organization.id)).exclude(joined=0)
        return set(
            rows.values_list("day", "agent", "team", "joined", "joined_scorable", "joined_reviewed")
        )


def move(organization: Organization, by: Membership, zone: str) -> None:
    with tenant(organization.id):
        setup.set_up(by=by, time_zone=zone)
    tasks.recount(str(organization.id))
    with tenant(organization.id):
        by.organization.refresh_from_db()
        organization.refresh_from_db()


def test_a_call_late_at_night_counts_on_its_own_day(
    larkfield: Organization, ada: Membership, signed_in: SignIn
) -> None:
    early = make_interaction(larkfield, started_at="2026-07-01T22:30:00Z")
    assert counted_days(larkfield) == {date(2026, 7, 1)}
    move(larkfield, ada, "Asia/Tokyo")
    assert counted_days(larkfield) == counted_days(larkfield, DailyInteractions)
    assert counted_days(larkfield) == {date(2026, 7, 2)}
    make_interaction(larkfield, started_at="2026-07-03T22:30:00Z", external_id="later")
    assert counted_days(larkfield) == {date(2026, 7, 2), date(2026, 7, 4)}
    browser = signed_in(ada)
    for page, hits in (
        ("?from=2026-07-02&to=2026-07-02", 1),
        ("?from=2026-07-01&to=2026-07-01", 0),
    ):
        list_ = text_of(browser.get(at(larkfield, "interactions") + page))
        assert (str(early.pk) in list_) == bool(hits)
        moments = browser.get(at(larkfield, "moments") + page).context
        assert bool(moments["counted"]) == bool(moments["moments"]) == bool(hits)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("seed", [1, 2])
def test_counting_anew_equals_a_rebuild(
    larkfield: Organization, ada: Membership, dana: Membership, seed: int
) -> None:
    chance = random.Random(seed)
    for number in range(8):
        kept = submit(larkfield, chance, number)
        if chance.random() < 0.5:
            review(kept, dana, chance)
    move(larkfield, ada, chance.choice(["Pacific/Auckland", "America/New_York"]))
    moved = tables(larkfield)
    with tenant(larkfield.id):
        assert not days.recount(by=System(larkfield.id))  # once is enough
        dashboards.rebuild(by=System(larkfield.id))
    assert tables(larkfield) == moved


def test_all_agents_of_a_call_are_counted_anew(
    larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    make_handed_over(larkfield, started_at="2026-07-01T22:30:00Z", external_id="one")
    reviewed = make_handed_over(larkfield, started_at="2026-07-01T21:30:00Z", external_id="two")
    make_review(dana, reviewed, confirmed=True)
    move(larkfield, ada, "Europe/Paris")
    moved, joined = tables(larkfield), joined_rows(larkfield)
    assert {row[0] for row in joined} == {date(2026, 7, 1), date(2026, 7, 2)}
    with tenant(larkfield.id):
        dashboards.rebuild(by=System(larkfield.id))
    assert (tables(larkfield), joined_rows(larkfield)) == (moved, joined)


def test_until_it_is_counted_anew_all_figures_keep_their_days(
    larkfield: Organization, ada: Membership
) -> None:
    make_interaction(larkfield, started_at="2026-07-01T22:30:00Z")
    with tenant(larkfield.id):
        setup.set_up(by=ada, time_zone="Asia/Tokyo")
        assert str(calendar_of(System(larkfield.id)).zone) == "UTC"
    make_interaction(larkfield, started_at="2026-07-02T22:30:00Z", external_id="meanwhile")
    assert counted_days(larkfield) == {date(2026, 7, 1), date(2026, 7, 2)}
    named: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks.dispatch, "enqueue_recount", lambda pk: named.append(pk) or True)
        tasks.sweep()
    assert named == [larkfield.id]
    tasks.recount(str(larkfield.id))
    assert counted_days(larkfield) == {date(2026, 7, 2), date(2026, 7, 3)}


def test_a_members_own_zone_moves_no_figure(
    larkfield: Organization, ada: Membership, signed_in: SignIn
) -> None:
    make_interaction(larkfield, started_at="2026-07-01T22:30:00Z")
    with tenant(larkfield.id):
        setup.set_own_preferences(by=ada, time_zone="Asia/Tokyo", language="")
    page = at(larkfield, "dashboard") + "?from=2026-07-01&to=2026-07-01"
    assert signed_in(ada).get(page).context["overview"].work.interactions == 1


@pytest.mark.parametrize(("first", "starts"), [(0, ["1", "5", "12"]), (6, ["1", "4", "11"])])
def test_weeks_of_a_chart_begin_on_the_organizations_day(first: int, starts: list[str]) -> None:
    calendar = Calendar(timezone.get_default_timezone(), first)
    scope = Scope(date(2026, 10, 1), date(2026, 10, 14), calendar=calendar)
    bins = scope.bins("week")
    assert [str(bin_.start.day) for bin_ in bins] == starts
    assert bins[-1].end == scope.end
    for before, after in pairwise(bins):
        assert after.start == before.end + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "nights"),
    [
        ("Europe/Dublin", {"2026-10-24T22:30": 24, "2026-10-25T23:30": 25, "2026-10-25T00:30": 25}),
        (
            "America/New_York",
            {"2026-11-01T03:30": 31, "2026-11-02T04:30": 1, "2026-11-01T05:30": 1},
        ),
    ],
)
def test_on_the_nights_that_clocks_change_the_database_counts_as_filters_do(
    larkfield: Organization, ada: Membership, signed_in: SignIn, zone: str, nights: dict[str, int]
) -> None:
    calls = {
        make_interaction(larkfield, started_at=f"{moment}:00Z", external_id=moment).pk: day
        for moment, day in nights.items()
    }
    move(larkfield, ada, zone)
    assert sorted(day.day for day in counted_days(larkfield)) == sorted(set(nights.values()))
    browser, calendar = signed_in(ada), calendar_of(ada)
    for day in counted_days(larkfield):
        page = at(larkfield, "interactions") + f"?from={day}&to={day}"
        shown = text_of(browser.get(page))
        assert {pk for pk in calls if str(pk) in shown} == {
            pk for pk, of_day in calls.items() if of_day == day.day
        }
        assert calendar.day_of(calendar.midnight(day)) == day
