"""Files made to harm: refused or read, within five seconds and in bounded memory, everywhere."""

import gzip
import io
import json
import resource
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from transcripts.formats import FORMATS, FormatError, Parsed, parse, recognise

SECONDS = 5.0
MEGABYTE = 1_000_000
FOLDER = Path(settings.BASE_DIR).parent / "shared" / "fixtures"
FIXTURES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
EXTENSIONS = sorted({extension for entry in FORMATS.values() for extension in entry.extensions})

needs_fixtures = pytest.mark.skipif(not FIXTURES, reason="no shared fixtures beside the project")


def bait(opening: str, unit: str, size: int = MEGABYTE) -> bytes:
    """A file of one thing again and again."""
    return (opening + unit * (size // len(unit.encode()))).encode()


RUNS = (
    "a", " ", "\t", "\n", "x\n", "<", ">", "> ", "\n> ", ">\n", "&", "&#", "&lt;", "[", "{", "(",
    '"', '""', '","', "'", "\\", "\\n", ":", "a:", "A: ", "Agent:", "Agent: ", "Agent: Customer: ",
    "Agent\n\n", "A\n\n", "*", "**", "_", "-", "- ", "--", "-->", "=", "=?utf-8?q?",
    "=?utf-8?q?=41?= ", "=\n", "#", "@", "a@", "a@b.", ".", ",", ", ", ";", "; ", "|", "0", "0:",
    "00:", "1 ", "12:", "1/", "1.", "\u0660", "\u200e", "\u202f", "\u00a0", "\u0301", "<v ",
    "<v a>", "<v.a.", "<c>", "<00:00.000>", "<div>", "<div ", "<!--", "<a href='", "<p>x",
    "<script>", "<![CDATA[", "</", "http://", "On Mon, ", "On a wrote:\n", "wrote:\n",
    "Am Montag schrieb ", "-----Original Message-----\n", "________________\n", "Sent from my ",
    "From: a\n", "From ", "\nFrom a Mon Jan  1 00:00:00 2024\n", ">From ", "Subject: a\n", "a: b\n",
    "a:\n ", "--a\n", "begin 644 a\n", "[1/2/26, 10:15] A: b\n", "1/2/26, 10:15 - ",
    "1/2/26, 10:15 - A: b\n", "1/2/26, ", "10:15:00\tA:\tb\n", "10:15:00\t From A to ", "1\n",
    "1\n\n", "00:00:01,000 --> 00:00:02,000\n", "00:00:01,000 --> ",
    "1\n00:00:01,000 --> 00:00:02,000\na\n\n", '{"a":1}\n', '{"a":', '[{"a":', "\u2028",
)  # fmt: skip
OPENINGS = {
    "webvtt": ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "WEBVTT\n\n", "WEBVTT\n"),
    "srt": ("1\n00:00:01,000 --> 00:00:02,000\n",),
    "csv_turns": ("speaker,text\nAgent,", "speaker,text\n"),
    "plain_text": ("Agent: a\nCustomer: b\n",),
    "eml": (
        "From: a@b.c\nTo: d@e.f\nSubject: x\n\n",
        "From: a@b.c\nSubject: ",
        "From: a@b.c\nContent-Type: text/html\n\n",
        "From: a@b.c\nContent-Type: multipart/mixed; boundary=a\n\n--a\n",
    ),
    "mbox": ("From a@b.c Mon Jan  1 00:00:00 2024\nFrom: a@b.c\n\n",),
    "whatsapp": ("1/2/26, 10:15 - A: b\n13/2/26, 10:15 - B: c\n",),
    "zoom_chat": ("10:15:00\tA:\tb\n10:15:01\tB:\tb\n",),
}


@contextmanager
def soon(what: object) -> Iterator[None]:
    """Fail where the block takes a processor longer than a person waits."""
    began = time.process_time()
    yield
    taken = time.process_time() - began
    assert taken < SECONDS, f"{taken:.1f} s for {what!r}"


def answer(data: bytes, name: str, stated: str | None = None) -> Parsed | FormatError:
    """What the importers make of a file; any exception other than FormatError gets out."""
    try:
        return parse(data, name=name, format=stated)
    except FormatError as refused:
        return refused


def answered_soon(opening: str, run: str, name: str, stated: str | None = None) -> bool:
    """Whether a megabyte of one thing is answered within the limit.

    A fifth is tried first: what takes it less than a twenty-fifth of the limit can't, even in
    quadratic time, take the whole longer than the limit. The whole has two tries, for a machine
    may stumble.
    """
    for size, limit in ((MEGABYTE // 5, SECONDS / 25), *[(MEGABYTE, SECONDS)] * 2):
        began = time.process_time()
        answer(bait(opening, run, size), name, stated)
        if time.process_time() - began < limit:
            return True
    return False


@pytest.mark.parametrize("name", FORMATS)
def test_a_megabyte_of_one_thing_is_answered_soon(name: str) -> None:
    extension = (*FORMATS[name].extensions, "json")[0]
    openings = ("", *OPENINGS.get(name, ()))
    baits = [(openings[n % len(openings)], run) for n, run in enumerate(RUNS)]
    slow = [one for one in baits if not answered_soon(*one, f"x.{extension}", name)]
    assert slow == []


def test_a_megabyte_of_one_thing_is_recognised_or_not_soon() -> None:
    openings = ["", *(opening for each in OPENINGS.values() for opening in each)]
    baits = [(openings[n % len(openings)], run) for n, run in enumerate(RUNS)]
    assert [one for one in baits if not answered_soon(*one, "x")] == []


def longest_text(value: Any) -> tuple[Any, Any]:
    """Where in a document the longest string stands: its holder, and its key there."""
    best: tuple[int, Any, Any] = (-1, None, None)
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        for key, one in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(one, dict | list):
                waiting.append(one)
            elif isinstance(one, str) and len(one) > best[0]:
                best = (len(one), holder, key)
    return best[1], best[2]


@needs_fixtures
@pytest.mark.parametrize("run", ["<div>", "<", "> ", "On a wrote:\n", "&#x", "<@", "a@"])
def test_a_megabyte_in_the_longest_text_of_json_is_answered_soon(run: str) -> None:
    tried = 0
    for path in FIXTURES:
        try:
            document = json.loads(path.read_bytes())
        except ValueError:
            continue
        holder, key = longest_text(document)
        if holder is None:
            continue
        holder[key] = bait("", run).decode()
        tried += 1
        with soon((path.name, run)):
            found = answer(json.dumps(document).encode(), path.name)
        assert isinstance(found, Parsed | FormatError)
    assert tried > 20


@pytest.mark.parametrize("name", [None, *FORMATS])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ('{"a":', "}"), ('{"turns":[', "]}"), ('[{"messages":', "}]")],
)
def test_json_a_million_deep_is_refused(name: str | None, opening: str, closing: str) -> None:
    data = (opening * MEGABYTE + "1" + closing * MEGABYTE).encode()
    with soon(opening), pytest.raises(FormatError):
        parse(data, name="x.json", format=name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data",
    [
        b"Agent: h\xc3\xa9llo w\xc3\xb6rld \xc3\xa0\nCustomer: \xc3\x28 \xc3\xa9\n",
        b'{"channel": "chat", "turns": [{"role": "agent", "text": "\xed\xa0\x80"}]}',
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe\xfd\n",
        b"\xff\xfe\x00",
        b"\xfe\xff" + b"\xd8\x00" * 50,
        b"\x00" * 5000,
        bytes(range(256)) * 40,
    ],
)
def test_bytes_that_are_no_text_are_answered(name: str, data: bytes) -> None:
    for stated in (None, name):
        with soon(data[:40]):
            found = answer(data, "x.txt", stated)
        assert isinstance(found, Parsed | FormatError)


@pytest.mark.parametrize(
    "text",
    [
        "Agent: Hello\nCustomer: Hi\nAgent: Bye\nCustomer: Bye\n",
        "speaker,text\nAgent,Hello\nCustomer,Hi\nAgent,Bye\nCustomer,Bye\n",
        "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\nHi\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n00:02.000 --> 00:03.000\nHi\n",
    ],
)
def test_mixed_line_ends_change_nothing(text: str) -> None:
    plain = parse(text.encode(), name="x")
    ends = ("\r\n", "\n", "\r")
    mixed = "".join(line + ends[n % 3] for n, line in enumerate(text.split("\n")[:-1]))
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), mixed):
        assert parse(other.encode(), name="x").interactions == plain.interactions


@needs_fixtures
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_another_formats_extension_does_not_mislead(path: Path) -> None:
    data = path.read_bytes()
    try:
        own: str | None = recognise(data, path.name).format
        clear = recognise(data, "x").clear
    except FormatError:
        own, clear = None, False
    for extension in EXTENSIONS:
        with soon(extension):
            found = answer(data, f"{path.stem}.{extension}")
        if clear and isinstance(found, Parsed):
            assert {found.format, own} in ({own}, {"eml", "mbox"})


# --- archives -----------------------------------------------------------------------------------


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


TALK = b"Agent: Hello\nCustomer: Hi\n"


def test_a_zip_bomb_is_refused_in_bounded_memory() -> None:
    zeros = packed({f"{n}.txt": bytes(100 * 1024**2) for n in range(6)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with soon("bomb"), pytest.raises(FormatError):
        parse(zeros, name="bomb.zip")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = packed({"a.txt": b"Agent: a\n" * 3_000_000})
    lying = data.replace((27_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lying != data
    with soon("lying"):
        found = answer(lying, "x.zip")
    assert isinstance(found, FormatError) or not found.interactions


def test_a_small_bomb_beside_a_talk_does_not_harm_it() -> None:
    inner = packed({"a.txt": TALK})
    found = answer(
        packed({"talk.txt": TALK, "inner.zip": inner, "b.gz": gzip.compress(TALK)}), "x.zip"
    )
    assert isinstance(found, Parsed)
    assert len(found.interactions) == 1
    assert any("archive" in error.message for error in found.errors)


def test_zips_within_zips_are_not_followed() -> None:
    data = TALK
    for depth in range(30):
        data = packed({f"{depth}.zip": data})
    with soon("nested"):
        found = answer(data, "x.zip")
    assert isinstance(found, FormatError) or (found.errors and not found.interactions)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.txt",
        "/etc/passwd.txt",
        "C:\\x.txt",
        "..\\..\\x.txt",
        "a/../../x.txt",
        "\u202ex.txt",
    ],
)
def test_an_entry_whose_name_leads_out_touches_no_disk(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    found = answer(packed({name: TALK, "good.txt": TALK}), "x.zip")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", inside]
    assert isinstance(found, FormatError) or len(found.interactions) <= 2


def test_an_archive_of_many_small_files_is_answered_soon() -> None:
    data = packed({f"{n}.txt": b"" for n in range(30_000)}, zipfile.ZIP_STORED)
    with soon("many"):
        found = answer(data, "x.zip")
    assert isinstance(found, FormatError)


@pytest.mark.parametrize("cut", [10, 40, 60, 100, -1, -10, -22, -40])
def test_a_damaged_archive_is_refused(cut: int) -> None:
    found = answer(packed({"a.txt": TALK * 50, "b.txt": TALK})[:cut], "x.zip")
    assert isinstance(found, FormatError) or not found.interactions


# --- mail ---------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">""" + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def mail(body: bytes, kind: str = "text/plain", headers: str = "") -> bytes:
    head = f"From: a@example.com\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n{headers}"
    return f"{head}Content-Type: {kind}\n\n".encode() + body


def test_laughing_entities_stay_unexpanded() -> None:
    xml = f"{LAUGHS}]><p>&j;</p>".encode()
    for kind in ("text/xml", "text/html", "application/xml"):
        with soon(kind):
            found = answer(mail(xml, kind), "x.eml")
        assert len(str(found)) < 10_000


def test_scripts_of_an_html_mail_are_no_words() -> None:
    body = b"<p>Hello</p><script>alert('x')</script><style>p {}</style><img src=x onerror=alert(1)>"
    found = answer(mail(body, "text/html"), "x.eml")
    assert isinstance(found, Parsed)
    assert [turn.text for turn in found.interactions[0].turns] == ["Hello"]


@pytest.mark.parametrize("depth", [50, 1_000, 20_000])
def test_endless_nesting_of_mail_is_answered_soon(depth: int) -> None:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    inner = "Content-Type: message/rfc822\n\n" * depth
    for nested in (parts, inner):
        with soon(depth):
            found = answer(f"From: a@example.com\nSubject: x\n{nested}\nHello\n".encode(), "x.eml")
        assert isinstance(found, Parsed | FormatError)


def test_a_hundred_thousand_header_lines_are_answered_soon() -> None:
    headers = "".join(f"X-{n}: a\n" for n in range(100_000))
    with soon("headers"):
        found = answer(mail(b"Hello", headers=headers), "x.eml")
    assert isinstance(found, Parsed | FormatError)
