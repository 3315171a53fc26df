"""Recognised words to turns.

Recognisers name words one by one, with a label of the voice or of the recording's channel. Words
of one voice in a row are a turn; of channels, which talk over each other, a turn ends where
another channel speaks in its pause.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech.talk import turn

FEWEST_WORDS: Final = 3  # of another speaker in the middle of a sentence; fewer are a slip
NEARBY: Final = 200  # characters of a segment's text in which its next word is looked for
SENTENCE_ENDS: Final = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f")
PAUSE: Final = 0.3  # seconds; in a shorter one nobody is taken to have had the word


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. Punctuation is `glued` to the word before it."""

    text: str
    speaker: str = ""
    started_s: float | None = None
    ended_s: float | None = None
    glued: bool = False


def turns_of(words: Iterable[Word]) -> Iterator[CanonicalTurn]:
    """One turn for each stretch of words with one label; a mark goes with the word before it."""
    for speaker, stretch in groupby(_settled(words), key=lambda word: word.speaker):
        yield turn_of(list(stretch), speaker)


def turns_of_channels(channels: Sequence[Sequence[Word]]) -> Iterator[CanonicalTurn]:
    """The turns of channels recorded apart, channel by channel; their order is the caller's."""
    starts = sorted(
        word.started_s for words in channels for word in words if word.started_s is not None
    )
    for words in channels:
        for stretch in _stretches(words, starts):
            yield turn_of(stretch, stretch[0].speaker)


def turn_of(words: Sequence[Word], speaker: str = "") -> CanonicalTurn:
    """The words as one turn, from the first known time to the last."""
    started = next((word.started_s for word in words if word.started_s is not None), None)
    ended = [word.ended_s for word in words if word.ended_s is not None]
    return turn(joined(words), speaker=speaker, started=started, ended=max(ended, default=None))


def by_speakers(segment: CanonicalTurn, words: Sequence[Word]) -> Iterator[CanonicalTurn]:
    """A recogniser's segment, cut where its words name another speaker than those before.

    A word or two of another voice in the middle of a sentence are taken for a slip.
    """
    spoken = [word for word in _settled(words) if word.text]
    runs = _believable(_runs(_filled(spoken, segment.speaker or "")))
    texts = _cut(segment.text, [[word.text for word in run] for run in runs])
    if len(runs) < 2 or not texts:
        yield segment
        return
    last = len(runs) - 1
    for place, (run, said) in enumerate(zip(runs, texts, strict=True)):
        timed = turn_of(run)
        yield turn(
            said,
            speaker=run[0].speaker,
            started=segment.started_s if place == 0 else timed.started_s,
            ended=segment.ended_s if place == last else timed.ended_s,
        )


def joined(words: Iterable[Word]) -> str:
    """The words with blanks between them, and none before punctuation."""
    return "".join(word.text if word.glued else f" {word.text}" for word in words).strip()


def _settled(words: Iterable[Word]) -> Iterator[Word]:
    speaker = ""
    for word in words:
        if not word.text:
            continue
        speaker = speaker if word.glued else word.speaker
        yield replace(word, speaker=speaker)


def _stretches(words: Sequence[Word], starts: Sequence[float]) -> Iterator[list[Word]]:
    stretch: list[Word] = []
    ended: float | None = None
    for word in words:
        if not word.text:
            continue
        if stretch and _interrupted(ended, word.started_s, starts):
            yield stretch
            stretch = []
        stretch.append(word)
        ended = word.ended_s if word.ended_s is not None else ended
    if stretch:
        yield stretch


def _interrupted(ended: float | None, next_start: float | None, starts: Sequence[float]) -> bool:
    """True if anybody began to speak between the end of a word and the start of the next."""
    if ended is None or next_start is None or next_start - ended < PAUSE:
        return False
    return bisect_left(starts, next_start) > bisect_right(starts, ended)


def _filled(words: Sequence[Word], otherwise: str) -> list[Word]:
    """Words without a speaker are the one's before them."""
    found: list[Word] = []
    speaker = next((word.speaker for word in words if word.speaker), otherwise)
    for word in words:
        speaker = word.speaker or speaker
        found.append(replace(word, speaker=speaker))
    return found


def _runs(words: Iterable[Word]) -> list[list[Word]]:
    return [list(run) for _, run in groupby(words, key=lambda word: word.speaker)]


def _believable(runs: Sequence[list[Word]]) -> list[list[Word]]:
    """The runs, those that are a slip of the recogniser's given to the speaker beside them."""
    kept: list[list[Word]] = []
    slips: list[Word] = []  # at the beginning
    for place, run in enumerate(runs):
        begins = place == 0 or _ends_sentence(runs[place - 1][-1])
        ends = place == len(runs) - 1 or _ends_sentence(run[-1])
        if len(run) < FEWEST_WORDS and not (begins and ends):
            (kept[-1] if kept else slips).extend(run)
        elif kept and kept[-1][0].speaker == run[0].speaker:
            kept[-1].extend(run)
        else:
            kept.append([*slips, *run])
            slips = []
    return [list(run) for run in _own(kept)]


def _own(runs: Sequence[list[Word]]) -> Iterator[list[Word]]:
    """Each run with the label that most of its words have."""
    for run in runs:
        (label, _), *_ = Counter(word.speaker for word in run).most_common(1)
        yield [replace(word, speaker=label) for word in run]


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip("\"'\u201d\u2019)").endswith(SENTENCE_ENDS)


def _cut(said: str, parts: Sequence[Sequence[str]]) -> list[str]:
    """A segment's text in as many parts as its words are; nothing where they don't stand in it."""
    lowered = said.lower()
    if len(lowered) != len(said):
        lowered = said
    cuts: list[int] = []
    position = 0
    for part in parts:
        for number, word in enumerate(part):
            found = _place_of(word.lower(), lowered, position)
            if found is not None:
                position = found + len(word)
            if number == 0:
                cuts.append(-1 if found is None else found)
    if -1 in cuts:
        return []
    edges = [0, *cuts[1:], len(said)]
    return [said[start:end].strip() for start, end in pairwise(edges)]


def _place_of(word: str, said: str, position: int) -> int | None:
    """Where a word begins in a text, not far behind a position, and in no other word."""
    found = said.find(word, position, position + NEARBY)
    while found > 0 and said[found - 1].isalnum() and word[0].isascii():
        found = said.find(word, found + 1, position + NEARBY)
    return found if found >= 0 else None
