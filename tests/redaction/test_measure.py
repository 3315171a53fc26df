"""The command that measures redaction on labelled turns."""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from transcripts.redaction import KINDS
from transcripts.redaction.measure import LABELLED, marks_in, measure, read


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", "transcripts.redaction.measure", *arguments]
    return subprocess.check_output(command, cwd=settings.BASE_DIR, text=True)


def test_the_labelled_turns_are_many_and_their_labels_lie_inside_their_text() -> None:
    turns = list(read(LABELLED))
    assert len(turns) >= 300
    assert {turn.turn["channel"] for turn in turns} == {"call", "chat", "email", "video"}
    assert sum(not turn.spans for turn in turns) >= 100
    for turn in turns:
        assert all(0 <= s.start < s.end <= len(turn.text) for s in turn.spans), turn.line
        assert {s.kind for s in turn.spans} <= set(KINDS), turn.line


def test_precision_and_recall_stay_what_they_are() -> None:
    tally = measure(read(LABELLED)).kinds["any"]
    assert tally.right / tally.marks > 0.95
    assert tally.found / tally.labels > 0.88


def test_the_command_prints_every_kind_with_its_intervals() -> None:
    printed = run()
    lines = {line.split()[0]: line for line in printed.splitlines()[1:] if line}
    assert {*KINDS, "any"} <= set(lines)
    assert lines["CARD"].count("n=") == 2


def test_a_miss_and_a_false_find_are_counted(tmp_path: Path) -> None:
    turns = [
        {
            "channel": "chat",
            "role": "customer",
            "text": "mail a@b.com",
            "spans": [[5, 12, "EMAIL"]],
        },
        {"channel": "chat", "role": "customer", "text": "see Otto", "spans": [[4, 8, "NAME"]]},
        {"channel": "chat", "role": "customer", "text": "mail c@d.com", "spans": []},
    ]
    file = tmp_path / "turns.jsonl"
    file.write_text("\n".join(map(json.dumps, turns)), encoding="utf-8")
    kinds = measure(read(file)).kinds
    mail, name = kinds["EMAIL"], kinds["NAME"]
    assert (mail.right, mail.marks, mail.found, mail.labels) == (1, 2, 1, 1)
    assert (name.right, name.marks, name.found, name.labels) == (0, 0, 0, 1)
    printed = run("--faults", str(file))
    assert "1 of 3 turns" in printed
    assert "2: see Otto" in printed


def test_marks_are_found_back_in_the_text_they_stand_for() -> None:
    spans = marks_in("a@b.com, 4111", "[EMAIL], [CARD]")
    assert [(s.start, s.end, s.kind) for s in spans] == [(0, 7, "EMAIL"), (9, 13, "CARD")]
