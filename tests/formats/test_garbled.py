"""Garbled letters are put right where the whole text says that they are, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.formats import parse
from transcripts.formats.garbled import ungarbled
from transcripts.formats.source import MENDED

LATE = "I\u2019m late"
SAID = (
    "Agent: I\u2019m so sorry \u2014 the \u201clift\u201d is late \U0001f61e.\n"
    "Customer: Caf\u00e9\u2026 for \u20ac5?\n"
)


def garbled(text: str, times: int = 1) -> str:
    for _ in range(times):
        text = "".join(
            bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
        )
    return text


@pytest.mark.parametrize("times", [1, 2])
def test_garbled_letters_are_undone_in_text_and_tables(times: int) -> None:
    parsed = parse(garbled(SAID, times).encode(), name="x.txt")
    said = [turn.text for turn in parsed.interactions[0].turns]
    assert said == [line.partition(": ")[2] for line in SAID.splitlines()]
    assert MENDED in parsed.notes
    table = f"conversation_id,speaker,message\n1,agent,{garbled(LATE, times)}\n"
    parsed = parse(table.encode(), name="x.csv")
    assert parsed.interactions[0].turns[0].text == LATE


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "Agent: I\u00e2\u20ac\u2122m late\nCustomer: caf\u00e9\n",  # this letter was read rightly
        "Agent: I\u00e2\u20ac\u2122m late\nCustomer: \u0447\u0430\u0441\n",
        "Agent: D\u00c9J\u00c0 VU, na\u00efve, \u00dcber\nCustomer: \u00a35\n",
        "Agent: MW\u00d6\u2013Kurs\nCustomer: ja\n",
        "Agent: plain\nCustomer: words\n",
    ],
)
def test_what_was_read_rightly_stays(text: str) -> None:
    assert ungarbled(text) == text


def test_json_is_taken_as_it_was_sent() -> None:
    said = garbled(LATE)
    text = f'{{"channel": "chat", "turns": [{{"role": "agent", "text": "{said}"}}]}}'
    assert parse(text.encode(), name="x.json").interactions[0].turns[0].text == said


@given(st.text(max_size=60))
def test_any_text_is_undone_or_stays(text: str) -> None:
    once = garbled(text.encode(errors="ignore").decode())
    assert ungarbled(once) in (once, text, garbled(text))
    assert isinstance(ungarbled(text), str)


def test_five_megabytes_take_no_longer_than_they_are() -> None:
    started = time.monotonic()
    assert ungarbled(garbled("I\u2019m \u201clate\u201d ") * 300_000).startswith("I\u2019m")
    assert ungarbled("\u00c3" * 5_000_000) == "\u00c3" * 5_000_000
    assert time.monotonic() - started < 20
