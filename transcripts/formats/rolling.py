"""Captions that roll: each cue shows again what the one before it showed, and a little more.

Live captions do so line by line, or word by word in one line. What is shown again is taken once.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.cues import Cue, lines_of, plain

NOTE: Final = gettext_noop("Lines that scroll from one caption to the next were read only once.")
FEWEST: Final = 4  # cues that can show that captions roll
SHARE: Final = 0.6  # of the cues that begin with what was shown before
LINES: Final = 8  # that captions show at most
_EDGES: Final = " .,!?\u2026"


def taken_once(cues: Sequence[Cue], *, sure: bool = False) -> list[Cue]:
    """The cues with what is shown again left out; as they are if they don't roll.

    `sure` is the word of a file whose cues mark the time of each word: only live captions do.
    """
    shown = [[_bare(line) for line in plain(cue.text).split("\n")] for cue in cues]
    filled = [place for place, lines in enumerate(shown) if lines != [""]]
    if not sure and not _rolls([shown[place] for place in filled]):
        return list(cues)
    kept = list(cues)
    before: list[str] = []
    holder = -1  # the cue that holds the last line shown
    for place in filled:
        lines, raw = shown[place], lines_of(cues[place].text)
        again, grown = _again(before, lines)
        if grown and holder >= 0:
            kept[holder] = replace(kept[holder], text="\n".join(lines_of(kept[holder].text)[:-1]))
            again -= 1
        if again and len(raw) == len(lines):
            kept[place] = replace(cues[place], text="\n".join(raw[again:]))
        holder = place if again < len(lines) else holder
        before = lines
    return kept


def _rolls(shown: Sequence[Sequence[str]]) -> bool:
    """True if most cues begin with lines of the one before, and many of these bring new words."""
    if len(shown) < FEWEST:
        return False
    overlaps = [(_again(before, lines), lines) for before, lines in pairwise(shown)]
    rolling = sum(again > 0 for (again, _), _ in overlaps)
    new = sum(grown or again < len(lines) for (again, grown), lines in overlaps)
    return rolling >= SHARE * len(overlaps) and new * 3 >= len(overlaps)


def _again(before: Sequence[str], lines: Sequence[str]) -> tuple[int, bool]:
    """How many lines at a cue's beginning the one before still shows at its end.

    The last of them may have grown by some words.
    """
    most = min(len(before), len(lines), LINES)
    if not before or not before[-1]:
        return 0, False
    for count in range(most, 0, -1):
        if list(before[-count:]) == list(lines[:count]):
            return count, False
    for count in range(most, 0, -1):
        same = list(before[-count:-1]) == list(lines[: count - 1])
        if same and _grows(before[-1], lines[count - 1]):
            return count, True
    return 0, False


def _grows(before: str, line: str) -> bool:
    """True if a line is another one with more words."""
    start = before.rstrip(_EDGES)
    return bool(start) and line.startswith(start) and line[len(start) :][:1] in tuple(" ,.!?")


def _bare(line: str) -> str:
    return " ".join(line.split())
