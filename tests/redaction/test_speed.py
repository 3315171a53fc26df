"""Redaction keeps up with intake and no input makes it slow."""

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from transcripts.formats.model import CanonicalInteraction, CanonicalTurn
from transcripts.redaction import redact, redact_text

SIZE = 200_000  # twice what a turn may hold
BAITS = {
    "digits": "1",
    "digits apart": "4 ",
    "dashes": "1-2 ",
    "at signs": "a@",
    "letters": "a",
    "dots": "a.",
    "web addresses": "https://x/?a=1&",
    "schemes": "a://",
    "users": "http://a:@",
    "passwords": "my password is ",
    "colons": "password:",
    "pins": "pin 1 ",
    "reversed": "1 is my ",
    "ibans": "GB29 ",
    "social": "ssn 123-45-",
    "dates": "2026-11-02 ",
    "brackets": "(",
    "pluses": "+1",
    "blanks": " ",
    "line breaks": "\n",
    "spoken": "one two ",
    "spoken address": "a dot b at ",
    "calls": "call ",
    "orders": "order # ",
    "marks": "[CARD]",
    "quotes": "'",
    "tokens": "eyJaaaaaaaaa.",
    "number words": "one, ",
    "doubles": "double one ",
    "numbers apart": "123, ",
    "announcements": "nhs 123456 ",
    "sort codes": "sort code 20-40-60 ",
    "addresses said": "a at b dot ",
    "hyphens": "a-",
    "apostrophes": "a'",
}


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS.keys())
def test_baits_take_no_more_than_their_share(bait: str) -> None:
    def seconds(size: int) -> float:
        text = bait * (size // len(bait)) + "@x 1234567"
        started = time.process_time()
        redact_text(text, Counter())
        return time.process_time() - started

    assert _grows_in_step(seconds, SIZE, at_least=0.5)


@pytest.mark.parametrize(
    "bait", ["my name is Ab. ", "mr ", "Mr van ", "this is ", "Hi, ", "regards\nAb\n", "Ab here "]
)
def test_baits_for_names_take_no_more_than_their_share(bait: str) -> None:
    def seconds(size: int) -> float:
        said = CanonicalTurn("agent", bait * (size // len(bait)))
        answer = CanonicalTurn("customer", said.text)
        started = time.process_time()
        redact(CanonicalInteraction("call", (said, answer)))
        return time.process_time() - started

    assert _grows_in_step(seconds, 100_000, at_least=1.0)


def test_thousands_of_turns_are_redacted_in_a_second() -> None:
    words = ["I", "called", "about", "my", "order", "nobody", "could", "tell", "me", "today"]
    draw = random.Random(1)
    turns = [
        " ".join(draw.choices(words, k=25)) + f" {draw.randrange(10_000)}" for _ in range(3000)
    ]
    started = time.process_time()
    counts: Counter[str] = Counter()
    for turn in turns:
        redact_text(turn, counts)
    assert time.process_time() - started < 3
    assert not counts


def _grows_in_step(seconds: Callable[[int], float], size: int, *, at_least: float) -> bool:
    """Whether ten times as much takes no more than thirty times as long: squared, a hundred.

    In one of three tries, for a machine may stumble.
    """
    return any(
        seconds(size) < max(at_least, 30 * tenth)
        for tenth in (seconds(size // 10) for _ in range(3))
    )
