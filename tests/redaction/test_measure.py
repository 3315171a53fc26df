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


def test_the_labelled_talk_is_much_and_its_labels_lie_inside_its_text() -> None:
    items = list(read(LABELLED))
    assert len(items) >= 750
    assert {item.channel for item in items} == {"call", "chat", "email", "video"}
    assert sum(item.is_long for item in items) >= 20
    turns = [(item.line, turn) for item in items for turn in item.turns]
    assert sum(not turn.spans for _, turn in turns) >= 100
    for line, turn in turns:
        spans = [(span.start, span.end) for span in turn.spans]
        assert all(0 <= s < e <= len(turn.text) for s, e in (*spans, *turn.kept)), line
        assert {span.kind for span in turn.spans} <= set(KINDS), line


def test_precision_and_recall_stay_what_they_are() -> None:
    measured = measure(read(LABELLED))
    tally = measured.kinds["any"]
    assert tally.right / tally.marks > 0.95
    assert tally.found / tally.labels > 0.93
    assert tally.removed / tally.labels > 0.95
    assert measured.long.removed / measured.long.labels > 0.95
    assert measured.kept / measured.lookalikes > 0.98


def test_the_command_prints_every_kind_with_its_intervals() -> None:
    printed = run()
    lines = {line.split()[0]: line for line in printed.splitlines()[1:] if line}
    assert {*KINDS, "any"} <= set(lines)
    assert lines["CARD"].count("n=") == 3
    assert "Lookalikes kept" in printed


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
    assert "1 of 3 items" in printed
    assert "2: see Otto" in printed


def test_a_talk_is_counted_turn_by_turn_with_its_lookalikes(tmp_path: Path) -> None:
    talk = {
        "case": "phone over turns",
        "channel": "call",
        "turns": [
            {"role": "agent", "text": "A phone number?", "spans": []},
            {"role": "customer", "text": "020 7946", "spans": [[0, 8, "PHONE"]]},
            {"role": "agent", "text": "Yes.", "spans": []},
            {
                "role": "customer",
                "text": "0958, order 7712004",
                "spans": [[0, 4, "PHONE"]],
                "kept": [[6, 19]],
            },
        ],
    }
    file = tmp_path / "talk.jsonl"
    file.write_text(json.dumps(talk), encoding="utf-8")
    measured = measure(read(file))
    assert (measured.long.removed, measured.long.labels) == (2, 2)
    assert (measured.kept, measured.lookalikes) == (3, 3)
    assert (measured.items, measured.turns, measured.faults) == (1, 4, [])


def test_marks_are_found_back_in_the_text_they_stand_for() -> None:
    spans = marks_in("a@b.com, 4111", "[EMAIL], [CARD]")
    assert [(s.start, s.end, s.kind) for s in spans] == [(0, 7, "EMAIL"), (9, 13, "CARD")]
