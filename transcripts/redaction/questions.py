"""What a turn asks for, so that a bare answer is known for what it is.

"Can I take your number?" "Sure, 555 0129." The answer's rules get one of: "card number",
"secret code", "secret word", "phone number", "email", "name", the words that announce a government
or bank number, or "other" for a number that is nobody's personal data, such as an order's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from transcripts.formats.model import CanonicalTurn
from transcripts.redaction import national
from transcripts.redaction.marks import contains, lower

_TURNS_TO_ANSWER: Final = 4  # turns after which a question is taken as answered
_LOOKED_AT: Final = 160  # the end of a turn, where its question stands
_WANTED: Final = re.compile(
    r"\b(?:can|could|may|please|need|confirm|tell|give|what|which|who|take|have|read|enter|"
    r"provide|type|share|spell|and)\b"
)
# One of these words, or one with such a part, stands in every question of the kinds below.
_HINTS: Final = national.WORDS.union(
    ("number", "numbers", "digit", "digits", "email", "mail", "code", "codes", "pin", "cvv", "cvc",
     "memorable", "maiden", "security", "post", "zip", "birth", "address", "ref", "who", "speaking")
)  # fmt: skip
_PARTS: Final = ("pass", "postcode", "name", *national.STEMS)
_KINDS: Final = re.compile(  # only where a word begins: there each of them does
    r"\b(?:(?P<card>\b(?:card|long|(?:16|sixteen)[- ]digit) (?:card )?number\b|"
    r"\bnumber (?:on|across) (?:the |your )?(?:front of )?(?:the |your )?card\b)"
    r"|(?P<word>\b(?:password|memorable (?:word|name|information)|maiden name|pass ?phrase|"
    r"security (?:word|answer)))"
    r"|(?P<code>(?<!social )\bsecurity (?:code|number)|\b(?:cvv2?|cvc|passcode|pin)\b|"
    r"\b(?:digits?|numbers?) (?:on|from) (?:the|your) (?:back|reverse|front)\b|"
    r"\b(?:verification|one[- ]time|access|(?:4|6|four|six)[- ]digit) (?:code|pass\w*|pin)\b)"
    r"|(?P<email>\be-?mail\b(?: address)?)"
    r"|(?P<other>\b(?:order|account|reference|booking|tracking|case|ticket|policy|customer|serial|"
    r"invoice|meter|confirmation|member(?:ship)?|model|claim|flight) (?:number|id|code|ref)"
    r"|\bpost ?code|\bzip\b|\bdate of birth|\baddress\b)"
    r"|(?P<phone>\b(?:phone|telephone|contact|mobile|cell|cell ?phone|call-?back|daytime|landline|"
    r"home|best)(?: phone| contact)? (?:number|no\b)|\bnumber (?:that )?(?:we|i) "
    r"(?:can|could|should)|\bnumber (?:to|for) (?:reach|call|contact|ring|you\b)|"
    r"\b(?:a|your) number\b)"
    r"|(?P<name>\b(?:your|the|a|full|first|last|sur|family|holder(?:'s)?|caller(?:'s)?)[ -]?"
    r"(?:full |first |last |sur|family |middle )*+name\b|\bwho (?:am i|i'm|i am|do i have|is|are) "
    r"(?:speaking|talking|this|calling|the pleasure)|\bspeaking (?:to|with) (?:today)?\?))"
)
_WORDS: Final = {
    "card": "card number",
    "word": "secret word",
    "code": "secret code",
    "phone": "phone number",
}


def asked_by(text: str, words: frozenset[str]) -> str:
    """What the last question of a text asks for; empty if for nothing of the kind."""
    end = lower(text[-_LOOKED_AT:])
    if words.isdisjoint(_HINTS) and not contains(end, _PARTS):
        return ""
    if not ("?" in end or _WANTED.search(end)):
        return ""
    kinds = [str(found.lastgroup) for found in _KINDS.finditer(end)]
    last = kinds[-1] if kinds else ""
    official = national.asked_in(end, words) if last in ("", "other", "phone") else ""
    return official or _WORDS.get(last, last)


def answered(turns: Sequence[CanonicalTurn], words: Sequence[frozenset[str]]) -> Iterator[str]:
    """For each turn, what somebody else has just asked its speaker for.

    `words` are those of each turn.
    """
    asked, asker, age = "", None, 0
    for turn, held in zip(turns, words, strict=True):
        who = (turn.role, turn.speaker)
        age += 1
        in_time = asked and who != asker and age <= (1 if asked == "name" else _TURNS_TO_ANSWER)
        yield asked if in_time else ""
        question = "" if turn.role == "customer" else asked_by(turn.text, held)
        if question:
            asked, asker, age = question, who, 0
