"""Bank accounts and government numbers: IBAN, US social security, UK national insurance."""

import re
from functools import cache
from typing import Final

from stdnum import iban, numdb
from stdnum.us import itin, ssn

from transcripts.redaction.marks import BREAK, Finds, before, is_reference

_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?[0-9]{2}[ \x1f-]?(?:[A-Za-z0-9][ \x1f-]?){11,42}(?<![ \x1f-])"
)
# Two letters and two digits, as such numbers have: digits are few, so they are looked for first.
_LETTERS_FIRST: Final = re.compile(
    r"[0-9](?:(?<=[A-Za-z]{2}[0-9])|(?<=[A-Za-z]{2}[ -][0-9]))[ -]?[0-9]"
)
_PIECE: Final = re.compile(r"[A-Za-z0-9]+")
_SSN: Final = re.compile(
    r"[0-9](?<![\w-][0-9])(?<!\d[.,][0-9])[0-9]{2}([ -]?|\s?-\s?)[0-9]{2}\1[0-9]{4}"
    r"(?![\w-])(?![.,]\d)"
)
_SSN_WORDS: Final = re.compile(
    r"\b(?:ssn|social(?: security)?|itin|tax(?:payer)? id\w*)\b[^\n\d\[\]]{0,30}$", re.IGNORECASE
)
_NINO: Final = re.compile(
    r"(?<!\w)([A-Za-z]{2})[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-Da-d](?!\w)"
)
_NINO_WORDS: Final = re.compile(
    r"\b(?:nino|ni (?:number|no)|national insurance)\b[^\n\d\[\]]{0,30}$", re.IGNORECASE
)
_NINO_PREFIX: Final = re.compile(
    r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ", re.IGNORECASE
)


def redact_ibans(text: str, finds: Finds) -> str:
    """[IBAN] where the check digits and the country's length are right."""
    begun = _LETTERS_FIRST.search(text)
    if not begun:
        return text
    parts: list[str] = []
    position, start = 0, max(0, begun.start() - 3)  # where the first two letters stand
    while found := _IBAN.search(text, max(position, start)):
        end = end_of_iban(found[0])
        stop = found.start() + end if end else found.start() + 4
        parts.append(text[position : found.start()] if end else text[position:stop])
        if end:
            parts.append(finds.mark("IBAN", text[found.start() : stop]))
        position = stop
    return "".join([*parts, text[position:]])


def end_of_iban(candidate: str) -> int:
    """Where the IBAN at the candidate's beginning ends; 0 if there is none."""
    length = _length_in(candidate[:2].upper())
    if not length:
        return 0
    seen = 0
    for piece in _PIECE.finditer(candidate):
        seen += len(piece[0])
        if seen == length and iban.is_valid(
            candidate[: piece.end()].replace(BREAK, ""), check_country=False
        ):
            return piece.end()
    return 0


@cache
def _length_in(country: str) -> int:
    """How many characters a country's IBAN has; 0 for no such country."""
    parts = numdb.get("iban").info(country)
    structure = str(parts[0][1].get("bban", "")) if parts else ""
    return 4 + sum(int(count) for count in re.findall(r"\d+", structure)) if structure else 0


def redact_government_numbers(text: str, finds: Finds) -> str:
    """[SSN] and [NINO]; a bare run of nine digits only where words before it say what it is."""

    def social(found: re.Match[str]) -> str:
        announced = _is_said(_SSN_WORDS, found, finds)
        plain = "-".join(re.findall(r"[0-9]+", found[0])) if found[1] else found[0]
        issued = bool(found[1]) and (ssn.is_valid(plain) or itin.is_valid(plain))
        if announced or (issued and not is_reference(text, found.start())):
            return finds.mark("SSN", found[0])
        return found[0]

    def insurance(found: re.Match[str]) -> str:
        announced = _is_said(_NINO_WORDS, found, finds)
        issued = _NINO_PREFIX.fullmatch(found[1]) is not None
        if announced or (issued and not is_reference(text, found.start())):
            return finds.mark("NINO", found[0])
        return found[0]

    text = _SSN.sub(social, text)
    begun = _LETTERS_FIRST.search(text)
    if not begun or not _NINO.search(text, max(0, begun.start() - 3)):
        return text
    return _NINO.sub(insurance, text)


def _is_said(words: re.Pattern[str], found: re.Match[str], finds: Finds) -> bool:
    """True if the words in front, or the question before, say what the number is."""
    in_front = before(found.string, found.start())
    return any(words.search(said) is not None for said in (in_front, finds.asked) if said)
