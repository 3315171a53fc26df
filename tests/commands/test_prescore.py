"""`manage.py prescore`: a report to read, or JSON lines, without a database."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

TALK = """Customer: The third time I've called! My card 4111 1111 1111 1111 was charged twice!
Agent: I'm so sorry. I can imagine how frustrating it must be to be charged twice.
Customer: ok
Agent: Done.
"""
CALM = '{"external_id": "c-2", "channel": "chat", "turns": [{"role": "%s", "text": "%s"}%s]}'
PAIR = CALM % (
    "customer",
    "How do I reset my password?",
    ', {"role": "agent", "text": "Here is a link."}',
)
KEYS = [
    "external_id", "channel", "engine", "fitness", "turns", "moments", "volunteered", "apologies",
    "score",
]  # fmt: skip


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "prescore", *arguments],
        input=stdin,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )


def called(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prescore", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def talk(tmp_path: Path) -> str:
    path = tmp_path / "talk.txt"
    path.write_text(TALK)
    return str(path)


def test_the_report_tells_each_moment_with_its_words(talk: str) -> None:
    done = run(talk)
    report = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert report.startswith(f"{talk} · call\n  Score 100 of 100, from 1 moment.\n")
    assert "1. frustration: Empathy · specific, after an apology (" in report
    assert "turn 1, customer (shows it): “" in report
    assert "third time" in report
    assert "turn 2, agent (empathy " in report
    assert "Apologies: 1 followed by empathy, 0 bare, 0 repeated." in report


def test_the_report_says_why_something_is_not_scored(tmp_path: Path) -> None:
    lonely = tmp_path / "x.json"
    lonely.write_text(CALM % ("customer", "I am so angry, this is the third time!", ""))
    calm = tmp_path / "y.json"
    calm.write_text(PAIR)
    report = called(str(lonely), str(calm))
    assert "Not scored: only one side speaks" in report
    assert "No score: the customer showed no feeling" in report
    assert report.rstrip().endswith("2 interactions, 0 scored; 0 moments")


def test_the_report_commands_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(PAIR.replace("c-2", "c\\u001b[2J"))
    assert "\x1b" not in called(str(path))


def test_json_is_the_contracts_pre_score(talk: str) -> None:
    (line,) = called("--json", talk).splitlines()
    scored = json.loads(line)
    assert list(scored) == KEYS
    assert scored["channel"] == "call"
    assert set(scored["engine"]) == {"name", "version", "definitions"}
    assert scored["moments"][0]["outcome"] == "empathy"
    assert scored["score"] == {"value": 100.0, "moments": 1}


def test_of_several_files_each_line_names_its_own(talk: str, tmp_path: Path) -> None:
    other = tmp_path / "x.json"
    other.write_text(PAIR)
    lines = [json.loads(line) for line in called("--json", talk, str(other)).splitlines()]
    assert [line["file"] for line in lines] == [talk, str(other)]
    assert list(lines[0]) == ["file", *KEYS]


def test_evidence_points_into_the_files_own_words(talk: str) -> None:
    """The file's text is scored as it is, not as intake would keep it."""
    scored = json.loads(called("--json", talk))
    said = TALK.splitlines()[0].removeprefix("Customer: ")
    quotes = [said[start:end] for start, end in scored["turns"][0]["cue"]["evidence"]]
    assert any("third time" in quote for quote in quotes)
    assert any("charged twice" in quote for quote in quotes)
    assert said not in quotes


def test_a_score_without_moments_is_null(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(PAIR)
    assert json.loads(called("--json", str(path)))["score"] == {"value": None, "moments": 0}


@pytest.mark.parametrize("more", [[], ["--stream"]])
def test_lines_come_in_input_order_and_faults_are_told(
    more: Sequence[str], talk: str, tmp_path: Path
) -> None:
    lines = [PAIR.replace("c-2", f"c-{number}") for number in range(5)]
    lines[2] = '{"channel": "chat"}'
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines))
    done = run("--json", *more, str(path), talk, str(tmp_path / "gone"), "-", stdin=PAIR.encode())
    assert done.returncode == 1
    ids = [json.loads(line)["external_id"] for line in done.stdout.splitlines()]
    assert ids == ["c-0", "c-1", "c-3", "c-4", None, "c-2"]
    told = done.stderr.decode().splitlines()
    assert told[0].startswith(f"{path}: line 3: turns is missing")
    assert told[1] == f"{tmp_path / 'gone'}: No such file or directory"


def test_labelled_pairs_stream_too(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    pair = {"id": "p", "channel": "chat", "context": [], "customer": "Hi", "agent": "Hello"}
    path.write_text((json.dumps(pair) + "\n") * 3)
    assert called("--json", "--stream", str(path)) == called("--json", str(path))
    assert len(called("--json", "--stream", str(path)).splitlines()) == 3


def test_empty_standard_input_is_told() -> None:
    done = run("--stream", "-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"-: holds nothing to import\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--format", "x", "f"], ["--channel", "x", "f"], ["--stream", "--format", "webvtt", "f"]],
)
def test_wrong_arguments_leave_with_status_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_sees_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text((PAIR + "\n") * 3000)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "prescore", "--json", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0
    process.stderr.close()


MEASURE = """
import resource, sys
from django.core.management import call_command
import django
django.setup()
call_command("prescore", "--json", "--stream", "-")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def test_a_stream_of_any_length_takes_the_same_memory() -> None:
    long = '{"channel": "chat", "turns": [{"role": "bot", "text": "' + "x" * 50_000 + '"}]}\n'

    def peak_kb(lines: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE],
            input=(long * lines).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "qa.settings"},
            check=True,
        )
        assert done.stdout.count(b"\n") == lines
        return int(done.stderr)

    assert peak_kb(1000) < peak_kb(10) + 15_000  # of 50 MB more to read
