"""Numbers in the answer to a question for one, in whatever pieces they come.

"4 4 2 2", "4-4-2-2", "um, 4, 4, 2, 2", "four four two two", "oh two oh" and later the rest: what
was asked for tells what they are. Amounts, times, order numbers and error codes stay.
"""

import re
from collections.abc import Callable
from typing import Final

from transcripts.redaction.marks import BREAK, MARK, Finds, before, digits_of, is_reference, lower
from transcripts.redaction.numbers import (
    FILLER,
    JOINT,
    NUMBER_WORD,
    digits_said,
    is_amount,
    lead_of,
)
from transcripts.redaction.questions import BANK_ACCOUNT
from transcripts.redaction.vocabulary import words

_TOKEN: Final = rf"(?:(?:{NUMBER_WORD})(?![\w'\u2019])|\d++(?![\w%]|[.:]\d|,\d{{3}}))"
_RUN: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3#@])(?<!\d[.:/])(?:plus[ "
    rf",]{{1,2}})?{_TOKEN}(?:{JOINT}(?:{FILLER}{JOINT}){{0,2}}{_TOKEN})*+"
)
_NOT_ASKED: Final = re.compile(
    r"\b(?:ending|ends|end|expir\w*|exp|until|error|status|http|step|page|line|option|version|room|"
    r"number of|last|after|before|at|by|around|about|since|for|past|code(?= \d{3,4}$))(?: in| "
    r"with| on| code| is| the)? ?$"
)
_MONTH: Final = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december)[ ,]+$"
)
_AFTER: Final = re.compile(
    r"[ -]?(?:times?|items?|boxes|bags|pieces|people|lights|mbps|kbps|gb|mb|error|errors|of them|"
    r"km|kg|miles|"
    r"st\b|nd\b|rd\b|th\b|degrees|weeks|hours|minutes|seconds|days|years|months|nights|adults|"
    r"children|stars)"
)
_SMALL: Final = words("words_beside_numbers")
_BARE: Final = 160  # characters; a longer turn says more than a number
_WORDS: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_CORRECTS: Final = re.compile(
    r"(?:(?:^|[.,;:!?\u2013\u2014-] ?|\boh |\bah )(?:no|not)|\bnot(?= \d| \w+$)|\b(?:sorry|wait|"
    r"correction|i mean|make that|actually|rather|should be))\b"
    r"(?:[ ,.]{1,2}(?:no|sorry|wait|correction|i|mean|make|that|that's|that\u2019s|it's|"
    r"it\u2019s|its|it|is|not|the|last|one|ones|"
    r"digits?|should|be|are|um|uh|er|my|mistake|bad|ends?|with|in)){0,6}[ ,.]{1,2}$"
)
_NUMERIC: Final = re.compile(
    r"\[(CARD|PHONE|BANK|SECRET|SSN|NATIONAL_ID|NINO)\](?!.*\[)", re.DOTALL
)


def redact_answers(text: str, finds: Finds) -> str:
    """The mark of what was asked for, in place of the numbers that answer."""
    kind_of = _judge(finds.asked)
    if kind_of is None:
        return text
    lowered = lower(text)
    found_runs = list(_RUN.finditer(lowered))
    if not found_runs:
        return text
    if "other" in finds.asked and len(found_runs) > 1:
        del found_runs[0]  # asked for a card's expiry and its code, people say them in this order
    bare = _is_bare(lowered)
    parts: list[str] = []
    position = 0
    for found in found_runs:
        start, end = found.start() + lead_of(lowered, found.start(), found[0]), found.end()
        kind = kind_of(digits_said(lowered[start:end]), bare)
        if not kind or _stays(lowered, start, end):
            continue
        parts += [text[position:start], finds.mark(kind, text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def redact_corrections(text: str, finds: Finds) -> str:
    """A number that mends the one just marked: "… no, sorry, 5 not 9"."""
    marked = _NUMERIC.search(text)
    if not marked:
        return text
    lowered = lower(text)
    parts: list[str] = []
    position = 0
    for found in _RUN.finditer(lowered, marked.end()):
        in_front = lowered[max(marked.end(), found.start() - 40) : found.start()]
        if (
            "[" in in_front
            or not _CORRECTS.search(in_front)
            or _AFTER.match(lowered, found.end())
            or is_amount(lowered, found.end())
        ):
            continue
        parts += [text[position : found.start()], finds.mark(marked[1], text[slice(*found.span())])]
        position = found.end()
    return "".join([*parts, text[position:]])


def _judge(asked: str) -> Callable[[str, bool], str | None] | None:
    """What digits are, by their number and by whether little else is said with them."""
    card, secret = "card number" in asked, "secret code" in asked
    bank, phone = BANK_ACCOUNT in asked, "phone number" in asked
    if not (card or secret or bank or phone):
        return None

    def kind_of(digits: str, bare: bool) -> str | None:
        count = len(digits)
        if card and (count >= 8 or (not secret and (count >= 4 or (bare and count >= 2)))):
            return "CARD"
        if secret and (3 <= count <= 8 or (bare and 2 <= count <= 8)):
            return "SECRET"
        if bank and (6 <= count <= 17 or (bare and 2 <= count <= 17)):
            return "BANK"
        if phone and (7 <= count <= 15 or (bare and 2 <= count <= 15)):
            return "PHONE"
        return None

    return kind_of


def _is_bare(lowered: str) -> bool:
    """True if a turn says little more than numbers."""
    if len(lowered) > _BARE:
        return False
    rest = re.sub(MARK.lower(), " ", _RUN.sub(" ", lowered), flags=re.IGNORECASE)
    return sum(word not in _SMALL for word in _WORDS.findall(rest)) <= 1


def _stays(lowered: str, start: int, end: int) -> bool:
    """True if the words around a number say that it is something else."""
    in_front = before(lowered, start, 30).replace(BREAK, " ")
    return bool(
        is_amount(lowered, end)
        or _AFTER.match(lowered, end)
        or _NOT_ASKED.search(in_front)
        or (_MONTH.search(in_front) and len(digits_of(lowered[start:end])) in (1, 2, 4))
        or is_reference(lowered, start, end)
        or _is_date(lowered, start, end)
    )


def _is_date(lowered: str, start: int, end: int) -> bool:
    """True if it is the expiry of a card, as in "09/28"."""
    behind = lowered[end : end + 2]
    return bool(re.match(r"/\d", behind)) or lowered[max(0, start - 1) : start] == "/"
