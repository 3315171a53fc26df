"""[DOB] for dates of birth: announced ("born on", "DOB", "her birthday is"), asked, read back.

Other dates stay: a date is one of birth only where the talk says so.
"""

import re
from bisect import bisect_right
from typing import Final

from transcripts.redaction.dates import BARE, DATE, DATE_WORDS
from transcripts.redaction.marks import BREAK, Finds, contains, lower
from transcripts.redaction.vocabulary import words

DOB: Final = "DOB"
BIRTH_DATE: Final = "birth date"  # what a question for it gives to the answer, see questions.py
# One of these stands in every text that announces a date of birth.
BIRTH_WORDS: Final = words("birth_words")
BIRTH: Final = re.compile(
    r"(?<![\w\[])(?:(?<=\()b\.|date of birth|birth[ -]?dates?|birth[ -]?days?|b[ -]?day|"
    r"d\.? ?o\.? ?b\b\.?|"
    r"born|"
    r"geburts(?:datum|tag)\w*|geboren|geb\.?|geboortedatum|date de naissance|n\u00e9e?|nee|"
    r"fecha de nac(?:imiento)?|nacid[oa]|naci(?:\u00f3)?|cumplea\u00f1os|data di nascita|nat[oa]|"
    r"data de nascimento|nascid[oa]|nasci|leap year baby|turn(?:s|ed|ing)? "
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|\w+teen|"
    r"\w+ty(?:[ -]\w+)?)(?= (?:on|this|"
    r"last|next)\b)|came into the world|(?:geboorte|birth)jahr|jahrgang)(?:['\u2019]s)?(?!\w)"
)
_REACH: Final = 70  # characters behind an announcement in which its date begins
_STOPS: Final = re.compile(
    r"[?!;\[]|^ to (?!the )|\b(?:valid|starts?|since|until|renew\w*|from|due|policy|order|"
    r"appointment|match|flight|"
    r"member|customer|joined|cover)\b|\.\s+[a-z]|\n\s*\n"
)
_IN_FRONT: Final = re.compile(
    r"(?:[^.?!\n\d\[\]]{0,32}?(?=,? (?:as|for) )|, (?:that|which)(?= is | was |"
    r"['\u2019]s ))?[,]?(?: down| here| listed| recorded)?,? "
    r"(?:(?:is|was|as|for|being|['\u2019]s) )?"
    r"(?:(?:the|your|my|his|her|their|our|a|customer['\u2019]?s?|child['\u2019]?s?) ){0,2}"
    r"(?:date of birth|birth[ -]?date|birth[ -]?day|d\.? ?o\.? ?b\b|geburtsdatum)"
    r"|,? (?:geboren|geb\.)(?!\w)|,? (?:was|is) when .{1,20}born"
)
_BEHIND_DATES: Final = ("birth", "dob", "d.o.b", "gebor", "geb.", "geburt", "bday", "born")
_MARK: Final = re.compile(r"\[dob\]")
_MENDS: Final = re.compile(
    r"\b(?:no|sorry|wait|correction|i mean|actually|rather)\b|"
    r"^[^.?!\[]*\b(?:right|correct|correctly|should|real|true|really|instead|not)\b[^.?!\[]*$"
)
_NOT_OURS: Final = re.compile(
    r"\b(?:due|expected|founded|opened|launched|party|cake|present|gift|card(?! (?:is|was|"
    r"says|shows|reads))|discount|offer|"
    r"voucher|"
    r"first born|sale)\b"
)
_DIGITS: Final = re.compile(
    r"\d|\b(?:first|second|third|\w+th|oh|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|\w+teen|\w+ty)\b"
)


def may_announce_birth(words: frozenset[str], asked: str) -> bool:
    """True if a text can hold a date of birth: it is asked for, or a word announces one."""
    return BIRTH_DATE in asked or not words.isdisjoint(BIRTH_WORDS)


def may_hold_date(text: str, words: frozenset[str]) -> bool:
    """True if a text may hold a date at all: digits, number words, ordinals or months."""
    return not words.isdisjoint(DATE_WORDS) or any(map(str.isdecimal, text))


def redact_births(text: str, finds: Finds) -> str:
    """[DOB] for the date behind, or right in front of, the words that announce it."""
    if not may_announce_birth(finds.words, finds.asked):
        return text
    lowered = lower(text)
    spans = [*_announced(lowered)]
    if BIRTH_DATE in finds.asked:
        spans += _answered(lowered)
    return _marked(text, spans, finds)


def _announced(lowered: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    told: list[tuple[int, int]] = []  # announcements that stand behind their date
    if contains(lowered, _BEHIND_DATES):
        dates = [date.span() for date in DATE.finditer(lowered)]
        dates += [mark.span() for mark in _MARK.finditer(lowered)]
        for start, end in dates:
            if said := _IN_FRONT.match(lowered, end):
                told.append((end, said.end()))
                spans += [(start, end)] if lowered[start] != "[" else []
    told.sort()
    for said in BIRTH.finditer(lowered):
        place = bisect_right(told, (said.start(), len(lowered)))
        if not place or said.start() >= told[place - 1][1]:
            spans += _behind(lowered, said.end())
    return spans + _corrected(lowered, spans)


def _corrected(lowered: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Dates that mend one that was just said: "…, no wait, it's the first of September"."""
    ends = [end for _, end in spans] + [mark.end() for mark in _MARK.finditer(lowered)]
    found = [DATE.search(lowered, end, end + 90) for end in ends]
    return [
        date.span()
        for end, date in zip(ends, found, strict=True)
        if date and _MENDS.search(lowered[end : date.start()]) and date.start() - end < 50
    ]


def _behind(lowered: str, start: int) -> list[tuple[int, int]]:
    """The date that follows an announcement in the same breath."""
    date = DATE.search(lowered, start, start + _REACH + 60)
    bare = BARE.search(lowered, start, start + 30 + 60)
    if bare and bare.start() - start <= 30 and not (date and date.start() <= bare.start()):
        date = bare
    if not date or date.start() - start > _REACH:
        return []
    between = lowered[start : date.start()]
    if _STOPS.search(between) or _NOT_OURS.search(between):
        return []
    return [date.span()]


def _answered(lowered: str) -> list[tuple[int, int]]:
    """The first date in the answer to the question for it; digits alone will do there."""
    if "[dob]" in lowered:
        return []
    found = [date for pattern in (DATE, BARE) if (date := pattern.search(lowered))]
    return (
        [min((date.span() for date in found), key=lambda span: (span[0], -span[1]))]
        if found
        else []
    )


def _marked(text: str, spans: list[tuple[int, int]], finds: Finds) -> str:
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if start < position:
            continue
        parts += [text[position:start], finds.mark(DOB, text[start:end].rstrip(f" ,.{BREAK}"))]
        position = start + len(text[start:end].rstrip(f" ,.{BREAK}"))
    return "".join([*parts, text[position:]])
