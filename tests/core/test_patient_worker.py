"""Requests that stop half-way stand in nobody's way, and are told so in the end."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from select import select
from socket import create_connection, socket
from typing import Any

import pytest
from django.db import connection

from qa.organizations.models import ApiKey, Membership, Scope
from qa.tenancy.context import tenant
from tests.web_server import web_server
from tests.world import interaction_json, make_key

pytestmark = pytest.mark.django_db(transaction=True)

BOUND = 60  # seconds, far beyond what anything here should take
LOGIN, PUSH = "/accounts/login/", "/api/v1/interactions/"
JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def half_sent(key: str) -> dict[str, bytes]:
    """Requests that break off, by what they are."""
    bearer = f"Authorization: Bearer {key}"
    return {
        "a head": head("GET", PUSH, bearer)[:-2],
        "a form": head("POST", LOGIN, FORM, "Content-Length: 900") + b"username=a",
        "a push": head("POST", PUSH, bearer, JSON, "Content-Length: 5000") + b"{",
        "a long push": head("POST", PUSH, bearer, JSON, "Content-Length: 900000") + b"{" * 99_000,
        "one in chunks": head("POST", PUSH, bearer, JSON, "Transfer-Encoding: chunked")
        + b"5\r\n\r\n\r\n{",
        "one that waits for a word": head(
            "POST", PUSH, bearer, JSON, "Content-Length: 99", "Expect: 100-continue"
        ),
    }


@pytest.fixture(scope="module")
def patient(django_db_setup: None) -> Iterator[int]:
    """The port of a server that waits for longer than any test."""
    with web_server(REQUEST_SECONDS="3600") as port:
        yield port


@pytest.fixture(scope="module")
def strict(django_db_setup: None) -> Iterator[int]:
    """The port of a server that waits for a second."""
    with web_server(REQUEST_SECONDS="1") as port:
        yield port


@contextmanager
def open_connections(port: int, requests: list[bytes]) -> Iterator[list[socket]]:
    """A connection for each, that has sent so much and stays open."""
    with ExitStack() as opened:
        connections = [
            opened.enter_context(create_connection(("127.0.0.1", port), timeout=BOUND))
            for _ in requests
        ]
        for client, request in zip(connections, requests, strict=True):
            client.sendall(request)
        yield connections


def asked(port: int, method: str, path: str, body: Any = None, key: str = "") -> int:
    """The status of an ordinary call."""
    client = HTTPConnection("127.0.0.1", port, timeout=BOUND)
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        client.request(method, path, body, headers)
        return client.getresponse().status
    finally:
        client.close()


def answer_of(client: socket) -> tuple[int, dict[str, str], bytes]:
    """The answer, read until the server closes the connection."""
    with client.makefile("rb") as answer:
        top, _, content = answer.read().partition(b"\r\n\r\n")
    if top.startswith(b"HTTP/1.1 100"):
        top, _, content = content.partition(b"\r\n\r\n")
    status, *lines = top.decode().split("\r\n")
    return int(status.split(" ")[1]), dict(line.split(": ", 1) for line in lines), content


def test_others_are_answered_while_many_requests_stand_half_sent(
    ada: Membership, patient: int
) -> None:
    key, another = make_key(ada), make_key(ada, Scope.INTERACTIONS_READ, Scope.INTERACTIONS_WRITE)
    port = patient
    with open_connections(port, [*half_sent(key).values()] * 6) as connections:
        wait_until(lambda: key_was_used(ada))
        assert asked(port, "GET", "/healthz") == 200
        assert asked(port, "GET", LOGIN) == 200
        assert asked(port, "GET", PUSH, key=another) == 200
        assert asked(port, "GET", PUSH, key=key) == 200
        assert asked(port, "POST", PUSH, json.dumps(interaction_json()), key=another) == 201
        assert idle_transactions() == 0
        assert not closed(connections)


def test_a_request_that_does_not_arrive_in_its_time_is_answered_408(
    ada: Membership, strict: int
) -> None:
    requests = half_sent(make_key(ada))
    with open_connections(strict, [*requests.values()] * 4) as connections:
        for name, client in zip([*requests] * 4, connections, strict=True):
            status, headers, content = answer_of(client)
            assert status == 408, name
            if name == "a form":
                assert headers["Content-Type"].startswith("text/plain"), name
            else:
                assert headers["Content-Type"] == "application/problem+json", name
                assert json.loads(content)["status"] == 408, name
    assert asked(strict, "GET", "/healthz") == 200


@pytest.mark.parametrize("name", ["a head", "a form", "a push", "a long push"])
def test_dribbling_does_not_gain_time(ada: Membership, strict: int, name: str) -> None:
    with open_connections(strict, [half_sent(make_key(ada))[name]]) as (client,):
        for _ in range(BOUND * 20):
            if select([client], [], [], 0.05)[0]:
                break
            client.sendall(b"x")
        assert answer_of(client)[0] == 408


def test_a_body_that_comes_in_pieces_is_taken(ada: Membership, patient: int) -> None:
    body = json.dumps(interaction_json(metadata={"filler": "x" * 60_000})).encode()
    length, key = f"Content-Length: {len(body)}", f"Authorization: Bearer {make_key(ada)}"
    statuses = []
    for lines in ([length], [length, "Expect: 100-continue"]):
        start = head("POST", PUSH, key, JSON, "Connection: close", *lines)
        with open_connections(patient, [start]) as (client,):
            for piece in (body[:100], body[100:20_000], body[20_000:]):
                select([client], [], [], 0.05)
                client.sendall(piece)
            statuses.append(answer_of(client)[0])
    assert statuses == [201, 200]


def test_two_requests_in_one_piece_are_both_answered(db: None, patient: int) -> None:
    both = head("GET", "/healthz") + head("GET", LOGIN, "Connection: close")
    with open_connections(patient, [both]) as (client,), client.makefile("rb") as answer:
        assert answer.read().count(b"HTTP/1.1 200 OK") == 2


def test_a_head_without_end_is_refused(db: None, patient: int) -> None:
    endless = b"GET / HTTP/1.1\r\nX-Filler: " + b"x" * 66_000
    with open_connections(patient, [endless]) as (client,):
        assert answer_of(client)[0] == 431


def test_whoever_does_not_hang_up_holds_nobody_up(db: None, patient: int) -> None:
    last = head("GET", "/healthz", "Connection: close")
    with open_connections(patient, [last] * 24) as connections:
        assert [answer_of(client)[0] for client in connections] == [200] * 24
        assert asked(patient, "GET", "/healthz") == 200


def wait_until(met: Callable[[], bool]) -> None:
    for _ in range(BOUND * 20):
        if met():
            return
        select([], [], [], 0.05)
    raise AssertionError("it did not come about")


def key_was_used(ada: Membership) -> bool:
    """True once a call has come as far as its body."""
    with tenant(ada.organization_id):
        return ApiKey.objects.visible_to(ada).filter(last_used_at__isnull=False).exists()


def idle_transactions() -> int:
    """How many connections to the test database hold a transaction in which nothing happens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%%'"
        )
        found: int = cursor.fetchone()[0]
    return found


def closed(connections: list[socket]) -> list[int]:
    """Those that were answered or closed."""
    readable = select(connections, [], [], 0)[0]
    return [n for n, client in enumerate(connections) if client in readable and not waits(client)]


def waits(client: socket) -> bool:
    """True if all that came is the word that the body may follow."""
    return client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
