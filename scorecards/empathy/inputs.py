"""What the reader is shown of a turn: the words that were said, and what they answer.

An input is a pair of texts. For a customer's turn: what the agent said just before, with the tone
that plain words lose, and the turn. For an agent's turn: what the customer said just before, and
the turn. Training and running build their inputs here, so that both see the same.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scorecards.empathy.text import Prepared

CUE: Final = "cue"
RESPONSE: Final = "response"
SHORT: Final = 60  # characters; a shorter message is shown with the one before it
_FIRST_SIGN: Final = "\u2600"
_MOST_SIGNS: Final = 4
_SHOUTED: Final = re.compile(r"\b[A-Z]{3,}\b")
_CAPITAL_WORDS: Final = 3
_LETTERS: Final = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Input:
    """One turn to be read. `before` is context; judgements and evidence are about `said`."""

    kind: str
    before: str
    said: str


def of_customer(answered: Prepared | None, said: Prepared) -> Input:
    """A customer's turn, after the agent's turn that it answers."""
    tone = _tone(said)
    before = answered.low if answered else ""
    return Input(CUE, f"{before} {tone}".strip() if tone else before, said.low)


def of_agent(heard: Sequence[Prepared], said: Prepared) -> Input:
    """An agent's turn, after what the customer said last; `heard` has the last turn last."""
    own = said.low
    if not heard:
        return Input(RESPONSE, "", own)
    last = heard[-1].low
    if len(last) <= SHORT and len(heard) > 1:
        last = f"{heard[-2].low} {last}"
    return Input(RESPONSE, last, own)


def _tone(said: Prepared) -> str:
    """Capitals and emoji in words: the reader's vocabulary has neither."""
    words = []
    text = said.text if said.whole else _unmasked(said)
    if len(_SHOUTED.findall(text)) >= _CAPITAL_WORDS and _mostly_capitals(text):
        words.append("shouting")
    if not text.isascii():
        signs = list(dict.fromkeys(sign for sign in text if sign >= _FIRST_SIGN))
        names = (unicodedata.name(sign, "").lower() for sign in signs[:_MOST_SIGNS])
        words += [name for name in names if name and "selector" not in name]
    return f"({', '.join(words)})" if words else ""


def _unmasked(said: Prepared) -> str:
    """The text as given, without what is blank in `low`."""
    both = zip(said.text, said.low, strict=True)
    return "".join(" " if low == " " else sign for sign, low in both)


def _mostly_capitals(text: str) -> bool:
    letters: list[str] = _LETTERS.findall(text)
    return 3 * sum(letter.isupper() for letter in letters) >= len(letters)
