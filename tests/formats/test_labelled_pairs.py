"""Labelled pairs, as accuracy is measured on them."""

import json
from typing import Any

import pytest

from transcripts.formats import FormatError, parse

PAIR: dict[str, Any] = {
    "id": "p1",
    "channel": "chat",
    "context": ["customer: it broke", "agent: oh?", "no label"],
    "customer": "Third time!",
    "agent": "I am sorry.",
    "labels": {"emotion": "frustration"},
}


def test_a_pair_is_its_context_the_message_and_the_reply() -> None:
    (interaction,) = parse(json.dumps(PAIR).encode(), name="gold.jsonl").interactions
    assert interaction.external_id == "p1"
    assert [(turn.role, turn.text) for turn in interaction.turns] == [
        ("customer", "it broke"),
        ("agent", "oh?"),
        ("unknown", "no label"),
        ("customer", "Third time!"),
        ("agent", "I am sorry."),
    ]


def test_a_pair_at_fault_is_told_with_its_line() -> None:
    lines = [json.dumps(PAIR), json.dumps({**PAIR, "context": "x"})]
    parsed = parse("\n".join(lines).encode(), name="gold.jsonl")
    assert len(parsed.interactions) == 1
    assert str(parsed.errors[0]) == "line 2: context must be a list of texts"


def test_a_pair_without_a_reply_names_the_field() -> None:
    broken = {key: value for key, value in PAIR.items() if key != "agent"}
    with pytest.raises(FormatError, match="agent is missing or not text"):
        parse(json.dumps(broken).encode(), name="x.jsonl", format="labelled_pairs")
