"""The upload page: files in, a row for each, refusals in words."""

import json
import re
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
from tests.world import interaction_json
from transcripts.models import Interaction, UploadedFile

SignIn = Callable[[Membership | None], Client]
PAGE = "/o/larkfield/upload/"
ROWS = "/o/larkfield/upload/rows/"
CALL = "Agent: Hello, this is Alex.\nCustomer: I am so angry that nobody calls me back!\n"


def text(name: str = "call.txt", content: str | bytes = CALL) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def files(organization: Organization) -> list[UploadedFile]:
    with tenant(organization.id):
        return list(UploadedFile.objects.visible_to(System(organization.id)).order_by("id"))


def interactions(organization: Organization) -> list[Interaction]:
    with tenant(organization.id):
        return list(Interaction.objects.visible_to(System(organization.id)).order_by("id"))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def send(client: Client, *sent: SimpleUploadedFile, **fields: str) -> Any:
    """As the page's script does: one request, answered with rows."""
    data = {"file": list(sent), "format": "", "channel": "", **fields}
    return client.post(PAGE, data, headers={"HX-Request": "true"})


def test_who_may_upload(
    signed_in: SignIn, people: dict[str, Membership | None], larkfield: Organization
) -> None:
    for name, expected in (
        ("nobody", 302),
        ("mallory", 404),
        ("alex", 403),
        ("dana", 200),
        ("mona", 200),
        ("ada", 200),
    ):
        client = signed_in(people[name])
        assert client.get(PAGE).status_code == expected, name
        polled = client.get(ROWS).status_code
        assert polled == (286 if expected == 200 else expected), name
        posted = send(client, text()).status_code
        assert posted == expected, name
    assert len(files(larkfield)) == 3


def test_without_javascript_one_form_takes_many_files(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    data = {"file": [text(), text("empty.txt", "")], "format": "", "channel": ""}
    response = signed_in(dana).post(PAGE, data, follow=True)
    shown = words(response.content.decode())
    assert response.redirect_chain == [(PAGE, 302)]
    assert "2 files: 1 imported, 1 rejected" in shown
    assert "call.txt" in shown
    assert "The file is empty" in shown
    assert [file.status for file in files(larkfield)] == ["accepted", "refused"]


def test_a_row_says_what_the_file_is(signed_in: SignIn, dana: Membership) -> None:
    content = "Agent: Hello.\nCustomer: My card is 4111 1111 1111 1111, mail a@example.com.\n"
    shown = words(send(signed_in(dana), text(content=content)).content.decode())
    for part in ("call.txt", "Plain text", "Call", "Agent", "agent", "customer"):
        assert part in shown
    assert "CARD 1" in shown
    assert "EMAIL 1" in shown
    assert "Waiting for its pre-score" in shown


def test_a_waiting_row_changes_once_the_pre_score_is_there(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    row = send(client, text("one.json", json.dumps(interaction_json()))).content.decode()
    (file,), (interaction,) = files(larkfield), interactions(larkfield)
    assert "data-waiting" in row
    waiting = client.get(ROWS, {"file": str(file.pk)}).content.decode()
    assert "data-waiting" in waiting
    tasks.process(str(larkfield.pk), str(interaction.pk))
    done = client.get(ROWS, {"file": str(file.pk)}).content.decode()
    assert 'hx-swap-oob="true"' in done
    assert f'id="file-{file.pk}"' in done
    assert "data-waiting" not in done
    assert "Pre-scored" in done
    assert 'data-outcome="sympathy_only"' in done
    assert f"/o/larkfield/interactions/{interaction.pk}/" in done


def test_polling_stops_where_nothing_waits(signed_in: SignIn, dana: Membership) -> None:
    client = signed_in(dana)
    assert client.get(ROWS).status_code == 286
    assert client.get(ROWS, {"file": "nonsense"}).status_code == 286


def test_rows_of_elsewhere_are_not_shown(
    signed_in: SignIn, dana: Membership, mallory: Membership, larkfield: Organization
) -> None:
    send(signed_in(dana), text("secret-name.txt"))
    (file,) = files(larkfield)
    client = signed_in(mallory)
    response = client.get("/o/elsewhere/upload/rows/", {"file": str(file.pk)})
    assert b"secret-name" not in response.content
    assert b"secret-name" not in client.get("/o/elsewhere/upload/").content


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (("empty.txt", b""), "The file is empty"),
        (("photo.png", b"\x89PNG\r\n\x1a\n123"), "looks like a PNG image"),
        (("nul.txt", b"Agent: Hello\nCustomer: a\x00b\n" * 40), "NUL"),
        (
            ("damaged.txt", "Agent: é ü ß ö ä\nCustomer: ".encode() + b"\xff!\n"),
            "line 2 is damaged",
        ),
        (("broken.json", b'{"channel": "call",\n "turns": [}'), "line 2"),
        (("other.json", b'{"fruit": 1}'), "fruit"),
        (
            ("role.json", b'{"channel": "call", "turns": [{"text": "x"}]}'),
            "turns[0].role is missing",
        ),
        (("prose.txt", b"Dear diary, today it rained."), "The file"),
        (("broken.csv", b"conversation_id,speaker,text\n"), "The file"),
    ],
)
def test_refusals_say_what_and_where(
    signed_in: SignIn,
    dana: Membership,
    larkfield: Organization,
    file: tuple[str, bytes],
    reason: str,
) -> None:
    response = send(signed_in(dana), text(*file))
    shown = words(response.content.decode())
    assert response.status_code == 200
    assert "Rejected" in shown
    assert file[0] in shown
    assert reason in shown, shown
    assert interactions(larkfield) == []


def test_a_file_over_the_limit_is_refused_with_the_limit(
    signed_in: SignIn, dana: Membership, settings: Any
) -> None:
    settings.MAX_FILE_BYTES = 1024 * 1024
    big = text("big.txt", b"x" * (2 * 1024 * 1024))
    shown = words(send(signed_in(dana), big).content.decode())
    assert "is too large: 2 MB; the limit is 1 MB" in shown


def test_the_same_file_again_is_here_already_with_a_link(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    send(client, text())
    shown = send(client, text("again.txt")).content.decode()
    (interaction,) = interactions(larkfield)
    assert "Already imported" in shown
    assert f"/o/larkfield/interactions/{interaction.pk}/" in shown


def test_good_records_are_kept_and_bad_ones_named(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    bad = {"channel": "call", "turns": [{"text": "x"}]}
    lines = [interaction_json(), *([bad] * 6)]
    content = "\n".join(json.dumps(line) for line in lines)
    shown = words(send(signed_in(dana), text("day.jsonl", content)).content.decode())
    assert "6 rejected, the rest imported" in shown
    assert "line 2, turns[0].role" in shown
    assert "3 more" in shown
    assert len(interactions(larkfield)) == 1


def test_format_and_channel_can_be_said(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    send(signed_in(dana), text("call.log"), format="plain_text", channel="video")
    assert [interaction.channel for interaction in interactions(larkfield)] == ["video"]


def test_a_made_up_format_is_refused(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    response = send(signed_in(dana), text(), format="morse")
    assert response.status_code == 422
    assert files(larkfield) == []


def test_no_file_at_all_is_told(signed_in: SignIn, dana: Membership) -> None:
    response = signed_in(dana).post(PAGE, {"format": "", "channel": ""})
    assert response.status_code == 422
    assert "Choose at least one file." in response.content.decode()


def test_markup_in_names_is_shown_as_text(signed_in: SignIn, dana: Membership) -> None:
    content = "<b>Agent</b>: Hello.\nCustomer: <script>alert(1)</script> help me please!\n"
    html = send(signed_in(dana), text("<img src=x>.txt", content)).content.decode()
    assert "<img" not in html
    assert "<script" not in html


def test_earlier_files_are_a_page_away(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)
    for number in range(27):
        send(client, text(f"empty-{number:02}.txt", ""))
    first = client.get(PAGE).content.decode()
    assert first.count('<tr id="file-') == 25
    older = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert older
    second = client.get(PAGE + older[1]).content.decode()
    assert second.count('<tr id="file-') == 2
    assert "empty-00.txt" in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize("older", ["x' or 1", "~", "\x00", "0" * 5000])
def test_a_page_of_nonsense_is_the_first_page(
    signed_in: SignIn, dana: Membership, older: str
) -> None:
    client = signed_in(dana)
    client.post(PAGE, {"file": [SimpleUploadedFile(f"{n}.txt", b"") for n in range(3)]})
    answer = client.get(PAGE, {"older": older})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"\d\.txt", page) == re.findall(r"\d\.txt", client.get(PAGE).content.decode())
    assert page.count('<tr id="file-') == 3


def test_the_list_takes_the_same_queries_for_2_rows_and_20(
    signed_in: SignIn, dana: Membership, larkfield: Organization
) -> None:
    client = signed_in(dana)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def more(number: int) -> str:
        for n in range(number):
            send(client, text(content=f"{CALL}Agent: Number {n} of {number}.\n"))
        for interaction in interactions(larkfield):
            tasks.process(str(larkfield.pk), str(interaction.pk))
        return f"{ROWS}?" + "&".join(f"file={file.pk}" for file in files(larkfield))

    polled = more(2)
    few = queries(PAGE), queries(polled)
    polled = more(18)
    assert (queries(PAGE), queries(polled)) == few


@pytest.fixture
def people(
    dana: Membership, mona: Membership, ada: Membership, alex: Membership, mallory: Membership
) -> dict[str, Membership | None]:
    """Who may knock, by name."""
    return {
        "nobody": None,
        "dana": dana,
        "mona": mona,
        "ada": ada,
        "alex": alex,
        "mallory": mallory,
    }
