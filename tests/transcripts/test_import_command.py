"""`manage.py import`: the same door, for files on a disk."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import interaction_json
from transcripts.models import Interaction

CALL = "Agent: Hello, this is Alex.\nCustomer: I am so angry that nobody calls me back!\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(CALL)
    (tmp_path / "deep").mkdir()
    lines = [interaction_json(external_id=f"c-{n}") for n in range(3)]
    (tmp_path / "deep" / "b.jsonl").write_text("\n".join(json.dumps(one) for one in lines))
    (tmp_path / ".hidden.txt").write_text(CALL)
    return tmp_path


def run(*arguments: Any, organization: str = "larkfield") -> tuple[int, list[str], str]:
    """The exit status, the lines printed, and what went to standard error."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command(
            "import",
            *map(str, arguments),
            organization=organization,
            stdout=out,
            stderr=err,
        )
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, out.getvalue().splitlines(), err.getvalue()


def stored(organization: Organization) -> list[Interaction]:
    with tenant(organization.id):
        return list(Interaction.objects.visible_to(System(organization.id)).order_by("id"))


def test_a_folder_is_stored_with_a_line_for_each_file(
    larkfield: Organization, folder: Path
) -> None:
    status, lines, errors = run(folder)
    assert status == 0
    assert [line.split()[:2] for line in lines] == [
        ["Accepted", "a.txt:"],
        ["Accepted", "deep/b.jsonl:"],
    ]
    assert "3 kept" in lines[1]
    assert errors.strip() == "2 files: 2 accepted"
    assert {one.received_from for one in stored(larkfield)} == {"import"}
    assert len(stored(larkfield)) == 4


def test_a_second_run_stores_nothing_twice(larkfield: Organization, folder: Path) -> None:
    run(folder)
    status, lines, _ = run(folder)
    assert status == 0
    assert all(line.startswith("Here already") for line in lines)
    assert len(stored(larkfield)) == 4


def test_a_stopped_run_goes_on_where_it_was(
    larkfield: Organization, folder: Path, monkeypatch: Any
) -> None:
    whole = Path.read_bytes

    def stop_at_b(path: Path) -> bytes:
        if path.name == "b.jsonl":
            raise KeyboardInterrupt
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", stop_at_b)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert len(stored(larkfield)) == 1
    monkeypatch.undo()
    status, lines, _ = run(folder)
    assert status == 0
    assert [line.split(":")[0].split()[0] for line in lines] == ["Here", "Accepted"]
    assert len(stored(larkfield)) == 4


def test_a_refused_file_is_named_and_the_others_are_kept(
    larkfield: Organization, folder: Path
) -> None:
    (folder / "bad.json").write_text('{"channel": "call", "turns": [{"text": "x"}]}')
    (folder / "empty.txt").write_text("")
    status, lines, _ = run(folder)
    assert status == 1
    assert any("bad.json: turns[0].role is missing" in line for line in lines)
    assert any("empty.txt: is empty" in line for line in lines)
    assert len(stored(larkfield)) == 4


def test_a_file_refused_in_part_counts_as_refused(larkfield: Organization, tmp_path: Path) -> None:
    content = "\n".join(map(json.dumps, [interaction_json(), {"channel": "call"}]))
    (tmp_path / "x.jsonl").write_text(content)
    status, lines, _ = run(tmp_path)
    assert status == 1
    assert lines[0].startswith("Partly accepted")
    assert "1 kept; line 2 turns is missing" in lines[0]
    assert len(stored(larkfield)) == 1


def test_a_file_over_the_limit_is_not_even_read(
    larkfield: Organization, tmp_path: Path, settings: Any, monkeypatch: Any
) -> None:
    settings.MAX_FILE_BYTES = 1024 * 1024
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("was read"))
    status, lines, _ = run(tmp_path)
    assert status == 1
    assert "is too large: 200 MB, and at most 1 MB are taken" in lines[0]


def test_format_and_channel_can_be_said(larkfield: Organization, tmp_path: Path) -> None:
    (tmp_path / "call.log").write_text(CALL)
    run(tmp_path, "--format", "plain_text", "--channel", "chat")
    assert [one.channel for one in stored(larkfield)] == ["chat"]


@pytest.mark.parametrize(
    ("paths", "organization"), [(["."], "nowhere"), (["no-such-file"], "larkfield")]
)
def test_wrong_arguments_have_status_2(
    larkfield: Organization, paths: list[str], organization: str
) -> None:
    with pytest.raises(CommandError) as told:
        run(*paths, organization=organization)
    assert told.value.returncode == 2
