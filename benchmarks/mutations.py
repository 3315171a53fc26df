"""Damaged files for the fuzzer: mutations of real ones, the same for the same seed and number."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MAX_FILE: Final = 100_000  # bytes kept of a fixture
MAX_ITEMS: Final = 6  # elements kept of a long JSON list
MAX_CASE: Final = 400_000  # bytes of a damaged file
EXTENSIONS: Final = (
    "json", "jsonl", "ndjson", "txt", "md", "csv", "tsv", "vtt", "srt", "eml", "mbox", "zip",
    "vcon", "dat", "tnef", "html", "",
)  # fmt: skip
TOKENS: Final = (
    b"\x00", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\n", b"\r", b"\r\n\r\n",
    b'"', b"'", b"\\", b"[", b"{", b"}", b"]", b",", b":", b";", b"\t", b"-->",
    b"00:00:01,000 --> ", b"WEBVTT\n\n", b"<v Dana>", b"</v>", b"<", b"&#0;", b"&#99999999;",
    b"&lt;script&gt;", b"=?utf-8?b?", b"=?x?q?=00?=", b"\nFrom x Mon Jan  1 00:00:00 2024\n",
    b"Content-Type: multipart/mixed; boundary=a\n", b"Content-Transfer-Encoding: base64\n",
    b"charset=x-unknown", b"\n--a\n", b"\n>>>> ", b"On Monday, A wrote:\n", b"Agent: ",
    b"Customer: ", b"[3/5/26, 10:15:22 AM] A: ", b"31/12/9999, 23:59 - ", b"\xe2\x80\x8e",
    b"\xe2\x80\xaf", b"NaN", b"Infinity", b"-1", b"1e999", b"99999999999999999999",
    b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:59-23:59", b"PT1H", b"1.5s", b"null", b"true",
    b"\\u0000", b"\\ud800", b"begin 644 x\n",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 1.5, 1e18, -1e300, 10**30, 1767261600, 1767261600000, "", " ", "x",
    "0", "-1", "1.5s", "1e400", "NaN", "PT1.5S", "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00", "2026-13-45", "\u0000", "\ud800", "\u200e", "customer", "agent",
    "AGENT", "<p>x", "=?utf-8?b?x?=", "a@b", "x" * 5000, [], {}, [[]], [None], [{}], [1], ["x"],
    {"": None}, {"text": 1}, {"seconds": "x"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fixture:
    """One real file, shortened if it is large."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged file: under which name it comes, and from which fixture it was made."""

    name: str
    data: bytes
    origin: str


def corpus(folder: Path) -> list[Fixture]:
    """The files in the folders below this one, in a fixed order, large ones cut to size."""
    paths = sorted(path for path in folder.rglob("*/*") if path.is_file())
    return [Fixture(path.name, _shortened(path.read_bytes())) for path in paths]


def make_case(fixtures: list[Fixture], seed: int, number: int) -> Case:
    """The damaged file of this seed and number."""
    chance = random.Random(f"{seed}:{number}")
    fixture = chance.choice(fixtures)
    data = fixture.data
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        data = _damaged(chance, data, fixtures)
    name = fixture.name
    kind = chance.random()
    if kind < 0.2:
        name = f"{name.rpartition('.')[0] or name}.{chance.choice(EXTENSIONS)}"
    if kind > 0.96:
        name, data = "files.zip", _zipped(chance, fixtures, data)
    return Case(name, data[:MAX_CASE], fixture.name)


def _shortened(data: bytes) -> bytes:
    if len(data) <= MAX_FILE:
        return data
    try:
        document = json.loads(data)
    except ValueError:
        return data[:MAX_FILE]
    return json.dumps(_pruned(document)).encode()[: 2 * MAX_FILE]


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(inner) for key, inner in value.items()}
    return [_pruned(inner) for inner in value[:MAX_ITEMS]] if isinstance(value, list) else value


def _damaged(chance: random.Random, data: bytes, fixtures: list[Fixture]) -> bytes:
    if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") and chance.random() < 0.7:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, dict | list):
            return json.dumps(_other_json(chance, document)).encode()
    if chance.random() < 0.15:
        return _spliced(chance, data, chance.choice(fixtures).data)
    return chance.choice(BYTE_MUTATIONS)(chance, data)


def _spliced(chance: random.Random, data: bytes, other: bytes) -> bytes:
    here, there = _place(chance, data), _place(chance, other)
    return data[:here] + other[there:]


def _place(chance: random.Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


def _span(chance: random.Random, data: bytes, longest: int = 4000) -> tuple[int, int]:
    start = _place(chance, data)
    return start, min(len(data), start + chance.randrange(1, longest))


def _flip_bits(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, data)
    return data[:place] if chance.random() < 0.7 else data[place:]


def _duplicate(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    times = chance.choice((1, 1, 3, 50))
    return data[:end] + data[start:end] * times + data[end:]


def _delete(chance: random.Random, data: bytes) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    place = _place(chance, data)
    token = chance.choice(TOKENS) * chance.choice((1, 1, 1, 3, 300))
    return data[:place] + token + data[place:]


def _nest(chance: random.Random, data: bytes) -> bytes:
    depth = chance.choice((10, 200, 5_000, 60_000))
    opening, closing = chance.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<div>", b""), (b"> ", b""))
    )
    return opening * depth + data + closing * depth


def _line_ends(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"".join(line + chance.choice((b"\n", b"\r\n", b"\r")) for line in lines)


def _shuffle_lines(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    start = chance.randrange(len(lines))
    part = lines[start : start + 12]
    chance.shuffle(part)
    return b"\n".join(lines[:start] + part + lines[start + 12 :])


def _numbers(chance: random.Random, data: bytes) -> bytes:
    places = [place for place, byte in enumerate(data[:20_000]) if 48 <= byte <= 57]
    if not places:
        return data
    place = chance.choice(places)
    number = chance.choice(
        (b"", b"0", b"-1", b"999999999999999999999", b"1e400", b"99", b"\xd9\xa3")
    )
    return data[:place] + number + data[place + 1 :]


def _recode(chance: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "gb18030", "cp037")),
        "replace",
    )


BYTE_MUTATIONS: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    _flip_bits, _flip_bits, _truncate, _truncate, _duplicate, _delete, _insert, _insert, _insert,
    _nest, _line_ends, _shuffle_lines, _numbers, _numbers, _recode,
)  # fmt: skip


def _other_json(chance: random.Random, document: Any) -> Any:
    """The document with a few keys deleted, renamed or doubled, and values of another type."""
    places = list(_places(document))
    for _ in range(chance.choice((1, 1, 2, 4, 12)) if places else 0):
        holder, key = chance.choice(places)
        if key not in (holder if isinstance(holder, dict) else range(len(holder))):
            continue
        _change(chance, holder, key, places)
    kind = chance.random()
    if kind < 0.03:
        return [document, document]
    return (
        {chance.choice(("data", "results", "response", "a")): document} if kind < 0.05 else document
    )


def _change(chance: random.Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    kind = chance.random()
    if kind < 0.25:
        del holder[key]
    elif kind < 0.75:
        holder[key] = deepcopy(chance.choice(VALUES))
    elif kind < 0.85:
        holder[key] = chance.choice(([holder[key]], {"a": holder[key]}, str(holder[key])[:5000]))
    elif isinstance(holder, dict) and kind < 0.93:
        other = chance.choice(places)[1]
        holder[other if isinstance(other, str) else "x"] = holder.pop(key)
    else:
        source, inner = chance.choice(places)
        if inner in (source if isinstance(source, dict) else range(len(source))):
            holder[key] = json.loads(json.dumps(source[inner]))


def _places(value: Any, limit: int = 3000) -> Iterator[tuple[Any, Any]]:
    """Every key of every object and every index of every list, breadth first."""
    waiting = [value]
    while waiting and limit > 0:
        holder = waiting.pop(0)
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, child in inner:
            limit -= 1
            yield holder, key
            if isinstance(child, dict | list):
                waiting.append(child)


def _zipped(chance: random.Random, fixtures: list[Fixture], data: bytes) -> bytes:
    """A zip of some files under good and bad names, sometimes damaged itself."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(chance.randrange(0, 5)):
            fixture = chance.choice(fixtures)
            folder = chance.choice(
                ("", "a/", "../", "/", "C:\\", "general/", "__MACOSX/", "a/" * 50)
            )
            archive.writestr(
                f"{folder}{number}{fixture.name}", data if number == 0 else fixture.data[:20_000]
            )
        if chance.random() < 0.2:
            archive.writestr("inner.zip", buffer.getvalue())
    packed = buffer.getvalue()
    return _flip_bits(chance, packed) if chance.random() < 0.4 else packed
