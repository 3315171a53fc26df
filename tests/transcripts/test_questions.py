"""What a file leaves open is asked in its row, answered once, remembered for its source."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_key
from transcripts.formats import Candidate, Recognition
from transcripts.models import Interaction, RememberedAnswer, UploadedFile

SignIn = Callable[[Membership | None], Client]
PAGE = "/o/larkfield/upload/"
HTMX = {"HX-Request": "true"}


def captions(*, customer: str = "Jo Winter", said: str = "Nobody calls me back!") -> str:
    return (
        "WEBVTT\n\n"
        "00:01.000 --> 00:03.000\n<v Robin Vale>Thanks for calling, what can I do?</v>\n\n"
        f"00:04.000 --> 00:08.000\n<v {customer}>I am so angry. {said}</v>\n\n"
        "00:09.000 --> 00:12.000\n<v Robin Vale>I am sorry about that.</v>\n"
    )


def file_of(content: str, name: str = "call.vtt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def send(client: Client, *sent: SimpleUploadedFile, page: str = PAGE) -> Any:
    return client.post(page, {"file": list(sent), "format": "", "channel": ""}, headers=HTMX)


def rows(organization: Organization) -> list[UploadedFile]:
    with tenant(organization.id):
        return list(UploadedFile.objects.visible_to(System(organization.id)).order_by("id"))


def interactions(organization: Organization) -> list[Interaction]:
    with tenant(organization.id):
        mine = Interaction.objects.visible_to(System(organization.id))
        return list(mine.select_related("transcript", "agent").order_by("id"))


def roles(interaction: Interaction) -> list[str]:
    return [turn["role"] for turn in interaction.transcript.turns]


def answer(client: Client, row: UploadedFile, sent: SimpleUploadedFile, **fields: str) -> Any:
    return client.post(f"{PAGE}files/{row.pk}/", {"file": sent, **fields}, headers=HTMX)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def test_who_speaks_is_asked_with_the_first_turns_and_nothing_is_kept(
    dana_s: Client, larkfield: Organization
) -> None:
    shown = words(send(dana_s, file_of(captions())).content.decode())
    (row,) = rows(larkfield)
    assert row.status == "asks"
    assert interactions(larkfield) == []
    for part in ("Needs your answer", "Who is who?", "Robin Vale", "Thanks for calling"):
        assert part in shown


def test_the_answer_sends_the_file_again_into_the_same_row(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    response = answer(dana_s, row, file_of(captions()), **{"role-0": "customer", "role-1": "agent"})
    (interaction,) = interactions(larkfield)
    (after,) = rows(larkfield)
    assert response.status_code == 200
    assert (after.pk, after.status) == (row.pk, "accepted")
    assert "preview" not in after.summary
    assert roles(interaction) == ["agent", "customer", "agent"]
    assert "Waiting for its pre-score" in response.content.decode()


def test_what_waits_is_redacted(dana_s: Client, larkfield: Organization) -> None:
    private = captions(customer="jo@example.com", said="My card is 4111 1111 1111 1111.")
    send(dana_s, file_of(private))
    (row,) = rows(larkfield)
    kept = json.dumps(row.summary)
    assert "4111" not in kept
    assert "jo@example.com" not in kept
    assert "[CARD]" in kept


def test_an_answer_is_remembered_for_the_source_and_applied_to_the_next_file(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    told = {"role-0": "customer", "role-1": "agent", "remember": "1"}
    answer(dana_s, row, file_of(captions()), **told)
    shown = words(send(dana_s, file_of(captions(said="Nobody writes either!"))).content.decode())
    assert [roles(interaction) for interaction in interactions(larkfield)] == [
        ["agent", "customer", "agent"]
    ] * 2
    assert "Speakers as answered on" in shown
    with tenant(larkfield.id):
        by = System(larkfield.id)
        (kept,) = RememberedAnswer.objects.visible_to(by)
        events = AuditEvent.objects.visible_to(by).filter(action="answer.remembered")
        assert events.count() == 1
    assert "Robin Vale (agent)" in kept.words
    assert "Jo Winter" not in kept.words


def test_a_remembered_answer_can_be_forgotten(
    signed_in: SignIn, dana_s: Client, dana: Membership, sam: Membership, larkfield: Organization
) -> None:
    test_an_answer_is_remembered_for_the_source_and_applied_to_the_next_file(dana_s, larkfield)
    with tenant(larkfield.id):
        (kept,) = RememberedAnswer.objects.visible_to(dana)
    client = signed_in(sam)
    assert "Remembered answers (1)" in words(client.get(PAGE).content.decode())
    response = client.post(f"{PAGE}answers/{kept.pk}/forget/", follow=True)
    assert "Forgotten" in response.content.decode()
    send(client, file_of(captions(said="A third one.")))
    assert rows(larkfield)[-1].status == "asks"


def test_an_answer_not_to_be_remembered_is_used_once(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    told = {"role-0": "customer", "role-1": "agent"}
    answer(dana_s, rows(larkfield)[0], file_of(captions()), **told)
    send(dana_s, file_of(captions(said="Another day.")))
    assert [row.status for row in rows(larkfield)] == ["accepted", "asks"]


def test_elsewhere_knows_nothing_of_the_answer(
    signed_in: SignIn, dana_s: Client, mallory: Membership, larkfield: Organization
) -> None:
    test_an_answer_is_remembered_for_the_source_and_applied_to_the_next_file(dana_s, larkfield)
    send(signed_in(mallory), file_of(captions()), page="/o/elsewhere/upload/")
    assert [row.status for row in rows(mallory.organization)] == ["asks"]


def test_an_answer_with_another_file_is_not_applied_to_it(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    other = file_of(captions(customer="Ann Ames"))
    response = answer(
        dana_s, rows(larkfield)[0], other, **{"role-0": "customer", "role-1": "agent"}
    )
    assert rows(larkfield)[0].status == "asks"
    assert "Ann Ames" in response.content.decode()
    assert interactions(larkfield) == []


@pytest.mark.parametrize("told", [{}, {"role-0": "customer"}, {"role-0": "king", "role-1": "x"}])
def test_an_answer_that_is_not_complete_is_told(
    dana_s: Client, larkfield: Organization, told: dict[str, str]
) -> None:
    send(dana_s, file_of(captions()))
    response = answer(dana_s, rows(larkfield)[0], file_of(captions()), **told)
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert rows(larkfield)[0].status == "asks"


def test_a_second_answer_finds_the_file_taken_in(dana_s: Client, larkfield: Organization) -> None:
    send(dana_s, file_of(captions()))
    (row,) = rows(larkfield)
    told = {"role-0": "customer", "role-1": "agent"}
    answers = [answer(dana_s, row, file_of(captions()), **told).status_code for _ in range(2)]
    known = dana_s.post(
        f"{PAGE}files/{row.pk}/", {"file": file_of(captions()), "known": "1"}, headers=HTMX
    )
    assert answers[0] == 200
    assert known.status_code == 409
    assert len(interactions(larkfield)) == 1


def test_who_is_not_known_may_stay_so_and_is_not_scored(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()))
    told = {"role-0": "unknown", "role-1": "unknown"}
    answer(dana_s, rows(larkfield)[0], file_of(captions()), **told)
    (interaction,) = interactions(larkfield)
    tasks.process(str(larkfield.pk), str(interaction.pk))
    shown = words(dana_s.get("/o/larkfield/queue/").content.decode())
    assert "Not scored: customer not identified" in shown


def test_a_table_with_unknown_columns_asks_which_is_which(
    dana_s: Client, larkfield: Organization
) -> None:
    table = "ref;wer;aussage\nr1;Agent;What can I do?\nr1;Customer;I am angry about this!\n"
    shown = words(send(dana_s, file_of(table, "calls.csv")).content.decode())
    (row,) = rows(larkfield)
    told = {"column-text": "2", "column-speaker": "1", "column-conversation": "0"}
    answer(dana_s, row, file_of(table, "calls.csv"), **told, remember="1")
    (interaction,) = interactions(larkfield)
    assert "What is in each column?" in shown
    assert "aussage (What can I do?)" in shown
    assert roles(interaction) == ["agent", "customer"]
    assert interaction.external_id == "r1"
    more = "ref;wer;aussage\nr2;Agent;Good day.\nr2;Customer;Thank you, I am so relieved.\n"
    send(dana_s, file_of(more, "more.csv"))
    assert [interaction.external_id for interaction in interactions(larkfield)] == ["r1", "r2"]


def test_an_answer_that_opens_another_question_is_not_asked_for_again(
    dana_s: Client, larkfield: Organization
) -> None:
    table = "ref;wer;aussage\n1;Robin Vale;What can I do?\n1;Jo Winter;I am angry!\n"
    send(dana_s, file_of(table, "calls.csv"))
    (row,) = rows(larkfield)
    told = {"column-text": "2", "column-speaker": "1", "column-conversation": "0"}
    shown = answer(dana_s, row, file_of(table, "calls.csv"), **told).content.decode()
    speakers = {"role-0": "customer", "role-1": "agent"}
    answer(dana_s, row, file_of(table, "calls.csv"), **speakers)
    assert "Who is who?" in shown
    assert [row.status for row in rows(larkfield)] == ["accepted"]
    assert [roles(interaction) for interaction in interactions(larkfield)] == [
        ["agent", "customer"]
    ]


def test_times_without_a_zone_ask_for_one(dana_s: Client, larkfield: Organization) -> None:
    table = (
        "conversation_id,sender,content,timestamp\n"
        "c-1,customer,I am worried.,2026-03-05 10:15:00\nc-1,agent,Oh no.,2026-03-05 10:16:00\n"
    )
    send(dana_s, file_of(table, "chat.csv"))
    (row,) = rows(larkfield)
    wrong = answer(dana_s, row, file_of(table, "chat.csv"), time_zone="Mars/Base")
    answer(dana_s, row, file_of(table, "chat.csv"), time_zone="Europe/Berlin")
    (interaction,) = interactions(larkfield)
    assert "Choose a time zone" in wrong.content.decode()
    assert interaction.started_at.isoformat() == "2026-03-05T09:15:00+00:00"


def test_two_formats_that_fit_alike_are_asked_for(
    dana_s: Client, larkfield: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Candidate("csv_turns", 0.6, "a header row")
    found = Recognition("plain_text", 0.7, "lines that begin with a speaker", (other,))
    monkeypatch.setattr("qa.intake.questions.recognise", lambda data, name: found)
    talk = "Agent: Hello there.\nCustomer: I am angry about this.\n"
    shown = words(send(dana_s, file_of(talk, "x.txt")).content.decode())
    answer(dana_s, rows(larkfield)[0], file_of(talk, "x.txt"), format="plain_text")
    assert "Which format is it?" in shown
    assert "a header row" in shown
    assert [row.status for row in rows(larkfield)] == ["accepted"]


def test_rest_keeps_what_nobody_can_be_asked_for(larkfield: Organization, ada: Membership) -> None:
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    client = Client()
    body = client.post("/api/v1/uploads/", {"file": file_of(captions())}, headers=key).json()
    (interaction,) = interactions(larkfield)
    assert body["files"][0]["status"] == "accepted"
    assert set(roles(interaction)) == {"unknown"}
    assert "It isn't known who is the agent and who is the customer." in body["files"][0]["notes"]


def test_what_came_in_without_roles_gets_them_from_a_later_answer(
    dana_s: Client, larkfield: Organization, ada: Membership
) -> None:
    key = {"Authorization": f"Bearer {make_key(ada)}"}
    Client().post("/api/v1/uploads/", {"file": file_of(captions())}, headers=key)
    (first,) = interactions(larkfield)
    send(dana_s, file_of(captions()))
    told = {"role-0": "customer", "role-1": "agent"}
    answer(dana_s, rows(larkfield)[-1], file_of(captions()), **told)
    (interaction,) = interactions(larkfield)
    assert interaction.pk == first.pk
    assert roles(interaction) == ["agent", "customer", "agent"]
    assert [row.status for row in rows(larkfield)] == ["accepted", "duplicate"]


def test_roles_that_a_person_has_set_outlast_the_same_file_sent_again(
    dana_s: Client, larkfield: Organization
) -> None:
    told = {"role-0": "customer", "role-1": "agent"}
    send(dana_s, file_of(captions()))
    answer(dana_s, rows(larkfield)[-1], file_of(captions()), **told)
    (first,) = interactions(larkfield)
    page = f"/o/larkfield/interactions/{first.pk}/"
    dana_s.post(f"{page}role/", {"turn": "2", "role": "bot"})
    send(dana_s, file_of(captions()))
    answer(dana_s, rows(larkfield)[-1], file_of(captions()), **told)
    assert [row.status for row in rows(larkfield)] == ["accepted", "duplicate"]
    (interaction,) = interactions(larkfield)
    assert roles(interaction) == ["agent", "customer", "bot"]


def test_a_question_that_nobody_answers_is_let_go_after_a_day(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, file_of(captions()), file_of(captions(customer="Ann Ames")))
    old, new = rows(larkfield)
    with tenant(larkfield.id):
        mine = UploadedFile.objects.visible_to(System(larkfield.id))
        mine.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    tasks.sweep()
    old, new = rows(larkfield)
    assert (old.status, old.summary, new.status) == ("refused", {}, "asks")
    assert "nobody answered" in dana_s.get(PAGE).content.decode()


def test_the_page_takes_the_same_queries_for_2_asking_rows_and_20(
    dana_s: Client, larkfield: Organization
) -> None:
    def queries(number: int) -> int:
        for n in range(number):
            send(dana_s, file_of(captions(said=f"Number {n} of {number}.")))
        with CaptureQueriesContext(connection) as captured:
            assert dana_s.get(PAGE).status_code == 200
        return len(captured)

    few = queries(2)
    assert queries(18) == few
