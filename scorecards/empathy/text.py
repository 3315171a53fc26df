"""A turn's text made ready for matching. Every step keeps the length, so ranges stay true."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from qa.core.reactions import as_quoted, is_reaction
from scorecards.boilerplate import asides, closings
from scorecards.empathy.citations import without_citations
from scorecards.empathy.model import AGENT, TurnLike
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
_SOUND_SIGNS = "*(\u266a\u266b"
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
_RUN = re.compile(r"\s{3,}")
_QUOTES = re.compile(r"[\"“][^\"“”\n]{1,300}+[\"”]")


@dataclass(frozen=True)
class Word:
    """One word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Prepared:
    """`text` as given; `low` of the same length: lower case, and blank where no words stand that
    their speaker says to anybody: marks, quoted mails, citations, signatures and the like.

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

    @property
    def whole(self) -> bool:
        """True if nothing of the text is blank in `low`."""
        return self.low.count(" ") == self.text.count(" ") + self.text.count("\u00a0")

    @cached_property
    def gaps(self) -> list[tuple[int, int]]:
        """Where words of the text are blank in `low`; marks of redaction are no words."""
        if self.whole:
            return []
        runs = (m.span() for m in _RUN.finditer(self.low))
        return [(a, b) for a, b in runs if _WORD.search(_MASKS.sub(" ", self.text[a:b]))]

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


def prepare_all(turns: Sequence[TurnLike]) -> list[Prepared]:
    """Every turn of an interaction made ready.

    What recurs below most of an agent's turns is blank there, and so is a turn that only reacts to
    another.
    """
    ends: dict[int, int] = {}
    for places in _by_agent(turns).values():
        if len(places) > 1:
            ends |= zip(places, closings([turns[at].text for at in places]), strict=True)
    reacting = _reactions(turns)
    return [
        Prepared(turn.text, " " * len(turn.text), reaction=True)
        if at in reacting
        else prepare(turn.text, turn.role, ends.get(at))
        for at, turn in enumerate(turns)
    ]


def _by_agent(turns: Sequence[TurnLike]) -> dict[str, list[int]]:
    """The turns of each agent by their place; those without a label are one agent's."""
    found: dict[str, list[int]] = {}
    for at, turn in enumerate(turns):
        if turn.role == AGENT:
            found.setdefault(getattr(turn, "speaker", None) or "", []).append(at)
    return found


def _reactions(turns: Sequence[TurnLike]) -> set[int]:
    """The turns that only react to an earlier one, by their place."""
    earlier: dict[str, None] = {}
    found: set[int] = set()
    for at, turn in enumerate(turns):
        if is_reaction(turn.text, earlier):
            found.add(at)
            continue
        earlier[as_quoted(turn.text)] = None
        if len(earlier) > _REMEMBERED:
            del earlier[next(iter(earlier))]
    return found


def prepare(text: str, role: str = "", end: int | None = None) -> Prepared:
    """Lower-case a text and blank what must never be scored as words.

    `role` is the speaker's, where it is known; from `end` on nothing is scored.
    """
    low = _low(_without_sounds(text))
    for start, stop in _nobodys(text[: len(low.rstrip())], role, end):
        low = low[:start] + _blanked(low[start:stop]) + low[stop:]
    return Prepared(text, without_citations(low))


def _without_sounds(text: str) -> str:
    """The text with blanks for songs and for what is heard beside the words."""
    if not any(sign in text for sign in _SOUND_SIGNS):
        return text
    text = _SONG.sub(_blank, text)
    alone = _SOUND_ALONE.fullmatch(text)
    if alone and len(_WORD.findall(text)) <= _MOST_OF_A_SOUND:
        return _blank(alone)
    return _SOUND_BEFORE.sub(_blank, text)


def _low(text: str) -> str:
    """The text in lower case without marks and quoted mails."""
    low = text.translate(_TYPOGRAPHIC)
    lowered = low.lower()
    if len(lowered) != len(low):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in low)
    if "[" in lowered or "<" in lowered or "http" in lowered:
        lowered = _MASKS.sub(_blank, lowered)
    if "\n" in lowered or lowered.startswith(">"):
        lowered = _without_history(lowered)
    return lowered


def _nobodys(text: str, role: str, end: int | None) -> Iterator[tuple[int, int]]:
    """Ranges of warnings, signatures, small print and surveys."""
    if end is not None and end < len(text):
        yield end, len(text)
        text = text[:end]
    yield from ((aside.start, aside.end) for aside in asides(text, role))


def _without_history(low: str) -> str:
    """Blank quoted lines and everything from the header of a quoted message on."""
    low = _QUOTED_LINE.sub(_blank, low) if ">" in low else low
    history = _HISTORY.search(low)
    if history is None or not low[: history.start()].strip():
        return low
    at = history.start()
    return low[:at] + _blanked(low[at:])


def _blanked(low: str) -> str:
    """Blanks of the same length; lines stay lines."""
    return re.sub(r"[^\n]", " ", low)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def spans_of(pattern: re.Pattern[str], low: str) -> Iterator[tuple[int, int]]:
    """Non-empty matches, left to right."""
    return (m.span() for m in pattern.finditer(low) if m.end() > m.start())
