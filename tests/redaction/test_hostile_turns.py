"""No text keeps redaction busy for good, and plain words are left as they are."""

import random
from collections import Counter

import pytest

from benchmarks.baits import FACTS, NAMES, bait
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn
from transcripts.redaction import redact, redact_text

SIZE = 200_000  # twice what a turn may hold


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("piece", FACTS)
def test_bait_for_facts_is_redacted_once_and_for_all(piece: str) -> None:
    said = redact_text(bait("", piece, SIZE) + "@x 1234567", Counter())
    assert redact_text(said, Counter()) == said


@pytest.mark.cpu_limit(60)
@pytest.mark.parametrize("piece", NAMES)
def test_bait_for_names_comes_out_again(piece: str) -> None:
    said = CanonicalTurn("agent", bait("", piece, SIZE // 2))
    answer = CanonicalTurn("customer", said.text)
    clean, _ = redact(CanonicalInteraction("call", (said, answer)))
    assert [turn.role for turn in clean.turns] == ["agent", "customer"]
    assert all(turn.text for turn in clean.turns)


@pytest.mark.cpu_limit(20)
@pytest.mark.parametrize("piece", ["A ", "1 ", "Aa-b ", "A1 ", "ABCDEFGH", "1a/2 b "])
def test_lines_below_an_address_are_read_in_one_way(piece: str) -> None:
    said = f"ADDRESS:\n{(piece * 60)[:58]};\n"
    assert redact_text(said * 20, Counter()).count("\n") == 40


def test_thousands_of_plain_turns_are_left_as_they_are() -> None:
    words = ["I", "called", "about", "my", "order", "nobody", "could", "tell", "me", "today"]
    draw = random.Random(1)
    counts: Counter[str] = Counter()
    for _ in range(3000):
        turn = " ".join(draw.choices(words, k=25)) + f" {draw.randrange(10_000)}"
        assert redact_text(turn, counts) == turn
    assert not counts
