"""Recognised words to turns.

Recognisers name words one by one, with a label of the voice or of the recording's channel. Words
of one voice in a row are a turn; of channels, which talk over each other, a turn ends where
another channel speaks in its pause.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from transcripts.formats.model import CanonicalTurn
from transcripts.formats.speech.talk import turn

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
