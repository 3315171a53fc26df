"""Rules that a manager composes: conditions, limits, random draws; said in one sentence."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations.models import Agent, Membership, Organization, Team
from qa.sampling import actions as sampling
from qa.sampling.models import Pick, Rule
from qa.sampling.previews import preview
from qa.sampling.simulation import simulate
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.sampling.test_rules import NOT_ANSWERED, call, made, picked, switch, would
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def manager(signed_in: SignIn, mona: Membership) -> Client:
    return signed_in(mona)


def composed(client: Client, by: Membership, name: str = "Mine", **values: Any) -> UUID:
    return made(client, by, "composed", **{"name": name, "drawing": "arrival", **values})


def agent_id(by: Membership, known: str) -> str:
    with tenant(by.organization_id):
        return str(Agent.objects.visible_to(by).get(external_id=known).pk)


def test_every_condition_narrows_and_all_must_hold(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    angry = call(
        larkfield, "a-9", external_id="angry", turns=NOT_ANSWERED, channel="chat",
        metadata={"queue": "returns", "vip": True}, language="en-GB",
    )  # fmt: skip
    other = call(larkfield, external_id="other", metadata={"queue": ["sales", "web"], "tier": 2})
    with tenant(larkfield.pk):
        Interaction.objects.visible_to(mona).filter(pk=angry.pk).update(duration_s=600)
        scores = dict(Interaction.objects.visible_to(mona).values_list("pk", "prescores__score"))
    cases: list[tuple[dict[str, Any], set[UUID]]] = [
        ({}, {angry.pk, other.pk}),
        ({"agents": [agent_id(mona, "a-9")]}, {angry.pk}),
        ({"agents": [agent_id(mona, "a-9"), agent_id(mona, "a-1")]}, {angry.pk, other.pk}),
        ({"channels": ["chat"]}, {angry.pk}),
        ({"metadata": "queue = returns, refunds"}, {angry.pk}),
        ({"metadata": "queue = returns, web"}, {angry.pk, other.pk}),
        ({"metadata": "vip = true\nqueue = returns"}, {angry.pk}),
        ({"metadata": "vip = true\nqueue = web"}, set()),
        ({"metadata": "tier = 2"}, {other.pk}),
        ({"metadata": "nowhere = 1"}, set()),
        ({"languages": "en, fr"}, {angry.pk}),
        ({"languages": "de, en-GB"}, {angry.pk}),
        ({"words": "outrageous"}, {angry.pk}),
        ({"turns_from": "7"}, set()),
        ({"minutes_from": "5", "minutes_to": "10"}, {angry.pk}),
        ({"emotions": ["anger"], "outcomes": ["missed"]}, {angry.pk}),
        ({"outcomes": ["dismissed"]}, set()),
        ({"emotions": ["anger"], "outcomes": ["missed"], "certainty_from": "100"}, set()),
        ({"score_to": "0"}, {pk for pk, score in scores.items() if score == 0}),
        ({"new_days": "30"}, {angry.pk, other.pk}),
        ({"channels": ["chat"], "words": "lizard"}, set()),
    ]
    for n, (values, expected) in enumerate(cases):
        assert would(mona, composed(manager, mona, f"R{n}", **values)) == expected, values


def test_a_rule_reads_as_one_sentence(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, "a-9", external_id="c-1", team="Billing")
    with tenant(larkfield.pk):
        billing = Team.objects.visible_to(mona).get(name="Billing")
    rule = composed(
        manager, mona, channels=["call"], teams=[str(billing.pk)],
        agents=[agent_id(mona, "a-9")], metadata="queue = returns, refunds", score_to="40",
        emotions=["anger"], outcomes=["missed", "dismissed"], certainty_from="50",
        drawing="week", per_week="2", in_week="10",
    )  # fmt: skip
    shown = manager.get(address("sampling-rule", mona, pk=rule)).content.decode()
    assert (
        "After each week ends, picks at random from all calls from Billing, by a-9, "
        "where queue is “returns” or “refunds”, with a pre-score of at most 40, "
        "with a moment of Anger whose outcome is Missed or Dismissed that the pre-score is at "
        "least 50 % sure of, at most 2 per agent per week and 10 per week in total."
    ) in shown
    form = manager.get(address("sampling-edit", mona, pk=rule)).content.decode()
    assert "queue = returns, refunds" in form
    assert f'value="{agent_id(mona, "a-9")}" selected' in form


def test_limits_hold_as_conversations_come_and_when_a_rule_looks_back(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    for agent in ("a-1", "a-2"):
        for n in range(4):
            call(larkfield, agent, external_id=f"{agent}-{n}", team="Care")
    rule = composed(manager, mona, per_week="2", per_team="3")
    expected = would(mona, rule)
    assert len(expected) == 3
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == expected
    call(larkfield, "a-2", external_id="more", team="Care")
    assert picked(mona, rule) == expected, "the team has its three"
    other = call(larkfield, "a-3", external_id="else", team="Sales")
    assert picked(mona, rule) == expected | {other.pk}
    with tenant(larkfield.pk):
        assert not Pick.objects.visible_to(mona).random().exists()


def test_limits_in_total_by_day_and_by_week(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    calls = [call(larkfield, f"a-{n}", external_id=f"c-{n}") for n in range(6)]
    with tenant(larkfield.pk):
        rows = Interaction.objects.visible_to(mona)
        week = timezone.now() - timedelta(weeks=1)
        rows.filter(pk__in=[one.pk for one in calls[:3]]).update(received_at=week)
    assert len(would(mona, composed(manager, mona, "day", per_day="1"))) == 2
    assert len(would(mona, composed(manager, mona, "week", in_week="2"))) == 4


def test_a_share_of_what_fits_is_drawn_and_looked_at_once(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    for n in range(8):
        call(larkfield, external_id=f"c-{n}")
    rule = composed(manager, mona, percent="50")
    expected = would(mona, rule)
    assert len(expected) == 4
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == expected
    switch(manager, mona, rule, "off")
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == expected


def test_a_weekly_draw_is_random_within_limits_and_as_simulated(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    for agent in ("a-1", "a-2"):
        for n in range(5):
            call(larkfield, agent, external_id=f"{agent}-{n}")
    with tenant(larkfield.pk):
        before = timezone.now() - timedelta(weeks=1)
        Interaction.objects.visible_to(mona).update(received_at=before, started_at=before)
    rule = composed(manager, mona, drawing="week", per_week="2", in_week="3")
    expected = would(mona, rule)
    assert len(expected) == 3
    with tenant(larkfield.pk):
        found = simulate(Rule.objects.visible_to(mona).get(pk=rule), by=mona)
    assert {row.interaction.pk for row in found.rows} == expected
    assert max(Counter(row.interaction.agent_id for row in found.rows).values()) == 2
    assert list(found.total.weeks) == [0, 0, 0, 3]
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == expected
    tasks.sweep()
    assert picked(mona, rule) == expected


def test_what_can_never_fit_or_is_not_known_is_refused_in_words(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, external_id="c-1")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"score_from": "60", "score_to": "40"}, "nothing can match"),
        ({"turns_from": "9", "turns_to": "3"}, "nothing can match"),
        ({"certainty_from": "90", "certainty_to": "10"}, "nothing can match"),
        ({"turns_to": "0"}, "No conversation is that short"),
        ({"score_to": "101"}, "less than or equal to 100"),
        ({"agents": [str(mona.pk)]}, "not one of the available"),
        ({"agents": ["nobody"]}, "not one of the available"),
        ({"metadata": "queue"}, "Write each field as key = value"),
        ({"metadata": "queue = a\nqueue = b"}, "is named twice"),
        ({"languages": "English, de"}, "a language code"),
        ({"words": "?!"}, "at least one word"),
        ({"drawing": "week"}, "Set a share or a maximum"),
        ({"percent": "0"}, "greater than or equal to 0.1"),
        ({"per_day": "0"}, "greater than or equal to 1"),
        ({"emotions": ["joyless"]}, "not one of the available"),
    ]
    good = {"name": "x", "priority": 2, "assignment": "shared", "return_days": 3}
    for values, words in cases:
        sent = {**good, "drawing": "arrival", **values}
        answer = manager.post(f"{address('sampling-new', mona)}?kind=composed", sent)
        assert answer.status_code == 422, values
        assert words in answer.content.decode(), values
    with tenant(larkfield.pk):
        assert not Rule.objects.visible_to(mona).exists()


def test_a_custom_rule_starts_from_a_fixed_one(manager: Client, mona: Membership) -> None:
    kinds = manager.get(address("sampling-new", mona)).content.decode()
    assert "?kind=composed&amp;start=missed_anger" in kinds
    form = manager.get(f"{address('sampling-new', mona)}?kind=composed&start=missed_anger")
    assert 'value="anger" id="id_emotions_1" checked' in form.content.decode()
    unknown = manager.get(f"{address('sampling-new', mona)}?kind=composed&start=nonsense")
    assert unknown.status_code == 200


def test_changes_of_conditions_are_audited_and_shown_in_words(
    manager: Client, signed_in: SignIn, mona: Membership, ada: Membership
) -> None:
    rule = composed(manager, mona, words="refund")
    sent = {"name": "Mine", "priority": 2, "assignment": "shared", "return_days": 3}
    sent |= {"drawing": "arrival", "languages": "de"}
    edit = address("sampling-edit", mona, pk=rule)
    assert manager.post(edit, sent).status_code == 302
    with tenant(mona.organization_id):
        event = AuditEvent.objects.visible_to(mona).get(action="rule.changed")
        assert event.data["changes"]["conditions"] == [
            '{"words": "refund"}', '{"languages": ["de"]}',
        ]  # fmt: skip
    trail = " ".join(signed_in(ada).get(address("settings-audit", ada)).content.decode().split())
    assert "in the language de" in trail


def test_agents_that_become_one_are_one_in_rules_too(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, "a-8", external_id="c-1")
    call(larkfield, "a-9", external_id="c-2")
    rule = composed(manager, mona, agents=[agent_id(mona, "a-8"), agent_id(mona, "a-9")])
    with tenant(larkfield.pk):
        agents = Agent.objects.visible_to(mona)
        kept = agents.get(external_id="a-8")
        sampling.merge_agents(agents.get(external_id="a-9"), into=kept, by=System(larkfield.pk))
        found = Rule.objects.visible_to(mona).get(pk=rule)
        assert found.conditions == {"agents": [str(kept.pk)]}
        assert preview(found, by=mona).picked == 1
