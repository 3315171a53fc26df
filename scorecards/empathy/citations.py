"""Words that a turn only cites: somebody else's feeling or apology, or a form of words.

    without_citations("he wrote 'i am furious'. done.")    # "                       . done."

Between quotation marks after "you said" or "your mail", before "you wrote", or without marks after
"the customer wrote:". What people cite of themselves ("I said …") stays theirs.
"""

import re
from typing import Final

_OPEN: Final = '"\u201c\u201e\u00ab\u2039\u300c\u300e'
_CLOSE: Final = '"\u201c\u201d\u00bb\u203a\u300d\u300f'
_QUOTED: Final = (
    rf"(?:[{_OPEN}][^{_OPEN}{_CLOSE}]{{2,600}}[{_CLOSE}]"
    r"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){2,400}'(?!\w))"
)
_SAID: Final = (
    r"(?:sa(?:id|y|ys|ying)|wrote|writes?|written|puts?|mention(?:ed|s)?|reads?|told|tells"
    r"|stat(?:ed|es)|asked|asks|answered|replied|replies|called it|quoted?|quoting|words|states"
    r"|complain(?:ed|s)|claim(?:ed|s)|apologi[sz]ed|posted|texted|e-?mailed|promised|announced)"
)
_WRITING: Final = (
    r"(?:e-?mails?|mails?|messages?|letters?|notes?|comments?|reviews?|complaints?|tickets?"
    r"|requests?|questions?|chats?|texts?|tweets?|posts?|repl(?:y|ies)|answers?|responses?"
    r"|feedback|subject|sentence|phrase|statement|report|voicemail)"
)
_NOT_OWN: Final = r"(?<!\bi )(?<!\bwe )(?<!\bi've )(?<!\bwe've )(?<!\bi also )(?<!\bi just )"
_SOMEBODY: Final = (
    r"(?:you|he|she|they|it|customer|client|caller"
    r"|(?:the|your|our|my|his|her|their|this|that)(?: [\w'-]{1,20}){1,3}?)"
)
_THEN: Final = r"[\s:,]{1,4}"
_AFTER: Final = re.compile(rf"\b(?:as )?{_SOMEBODY} (?:\w{{1,12}} )?{_SAID}{_THEN}{_QUOTED}")
_YOURS: Final = re.compile(
    rf"\b(?:your|his|her|their)(?: [\w'-]{{1,20}}){{1,3}}{_THEN}(?=.\S+\s+\S+\s){_QUOTED}"
)
_BEFORE: Final = re.compile(
    rf"{_QUOTED}[,.]?\s{{0,3}}(?:{_SOMEBODY} (?:\w{{1,12}} )?{_SAID}\b"
    r"|[\u2013\u2014-]{1,2} ?(?=[^\W\d_])(?:[\w.'-]{1,20} ?){1,3}(?:,|\n|$))"
)
_COLON: Final = re.compile(
    rf"\b{_SOMEBODY} (?:\w{{1,12}} )?"
    r"(?:wrote|said|writes|says|stated|asked|replied|answered)"
    r"(?: (?:to|in|on|at|us|me|the|last|yesterday|today|\w{1,6}day)){0,4}"
    r":[ \t]*(?:\n[ \t]*)?[^\"'\u201c\u201e\s][^.!?\n]{2,400}[.!?]?"
)
_REPORTED: Final = re.compile(
    r"\byou (?:have |had |also |just |already )?"
    r"(?:said|told (?:us|me)|wrote|mentioned|stated) (?:that )?you"
    r" (?:are|were|have been|had been|felt|feel|understand|understood)\b[^.,;!?\n]{1,200}"
)
_BRACKETED: Final = re.compile(
    r"\[(?:quote[ds]?|quotation|cited|citation|zitat|citat|cita|in reply to)\b[^\[\]]{2,600}\]"
)
_WHOLE: Final = (_AFTER, _YOURS, _BEFORE, _COLON, _REPORTED, _BRACKETED)
_BY_FAR: Final = re.compile(
    rf"{_NOT_OWN}\b(?:{_SAID}"
    rf"|(?:the|that|this|your|his|her|their) (?:[\w'-]{{1,20}} ){{0,3}}{_WRITING})"
    rf"\b[^{_OPEN}{_CLOSE}.!?\n]{{0,60}}?{_THEN}({_QUOTED})"
)
_NO_LINE_END: Final = re.compile(r"[^\n]")
_MARKS: Final = frozenset(_OPEN + _CLOSE + "':[")


def without_citations(low: str) -> str:
    """The text in lower case with blanks for what is only cited, of the same length."""
    if _MARKS.isdisjoint(low) and "you " not in low:
        return low
    for pattern in _WHOLE:
        low = pattern.sub(lambda match: _blanks(match.group()), low)
    return _BY_FAR.sub(_without_what_is_cited, low)


def _without_what_is_cited(match: re.Match[str]) -> str:
    before = match.start(1) - match.start()
    return match.group()[:before] + _blanks(match.group(1))


def _blanks(said: str) -> str:
    """Blanks, and lines stay lines."""
    return _NO_LINE_END.sub(" ", said)
