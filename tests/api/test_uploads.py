"""Uploading files over REST."""

import json
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from qa import tasks
from qa.intake import files
from qa.intake.tally import FileTally
from qa.intake.upload_handler import FILES_IN_MEMORY
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import interaction_json
from transcripts.models import Interaction, UploadedFile

CALL = "Agent: Hello, this is Alex.\nCustomer: I am so angry that nobody calls me back!\n"


def text(name: str = "call.txt", content: str = CALL) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def count(organization: Organization) -> int:
    with tenant(organization.id):
        return Interaction.objects.visible_to(System(organization.id)).count()


def test_files_are_taken_one_by_one(rest: Any, larkfield: Organization) -> None:
    response = rest.upload(text(), text("empty.txt", ""), text("photo.png", "\x89PNG"))
    body = response.json()
    assert response.status_code == 202
    assert response["Location"] == f"/api/v1/uploads/{body['id']}/"
    assert [(file["name"], file["status"]) for file in body["files"]] == [
        ("call.txt", "accepted"),
        ("empty.txt", "refused"),
        ("photo.png", "refused"),
    ]
    assert body["files"][1]["errors"] == [{"line": None, "path": "", "message": "is empty"}]
    assert body["files"][0]["turns"] == 2
    assert count(larkfield) == 1


def test_progress_is_shown_until_all_are_pre_scored(rest: Any, larkfield: Organization) -> None:
    where = rest.upload(text()).headers["Location"].removeprefix("/api/v1")
    before = rest.get(where).json()
    pk = before["files"][0]["interaction_ids"][0]
    tasks.process(str(larkfield.pk), pk)
    after = rest.get(where).json()
    assert (before["status"], after["status"]) == ("processing", "done")
    assert before["files"][0]["interactions"]["waiting"] == 1
    assert after["files"][0]["interactions"]["waiting"] == 0


def test_format_and_channel_can_be_said(rest: Any) -> None:
    (file,) = rest.upload(text("call.log"), format="plain_text", channel="chat").json()["files"]
    assert (file["status"], file["format"], file["channels"]) == (
        "accepted",
        "plain_text",
        ["chat"],
    )


def test_a_file_of_good_and_bad_records_keeps_the_good(rest: Any, larkfield: Organization) -> None:
    lines = [interaction_json(), {"channel": "call", "turns": [{"text": "x"}]}, "no object"]
    content = "\n".join(json.dumps(line) for line in lines)
    (file,) = rest.upload(text("day.jsonl", content)).json()["files"]
    assert file["status"] == "partly"
    assert file["interactions"]["received"] == 1
    assert [(error["line"], error["path"]) for error in file["errors"]] == [
        (2, "turns[0].role"),
        (3, ""),
    ]
    assert count(larkfield) == 1


def test_the_same_file_again_is_known(rest: Any, larkfield: Organization) -> None:
    first = rest.upload(text()).json()["files"][0]
    again = rest.upload(text("other-name.txt")).json()["files"][0]
    assert again["status"] == "duplicate"
    assert again["interaction_ids"] == first["interaction_ids"]
    assert count(larkfield) == 1


def test_a_record_here_with_other_content_is_refused_and_named(
    rest: Any, larkfield: Organization
) -> None:
    rest.post("/interactions/", interaction_json(external_id="c-1"))
    changed = json.dumps(interaction_json(external_id="c-1", channel="chat"))
    (file,) = rest.upload(text("one.json", changed)).json()["files"]
    assert file["status"] == "refused"
    assert file["errors"][0]["path"] == "external_id"
    assert count(larkfield) == 1


def test_a_file_over_the_limit_is_named_with_the_limit(rest: Any, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 1024 * 1024
    big = SimpleUploadedFile("big.txt", b"x" * (settings.MAX_FILE_BYTES + 1))
    refused, kept = rest.upload(big, text()).json()["files"]
    assert refused["status"] == "refused"
    assert "the limit is 1 MB" in refused["errors"][0]["message"]
    assert kept["status"] == "accepted"


def test_together_files_cannot_fill_the_memory(rest: Any, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 1024 * 1024
    filler = [
        SimpleUploadedFile(f"{n}.txt", b"x" * settings.MAX_FILE_BYTES)
        for n in range(FILES_IN_MEMORY)
    ]
    *_, last = rest.upload(*filler, text()).json()["files"]
    assert last["status"] == "refused"
    assert "send it on its own" in last["errors"][0]["message"]


def test_a_huge_file_is_counted_and_not_kept(settings: Any) -> None:
    """The limit holds while the bytes stream: 200 MB never stand in memory or on a disk."""

    class Endless:
        """A multipart body that makes its bytes as they are read."""

        def __init__(self, size: int) -> None:
            self.head = (
                f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
                'name="file"; filename="huge.txt"\r\n\r\n'
            ).encode()
            self.left = size
            self.tail = f"\r\n--{BOUNDARY}--\r\n".encode()
            self.length = len(self.head) + size + len(self.tail)

        def read(self, size: int = 65536) -> bytes:
            if self.head:
                part, self.head = self.head, b""
            elif self.left:
                part = b"x" * min(size, self.left)
                self.left -= len(part)
            else:
                part, self.tail = self.tail, b""
            return part

        readline = read

    body = Endless(200 * 1024 * 1024)
    environ = RequestFactory().generic("POST", "/").environ
    environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(body.length)}
    request = WSGIRequest({**environ, "CONTENT_TYPE": MULTIPART_CONTENT})
    tracemalloc.start()
    file = request.FILES["file"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    incoming = files.incoming(file)
    assert peak < 2 * settings.MAX_FILE_BYTES
    assert file.size == incoming.size == 200 * 1024 * 1024
    assert incoming.data == b""
    assert "200 MB" in incoming.refused


def test_a_reader_that_fails_is_a_refusal_and_no_500(
    rest: Any, larkfield: Organization, monkeypatch: Any
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("some text of the customer's")

    monkeypatch.setattr("qa.intake.questions.parse", fail)
    (file,) = rest.upload(text()).json()["files"]
    assert file["status"] == "refused"
    assert "customer" not in json.dumps(file)
    assert count(larkfield) == 0


def test_a_fault_half_way_keeps_nothing(
    rest: Any, larkfield: Organization, monkeypatch: Any
) -> None:
    monkeypatch.setattr(FileTally, "add", lambda *args: 1 / 0)
    (file,) = rest.upload(text()).json()["files"]
    assert file["status"] == "refused"
    assert count(larkfield) == 0


def test_file_names_lose_personal_data_too(rest: Any, larkfield: Organization) -> None:
    (file,) = rest.upload(text("jane.doe@example.com.txt")).json()["files"]
    assert "jane.doe" not in file["name"]
    with tenant(larkfield.pk):
        kept = UploadedFile.objects.visible_to(System(larkfield.pk)).get()
    assert "jane.doe" not in kept.name


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"format": "morse"}, "format"),
        ({"channel": "fax"}, "channel"),
        ({"colour": "red"}, "colour"),
        ({"format": "a\x00"}, "format"),
    ],
)
def test_a_bad_field_is_named(
    rest: Any, larkfield: Organization, fields: dict[str, str], path: str
) -> None:
    response = rest.upload(text(), **fields)
    assert response.status_code == 400
    assert [error["path"] for error in response.json()["errors"]] == [path]
    assert count(larkfield) == 0


def test_a_dry_run_says_what_would_become_of_each_file_and_keeps_nothing(
    rest: Any, larkfield: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    known = rest.upload(text()).json()["files"][0]["interaction_ids"]
    new = text("new.txt", CALL + "Agent: I see.\n")
    with django_capture_on_commit_callbacks() as waiting:
        answer = rest.client.post(
            "/api/v1/uploads/?dry_run=true",
            {"file": [text(), new, text("empty.txt", "")]},
            headers=rest.headers,
        )
    assert answer.status_code == 200
    files_told = answer.json()["files"]
    assert [told["status"] for told in files_told] == ["duplicate", "accepted", "refused"]
    assert [told["interaction_ids"] for told in files_told] == [known, [], []]
    assert files_told[1]["interactions"]["received"] == 1
    assert waiting == []
    assert count(larkfield) == 1
    with tenant(larkfield.pk):
        assert UploadedFile.objects.visible_to(System(larkfield.pk)).count() == 1


@pytest.mark.parametrize("query", ["on_conflict=replace", "nonsense=1", "format=webvtt"])
def test_what_an_upload_can_not_do_is_refused(
    rest: Any, larkfield: Organization, query: str
) -> None:
    answer = rest.client.post(f"/api/v1/uploads/?{query}", {"file": text()}, headers=rest.headers)
    assert answer.status_code in (400, 404)
    assert count(larkfield) == 0


def test_a_form_without_files_is_refused(rest: Any) -> None:
    response = rest.upload()
    assert response.status_code == 400
    assert response.json()["errors"][0]["path"] == "file"


@pytest.mark.parametrize("body", [b"", b"no form", b"--x\r\nContent-Disp"])
def test_a_broken_form_is_refused(rest: Any, body: bytes) -> None:
    response = rest.post("/uploads/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_too_many_files_are_refused_in_words(rest: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    response = rest.upload(text(), text(), text())
    assert response.status_code == 400
    assert "files" in response.json()["detail"]


def test_another_content_type_is_refused(rest: Any) -> None:
    response = rest.post("/uploads/", {"file": "x"})
    assert response.status_code == 415


def test_who_may_upload_and_look(callers: dict[str, Any], larkfield: Organization) -> None:
    pk = callers["writer"].upload(text()).json()["id"]
    for caller, push, look in (
        ("keyless", 401, 401),
        ("stranger", 202, 404),
        ("reader", 403, 200),
        ("writer", 202, 403),
    ):
        assert callers[caller].upload(text()).status_code == push, caller
        assert callers[caller].get(f"/uploads/{pk}/").status_code == look, caller
    assert count(larkfield) == 1
