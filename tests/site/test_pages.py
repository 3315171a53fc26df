"""The start, health and readiness, errors, and the files that browsers get."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from qa import heartbeat
from qa.celery import app
from qa.core import staticfiles
from qa.core.version import VERSION
from qa.organizations.models import Membership, Organization, Role, User
from qa.organizations.sign_in import BACKEND
from qa.site import readiness
from qa.tenancy.context import tenant
from tests.world import PASSWORD

SignIn = Callable[[Membership | None], Client]
NOWHERE = "redis://127.0.0.1:1/0"
NO_AGES = {"oldest_waiting_s": None, "last_finished_s": None}


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("alex", "/o/larkfield/feedback/"),
        ("dana", "/o/larkfield/queue/"),
        ("mona", "/o/larkfield/dashboard/"),
        ("ada", "/o/larkfield/dashboard/"),
    ],
)
def test_everyone_starts_where_their_work_is(
    who: str, place: str, request: pytest.FixtureRequest, signed_in: SignIn
) -> None:
    answer = signed_in(request.getfixturevalue(who)).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


def test_a_form_sent_without_a_session_leads_to_the_start_after_the_sign_in(
    dana: Membership, client: Client
) -> None:
    answer = client.post("/o/larkfield/queue/take/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/")
    page = client.get("/o/larkfield/queue/")
    assert page.headers["Location"] == "/accounts/login/?next=/o/larkfield/queue/"


def test_a_person_in_two_organizations_chooses(
    dana: Membership, elsewhere: Organization, signed_in: SignIn
) -> None:
    with tenant(elsewhere.id):
        Membership.objects.create(organization=elsewhere, user=dana.user, role=Role.MANAGER)
    page = signed_in(dana).get("/").content.decode()
    assert "/o/larkfield/queue/" in page
    assert "/o/elsewhere/dashboard/" in page


def test_a_person_in_no_organization_is_told_so(db: None, client: Client) -> None:
    nobody = User.objects.create_user(email="nobody@example.com", name="Nobody")
    client.force_login(nobody, backend=BACKEND)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "/o/" not in answer.content.decode()


def test_a_sign_in_leads_to_the_start(dana: Membership, client: Client) -> None:
    credentials = {"username": dana.user.email.upper(), "password": PASSWORD}
    answer = client.post("/accounts/login/", credentials)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_eight_wrong_passwords_lock_the_sign_in_of_this_person_alone(
    dana: Membership, sam: Membership, client: Client
) -> None:
    def sign_in(email: str, password: str) -> int:
        credentials = {"username": email, "password": password}
        return client.post("/accounts/login/", credentials).status_code

    spellings = [dana.user.email, dana.user.email.upper(), f" {dana.user.email.title()} "]
    answers = [sign_in(spellings[n % 3], f"guess {n}") for n in range(8)]
    assert answers == [200] * 7 + [429]
    assert [sign_in(spelling, PASSWORD) for spelling in spellings] == [429] * 3
    assert sign_in(sam.user.email, PASSWORD) == 302


def test_liveness_asks_no_server(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": VERSION})


@pytest.fixture
def noted() -> Iterator[Callable[..., None]]:
    """Nothing is noted of the workers, and no message waits; call it with what to note."""
    with heartbeat.broker() as redis:

        def note(messages: int = 0, **ages: float) -> None:
            times = {name: time.time() - age for name, age in ages.items()}
            if times:
                redis.hset(heartbeat.KEY, mapping=times)
            if messages:
                redis.rpush(heartbeat.queues()[1], *["a message"] * messages)

        redis.delete(heartbeat.KEY, *heartbeat.queues())
        yield note
        redis.delete(heartbeat.KEY, *heartbeat.queues())


@pytest.fixture
def all_there(db: None, noted: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that answers; database and broker are real."""
    monkeypatch.setattr(app.control, "ping", lambda **options: [{"worker": {"ok": "pong"}}])


def test_readiness_with_everything_there(all_there: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "database": "ok", "broker": "ok", "worker": "ok", **NO_AGES},
    )


HOUR = 3600
LONG = 16 * 60  # longer than the quarter of an hour after which nothing counts as slow any more


@pytest.mark.parametrize(
    ("ages", "messages", "state"),
    [
        ({"waiting": 0.1, "finished": HOUR}, 0, "ok"),  # came in after a quiet hour
        ({"waiting": LONG, "finished": 1}, 5_000, "ok"),  # a long queue that moves on
        ({"waiting": LONG, "finished": LONG}, 0, "stuck"),
        ({"waiting": LONG}, 0, "stuck"),
        ({"swept": LONG + 60, "finished": LONG}, 3, "stuck"),  # not even the sweep is done
        ({"swept": LONG + 60, "finished": LONG}, 0, "ok"),  # nobody asks for one: beat is away
        ({"swept": 50, "finished": HOUR}, 3, "ok"),
    ],
)
def test_a_worker_that_answers_and_does_nothing_is_not_ready(
    all_there: None, noted: Callable[..., None], ages: dict[str, float], messages: int, state: str
) -> None:
    noted(messages, **ages)
    answer = Client().get("/readyz")
    found = answer.json()
    assert (found["worker"], found["ready"]) == (state, state == "ok")
    assert answer.status_code == (200 if state == "ok" else 503)


def test_readiness_tells_ages_in_whole_minutes(
    all_there: None, noted: Callable[..., None], client: Client
) -> None:
    noted(waiting=200, finished=70)
    found = client.get("/readyz").json()
    assert (found["oldest_waiting_s"], found["last_finished_s"]) == (180, 60)


def test_the_container_of_a_worker_asks_the_same(
    all_there: None, noted: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("worker_health")
    assert capsys.readouterr().out == "ok\n"
    noted(waiting=LONG)
    with pytest.raises(CommandError, match="waited for 16 minutes"):
        call_command("worker_health")


def test_a_worker_that_does_not_answer_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.control, "ping", lambda **options: [])
    with pytest.raises(CommandError, match="does not answer"):
        call_command("worker_health")


def ping_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers be looked for at this broker."""
    ping = app.control.ping

    def elsewhere(**options: Any) -> object:
        with app.connection(address) as connection:
            return ping(connection=connection, **options)

    monkeypatch.setattr(app.control, "ping", elsewhere)


def test_readiness_without_a_worker_says_so(
    db: None, noted: object, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = urlsplit(os.environ["REDIS_URL"])._replace(path="/8").geturl()
    ping_at(empty, monkeypatch)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "database": "ok", "broker": "ok", "worker": "unreachable", **NO_AGES},
    )


def test_readiness_without_a_broker_says_so(
    all_there: None, client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = NOWHERE
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "ready": False,
            "database": "ok",
            "broker": "unreachable",
            "worker": "unreachable",
            **NO_AGES,
        },
    )


def test_a_broker_that_goes_away_between_two_questions_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ping_at(NOWHERE, monkeypatch)
    assert readiness.answers() is False


def test_readiness_without_a_database_says_so(
    all_there: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", refuse)
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "database": "unreachable", "broker": "ok", "worker": "ok", **NO_AGES},
    )


@pytest.mark.parametrize("path", ["/nothing/here/", "/o/larkfield/nothing/"])
def test_an_unknown_address_is_a_page_of_ours(
    path: str, dana: Membership, signed_in: SignIn
) -> None:
    answer = signed_in(dana).get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


def test_a_form_without_its_token_is_explained(dana: Membership) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_every_page_is_sent_with_its_security_headers(client: Client, db: None) -> None:
    answer = client.get("/accounts/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_member_pages_are_not_kept_by_caches(mona: Membership, signed_in: SignIn) -> None:
    answer = signed_in(mona).get("/o/larkfield/dashboard/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_only_listed_third_party_files_are_served() -> None:
    for name, place in staticfiles.ALLOWED.items():
        found = finders.find(name)
        assert found == str(staticfiles.NODE_MODULES / place)
        assert Path(str(found)).is_file(), f"{name}: run npm ci"
    for name in ("echarts/package.json", "vendor/../package.json", "vendor/other.js"):
        assert finders.find(name) is None


@pytest.mark.parametrize("name", ["vendor/echarts.min.js", "css/base.css"])
def test_browser_files_are_served_to_everyone(name: str, client: Client, db: None) -> None:
    assert client.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/static/../manage.py", "/static/vendor/../../manage.py"])
def test_nothing_above_the_browser_files_is_served(path: str, client: Client, db: None) -> None:
    assert client.get(path).status_code in {302, 404}
