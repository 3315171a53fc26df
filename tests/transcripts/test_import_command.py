"""`manage.py import`: the same door, for files on a disk."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from devstack.pytest_plugin import process_environment
from qa import dispatch, pipeline
from qa.intake import batches
from qa.organizations.models import Agent, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import ANGRY_CALL, interaction_json, make_organization
from transcripts.models import Interaction, Transcript, UploadedFile

ROOT = Path(__file__).resolve().parents[2]
CALL = "Agent: Hello, this is Alex.\nCustomer: I am so angry that nobody calls me back!\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(CALL)
    (tmp_path / "deep").mkdir()
    lines = [interaction_json(external_id=f"c-{n}") for n in range(3)]
    (tmp_path / "deep" / "b.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
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


def count(organization: Organization) -> int:
    with tenant(organization.id):
        return Interaction.objects.visible_to(System(organization.id)).count()


def files(organization: Organization, name: str) -> list[UploadedFile]:
    with tenant(organization.id):
        rows = UploadedFile.objects.visible_to(System(organization.id)).filter(name=name)
        return list(rows.order_by("id"))


def test_a_folder_is_stored_with_a_line_for_each_file(
    larkfield: Organization, folder: Path
) -> None:
    status, lines, errors = run(folder)
    assert status == 0
    assert [line.split()[:2] for line in lines] == [
        ["Imported", "a.txt:"],
        ["Imported", "deep/b.jsonl:"],
    ]
    assert "3 kept" in lines[1]
    assert errors.strip() == "2 files: 2 imported"
    assert {interaction.received_from for interaction in stored(larkfield)} == {"import"}
    assert len(stored(larkfield)) == 4


def test_a_second_run_stores_nothing_twice(larkfield: Organization, folder: Path) -> None:
    run(folder)
    status, lines, _ = run(folder)
    assert status == 0
    assert all(line.startswith("Already imported") for line in lines)
    assert len(stored(larkfield)) == 4


def test_a_stopped_run_says_so_and_goes_on_where_it_was(
    larkfield: Organization, tmp_path: Path, monkeypatch: Any
) -> None:
    lines = [json.dumps(interaction_json(external_id=f"c-{n}")) for n in range(7)]
    (tmp_path / "a.txt").write_text(CALL)
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    monkeypatch.setattr(batches, "BATCH", 2)
    whole = pipeline.submit

    def stop_at_the_sixth(interactions: Any, **options: Any) -> Any:
        if interactions and interactions[-1].external_id == "c-5":
            raise KeyboardInterrupt
        return whole(interactions, **options)

    monkeypatch.setattr(pipeline, "submit", stop_at_the_sixth)
    status, out, errors = run(tmp_path)
    assert status == 130
    assert [line.split(":")[0].split()[0] for line in out] == ["Imported"]
    assert "Run the same command again" in errors
    assert len(stored(larkfield)) == 1 + 4
    (row,) = files(larkfield, "b.jsonl")
    assert (row.status, row.summary["received"]) == ("partly", 4)
    assert "first 4 lines" in row.summary["notes"][0]

    monkeypatch.setattr(pipeline, "submit", whole)
    status, out, _ = run(tmp_path)
    assert status == 0
    assert [line.split(":")[0].split()[0] for line in out] == ["Already", "Imported"]
    assert "3 kept; 4 here already" in out[1]
    assert len(stored(larkfield)) == 8
    row = files(larkfield, "b.jsonl")[-1]
    assert (row.status, row.summary["notes"]) == ("accepted", [])


def test_a_killed_run_keeps_whole_batches_and_is_completed_by_the_next(
    transactional_db: None, tmp_path: Path
) -> None:
    organization = make_organization("Larkfield")
    with (tmp_path / "many.jsonl").open("w") as many:
        for n in range(6000):
            turns = ANGRY_CALL[:2] if n % 2 else ANGRY_CALL
            many.write(json.dumps(interaction_json(external_id=f"c-{n}", turns=turns)) + "\n")
    command = [sys.executable, "manage.py", "import", "--organization", "larkfield", str(tmp_path)]
    running = subprocess.Popen(
        command, cwd=ROOT, env=process_environment(), stdout=subprocess.DEVNULL
    )
    end = time.monotonic() + 60
    while not (before := count(organization)):
        assert running.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    running.kill()
    running.wait()
    before = count(organization)
    assert 0 < before < 6000
    assert before % batches.BATCH == 0
    (row,) = files(organization, "many.jsonl")
    assert (row.status, row.summary["received"]) == ("partly", before)

    status, out, _ = run(tmp_path)
    assert status == 0
    assert f"{6000 - before:,} kept; {before:,} here already" in out[0]
    assert count(organization) == 6000
    with tenant(organization.id):
        kept = Transcript.objects.visible_to(System(organization.id))
        assert kept.values("interaction").distinct().count() == kept.count() == 6000


def test_two_runs_at_once_keep_each_interaction_once(
    transactional_db: None, tmp_path: Path, monkeypatch: Any
) -> None:
    organization = make_organization("Larkfield")
    lines = [
        json.dumps(interaction_json(external_id=f"c-{n}", agent={"external_id": f"a-{n % 7}"}))
        for n in range(300)
    ]
    (tmp_path / "forth.jsonl").write_text("\n".join(lines))
    (tmp_path / "back.jsonl").write_text("\n".join(lines[::-1]))
    monkeypatch.setattr(batches, "BATCH", 50)
    monkeypatch.setattr(dispatch, "enqueue_many", lambda *args: True)

    def import_one(name: str) -> tuple[int, list[str], str]:
        try:
            return run(tmp_path / name)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(import_one, ["forth.jsonl", "back.jsonl"]))
    assert [status for status, _, _ in results] == [0, 0]
    by = System(organization.id)
    with tenant(organization.id):
        rows = UploadedFile.objects.visible_to(by)
        summaries = [row.summary for row in rows]
        assert Transcript.objects.visible_to(by).count() == 300
        assert Agent.objects.visible_to(by).count() == 7
    assert sum(summary["received"] for summary in summaries) == 300
    assert sum(summary["duplicates"] for summary in summaries) == 300


def test_the_row_of_a_file_of_lines_tells_what_it_held(
    larkfield: Organization, tmp_path: Path
) -> None:
    card = [{"role": "customer", "text": "It is 4111 1111 1111 1111."}]
    records = [
        interaction_json(external_id="c-1", turns=card),
        interaction_json(external_id="c-2", channel="chat"),
        {"channel": "call"},
        interaction_json(external_id="c-2", channel="email"),
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, records)))
    status, out, _ = run(tmp_path)
    assert status == 1
    assert "2 kept; line 3 turns is missing" in out[0]
    (row,) = files(larkfield, "x.jsonl")
    assert (row.status, row.format, row.redacted) == ("partly", "canonical", {"CARD": 1})
    assert [(fault["line"], fault["path"]) for fault in row.faults] == [
        (3, "turns"),
        (4, "external_id"),
    ]
    held = row.summary
    assert (held["received"], held["refused"], held["turns"]) == (2, 2, 7)
    assert (held["channels"], held["notes"]) == (["call", "chat"], [])
    assert held["interactions"] == [str(interaction.pk) for interaction in stored(larkfield)]


def test_lines_may_be_of_any_length_and_other_files_not(
    larkfield: Organization, tmp_path: Path, settings: Any
) -> None:
    settings.MAX_FILE_BYTES = 20_000
    lines = [json.dumps(interaction_json(external_id=f"c-{n}")) for n in range(60)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "b.json").write_text("[" + ",\n".join(lines) + "]")
    (tmp_path / "c.mbox").write_text("From x\n" * 5000)
    status, out, _ = run(tmp_path)
    assert status == 1
    assert "60 kept" in out[0]
    for line in out[1:]:
        assert "is too large" in line
        assert "only JSON lines may be of any length" in line
    assert len(stored(larkfield)) == 60


def test_a_pretty_printed_document_is_no_file_of_lines(
    larkfield: Organization, tmp_path: Path
) -> None:
    turns = ",\n".join(json.dumps(turn) for turn in ANGRY_CALL)
    (tmp_path / "x.json").write_text(f'{{\n"channel": "call",\n"turns": [\n{turns}\n]\n}}\n')
    status, out, _ = run(tmp_path, "--format", "canonical")
    assert (status, out[0].split()[0]) == (0, "Imported")
    assert [interaction.turn_count for interaction in stored(larkfield)] == [6]


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
    assert lines[0].startswith("Partly imported")
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
    assert "is too large: 200 MB; the limit is 1 MB" in lines[0]


def test_format_and_channel_can_be_said(larkfield: Organization, tmp_path: Path) -> None:
    (tmp_path / "call.log").write_text(CALL)
    run(tmp_path, "--format", "plain_text", "--channel", "chat")
    assert [interaction.channel for interaction in stored(larkfield)] == ["chat"]


@pytest.mark.parametrize(
    ("paths", "organization"), [(["."], "nowhere"), (["no-such-file"], "larkfield")]
)
def test_wrong_arguments_have_status_2(
    larkfield: Organization, paths: list[str], organization: str
) -> None:
    with pytest.raises(CommandError) as told:
        run(*paths, organization=organization)
    assert told.value.returncode == 2
