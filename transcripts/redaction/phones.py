"""Phone numbers, told from order numbers, prices, dates, times and versions."""

import re
from functools import lru_cache
from typing import Final

import phonenumbers

from transcripts.redaction.marks import Finds, before, digits_of, is_reference

# Whose numbers are known by their leading 0 without a country code.
TRUNK_REGIONS: Final = ("GB", "DE", "FR", "AU", "IT", "NL", "IN", "ZA", "JP", "IE")
_RUN: Final = re.compile(
    r"[\d+(](?<![A-Za-z\d_.,$\u20ac\u00a3\u00a5#/:@=+-][\d+(])"  # rare signs first: found sooner
    r"(?:(?<=\d)|(?<=\()\d|(?<=\+)\s?\(?\d)(?:[ \u00a0\x1f().\-/\u2010-\u2015]{0,3}\d)*+"
    r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![A-Za-z\d_%\u20ac$])",
    re.IGNORECASE,
)
# Dates, and a slash with a blank beside it: what stands on either side is another number.
_APART: Final = re.compile(
    r"(?<![\d./-])(?:\d{4}([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:\d{4}|\d{2}))(?:\s\d{1,2}$)?"
    r"(?![\d]|[./-]\d)|\s/\s?|/\s"
)
_GROUPED: Final = re.compile(
    r"(?<![\d.-])(?:\+?1[ .\-\u2010-\u2015]?)?(?:\(\d{3}\)[ \-]{0,2}|\d{3}[ .\-\u2010-\u2015])"
    r"\d{3}[ .\-\u2010-\u2015]\d{4}(?![\d]|[.-]\d)"
)
_SAID: Final = re.compile(
    r"\b(?:(?:tele)?phone|cell(?:phone)?|mobile|mob|tel|telefon|handy|landline|fax|"
    r"whatsapp)\b[^\n\d\[\]]{0,30}$"
    r"|\bph(?:one)?[ .:]{1,3}(?:no\.? ?)?$"
    r"|\b(?:call|calling|called|ring|text|dial|reach|contact)"
    r"(?:\s(?:me|us|him|her|them|you|back|now|on|at|is|number|the|my|our|this|to|please)){0,5}"
    r"[\s:,-]{0,3}$"
    r"|\b(?:my|his|her|our|their|the|your|best|contact|home|work|office|daytime|call-?back)"
    r"(?: best| other| new| old)? number(?:\s(?:is|was|for me|there|here)|'s|\u2019s)?"
    r"(?:[\s,:-]{1,3}(?:it's|it is|that's|um|uh|er|still|yes|yeah|so)){0,3}[\s:,-]{0,3}$",
    re.IGNORECASE,
)
_LEAST_TRUNK: Final = 9  # shorter ones are known where they are announced
_BARE_US: Final = re.compile(r"1?[2-9][0-9]{2}[2-9][0-9]{6}")
_ROUND: Final = re.compile(r"\d\d0 \d\d0 \d\d\d0")  # three measurements in a row
_DOTTED_QUAD: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


# What a company's own agents give out, and numbers that cost the caller little or nothing anywhere.
_PUBLIC: Final = re.compile(
    r"\b(?:call|ring|phone|contact|reach|dial|text|whatsapp|telephone)(?:ing)?\s(?:us|them|our|"
    r"the|him at the)\b"
    r"[^.?!\n]{0,50}$|\b(?:our|the|their|press|head|customer|emergency|support|"
    r"24-hour)\b[^.?!\n]{0,40}\b(?:line|helpline|"
    r"hotline|numbers?|offices?|desk|team|department|store|shop|branch|switchboard|centre|center|"
    r"service|"
    r"services|fax|manufacturer|courier|support|police|clinic|garage|depot|council|supplier|"
    r"provider)\b[^.?!\n]{0,40}$",
    re.IGNORECASE,
)
_YOURS: Final = re.compile(
    r"\b(?:your|you (?:on|at|back)|his|her|me|i have|customer'?s)\b[^.?!\n]{0,30}$", re.IGNORECASE
)
_FREE: Final = re.compile(
    r"(?:\+44 ?|0)?(?:800|808|300|330|333|343|344|345|370|371|870|871|844|845)\D?\d{3}|(?:\+?1[ "
    r"-.])?\(?(?:800|888|877|866|855|844|833)\)?[ -.]\d{3}|1800 ?\d|1300 ?\d"
)


def is_public(text: str, start: int, role: str) -> bool:
    """True if an agent gives out a number of a company or an office."""
    if role not in ("agent", "bot"):
        return False
    if _FREE.match(text, start):
        return True
    in_front = before(text, start, 90)
    return _PUBLIC.search(in_front) is not None and _YOURS.search(in_front) is None


def redact_phones(text: str, finds: Finds) -> str:
    """[PHONE] for phone numbers with or without country code."""

    def run(found: re.Match[str]) -> str:
        raw, origin = found[0], found.start()
        if len(raw) < 7:
            return raw
        parts: list[str] = []
        position = 0
        for between in _APART.finditer(raw):
            parts += [_piece(raw[position : between.start()], text, origin + position, finds)]
            parts.append(between[0])
            position = between.end()
        return "".join([*parts, _piece(raw[position:], text, origin + position, finds)])

    return _RUN.sub(run, text)


def _piece(raw: str, text: str, start: int, finds: Finds) -> str:
    """A stretch between dates and slashes: a phone number, or with one in it, or neither."""
    core = raw.strip(" \u00a0-.")
    if len(core) < 7 or is_public(text, start, finds.role):
        return raw
    if _is_phone(core, text, start, finds.asked):
        lead, tail = raw.split(core, 1)
        return lead + finds.mark("PHONE", core) + tail
    if is_reference(text, start):
        return raw
    return _GROUPED.sub(
        lambda found: found[0] if _ROUND.fullmatch(found[0]) else finds.mark("PHONE", found[0]), raw
    )


def is_announced(words: str, asked: str) -> bool:
    """True if the words in front, or the question before, are about a phone number."""
    return _SAID.search(words) is not None or "phone number" in asked


def is_plausible(digits: str) -> bool:
    """True if bare digits can hardly be anything but somebody's phone number."""
    return 10 <= len(digits) <= 15 and _is_known(digits, digits.startswith("00"))


def _is_phone(raw: str, text: str, start: int, asked: str) -> bool:
    digits = digits_of(raw)
    if not 7 <= len(digits) <= 20 or _DOTTED_QUAD.fullmatch(raw):
        return False
    international = raw.startswith(("+", "00"))
    if not raw.startswith("+") and is_reference(text, start, start + len(raw)):
        return False
    if len(digits) <= 15 and is_announced(before(text, start), asked):
        return True
    if _ROUND.fullmatch(raw):
        return False
    if _GROUPED.fullmatch(raw):
        return True
    return "other" not in asked and _is_known(raw, international)


@lru_cache(maxsize=20_000)
def _is_known(raw: str, international: bool) -> bool:
    """True if the numbering plans know such a number."""
    if international:
        return _fits("+" + raw.lstrip("+0 "), None)
    if raw.lstrip("(").startswith("0"):
        if len(digits_of(raw)) < _LEAST_TRUNK:
            return False
        return any(_fits(raw, region) for region in TRUNK_REGIONS)
    return _BARE_US.fullmatch(raw) is not None and _fits(raw, "US")


def _fits(raw: str, region: str | None) -> bool:
    """True if it is a number of a region; with a country code a possible length is enough."""
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return False
    if region is None:
        return phonenumbers.is_possible_number(number)
    return phonenumbers.is_valid_number(number)
