"""Names that the talk introduces: "my name is Beryl Hughes", "this is Tom calling", "Ms Hughes".

Says where they stand in a turn. Whoever speaks as an agent introduces themselves, and that name is
told apart, for it stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transcripts.redaction import spelt
from transcripts.redaction.leads import AGENTS, Lead
from transcripts.redaction.marks import contains, lower, words_in
from transcripts.redaction.name_leads import LEADS
from transcripts.redaction.name_words import FIRST_NAMES, GOES_ON, TITLES, WORD, is_cased, name_from
from transcripts.redaction.passing import GOES_WELL, NAME_HINTS, in_passing
from transcripts.redaction.vocabulary import COMMON, words


@dataclass(frozen=True, slots=True)
class Introduced:
    """Where a name stands, and whether it is the speaking agent's own."""

    start: int
    end: int
    own: bool = False
    spelt: str = ""  # the name that is said there letter by letter


_BRANDS: Final = words("brands_with_titles")
_PERSON: Final = (
    "hi ",
    "hello ",
    "hey ",
    "dear ",
    "good ",
    "thank",
    "this is ",
    "it's ",
    "i'm ",
    "i am ",
    "mr",
    "ms",
    "dr",
)
_PRODUCT: Final = re.compile(
    r"\b(?:my|the|two|three|four|five|six|\d+|ordered|bought|watch(?:ed|ing)?|played?|brand|film|"
    r"movie|series|show|episodes?(?: of)?|book|cans?(?: of)?|bottles?(?: of)?|packs?(?: of)?|size|"
    r"pair(?: of)?) $"
)
_WORK: Final = re.compile(r"(?<!\w)[A-Z][a-z]+ing $")  # "Driving Miss Daisy"
_SELF: Final = re.compile(
    r"\b(?:this is|i['\u2019]m|i am|my name is|it['\u2019]s|you['\u2019]re with) $"
)
_AHEAD: Final = 16  # characters in front of a lead that are looked at
_CAPITALS: Final = re.compile(r"[^\W\d_a-z][\w'\u2019-]* [^\W\d_a-z]")  # two words in a row
_VERB: Final = re.compile(r" (?:be|not|have|you|only|never|always|show|appear|need)\b")
_OF_OTHERS: Final = re.compile(r"(?:his|her|their|the|your)\b")
_AS_AGENT: Final = re.compile(
    r"\bthank(?:s| you) for (?:calling|contacting|reaching|choosing|ringing|holding|getting in)|"
    r"\bhow (?:can|may) i (?:help|assist|be of)|\byou(?:['\u2019]re| are) through to\b"
)
_HINTS: Final = frozenset().union(*(lead.hints for lead in LEADS))
_FILLER: Final = re.compile(
    r"\s*(?:(?:yes|yeah|yep|sure|of course|certainly|absolutely|ok|okay|um+|uh+|er+|erm|hi|hello|"
    r"hey|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|you can call me|call me|"
    r"(?:everyone|everybody|people|they|most people|friends|my friends) calls? me|should be|try|"
    r"look|probably|i think|could be|might be|maybe|perhaps|or|it should be|"
    r"(?:booked |registered |there |down |filed |all |also )*under|there|speaking|yes this is|of|"
    r"for|make it|use|put|say|sorry|"
    r"actually|erm|ah|oh|just|mostly|here|in the name|account|booking|to|you['\u2019]re speaking|"
    r"with|"
    r"it['\u2019]s|it is|its|that['\u2019]s|that is|i['\u2019]m|i am|this is|so|well|my|the|"
    r"name['\u2019]s|no problem|sure thing|please|first|last|sur|name|is|and|mr|mrs|ms|miss|dr)\b"
    r"[\s,.:!-]{0,3})*+"
)
_LETTERS: Final = 3  # of a name that is spelt, at least
_SPELLING: Final = re.compile(
    r"\b(?:spel(?:t|ls?|led|ling)|that['\u2019]s|that is|written|capital|letters?)\b[^.?!]{0,30}"
)
_APART: Final = re.compile(r"\s*[.,;:-]\s*|\s+")


def introduced(
    text: str, role: str, asked: str = "", words: frozenset[str] | None = None
) -> list[Introduced]:
    """The names that a turn introduces; `asked` is what the turn before asked for.

    `words` are those of the text, where they are known already.
    """
    held = words_in(text) if words is None else words
    hints = _HINTS.intersection(held)
    passing = not NAME_HINTS.isdisjoint(held)
    if role == "system" or not (hints or passing or "name" in asked):
        return []
    lowered = lower(text)
    as_agent = role in AGENTS or (role == "unknown" and _AS_AGENT.search(lowered) is not None)
    found = [*_answer(text, lowered)] if "name" in asked and not as_agent else []
    if spelt.may_be_spelt(text, held):
        found += _spelt(text, lowered, "name" in asked)
    capitals = _CAPITALS.search(text) is not None
    for search in _searches(hints, as_agent, capitals):
        if search.may_find(lowered):
            for words_said in search.run(lowered):
                found += _behind(words_said, search.leads, text, lowered, as_agent=as_agent)
    return found + _in_passing(text, lowered, role, found, held) if passing else found


def _in_passing(
    text: str, lowered: str, role: str, found: list[Introduced], held: frozenset[str]
) -> list[Introduced]:
    """Names that nothing announces, where nothing else was found."""
    as_agent = role in AGENTS
    return [
        Introduced(
            name.start,
            name.stop,
            own=as_agent
            and _SELF.search(lowered[max(0, name.start - _AHEAD) : name.start]) is not None,
        )
        for name in in_passing(text, lowered, role, held)
        if not any(each.start < name.stop and name.start < each.end for each in found)
    ]


@dataclass(frozen=True, slots=True)
class _Search:
    """Leads of one pattern, looked for at once."""

    pattern: re.Pattern[str]
    signs: tuple[str, ...]  # one of these is in every find, or around it
    begins: tuple[str, ...]  # one of these begins every find
    first: re.Pattern[str] | None  # what is looked for before the pattern
    leads: list[Lead]

    def may_find(self, lowered: str) -> bool:
        """True if what every find needs is in a text at all."""
        if self.signs:
            return contains(lowered, self.signs)
        return self.first is None or self.first.search(lowered) is not None

    def run(self, lowered: str) -> Iterator[re.Match[str]]:
        """Where the pattern fits."""
        if not self.begins:
            return self.pattern.finditer(lowered)
        return (
            found
            for begin in self.begins
            if begin in lowered
            for place in _places(begin, lowered)
            if (found := self.pattern.match(lowered, place))
        )


def _places(part: str, text: str) -> Iterator[int]:
    """Where a part stands in a text."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


@lru_cache(maxsize=10_000)
def _searches(hints: frozenset[str], as_agent: bool, capitals: bool) -> list[_Search]:
    """What is to be looked for where these words are said.

    Leads of one pattern have the same signs and beginnings.
    """
    alike: dict[re.Pattern[str], list[Lead]] = {}
    for lead in LEADS:
        if lead.least == 2 and not capitals:
            continue
        if (as_agent or not lead.by_agents) and not lead.hints.isdisjoint(hints):
            alike.setdefault(lead.words, []).append(lead)
    return [
        _Search(
            words,
            signs=lead.signs or lead.begins,
            begins=lead.begins,
            first=lead.behind if lead.rare_behind else None,
            leads=leads,
        )
        for words, leads in alike.items()
        for lead in leads[:1]
    ]


def _behind(
    found: re.Match[str], leads: list[Lead], text: str, lowered: str, *, as_agent: bool
) -> Iterator[Introduced]:
    if _is_title_of_work(text, found) or _is_brand(text, lowered, found):
        return
    taken = name_from(text, found.end())
    if not taken:
        return
    small = text[found.end()].islower()
    for lead in leads:
        if lead.least and small:
            continue
        if name := _name_behind(lead, found, taken, text, lowered):
            own = lead.own and as_agent and not _OF_OTHERS.match(found[0])
            yield Introduced(name.start, name.end, own=own)


def _is_title_of_work(text: str, found: re.Match[str]) -> bool:
    """True if the words that announce a name have capitals throughout: "My Name Is Earl"."""
    said = text[slice(*found.span())].split()
    return (
        len(said) > 1
        and all(word[0].isupper() for word in said)
        and not found[0].startswith(_PERSON)
    )


def _is_brand(text: str, lowered: str, found: re.Match[str]) -> bool:
    """True if a title and a name are a product's: "the Mr. Coffee machine", "two Dr. X sprays"."""
    said = found[0].strip(" .")
    if said not in TITLES:
        return False
    name = WORD.match(text, found.end())
    if name and name[0].casefold() in _BRANDS:
        return True
    start = max(0, found.start() - 24)
    if lowered[start : found.start()].endswith((" a ", " an ")):
        return name is None or not GOES_WELL.match(lowered, name.end())
    return (
        _PRODUCT.search(lowered, start, found.start()) is not None
        or _WORK.search(text, start, found.start()) is not None
    )


def _name_behind(
    lead: Lead, found: re.Match[str], taken: list[re.Match[str]], text: str, lowered: str
) -> Introduced | None:
    """The name that a lead announces, with what the lead wants around it."""
    start = found.start()
    alone = len(taken) == 1 and taken[0][0].casefold()
    if lead.rare_behind and alone in COMMON and alone not in FIRST_NAMES:
        return None
    if lead.ahead and not lead.ahead.search(lowered[max(0, start - _AHEAD) : start]):
        return None
    name = _name_of(taken, text, lead.least)
    if not name or (lead.behind and not lead.behind.match(lowered, name.end)):
        return None
    return name


def _answer(text: str, lowered: str) -> Iterator[Introduced]:
    """ "Hughes. Beryl Hughes.", "yeah it's beryl hughes": up to three names from the start."""
    filler = _FILLER.match(lowered)
    position = filler.end() if filler else 0
    for _ in range(3):
        name = _name_of(name_from(text, position), text, least=0)
        if not name:
            return
        yield name
        apart = _APART.match(text, name.end)
        if apart and "." in apart[0] and text[apart.end() : apart.end() + 1].islower():
            return
        filler = _FILLER.match(lowered, apart.end() if apart else name.end)
        position = filler.end() if filler else name.end


def _spelt(text: str, lowered: str, asked: bool) -> Iterator[Introduced]:
    """Names that are said letter by letter, where one was asked for or the words say so."""
    if not asked and not _SPELLING.search(lowered):
        return
    for run in spelt.runs(text):
        name = spelt.code_of(run)
        start, end = run[0].start, run[-1].end
        if len(run) < _LETTERS or not name.isalpha() or name.casefold() in COMMON:
            continue
        if asked or _SPELLING.search(lowered, max(0, start - 40), start):
            yield Introduced(start, end, spelt=name.capitalize())
            if again := _said_again(text, end, name):
                yield again


def _said_again(text: str, start: int, name: str) -> Introduced | None:
    """The name that was just spelt, said as a whole: "D, E, V, R, I, E, S. De Vries"."""
    begin = _APART.match(text, start)
    found = WORD.match(text, begin.end()) if begin else None
    first = found.start() if found else 0
    for _ in range(3):
        if not found:
            return None
        said = "".join(filter(str.isalpha, text[first : found.end()]))
        if said.casefold() == name.casefold():
            return Introduced(first, found.end())
        found = WORD.match(text, found.end() + 1)
    return None


def _name_of(taken: list[re.Match[str]], text: str, least: int) -> Introduced | None:
    """The name that these words are, without titles; None if it is none, or has few capitals."""
    if not taken or all(len(word[0]) == 1 for word in taken):
        return None
    cased = is_cased(taken)
    end = taken[-1].end()
    if (len(taken) < least if cased else least) or GOES_ON.match(text, end):
        return None
    if (
        taken[0][0].casefold() in COMMON
        and len(taken) == 1
        and _VERB.match(lower(text[end : end + 12]))
    ):
        return None
    return Introduced(taken[0].start(), end)
