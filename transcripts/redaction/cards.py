"""Payment card numbers: the leading digits and length of a card scheme, and a valid Luhn check."""

import re
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from typing import Final

from stdnum import luhn

from transcripts.redaction.marks import digits_of, mark

_SCHEMES: Final = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"30[0-5]|3[689]"), (14, 16, 19)),  # Diners Club
    (re.compile(r"6011|64[4-9]|65"), (16, 19)),  # Discover
    (re.compile(r"35(?:2[89]|[3-8])"), (16, 19)),  # JCB
    (re.compile(r"62|81"), (16, 17, 18, 19)),  # UnionPay
    (re.compile(r"50[0-9]{2}|5[6-9]|6[0-9]"), (13, 15, 16, 18, 19)),  # Maestro, RuPay
)
_GAP: Final = r"[ \u00a0.\-\u2010-\u2015]"
_RUN: Final = re.compile(rf"(?<![\d+])(?<!\d[.,])\d(?:{_GAP}{{0,3}}\d){{12,}}")
_GROUP: Final = re.compile(r"\d+")


def is_card_number(digits: str) -> bool:
    """Whether digits, separators taken out, are a payment card's number."""
    return (
        len(digits) in _lengths(digits[:4]) and len(set(digits)) > 1 and bool(luhn.is_valid(digits))
    )


@lru_cache(maxsize=10_000)
def _lengths(leading: str) -> tuple[int, ...]:
    """How long a card's number may be that begins with these four digits, shortest first."""
    fitting = [lengths for scheme, lengths in _SCHEMES if scheme.match(leading)]
    return tuple(sorted({length for lengths in fitting for length in lengths}))


def redact_cards(text: str, counts: Counter[str]) -> str:
    """[CARD] for card numbers, whole or in groups, also with an expiry date or code behind."""
    return _RUN.sub(lambda run: _without_cards(run[0], counts), text)


def _without_cards(run: str, counts: Counter[str]) -> str:
    """A run of digit groups, the groups that make up a card replaced."""
    digits = digits_of(run)
    groups = [found.span() for found in _GROUP.finditer(run)]
    starts = list(accumulate((end - start for start, end in groups), initial=0))
    last_of = {offset: index for index, offset in enumerate(starts[1:])}
    parts: list[str] = []
    position = index = 0
    while index < len(groups):
        first = starts[index]
        last = next(
            (
                last_of[first + length]
                for length in _lengths(digits[first : first + 4])
                if first + length in last_of and is_card_number(digits[first : first + length])
            ),
            None,
        )
        if last is None:
            index += 1
            continue
        parts += [run[position : groups[index][0]], mark("CARD", counts)]
        position, index = groups[last][1], last + 1
    return "".join([*parts, run[position:]])
