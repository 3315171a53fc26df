"""Times in words below the names of speakers, as Teams writes them: `1 minute 2 seconds`.

Dana Reyes (Millbank)
0 minutes 3 seconds
Thanks for joining.
"""

import re
from collections.abc import Sequence
from typing import Final

from transcripts.formats import labels

FEWEST: Final = 2  # such lines in a text
MAX_NAME: Final = 80
_UNIT: Final = r"(\d{1,3})\s?([^\W\d_]{1,12})\.?"
_TIME: Final = re.compile(
    rf"\s*{_UNIT}(?:[\s,]{{1,3}}(?:[^\W\d_]{{1,3}}\s)?{_UNIT})?"
    rf"(?:[\s,]{{1,3}}(?:[^\W\d_]{{1,3}}\s)?{_UNIT})?(?:\s?\d{{1,2}}(?::\d\d){{1,2}})?\s*"
)
_SECONDS: Final = {"hours": 3600, "minutes": 60, "seconds": 1}
# First letters of the units in many languages; what is unknown is told by its place.
_FIRST: Final = {
    **dict.fromkeys("hut\u0447", "hours"),
    **dict.fromkeys("m\u043c", "minutes"),
    **dict.fromkeys("s\u0441", "seconds"),
}
_HOUR_WORDS: Final = ("stunde", "std")


def as_clocks(lines: Sequence[str]) -> list[str]:
    """The lines with names and clock times on one: `Dana Reyes (0:01:02):`; none without such."""
    times = {
        index: time
        for index, line in enumerate(lines)
        if index and (time := _seconds(line)) is not None and _may_be_name(lines[index - 1])
    }
    if len(times) < FEWEST:
        return []
    found: list[str] = []
    again = ""  # Teams on the web writes name and time once more
    for index, line in enumerate(lines):
        if again and line.startswith(again):
            again = ""
        elif index in times:
            again = f"{lines[index - 1].strip()} {_spelled(line)}"
            minutes, seconds = divmod(times[index], 60)
            name = _name(found.pop())
            found.append(f"{name} ({minutes // 60}:{minutes % 60:02d}:{seconds:02d}):")
        else:
            found.append(line)
    return found


def _spelled(line: str) -> str:
    """A time's words, without the same time in digits behind them."""
    return re.sub(r"\s?\d{1,2}(?::\d\d){1,2}\s*$", "", line).strip()


def _seconds(line: str) -> int | None:
    match = _TIME.fullmatch(line) if len(line) <= MAX_NAME else None
    if match is None:
        return None
    parts = [(int(match[n]), match[n + 1]) for n in (1, 3, 5) if match[n]]
    units = [_unit(word) for _, word in parts]
    if len(set(units)) < len(units) or not _fall(units):
        return None
    return sum(count * _SECONDS[unit] for (count, _), unit in zip(parts, units, strict=True))


def _unit(word: str) -> str:
    folded = word.casefold()
    if folded.startswith(_HOUR_WORDS):
        return "hours"
    return _FIRST.get(folded[0], "")


def _fall(units: Sequence[str]) -> bool:
    """True if the units are known, each smaller than the one before."""
    places = [list(_SECONDS).index(unit) if unit in _SECONDS else -1 for unit in units]
    return -1 not in places and places == sorted(places)


def _may_be_name(line: str) -> bool:
    bare = line.strip()
    return 0 < len(bare) <= MAX_NAME and bare[-1] not in ".?!,:;" and _seconds(line) is None


def _name(line: str) -> str:
    """The speaker's label; a company in brackets that is too long for one is left out."""
    bare = line.strip()
    short = re.sub(r"\s*\([^()]*\)\s*$", "", bare)
    return bare if labels.role_of(bare) or labels.looks_like_name(bare) or not short else short
