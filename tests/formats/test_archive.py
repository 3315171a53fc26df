"""Zip archives: entries read as if they came alone, named where they fail, bounded throughout."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from transcripts.formats import (
    Answers,
    FormatError,
    Parsed,
    Question,
    parse,
    recognise,
    zip_entries,
)

TALK = b"Agent: Hello\nCustomer: It broke\n"
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Hello\n"
WHATSAPP = b"03/04/26, 10:00 - Jane: one\n03/04/26, 10:05 - Bo: two\n"


def packed(files: dict[str, bytes], **more: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def read(files: dict[str, bytes]) -> Parsed:
    return parse(packed(files), name="calls.zip")


def errors(parsed: Parsed) -> dict[str, str]:
    return {error.field: error.faults[0].message for error in parsed.errors}


def test_every_entry_is_read_by_its_own_format() -> None:
    parsed = read({"a.txt": TALK, "b/c.vtt": VTT, "empty.txt": b""})
    assert [interaction.channel for interaction in parsed.interactions] == ["call", "video"]
    assert parsed.format == "zip"
    assert not parsed.errors
    assert "Files in the archive by format: plain_text 1, webvtt 1." in parsed.notes
    assert "Empty files in the archive were left out." in parsed.notes


@pytest.mark.parametrize("name", ["calls.zip", "calls", "calls.txt", "calls.json"])
def test_an_archive_is_told_by_its_content(name: str) -> None:
    recognition = recognise(packed({"a.txt": TALK}), name)
    assert (recognition.format, recognition.clear) == ("zip", True)


def test_entries_that_fail_are_named_beside_those_that_do_not() -> None:
    parsed = read({"a.txt": TALK, "b.txt": b"no labels here", "c.json": b'{"x": 1}'})
    assert len(parsed.interactions) == 1
    assert set(errors(parsed)) == {"b.txt", "c.json"}


def test_a_fault_in_an_entry_keeps_its_line() -> None:
    table = b"conversation_id,speaker,text\n1,Agent,Hello\n1,Customer,Hi\n2,,lost\n"
    parsed = read({"calls.csv": table})
    assert len(parsed.interactions) == 1
    assert [error.field for error in parsed.errors] == ["calls.csv, line 4: speaker"]


def test_shadows_pictures_and_recordings_are_passed_over() -> None:
    parsed = read(
        {
            "a.txt": TALK,
            "__MACOSX/._a.txt": b"\x00\x05\x16\x07 shadow",
            ".DS_Store": b"\x00\x00",
            "photo.jpg": b"\xff\xd8\xff\xe0 picture",
            "voice.opus": b"OggS voice",
            "film.mp4": b"\x00\x00\x00\x18ftypmp42",
        }
    )
    assert len(parsed.interactions) == 1
    assert not parsed.errors
    assert any("Pictures" in note for note in parsed.notes)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b.txt", "C:\\b.txt", "..\\b.txt"]
)
def test_names_that_lead_out_of_the_archive_are_refused(name: str) -> None:
    parsed = read({"a.txt": TALK, name: TALK})
    assert len(parsed.interactions) == 1
    assert "leads out of the archive" in next(iter(errors(parsed).values()))


def mail(number: int, words: str, answers: int = 0) -> bytes:
    lines = [
        f"From: {'Jane <jane@x.example>' if number % 2 else 'Dana <dana@acme.example>'}",
        "To: someone@acme.example",
        f"Date: Thu, 05 Mar 2026 1{number}:00:00 +0000",
        f"Message-ID: <{number}@x>",
        f"Subject: {'Re: ' if answers else ''}Parcel {0 if answers else number}",
        *([f"In-Reply-To: <{answers}@x>"] if answers else []),
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{words}\r\n").encode()


def test_mails_saved_one_by_one_are_put_together_to_their_threads() -> None:
    parsed = read(
        {
            "3.eml": mail(3, "Thank you", answers=2),
            "1.eml": mail(1, "Where is it?"),
            "2.eml": mail(2, "I see why you worry", answers=1),
            "5.eml": mail(5, "Another thing"),
            "7.eml": mail(7, ""),
        }
    )
    found = sorted([turn.text for turn in interaction.turns] for interaction in parsed.interactions)
    assert found == [["Another thing"], ["Where is it?", "I see why you worry", "Thank you"]]
    assert "without words" in errors(parsed)["7.eml"]
    assert any("threads" in note for note in parsed.notes)


def test_an_archive_in_an_archive_is_refused_by_name() -> None:
    parsed = read({"a.txt": TALK, "inner.zip": packed({"b.txt": TALK})})
    assert len(parsed.interactions) == 1
    assert "unpack it first" in errors(parsed)["inner.zip"]


def test_a_link_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in errors(parse(target.getvalue(), name="x.zip"))["link.txt"]


def test_an_encrypted_entry_is_refused_by_name() -> None:
    data = bytearray(packed({"a.txt": TALK, "b.txt": TALK}))
    for signature, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.rfind(signature)
        flags = struct.unpack_from("<H", data, place + at)[0]
        struct.pack_into("<H", data, place + at, flags | 1)
    parsed = parse(bytes(data), name="x.zip")
    assert len(parsed.interactions) == 1
    assert "is encrypted" in errors(parsed)["b.txt"]


def test_a_damaged_entry_is_refused_by_name() -> None:
    data = bytearray(packed({"a.txt": TALK, "b.txt": TALK * 50}))
    place = data.rfind(b"b.txt", 0, data.find(b"PK\x01\x02")) + 8
    data[place : place + 8] = b"\xff" * 8
    parsed = parse(bytes(data), name="x.zip")
    assert len(parsed.interactions) == 1
    assert "is damaged" in errors(parsed)["b.txt"]


def test_a_cut_archive_is_refused() -> None:
    with pytest.raises(FormatError, match="is damaged"):
        parse(packed({"a.txt": TALK})[:-20], name="x.zip")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({}), "empty zip archive"),
        (packed({"a.png": b"\x89PNG"}), "holds no transcripts"),
        (packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "Office document"),
    ],
)
def test_archives_without_transcripts_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        parse(data, name="x.zip")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(FormatError, match="times its size"):
        read({"a.txt": b"a" * (zip_entries.RATIO_FROM + 1)})


def test_too_much_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_entries, "MAX_TOTAL", len(TALK))
    with pytest.raises(FormatError, match="split it up"):
        read({"a.txt": TALK, "b.txt": TALK})


def test_one_entry_that_is_too_large_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_entries, "MAX_ENTRY", len(TALK))
    parsed = read({"a.txt": TALK, "b.txt": TALK * 2})
    assert len(parsed.interactions) == 1
    assert "is too large" in errors(parsed)["b.txt"]


def test_more_than_ten_thousand_entries_are_refused() -> None:
    with pytest.raises(FormatError, match=r"holds 10,001 entries; at most 10,000"):
        read({f"{number}.txt": b"x" for number in range(10_001)})


def test_questions_of_entries_are_asked_once_and_answers_reach_them() -> None:
    files = {"a/_chat.txt": WHATSAPP, "b/_chat.txt": WHATSAPP}
    asked = read(files)
    assert list(asked.open).count(Question.DAY_FIRST) == 1
    told = parse(packed(files), name="x.zip", answers=Answers(day_first=True))
    assert Question.DAY_FIRST not in told.open
    assert len(told.interactions) == 2


def test_an_entry_without_a_name_does_no_harm() -> None:
    data = packed({"a.txt": TALK, "Q~": TALK}).replace(b"Q~", b"\x00\x00")
    assert len(parse(data, name="x.zip").interactions) == 2


def test_the_command_reads_an_archive_and_names_what_it_could_not_read(tmp_path: Path) -> None:
    path = tmp_path / "calls.zip"
    path.write_bytes(packed({"a.txt": TALK, "b/c.vtt": VTT, "bad.txt": b"no labels"}))
    done = subprocess.run(
        [sys.executable, "manage.py", "convert", str(path)],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert done.returncode == 1
    assert [json.loads(line)["channel"] for line in done.stdout.splitlines()] == ["call", "video"]
    assert "bad.txt" in done.stderr


def test_a_stated_channel_reaches_every_entry() -> None:
    parsed = parse(packed({"a.txt": TALK}), name="x.zip", channel="video")
    assert [interaction.channel for interaction in parsed.interactions] == ["video"]


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 10, TALK])
def test_what_is_no_archive_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse(data, name="x.zip", format="zip")


TICKETS = [{"id": "7", "subject": "Order", "requester_id": "1", "assignee_id": "2",
            "description": "It broke"}]  # fmt: skip
PEOPLE = [{"id": "1", "name": "Cora", "role": "end-user"},
          {"id": "2", "name": "Dana", "role": "agent"}]  # fmt: skip
COMMENTS = [
    {"id": 1, "ticket_id": 7, "author_id": 1, "body": "It broke", "public": True},
    {"id": 2, "ticket_id": 7, "author_id": 2, "body": "Oh dear", "public": True},
]


def as_lines(values: list[dict[str, Any]]) -> bytes:
    return "\n".join(map(json.dumps, values)).encode()


@pytest.mark.parametrize(
    "files",
    [
        {"comments.json": {"comments": COMMENTS}, "tickets.json": {"tickets": TICKETS},
         "users.json": {"users": PEOPLE}},
        {"a/z.json": {"zendesk_ticket_comments": COMMENTS}, "a/y.json": {"zendesk_users": PEOPLE},
         "a/x.json": {"zendesk_tickets": TICKETS}},
        {"x/comments.json": COMMENTS, "x/tickets.json": TICKETS, "x/users.json": PEOPLE},
    ],
    ids=["api", "prefixed", "lists"],
)  # fmt: skip
def test_parts_of_one_export_are_one_file(files: dict[str, Any]) -> None:
    for write in (json.dumps, lambda value: as_lines(value) if isinstance(value, list) else None):
        written = {name: write(value) for name, value in files.items()}
        if None in written.values():
            continue
        data = {name: d if isinstance(d, bytes) else str(d).encode() for name, d in written.items()}
        parsed = read(data)
        (found,) = parsed.interactions
        assert (found.external_id, found.subject, parsed.errors) == ("7", "Order", ())
        assert [(turn.role, turn.speaker, turn.text) for turn in found.turns] == [
            ("customer", "Cora", "It broke"), ("agent", "Dana", "Oh dear"),
        ]  # fmt: skip
        assert (
            "Files of the archive that are parts of one export were read together." in parsed.notes
        )


def test_parts_of_freshdesk_are_one_file_and_other_folders_stay_apart() -> None:
    ticket = {"id": 7, "description_text": "It broke", "requester_id": 1, "subject": "Order"}
    answer = {"ticket_id": 7, "body_text": "Oh dear", "incoming": False, "user_id": 2}
    here = {"a/tickets.json": [ticket], "a/conversations.json": [answer]}
    there = {"b/tickets.json": [ticket], "c/conversations.json": [answer]}
    for files, turns in ((here, [2]), (there, [1, 1])):
        parsed = read({name: json.dumps(value).encode() for name, value in files.items()})
        assert [len(found.turns) for found in parsed.interactions] == turns


def test_a_part_without_others_is_refused_by_its_name() -> None:
    parsed = read({"users.json": json.dumps({"users": PEOPLE}).encode(), "a.txt": TALK})
    assert len(parsed.interactions) == 1
    assert "holds a list of users" in errors(parsed)["users.json"]
    damaged = as_lines(COMMENTS) + b"\n{nope\n"
    parsed = read({"c.jsonl": damaged, "t.json": json.dumps(TICKETS).encode()})
    assert len(parsed.interactions[0].turns) == 2
    assert list(errors(parsed)) == ["c.jsonl, line 3"]
