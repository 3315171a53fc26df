"""Files made to harm: refused or read, in bounded memory, everywhere."""

import gzip
import io
import json
import resource
import zipfile
from pathlib import Path
from typing import Any

import pytest

from benchmarks.baits import OPENINGS, RUNS, bait
from tests.fixture_files import fixture_files
from transcripts.formats import FORMATS, FormatError, Parsed, parse, recognise

MEGABYTE = 1_000_000
# So much that work in the square of it would end by the limit on processor time, not by itself.
SIZE = 200_000
LONGEST_TURN = 100_000
DEEP = 100_000
EXTENSIONS = sorted({extension for entry in FORMATS.values() for extension in entry.extensions})

pytestmark = pytest.mark.cpu_limit(60)


def answer(data: bytes, name: str, stated: str | None = None) -> Parsed | FormatError:
    """What the importers make of a file; any exception other than FormatError gets out."""
    try:
        return parse(data, name=name, format=stated)
    except FormatError as refused:
        return refused


@pytest.mark.parametrize("name", FORMATS)
def test_much_of_one_thing_is_read_or_refused(name: str) -> None:
    extension = (*FORMATS[name].extensions, "json")[0]
    openings = ("", *OPENINGS.get(name, ()))
    for number, run in enumerate(RUNS):
        data = bait(openings[number % len(openings)], run, SIZE).encode()
        found = answer(data, f"x.{extension}", name)
        assert isinstance(found, FormatError) or found.format == name


def test_much_of_one_thing_is_recognised_or_not() -> None:
    openings = ["", *(opening for each in OPENINGS.values() for opening in each)]
    for number, run in enumerate(RUNS):
        data = bait(openings[number % len(openings)], run, SIZE).encode()
        found = answer(data, "x")
        assert isinstance(found, FormatError) or found.format == recognise(data, "x").format


def longest_text(value: Any) -> tuple[Any, Any]:
    """Where in a document the longest string stands: its holder, and its key there."""
    best: tuple[int, Any, Any] = (-1, None, None)
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        for key, inner in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(inner, dict | list):
                waiting.append(inner)
            elif isinstance(inner, str) and len(inner) > best[0]:
                best = (len(inner), holder, key)
    return best[1], best[2]


@pytest.mark.parametrize("run", ["<div>", "<", "> ", "On a wrote:\n", "&#x", "<@", "a@"])
def test_a_megabyte_in_the_longest_text_of_json_is_no_turn(run: str) -> None:
    tried = 0
    for path in fixture_files():
        try:
            document = json.loads(path.read_bytes())
        except ValueError:
            continue
        before = answer(path.read_bytes(), path.name)
        holder, key = longest_text(document)
        holder[key] = bait("", run, MEGABYTE)
        found = answer(json.dumps(document).encode(), path.name)
        tried += 1
        if isinstance(found, Parsed):
            longest = max(
                len(turn.text) for interaction in found.interactions for turn in interaction.turns
            )
            assert longest <= LONGEST_TURN, path.name
        elif isinstance(before, Parsed):
            assert "at most 100,000 are taken" in str(found), path.name
        else:  # it held nothing to import from the beginning, or now a text without speakers
            same = str(found)[:60] == str(before)[:60]
            assert same or "has no speaker labels" in str(found), path.name
    assert tried > 20


@pytest.mark.parametrize("name", [None, *FORMATS])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ('{"a":', "}"), ('{"turns":[', "]}"), ('[{"messages":', "}]")],
)
def test_json_a_hundred_thousand_deep_is_refused(
    name: str | None, opening: str, closing: str
) -> None:
    data = (opening * DEEP + "1" + closing * DEEP).encode()
    with pytest.raises(FormatError):
        parse(data, name="x.json", format=name)


DAMAGED = "line 2: is damaged UTF-8"
NUL = "contains a NUL byte"
UTF_16 = "is not valid UTF-16: byte 3"
NO_TEXT = {  # and why it is refused, or the format that finds words in it all the same
    b"Agent: h\xc3\xa9llo w\xc3\xb6rld \xc3\xa0\nCustomer: \xc3\x28 \xc3\xa9\n": DAMAGED,
    b'{"channel": "chat", "turns": [{"role": "agent", "text": "\xed\xa0\x80"}]}': "canonical",
    b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe\xfd\n": "webvtt",
    b"\xff\xfe\x00": UTF_16,
    b"\xfe\xff" + b"\xd8\x00" * 50: UTF_16,
    b"\x00" * 5000: NUL,
    bytes(range(256)) * 40: "looks like an image or another binary file, not a transcript",
}


@pytest.mark.parametrize("data", NO_TEXT, ids=lambda data: repr(data[:12]))
def test_bytes_that_are_no_text_are_told(data: bytes) -> None:
    found = answer(data, "x.txt")
    if isinstance(found, Parsed):
        assert (found.format, len(found.interactions)) == (NO_TEXT[data], 1)
    else:
        assert NO_TEXT[data] in str(found)


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_that_are_no_text_are_no_other_format_either(name: str) -> None:
    for data, known in NO_TEXT.items():
        found = answer(data, "x.txt", name)
        if known not in FORMATS:
            assert isinstance(found, FormatError), data[:40]
        elif isinstance(found, Parsed):
            assert found.format == name
            assert found.interactions


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


@pytest.mark.parametrize("path", fixture_files(), ids=lambda path: path.name)
def test_another_formats_extension_does_not_mislead(path: Path) -> None:
    data = path.read_bytes()
    try:
        own: str | None = recognise(data, path.name).format
        clear = recognise(data, "x").clear
    except FormatError:
        own, clear = None, False
    for extension in EXTENSIONS:
        found = answer(data, f"{path.stem}.{extension}")
        if clear and isinstance(found, Parsed):
            assert {found.format, own} in ({own}, {"eml", "mbox"})


# --- archives -----------------------------------------------------------------------------------


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


TALK = b"Agent: Hello\nCustomer: Hi\n"


def test_a_zip_bomb_is_refused_in_bounded_memory() -> None:
    zeros = packed({f"{n}.txt": bytes(100 * 1024**2) for n in range(6)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FormatError):
        parse(zeros, name="bomb.zip")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = packed({"a.txt": b"Agent: a\n" * 3_000_000})
    lying = data.replace((27_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lying != data
    found = parse(lying, name="x.zip")
    assert not found.interactions
    assert [error.message for error in found.errors] == ["a.txt is damaged: it can't be unpacked"]


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
    found = parse(data, name="x.zip")
    assert not found.interactions
    assert [error.message for error in found.errors] == [
        "29.zip is an archive inside the archive; unpack it first"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.txt",
        "/etc/passwd.txt",
        "C:\\x.txt",
        "..\\..\\x.txt",
        "a/../../x.txt",
    ],
)
def test_an_entry_whose_name_leads_out_touches_no_disk(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    found = parse(packed({name: TALK, "good.txt": TALK}), name="x.zip")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", inside]
    assert [error.message for error in found.errors] == [
        f"{name} has a name that leads out of the archive"
    ]
    assert len(found.interactions) == 1


def test_an_entry_with_a_mark_that_turns_its_name_around_is_an_entry() -> None:
    found = parse(packed({"\u202ex.txt": TALK, "good.txt": TALK}), name="x.zip")
    assert (len(found.interactions), found.errors) == (2, ())


def test_an_archive_of_many_small_files_is_refused() -> None:
    data = packed({f"{n}.txt": b"" for n in range(30_000)}, zipfile.ZIP_STORED)
    with pytest.raises(FormatError, match="holds 30,000 entries; at most 10,000 are taken"):
        parse(data, name="x.zip")


@pytest.mark.parametrize("cut", [10, 40, 60, 100, -1, -10, -22, -40])
def test_a_damaged_archive_is_refused(cut: int) -> None:
    with pytest.raises(FormatError, match="its list of entries can't be read"):
        parse(packed({"a.txt": TALK * 50, "b.txt": TALK})[:cut], name="x.zip")


# --- mail ---------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">""" + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def mail(body: bytes, kind: str = "text/plain", headers: str = "") -> bytes:
    head = f"From: a@example.com\nTo: b@example.com\nSubject: x\nMIME-Version: 1.0\n{headers}"
    return f"{head}Content-Type: {kind}\n\n".encode() + body


def test_laughing_entities_stay_unexpanded() -> None:
    xml = f"{LAUGHS}]><p>&j;</p>".encode()
    for kind in ("text/xml", "application/xml"):
        with pytest.raises(FormatError, match="without words in its body"):
            parse(mail(xml, kind), name="x.eml")
    (interaction,) = parse(mail(xml, "text/html"), name="x.eml").interactions
    assert len(interaction.turns[0].text) < 10_000


def test_scripts_of_an_html_mail_are_no_words() -> None:
    body = b"<p>Hello</p><script>alert('x')</script><style>p {}</style><img src=x onerror=alert(1)>"
    found = answer(mail(body, "text/html"), "x.eml")
    assert isinstance(found, Parsed)
    assert [turn.text for turn in found.interactions[0].turns] == ["Hello"]


@pytest.mark.parametrize("depth", [50, 1_000, 20_000])
def test_endless_nesting_of_mail_is_refused(depth: int) -> None:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    inner = "Content-Type: message/rfc822\n\n" * depth
    for nested in (parts, inner):
        with pytest.raises(FormatError, match="too many parts inside one another"):
            parse(f"From: a@example.com\nSubject: x\n{nested}\nHello\n".encode(), name="x.eml")


def test_a_hundred_thousand_header_lines_are_too_much_of_a_turn() -> None:
    headers = "".join(f"X-{n}: a\n" for n in range(100_000))
    with pytest.raises(FormatError, match="at most 100,000 are taken"):
        parse(mail(b"Hello", headers=headers), name="x.eml")
