"""Rules as a manager makes them: what they would pick is what they pick."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import pipeline, tasks
from qa.audit.models import AuditEvent
from qa.disputes import actions as disputes
from qa.organizations.models import Membership, Organization, Team
from qa.reviews.assignment import assign
from qa.reviews.policy import set_policy
from qa.sampling.models import Pick, QueueEntry, Rule
from qa.sampling.previews import preview
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.calibration.steps import text_of
from tests.reviews.steps import address
from tests.world import ANGRY_CALL, make_interaction, make_review
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
NOT_ANSWERED: list[dict[str, Any]] = [
    {"role": "agent", "text": "Larkfield, what is it about?"},
    {"role": "customer", "text": "I am furious! This is outrageous, I am so angry with you!"},
    {"role": "agent", "text": "Your account number, please."},
    {"role": "customer", "text": "It is 5521."},
    {"role": "agent", "text": "The parcel leaves on Monday."},
    {"role": "customer", "text": "Right."},
]
ONE_SIDE = [{"role": "agent", "text": "Thank you for calling, how can I help you today?"}] * 6


def call(organization: Organization, agent: str = "a-1", **more: Any) -> Interaction:
    named = {"external_id": agent, "name": agent, "team": more.pop("team", "Billing")}
    known = more.pop("external_id", f"{agent}-{timezone.now().timestamp()}")
    return make_interaction(organization, agent=named, external_id=known, **more)


def made(client: Client, by: Membership, kind: str, **values: Any) -> UUID:
    """A new rule, through its form; switched off."""
    sent = {"name": kind, "priority": 2, "assignment": "shared", "return_days": 3, **values}
    answer = client.post(f"{address('sampling-new', by)}?kind={kind}", sent)
    assert answer.status_code == 302, answer.content.decode()
    return UUID(answer["Location"].rstrip("/").rpartition("/")[2])


def switch(client: Client, by: Membership, pk: UUID, to: str, waiting: str = "") -> Any:
    """Turn a rule on or off; what waits is let go, or in, unless the test says otherwise."""
    waiting = waiting or ("let_in" if to == "off" else "let_go")
    answer = client.post(address("sampling-switch", by, pk=pk), {"to": to, "waiting": waiting})
    tasks.draw(str(by.organization_id))
    return answer


def would(by: Membership, pk: UUID) -> set[UUID]:
    with tenant(by.organization_id):
        found = preview(Rule.objects.visible_to(by).get(pk=pk), by=by)
        assert found.picked == len(found.rows) <= found.seen
        return {row.interaction.pk for row in found.rows}


def picked(by: Membership, pk: UUID) -> set[UUID]:
    with tenant(by.organization_id):
        rows = Pick.objects.visible_to(by).filter(rule=pk)
        return set(rows.values_list("interaction_id", flat=True))


def in_queue(client: Client, by: Membership, interaction: Interaction) -> bool:
    return f"row-{interaction.pk}" in client.get(address("queue", by)).content.decode()


@pytest.fixture
def manager(signed_in: SignIn, mona: Membership) -> Client:
    return signed_in(mona)


def test_a_share_is_drawn_of_every_agent_and_kept_with_its_probability(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    for agent in ("a-1", "a-2"):
        for n in range(6):
            call(larkfield, agent, external_id=f"{agent}-{n}")
    rule = made(manager, mona, "share", percent="50")
    shown = manager.get(address("sampling-rule", mona, pk=rule)).content.decode()
    assert "this rule would pick <strong>6</strong>" in shown
    expected = would(mona, rule)
    assert picked(mona, rule) == set()
    assert switch(manager, mona, rule, "back").status_code == 302
    assert picked(mona, rule) == expected
    with tenant(larkfield.pk):
        rows = Pick.objects.visible_to(mona).filter(rule=rule)
        agents = Counter(rows.values_list("interaction__agent__external_id", flat=True))
        assert agents == {"a-1": 3, "a-2": 3}
        assert set(rows.values_list("probability", flat=True)) == {0.5}
        assert Pick.objects.visible_to(mona).random().count() == 6
    assert manager.get(address("queue", mona)).content.decode().count('<th scope="row"') == 6


def test_drawing_again_picks_nothing_twice_and_what_comes_later_is_looked_at(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    for n in range(4):
        call(larkfield, external_id=f"c-{n}")
    rule = made(manager, mona, "share", percent="50")
    switch(manager, mona, rule, "back")
    first = picked(mona, rule)
    assert len(first) == 2
    tasks.draw(str(larkfield.pk))
    tasks.sweep()
    assert picked(mona, rule) == first
    later = [call(larkfield, external_id=f"d-{n}") for n in range(4)]
    assert len(picked(mona, rule)) == 4
    switch(manager, mona, rule, "off")
    call(larkfield, external_id="e-1")
    assert len(picked(mona, rule)) == 4
    switch(manager, mona, rule, "back")
    after = picked(mona, rule)
    assert len(after & {interaction.pk for interaction in later}) == 2, (
        "nothing is looked at a second time"
    )


def test_from_now_on_leaves_what_is_here_alone(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    before = call(larkfield, external_id="c-1")
    rule = made(manager, mona, "share", percent="100")
    switch(manager, mona, rule, "now")
    after = call(larkfield, external_id="c-2")
    assert picked(mona, rule) == {after.pk}
    assert not in_queue(manager, mona, before)
    assert in_queue(manager, mona, after)


def test_a_number_of_each_agent_is_drawn_when_the_week_is_over(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    calls = [call(larkfield, a, external_id=f"{a}-{n}") for a in ("a-1", "a-2") for n in range(5)]
    rule = made(manager, mona, "number", per_week="2")
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == set(), "this week is not over"
    with tenant(larkfield.pk):
        last_week = timezone.now() - timedelta(days=7)
        Interaction.objects.visible_to(mona).filter(
            pk__in=[interaction.pk for interaction in calls]
        ).update(received_at=last_week)
        Rule.objects.visible_to(mona).update(drawn_to=last_week.date() - timedelta(days=14))
    tasks.sweep()
    assert len(picked(mona, rule)) == 4
    with tenant(larkfield.pk):
        rows = Pick.objects.visible_to(mona).filter(rule=rule)
        agents = Counter(rows.values_list("interaction__agent__external_id", flat=True))
        assert agents == {"a-1": 2, "a-2": 2}
        assert set(rows.values_list("probability", flat=True)) == {0.4}
    tasks.sweep()
    assert len(picked(mona, rule)) == 4


def test_each_targeted_rule_picks_what_it_says(
    manager: Client, mona: Membership, dana: Membership, alex: Membership, larkfield: Organization
) -> None:
    calm = call(larkfield, external_id="calm")
    angry = call(larkfield, "a-9", external_id="angry", turns=NOT_ANSWERED)
    unfit = call(larkfield, "a-9", external_id="unfit", turns=ONE_SIDE)
    review = make_review(dana, calm, confirmed=True)
    with tenant(larkfield.pk):
        disputes.open_dispute(review, by=alex, target="answer:let_finish", words="I did.")
        late = Interaction.objects.visible_to(mona)
        late.filter(pk=calm.pk).update(started_at=timezone.now() - timedelta(days=90))
    after = call(larkfield, external_id="after")
    kinds: dict[str, tuple[dict[str, Any], set[UUID]]] = {
        "missed_anger": ({}, {angry.pk}),
        "low_confidence": ({"below": "100"}, {calm.pk, angry.pk, after.pk}),
        "disputed": ({"days": "30"}, {after.pk}),
        "new_agent": ({"days": "30"}, {calm.pk, angry.pk}),  # each agent's first
        "unfit": ({}, {unfit.pk}),
    }
    for kind, (values, expected) in kinds.items():
        rule = made(manager, mona, kind, **values)
        assert would(mona, rule) == expected, kind
        switch(manager, mona, rule, "back")
        assert picked(mona, rule) == expected, kind
    with tenant(larkfield.pk):
        assert not Pick.objects.visible_to(mona).random().exists()
    queue = manager.get(address("queue", mona)).content.decode()
    row = queue.partition(f"row-{angry.pk}")[2].partition("</tr>")[0]
    assert "Missed anger" in row
    assert "New agent" in row


def test_a_dismissed_feeling_is_found(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    rude = [*NOT_ANSWERED]
    rude[2] = {"role": "agent", "text": "Calm down. You should have read the terms."}
    interaction = call(larkfield, external_id="rude", turns=rude)
    call(larkfield, external_id="other")
    assert would(mona, made(manager, mona, "dismissed")) == {interaction.pk}


def test_a_rule_keeps_to_its_channels_teams_and_cap(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    chats = [call(larkfield, external_id=f"c-{n}", channel="chat", team="Care") for n in range(4)]
    call(larkfield, external_id="other", channel="chat", team="Sales")
    call(larkfield, external_id="by-phone", team="Care")
    with tenant(larkfield.pk):
        care = Team.objects.visible_to(mona).get(name="Care")
    rule = made(
        manager, mona, "low_confidence", below="100", channels=["chat"], teams=[str(care.pk)],
        per_week="3",
    )  # fmt: skip
    expected = would(mona, rule)
    assert len(expected) == 3
    assert expected <= {chat.pk for chat in chats}
    switch(manager, mona, rule, "back")
    assert picked(mona, rule) == expected
    call(larkfield, external_id="c-9", channel="chat", team="Care")
    assert picked(mona, rule) == expected


def test_with_a_rule_on_only_what_was_picked_waits_and_in_its_order(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    calm = call(larkfield, external_id="calm")
    angry = call(larkfield, external_id="angry", turns=NOT_ANSWERED)
    assert in_queue(manager, mona, calm)
    urgent = made(manager, mona, "missed_anger", priority=1)
    switch(manager, mona, urgent, "back")
    assert not in_queue(manager, mona, calm)
    switch(manager, mona, made(manager, mona, "share", percent="100"), "back")
    page = manager.get(address("queue", mona)).content.decode()
    assert page.index(f"row-{angry.pk}") < page.index(f"row-{calm.pk}")


def test_a_blind_one_does_not_tell_why_it_was_targeted(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    angry = call(larkfield, external_id="angry", turns=NOT_ANSWERED)
    switch(manager, mona, made(manager, mona, "missed_anger"), "back")
    with tenant(larkfield.pk):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    row = manager.get(address("queue", mona)).content.decode().partition(f"row-{angry.pk}")[2]
    assert "Targeted" in row.partition("</tr>")[0]
    assert "anger" not in row.partition("</tr>")[0].lower()


def test_a_reviewed_one_leaves_the_queue_and_its_pick_stays(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    interaction = call(larkfield, external_id="c-1")
    rule = made(manager, mona, "share", percent="100")
    switch(manager, mona, rule, "back")
    make_review(dana, interaction, confirmed=True)
    with tenant(larkfield.pk):
        assert not QueueEntry.objects.visible_to(mona).exists()
    assert picked(mona, rule) == {interaction.pk}


def test_a_rules_page_lists_what_it_picked_and_what_became_of_it(
    manager: Client, mona: Membership, dana: Membership, larkfield: Organization
) -> None:
    rows = [call(larkfield, external_id=f"c-{n}") for n in range(3)]
    rule = made(manager, mona, "share", percent="100")
    page = address("sampling-rule", mona, pk=rule)
    assert "Latest picks" not in manager.get(page).content.decode()
    switch(manager, mona, rule, "back")
    with CaptureQueriesContext(connection) as few:
        manager.get(page)
    make_review(dana, rows[0], confirmed=True)
    with tenant(larkfield.pk):
        assign([rows[1].pk], to=dana, by=mona)
    call(larkfield, external_id="c-3")
    with CaptureQueriesContext(connection) as more:
        shown = text_of(manager.get(page))
    assert "Latest picks" in shown
    assert shown.count("1.000") == 4
    assert shown.count("Reviewed") == 1
    assert f"Assigned to {dana.user.name}" in shown
    assert len(few) == len(more)
    switch(manager, mona, rule, "off")
    assert "Latest picks" in manager.get(page).content.decode()


def test_what_makes_no_rule_is_refused_in_words(manager: Client, mona: Membership) -> None:
    made(manager, mona, "share", percent="10")
    good = {"name": "x", "priority": 2, "assignment": "shared", "return_days": 3}
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("share", {**good, "name": "share", "percent": "5"}, "with this name already"),
        ("share", {**good, "percent": "0"}, "greater than or equal to 0.1"),
        ("share", {**good, "percent": "101"}, "less than or equal to 100"),
        ("share", {**good, "percent": "many"}, "Enter a number"),
        ("number", {**good, "per_week": ""}, "required"),
        ("new_agent", {**good, "days": "0"}, "greater than or equal to 1"),
        ("missed_anger", {**good, "name": ""}, "required"),
        ("missed_anger", {**good, "assignment": "turns"}, "at least one reviewer"),
        ("missed_anger", {**good, "channels": ["fax"]}, "not one of the available"),
    ]
    for kind, sent, words in cases:
        answer = manager.post(f"{address('sampling-new', mona)}?kind={kind}", sent)
        assert answer.status_code == 422, (kind, words)
        assert words in answer.content.decode(), (kind, words)
    with tenant(mona.organization_id):
        assert Rule.objects.visible_to(mona).count() == 1


def test_switching_twice_and_removing_what_has_picked_are_refused(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    call(larkfield, external_id="c-1")
    rule = made(manager, mona, "share", percent="100")
    switch(manager, mona, rule, "back")
    assert switch(manager, mona, rule, "back").status_code == 409
    remove = address("sampling-remove", mona, pk=rule)
    refused = manager.post(remove)
    assert refused.status_code == 409
    assert "part of your figures" in refused.content.decode()
    assert switch(manager, mona, rule, "off").status_code == 302
    assert switch(manager, mona, rule, "off").status_code == 409
    assert switch(manager, mona, rule, "sideways").status_code == 422
    unused = made(manager, mona, "dismissed")
    assert manager.post(address("sampling-remove", mona, pk=unused)).status_code == 302
    with tenant(larkfield.pk):
        assert not Rule.objects.visible_to(mona).filter(pk=unused).exists()
        events = AuditEvent.objects.visible_to(mona).filter(action__startswith="rule.")
        assert {event.action for event in events} == {
            "rule.created", "rule.switched_on", "rule.switched_off", "rule.removed",
        }  # fmt: skip


def test_an_edited_rule_picks_by_its_new_values_from_then_on(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    first = call(larkfield, external_id="c-1")
    rule = made(manager, mona, "share", percent="100")
    switch(manager, mona, rule, "back")
    edit = address("sampling-edit", mona, pk=rule)
    assert 'value="100.0"' in manager.get(edit).content.decode()
    sent = {"name": "Chats", "percent": "100", "channels": ["chat"], "priority": 3}
    sent |= {"assignment": "shared", "return_days": 3}
    assert manager.post(edit, sent).status_code == 302
    call(larkfield, external_id="c-2")
    chat = call(larkfield, external_id="c-3", channel="chat")
    assert picked(mona, rule) == {first.pk, chat.pk}


def test_new_content_drops_what_was_picked_for_the_old(
    manager: Client, mona: Membership, larkfield: Organization
) -> None:
    angry = call(larkfield, external_id="angry", turns=NOT_ANSWERED)
    rule = made(manager, mona, "missed_anger")
    switch(manager, mona, rule, "back")
    with tenant(larkfield.pk):
        pipeline.reassign(angry.pk, by=mona)  # customer and agent the other way round
    assert picked(mona, rule) == set()
    with tenant(larkfield.pk):
        assert not QueueEntry.objects.visible_to(System(larkfield.pk)).exists()


def test_specialists_make_no_rules(signed_in: SignIn, dana: Membership) -> None:
    assert signed_in(dana).get(address("sampling", dana)).status_code == 403


@pytest.mark.parametrize("page", ["sampling", "queue"])
def test_a_page_takes_the_same_number_of_queries_for_many(
    page: str, manager: Client, mona: Membership, larkfield: Organization
) -> None:
    counts = []
    for size in (2, 12):
        for n in range(size):
            call(larkfield, f"a-{n}", external_id=f"{size}-{n}", turns=ANGRY_CALL)
            rule = made(manager, mona, "share", percent="100", name=f"R{size}{n}")
            switch(manager, mona, rule, "back")
        with CaptureQueriesContext(connection) as caught:
            manager.get(address(page, mona))
        counts.append(len(caught))
    assert counts[0] == counts[1]
