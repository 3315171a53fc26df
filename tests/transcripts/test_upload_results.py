"""Hundreds of files: one upload, a table of results, and another try for those that failed."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import tasks
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from transcripts.models import Interaction, Upload, UploadedFile

SignIn = Callable[[Membership | None], Client]
PAGE = "/o/larkfield/upload/"
RESULTS = f"{PAGE}results/"
HTMX = {"HX-Request": "true"}
CALL = "Agent: Hello, this is Alex.\nCustomer: I am so angry that nobody calls me back!\n"


def text(name: str = "call.txt", content: str = CALL) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def send(client: Client, *sent: SimpleUploadedFile, **fields: str) -> Any:
    data = {"file": list(sent), "format": "", "channel": "", **fields}
    return client.post(PAGE, data, headers=HTMX)


def again(client: Client, row: UploadedFile, sent: SimpleUploadedFile) -> Any:
    return client.post(f"{PAGE}files/{row.pk}/", {"file": sent}, headers=HTMX)


def rows(organization: Organization) -> list[UploadedFile]:
    with tenant(organization.id):
        return list(UploadedFile.objects.visible_to(System(organization.id)).order_by("id"))


def table(client: Client, **query: str) -> list[dict[str, str]]:
    response = client.get(RESULTS, query)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_files_of_one_visit_belong_to_one_upload(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text("one.txt"))
    (first,) = rows(larkfield)
    send(client, text("two.txt", CALL + "Agent: Two."), upload=str(first.upload_id))
    send(client, text("three.txt", CALL + "Agent: Three."))
    assert len({row.upload_id for row in rows(larkfield)}) == 2
    assert [row["file"] for row in table(client, upload=str(first.upload_id))] == [
        "two.txt",
        "one.txt",
    ]
    assert len(table(client)) == 3


def test_a_foreign_upload_is_not_joined(
    signed_in: SignIn, dana: Membership, mallory: Membership, larkfield: Organization
) -> None:
    with tenant(mallory.organization_id):
        theirs = Upload.objects.create(organization_id=mallory.organization_id, created_by="x")
    client = signed_in(dana)
    send(client, text(), upload=str(theirs.pk))
    (row,) = rows(larkfield)
    assert row.upload_id != theirs.pk
    assert table(client, upload=str(theirs.pk)) == []


def test_the_table_says_what_became_of_each_file(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text(content=CALL + "Customer: Card 4111 1111 1111 1111.\n"), text("e.txt", ""))
    with tenant(larkfield.id):
        interaction = Interaction.objects.visible_to(dana).get()
    tasks.process(str(larkfield.pk), str(interaction.pk))
    refused, kept = table(client)
    assert (kept["status"], kept["turns"]) == ("Imported", "3")
    assert kept["recognised as"].startswith("Plain text")
    assert (kept["interactions kept"], kept["pre-scored"], kept["redacted"]) == ("1", "1", "CARD 1")
    assert kept["conversation IDs"] == str(interaction.pk)
    assert (refused["status"], refused["faults"]) == ("Rejected", "is empty")


@pytest.mark.parametrize("name", ["=1+1.txt", "+49.txt", "-2.txt", "@SUM(A1).txt"])
def test_no_cell_is_a_formula(signed_in: SignIn, dana: Membership, name: str) -> None:
    client = signed_in(dana)
    send(client, text(name))
    assert [row["file"] for row in table(client)] == [f"'{name}"]


def test_a_refused_file_is_tried_again_in_its_own_place(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    refused = send(client, text("call.json", '{"channel": "call"}'))
    (row,) = rows(larkfield)
    response = again(client, row, text("call-2.txt"))
    (after,) = rows(larkfield)
    assert "Try again" in refused.content.decode()
    assert (after.pk, after.status, after.name) == (row.pk, "accepted", "call-2.txt")
    assert after.faults == []
    assert f'id="file-{row.pk}"' in response.content.decode()


def test_a_file_that_is_still_wrong_is_refused_again(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text("empty.txt", ""))
    again(client, rows(larkfield)[0], text("prose.txt", "It rained all day."))
    (row,) = rows(larkfield)
    assert (row.status, row.name) == ("refused", "prose.txt")


def test_a_file_that_was_taken_in_is_not_replaced(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text())
    response = again(client, rows(larkfield)[0], text("other.txt", CALL + "Agent: Bye."))
    assert response.status_code == 409
    assert rows(larkfield)[0].name == "call.txt"


def test_without_javascript_another_try_comes_back_to_the_page(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text("empty.txt", ""))
    (row,) = rows(larkfield)
    response = client.post(f"{PAGE}files/{row.pk}/", {"file": text()}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "call.txt: Imported." in response.content.decode()


def test_who_may_have_the_table(
    signed_in: SignIn, dana: Membership, mona: Membership, alex: Membership, mallory: Membership
) -> None:
    for member, expected in ((None, 302), (mallory, 404), (alex, 403), (dana, 200), (mona, 200)):
        assert signed_in(member).get(RESULTS).status_code == expected, member


def test_another_organizations_file_is_not_tried_again(
    signed_in: SignIn, dana: Membership, mallory: Membership, larkfield: Organization
) -> None:
    send(signed_in(dana), text("empty.txt", ""))
    (row,) = rows(larkfield)
    client = signed_in(mallory)
    theirs = client.post(f"/o/elsewhere/upload/files/{row.pk}/", {"file": text()}, headers=HTMX)
    assert theirs.status_code == 404
    assert rows(larkfield)[0].status == "refused"


def test_the_table_takes_the_same_queries_for_2_files_and_300(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            table(client)
        return len(captured)

    send(client, *(text(f"{n}.txt", f"{CALL}Agent: {n}.\n") for n in range(2)))
    few = queries()
    send(client, *(text(f"{n}.txt", f"{CALL}Agent: {n}.\n") for n in range(2, 300)))
    assert queries() == few
    assert len(table(client)) == 300
