"""Real files of the supported formats: where they are from, and that they are read or refused."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.fixture_files import FIXTURES, fixture_files
from transcripts.formats import FormatError, parse

FILES = fixture_files(".csv", ".txt", ".vtt")
# Whatever their licence says, anybody may pass these on.
FREE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "MIT", "MIT-0"}
UNLABELLED = "has no speaker labels"
REFUSED = {  # of these files, and why; all others are read
    "bigbang_from_header_variations.txt": UNLABELLED,
    "insurance_script_no_labels.txt": UNLABELLED,
    "caution.txt": UNLABELLED,
    "email_1_1.txt": UNLABELLED,
    "forward.txt": UNLABELLED,
    "outlook.txt": UNLABELLED,
    "webvttpy_invalid.vtt": "does not begin with WEBVTT",
    "zoom_meeting001_participants.csv": "is a list of participants",
}
PAIRS = Path(settings.BASE_DIR) / "tests" / "empathy" / "pairs.jsonl"


def test_every_file_says_where_it_is_from_and_may_be_passed_on() -> None:
    with (FIXTURES / "PROVENANCE.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["file"] for row in rows] == [
        path.relative_to(FIXTURES).as_posix() for path in fixture_files()
    ]
    assert {row["licence"] for row in rows} <= FREE
    notices = (FIXTURES / "LICENSES.md").read_text(encoding="utf-8")
    sources = {row["repository"] for row in rows} - {"(this project)"}
    assert [source for source in sources if f"[{source}]" not in notices] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name not in REFUSED], ids=str)
def test_a_real_file_is_read(path: Path) -> None:
    parsed = parse(path.read_bytes(), name=path.name)
    assert len(parsed.interactions) == (47 if path.suffix == ".csv" else 1)
    assert not parsed.errors


@pytest.mark.parametrize("name", REFUSED)
def test_a_real_file_without_a_conversation_is_refused_in_one_line(name: str) -> None:
    (path,) = FIXTURES.glob(f"*/{name}")
    with pytest.raises(FormatError, match=REFUSED[name]) as refusal:
        parse(path.read_bytes(), name=name)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 500


SMALL = [path for path in FILES if path.stat().st_size < 10_000]  # the engine need not read all


@pytest.mark.parametrize(
    ("arguments", "files", "tables"), [(["convert"], FILES, 46), (["prescore", "--json"], SMALL, 0)]
)
def test_both_commands_take_real_files_all_at_once(
    arguments: list[str], files: list[Path], tables: int
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, *map(str, files)],
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert done.returncode == 1  # some are refused
    assert "Traceback" not in done.stderr
    refused = [line.partition(": ")[0] for line in done.stderr.splitlines()]
    assert {Path(line.partition(",")[0]).name for line in refused} == set(REFUSED)
    assert len(done.stdout.splitlines()) == len(files) - len(REFUSED) + tables


def test_turns_roles_and_times_of_real_files_come_out_right() -> None:
    talk = parse(
        (FIXTURES / "plain_text" / "markdown_bold_customer_agent.txt").read_bytes(), name="x.txt"
    ).interactions[0]
    assert [turn.role for turn in talk.turns].count("agent") == 11
    assert len(talk.turns) == 19
    meeting = parse(
        (FIXTURES / "webvtt" / "zoom_meeting001_transcript.vtt").read_bytes(), name="x.vtt"
    ).interactions[0]
    assert len(meeting.turns) == 300
    assert meeting.turns[4].speaker == "Paul McCartney"
    assert meeting.turns[4].started_s == 24.0
    table = parse(
        (FIXTURES / "csv_turns" / "agentune_sample_conversations.csv").read_bytes(), name="x.csv"
    )
    assert len(table.interactions) == 47
    assert {turn.role for interaction in table.interactions for turn in interaction.turns} == {
        "agent",
        "customer",
    }


def test_every_labelled_pair_is_an_interaction() -> None:
    data = PAIRS.read_bytes()
    parsed = parse(data, name=PAIRS.name)
    assert (parsed.format, parsed.errors) == ("labelled_pairs", ())
    assert len(parsed.interactions) == data.count(b"\n") + (not data.endswith(b"\n"))
