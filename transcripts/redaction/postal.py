"""[ADDRESS] for where people live and have things sent: a street with its house, a post box, a
postcode. A city, a country or a street without a number stays; so does where a company is.
"""

import re
from collections.abc import Iterator
from typing import Final

from transcripts.redaction import spelt
from transcripts.redaction.marks import Finds, before, contains, is_reference, lower
from transcripts.redaction.numbers import NUMBER_WORD
from transcripts.redaction.streets import (
    BOX,
    CODES_SAID,
    CODES_TELL,
    DUTCH,
    ENGLISH,
    ENGLISH_SAID,
    GERMAN,
    GERMAN_PREPOSED,
    GERMAN_SAID,
    INDIAN_CODE,
    NAMED,
    NUMBER_BEHIND,
    ROMANCE,
    SPELT_CODE,
    STATE_CODE,
    STATE_CODE_SMALL,
    STREET_TYPES,
    UNIT,
)
from transcripts.redaction.vocabulary import words

ADDRESS: Final = "ADDRESS"
POSTAL: Final = "postal address"  # what a question for one gives to the answer, see questions.py
# One of these, a street's type, or what STEMS holds, stands in every text with an address.
ADDRESS_SIGNS: Final = words("address_signs")
STEMS: Final = (
    "stra\u00dfe", "strasse", "str.", "weg ", "platz", "allee", "gasse", "stieg", "steig", "damm",
    "ufer", "chaussee", "straat", "laan", "gracht", "kade", "plein", "vej ", "gade ",
    "gatan", "o box", "o. box",
)  # fmt: skip
# A number and, a few words on, what a street is called.
_STREET_SIGN: Final = re.compile(
    rf"(?:\d[a-z]?|(?<!\w)(?:{NUMBER_WORD}))(?:,?[ \n\x1f][^\s,]{{1,30}}){{0,5}}?,?[ \n\x1f]"
    rf"(?:{'|'.join(sorted(STREET_TYPES))})(?!\w)"
)
_NUMBER_SIGN: Final = re.compile(rf"\b(?:number|no\.?) ?(?:\d|(?:{NUMBER_WORD})(?!\w))")
_CODE_SIGN: Final = re.compile(
    r"(?<!\w)[a-z]{1,2}\d[\da-z]? ?\d[a-z]{2}(?!\w)|(?<!\w)[a-z]\d[a-z][ -]?\d[a-z]\d(?!\w)|"
    r"(?<!\w)[a-z]{2,3},? \d{4,5}(?!\w)"
)
_ANNOUNCED: Final = re.compile(
    r"\b(?<!\[)(?:address(?:es)?(?: (?:we have|i have|on file|you gave|here|now|there))?(?: "
    r"(?:is|was|as|to|would be|should be|reads|will be))?"
    r"|(?:i|we|she|he|they|who|also|mum|mom|dad|and) (?:now |still |just |currently |all "
    r")?(?:live|lives|living|reside|resides|stay|stays)(?: now)?(?: at| in| on)?"
    r"|living (?:at|in|on)|(?:i['\u2019]m|im|i am|we['\u2019]re|we are|you['\u2019]re|you are|have "
    r"you|got you|see you|see you['\u2019]re|has you) (?:now |still )?(?:down )?(?:at|on)"
    r"|mov(?:ed|ing) (?:in )?to|updated (?:it|your address|the address|my address) to|"
    r"(?:collect|pick)(?:ed)? (?:it |them |up )?(?:up )?from|(?:deliver|send|ship|post|mail|"
    r"forward|return|bring|come|go|goes|"
    r"going|dispatch|courier|drop|redirect)(?:ed|s|ing)?(?: (?:it|them|this|that|out|the|my|a|an|"
    r"new|spare|replacement|parcel|key|keys|card|letter|one|engineer|everything|bills?|post|off|"
    r"round|over))*(?: to| at)"
    r"|(?:lieferung|versand|bitte|paket|sendung)(?: bitte)? (?:an|nach)|wohne(?:n)?(?: jetzt| "
    r"nun| seit \w+)?(?: in der| im| am| in)?|wohnt(?: in der| im| am| in)?|wohnhaft(?: in der| "
    r"im| am| in)?|(?:adresse|anschrift|lieferadresse)(?: ist| lautet| \w+ ist)?|umgezogen(?: in "
    r"die| in den| nach)?"
    r"|j['\u2019]habite(?: au| \u00e0| dans)?|mon adresse(?: est)?|vivo en|mi direcci\u00f3n(?: "
    r"es)?|abito in|(?:mio )?indirizzo(?: \u00e8)?|woon (?:op|in|aan)|(?:mijn )?adres(?: is)?"
    r"|(?:property|house|flat|home|premises|meter|service|supply) (?:is )?(?:at|on)|visit (?:is "
    r")?(?:at|to)|parcel (?:to|for)|for the property)"
    r"(?![\w@])(?! (?:the )?(?:office|store|shop|branch|website))"
)
_NOT_POSTAL: Final = re.compile(
    r"\b(?:e-?mail|ip|mac|web|url|wallet|billing e-?mail|internet|online|memory|site) ?$"
)
_LEAD: Final = re.compile(
    r"(?:[\s:,;.-]|it['\u2019]?s\b|it is\b|that['\u2019]?s\b|is\b|now\b|um\b|uh\b|er\b|well\b|"
    r"yes\b|yeah\b|sure\b|so\b|the\b(?= (?:address|place))|at\b|in\b|my\b|our\b|home\b|address\b|"
    r"to\b|still\b|it\b|was\b){0,12}+"
)
_CODE_WORDS: Final = re.compile(
    r"\b(?:post ?codes?|postal codes?|zip(?: ?codes?)?|eircode|pin ?code|plz|postleitzahl|code "
    r"postal|"
    r"c\u00f3digo postal|cap|postcode)(?:['\u2019]s| is| was| ist| of the area is| "
    r"are)?(?:[\s:,-]|it['\u2019]?s\b|um\b|uh\b)*$"
)
_PUBLIC: Final = re.compile(
    r"\b(?:our|the|your (?:nearest|local)|their|a|head|main)\b[^.?!\n]{0,40}\b(?:office|stores?|"
    r"shop|branch|"
    r"headquarters?|hq|depot|showroom|clinic|warehouse|returns? (?:centre|center|department)|"
    r"restaurant|"
    r"hotel|station|centre|center|library|museum|locker|pick-?up point|gym|salon|practice|"
    r"surgery)\b"
    r"[^.?!\n]{0,40}$|\breturns? (?:it |them |the item |goods )?to\b[^.?!\n]{0,30}$|\b(?:we are|"
    r"we['\u2019]re|find us|visit us|us)\b[^.?!\n]{0,12}$"
)
_YOURS: Final = re.compile(
    r"\b(?:your (?:home |new |old |current |delivery |postal |billing |service )?(?:address|"
    r"house|home|flat|place)|you['\u2019]re at|have you at|you at|you live)\b"
)
_NO_HOUSE: Final = re.compile(
    r"\b(?:bus|line|route|chapter|episode|level|track|season|gate|platform|aisle|page|step|version|"
    r"seats?|row|coach|tram|train|volume|part|section|lesson|unit|order|ticket|case|number of|"
    r"top|size|"
    r"may|june|july|jan\w*|feb\w*|mar\w*|apr\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\.? ?$"
)
_UNIT_FRONT: Final = re.compile(rf"{UNIT}(?:,? | ?\n)+$", re.IGNORECASE)
_UNIT_BEHIND: Final = re.compile(rf"(?:,? |,?\n ?){UNIT}", re.IGNORECASE)
_UNIT_ALONE: Final = re.compile(rf"(?<!\w){UNIT}", re.IGNORECASE)
_NAME: Final = r"(?:St\.|[A-Z\u00c0-\u00de][^\W\d_]*+(?:['\u2019-][^\W\d_]++)*+)"
_JOINT: Final = (
    r"(?:upon|on|under|of|am|an der|de|la|le|del|in|im|bei|ob der)(?= [A-Z\u00c0-\u00de])"
)
_PLACE: Final = rf"{_NAME}(?: {_JOINT}| {_NAME}){{0,4}}(?: \d{{1,2}}(?=,))?"
_CODE: Final = CODES_SAID.pattern
# On from a street: places, each behind a comma or on a line of its own, up to a postcode.
_ON_TO_CODE: Final = re.compile(
    rf"(?:(?:,? ?\n ?|,? |\x1f){_PLACE}){{0,5}}?(?:,? ?\n ?|,? |\x1f|, ?(?:and )?(?:it['\u2019]s "
    rf"|the )?(?:postcode|zip|eircode|pin ?code|postal code|zip code)(?: is)?:? "
    rf")(?:[A-Z]{{1,2}}-)?(?i:{_CODE})(?: {_PLACE}(?=[\n.,!?]|$))?"
)
_SMALL_ON: Final = re.compile(
    rf"[^\n.!?;]{{0,40}}?[ ,](?:{CODES_TELL.pattern}|{STATE_CODE_SMALL})",
    re.IGNORECASE,
)
_PLACES_ON: Final = re.compile(rf"(?:(?:, ?|\x1f){_PLACE}){{0,4}}[, .]{{1,2}}")
_FRONT: Final = 80
_REGION: Final = 260
_APART: Final = 12  # characters between announcements that are both looked at
_BLOCK: Final = re.compile(r"(?:[^\n.?!:]{0,40}:|[:,]?)[ ]?(?:\r?\n[ ]*)+(?=\S)")
_LINE: Final = re.compile(r"[^\n]{1,60}")
_TOWN_LINE: Final = re.compile(r"^(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_]|[^\W\d_],? \d{4,6}(?:-\d{4})?$")
# Piece by piece and never back: the same words could be cut into pieces in too many ways.
_ADDRESS_LINE: Final = re.compile(
    rf"(?>{UNIT}|(?i:{_CODE})|(?i:[\d]{{1,5}}[a-z]?(?:[-/]\d+[a-z]?)?(?: "
    rf"[\w'\u2019.-]+){{1,5}})|{_NAME}|{_JOINT}|[\s,/#-]+)++"
)


def may_be_address(text: str, words: frozenset[str], asked: str) -> bool:
    """True if a postal address may stand in a text: it is asked for, or it has the signs of one."""
    if POSTAL in asked:
        return True
    if not words.isdisjoint(ADDRESS_SIGNS):
        return True
    lowered = lower(text)
    if not words.isdisjoint(STREET_TYPES) and (
        _STREET_SIGN.search(lowered) or _NUMBER_SIGN.search(lowered)
    ):
        return True
    return contains(lowered, STEMS) or _CODE_SIGN.search(lowered) is not None


def redact_addresses(text: str, finds: Finds) -> str:
    """[ADDRESS] for streets with a house number, post boxes and postcodes."""
    if not may_be_address(text, finds.words, finds.asked):
        return text
    lowered = lower(text)
    spans = [
        *_announced(text, lowered, finds),
        *_self_evident(text, lowered, finds),
        *_codes(text, lowered, finds),
    ]
    return _marked(text, spans, finds)


def _self_evident(text: str, lowered: str, finds: Finds) -> Iterator[tuple[int, int]]:
    for pattern in (ENGLISH, GERMAN, GERMAN_PREPOSED, DUTCH, ROMANCE, NUMBER_BEHIND):
        for found in pattern.finditer(text):
            if _is_public(lowered, found.start(), finds) or (
                pattern is ENGLISH and _NO_HOUSE.search(before(lowered, found.start(), 16))
            ):
                continue
            yield _widened(text, *found.span())
    for found in BOX.finditer(text):
        if not _is_public(lowered, found.start(), finds):
            yield _widened(text, *found.span())


def _announced(text: str, lowered: str, finds: Finds) -> Iterator[tuple[int, int]]:
    starts: list[int] = []
    for said in _ANNOUNCED.finditer(lowered):
        if starts and said.end() - starts[-1] < _APART:
            continue
        if _NOT_POSTAL.search(before(lowered, said.start(), 16)) or _is_public(
            lowered, said.end(), finds
        ):
            continue
        starts.append(said.end())
    if POSTAL in finds.asked and "[address]" not in lowered:
        starts.append(0)
    for start in starts:
        end = min(len(text), start + _REGION)
        if start and (block := _BLOCK.match(text, start)):
            yield from _block(text, block.end())
        yield from _in_region(text, lowered, start, end, asked=POSTAL in finds.asked and not start)


def _in_region(
    text: str, lowered: str, start: int, end: int, *, asked: bool
) -> Iterator[tuple[int, int]]:
    """The first address that a region begins with, after a few words at most."""
    lead = _LEAD.match(lowered, start)
    begin = lead.end() if lead else start
    reach = begin + (60 if asked else 25)
    for pattern in (ENGLISH_SAID, GERMAN_SAID, NAMED, GERMAN, DUTCH, ROMANCE, BOX):
        found = pattern.search(text, begin, end)
        if (
            found
            and found.start() <= reach
            and not _breaks(text, begin, found.start())
            and not _NO_HOUSE.search(before(text, found.start(), 16))
        ):
            yield _widened(text, *found.span())
            return
    unit = _UNIT_ALONE.match(text, begin)
    if unit and (asked or _UNIT_BEHIND.match(text, unit.end())):
        yield _widened(text, *unit.span())


def _breaks(text: str, start: int, end: int) -> bool:
    between = text[start:end]
    return "?" in between or "[" in between or ". " in between or "\n\n" in between


def _block(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The lines of an address that stand below their announcement."""
    end, position, numbered = start, start, False
    for _ in range(7):
        line = _LINE.match(text, position)
        said = line[0].strip().rstrip(",.") if line else ""
        if not line or not said or not _ADDRESS_LINE.fullmatch(said) or ":" in said:
            break
        numbered = numbered or any(sign.isdecimal() for sign in said)
        end = line.end()
        position = end + 1
        if CODES_TELL.search(said) or _TOWN_LINE.search(said):
            break
    if numbered:
        yield start, end


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A street with the flat in front or behind, and on to its postcode."""
    front = _UNIT_FRONT.search(text, max(0, start - _FRONT), start)
    if front:
        start = front.start()
    while behind := _UNIT_BEHIND.match(text, end):
        end = behind.end()
    on = _ON_TO_CODE.match(text, end, end + 140) or _SMALL_ON.match(text, end, end + 60)
    if on:
        return start, on.end()
    return start, _spoken_code(text, end)


def _spoken_code(text: str, end: int) -> int:
    """Where a postcode ends that is said behind a street and its places; else the street's end."""
    places = _PLACES_ON.match(text, end)
    if not places:
        return end
    for run in spelt.runs(text[places.start() : places.start() + 160]):
        first, last = places.start() + run[0].start, places.start() + run[-1].end
        between = text[end:first]
        if len(between) > 70 or "." in between.strip(". ") or "?" in between:
            break
        if _is_code(spelt.code_of(run)):
            return last
    return end


def _is_code(code: str) -> bool:
    return SPELT_CODE.fullmatch(code) is not None or (code.isdecimal() and 4 <= len(code) <= 6)


def _codes(text: str, lowered: str, finds: Finds) -> Iterator[tuple[int, int]]:
    """Postcodes that stand alone: those that tell themselves, and what is announced or asked."""
    for pattern, group in ((CODES_TELL, 0), (STATE_CODE, "code"), (INDIAN_CODE, "code")):
        for found in pattern.finditer(text):
            start = found.start()
            if not is_reference(text, start) and not _is_public(lowered, start, finds):
                yield found.span(group)
    yield from _codes_said(text, lowered, asked=POSTAL in finds.asked)


def _codes_said(text: str, lowered: str, *, asked: bool) -> Iterator[tuple[int, int]]:
    """Postcodes that are asked for or announced."""
    if asked or "code" in lowered or "zip" in lowered or "plz" in lowered or "leitzahl" in lowered:
        for found in CODES_SAID.finditer(text):
            said = _CODE_WORDS.search(before(lowered, found.start(), 40)) is not None
            if said or (asked and _stands_alone(text, found)):
                yield found.span()
        for run in spelt.runs(text):
            start, end = run[0].start, run[-1].end
            said = _CODE_WORDS.search(before(lowered, start, 40)) is not None
            code = spelt.code_of(run)
            if ((said or asked) and (SPELT_CODE.fullmatch(code) or (said and _is_code(code)))) or (
                asked and _is_code(code) and len(text.strip()) - (end - start) < 40
            ):
                yield start, end


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """True if the answer to the question for an address is a code and little else."""
    if any(sign.isalpha() for sign in found[0]):
        return CODES_TELL.fullmatch(found[0].upper()) is not None or len(found[0]) >= 7
    front = before(text, found.start(), 30).strip(" ,.")
    behind = re.match(r"[ ]?(?:[a-z%]|\d)", text[found.end() : found.end() + 3])
    return (not front or len(front.split()) <= 3 or front[-1:] == ",") and behind is None


def _is_public(lowered: str, start: int, finds: Finds) -> bool:
    """True if the words in front say that a company's place is meant."""
    in_front = before(lowered, start, _FRONT)
    if POSTAL in finds.asked or _YOURS.search(in_front):
        return False
    return _PUBLIC.search(in_front) is not None


def _marked(text: str, spans: list[tuple[int, int]], finds: Finds) -> str:
    parts: list[str] = []
    position = 0
    for start, far in sorted(spans, key=lambda span: (span[0], -span[1])):
        end = start + len(text[start:far].rstrip(" ,.\r\n\x1f"))
        if start < position or "[" in text[start:end]:
            continue
        parts += [text[position:start], finds.mark(ADDRESS, text[start:end])]
        position = end
    return "".join([*parts, text[position:]])
