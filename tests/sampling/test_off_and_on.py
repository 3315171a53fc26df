"""Rules that are switched off and on again; and holders who can't review any more."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from qa import tasks
from qa.notices.models import Notice
from qa.organizations.calendar import UTC_CALENDAR
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.sampling.models import Pick
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.sampling.test_assigning import assign, holders, rule_for
from tests.sampling.test_rules import NOT_ANSWERED, call, made, picked, switch, would
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def manager(signed_in: SignIn, mona: Membership) -> Client:
    return signed_in(mona)


def test_a_targeted_rule_finds_what_lies_behind_it_after_it_was_on_for_what_comes(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    rule = made(manager, mona, "missed_anger")
    angry = {call(larkfield, external_id=f"c-{n}", turns=NOT_ANSWERED).pk for n in range(3)}
    switch(manager, mona, rule, "now")
    switch(manager, mona, rule, "off")
    assert would(mona, rule) == angry
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == angry
    switch(manager, mona, rule, "off")
    assert would(mona, rule) == set(), "what it has picked is not picked again"


def test_a_weekly_number_draws_a_week_in_which_it_was_off_for_a_moment(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    rule = made(manager, mona, "number", per_week="3")
    for n in range(5):
        call(larkfield, external_id=f"c-{n}")
    switch(manager, mona, rule, "now")
    switch(manager, mona, rule, "off")
    switch(manager, mona, rule, "back")
    later = timezone.now() + timedelta(weeks=1, days=1)
    with patch("qa.sampling.actions.timezone.now", return_value=later):
        tasks.draw(str(larkfield.pk))
    with tenant(larkfield.pk):
        drawn = Pick.objects.visible_to(System(larkfield.pk)).filter(rule=rule)
        assert [pick.probability for pick in drawn] == [0.6] * 3
        assert {UTC_CALENDAR.week_at(pick.interaction.received_at) for pick in drawn} == {
            UTC_CALENDAR.week_at(timezone.now())
        }


def test_who_becomes_an_agent_gives_back_what_waits_for_them(
    signed_in: SignIn, mona: Membership, ada: Membership, dana: Membership, sam: Membership
) -> None:
    larkfield = mona.organization
    rule_for(signed_in(mona), mona, [dana, sam])
    for n in range(4):
        call(larkfield, external_id=f"c-{n}")
    with tenant(larkfield.pk):
        other = Agent.objects.create(organization=larkfield, external_id="a-9", name="Sam")
    saved = signed_in(ada).post(
        address("settings-member", ada, pk=sam.pk), {"role": Role.AGENT, "agent": str(other.pk)}
    )
    assert saved.status_code == 302
    assert sorted(map(str, holders(larkfield).values())) == sorted(
        [str(dana.pk)] * 2 + ["None"] * 2
    )


def test_the_clock_gives_back_what_waits_for_an_agent_too(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    interaction = call(larkfield)
    assign(manager, mona, [interaction], dana)
    with tenant(larkfield.pk):
        Membership.objects.visible_to(mona).filter(pk=dana.pk).update(role=Role.AGENT)
    tasks.remind()
    assert set(holders(larkfield).values()) == {None}


def test_one_notice_says_how_many_wait_by_now_and_is_mailed_again(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    def notices() -> list[tuple[int, bool]]:
        with tenant(larkfield.pk):
            rows = Notice.objects.visible_to(dana).filter(kind=Notice.Kind.ASSIGNED)
            return [(row.facts["number"], row.mailed_at is not None) for row in rows]

    calls = [call(larkfield, external_id=f"c-{n}") for n in range(8)]
    assign(manager, mona, calls[:1], dana)
    assert notices() == [(1, False)]
    with tenant(larkfield.pk):
        Notice.objects.visible_to(dana).update(mailed_at=timezone.now())
    assign(manager, mona, calls[1:], dana)
    assert notices() == [(8, False)]


def test_whoever_gets_something_by_a_rule_is_told(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    rule_for(manager, mona, [dana])
    for n in range(3):
        call(larkfield, external_id=f"c-{n}")
    with tenant(larkfield.pk):
        (notice,) = Notice.objects.visible_to(dana).filter(kind=Notice.Kind.ASSIGNED)
        assert notice.facts["number"] == 3
        assert Interaction.objects.visible_to(dana).count() == 3
