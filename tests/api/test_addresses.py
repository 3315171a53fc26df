"""Addresses that the API does not have, and faults of its own, in the form clients can read."""

from typing import Any

import pytest

from qa import pipeline
from qa.organizations.models import Organization
from tests.api.test_push import problem, stored
from tests.world import interaction_json


@pytest.mark.parametrize("path", ["/nothing/", "/interactions/not-an-id/", "/revues/"])
def test_an_address_that_is_not_there_is_answered_with_a_problem(keyless: Any, path: str) -> None:
    assert problem(keyless.get(path), 404)["code"] == "not_found"


def test_a_push_without_the_last_slash_is_refused_and_never_redirected(
    rest: Any, larkfield: Organization
) -> None:
    problem(rest.post("/interactions", interaction_json()), 404)
    assert stored(larkfield) == []


def test_a_page_that_is_not_there_stays_a_page_for_people(rest: Any) -> None:
    answer = rest.client.get("/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


def test_a_fault_of_its_own_is_a_problem_and_names_nothing_of_the_push(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise RuntimeError("private words")

    monkeypatch.setattr(pipeline, "submit", break_down)
    rest.client.raise_request_exception = False
    answer = rest.post("/interactions/", interaction_json())
    assert problem(answer, 500)["code"] == "server_error"
    assert b"private words" not in answer.content
    assert stored(larkfield) == []
