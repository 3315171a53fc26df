"""`manage.py convert`: canonical JSON lines out of any file, without a database."""

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from transcripts.formats import validate

TALK = "Agent: Hello.\nCustomer: my card is 4111 1111 1111 1111\n"
CANONICAL = (
    '{"external_id": "c-1", "channel": "chat", "turns": [{"role": "agent", "text": "Hi a@b.com"}]}'
)
REDACT = "transcripts.management.commands.convert.redact"
NO_ROLE = '{"channel": "chat", "turns": [{"text": "hi"}]}'


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command as a person runs it, with nothing at all set in the environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "convert", *arguments],
        input=stdin,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )


def ran(*arguments: str) -> tuple[str, str]:
    """What the command prints, and what it says of what can't be read."""
    out, err = io.StringIO(), io.StringIO()
    with suppress(SystemExit):
        call_command("convert", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def called(*arguments: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("convert", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def talk(tmp_path: Path) -> str:
    path = tmp_path / "talk.txt"
    path.write_text(TALK)
    return str(path)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.jsonl"
    path.write_text(f"{CANONICAL}\n{NO_ROLE}\nnope\n")
    return str(path)


def test_a_file_becomes_a_redacted_line_with_its_file_and_format(talk: str) -> None:
    done = run(talk)
    assert (done.returncode, done.stderr) == (0, b"")
    (line,) = done.stdout.splitlines()
    shown = json.loads(line)
    assert list(shown)[:3] == ["file", "format", "external_id"]
    assert (shown.pop("file"), shown.pop("format")) == (talk, "plain_text")
    assert validate(shown).turns[1].text == "my card is [CARD]"


def test_raw_leaves_redaction_out(talk: str) -> None:
    (shown,) = called("--raw", talk)
    assert "4111 1111 1111 1111" in json.dumps(shown)


def test_the_channel_is_for_files_that_do_not_state_one(talk: str, tmp_path: Path) -> None:
    stated = tmp_path / "x.json"
    stated.write_text(CANONICAL)
    shown = called("--channel", "video", talk, str(stated))
    assert [interaction["channel"] for interaction in shown] == ["video", "chat"]


def test_standard_input_is_canonical_json_lines() -> None:
    done = run("-", stdin=f"{CANONICAL}\n\n{NO_ROLE}\n{CANONICAL}\n".encode())
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.startswith(b"-: line 3: turns[0].role is missing; expected one of")


def test_another_format_on_standard_input_may_be_stated() -> None:
    done = run("--format", "plain_text", "-", stdin=TALK.encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["format"] == "plain_text"


def test_unreadable_input_is_told_with_file_and_line_and_the_others_printed(
    talk: str, broken: str
) -> None:
    done = run(talk, "missing.txt", broken, talk)
    assert done.returncode == 1
    files = [json.loads(line)["file"] for line in done.stdout.splitlines()]
    assert files == [talk, broken, talk]
    first, second, third = done.stderr.decode().splitlines()
    assert first == "missing.txt: No such file or directory"
    assert second.startswith(f"{broken}: line 2: turns[0].role is missing")
    assert third.startswith(f"{broken}: line 3: is not valid JSON")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"WEBVTT\n\n", "holds no cues with text, so there is nothing to import"),
        (b"\x89PNG\r\n\x1a\n0000", "looks like a PNG image"),
        (b"role,text\n", "has a header row and no turns below it"),
        (
            b"id,case_id,text\n1,2,no labels here\n",
            "Conversations without any words, or without speaker labels",
        ),
        (b'{"a": 1,\n}', "line 2: is not valid JSON"),
    ],
)
def test_a_file_that_holds_nothing_is_told_with_the_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.dat"
    path.write_bytes(content)
    errors = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("convert", str(path), stderr=errors)
    assert left.value.code == 1
    assert errors.getvalue().startswith(f"{path}: {reason}")
    assert len(errors.getvalue().splitlines()) == 1


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.decode() == f"{tmp_path}: Is a directory\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--format", "word", "x"], ["--channel", "fax", "x"], ["--nope", "x"], ["-", "-"]],
)
def test_wrong_arguments_leave_with_status_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
    assert b"Traceback" not in done.stderr


FAULTY = "a secret story"


@pytest.mark.parametrize("place", ["transcripts.management.inputs.parse", REDACT])
def test_what_fails_in_heard_stops_no_other_file(
    talk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text(f"Agent: Hello.\nCustomer: {FAULTY}\n")
    whole = import_string(place)

    def fails(given: Any, **more: Any) -> Any:
        if FAULTY in (given.decode() if isinstance(given, bytes) else str(given)):
            raise RecursionError(FAULTY)
        return whole(given, **more)

    monkeypatch.setattr(place, fails)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("convert", talk, str(bad), talk, stdout=out, stderr=err)
    assert stop.value.code == 1
    assert [json.loads(line)["file"] for line in out.getvalue().splitlines()] == [talk, talk]
    (told,) = err.getvalue().splitlines()
    assert told.startswith(f"{bad}: met a fault in Heard while it was read (RecursionError)")
    assert FAULTY not in told


def test_many_files_at_once_come_out_as_each_alone(tmp_path: Path) -> None:
    texts = {"a.txt": TALK, "b.json": CANONICAL, "c.csv": "speaker,text\nagent,Hi\ncustomer,No\n",
             "d.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Hello\n", "e.json": "[]",
             "f.txt": "nothing", "g.txt": TALK.replace("Hello", "Grüße")}  # fmt: skip
    paths = [tmp_path / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="cp1252" if path.name == "g.txt" else "utf-8")
    alone = [ran(str(path)) for path in paths]
    assert ran(*map(str, reversed(paths))) == (
        "".join(out for out, _ in reversed(alone)), "".join(err for _, err in reversed(alone)),
    )  # fmt: skip


def test_a_wrong_format_names_the_known_ones() -> None:
    with pytest.raises(CommandError, match="expected one of canonical, labelled_pairs"):
        call_command("convert", "--format", "word", "x")


def test_no_database_is_touched_even_if_one_is_named(talk: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "convert", talk],
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_letters_of_every_script_are_printed_in_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Agent: Grüße, 你好 🙂\nCustomer: שלום\n")
    done = subprocess.run(
        [sys.executable, "manage.py", "convert", str(path)],
        capture_output=True,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        check=False,
    )
    assert done.returncode == 0
    assert "你好 🙂" in done.stdout.decode()
