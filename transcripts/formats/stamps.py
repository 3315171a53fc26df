"""Times of turns as tables and exports write them: ISO 8601, epochs, clock times, offsets.

A number under a hundred million is an offset in seconds; larger ones are epochs in seconds,
milliseconds or microseconds by their size. A time without a zone orders the turns and becomes an
offset: which moment it was is not guessed.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats import turn_times

OFFSET_LIMIT: Final = 1e8
_NUMBER: Final = re.compile(r"\d{1,17}(?:[.,]\d{1,9})?s?")
NO_ZONE: Final = gettext_noop(
    "Times have no time zone, so they are kept as offsets from the first turn."
)
NOT_READ: Final = gettext_noop(
    "Some times could not be read, so the turns keep the order of the file."
)
APART: Final = gettext_noop(
    "The speakers' clocks disagree: going by their times, answers would come before "
    "what they answer, so the turns keep the order of the file and have no times."
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A turn's time: a moment in UTC, or seconds from the start, or neither."""

    moment: datetime | None = None
    offset_s: float | None = None
    naive: bool = False

    @property
    def sort_key(self) -> float | None:
        return self.moment.timestamp() if self.moment else self.offset_s


@dataclass(frozen=True, slots=True)
class Timeline:
    """The order of a conversation's turns, their times, its start, and a remark if one is due."""

    order: tuple[int, ...]
    stamps: tuple[Stamp, ...]
    start: datetime | None = None
    note: str = ""


def read_stamp(value: str) -> Stamp | None:
    """One cell's time; an empty Stamp for an empty cell, None if it can't be read."""
    value = value.strip()
    if not value:
        return Stamp()
    if _NUMBER.fullmatch(value):
        return _number(float(value.removesuffix("s").replace(",", ".")))
    clock = turn_times.seconds(value)
    if clock is not None:
        return Stamp(offset_s=clock)
    try:
        moment = datetime.fromisoformat(value)
        naive = moment.tzinfo is None
        return Stamp(moment.replace(tzinfo=UTC) if naive else moment.astimezone(UTC), naive=naive)
    except (ValueError, OverflowError):
        return None


def timeline(stamps: Sequence[Stamp | None], voices: Sequence[str] = ()) -> Timeline:
    """Order turns by time, stably; in the file's order where the times don't all tell.

    `voices` says who speaks in each: where two speakers' clocks run apart, times tell nothing.
    """
    bare = tuple(Stamp() for _ in stamps)
    unordered = tuple(range(len(stamps)))
    known = [stamp for stamp in stamps if stamp is not None]
    if not any(stamp.sort_key is not None for stamp in known):
        return Timeline(unordered, bare, note=NOT_READ if len(known) < len(stamps) else "")
    kinds = {(stamp.moment is None, stamp.naive) for stamp in known}
    if len(known) < len(stamps) or len(kinds) > 1:
        return Timeline(unordered, bare, note=NOT_READ)
    keys = [stamp.sort_key or 0.0 for stamp in known]
    if known[0].moment is None:
        keys = turn_times.over_midnight(keys)
    order = tuple(sorted(unordered, key=keys.__getitem__))
    first = min(keys)
    exact = known[0].moment is not None and not known[0].naive
    start = min(stamp.moment for stamp in known if stamp.moment) if exact else None
    if _run_apart(keys, order, voices):
        return Timeline(unordered, bare, start=start, note=APART)
    if exact:
        return Timeline(order, tuple(known), start=start)
    origin = first if known[0].naive or first > turn_times.OFFSET_LIMIT else 0.0
    offset = tuple(
        replace(stamp, moment=None, offset_s=round(key - origin, 3))
        for stamp, key in zip(known, keys, strict=True)
    )
    return Timeline(order, offset, note=NO_ZONE if known[0].naive else "")


def _run_apart(keys: Sequence[float], order: Sequence[int], voices: Sequence[str]) -> bool:
    """True if the file interleaves two speakers whose times each run forward, and time would not.

    Then the one's clock is behind the other's, and the file has the order in which they spoke.
    """
    if len(voices) != len(keys) or tuple(order) == tuple(range(len(keys))):
        return False
    last: dict[str, float] = {}
    for key, voice in zip(keys, voices, strict=True):
        if key < last.get(voice, key):
            return False
        last[voice] = key
    spoken = Counter(voices)
    several = len(spoken) == 2 and min(spoken.values()) > 1
    return several and _changes(voices) > _changes([voices[place] for place in order])


def _changes(voices: Sequence[str]) -> int:
    return sum(before != after for before, after in pairwise(voices))


def _number(value: float) -> Stamp | None:
    if value < OFFSET_LIMIT:
        return Stamp(offset_s=value)
    while value >= 1e11:  # milliseconds, microseconds, nanoseconds
        value /= 1000
    try:
        return Stamp(datetime.fromtimestamp(value, UTC))
    except (ValueError, OverflowError, OSError):
        return None
