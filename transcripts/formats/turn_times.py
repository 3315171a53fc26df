"""Times that stand beside turns in text: offsets from the start, or a clock's."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

OFFSET_LIMIT: Final = 600.0  # a first time beyond ten minutes is a clock's
CLOCK: Final = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?\s*([AaPp]\.?[Mm]\.?)?"
_CLOCK: Final = re.compile(CLOCK)


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

    Times that begin like a clock's (10:15:00) are counted from the first.
    """
    known = [stamp for stamp in stamps if stamp is not None]
    if not known or any(later < earlier for earlier, later in pairwise(known)):
        return [None] * len(stamps)
    origin = known[0] if known[0] > OFFSET_LIMIT else 0.0
    return [None if stamp is None else round(stamp - origin, 3) for stamp in stamps]
