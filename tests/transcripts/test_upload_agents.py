"""Who the agent is, where a file names none: said while uploading, in a row, for all rows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import handovers, tasks
from qa.notices.models import Notice
from qa.organizations import directory
from qa.organizations.models import Agent, Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.transcripts.test_upload_page import PAGE, files, interactions, send, text

SignIn = Callable[[Membership | None], Client]
NAMING = "/o/larkfield/upload/agent/"
HTMX = {"HX-Request": "true"}
CALL = "Agent: Good day.\nCustomer: I am so glad that you picked up!\n"
TABLE = (
    "nr;was;wer;mitarbeiter\n7;Guten Tag, wie geht es?;Agent;{}\n7;Ich warte seit Wochen!;Kunde;\n"
)


def agents(organization: Organization) -> dict[str, str]:
    with tenant(organization.id):
        rows = Agent.objects.visible_to(System(organization.id))
        return dict(rows.values_list("external_id", "name"))


def whose(organization: Organization) -> list[str]:
    """The agents' ids of all conversations, in the order in which they came."""
    with tenant(organization.id):
        return [one.agent.external_id if one.agent else "" for one in interactions(organization)]


def name(client: Client, *rows: Any, who: str, **headers: str) -> Any:
    return client.post(NAMING, {"file": [str(row.pk) for row in rows], "who": who}, headers=headers)


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Rui Costa", {"Rui Costa": "Rui Costa"}),
        ("Rui Costa (r-7)", {"r-7": "Rui Costa"}),
        ("  rui   costa ", {"rui costa": "rui costa"}),
    ],
)
def test_all_files_of_an_upload_go_to_one_agent(
    dana_s: Client, larkfield: Organization, typed: str, expected: dict[str, str]
) -> None:
    for n in range(2):
        send(dana_s, text(f"{n}.txt", f"{CALL}Agent: {n}.\n"), who=typed)
    assert agents(larkfield) == expected
    assert whose(larkfield) == list(expected) * 2


def test_what_a_file_says_itself_stays(dana_s: Client, larkfield: Organization) -> None:
    turns = [{"role": "agent", "text": "Hi"}, {"role": "customer", "text": "Hello"}]
    stated = json.dumps({"channel": "chat", "agent": {"external_id": "a-9"}, "turns": turns})
    send(dana_s, SimpleUploadedFile("one.jsonl", stated.encode()), who="Rui Costa")
    assert whose(larkfield) == ["a-9"]


def test_a_file_that_asks_keeps_whose_it_is(dana_s: Client, larkfield: Organization) -> None:
    table = TABLE.format("")
    send(dana_s, text("list.csv", table), who="Rui Costa")
    (row,) = files(larkfield)
    told = {"column-text": "1", "column-speaker": "2", "column-conversation": "0"}
    again = {"file": text("list.csv", table), "role-0": "agent", "role-1": "customer", **told}
    dana_s.post(f"{PAGE}files/{row.pk}/", again, headers=HTMX)
    dana_s.post(f"{PAGE}files/{row.pk}/", again | {"file": text("list.csv", table)}, headers=HTMX)
    assert whose(larkfield) == ["Rui Costa"]


def test_a_column_names_the_agent(dana_s: Client, larkfield: Organization) -> None:
    table = TABLE.format("Jana Wolf")
    asked = send(dana_s, text("list.csv", table)).content.decode()
    assert "The agent&#x27;s name" in asked
    (row,) = files(larkfield)
    told = {"column-text": "1", "column-speaker": "2", "column-conversation": "0"}
    again = {"role-0": "agent", "role-1": "customer", "column-agent_name": "3", **told}
    for _ in range(2):
        sent = again | {"file": text("list.csv", table)}
        dana_s.post(f"{PAGE}files/{row.pk}/", sent, headers=HTMX)
    assert agents(larkfield) == {"Jana Wolf": "Jana Wolf"}
    assert whose(larkfield) == ["Jana Wolf"]


def test_in_a_row_and_for_all_rows(dana_s: Client, larkfield: Organization) -> None:
    for n in range(3):
        send(dana_s, text(f"{n}.txt", f"{CALL}Agent: {n}.\n"))
    first, *others = files(larkfield)
    assert dana_s.get(PAGE).content.decode().count('name="file" value="') >= 3
    row = name(dana_s, first, who="Rui Costa", **HTMX).content.decode()
    assert f'id="file-{first.pk}"' in row
    assert "data-unnamed" not in row
    answer = name(dana_s, first, *others, who="Ines (i-1)")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert whose(larkfield) == ["Rui Costa", "i-1", "i-1"]


def test_what_is_refused(
    signed_in: SignIn, dana: Membership, alex: Membership, mallory: Membership
) -> None:
    dana_s, larkfield = signed_in(dana), dana.organization
    with tenant(larkfield.id):
        for pk in ("k-1", "k-2"):
            directory.add_agent(by=dana, name="Kim", external_id=pk)
    send(dana_s, text(content=CALL))
    (row,) = files(larkfield)
    assert "Several agents" in name(dana_s, row, who="Kim", **HTMX).content.decode()
    assert "belongs to" in name(dana_s, row, who="Bo (a-1)", **HTMX).content.decode()
    assert name(dana_s, row, who="", **HTMX).status_code == 422
    assert send(dana_s, text(content=f"{CALL}\nAgent: 2\n"), who="Kim").status_code == 422
    for stranger, status in ((alex, 403), (mallory, 404), (None, 302)):
        assert name(signed_in(stranger), row, who="Rui").status_code == status
    theirs = f"/o/{mallory.organization.slug}/upload/agent/"
    gone = signed_in(mallory).post(theirs, {"file": str(row.pk), "who": "Rui"})
    assert gone.status_code == 404
    assert whose(larkfield) == [""]
    assert "Rui" not in agents(larkfield).values()


def test_the_page_takes_the_same_queries_for_2_unnamed_rows_and_20(
    dana_s: Client, larkfield: Organization
) -> None:
    def queries(number: int) -> int:
        for n in range(number):
            send(dana_s, text(f"{n}.txt", f"{CALL}Agent: {n} of {number}.\n"))
        with CaptureQueriesContext(connection) as captured:
            dana_s.get(PAGE)
        return len(captured)

    assert queries(2) == queries(18)


def test_many_conversations_of_a_file_are_given_away_in_a_worker(
    dana_s: Client, larkfield: Organization, dana: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "AT_ONCE", 2)
    turns = "".join(f"{n},I am angry!,customer\n{n},Chat {n}.,agent\n" for n in range(5))
    table = f"conversation_id,text,role\n{turns}"
    send(dana_s, SimpleUploadedFile("chats.csv", table.encode()))
    (row,) = files(larkfield)
    assert len(whose(larkfield)) == 5
    answer = name(dana_s, row, who="Rui Costa", **HTMX)
    assert answer["HX-Redirect"] == PAGE
    assert "5 conversations are being assigned to Rui Costa." in dana_s.get(PAGE).content.decode()
    assert whose(larkfield) == [""] * 5
    with tenant(larkfield.id):
        (job,) = handovers.unfinished(by=System(larkfield.id))
    tasks.hand_over(str(larkfield.id), str(job))
    assert whose(larkfield) == ["Rui Costa"] * 5
    with tenant(larkfield.id):
        assert Notice.objects.visible_to(dana).filter(kind=Notice.Kind.HANDED_OVER).count() == 1
