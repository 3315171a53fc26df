"""Pushing one interaction over REST."""

import json
from typing import Any

import pytest

from qa.celery import app
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import PreScore
from tests.world import interaction_json, make_interaction, make_review
from transcripts.models import Interaction, Transcript


def stored(organization: Organization) -> list[Interaction]:
    with tenant(organization.id):
        return list(Interaction.objects.visible_to(System(organization.id)).order_by("id"))


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def paths(response: Any, status: int = 400) -> list[str]:
    return [error["path"] for error in problem(response, status)["errors"]]


def test_a_new_interaction_is_received(rest: Any, larkfield: Organization) -> None:
    response = rest.post("/interactions/", interaction_json(external_id="c-1", source="genesys"))
    (row,) = stored(larkfield)
    assert response.status_code == 201
    assert response.json() == {"id": str(row.pk), "status": "received"}
    assert (row.external_id, row.source, row.turn_count) == ("c-1", "genesys", 6)


def test_the_workers_hear_of_it_on_commit(
    rest: Any, larkfield: Organization, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    named: list[tuple[str, str]] = []
    monkeypatch.setattr(app, "send_task", lambda task, args, **_: named.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        rest.post("/interactions/", interaction_json())
        rest.post("/interactions/", interaction_json())
    assert named == [(str(larkfield.pk), str(stored(larkfield)[0].pk))]


def test_what_is_kept_is_redacted(rest: Any, larkfield: Organization) -> None:
    turns = [{"role": "customer", "text": "My card is 4111 1111 1111 1111."}]
    rest.post("/interactions/", interaction_json(turns=turns))
    with tenant(larkfield.pk):
        kept = Transcript.objects.visible_to(System(larkfield.pk)).get()
    assert kept.turns[0]["text"] == "My card is [CARD]."


def test_the_same_again_is_answered_with_the_same_id(rest: Any, larkfield: Organization) -> None:
    body = interaction_json(external_id="c-1")
    first, second = rest.post("/interactions/", body), rest.post("/interactions/", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert len(stored(larkfield)) == 1


def test_without_an_external_id_the_content_tells(rest: Any, larkfield: Organization) -> None:
    first, second = (rest.post("/interactions/", interaction_json()) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert len(stored(larkfield)) == 1


def test_other_content_under_the_same_id_is_a_conflict(rest: Any, larkfield: Organization) -> None:
    rest.post("/interactions/", interaction_json(external_id="c-1"))
    response = rest.post("/interactions/", interaction_json(external_id="c-1", channel="chat"))
    assert paths(response, 409) == ["external_id"]
    assert response.json()["code"] == "conflict"
    assert [row.channel for row in stored(larkfield)] == ["call"]


def test_replace_puts_new_content_in_its_place(rest: Any, larkfield: Organization) -> None:
    before = make_interaction(larkfield, external_id="c-1")
    changed = interaction_json(external_id="c-1", channel="chat")
    response = rest.post("/interactions/?on_conflict=replace", changed)
    (after,) = stored(larkfield)
    assert response.status_code == 200
    assert response.json() == {"id": str(before.pk), "status": "received"}
    assert after.channel == "chat"
    with tenant(larkfield.pk):
        assert not PreScore.objects.visible_to(System(larkfield.pk)).exists()


def test_replace_is_refused_once_a_review_is_confirmed(
    rest: Any, larkfield: Organization, dana: Membership
) -> None:
    before = make_interaction(larkfield, external_id="c-1")
    make_review(dana, before, confirmed=True)
    changed = interaction_json(external_id="c-1", channel="chat")
    body = problem(rest.post("/interactions/?on_conflict=replace", changed), 409)
    (after,) = stored(larkfield)
    assert "review" in body["detail"]
    assert (after.channel, after.status) == ("call", "reviewed")


def test_a_dry_run_answers_with_the_pre_score_and_stores_nothing(
    rest: Any, larkfield: Organization
) -> None:
    body = interaction_json(external_id="c-1")
    response = rest.post("/interactions/?dry_run=true", body, **{"Idempotency-Key": "k"})
    found = response.json()
    assert response.status_code == 200
    assert list(found) == [
        "external_id",
        "channel",
        "engine",
        "fitness",
        "turns",
        "moments",
        "volunteered",
        "apologies",
        "score",
    ]
    assert (found["external_id"], found["channel"]) == ("c-1", "call")
    assert found["turns"][2]["response"]["sympathy"]["evidence"] == [[0, 20]]
    assert found["moments"]
    assert stored(larkfield) == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (interaction_json(fruit=1), "fruit"),
        (interaction_json(turns=[]), "turns"),
        (interaction_json(turns=[{"text": "Hello."}]), "turns[0].role"),
        (interaction_json(turns=[{"role": "agent", "text": "a\x00b"}]), "turns[0].text"),
        (interaction_json(channel="fax"), "channel"),
        (interaction_json(started_at="yesterday"), "started_at"),
        (interaction_json(agent={"nick": "x"}), "agent.nick"),
        (interaction_json(metadata={"a": "\ud800"}), "metadata.a"),
        (interaction_json(external_id="\ud800"), "external_id"),
        ([interaction_json()], ""),
        ("text", ""),
    ],
)
def test_every_fault_has_its_path(rest: Any, larkfield: Organization, body: Any, path: str) -> None:
    assert path in paths(rest.post("/interactions/", json.dumps(body)))
    assert stored(larkfield) == []


def test_several_faults_are_named_at_once(rest: Any) -> None:
    body = {"channel": "fax", "turns": [{"text": "x"}, {"role": "agent"}], "fruit": 1}
    found = paths(rest.post("/interactions/", body))
    assert set(found) == {"channel", "turns[0].role", "turns[1].text", "fruit"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"channel": "call",\n  "turns": [}', ["line 2", "column"]),
        (b"", ["JSON"]),
        (b'{"channel": "call", "channel": "chat"}', ["twice"]),
        (b'{"duration_s": NaN}', ["NaN"]),
        (b"\xff\xfe{}", ["UTF-8"]),
        (b"[" * 200_000, ["nested too deeply"]),
        (b'{"metadata": ' * 100_000, ["nested too deeply"]),
    ],
)
def test_what_is_no_json_is_told_with_its_place(rest: Any, body: bytes, words: list[str]) -> None:
    found = problem(rest.post("/interactions/", body), 400)
    assert all(word in found["detail"] for word in words), found["detail"]
    assert found["errors"]


def test_another_content_type_is_refused(rest: Any) -> None:
    for kind in (
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        problem(rest.post("/interactions/", b"a,b", content_type=kind), 415)


def test_a_body_over_the_limit_is_refused(rest: Any, settings: Any) -> None:
    text = "x" * (settings.MAX_BODY_BYTES + 10)
    body = problem(rest.post("/interactions/", f'{{"channel": "{text}"}}'), 413)
    assert "10 MB" in body["detail"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("on_conflict=merge", "on_conflict"),
        ("dry_run=perhaps", "dry_run"),
        ("dryrun=true", "dryrun"),
        ("dry_run=true&dry_run=false", "dry_run"),
        ("on_conflict=%00", "on_conflict"),
    ],
)
def test_an_unknown_option_is_named(
    rest: Any, larkfield: Organization, query: str, path: str
) -> None:
    assert path in paths(rest.post(f"/interactions/?{query}", interaction_json()))
    assert stored(larkfield) == []


def test_who_may_push(rest: Any, reader: Any, writer: Any, keyless: Any) -> None:
    body = interaction_json()
    assert paths(keyless.post("/interactions/", body), 401) == []
    assert "interactions:write" in problem(reader.post("/interactions/", body), 403)["detail"]
    assert writer.post("/interactions/", body).status_code == 201


def test_a_key_of_elsewhere_stores_elsewhere(
    stranger: Any, larkfield: Organization, elsewhere: Organization
) -> None:
    make_interaction(larkfield, external_id="c-1")
    response = stranger.post("/interactions/", interaction_json(external_id="c-1", channel="chat"))
    assert response.status_code == 201
    assert len(stored(larkfield)) == len(stored(elsewhere)) == 1


def test_a_method_that_is_not_there_is_a_problem(rest: Any) -> None:
    response = rest.client.delete("/api/v1/interactions/", headers=rest.headers)
    problem(response, 405)
