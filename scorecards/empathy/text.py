"""A turn's text made ready for matching. Every step keeps the length, so ranges stay true."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from qa.core.reactions import as_quoted, is_reaction
from scorecards.empathy.phrases import KEY_LENGTH

_MASKS = re.compile(
    r"\[[A-Za-z][\w :/-]{1,30}\]"  # [CARD], [noise], [inaudible 00:12]
    r"|<[A-Za-z_/]{2,12}>"  # <unk>
    r"|https?://\S{1,2000}+"
)
_SONG = re.compile(r"(?m)[\u2669-\u266c][^\u2669-\u266c\n]*(?:[\u2669-\u266c]+|$)")
# What is heard beside the words: `*sigh*`, `(crying)`. Alone in a turn, or before or after a
# sentence; `it is *so* late` and `I called (twice)` are words.
_SOUND = r"(?:\*[^\W\d_][\w' -]{1,40}\*|\([^\W\d_][\w' -]{1,60}\))"
_SOUND_ALONE = re.compile(rf"\s*{_SOUND}(?:\s*{_SOUND})*[\s.!?]*")
_SOUND_BEFORE = re.compile(
    r"(?:^|(?<=[.!?\u2026\n\])]))[ \t]*(?:\*[a-z][a-z -]{1,24}\*|\([a-z][a-z -]{1,24}\))"
    r"(?=[ \t]*[.!?\u2026]*[ \t]*(?:[A-Z\[\n]|$))"
)
_MOST_OF_A_SOUND = 5  # words
_REMEMBERED = 200  # messages that a reaction may quote
_QUOTED_LINE = re.compile(r"(?m)^[ \t]{0,8}>.*$")
_HISTORY = re.compile(
    r"(?im)^[ \t]{0,8}(?:-{2,}[ \t]*(?:original|forwarded) message|on [^\n]{4,200} wrote:[ \t]*$"
    r"|from:[^\n]{1,200}\n(?:sent|date|to):)"
)
_WORD = re.compile(r"[^\W_](?:[\w'-]{0,38}\w)?")
_END = re.compile(r"[.!?…]+(?=[\s\"')]|$)|\n+")
_TYPOGRAPHIC = str.maketrans("\u2019\u2018`\u00b4\u00a0", "'''' ")
_NEGATED = re.compile(
    r"(?:\b(?:not|never|no|without|nor|neither|hardly|isn'?t|aren'?t|wasn'?t|weren'?t|don'?t|"
    r"doesn'?t|didn'?t|can'?t|cannot|couldn'?t|wouldn'?t|won'?t|ain'?t))\s+(?:[\w']{1,14}\s+){0,2}$"
)
_CITATION = re.compile(
    r"\b(?:sa(?:id|y|ys|ying)|wrote|writes?|written|put|puts|mention(?:ed|s)?|reads?|told|tells"
    r"|stat(?:ed|es)|asked|asks|answered|replied|called it|quote|quoting|words|states)\b"
    r"[^\"\u201c\u201d.!?\n]{0,40}?"
    r"(?:[\"\u201c]([^\"\u201c\u201d\n]{2,400})[\"\u201d]"
    r"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){2,400})'(?!\w))"
)
_QUOTES = re.compile(r"[\"“][^\"“”\n]{1,300}+[\"”]")


@dataclass(frozen=True)
class Word:
    """One word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Prepared:
    """`text` as given; `low` of the same length: lower case, marks and quoted mail blanked.

    A `reaction` to another message is nobody's turn to speak: it neither shows nor answers a
    feeling.
    """

    text: str
    low: str
    reaction: bool = False

    @cached_property
    def words(self) -> list[Word]:
        return [Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(self.low)]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The first letters of every word, by which phrases are looked up."""
        found = _WORD.findall(self.low.replace("'", "").replace("-", " ")) + _WORD.findall(self.low)
        return frozenset(word.replace("'", "")[:KEY_LENGTH] for word in found)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Half-open ranges that cover the text, cut after ., !, ?, … and line breaks."""
        cuts = [0, *(m.end() for m in _END.finditer(self.low)), len(self.low)]
        return [(a, b) for a, b in pairwise(cuts) if self.low[a:b].strip()]

    @cached_property
    def quotes(self) -> list[tuple[int, int]]:
        return [m.span() for m in _QUOTES.finditer(self.low)]

    @cached_property
    def without_citations(self) -> str:
        """`low` with blanks for what stands in quotation marks after "you said" or "it reads"."""
        if '"' not in self.low and "'" not in self.low and "\u201c" not in self.low:
            return self.low
        return _CITATION.sub(_blank_citation, self.low)

    def sentence_at(self, position: int) -> int:
        """The number of the sentence that holds a position; the last one if none does."""
        number = bisect_right(self.sentences, position, key=lambda span: span[1])
        return min(number, len(self.sentences) - 1)

    def words_between(self, start: int, end: int) -> list[Word]:
        """The words that lie within a range."""
        first = bisect_left(self.words, start, key=lambda word: word.start)
        last = bisect_right(self.words, end, key=lambda word: word.end)
        return self.words[first:last]

    def starts_sentence(self, position: int) -> bool:
        """True if nothing but spaces, greetings' commas and masked names stands before it."""
        before = self.low[max(position - 80, 0) : position].rstrip(" \t@,\"'\u201c*-\u2013\u2014:)")
        return not before or before[-1] in ".!?…\n"

    def negated(self, position: int) -> bool:
        """True if a negation stands one to three words before a position."""
        return _NEGATED.search(self.low[max(position - 45, 0) : position]) is not None


def prepare_turns(texts: Iterable[str]) -> list[Prepared]:
    """Each text of an interaction made ready; one that only reacts to another has no words."""
    earlier: dict[str, None] = {}
    found: list[Prepared] = []
    for text in texts:
        if is_reaction(text, earlier):
            found.append(Prepared(text, " " * len(text), reaction=True))
            continue
        found.append(prepare(text))
        earlier[as_quoted(text)] = None
        if len(earlier) > _REMEMBERED:
            del earlier[next(iter(earlier))]
    return found


def prepare(text: str) -> Prepared:
    """Lower-case a text and blank what must never be scored as words."""
    if "*" in text or "(" in text or "\u266a" in text or "\u266b" in text:
        return Prepared(text, _low(_without_sounds(text)))
    return Prepared(text, _low(text))


def _without_sounds(text: str) -> str:
    """The text with blanks for songs and for what is heard beside the words."""
    text = _SONG.sub(_blank, text)
    alone = _SOUND_ALONE.fullmatch(text)
    if alone and len(_WORD.findall(text)) <= _MOST_OF_A_SOUND:
        return _blank(alone)
    return _SOUND_BEFORE.sub(_blank, text)


def _low(text: str) -> str:
    low = text.translate(_TYPOGRAPHIC)
    lowered = low.lower()
    if len(lowered) != len(low):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in low)
    if "[" in lowered or "<" in lowered or "http" in lowered:
        lowered = _MASKS.sub(_blank, lowered)
    if "\n" in lowered or lowered.startswith(">"):
        lowered = _without_history(lowered)
    return lowered


def _without_history(low: str) -> str:
    """Blank quoted lines and everything from the header of a quoted message on."""
    low = _QUOTED_LINE.sub(_blank, low) if ">" in low else low
    history = _HISTORY.search(low)
    if history is None or not low[: history.start()].strip():
        return low
    at = history.start()
    return low[:at] + re.sub(r"[^\n]", " ", low[at:])


def _blank_citation(match: re.Match[str]) -> str:
    inside = match.span(1) if match.group(1) is not None else match.span(2)
    start, end = (place - match.start() for place in inside)
    whole = match.group()
    return whole[:start] + " " * (end - start) + whole[end:]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def spans_of(pattern: re.Pattern[str], low: str) -> Iterator[tuple[int, int]]:
    """Non-empty matches, left to right."""
    return (m.span() for m in pattern.finditer(low) if m.end() > m.start())
