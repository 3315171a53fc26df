"""Real files of the supported formats, kept beside the project, and the labelled pairs."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from transcripts.formats import FormatError, parse

SHARED = Path(settings.BASE_DIR).parent / "shared"
FILES = sorted(
    path
    for path in (SHARED / "fixtures").rglob("*")
    if path.suffix in (".csv", ".txt", ".vtt") and path.is_file()
)
GOLD = SHARED / "gold" / "dev.jsonl"

needs_fixtures = pytest.mark.skipif(not FILES, reason="no shared fixtures beside the project")
needs_gold = pytest.mark.skipif(not GOLD.is_file(), reason="no gold pairs beside the project")


@needs_fixtures
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_is_read_or_refused_in_one_line(path: Path) -> None:
    refusal = ""
    found = 0
    try:
        parsed = parse(path.read_bytes(), name=path.name)
        found = len(parsed.interactions)
        assert not parsed.errors
    except FormatError as error:
        refusal = str(error)
    assert found or refusal
    assert "\n" not in refusal
    assert len(refusal) < 500


@needs_fixtures
@pytest.mark.parametrize("arguments", [["convert"], ["prescore", "--json"]])
def test_both_commands_take_all_real_files_at_once(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, *map(str, FILES)],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert done.returncode == 1  # e-mails and scripts without speakers are among them
    assert "Traceback" not in done.stderr
    refused = [line.partition(": ")[0] for line in done.stderr.splitlines()]
    assert set(refused) <= set(map(str, FILES))
    assert not [name for name in refused if name.endswith(".vtt") and "invalid" not in name]
    assert len(done.stdout.splitlines()) >= len(FILES) - len(refused)


@needs_fixtures
def test_turns_roles_and_times_of_real_files_come_out_right() -> None:
    folder = SHARED / "fixtures"
    talk = parse(
        (folder / "plain_text" / "markdown_bold_customer_agent.txt").read_bytes(), name="x.txt"
    ).interactions[0]
    assert [turn.role for turn in talk.turns].count("agent") == 11
    assert len(talk.turns) == 19
    meeting = parse(
        (folder / "webvtt" / "zoom_meeting001_transcript.vtt").read_bytes(), name="x.vtt"
    ).interactions[0]
    assert len(meeting.turns) == 300
    assert meeting.turns[4].speaker == "Paul McCartney"
    assert meeting.turns[4].started_s == 24.0
    table = parse(
        (folder / "csv_turns" / "agentune_sample_conversations.csv").read_bytes(), name="x.csv"
    )
    assert len(table.interactions) == 47
    assert {turn.role for one in table.interactions for turn in one.turns} == {"agent", "customer"}


@needs_gold
def test_every_labelled_pair_is_an_interaction() -> None:
    data = GOLD.read_bytes()
    parsed = parse(data, name=GOLD.name)
    assert (parsed.format, parsed.errors) == ("labelled_pairs", ())
    assert len(parsed.interactions) == data.count(b"\n") + (not data.endswith(b"\n"))
