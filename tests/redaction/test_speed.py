"""Redaction keeps up with intake and no input makes it slow."""

import random
import time
from collections import Counter

import pytest

from transcripts.redaction import redact_text

SIZE = 1_000_000
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
}


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS.keys())
def test_a_megabyte_of_bait_takes_no_more_than_its_share(bait: str) -> None:
    tenth = _seconds(bait * (SIZE // 10 // len(bait)) + "@x 1234567")
    whole = _seconds(bait * (SIZE // len(bait)) + "@x 1234567")
    assert whole < max(1.0, tenth * 30)  # squared, it would be a hundred times


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


def _seconds(text: str) -> float:
    started = time.process_time()
    redact_text(text, Counter())
    return time.process_time() - started
