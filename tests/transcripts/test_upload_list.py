"""The list of the upload page: answers for several files, rows left out, filters, details."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.transcripts.test_kept_answers import TOLD, answer
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

SignIn = Callable[[Membership | None], Client]


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def test_one_answer_for_all_files_like_it(dana_s: Client, larkfield: Organization) -> None:
    sent = [file_of(captions(said=f"This is the {n}th time!")) for n in range(3)]
    send(dana_s, *sent, file_of(captions(customer="Ann Ames")))
    shown = words(dana_s.get(PAGE).content.decode())
    assert "all 3 files that ask the same" in shown
    told = {**TOLD, "alike": "1", "details": "site: Leeds"}
    response = answer(dana_s, rows(larkfield)[0], **told).content.decode()
    assert [row.status for row in rows(larkfield)] == ["accepted"] * 3 + ["asks"]
    assert response.count('hx-swap-oob="true"') == 2
    said = [one.metadata.get("site") for one in interactions(larkfield)]
    assert said == ["Leeds", None, None]  # what was said beside the answer is that one file's


@pytest.mark.parametrize(("offered", "left"), [({}, 0), ({"alike_offered": "1"}, 1)])
def test_a_remembered_answer_is_for_those_that_came_after_the_row_was_drawn(
    dana_s: Client, larkfield: Organization, offered: dict[str, str], left: int
) -> None:
    send(dana_s, file_of(captions()))
    send(dana_s, file_of(captions(said="Nobody writes either!")))
    answer(dana_s, rows(larkfield)[0], **TOLD, **offered, remember="1")
    assert sum(row.status == "asks" for row in rows(larkfield)) == left


def test_a_waiting_file_can_be_left_out_and_put_back(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    dana_s.post(f"{PAGE}files/{row.pk}/leave-out/")
    assert "Robin Vale" not in dana_s.get(PAGE).content.decode()
    assert "Put it back" in dana_s.get(PAGE, {"show": "left_out"}).content.decode()
    assert "Left out" in dana_s.get(f"{PAGE}results/").content.decode()
    dana_s.post(f"{PAGE}files/{row.pk}/put-back/")
    assert answer(dana_s, rows(larkfield)[0], **TOLD).status_code == 200
    with tenant(larkfield.id):
        events = AuditEvent.objects.visible_to(System(larkfield.id))
        actions_seen = list(events.values_list("action", flat=True))
    assert {"file.left_out", "file.put_back"} <= set(actions_seen)
    late = dana_s.post(f"{PAGE}files/{row.pk}/leave-out/", headers=HTMX)
    assert late.status_code == 409


def test_the_list_is_filtered_by_what_became_of_files(
    dana_s: Client, larkfield: Organization
) -> None:
    good = "Agent: Hello, what can I do?\nCustomer: I am so angry that nobody calls!\n"
    send(dana_s, file_of(captions()), file_of(good, "good.txt"), file_of("", "empty.txt"))
    for show, name, count in (
        ("asks", "call.vtt", "Need your answer 1"),
        ("imported", "good.txt", "Imported 1"),
        ("rejected", "empty.txt", "Rejected 1"),
        ("", "good.txt", "All 3"),
    ):
        html = dana_s.get(PAGE, {"show": show}).content.decode()
        assert name in html
        assert count in words(html)
        assert html.count('<tr id="file-') == (1 if show else 3)
    none = dana_s.get(PAGE, {"show": "already"}).content.decode()
    assert "No files here" in none


def test_a_file_too_large_to_be_sent_is_remembered(
    dana_s: Client, signed_in: SignIn, alex: Membership, larkfield: Organization
) -> None:
    sent = {"name": "huge.csv", "size": str(900 * 1024 * 1024)}
    row = dana_s.post(f"{PAGE}unsent/", sent, headers=HTMX).content.decode()
    assert "is too large: 900 MB; the limit is" in row
    assert "huge.csv" in dana_s.get(PAGE).content.decode()
    assert "huge.csv" in dana_s.get(f"{PAGE}results/").content.decode()
    for wrong in ({"name": "x"}, {"name": "x", "size": "-1"}, {"name": "x", "size": "1e9"}):
        assert dana_s.post(f"{PAGE}unsent/", wrong, headers=HTMX).status_code == 422
    assert signed_in(alex).post(f"{PAGE}unsent/", sent).status_code == 403


def test_what_is_said_of_a_batch_fills_in_only_what_files_do_not_say(
    dana_s: Client, larkfield: Organization
) -> None:
    dated = {
        "channel": "call",
        "started_at": "2026-03-01T09:00:00Z",
        "agent": {"external_id": "a-9", "name": "Rui Costa"},
        "metadata": {"campaign": "autumn"},
        "turns": [
            {"role": "agent", "text": "Hello, what can I do?"},
            {"role": "customer", "text": "I am so angry that nobody calls!"},
        ],
    }
    bare = {"channel": "call", "turns": dated["turns"]}
    lines = f"{json.dumps(dated)}\n{json.dumps(bare)}\n"
    said = {
        "file": [file_of(lines, "two.jsonl")],
        "who": "Robin Vale",
        "team": "Night shift",
        "started_at": "2026-04-02T10:30",
        "details": "campaign: spring sale\nsite: Leeds",
    }
    shown = words(dana_s.post(PAGE, said, headers=HTMX).content.decode())
    for told in ("Agent as you said", "Start time as you said", "Details as you said"):
        assert told in shown
    found = {one.agent.name: one for one in interactions(larkfield) if one.agent}
    assert found["Rui Costa"].metadata == {"campaign": "autumn", "site": "Leeds"}
    assert found["Rui Costa"].started_at.isoformat() == "2026-03-01T09:00:00+00:00"
    assert found["Robin Vale"].metadata == {"campaign": "spring sale", "site": "Leeds"}
    assert found["Robin Vale"].started_at.isoformat() == "2026-04-02T10:30:00+00:00"
    with tenant(larkfield.id):
        assert found["Robin Vale"].agent.team.name == "Night shift"


@pytest.mark.parametrize(
    "details", ["no colon", ": x", "a:", "\n".join(f"k{n}: v" for n in range(21))]
)
def test_details_that_are_none_are_refused(dana_s: Client, details: str) -> None:
    said = {"file": [file_of(captions())], "details": details}
    assert dana_s.post(PAGE, said, headers=HTMX).status_code == 422


def test_what_is_said_of_a_batch_or_in_a_row_holds_once_the_row_is_answered(
    dana_s: Client, larkfield: Organization
) -> None:
    dana_s.post(PAGE, {"file": [file_of(captions())], "details": "site: Leeds"}, headers=HTMX)
    row = rows(larkfield)[0]
    answer(dana_s, row, **TOLD, who="Robin Vale", started_at="2026-04-02T10:30")
    (one,) = interactions(larkfield)
    assert (one.agent.name, one.metadata["site"]) == ("Robin Vale", "Leeds")
    assert one.started_at.isoformat() == "2026-04-02T10:30:00+00:00"


def test_captions_in_which_nobody_is_named_ask_who_speaks(
    dana_s: Client, larkfield: Organization
) -> None:
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\nI am so upset that nobody called me.\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\nIt has been three weeks.\n"
    )
    shown = words(send(dana_s, file_of(srt, "call.srt")).content.decode())
    assert "Who is who?" in shown
    assert "Turns without a name" in shown
    assert "For this file only" in shown
    answer(dana_s, rows(larkfield)[0], **{"role-0": "customer"}, remember="1")
    assert [set(roles(one)) for one in interactions(larkfield)] == [{"customer"}]
    send(dana_s, file_of(srt.replace("three", "four"), "next.srt"))
    assert [row.status for row in rows(larkfield)] == ["accepted", "asks"]


def test_a_row_has_one_true_status(dana_s: Client, larkfield: Organization) -> None:
    talk = "Customer: I am so upset that nobody called me.\nCustomer: It has been three weeks.\n"
    send(dana_s, file_of(talk, "one.txt"))
    (one,) = interactions(larkfield)
    tasks.process(str(larkfield.pk), str(one.pk))
    shown = words(dana_s.get(PAGE).content.decode())
    assert "Not scored: only one side speaks" in shown
    assert "Pre-scored" not in shown
