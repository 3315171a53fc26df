"""vCons as compact JWS: taken apart, never checked; encrypted ones are refused."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest

from transcripts.formats import FormatError, parse, recognise

VCON = {
    "vcon": "0.3.0",
    "uuid": "0195-1",
    "parties": [{"name": "Ana", "role": "customer"}, {"name": "Bo", "role": "agent"}],
    "dialog": [
        {"type": "text", "start": "2026-03-01T10:00:00Z", "parties": 0, "body": "It is late."},
        {"type": "text", "start": "2026-03-01T10:00:09Z", "parties": 1, "body": "I see why."},
    ],
}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def compact(value: Any = VCON, alg: str = "RS256") -> str:
    return f"{part({'alg': alg})}.{part(value)}.{'' if alg == 'none' else 'c2lnbmVk'}"


WRAPPED = "\n".join(compact()[start : start + 76] for start in range(0, len(compact()), 76))


@pytest.mark.parametrize(
    "written", [compact(), f"{compact()}\n", f'"{compact()}"', compact(alg="none"), WRAPPED]
)
def test_a_compact_signature_is_opened_and_not_checked(written: str) -> None:
    assert recognise(written.encode(), "x.txt").format == "vcon"
    parsed = parse(written.encode(), name="x.txt")
    (interaction,) = parsed.interactions
    assert [(turn.role, turn.text) for turn in interaction.turns] == [
        ("customer", "It is late."),
        ("agent", "I see why."),
    ]
    assert "The signature of the file was not checked." in parsed.notes


def test_one_a_line() -> None:
    other = compact({**VCON, "uuid": "0195-2"})
    found = parse(f"{compact()}\n{other}\n".encode(), name="x.txt").interactions
    assert [interaction.external_id for interaction in found] == ["0195-1", "0195-2"]


def test_five_parts_are_encrypted() -> None:
    with pytest.raises(FormatError, match="encrypted"):
        parse(f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d".encode(), name="x.jwe")


def test_a_payload_that_is_no_json_is_refused_in_words() -> None:
    with pytest.raises(FormatError, match="signed payload that can't be read"):
        parse(f"{part({'alg': 'ES256'})}.bm90IGpzb24.c2ln".encode(), name="x.txt")


@pytest.mark.parametrize("text", ["www.example.com", "one.two.three", "Agent.said.so: hello"])
def test_words_with_dots_are_none(text: str) -> None:
    with suppress(FormatError):
        assert recognise(text.encode(), "x.txt").format != "vcon"
