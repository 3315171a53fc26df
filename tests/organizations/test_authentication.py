"""The API's door: which keys open it, and how far."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.urls import path
from django.utils import timezone
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa.api.base import BodyParser, TenantAPIView
from qa.api.options import Plain
from qa.core.errors import Conflict, DomainError, Fault, Gone, NotAllowed, Refused
from qa.organizations.actions import revoke_key
from qa.organizations.models import ApiKey, Membership, Scope
from qa.tenancy.context import tenant
from tests.world import make_key

REFUSALS = {
    "conflict": (Conflict("Someone was first."), 409),
    "not_allowed": (NotAllowed("Not for you."), 403),
    "gone": (Gone("It is gone."), 410),
    "refused": (Refused("No.", faults=[Fault("turns[0].text", "is empty")]), 400),
}


class Refuse(Plain):
    refuse = serializers.CharField(required=False)


class Whoami(TenantAPIView):
    query: ClassVar = {"POST": Refuse}
    required_scopes: ClassVar = {"GET": "interactions:read", "POST": "interactions:write"}

    def get(self, request: Request) -> Response:
        return Response({"organization": str(self.key.organization_id)})

    def post(self, request: Request) -> Response:
        if refusal := self.given.get("refuse"):
            error: DomainError = REFUSALS[refusal][0]
            raise error
        return Response({"received": len(request.data)})


@pytest.fixture(autouse=True)
def test_only_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = (path("whoami/", Whoami.as_view()),)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_opens_its_own_organization(ada: Membership, client: Client) -> None:
    answer = client.get("/whoami/", headers=bearer(make_key(ada)))
    assert answer.json() == {"organization": str(ada.organization_id)}


def test_head_needs_what_get_needs(ada: Membership, client: Client) -> None:
    key = make_key(ada, Scope.INTERACTIONS_READ)
    assert client.head("/whoami/", headers=bearer(key)).status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer one two",
        "Bearer a.b",
        "Bearer \u00e9\u00e9\u00e9.\u00e9",
        "Bearer " + "x" * 5000,
        "Basic YWRhOmFkYQ==",
    ],
)
def test_without_a_known_key_the_answer_is_401(header: str, db: None, client: Client) -> None:
    answer = client.get("/whoami/", headers={"authorization": header})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == HTTPStatus.UNAUTHORIZED


def test_the_right_prefix_with_a_wrong_secret_is_refused(ada: Membership, client: Client) -> None:
    prefix = make_key(ada).partition(".")[0]
    assert client.get("/whoami/", headers=bearer(f"{prefix}.guess")).status_code == 401


def test_a_revoked_key_opens_nothing(ada: Membership, client: Client) -> None:
    secret = make_key(ada)
    with tenant(ada.organization_id):
        revoke_key(ApiKey.objects.visible_to(ada).get(), by=ada)
    answer = client.get("/whoami/", headers=bearer(secret))
    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "This API key is unknown or revoked.",
    )


def test_an_expired_key_opens_nothing_and_says_so(ada: Membership, client: Client) -> None:
    secret = make_key(ada)
    with tenant(ada.organization_id):
        ApiKey.objects.visible_to(ada).update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get("/whoami/", headers=bearer(secret))
    assert (answer.status_code, answer.json()["detail"]) == (401, "This API key has expired.")


def test_a_missing_scope_is_named(ada: Membership, client: Client) -> None:
    answer = client.post(
        "/whoami/",
        "{}",
        content_type="application/json",
        headers=bearer(make_key(ada, Scope.INTERACTIONS_READ)),
    )
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "interactions:write" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_method_that_the_address_lacks_is_405(
    method: str, ada: Membership, client: Client
) -> None:
    answer = getattr(client, method)("/whoami/", headers=bearer(make_key(ada)))
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_a_problem_with_its_code_and_paths(
    code: str, ada: Membership, client: Client
) -> None:
    error, status = REFUSALS[code]
    answer = client.post(
        f"/whoami/?refuse={code}",
        "{}",
        content_type="application/json",
        headers=bearer(make_key(ada)),
    )
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["detail"] == error.message
    assert body["errors"] == [{"path": f.path, "message": f.message} for f in error.faults]


def test_the_last_use_of_a_key_is_noted(ada: Membership, client: Client) -> None:
    secret = make_key(ada)
    client.get("/whoami/", headers=bearer(secret))
    with tenant(ada.organization_id):
        key = ApiKey.objects.visible_to(ada).get()
    assert key.last_used_at is not None
    assert secret.partition(".")[2] not in key.hashed_key


@pytest.mark.django_db(transaction=True)
def test_a_call_goes_on_while_another_notes_the_use_of_the_key(ada: Membership) -> None:
    """Whoever holds the row, a call with the key is answered: it does not wait for it."""
    secret = make_key(ada)
    with ThreadPoolExecutor(1) as another, tenant(ada.organization_id):
        ApiKey.objects.visible_to(ada).select_for_update().get()
        asked = another.submit(answered_elsewhere, secret)
        assert asked.result(timeout=60) == HTTPStatus.OK


def answered_elsewhere(secret: str) -> int:
    """The status of a call from a thread, and so from a connection, of its own."""
    try:
        return Client().get("/whoami/", headers=bearer(secret)).status_code
    finally:
        connection.close()


class Watched(BytesIO):
    """A body that notes whether a transaction was open while it was read."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.open: list[bool] = []

    def read(self, size: int | None = -1) -> bytes:
        self.open.append(connection.in_atomic_block)
        return super().read(size)


def arriving(body: BytesIO) -> dict[str, Any]:
    """What a server says of a body that it has not read."""
    return {"wsgi.input": body, "CONTENT_LENGTH": "2", "CONTENT_TYPE": "application/json"}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_body_arrives(ada: Membership, client: Client) -> None:
    body = Watched(b"{}")
    key = bearer(make_key(ada))
    answer = client.generic("POST", "/whoami/", headers=key, **arriving(body))
    assert answer.json() == {"received": 2}
    assert body.open
    assert not any(body.open)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_revoked_while_a_body_arrives_writes_nothing(
    ada: Membership, client: Client
) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            with tenant(ada.organization_id):
                ApiKey.objects.visible_to(ada).update(revoked_at=timezone.now())
            return super().read(size)

    key = bearer(make_key(ada))
    answer = client.generic("POST", "/whoami/", headers=key, **arriving(Slow(b"{}")))
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_a_body_that_breaks_off_is_told_and_raises_no_alarm(
    ada: Membership, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    key = bearer(make_key(ada))
    answer = client.generic("POST", "/whoami/", headers=key, **arriving(Broken()))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "ended before it was complete" in answer.json()["detail"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_body_over_the_limit_is_413(
    ada: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BodyParser, "limit", 10)
    answer = client.post(
        "/whoami/", "x" * 11, content_type="application/json", headers=bearer(make_key(ada))
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_another_media_type_is_415(ada: Membership, client: Client) -> None:
    answer = client.post("/whoami/", "<x/>", content_type="text/xml", headers=bearer(make_key(ada)))
    assert answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
