"""Times that stand beside turns in text: offsets from the start, or a clock's."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

OFFSET_LIMIT: Final = 600.0  # a first time beyond ten minutes is a clock's
DAY: Final = 86_400.0
NEXT_DAY: Final = 7_200.0  # seconds; a clock set back for the winter goes back by less
CLOCK: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?\s*([AaPp]\.?[Mm]\.?)?"
_CLOCK: Final = re.compile(CLOCK)
_MINUTES_OF_A_DAY: Final = DAY / 60
_LATE, _EARLY = 22 * 60.0, 2 * 60.0  # minutes of a day: near midnight, before and after


def seconds(stamp: str) -> float | None:
    """`00:01:02`, `1:02.5` or `10:15 PM` in seconds; None if it is no such time."""
    match = _CLOCK.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, secs, fraction, half = match.groups()
    if half:  # a clock's 10:15 PM has hours and minutes
        if hours is None:
            hours, minutes, secs = minutes, secs, "0"
        hour = int(hours) % 12 + (12 if half[0] in "Pp" else 0)
    else:
        hour = int(hours or 0)
    if (int(minutes) > 59 and hours is not None) or int(secs) > 59:
        return None
    return hour * 3600.0 + int(minutes) * 60 + int(secs) + float(f"0.{fraction or 0}")


def offsets(stamps: Sequence[float | None]) -> list[float | None]:
    """Seconds from the start for each turn; all None where the times don't run forward.

    Times that begin like a clock's (10:15:00) are counted from the first, over midnight too.
    """
    known = [stamp for stamp in stamps if stamp is not None]
    if not known:
        return [None] * len(stamps)
    if not _run_forward(known) and known[0] > OFFSET_LIMIT:
        known = past_midnight(known)
    if not _run_forward(known):
        return [None] * len(stamps)
    origin = known[0] if known[0] > OFFSET_LIMIT else 0.0
    left = iter(known)
    return [None if stamp is None else round(next(left) - origin, 3) for stamp in stamps]


def past_midnight(clocks: Sequence[float]) -> list[float]:
    """A clock's times that stand in their true order: where they jump back, a day has passed."""
    found: list[float] = []
    days = 0.0
    last = float("-inf")
    for clock in clocks:
        if clock + days < last - NEXT_DAY:
            days += DAY
        found.append(clock + days)
        last = max(last, clock + days)
    return found


def over_midnight(clocks: Sequence[float]) -> list[float]:
    """A clock's times whose order the file may or may not keep, with midnight passed where it was.

    They are left as they are unless they then lie within one day, forward or newest first. Of
    `23:58` and `00:03`, which may be minutes and seconds as well, midnight makes hours and minutes.
    """
    if not clocks or (clocks[0] <= OFFSET_LIMIT and clocks[-1] <= OFFSET_LIMIT):
        return list(clocks)
    if max(clocks) < _MINUTES_OF_A_DAY:
        return _hours_over_midnight(clocks)
    if not 0 <= min(clocks) <= max(clocks) < DAY:
        return list(clocks)
    back = list(reversed(clocks))
    if _run_forward(clocks) or (_run_forward(back) and not _leaps(back, DAY / 2)):
        return list(clocks)
    forward, backward = past_midnight(clocks), past_midnight(back)
    if forward != list(clocks) and max(forward) - min(forward) < DAY:
        return forward
    if backward != back and _run_forward(backward) and backward[-1] - backward[0] < DAY:
        return list(reversed(backward))
    return list(clocks)


def _hours_over_midnight(clocks: Sequence[float]) -> list[float]:
    """Hours and minutes that were read as minutes and seconds, where they pass midnight once."""
    jumps = [(before, after) for before, after in pairwise(clocks) if after < before]
    if len(jumps) != 1 or jumps[0][0] < _LATE or jumps[0][1] > _EARLY:
        return list(clocks)
    return past_midnight([clock * 60 for clock in clocks])


def _run_forward(times: Sequence[float]) -> bool:
    return all(earlier <= later for earlier, later in pairwise(times))


def _leaps(times: Sequence[float], least: float) -> bool:
    return any(later - earlier > least for earlier, later in pairwise(times))
