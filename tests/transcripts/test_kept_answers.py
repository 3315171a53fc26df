"""What waits for an answer is kept redacted for a day: answered later, it is the same."""

import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from qa import tasks
from qa.intake import files, kept, kept_tables
from qa.intake.questions import SourceAnswers
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.transcripts.test_questions import (
    HTMX,
    PAGE,
    captions,
    file_of,
    interactions,
    roles,
    rows,
    send,
    words,
)
from transcripts import actions
from transcripts.formats import Candidate, Recognition
from transcripts.models import KeptReading, UploadedFile

SignIn = Callable[[Membership | None], Client]
TOLD = {"role-0": "customer", "role-1": "agent"}
TALK = "Thank you for calling, how may I help?\nI am so worried about my claim!\nI can see why.\n"
PRIVATE = (
    "Can I take your card number?\n4111 1111 1111 1111, and I am so upset.\n"
    "What is your last name?\nWinterbourne.\nThank you, that must be awful.\n"
)
CHAT = (
    "conversation_id,sender,content,timestamp\n"
    "c-1,Jo Winter,I am worried. My mail is jo@example.com.,{0}\n"
    "c-1,Robin Vale,Oh no. Where are you?,{1}\n"
)
TABLE = (
    "ref;wer;aussage;wann\n"
    "r1;Robin Vale;What can I do?;2026-03-05 10:15\n"
    "r1;Jo Winter;I am angry! My card is 4111 1111 1111 1111.;2026-03-05 10:16\n"
    "r2;Robin Vale;What is your last name?;2026-03-05 11:15\n"
    "r2;Ann Ames;Winterbourne. Nobody called me.;2026-03-05 11:16\n"
)
PIECES = {"piece-0": "agent", "rest": "alternate"}
COLUMNS = {"column-text": "2", "column-speaker": "1", "column-conversation": "0"}
THREE = {"role-0": "customer", "role-1": "customer", "role-2": "agent"}


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def answer(client: Client, row: UploadedFile, **fields: str) -> Any:
    """Answer what is asked, without the file, as after a reload."""
    return client.post(f"{PAGE}files/{row.pk}/", fields, headers=HTMX)


def kept_forms(organization: Organization) -> list[Any]:
    with tenant(organization.id):
        found = KeptReading.objects.visible_to(System(organization.id))
        return [json.loads(zlib.decompress(bytes(row.content))) for row in found]


def content(organization: Organization) -> list[Any]:
    return [
        (
            one.transcript.turns,
            one.content_hash,
            one.external_id,
            one.channel,
            one.started_at if one.started_at_known else None,
            one.duration_s,
            one.metadata,
            one.redacted,
        )
        for one in interactions(organization)
    ]


@pytest.mark.parametrize(
    ("name", "text", "steps"),
    [
        ("call.vtt", captions(), [TOLD]),
        ("call.vtt", captions(said="I am Jo Winter, my card is 4111 1111 1111 1111."), [TOLD]),
        ("call.vtt", captions(), [{"role-0": "customer", "role-1": "bot"}]),
        ("call.vtt", captions(), [{"role-0": "unknown", "role-1": "agent"}]),
        ("call.txt", TALK, [PIECES]),
        ("call.txt", PRIVATE, [PIECES]),
        ("call.txt", PRIVATE, [{**PIECES, "piece-2": "joined", "piece-3": "out"}]),
        ("chat.csv", CHAT.format("2026-03-05 10:15:00", "2026-03-05 10:16:30"),
         [{**TOLD, "time_zone": "Europe/Berlin"}]),
        ("chat.csv", CHAT.format("3/5/26 10:15", "3/5/26 10:16"),
         [{"day_first": "day", **TOLD}, {"time_zone": "Asia/Kolkata"}]),
        ("calls.csv", TABLE, [COLUMNS, THREE]),
        ("calls.csv", TABLE, [{**COLUMNS, "column-time": "3"},
                              {**THREE, "time_zone": "America/New_York"}]),
    ],
)  # fmt: skip
def test_an_answer_without_the_file_gives_what_it_gives_with_it(  # noqa: PLR0917
    dana_s: Client,
    mallory: Membership,
    larkfield: Organization,
    name: str,
    text: str,
    steps: list[dict[str, str]],
) -> None:
    send(dana_s, file_of(text, name))
    told: dict[Any, Any] = {}
    for step in steps:
        (row,) = rows(larkfield)
        assert row.status == "asks"
        with tenant(larkfield.id):
            told |= answers_of(row, step)
        response = answer(dana_s, row, **step)
        assert response.status_code == 200, words(response.content.decode())
    (row,) = rows(larkfield)
    assert row.status == "accepted", row.faults
    assert kept_forms(larkfield) == []
    elsewhere = mallory.organization
    with tenant(elsewhere.id):
        upload = actions.open_upload(by=mallory)
        sent = files.Incoming(name, text.encode(), len(text))
        files.take_file(upload, sent, by=mallory, told=SourceAnswers(answers=told))
    assert content(larkfield) == content(elsewhere)
    assert "4111" not in json.dumps(content(larkfield), default=str)


def answers_of(row: UploadedFile, step: dict[str, str]) -> dict[Any, Any]:
    from qa.intake.forms import AnswersForm

    form = AnswersForm.of(row, step)
    assert form.is_valid(), form.errors
    return form.answers()


def test_the_format_is_told_without_the_file(
    dana_s: Client, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Candidate("csv_turns", 0.6, "a header row")
    found = Recognition("plain_text", 0.7, "lines that begin with a speaker", (other,))
    monkeypatch.setattr("qa.intake.questions.recognise", lambda data, name: found)
    talk = "Agent: Hello there.\nCustomer: I am angry about this.\n"
    send(dana_s, file_of(talk, "x.txt"))
    answer(dana_s, rows(larkfield)[0], format="plain_text")
    assert [row.status for row in rows(larkfield)] == ["accepted"]
    assert roles(interactions(larkfield)[0]) == ["agent", "customer"]


def test_what_is_kept_is_redacted_and_gone_with_the_answer(
    dana_s: Client, larkfield: Organization
) -> None:
    private = captions(customer="jo@example.com", said="My card is 4111 1111 1111 1111.")
    send(dana_s, file_of(private), file_of(PRIVATE, "call.txt"), file_of(TABLE, "calls.csv"))
    forms = json.dumps(kept_forms(larkfield))
    assert len(kept_forms(larkfield)) == 3
    for part in ("4111", "jo@example.com", "Winterbourne"):
        assert part not in forms, forms[max(0, forms.index(part) - 900) : forms.index(part) + 90]
    assert "[CARD]" in forms
    answer(dana_s, rows(larkfield)[0], **TOLD)
    assert len(kept_forms(larkfield)) == 2


def test_two_addresses_that_are_redacted_stay_two_speakers(
    dana_s: Client, larkfield: Organization
) -> None:
    text = captions(customer="jo@example.com").replace("Robin Vale", "robin@example.org")
    send(dana_s, file_of(text))
    answer(dana_s, rows(larkfield)[0], **TOLD)
    assert roles(interactions(larkfield)[0]) == ["agent", "customer", "agent"]


def test_the_page_says_until_when_it_is_kept_and_does_not_ask_for_the_file(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    html = dana_s.get(PAGE).content.decode()
    (row,) = rows(larkfield)
    assert f"{kept.until(row):%H:%M}" in html
    assert f'id="again-{row.pk}"' not in html


def test_after_a_day_it_is_gone_and_an_answer_is_told_so(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()), file_of(captions(customer="Ann Ames")))
    old, new = rows(larkfield)
    with tenant(larkfield.id):
        mine = UploadedFile.objects.visible_to(System(larkfield.id))
        mine.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    late = answer(dana_s, old, **TOLD)
    assert late.status_code == 409
    assert "more than 24 hours" in late.content.decode()
    tasks.sweep()
    assert [row.status for row in rows(larkfield)] == ["refused", "asks"]
    assert len(kept_forms(larkfield)) == 1
    swept = answer(dana_s, old, **TOLD)
    assert swept.status_code == 409
    assert "more than 24 hours" in swept.content.decode()
    assert answer(dana_s, new, **TOLD).status_code == 200


def test_two_tabs_that_answer_the_same_row_import_it_once(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    answers = [answer(dana_s, row, known="1", **TOLD) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409]
    assert "already been imported" in answers[1].content.decode()
    assert len(interactions(larkfield)) == 1


def test_an_answer_that_is_cut_off_changes_nothing(
    dana_s: Client, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)

    def cut_off(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the worker is gone")

    with monkeypatch.context() as patch:
        patch.setattr("qa.intake.answering.kept.drop", cut_off)
        with pytest.raises(OperationalError):
            answer(dana_s, row, **TOLD)
    assert interactions(larkfield) == []
    assert rows(larkfield)[0].status == "asks"
    assert answer(dana_s, row, **TOLD).status_code == 200
    assert len(interactions(larkfield)) == 1


def test_who_may_answer(
    signed_in: SignIn,
    dana_s: Client,
    alex: Membership,
    mallory: Membership,
    larkfield: Organization,
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    assert answer(signed_in(alex), row, **TOLD).status_code == 403
    stranger = signed_in(mallory)
    assert answer(stranger, row, **TOLD).status_code == 404
    there = stranger.post(f"/o/elsewhere/upload/files/{row.pk}/", TOLD, headers=HTMX)
    assert there.status_code == 404
    assert rows(larkfield)[0].status == "asks"


def test_a_column_of_addresses_as_speakers_needs_the_file_and_says_so(
    dana_s: Client, larkfield: Organization
) -> None:
    table = "ref;wer;aussage\nr1;robin@example.org;What can I do?\nr1;jo@example.com;I am angry!\n"
    send(dana_s, file_of(table, "calls.csv"))
    shown = answer(dana_s, rows(larkfield)[0], **COLUMNS).content.decode()
    (row,) = rows(larkfield)
    assert row.status == "asks"
    assert "Choose the file again" in words(shown)
    assert "jo@example.com" not in shown
    sent = {"file": file_of(table, "calls.csv")}
    shown = words(dana_s.post(f"{PAGE}files/{row.pk}/", sent, headers=HTMX).content.decode())
    assert "Who is who?" in shown
    answer(dana_s, row, **TOLD)
    assert [roles(one) for one in interactions(larkfield)] == [["agent", "customer"]]


def test_a_time_zone_whose_clocks_change_in_between_needs_the_file(
    dana_s: Client, larkfield: Organization
) -> None:
    sent = file_of(CHAT.format("2026-03-29 01:15:00", "2026-03-29 04:16:30"), "chat.csv")
    send(dana_s, sent)
    (row,) = rows(larkfield)
    shown = answer(dana_s, row, **TOLD, time_zone="Europe/Berlin").content.decode()
    assert "clocks" in words(shown)
    sent.seek(0)
    dana_s.post(f"{PAGE}files/{row.pk}/", {"file": sent}, headers=HTMX)
    (one,) = interactions(larkfield)
    assert one.started_at.isoformat() == "2026-03-29T00:15:00+00:00"


def test_a_table_with_one_very_wide_row_is_not_laid_out_as_wide(
    dana_s: Client, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = 0

    def counted(cells: Any, at: int) -> list[str]:
        nonlocal columns
        columns += 1
        return [one.cells[at] if at < len(one.cells) else "" for one in cells]

    monkeypatch.setattr(kept_tables, "_column", counted)
    narrow = "r1;Robin Vale;What can I do?\n" * 200
    wide = ";".join(["x"] * 100_000)
    table = SimpleUploadedFile("calls.csv", f"ref;wer;aussage\n{narrow}{wide}\n".encode())
    send(dana_s, table)
    (row,) = rows(larkfield)
    assert row.status == UploadedFile.Status.ASKS
    assert row.summary["needs_file"] == "size"
    assert kept_forms(larkfield) == []
    assert columns == 0, "its 20 million cells were laid out"
