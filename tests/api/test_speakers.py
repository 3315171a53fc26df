"""Saying over REST who speaks."""

from typing import Any

import pytest

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import ANGRY_CALL, make_interaction, make_review


def roles(rest: Any, pk: Any) -> list[str]:
    return [turn["role"] for turn in rest.get(f"/interactions/{pk}/").json()["turns"]]


def test_speakers_are_swapped_and_scored_anew(rest: Any, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    response = rest.post(f"/interactions/{interaction.pk}/swap-speakers/")
    assert response.status_code == 200
    assert response.json() == {"id": str(interaction.pk), "status": "received"}
    assert roles(rest, interaction.pk)[:2] == ["customer", "agent"]
    assert rest.get(f"/interactions/{interaction.pk}/").json()["prescore"] is None
    tasks.process(str(larkfield.pk), str(interaction.pk))
    fitness = rest.get(f"/interactions/{interaction.pk}/").json()["prescore"]["fitness"]
    assert fitness["reasons"] == ["roles_swapped_suspected"]
    with tenant(larkfield.id):
        events = AuditEvent.objects.visible_to(System(larkfield.id))
        assert events.filter(action="interaction.speakers_swapped").count() == 1


def test_single_turns_get_other_roles(rest: Any, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    given = {"turns": [{"index": 0, "role": "bot"}, {"index": 5, "role": "system"}]}
    response = rest.post(f"/interactions/{interaction.pk}/roles/", given)
    before = [turn["role"] for turn in ANGRY_CALL]
    assert response.status_code == 200
    assert roles(rest, interaction.pk) == ["bot", *before[1:5], "system"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "turns"),
        ({"turns": []}, "turns.non_field_errors"),
        ({"turns": [{"index": 0, "role": "bot"}, {"index": 1, "role": "king"}]}, "turns[1].role"),
        ({"turns": [{"index": 0, "role": "bot", "foo": 1}]}, "turns[0].foo"),
        ({"turns": [{"index": 0, "role": "bot"}], "foo": 1}, "foo"),
        ({"turns": [{"index": 99, "role": "bot"}]}, ""),
        ("no json", ""),
    ],
)
def test_what_is_not_valid_is_named(
    rest: Any, larkfield: Organization, body: Any, path: str
) -> None:
    interaction = make_interaction(larkfield)
    response = rest.post(f"/interactions/{interaction.pk}/roles/", body)
    problem = response.json()
    assert response.status_code == 400, problem
    assert not path or problem["errors"][0]["path"].startswith(path)


def test_a_draft_review_is_discarded_only_where_that_is_said(
    rest: Any, sam: Membership, larkfield: Organization
) -> None:
    interaction = make_interaction(larkfield)
    review = make_review(sam, interaction)
    busy = rest.post(f"/interactions/{interaction.pk}/swap-speakers/?discard_draft=true")
    with tenant(larkfield.id):
        type(review).objects.visible_to(sam).update(lease_until="2026-01-01T00:00:00Z")
    asked = rest.post(f"/interactions/{interaction.pk}/swap-speakers/")
    done = rest.post(f"/interactions/{interaction.pk}/swap-speakers/?discard_draft=true")
    assert (busy.status_code, asked.status_code, done.status_code) == (409, 409, 200)
    assert asked.json()["code"] == "draft_review"


def test_a_confirmed_review_refuses(rest: Any, dana: Membership, larkfield: Organization) -> None:
    interaction = make_interaction(larkfield)
    make_review(dana, interaction, confirmed=True)
    response = rest.post(f"/interactions/{interaction.pk}/swap-speakers/?discard_draft=true")
    assert response.status_code == 409


@pytest.mark.parametrize("address", ["swap-speakers", "roles"])
def test_who_may(callers: dict[str, Any], larkfield: Organization, address: str) -> None:
    interaction = make_interaction(larkfield)
    body = {"turns": [{"index": 0, "role": "bot"}]}
    for name, expected in (("keyless", 401), ("stranger", 404), ("reader", 403), ("writer", 200)):
        response = callers[name].post(f"/interactions/{interaction.pk}/{address}/", body)
        assert response.status_code == expected, name
