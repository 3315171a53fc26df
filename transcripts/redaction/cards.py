"""Payment card numbers: the leading digits and length of a card scheme, and a valid Luhn check.

Where the talk says that a card number follows, wrong check digits are misheard ones.
"""

import re
from functools import lru_cache
from itertools import accumulate
from typing import Final

from stdnum import luhn

from transcripts.redaction.marks import Finds, before, digits_of

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
_GAP: Final = r"[ \u00a0.\-\u2010-\u2015\n\x1f]"
_RUN: Final = re.compile(rf"\d(?<![\d+]\d)(?<!\d[.,]\d)(?:{_GAP}{{0,3}}\d){{12,}}")
_PART: Final = re.compile(r"(?<![\w$\u20ac\u00a3.,/#:-])\d{4,19}(?:[ -]\d{2,4}){0,4}(?![\w%/:])")
_BEGUN: Final = re.compile(
    r"\b(?:card number|long number|number (?:on|of) (?:the|my|his|her) card|(?:my|the|his|her|"
    r"your) "
    r"(?:credit |debit |visa |bank )?card)(?: is|['\u2019]s|:| reads| starts? with| begins? with)"
    r"[ ,\x1f]{1,3}(?:(?:um|uh|er|it['\u2019]s|yes)[ ,]{1,2})?$",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(r"\d+")
_SAID: Final = re.compile(
    r"(?P<other>\b(?:sim|gift|loyalty|library|member(?:ship)?|rewards?|club|business|green|travel|"
    r"id|oyster|report|phone|store|points|advantage|clubcard|insurance|health|medicare|medical)"
    r"[ -])?\b(?:card(?:'s)?(?: number)?|card number|long number|(?:16|sixteen)[- ]digit number)\b"
    r"[^\n\d\[\]]{0,30}$",
    re.IGNORECASE,
)


def is_card_number(digits: str) -> bool:
    """True if digits, separators taken out, are a payment card's number."""
    return (
        len(digits) in lengths(digits[:4]) and len(set(digits)) > 1 and bool(luhn.is_valid(digits))
    )


def begins_with_card(digits: str) -> bool:
    """True if a card's number stands first in digits that may go on with its expiry and code."""
    return any(
        is_card_number(digits[:length]) for length in lengths(digits[:4]) if length <= len(digits)
    )


def is_announced(words: str, asked: str) -> bool:
    """True if the words in front, or the question before, are about a payment card's number."""
    found = _SAID.search(words)
    return found["other"] is None if found else "card number" in asked


def is_begun(words: str) -> bool:
    """True if the words right in front say that a card's number begins there."""
    return _BEGUN.search(words) is not None and is_announced(words, "")


@lru_cache(maxsize=10_000)
def lengths(leading: str) -> tuple[int, ...]:
    """How long a card's number may be that begins with these four digits, shortest first."""
    fitting = [sizes for scheme, sizes in _SCHEMES if scheme.match(leading)]
    return tuple(sorted({size for sizes in fitting for size in sizes}))


def redact_cards(text: str, finds: Finds) -> str:
    """[CARD] for card numbers, whole or in groups, also with an expiry date or code behind."""
    return _RUN.sub(lambda run: _without_cards(run, finds), text)


def redact_card_parts(text: str, finds: Finds) -> str:
    """[CARD] for what is given of a card's number right behind the words for it."""
    return _PART.sub(
        lambda found: (
            finds.mark("CARD", found[0]) if is_begun(before(text, found.start())) else found[0]
        ),
        text,
    )


def _without_cards(found: re.Match[str], finds: Finds) -> str:
    """A run of digit groups, the groups that make up a card replaced."""
    run = found[0]
    digits = digits_of(run)
    groups = [group.span() for group in _GROUP.finditer(run)]
    starts = list(accumulate((end - start for start, end in groups), initial=0))
    last_of = {offset: index for index, offset in enumerate(starts[1:])}
    parts: list[str] = []
    position = index = 0
    while index < len(groups):
        first = starts[index]
        last = next(
            (
                last_of[first + length]
                for length in lengths(digits[first : first + 4])
                if first + length in last_of and is_card_number(digits[first : first + length])
            ),
            None,
        )
        if last is None:
            index += 1
            continue
        card = run[groups[index][0] : groups[last][1]]
        parts += [run[position : groups[index][0]], finds.mark("CARD", card)]
        position, index = groups[last][1], last + 1
    if not parts and len(digits) <= 23 and _is_said(found, finds):
        return finds.mark("CARD", run)
    return "".join([*parts, run[position:]])


def _is_said(run: re.Match[str], finds: Finds) -> bool:
    return is_announced(before(run.string, run.start()), finds.asked)
