"""One recording that was saved on both channels: the same words at the same time from two sides.

Which side spoke cannot be told then. The words are kept once, of nobody known.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.model import CanonicalTurn

NOTE: Final = gettext_noop(
    "Both sides hold the same words at the same time, as when one recording is saved on two "
    "channels. They were kept once, and who speaks is not known."
)
FEWEST: Final = 8  # words that two sides must have in common
SHARE: Final = 0.8  # of each side's words that the other has at the same time
APART: Final = 2.0  # seconds between the starts of the same words on both sides
_WORD: Final = re.compile(r"\w+")


def kept_once(turns: Sequence[CanonicalTurn]) -> tuple[CanonicalTurn, ...]:
    """The turns; of two sides with the same words at the same time the fuller one, unnamed."""
    sides = _sides(turns)
    if len(sides) != 2 or any(turn.started_s is None for side in sides for turn in side):
        return tuple(turns)
    counted = [[(turn.started_s or 0.0, _words(turn)) for turn in side] for side in sides]
    bags = [Counter(word for _, words in side for word in words.elements()) for side in counted]
    totals = [bag.total() for bag in bags]
    if (bags[0] & bags[1]).total() < SHARE * max(totals):
        return tuple(turns)
    common = _in_common(*counted)
    if common < FEWEST or common < SHARE * max(totals):
        return tuple(turns)
    fuller = sides[totals.index(max(totals))]
    return tuple(replace(turn, role="unknown", speaker=None) for turn in fuller)


def _sides(turns: Sequence[CanonicalTurn]) -> list[list[CanonicalTurn]]:
    found: dict[tuple[str, str | None], list[CanonicalTurn]] = {}
    for turn in turns:
        found.setdefault((turn.role, turn.speaker), []).append(turn)
    return list(found.values())


def _words(turn: CanonicalTurn) -> Counter[str]:
    return Counter(_WORD.findall(turn.text.casefold()))


Side = Sequence[tuple[float, Counter[str]]]


def _in_common(one: Side, other: Side) -> int:
    """How many words of one side stand in the other's nearest turn."""
    common, place = 0, 0
    for started, words in one:
        while place + 1 < len(other) and other[place + 1][0] <= started - APART:
            place += 1
        best, near = 0, place
        while near < len(other) and other[near][0] <= started + APART and near < place + 8:
            if abs(other[near][0] - started) <= APART:
                best = max(best, (words & other[near][1]).total())
            near += 1
        common += best
    return common
