"""Dates as people write and say them, for dates of birth.

A pattern each for what tells itself (`DATE`: "3 May 1984", "09/14/90", "the third of September,
nineteen eighty-one") and for what only a question tells (`BARE`: "oh nine, fourteen, ninety").
Texts are in lower case.
"""

import re
from typing import Final

_MONTHS: Final = (
    "january|february|march|april|may|june|july|august|september|sept|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|"
    "januar|j\u00e4nner|februar|m\u00e4rz|maerz|mai|juni|juli|oktober|dezember|m\u00e4r|okt|dez|"
    "janvier|f\u00e9vrier|fevrier|mars|avril|juin|juillet|ao\u00fbt|aout|septembre|octobre|"
    "novembre|d\u00e9cembre|decembre|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|"
    "januari|februari|maart|mei|augustus|janeiro|fevereiro|mar\u00e7o|maio|junho|julho|setembro|"
    "outubro|novembro|dezembro"
)
_MONTH: Final = rf"(?:{_MONTHS})\b\.?"
_UNIT: Final = "one|two|three|four|five|six|seven|eight|nine"
_TEEN: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ORDINAL: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    "fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|"
    "twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|"
    "thirty[ -]first"
)
_DAY: Final = (
    r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th|\.|er|\u00ba)?"
    rf"|(?:{_ORDINAL})\b|(?:twenty[ -](?:{_UNIT})|thirty[ -]one|{_TEEN}|twenty|thirty|{_UNIT})\b"
)
_LOW: Final = rf"(?:(?:{_TENS})(?:[ -](?:{_UNIT}))?|{_TEEN}|(?:oh|o)[ -](?:{_UNIT})|{_UNIT})\b"
_YEAR: Final = (
    r"(?:(?:19|20)\d\d(?!\d)|['\u2019]\d\d(?!\d)|\d\d(?![\d:%]|[.,]\d)"
    rf"|(?:nineteen|twenty)[ -](?:hundred(?: and)?[ -])?(?:{_LOW})"
    rf"|two thousand(?:,? (?:and )?(?:{_LOW}))?|nineteen hundred|(?:(?:{_TENS})(?:[ "
    rf"-](?:{_UNIT}))?)\b)"
)
_NUMBER: Final = rf"(?:\d{{1,4}}(?!\d)|{_LOW}|twenty[ -](?:{_LOW}))"
_PAUSE: Final = r"(?:[ ,./-]|\x1f){1,3}"
DATE: Final = re.compile(
    r"(?<![\w$\u20ac\u00a3])(?<!\d[.,:/-])(?:"
    r"(?:19|20)\d\d ?[-/.] ?(?:0?[1-9]|1[0-2]) ?[-/.] ?(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01]) ?([-/.]) ?(?:0?[1-9]|[12]\d|3[01]) ?\1 ?(?:(?:19|20)\d\d|\d\d)"
    rf"|(?:(?:the|el|le|il|den|de) )?(?:{_DAY})[ -]?(?:\x1f)?(?:(?:of|de|di|da) )?(?:the )?{_MONTH}"
    rf"(?:,?(?:[ -]|\x1f){{1,2}}(?:in |de |del |of |the year ){{0,2}}{_YEAR})?"
    rf"|{_MONTH}(?:[ -]|\x1f)(?:the )?(?:{_DAY})(?:,?(?:[ -]|\x1f){{1,2}}(?:in |of )?{_YEAR})?"
    rf"|{_MONTH} (?:of )?(?:(?:19|20)\d\d(?!\d)|nineteen[ -](?:{_LOW}))"
    r"|(?:19|20)\d\d\u5e74\d{1,2}\u6708\d{1,2}\u65e5"
    r")(?![\w%]|[.,:/-]\d)"
)
BARE: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?<!\d[.,:/-])(?:the )?(?:{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)|"
    rf"{_NUMBER})(?:{_PAUSE}(?:of |the )*)"
    rf"(?:{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th)|{_NUMBER}){_PAUSE}(?:of |in )?(?:{_YEAR}|"
    rf"{_NUMBER})(?![\w%]|[.,:/-]\d)"
    r"|(?<![\w$\u20ac\u00a3.,#-])(?:\d{8}|\d{6})(?![\w%]|[.,:/-]\d)"
)
# One of these, or a digit, stands in every date.
DATE_WORDS: Final = frozenset(
    word for words in (_MONTHS, _ORDINAL, _UNIT, _TEEN, _TENS) for word in words.split("|")
) | {"oh", "two", "nineteen"}
