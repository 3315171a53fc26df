"""Numbers of governments and banks that look like any other until the talk says what they are.

Announced right in front (or behind: "… is my NHS number"), the right length is enough, for digits
are misheard; further away in the same breath the check digits must be right too.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from stdnum.au import tfn
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.nz import ird
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn
from stdnum.za import idnr as za_id

from transcripts.redaction.marks import Finds, contains, digits_of, is_reference, lower

NATIONAL_ID: Final = "NATIONAL_ID"
REACH: Final = 120  # characters in front in which an announcement may stand
_NEAR: Final = 40
_HEARD: Final = 5  # announcements in front of a number that are looked at
_BETWEEN: Final = re.compile(r"[\n\d\[\]]")
_NUMBER: Final = r"(?: ?(?:numbers?|no\.?|nr\.?|num|id))?"


@dataclass(frozen=True, slots=True)
class _Series:
    """One country's numbers: the words that announce them, their lengths, their check."""

    words: str
    lengths: tuple[int, ...]
    valid: Callable[[str], object] | None = None
    kind: str = NATIONAL_ID


_ACCOUNT_LENGTHS: Final = tuple(range(6, 18))
_DIGITS: Final = (
    _Series(
        r"last (?:four|4)(?: digits)? (?:of|on|from|in) (?:your|the|my|his|her|their) "
        r"(?:ssn|social)(?: security)?",
        (4,),
        kind="SSN",
    ),
    _Series(r"ssn|social(?! insurance)(?: security)?|itin", (9,), ssn.is_valid, kind="SSN"),
    _Series(r"nhs", (10,), nhs.is_valid),
    _Series(r"sin|social insurance", (9,), sin.is_valid),
    _Series(r"tfn|tax file", (8, 9), tfn.is_valid),
    _Series(r"aa?dh?aa?r|uidai|uid", (12,), aadhaar.is_valid),
    _Series(
        r"steuer-?(?: )?id\w*|steuernummer|(?:steuerliche )?identifikationsnummer|idnr|"
        r"tax(?:payer)? (?:id\w*|identification)(?: code)?",
        (9, 10, 11, 13),
        idnr.is_valid,
    ),
    _Series(r"nir|s[ée]curit[ée] sociale|s[ée]cu", (13, 15), nir.is_valid),
    _Series(r"bsn|burgerservicenummer", (8, 9), bsn.is_valid),
    _Series(r"cpf", (11,), cpf.is_valid),
    _Series(r"pesel", (11,), pesel.is_valid),
    _Series(r"personnummer", (10, 12), personnummer.is_valid),
    _Series(r"f[øo]dselsnummer|cpr(?:-?nummer)?", (10, 11)),
    _Series(r"(?:national |sa |south african |rsa )(?:identity|id)", (13,), za_id.is_valid),
    _Series(r"ird", (8, 9), ird.is_valid),
    _Series(r"ahv\w*|avs", (13,), ahv.is_valid),
    _Series(r"rijksregister\w*|(?:registre|num[ée]ro) national", (11,), nn.is_valid),
    _Series(r"medicare(?: card)?", (9, 10, 11)),
    _Series(r"passports?", (7, 8, 9)),
    _Series(r"driv(?:ing|er'?s?) licen[cs]e", (7, 8, 9, 10, 12)),
    _Series(r"sort code|sort|bsb|s/c|sc", (6,), kind="BANK"),
    _Series(r"routing(?: transit)?|aba", (9,), kind="BANK"),
    _Series(
        r"(?:bank|checking|savings|current|beneficiary|payee|salary)(?:['\u2019]s)? (?:account|"
        r"acct|a/c)"
        r"|\[bank\][^\d\n\[\]]{0,30}\b(?:account|acct|acc|a/c)",
        _ACCOUNT_LENGTHS,
        kind="BANK",
    ),
    _Series(
        r"\[national_id\] (?:and|&|or|replac\w+|supersed\w+|instead of|not|plus)(?: the)?",
        (8, 9, 10),
    ),
)
_LETTERED: Final = (
    _Series(r"dni|nie|nif", (9,), lambda code: dni.is_valid(code) or nie.is_valid(code)),
    _Series(r"codice fiscale|cf", (16,), codicefiscale.is_valid),
    _Series(r"ppsn?", (8, 9), pps.is_valid),
    _Series(r"pan(?: card)?", (10,), pan.is_valid),
    _Series(r"curp", (18,), curp.is_valid),
    _Series(r"medicare(?: card)?", (11,)),
    _Series(r"passports?", (6, 7, 8, 9, 10)),
    _Series(r"driv(?:ing|er'?s?) licen[cs]e", (7, 8, 9, 10, 12, 13, 14, 15, 16, 18)),
    _Series(r"iban", tuple(range(15, 35)), kind="IBAN"),
    _Series(r"national insurance|nino|n\.? ?i\.?", (9,), kind="NINO"),
    _Series(r"ifsc(?: code)?", (11,), kind="BANK"),
    _Series(
        r"\[national_id\],? (?:and|&|or|replac\w+|supersed\w+|instead of|not|plus)(?: the)?",
        (7, 8, 9, 10),
    ),
)
_BANK_ACCOUNT: Final = _Series("", _ACCOUNT_LENGTHS, kind="BANK")
_ACCOUNT_SAID: Final = re.compile(rf"(?<!\w)(?:account|acct|acc|a/c)\.?{_NUMBER}(?!\w)")
BANKING: Final = re.compile(
    r"\b(?:sort code|sc|s/c|routing|bsb|ifsc|iban|bic|swift|bank(?:s|ing)?|branch|beneficiary|"
    r"payee|"
    r"standing order|direct debit|pa(?:y|id)(?:ing|ments?)? (?:it |this |that |\w+ )?(?:in|into|"
    r"out|to)|wire|transfers?|savings|"
    r"checking|chequing|deposit(?:ed)?|refund(?:ed)? (?:should |to |be |go |it )*(?:go|paid|to|"
    r"into)|"
    r"holder)\b|\[bank\]|\[iban\]"
)
_TELL_THEMSELVES: Final = {16: codicefiscale.is_valid, 18: curp.is_valid}


def _announcing(series: tuple[_Series, ...]) -> re.Pattern[str]:
    each = "|".join(rf"(?P<s{index}>{sery.words})" for index, sery in enumerate(series))
    return re.compile(rf"(?<!\w)(?:{each}){_NUMBER}(?!\w)")


_DIGITS_SAID: Final = _announcing(_DIGITS)
_LETTERED_SAID: Final = _announcing(_LETTERED)
# One of these words, or one that begins like this, stands in every announcement.
WORDS: Final = frozenset(
    word + number
    for word in (
        "ssn", "social", "itin", "nhs", "sin", "tfn", "tax", "taxpayer", "aadhaar", "aadhar",
        "aadaar", "aadar", "adhaar", "adhar", "adaar", "adar", "uid", "uidai",
        "identifikationsnummer", "idnr", "nir", "sociale", "s\u00e9cu", "secu", "bsn",
        "burgerservicenummer", "cpf", "pesel", "personnummer", "fodselsnummer", "dselsnummer",
        "cpr", "cprnummer", "identity", "id", "ird", "avs", "national", "medicare", "passport",
        "licence", "license", "sort", "bsb", "routing", "aba", "account", "acct", "dni", "nie",
        "nif", "codice", "cf", "pps", "ppsn", "pan", "curp", "iban", "nino", "ni", "insurance",
        "ifsc", "passports", "sc", "c", "acc", "bank", "replaces", "replaced", "beneficiary",
        "payee", "n",
    )
    for number in ("", "number", "numbers", "no", "nr", "num", "id")
)  # fmt: skip
STEMS: Final = ("steuer", "ahv", "rijksregister")
_ANNOUNCED: Final = 6  # the fewest characters of a code that is announced
_SELF_EVIDENT: Final = 16  # and of one that tells itself
_BEHIND: Final = re.compile(r"[\s,]{0,3}(?:is|was|that's|being)(?: (?:my|his|her|our|the))? ", re.I)
_RUN: Final = re.compile(
    r"\d(?<![\w.,$\u20ac\u00a3#/:@=+]\d)(?:[ \u00a0.\-/\u2010-\u2015]{0,3}\d){5,}+(?![\w%])"
)
_PAIR: Final = re.compile(
    r"(?<![\w-])(\d{2}-\d{2}-\d{2}|\d{2} \d{2} \d{2})([ ,/;:]{1,3}"
    r"(?:(?:and|&|ac|acct?|account|a/c|no|nr|num|number)\.?:? ?){0,3})"
    r"(\d{8}|\d{4} \d{4})(?![\w-])"
)
_PREFIX: Final = re.compile(r"[A-Za-z]-$")  # "NZ-881204"
_PLAIN_PREFIX: Final = re.compile(r"(?<!\w)[A-Z]{1,4} $")  # "RF 441022078"
_GROUP: Final = re.compile(r"\d+")
_CODE: Final = re.compile(r"(?<![\w-])(?=[A-Za-z]{0,7}\d)[A-Za-z0-9]{6,18}(?:-[A-Za-z])?(?![\w-])")


_Places = list[tuple[int, _Series]]  # where an announcement ends, and of what


def asked_in(text: str, words: frozenset[str]) -> str:
    """The words by which a question asks for such a number; empty if it asks for none.

    The text is in lower case; `words` are those of it, or of more (see marks.py).
    """
    if not _may_announce(text, words):
        return ""
    found = _DIGITS_SAID.search(text) or _LETTERED_SAID.search(text)
    return found[0] if found else ""


def announced(digits: str, in_front: str, behind: str = "", asked: str = "") -> str | None:
    """The kind of a number whose announcement stands in front of it, behind it, or was asked."""
    places = _places(lower(in_front), _DIGITS_SAID, _DIGITS)
    return (
        _fitting_behind(digits, behind)
        or _fitting(digits, in_front, len(in_front), places)
        or _fitting(digits, asked, len(asked), _places(asked, _DIGITS_SAID, _DIGITS))
    )


def announced_code(code: str, in_front: str, asked: str = "") -> str | None:
    """The same for a number with letters in it, by what stands in front or was asked."""
    places = _places(lower(in_front), _LETTERED_SAID, _LETTERED)
    return _fitting(code, in_front, len(in_front), places) or _fitting(
        code, asked, len(asked), _places(asked, _LETTERED_SAID, _LETTERED)
    )


def redact_announced(text: str, finds: Finds) -> str:
    """[NATIONAL_ID] and [BANK] (and [SSN] where it is announced) for numbers the talk names."""
    return _redact_codes(_redact_digits(_redact_pairs(text, finds), finds), finds)


def _redact_pairs(text: str, finds: Finds) -> str:
    """[BANK] twice for a sort code and an account that stand side by side."""

    def pair(found: re.Match[str]) -> str:
        code, account = finds.mark("BANK", found[1]), finds.mark("BANK", found[3])
        return code + found[2] + account

    return _PAIR.sub(pair, text)


def _redact_digits(text: str, finds: Finds) -> str:
    if not _RUN.search(text):
        return text
    places = _places_in(text, finds, _DIGITS_SAID, _DIGITS)
    asked = _places(finds.asked, _DIGITS_SAID, _DIGITS) if finds.asked else []
    if not places and not asked:
        return text

    def run(found: re.Match[str]) -> str:
        whole, digits = found[0], ""
        if _PREFIX.search(text, max(0, found.start() - 5), found.start()):
            return whole
        end, of_kind = 0, None
        for group in _GROUP.finditer(whole):
            digits += digits_of(group[0])
            kind = _fitting(digits, text, found.start(), places)
            kind = kind or _fitting(digits, finds.asked, len(finds.asked), asked)
            if not kind and group.end() == len(whole):
                kind = _fitting_behind(digits, text[found.end() : found.end() + _NEAR])
            end, of_kind = (group.end(), kind) if kind else (end, of_kind)
        return finds.mark(of_kind, whole[:end]) + whole[end:] if of_kind else whole

    return _RUN.sub(run, text)


def _redact_codes(text: str, finds: Finds) -> str:
    """Numbers with letters in them: announced, or with check digits that leave no doubt."""
    places = _places_in(text, finds, _LETTERED_SAID, _LETTERED)
    asked = _places(finds.asked, _LETTERED_SAID, _LETTERED) if finds.asked else []
    if not _may_hold_code(text, _ANNOUNCED if places or asked else _SELF_EVIDENT):
        return text

    def code(found: re.Match[str]) -> str:
        plain = found[0].replace("-", "")
        own = _TELL_THEMSELVES.get(len(plain))
        if own and own(plain):
            return finds.mark(NATIONAL_ID, found[0])
        kind = _fitting(plain, text, found.start(), places)
        kind = kind or _fitting(plain, finds.asked, len(finds.asked), asked)
        return finds.mark(kind, found[0]) if kind else found[0]

    clean = _CODE.sub(code, text)
    return _redact_alike(text, clean, finds) if clean != text else clean


def _redact_alike(text: str, clean: str, finds: Finds) -> str:
    """Codes made like the one that was announced: the passport before it, or the next one."""
    left = {found[0] for found in _CODE.finditer(clean)}
    shapes = {_shape(found[0]) for found in _CODE.finditer(text) if found[0] not in left}

    def code(found: re.Match[str]) -> str:
        alike = _shape(found[0]) in shapes and not is_reference(clean, found.start())
        return finds.mark(NATIONAL_ID, found[0]) if alike else found[0]

    return _CODE.sub(code, clean)


def _shape(code: str) -> str:
    return "".join("9" if sign.isdecimal() else "A" for sign in code)


def _may_hold_code(text: str, least: int) -> bool:
    """True if a piece between blanks has so many characters, and not letters alone."""
    return any(len(piece) >= least and not piece.isalpha() for piece in text.split())


def _may_announce(lowered: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(WORDS) or contains(lowered, STEMS)


def _places_in(
    text: str, finds: Finds, said: re.Pattern[str], table: tuple[_Series, ...]
) -> _Places:
    """Every announcement in a text that is being redacted, in order."""
    lowered = lower(text)
    if not _may_announce(lowered, finds.words):
        return []
    places = _places(lowered, said, table)
    if table is _DIGITS and contains(lowered, ("acc", "a/c")):
        places = sorted([*places, *_accounts(lowered)], key=itemgetter(0))
    return places


def _accounts(lowered: str) -> _Places:
    """Every "account number", where the talk is about a bank: else it is the customer's own."""
    if not BANKING.search(lowered):
        return []
    return [(found.end(), _BANK_ACCOUNT) for found in _ACCOUNT_SAID.finditer(lowered)]


def _places(lowered: str, said: re.Pattern[str], table: tuple[_Series, ...]) -> _Places:
    """Every announcement in a text in lower case, in order."""
    return [(found.end(), _series_of(found, table)) for found in said.finditer(lowered)]


def _fitting(number: str, text: str, start: int, places: _Places) -> str | None:
    """The kind that the last fitting announcement in front of a place gives a number."""
    behind = bisect_right(places, start, key=itemgetter(0))
    for end, series in reversed(places[max(0, behind - _HEARD) : behind]):
        if start - end > REACH:
            break
        near = start - end <= _NEAR and not _BETWEEN.search(text, end, start)
        if not near and _PLAIN_PREFIX.search(text, max(0, start - 6), start):
            return None
        if len(number) in series.lengths and (near or (series.valid and series.valid(number))):
            return series.kind
    return None


def _fitting_behind(digits: str, behind: str) -> str | None:
    """The kind of a number of which the words behind it say what it is."""
    lead = _BEHIND.match(behind)
    found = _DIGITS_SAID.match(lower(behind), lead.end()) if lead else None
    if not found:
        return None
    series = _series_of(found, _DIGITS)
    return series.kind if len(digits) in series.lengths else None


def _series_of(found: re.Match[str], table: tuple[_Series, ...]) -> _Series:
    return table[int(str(found.lastgroup)[1:])]
