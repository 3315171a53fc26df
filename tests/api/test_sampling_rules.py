"""REST: sampling rules are made, changed, previewed and switched as on their pages."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization, Scope, Team
from qa.sampling import actions
from qa.sampling.models import QueueEntry, Rule
from qa.tenancy.context import tenant
from tests.sampling.test_rules import call
from tests.world import make_key

pytestmark = pytest.mark.django_db
RULES = "/api/v1/sampling-rules/"
ANGRY = {
    "name": "Angry returns",
    "channels": ["call"],
    "conditions": {
        "metadata": [{"key": "queue", "values": ["returns"]}],
        "score": {"to": 40},
        "emotions": ["anger"],
    },
    "limits": {"per_agent_week": 2, "per_week": 10},
    "drawing": "week",
}


def ask(key: str, path: str = "", method: str = "post", body: Any = None) -> Any:
    return Client().generic(
        method.upper(),
        RULES + path,
        data=b"" if body is None else json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


@pytest.fixture
def key(ada: Membership) -> str:
    return make_key(ada, Scope.SAMPLING_WRITE)


def paths(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.content
    return {fault["path"] for fault in answer.json()["errors"]}


def test_a_rule_is_made_read_changed_and_removed(
    key: str, mona: Membership, larkfield: Organization
) -> None:
    made = ask(key, body=ANGRY)
    assert made.status_code == 201, made.content
    rule = made.json()
    assert rule["on"] is False
    assert rule["kind"] == "composed"
    assert rule["conditions"] == ANGRY["conditions"]
    assert rule["limits"] == {
        "per_agent_week": 2, "per_team_week": None, "per_day": None, "per_week": 10,
    }  # fmt: skip
    assert "where queue is “returns”" in rule["sentence"]
    assert ask(key, f"{rule['id']}/", "get").json() == rule
    assert [row["id"] for row in ask(key, method="get").json()["results"]] == [rule["id"]]
    changed = ask(key, f"{rule['id']}/", "patch", {"conditions": {"words": "refund"}})
    assert changed.status_code == 200, changed.content
    assert changed.json()["conditions"] == {"words": "refund"}
    assert changed.json()["limits"] == rule["limits"]
    assert ask(key, f"{rule['id']}/", "delete").status_code == 200
    assert ask(key, f"{rule['id']}/", "get").status_code == 404
    with tenant(larkfield.pk):
        events = AuditEvent.objects.visible_to(mona).filter(action__startswith="rule.")
        assert [event.action for event in events.order_by("number")] == [
            "rule.created", "rule.changed", "rule.removed",
        ]  # fmt: skip
        assert all(event.actor.startswith("key:") for event in events)


def test_fixed_kinds_are_taken_too(key: str) -> None:
    made = ask(key, body={"name": "Unsure", "kind": "low_confidence", "confidence_below": 60})
    assert made.status_code == 201, made.content
    assert made.json()["confidence_below"] == 60
    wrong = {"name": "x", "kind": "share", "percent": 5, "conditions": {"words": "a"}}
    assert paths(ask(key, body=wrong)) == {"conditions"}


def test_what_makes_no_rule_is_refused_with_its_place(key: str, mona: Membership) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"name": ""}, "name"),
        ({"colour": "red"}, "colour"),
        ({"conditions": {"mood": 1}}, "conditions.mood"),
        ({"conditions": {"agents": [nobody]}}, "conditions.agents"),
        ({"conditions": {"score": {"from": 60, "to": 40}}}, "conditions.score.to"),
        ({"conditions": {"metadata": [{"key": "a", "values": ["x,y"]}]}},
         "conditions.metadata[0].values[0]"),
        ({"conditions": {"words": "?!"}}, "conditions.words"),
        ({"teams": [nobody]}, "teams"),
        ({"limits": {"per_day": 0}}, "limits.per_day"),
        ({"drawing": "week"}, "drawing"),
        ({"assignment": "turns"}, "reviewers"),
        ({"percent": 101}, "percent"),
    ]  # fmt: skip
    for more, path in cases:
        assert path in paths(ask(key, body={"name": "x", **more})), more
    with tenant(mona.organization_id):
        assert not Rule.objects.visible_to(mona).exists()
    assert ask(key, body={"name": "Twice"}).status_code == 201
    assert ask(key, body={"name": "Twice"}).status_code == 409


def test_switching_asks_what_becomes_of_what_waits(
    key: str, mona: Membership, larkfield: Organization
) -> None:
    waiting = call(larkfield, external_id="c-1")
    rule = ask(key, body={"name": "Words", "conditions": {"words": "lizard"}}).json()
    switch = f"{rule['id']}/switch/"
    assert paths(ask(key, switch, body={"on": True})) == {"waiting"}
    other = ask(key, switch, body={"on": True, "waiting": "leave_out"})
    assert other.status_code == 400
    on = ask(key, switch, body={"on": True, "waiting": "keep"})
    assert on.status_code == 200, on.content
    assert on.json()["on"] is True
    with tenant(larkfield.pk):
        places = QueueEntry.objects.visible_to(mona)
        assert set(places.values_list("interaction", flat=True)) == {waiting.pk}
    assert ask(key, switch, body={"on": True, "waiting": "keep"}).status_code == 409
    off = ask(key, switch, body={"on": False, "waiting": "let_in"})
    assert off.json()["on"] is False


def test_a_preview_keeps_nothing(key: str, mona: Membership, larkfield: Organization) -> None:
    call(larkfield, external_id="c-1")
    found = ask(key, "preview/", body={"name": "Any"})
    assert found.status_code == 200, found.content
    assert found.json()["leaving_queue"] == 1
    assert len(found.json()["weeks"]) == 4
    with tenant(larkfield.pk):
        assert not Rule.objects.visible_to(mona).exists()
    rule = ask(key, body={"name": "Any"}).json()
    assert ask(key, f"{rule['id']}/preview/").json() == found.json()


def test_only_with_the_scope_and_only_ones_own(
    key: str, ada: Membership, mallory: Membership, larkfield: Organization
) -> None:
    poor = make_key(ada, Scope.INTERACTIONS_READ, Scope.REVIEWS_READ)
    rule = ask(key, body={"name": "Mine"}).json()
    foreign = make_key(mallory, Scope.SAMPLING_WRITE)
    body: Any = {"on": True, "waiting": "keep"}
    one = rule["id"]
    for path, method, sent in (
        (f"{one}/", "get", None), (f"{one}/", "patch", {"name": "x"}), (f"{one}/", "delete", None),
        (f"{one}/switch/", "post", body), (f"{one}/preview/", "post", None),
    ):  # fmt: skip
        assert ask(poor, path, method, sent).status_code == 403, path
        assert ask(foreign, path, method, sent).status_code == 404, path
    assert ask(poor, method="get").status_code == 403
    assert ask(foreign, method="get").json()["results"] == []
    with tenant(larkfield.pk):
        team = Team.objects.create(organization=larkfield, name="Care")
    assert "teams" in paths(ask(foreign, body={"name": "x", "teams": [str(team.pk)]}))


def test_a_list_takes_the_same_number_of_queries_for_many(key: str, mona: Membership) -> None:
    ask(key, method="get")  # notes the use of the key
    counts = []
    for size in (2, 20):
        with tenant(mona.organization_id):
            for n in range(size):
                actions.create_rule(by=mona, kind="composed", name=f"{size}-{n}")
        with CaptureQueriesContext(connection) as caught:
            ask(key, method="get")
        counts.append(len(caught))
    assert counts[0] == counts[1]
