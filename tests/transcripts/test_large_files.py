"""A file that holds too much for one request is refused at once, in words that say what helps."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.transcripts.test_upload_page import files, interactions, send, text, words
from tests.world import interaction_json, make_key
from transcripts.formats import csv_turns

SignIn = Callable[[Membership | None], Client]
HEADER = "conversation_id,sender,content\n"


def table(conversations: int, turns: int = 2) -> str:
    rows = [
        f"c-{number},{'agent' if turn % 2 else 'customer'},I am worried {turn}.\n"
        for number in range(conversations)
        for turn in range(turns)
    ]
    return HEADER + "".join(rows)


def lines(count: int) -> str:
    return "".join(
        f"{json.dumps(interaction_json(external_id=f'c-{number}'))}\n" for number in range(count)
    )


def packed(count: int) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for number in range(count):
            opened.writestr(f"{number}.txt", f"Agent: Hello.\nCustomer: Case {number}.\n")
    return archive.getvalue()


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.MAX_FILE_INTERACTIONS, settings.MAX_FILE_TURNS = 5, 40
    settings.MAX_FILE_CHARACTERS = 2_000


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("chats.csv", table(6), "5 interactions"),
        ("pairs.csv", "question,answer\n" + "Where is it?,On its way.\n" * 6, "5 interactions"),
        ("long.csv", table(2, turns=21), "40 turns"),
        ("calls.jsonl", lines(6), "5 interactions"),
        ("broken.jsonl", lines(1) + "x\n" * 6, "5 interactions"),
        ("list.json", f"[{','.join(lines(6).splitlines())}]", "5 interactions"),
        ("unknown.json", f"[{','.join(['{}'] * 201)}]", "200 records"),
        ("chats.ndjson", '{"Version": "1.1.0", "Transcript": []}\n' * 201, "200 records"),
        ("calls.zip", packed(6), "5 interactions"),
        ("call.txt", "Agent: Hello.\nCustomer: Oh.\n" * 21, "40 turns"),
        ("talk.txt", "Agent: Hello.\nCustomer: " + "So it is. " * 200, "2,000 characters"),
        ("unlabelled.txt", "So it is.\n" * 200 + "." * 10, "2,000 characters"),
        ("talk.vtt", "WEBVTT\n\n" + "00:01.000 --> 00:02.000\nSo.\n\n" * 41, "40 turns"),
        ("talk.srt", "1\n00:00:01,000 --> 00:00:02,000\nSo.\n\n" * 41, "40 turns"),
        ("chat.txt", "03/28/2024, 10:00 - Jo: So.\n03/28/2024, 10:00 - Al: No.\n" * 21, "40 turns"),
    ],
)
def test_what_is_too_much_is_refused_whole_and_says_what_helps(
    dana_s: Client, larkfield: Organization, name: str, content: Any, what: str
) -> None:
    shown = words(send(dana_s, text(name, content)).content.decode())
    (file,) = files(larkfield)
    assert file.status == "refused"
    assert f"holds more than {what}" in shown
    assert "Split it, or bring it in whole: by manage.py import" in shown
    assert interactions(larkfield) == []


def test_as_much_as_is_allowed_is_taken(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    send(signed_in(dana), text("chats.csv", table(5, turns=8)))
    assert [file.status for file in files(larkfield)] == ["accepted"]
    assert len(interactions(larkfield)) == 5


def test_a_table_is_not_read_to_its_end(
    signed_in: SignIn,
    dana: Membership,
    larkfield: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []

    class Watched(csv_turns.Table):
        def rows(self) -> Iterator[csv_turns.Row]:
            for row in super().rows():
                read.append(row.line)
                yield row

    def watched(whole: str) -> csv_turns.Table:
        found = whole_table(whole)
        return Watched(found.text, found.delimiter, found.header)

    whole_table = csv_turns.read_table
    monkeypatch.setattr(csv_turns, "read_table", watched)
    send(signed_in(dana), text("chats.csv", table(500)))
    assert len(read) == 11


def test_rest_refuses_it_and_the_command_takes_any_number(
    larkfield: Organization, ada: Membership, tmp_path: Path
) -> None:
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    sent = {"file": text("chats.csv", table(6))}
    body = Client().post("/api/v1/uploads/", sent, headers=key).json()
    assert body["files"][0]["status"] == "refused"
    assert "holds more than 5 interactions" in json.dumps(body)
    (tmp_path / "chats.csv").write_text(table(6))
    call_command("import", str(tmp_path), organization="larkfield")
    assert len(interactions(larkfield)) == 6
