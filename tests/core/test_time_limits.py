"""What the database ends because it took too long is answered with 503, and quoted nowhere."""

import io
from http.client import HTTPConnection
from select import select
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from qa import pipeline
from qa.organizations.models import Membership
from qa.site import views
from qa.tenancy.context import tenant
from tests.core.test_logs import printed  # noqa: F401 (a fixture)
from tests.web_server import web_server
from tests.world import interaction_json, make_interaction, make_key
from transcripts.models import Interaction

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "nobody ever calls me back"
BOUND = 60  # seconds, far beyond what anything here should take
SLOW = f"SELECT pg_sleep({BOUND}), '{SAID}'"


def with_limit(name: str) -> None:
    """Let the connection of this thread have this limit; the next one has its own again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET {name} = '200ms'")


def take_long(*args: Any, **options: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(SLOW)


def do_nothing(*args: Any, **options: Any) -> Any:
    """Sit in the transaction until the database ends it."""
    assert select([connection.connection], [], [], BOUND)[0]
    take_long()


@pytest.fixture(autouse=True)
def fresh_connection() -> Any:
    yield
    connection.close()


@pytest.mark.parametrize(
    ("limit", "work"),
    [("statement_timeout", take_long), ("idle_in_transaction_session_timeout", do_nothing)],
)
def test_a_call_that_takes_the_database_too_long_is_answered_503(
    ada: Membership,
    monkeypatch: pytest.MonkeyPatch,
    printed: io.StringIO,  # noqa: F811
    limit: str,
    work: Any,
) -> None:
    monkeypatch.setattr(pipeline, "submit", work)
    key = make_key(ada)
    with_limit(limit)
    answer = Client().post(
        "/api/v1/interactions/",
        interaction_json(),
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer["Retry-After"], answer.json()["code"]) == ("10", "busy")
    assert SAID not in answer.text + printed.getvalue()


def test_a_page_that_takes_the_database_too_long_says_so(
    dana: Membership,
    signed_in: Any,
    monkeypatch: pytest.MonkeyPatch,
    printed: io.StringIO,  # noqa: F811
) -> None:
    monkeypatch.setattr(views, "memberships_of", take_long)
    browser = signed_in(dana)
    browser.raise_request_exception = False
    with_limit("statement_timeout")
    answer = browser.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Heard is busy right now" in answer.text
    assert SAID not in answer.text + printed.getvalue()


def test_the_web_server_does_not_wait_for_a_lock_for_ever(ada: Membership) -> None:
    interaction = make_interaction(ada.organization)
    path, key = f"/api/v1/interactions/{interaction.pk}/swap-speakers/", make_key(ada)
    with web_server(LOCK_SECONDS="1") as port, tenant(ada.organization_id):
        Interaction.objects.visible_to(ada).select_for_update().get(pk=interaction.pk)
        client = HTTPConnection("127.0.0.1", port, timeout=BOUND)
        client.request("POST", path, headers={"Authorization": f"Bearer {key}"})
        answer = client.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        client.close()
