"""Tables that number their conversations 1, 2, 3: such numbers hold within one file only."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.transcripts.test_upload_page import files, interactions, send, text
from transcripts.formats.counters import is_counter

SignIn = Callable[[Membership | None], Client]


def table(said: str, ids: tuple[str, ...] = ("1", "2", "3"), column: str = "Chat ID") -> str:
    rows = "".join(f"{pk},customer,{said} {pk}\n{pk},agent,I see. That is hard.\n" for pk in ids)
    return f"{column},sender,content\n{rows}"


@pytest.fixture
def dana_s(signed_in: SignIn, dana: Membership) -> Client:
    return signed_in(dana)


def statuses(organization: Organization) -> list[str]:
    return [file.status for file in files(organization)]


def test_two_files_that_count_from_1_are_both_taken(
    dana_s: Client, larkfield: Organization
) -> None:
    send(dana_s, text("monday.csv", table("I am worried about order")))
    send(dana_s, text("tuesday.csv", table("I am angry about parcel")))
    assert statuses(larkfield) == ["accepted", "accepted"]
    assert [interaction.external_id for interaction in interactions(larkfield)] == [None] * 6
    assert interactions(larkfield)[0].metadata == {"Chat ID": "1"}


def test_the_same_file_again_is_here_already(dana_s: Client, larkfield: Organization) -> None:
    for name in ("monday.csv", "copy.csv"):
        send(dana_s, text(name, table("I am worried about order")))
    assert statuses(larkfield) == ["accepted", "duplicate"]
    assert len(interactions(larkfield)) == 3


def test_a_longer_export_adds_only_what_is_new(dana_s: Client, larkfield: Organization) -> None:
    for ids in (("1", "2"), ("1", "2", "3")):
        send(dana_s, text("export.csv", table("I am worried about order", ids)))
    assert len(interactions(larkfield)) == 3


def test_a_corrected_file_adds_only_what_was_refused(
    dana_s: Client, larkfield: Organization
) -> None:
    whole = table("I am worried about order")
    send(dana_s, text("broken.csv", f"{whole},agent,Which one is this?\n"))
    send(dana_s, text("corrected.csv", f"{whole}4,agent,Which one is this?\n"))
    assert statuses(larkfield) == ["partly", "accepted"]
    assert len(interactions(larkfield)) == 4


def test_conversations_that_say_the_same_stay_several(
    dana_s: Client, larkfield: Organization
) -> None:
    same = table("x").replace("x 1", "Help!").replace("x 2", "Help!").replace("x 3", "Help!")
    send(dana_s, text("export.csv", same))
    assert len(interactions(larkfield)) == 3


@pytest.mark.parametrize("ids", [("7", "8"), ("c-1", "c-2"), ("1", "3"), ("001", "002")])
def test_ids_of_a_source_still_say_which_interaction_it_is(
    dana_s: Client, larkfield: Organization, ids: tuple[str, ...]
) -> None:
    send(dana_s, text("monday.csv", table("I am worried about order", ids)))
    send(dana_s, text("tuesday.csv", table("I am angry about parcel", ids)))
    assert statuses(larkfield) == ["accepted", "refused"]
    assert {interaction.external_id for interaction in interactions(larkfield)} == set(ids)


def test_tables_in_an_archive_count_by_themselves(dana_s: Client, larkfield: Organization) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("order", "parcel"):
            opened.writestr(f"{name}.csv", table(f"I am worried about {name}"))
    send(dana_s, text("week.zip", archive.getvalue()))
    assert statuses(larkfield) == ["accepted"]
    assert len(interactions(larkfield)) == 6


def test_commands_that_look_at_one_file_print_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "monday.csv").write_text(table("I am worried about order"))
    call_command("prescore", str(tmp_path / "monday.csv"), "--json")
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [interaction["external_id"] for interaction in printed] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("1",), True),
        (("0", "1", "2"), True),
        (("3", "1", "2", "2"), True),
        (("2", "3"), False),
        (("1", "2", "4"), False),
        (("01", "02"), False),
        (("1", ""), False),
        (("1", "a"), False),
        (("\u0661", "\u0662"), False),
        ((), False),
    ],
)
def test_what_only_counts(ids: tuple[str, ...], *, expected: bool) -> None:
    assert is_counter(ids) is expected
