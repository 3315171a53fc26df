"""Names of people who are mentioned in passing: "so then Fiona rang me back", "gave it to kwame".

Nothing announces them, so the words must be known as first names (given_names.toml), and what
stands around them must be what people say of people: "the Stella sofa" and "I watched Emma" stay.
"""

import re
from collections.abc import Iterator
from typing import Final

from transcripts.redaction.leads import AGENTS
from transcripts.redaction.name_words import FIRST_NAMES, GOES_ON, WORD, is_cased, name_from
from transcripts.redaction.vocabulary import COMMON, words

_IN_ANY_CASE: Final = words("never_words")
_KNOWN: Final = _IN_ANY_CASE | words("with_capital")
_EVERYDAY: Final = (FIRST_NAMES | words("people_and_words")) - words("never_told_apart")
_LETTERS: Final = re.compile(r"[a-z\u00e9]+")  # as marks.words_in cuts a text into words
# One of these is in every text that names somebody known.
NAME_HINTS: Final = frozenset(max(_LETTERS.findall(n), key=len) for n in _KNOWN)
_SAID: Final = NAME_HINTS | _EVERYDAY
_THINGS: Final = re.compile(
    "|".join(
        re.escape(t.replace("_", " ")) for t in sorted(words("named_like_people"), key=len)[::-1]
    )
)
_LONGEST: Final = 15  # letters of a first name, at most
_REACH: Final = 60  # characters in front of a name that are looked at

# In front of a word that is no person here: an article, a number, a place, part of a longer word.
_NO_PERSON: Final = re.compile(
    r"(?:\b(?:the|an?|my|our|his|her|their|this|that|these|those|any|no|per|every|each|"
    r"both the|two|three|four|five|new|old|st|saint|san|santa|los|las|port|fort|lake|mount|mt|"
    r"cape|queen|king|prince|princess|pope|hotel|caf[e\u00e9]|bar|restaurant|pub|camp|villa|club|"
    r"colou?r|shade|model|range|collection|size|brand|version|hurricane|storm|team|flight to|"
    r"alfa|type|series|file|folder|server|host|domain|user|username|dog|cat|pet)\.?|"
    r"\d)[ ]?$|[@/_.&+#\\\[-]$"
)
_SOMEBODY: Final = re.compile(r"\b(?:an?|some) $")
_SOME: Final = re.compile(r" (?:something|who|from the|at the|on the|in the)\b|,")
_WORK: Final = re.compile(
    r"\b(?:watch(?:ed|ing|es)?|films?|movies?|series|(?:tv |the |this |that |a )show|episodes?|"
    r"(?:the|a|this|that|audio) ?book|novel|i read|reading|songs?|albums?|listen(?:ed|ing|s)?|"
    r"band|stream(?:ed|ing|s)?|playing|games?|characters?|brands?|perfume|musical|opera|"
    r"concert|tickets? (?:to see|for)|to see|fan of)\b[^.!?\n\[]{0,30}$"
)
# In front of a name in lower case that may be a word.
_SAYS_WHO: Final = re.compile(
    r"(?:\b(?:this is|im|i['\u2019]m|i am|name['\u2019]?s|name is|called|named|spoke to|spoke with|"
    r"speak to|speaking to|talked to|ask for|asked for|under the name)|^it['\u2019]?s) $"
)
# How a customer addresses the agent, whose name stays.
_ADDRESSED: Final = re.compile(
    r"(?:\b(?:hi|hello|hey|dear|thanks|thank you|thankyou|cheers|thx|ty|bye|goodbye|morning|"
    r"afternoon|evening|ok|okay|sorry|yes|no|great|perfect|brilliant|lovely|right|you too)"
    r"(?: so much| very much| again| there| a lot| for \w{2,12}(?: \w{2,12}){0,2})?,? |, )$"
)
_ADDRESSED_END: Final = re.compile(r"\s*(?:[,.!?;:\n-]|$)")
# "I Am Sam", "rented Being John": a capital in front, within a sentence.
_CAPITAL_IN_FRONT: Final = re.compile(r"[\w,] (?P<word>[A-Z][a-z]{0,20}) $")
_OF_FIRM: Final = re.compile(r"['\u2019]s (?=[A-Z][a-z])")
_BESIDE: Final = re.compile(
    r"(?:,? (?:and|or|und|oder|et|y|e)|,? ?&) (?P<name>[^\W\d_a-z][^\W\d_A-Z]{1,30}+)(?![\w-])"
)
_BEGIN: Final = re.compile(r"(?:^|[.!?\n]\s{0,3})$")
# Behind a name: the end of a phrase, or what is said of people.
GOES_WELL: Final = re.compile(
    r"['\u2019]s?(?!\w)|\s*(?:[.,;:!?)\]\"\u201d\n]|$)| ?[-\u2013\u2014/] ?(?!\w+ing\b)| \(|"
    r" (?:and|or|but|nor|from|at|in|on|of|to|with|without|for|by|about|as|than|like|if|when|while|"
    r"because|so|before|after|since|until|over|up|down|out|off|back|again|also|always|never|just|"
    r"still|already|even|only|either|too|both|today|yesterday|tomorrow|tonight|now|then|here|"
    r"there|"
    r"next|last|this|that|the|an?|my|our|your|his|her|their|me|us|him|them|it|you|we|they|i|he|"
    r"she|who|whom|whose|which|what|where|how|is|was|are|were|isn['\u2019]t|wasn['\u2019]t|has|"
    r"had|have|hasn['\u2019]t|hadn['\u2019]t|will|won['\u2019]t|would|wouldn['\u2019]t|can|"
    r"can['\u2019]t|cannot|could|couldn['\u2019]t|should|must|may|might|does|doesn['\u2019]t|did|"
    r"didn['\u2019]t|do|not|sir|madam|something|please|alone|herself|himself|upstairs|downstairs|"
    r"said|says|say|rang|rings|told|tells|gave|gives|took|takes|came|comes|went|goes|got|gets|"
    r"made|makes|put|puts|sent|sends|left|leaves|let|lets|knows|knew|needs|wants|lives|works|"
    r"thinks|thought|pays|paid|signs|handles|looks|keeps|kept|sees|saw|met|meets|spoke|speaks|"
    r"wrote|writes|read|reads|uses|owns|runs|ran|bought|sold|found|lost|broke|drove|drives|"
    r"pick|come|collect|sign|call|ring|have|be|get|take|go|see|speak|use|join|drive|open|know|"
    r"need|want|"
    r"usually|normally|really|kindly|apparently|probably|definitely|instead|myself|recently|"
    r"und|oder|hat|ist|war|wird|kann|wollte|sagte|aus|von|bei|mit|et|est|[a-z]{2,14}ed)(?!\w)"
)
# What people do, behind a name that is a word as well: "and Mark rang me".
_DOES: Final = re.compile(
    r" (?:said|says|rang|told|tells|promised|called|phoned|emailed|texted|wrote|fitted|answered|"
    r"explained|spoke|gave|took|came|went|sent|signed|booked|lives|works|thinks|knows|wants|has (?:"
    r"tried|asked|been|got)|from (?:the|your|my|accounts|billing|sales|support)|in (?:accounts|"
    r"billing|sales|dispatch|support|reception)|at (?:the|your) (?:desk|door|gate|branch|store|"
    r"counter|till|office|front))(?!\w)"
)


def in_passing(text: str, lowered: str, role: str, held: frozenset[str]) -> Iterator[range]:
    """Where a turn names people whom nothing announces; `held` are the words of the text."""
    position = 0
    for start in _starts(lowered, held):
        if start < position:
            continue
        if thing := _thing_at(lowered, start):
            position = thing
            continue
        found = WORD.match(text, start)
        begin, end = start, _end_of(text, lowered, found, role) if found else 0
        while end:
            yield range(begin, end)
            position = end
            beside = _BESIDE.match(text, end)
            begin = beside.start("name") if beside else 0
            end = _end_beside(text, lowered, beside) if beside else 0


def _starts(lowered: str, held: frozenset[str]) -> list[int]:
    """Where the words begin, in their order, that may be somebody's first name."""
    starts: set[int] = set()
    for said in held.intersection(_SAID):
        place = lowered.find(said)
        while place >= 0:
            start = place
            while place - start < _LONGEST and start and lowered[start - 1].isalpha():
                start -= 1
            if not (start and lowered[start - 1].isalpha()):
                starts.add(start)
            place = lowered.find(said, place + len(said))
    return sorted(starts)


def _end_beside(text: str, lowered: str, beside: re.Match[str]) -> int:
    """Where a name ends that is joined to one with "and"; 0 if it's an everyday word or a thing."""
    start, end = beside.span("name")
    is_word = beside["name"].casefold() in COMMON and beside["name"].casefold() not in FIRST_NAMES
    if is_word or _thing_at(lowered, start):
        return 0
    end = _with_surname(text, start, end)
    return end if end and GOES_WELL.match(lowered, end) else 0


def _end_of(text: str, lowered: str, found: re.Match[str], role: str) -> int:
    """Where the name ends that begins with a word; 0 if it is nobody's."""
    plain = found[0].casefold()
    for ending in ("'s", "\u2019s"):
        plain = plain.removesuffix(ending)
    known = plain if plain in _KNOWN or plain in _EVERYDAY else ""
    if not known:
        return 0
    capital = found[0][0].isupper()
    if len(plain) <= 3 and found[0][:3].isupper():
        return 0  # "MIA" is an airport
    start, end = found.start(), found.start() + len(plain)
    front = lowered[max(0, start - _REACH) : start]
    if not capital and plain not in _IN_ANY_CASE and not _SAYS_WHO.search(front):
        return 0
    if end == found.end() and capital:
        end = _with_surname(text, start, end)
    if not end or _is_title(text, start, end) or not _is_person(front, lowered, end):
        return 0
    if plain in _EVERYDAY and end == start + len(plain) and not _is_told(front, lowered, end):
        return 0
    return 0 if role not in AGENTS and _is_address(front, lowered, end) else end


def _with_surname(text: str, start: int, end: int) -> int:
    """Where a name ends that goes on with capitals; 0 if those make it a thing's."""
    if text[end : end + 1] != " ":
        return end
    taken = name_from(text, start)
    if taken and is_cased(taken):
        end = max(end, taken[-1].end())
    onward = WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    return 0 if onward and onward[0][0].isupper() and onward[0] != "I" else end


def _thing_at(lowered: str, start: int) -> int:
    """Where a brand or a work ends that is called like a person; 0 if none begins here."""
    found = _THINGS.match(lowered, start)
    return found.end() if found else 0


def _is_title(text: str, start: int, end: int) -> bool:
    """True if capitals around a name make it a title's or a firm's: "I Am Sam", "Kelly's Cafe"."""
    if _OF_FIRM.match(text, end):
        return True
    front = _CAPITAL_IN_FRONT.search(text, max(0, start - _REACH), start)
    return front is not None and front["word"].casefold() in COMMON


def _is_person(front: str, lowered: str, end: int) -> bool:
    """True if what stands around a name is said of people."""
    if _SOMEBODY.search(front) and _SOME.match(lowered, end):
        return True
    return not (
        GOES_ON.match(lowered, end)
        or not GOES_WELL.match(lowered, end)
        or _NO_PERSON.search(front)
        or _WORK.search(front)
    )


def _is_told(front: str, lowered: str, end: int) -> bool:
    """True if a word that may be a name does what people do, within a sentence."""
    return _DOES.match(lowered, end) is not None and not _BEGIN.search(front)


def _is_address(front: str, lowered: str, end: int) -> bool:
    """True if a customer talks to whom it names: "Hi Dana,", "Dana, can you", "fine, Dana."."""
    if not _ADDRESSED_END.match(lowered, end):
        return False
    if _ADDRESSED.search(front):
        return front[-2:] != ", " or lowered[end : end + 1] != ","
    return _BEGIN.search(front) is not None and lowered[end : end + 1] == ","
