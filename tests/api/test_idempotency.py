"""Idempotency-Key: the same request is done once and answered twice."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import interaction_json
from transcripts.models import IdempotentAnswer, Interaction

KEY = {"Idempotency-Key": "order-1"}


def count(organization: Organization) -> int:
    with tenant(organization.id):
        return Interaction.objects.visible_to(System(organization.id)).count()


def test_the_first_answer_is_replayed(rest: Any, larkfield: Organization) -> None:
    first = rest.post("/interactions/", interaction_json(), **KEY)
    second = rest.post("/interactions/", interaction_json(), **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert count(larkfield) == 1


def test_another_request_with_the_key_is_refused(rest: Any, larkfield: Organization) -> None:
    rest.post("/interactions/", interaction_json(), **KEY)
    response = rest.post("/interactions/", interaction_json(channel="chat"), **KEY)
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert count(larkfield) == 1


def test_a_refused_request_leaves_the_key_free(rest: Any, larkfield: Organization) -> None:
    assert rest.post("/interactions/", {"channel": "fax"}, **KEY).status_code == 400
    rest.post("/interactions/", interaction_json(external_id="c-1"))
    conflict = interaction_json(external_id="c-1", channel="chat")
    assert rest.post("/interactions/", conflict, **KEY).status_code == 409
    assert rest.post("/interactions/", interaction_json(), **KEY).status_code == 201


def test_after_a_day_the_key_is_free(rest: Any, larkfield: Organization) -> None:
    rest.post("/interactions/", interaction_json(), **KEY)
    with tenant(larkfield.pk):
        answers = IdempotentAnswer.objects.visible_to(System(larkfield.pk))
        answers.update(created_at=timezone.now() - timedelta(hours=25))
    assert rest.post("/interactions/", interaction_json(channel="chat"), **KEY).status_code == 201


def test_two_organizations_may_use_one_key(
    rest: Any, stranger: Any, larkfield: Organization, elsewhere: Organization
) -> None:
    ours = rest.post("/interactions/", interaction_json(), **KEY)
    theirs = stranger.post("/interactions/", interaction_json(channel="chat"), **KEY)
    assert (ours.status_code, theirs.status_code) == (201, 201)


def test_nothing_of_the_body_can_be_guessed_from_what_is_kept(
    rest: Any, larkfield: Organization
) -> None:
    rest.post("/interactions/", interaction_json(), **KEY)
    with tenant(larkfield.pk):
        answer = IdempotentAnswer.objects.visible_to(System(larkfield.pk)).get()
    assert set(answer.body) == {"id", "status"}


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(rest: Any, key: str) -> None:
    response = rest.post("/interactions/", interaction_json(), **{"Idempotency-Key": key})
    assert response.status_code == 400
    assert response.json()["errors"][0]["path"] == "Idempotency-Key"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, KEY])
def test_a_race_of_the_same_pushes_keeps_one(
    rest: Any, larkfield: Organization, headers: dict[str, str]
) -> None:
    answers: list[tuple[int, str]] = []
    start = Barrier(6)

    def push() -> None:
        try:
            start.wait()
            response = rest.post("/interactions/", interaction_json(external_id="c-1"), **headers)
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    threads = [Thread(target=push) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(status for status, _ in answers)
    assert statuses == ([201] * 6 if headers else [200] * 5 + [201])
    assert len({pk for _, pk in answers}) == 1
    assert count(larkfield) == 1
