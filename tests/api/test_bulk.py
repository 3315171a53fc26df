"""Pushing many interactions at once over REST."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from qa import dispatch
from qa.api import bulk as bulk_api
from qa.celery import app
from qa.intake import batches
from qa.intake.upload_handler import body_of
from qa.organizations.models import Agent, Membership, Organization, Scope
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import interaction_json, make_key
from transcripts import rows
from transcripts.models import Interaction, Transcript

BULK = "/api/v1/interactions/bulk/"
NDJSON = "application/x-ndjson"


def lines(*records: Any) -> bytes:
    return b"".join(
        (record if isinstance(record, bytes) else json.dumps(record).encode()) + b"\n"
        for record in records
    )


def call(number: int, **changes: Any) -> dict[str, Any]:
    return interaction_json(external_id=f"c-{number}", **changes)


def push(rest: Any, body: bytes, content_type: str = NDJSON) -> Any:
    return rest.post("/interactions/bulk/", body, content_type=content_type)


def stored(organization: Organization) -> list[str | None]:
    with tenant(organization.pk):
        mine = Interaction.objects.visible_to(System(organization.pk))
        return sorted(mine.values_list("external_id", flat=True))


def test_every_valid_line_is_kept_and_the_others_are_named(
    rest: Any, larkfield: Organization
) -> None:
    no_role = call(2, turns=[{"text": "Hello"}])
    answer = push(rest, lines(call(1), no_role, b"", b"{nope", call(3), call(1)))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["accepted"], body["duplicates"]) == (2, 1)
    assert [rejected["line"] for rejected in body["rejected"]] == [2, 4]
    assert body["rejected"][0]["errors"] == [
        {
            "path": "turns[0].role",
            "message": "is missing; expected one of customer, agent, bot, system, unknown",
        }
    ]
    assert "is not valid JSON" in body["rejected"][1]["errors"][0]["message"]
    assert stored(larkfield) == ["c-1", "c-3"]


def test_the_same_lines_again_are_duplicates_and_other_content_is_rejected(
    rest: Any, larkfield: Organization
) -> None:
    push(rest, lines(call(1), call(2)))
    body = push(rest, lines(call(1), call(2, channel="chat"), call(3))).json()
    assert (body["accepted"], body["duplicates"]) == (1, 1)
    (rejected,) = body["rejected"]
    assert rejected["line"] == 2
    assert rejected["errors"][0]["path"] == "external_id"
    assert "different content" in rejected["errors"][0]["message"]
    assert stored(larkfield) == ["c-1", "c-2", "c-3"]


def rehearsed(rest: Any, body: bytes) -> Any:
    return rest.post("/interactions/bulk/?dry_run=true", body, content_type=NDJSON)


def test_a_dry_run_says_what_would_become_of_the_lines_and_keeps_nothing(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also across batches, whose lines the later ones can't find."""
    push(rest, lines(call(1), call(2)))
    agents = agents_of(larkfield)
    monkeypatch.setattr(batches, "BATCH", 2)
    other, new = call(3, channel="chat"), {"name": "Nina", "external_id": "n-1"}
    body = lines(
        call(1),  # here already
        call(2, channel="chat"),  # here with other content
        call(3, agent=new),
        call(4),
        call(3, agent=new),  # the same as two lines before
        other,  # and not the same
        {"channel": "fax"},
        call(4),
        interaction_json(),
        interaction_json(),
    )
    told = rehearsed(rest, body)
    assert told.status_code == 200
    assert stored(larkfield) == ["c-1", "c-2"]
    assert agents_of(larkfield) == agents
    done = push(rest, body).json()
    for answer in (told.json(), done):
        assert (answer["accepted"], answer["duplicates"]) == (3, 4)
        assert [rejected["line"] for rejected in answer["rejected"]] == [2, 6, 7]
    assert "different content" in told.json()["rejected"][1]["errors"][0]["message"]


def agents_of(organization: Organization) -> int:
    with tenant(organization.pk):
        return Agent.objects.visible_to(System(organization.pk)).count()


def test_a_dry_run_rings_for_no_worker(
    rest: Any, larkfield: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        rehearsed(rest, lines(call(1)))
    assert waiting == []


@pytest.mark.parametrize(
    ("query", "path", "words"),
    [
        ("nonsense=1", "nonsense", "expected only dry_run, on_conflict"),
        ("on_conflict=replace", "on_conflict", "push it by itself"),
        ("dry_run=perhaps", "dry_run", ""),
        ("dry_run=true&dry_run=false", "dry_run", "more than once"),
    ],
)
def test_what_bulk_can_not_do_is_refused_and_not_passed_over(
    rest: Any, larkfield: Organization, query: str, path: str, words: str
) -> None:
    answer = rest.post(f"/interactions/bulk/?{query}", lines(call(1)), content_type=NDJSON)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["path"] == path
    assert words in fault["message"]
    assert stored(larkfield) == []


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_lines_arrive(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    opened: list[bool] = []

    class Watched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            opened.append(connection.in_atomic_block)
            return super().read(len(body) // 9)

    body = lines(*map(call, range(5)))
    sent = {"wsgi.input": Watched(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": NDJSON}
    answer = rest.client.generic("POST", BULK, headers=rest.headers, **sent)
    assert answer.json()["accepted"] == 5
    assert len(opened) > 5
    assert not any(opened)


def test_what_is_kept_is_redacted_and_named_to_the_workers(
    rest: Any,
    larkfield: Organization,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    named: list[str] = []
    monkeypatch.setattr(dispatch, "BATCH_SIZE", 2)
    monkeypatch.setattr(
        app,
        "send_task",
        lambda task, args, **_: named.extend([args[1]] if isinstance(args[1], str) else args[1]),
    )
    turns = [{"role": "customer", "text": "My card is 4111 1111 1111 1111."}]
    with django_capture_on_commit_callbacks(execute=True):
        push(rest, lines(*(call(n, turns=turns) for n in range(5))))
    with tenant(larkfield.pk):
        by = System(larkfield.pk)
        texts = {transcript.turns[0]["text"] for transcript in Transcript.objects.visible_to(by)}
        ids = set(Interaction.objects.visible_to(by).values_list("pk", flat=True))
    assert texts == {"My card is [CARD]."}
    assert {UUID(pk) for pk in named} == ids
    assert len(named) == 5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"channel": "\xff"}', "is not UTF-8"),
        (b'{"channel": "\x00"}', "contains a NUL byte"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"channel": "call", "channel": "chat"}', "twice"),
        (b"[]", "must be a JSON object"),
        (lines(call(1)).strip() + b"\r", ""),
    ],
    ids=["no UTF-8", "NUL", "deep", "twice", "list", "CRLF"],
)
def test_each_kind_of_bad_line_is_told_and_its_neighbours_are_kept(
    rest: Any, larkfield: Organization, line: bytes, words: str
) -> None:
    body = push(rest, lines(call(7), line, call(8))).json()
    assert body["accepted"] == 2 + (not words)
    for rejected in body["rejected"]:
        assert rejected["line"] == 2
        assert words in rejected["errors"][0]["message"]
    assert bool(body["rejected"]) is bool(words)


def test_a_line_that_is_too_long_is_rejected_by_its_number(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transcripts.formats.strict_json.MAX_LINE", 2 * 1024 * 1024)
    body = push(rest, lines(call(1), b"{" + b" " * 3 * 1024 * 1024 + b"}", call(2))).json()
    assert body["accepted"] == 2
    (rejected,) = body["rejected"]
    assert rejected == {"line": 2, "errors": [{"path": "", "message": "is longer than 2 MB"}]}


def test_lines_beyond_the_limit_are_told_and_not_read(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_api, "MAX_LINES", 3)
    body = push(rest, lines(*map(call, range(6)))).json()
    assert body["accepted"] == 3
    (rejected,) = body["rejected"]
    assert rejected["line"] == 4
    assert "3 lines" in rejected["errors"][0]["message"]
    assert stored(larkfield) == ["c-0", "c-1", "c-2"]


@pytest.mark.parametrize("body", [b"", b"\n \n"])
def test_an_empty_body_is_told(rest: Any, body: bytes) -> None:
    answer = rest.client.generic(
        "POST", BULK, body, headers={**rest.headers, "Content-Type": NDJSON}
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "is empty" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "x", ""])
def test_another_content_type_is_refused(
    rest: Any, larkfield: Organization, content_type: str
) -> None:
    answer = push(rest, lines(call(1)), content_type)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"
    assert stored(larkfield) == []


def test_a_charset_behind_the_content_type_is_fine(rest: Any) -> None:
    answer = push(rest, lines(call(1)), "Application/X-NDJSON; charset=utf-8")
    assert answer.json()["accepted"] == 1


def test_the_named_faults_end_somewhere_and_every_line_is_named(
    rest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_api, "FAULTS_NAMED", 4)
    bad = {"channel": "call", "turns": [{}, {}, {}]}
    body = push(rest, lines(*[bad] * 5)).json()
    assert [rejected["line"] for rejected in body["rejected"]] == [1, 2, 3, 4, 5]
    assert [len(rejected["errors"]) for rejected in body["rejected"]] == [4, 1, 1, 1, 1]


def test_a_line_that_fails_in_an_unforeseen_way_is_rejected_alone(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows.redact_each

    def fail_on_three(many: Any, *options: Any) -> Any:
        for interaction in many:
            if interaction.external_id == "c-3":
                raise ValueError(interaction.turns[0].text)
        return whole(many, *options)

    monkeypatch.setattr(rows, "redact_each", fail_on_three)
    body = push(rest, lines(*map(call, range(6)))).json()
    assert body["accepted"] == 5
    assert [rejected["line"] for rejected in body["rejected"]] == [4]
    assert stored(larkfield) == ["c-0", "c-1", "c-2", "c-4", "c-5"]


@pytest.mark.django_db(transaction=True)
def test_a_broken_connection_keeps_the_batches_before_and_sending_again_completes_them(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    body = lines(*map(call, range(7)))
    cut = BytesIO(body[: body.rfind(b"c-5")])

    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if found := cut.read(size):
                return found
            raise ConnectionResetError

    request = {"wsgi.input": Broken(), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": NDJSON}
    answer = rest.client.generic("POST", BULK, headers=rest.headers, **request)
    assert answer.status_code == 400
    assert stored(larkfield) == ["c-0", "c-1", "c-2", "c-3"]
    again = push(rest, body).json()
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (3, 4, [])


def test_the_body_is_read_as_it_is_needed_and_never_whole(
    rest: Any, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    record = lines(call(0, metadata={"filler": "x" * 10_000}))
    sent: list[int] = []
    kept_meanwhile: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            kept_meanwhile.append(len(stored(larkfield)))
            yield record.replace(b"c-0", f"c-{number}".encode())

    class Streamed:
        """A body without a length, as of a client that sends while it still writes."""

        def __init__(self) -> None:
            self.source, self.left = pieces(), b""

        def readline(self, size: int) -> bytes:
            raise AssertionError("lines are found in what was read")

        def read(self, size: int) -> bytes:
            sent.append(size)
            while len(self.left) < size and (piece := next(self.source, b"")):
                self.left += piece
            data, self.left = self.left[:size], self.left[size:]
            return data

    request = {"wsgi.input": Streamed(), "wsgi.input_terminated": True, "CONTENT_TYPE": NDJSON}
    answer = rest.client.generic("POST", BULK, headers=rest.headers, **request)
    assert answer.json()["accepted"] == 100
    assert max(sent) <= 64 * 1024
    assert 0 < kept_meanwhile[50] < 51


def test_without_length_and_without_an_end_nothing_is_read() -> None:
    request = RequestFactory().post(BULK, b"", content_type=NDJSON)
    assert body_of(request).read() == b""


def test_who_may_push_in_bulk(callers: dict[str, Any], larkfield: Organization) -> None:
    got = {name: push(caller, lines(call(1))).status_code for name, caller in callers.items()}
    assert got == {"reader": 403, "writer": 200, "stranger": 200, "keyless": 401}
    assert stored(larkfield) == ["c-1"]


def test_a_key_of_elsewhere_stores_elsewhere(
    stranger: Any, writer: Any, larkfield: Organization, elsewhere: Organization
) -> None:
    assert push(stranger, lines(call(1), call(2))).json()["accepted"] == 2
    assert push(writer, lines(call(1))).json()["accepted"] == 1
    assert (stored(larkfield), stored(elsewhere)) == (["c-1"], ["c-1", "c-2"])


@pytest.mark.django_db(transaction=True)
def test_a_revoked_key_keeps_nothing(ada: Membership, larkfield: Organization) -> None:
    secret = make_key(ada, Scope.INTERACTIONS_READ)
    answer = Client().post(
        BULK, lines(call(1)), content_type=NDJSON, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 403
    assert stored(larkfield) == []
