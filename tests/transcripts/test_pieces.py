"""Text without speaker labels: a person says who speaks in each of its pieces, and nobody else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from qa import tasks
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.transcripts.test_questions import (
    PAGE,
    answer,
    file_of,
    interactions,
    roles,
    rows,
    send,
    words,
)
from tests.world import make_key
from transcripts.models import Interaction, RememberedAnswer

SignIn = Callable[[Membership | None], Client]
TALK = (
    "Thank you for calling, how may I help?\n"
    "I am so worried about my claim!\n"
    "I can see why, after three weeks without a word.\n"
    "----------\n"
    "Thank you, that is a relief.\n"
)
TOLD = {"piece-0": "agent", "piece-1": "customer", "piece-2": "agent", "piece-3": "customer"}


def texts(interaction: Interaction) -> list[str]:
    return [turn["text"] for turn in interaction.transcript.turns]


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def test_a_text_without_labels_is_asked_about_piece_by_piece(
    dana_s: Client, larkfield: Organization
) -> None:
    shown = words(send(dana_s, file_of(TALK, "call.txt")).content.decode())
    (row,) = rows(larkfield)
    assert row.status == "asks"
    assert interactions(larkfield) == []
    assert "Who says what?" in shown
    assert "I am so worried about my claim! Customer Agent Someone else Join to above" in shown
    assert "Remember this" not in shown
    assert len(row.summary["questions"][0]["pieces"]) == 4


def test_the_answer_makes_turns_of_the_pieces(dana_s: Client, larkfield: Organization) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    (row,) = rows(larkfield)
    response = answer(dana_s, row, file_of(TALK, "call.txt"), **TOLD)
    (interaction,) = interactions(larkfield)
    tasks.process(str(larkfield.pk), str(interaction.pk))
    (after,) = rows(larkfield)
    assert response.status_code == 200
    assert (after.pk, after.status) == (row.pk, "accepted")
    assert roles(interaction) == ["agent", "customer", "agent", "customer"]
    assert "questions" not in after.summary
    assert interactions(larkfield)[0].status == "prescored"


def test_a_text_in_a_json_envelope_is_told_apart_alike(
    dana_s: Client, larkfield: Organization
) -> None:
    said = TALK.replace("----------\n", "").replace("\n", " ").strip()
    envelope = json.dumps({"conversation_id": "e-1", "started_at": "2026-03-01T09:00:00Z",
                           "transcript": said})  # fmt: skip
    send(dana_s, file_of(envelope, "call.json"))
    (row,) = rows(larkfield)
    assert (row.status, len(row.summary["questions"][0]["pieces"])) == ("asks", 4)
    answer(dana_s, row, file_of(envelope, "call.json"), **TOLD)
    (interaction,) = interactions(larkfield)
    assert (interaction.external_id, roles(interaction)) == (
        "e-1", ["agent", "customer", "agent", "customer"],
    )  # fmt: skip


def test_pieces_can_be_joined_left_out_and_said_by_someone_else(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    told = {"piece-0": "out", "piece-1": "customer", "piece-2": "joined", "piece-3": "unknown"}
    answer(dana_s, rows(larkfield)[0], file_of(TALK, "call.txt"), **told)
    (interaction,) = interactions(larkfield)
    assert roles(interaction) == ["customer", "unknown"]
    assert texts(interaction)[0].splitlines() == TALK.splitlines()[1:3]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("alternate", ["agent", "customer", "agent", "customer"]),
        ("same", ["agent", "agent", "agent", "agent"]),
    ],
)
def test_a_person_may_say_how_the_pieces_go_on(
    dana_s: Client, larkfield: Organization, rest: str, expected: list[str]
) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    told = {"piece-0": "agent", "rest": rest}
    answer(dana_s, rows(larkfield)[0], file_of(TALK, "call.txt"), **told)
    assert [roles(interaction) for interaction in interactions(larkfield)] == [expected]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({}, "Still open: 1, 2, 3, 4."),
        ({**TOLD, "piece-2": ""}, "Still open: 3."),
        ({"piece-0": "joined", "piece-1": "agent"}, "Still open: 1, 3, 4."),
        ({"piece-3": "agent", "rest": "alternate"}, "Still open: 1, 2, 3."),
        (dict.fromkeys(TOLD, "out"), "Choose a speaker for at least one piece."),
        ({**TOLD, "piece-1": "king"}, "Still open: 2."),
    ],
)
def test_what_is_missing_is_told_and_what_was_chosen_stays(
    dana_s: Client, larkfield: Organization, told: dict[str, str], fault: str
) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    (row,) = rows(larkfield)
    response = answer(dana_s, row, file_of(TALK, "call.txt"), **told)
    plain = dana_s.post(f"{PAGE}files/{row.pk}/", {"file": file_of(TALK, "call.txt"), **told})
    chosen = sum(who in ("agent", "customer", "out") for who in told.values())
    for shown in (response.content.decode(), plain.content.decode()):
        assert fault in shown
        assert shown.count(" checked>") == chosen
    assert (response.status_code, plain.status_code) == (422, 422)
    assert rows(larkfield)[0].status == "asks"


def test_an_answer_fits_only_the_very_same_content(dana_s: Client, larkfield: Organization) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    other = TALK.replace("relief", "burden")
    response = answer(dana_s, rows(larkfield)[0], file_of(other, "call.txt"), **TOLD)
    assert interactions(larkfield) == []
    assert rows(larkfield)[0].status == "asks"
    assert "different content from the one you answered for" in response.content.decode()
    answer(dana_s, rows(larkfield)[0], file_of(other, "call.txt"), **TOLD)
    assert len(interactions(larkfield)) == 1


def test_an_answer_is_not_remembered(dana_s: Client, larkfield: Organization) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    answer(dana_s, rows(larkfield)[0], file_of(TALK, "call.txt"), **TOLD, remember="1")
    send(dana_s, file_of(TALK.replace("claim", "order"), "next.txt"))
    with tenant(larkfield.id):
        assert not RememberedAnswer.objects.visible_to(System(larkfield.id)).exists()
    assert [row.status for row in rows(larkfield)] == ["accepted", "asks"]


def test_the_same_text_stays_the_same_interaction_however_it_is_told(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(TALK, "call.txt"), file_of(TALK, "again.txt"))
    first, second = rows(larkfield)
    answer(dana_s, first, file_of(TALK, "call.txt"), **TOLD)
    told = {**TOLD, "piece-3": "joined"}
    answer(dana_s, second, file_of(TALK, "again.txt"), **told)
    (interaction,) = interactions(larkfield)
    assert len(texts(interaction)) == 4
    assert [row.status for row in rows(larkfield)] == ["accepted", "duplicate"]


def test_speakers_that_were_not_known_are_filled_in_later(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(TALK, "call.txt"), file_of(TALK, "again.txt"))
    first, second = rows(larkfield)
    answer(dana_s, first, file_of(TALK, "call.txt"), **dict.fromkeys(TOLD, "unknown"))
    answer(dana_s, second, file_of(TALK, "again.txt"), **TOLD)
    (interaction,) = interactions(larkfield)
    assert roles(interaction) == list(TOLD.values())


def test_what_waits_is_redacted(dana_s: Client, larkfield: Organization) -> None:
    private = f"{TALK}My card is 4111 1111 1111 1111, write to jo@example.com.\n"
    shown = send(dana_s, file_of(private, "call.txt")).content.decode()
    kept = json.dumps(rows(larkfield)[0].summary)
    for text in (shown, kept):
        assert "4111" not in text
        assert "jo@example.com" not in text
        assert "[CARD]" in text


def test_a_text_with_too_many_pieces_is_refused_in_words(
    dana_s: Client, larkfield: Organization
) -> None:
    shown = words(send(dana_s, file_of("So it is.\n" * 401, "long.txt")).content.decode())
    assert rows(larkfield)[0].status == "refused"
    assert "more than the 400 lines or sentences that a person can tell apart" in shown


def test_rest_and_the_command_refuse_it_and_say_what_can_be_done(
    larkfield: Organization, ada: Membership, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    sent = {"file": file_of(TALK, "call.txt")}
    body = Client().post("/api/v1/uploads/", sent, headers=key).json()
    (tmp_path / "call.txt").write_text(TALK)
    with pytest.raises(SystemExit):
        call_command("import", str(tmp_path), organization="larkfield")
    for told in (json.dumps(body, ensure_ascii=False), capsys.readouterr().out):
        assert "has no speaker labels" in told
        assert "lines such as" in told
        assert "on the upload page" in told
    assert {row.status for row in rows(larkfield)} == {"refused"}
    assert interactions(larkfield) == []


def test_without_htmx_the_answer_leads_back_to_the_page(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(TALK, "call.txt"))
    address = f"{PAGE}files/{rows(larkfield)[0].pk}/"
    response = dana_s.post(address, {"file": file_of(TALK, "call.txt"), **TOLD})
    assert response.status_code == 302
    assert len(interactions(larkfield)) == 1
