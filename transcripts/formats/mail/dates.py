"""The day and time that stand above a quoted mail, as programs write them in many languages.

    read_date("Mon, 2 Nov 2026 at 9:01 AM", UTC, None)    # 2026-11-02 09:01 UTC

Where day and month, or the names of two months, could be meant either way, the mail that quotes
must tell: the one that is not after it, and not long before. Else there is none: it is not guessed.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Final

SLACK: Final = timedelta(hours=14)  # clocks and zones may differ by so much
USUAL: Final = timedelta(days=28)  # within which a mail is answered
LONGEST: Final = 300  # characters

_MONTHS: Final = tomllib.loads(Path(__file__).with_name("months.toml").read_text("utf-8"))
_STEMS: Final = [(stem, number) for number in range(1, 13) for stem in _MONTHS[str(number)]]
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.h\u6642\u65f6\u70b9]|\uc2dc ?)(\d{2})(?:[:.\u5206](\d{2}))?"
    r"(?![\d/])(?:\s?([ap])\.?\s?m\b)?"
)
_AFTERNOON: Final = re.compile("\u5348\u5f8c|\u4e0b\u5348|\uc624\ud6c4|\u03bc\\.?\u03bc")
_ZONE: Final = re.compile(
    r"(?:(?:GMT|UTC)\s?)?([+-])(\d{1,2}):?(\d{2})?\b(?!\s?[/-]\d)|\b(?:GMT|UTC)\b"
)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:[-/.]|\u5e74|\ub144 ?)\s?(\d{1,2})(?:[-/.]|\u6708|\uc6d4 ?)\s?(\d{1,2})"
)
_NUMBERS: Final = re.compile(r"(?<!\d)(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})(?!\d)")
_DAY_NAME: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th)?\s(?:de |of |den |d')?"
    r"([^\W\d]{3,14})[.,\u00b4\u2019\u05f3]{0,2}\s(?:de |del )?(\d{4})"
)
_NAME_DAY: Final = re.compile(r"([^\W\d]{3,14})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})")
_YEAR_NAME: Final = re.compile(r"(\d{4})\.?\s([^\W\d]{3,14})\.?\s(\d{1,2})")
_VIETNAMESE: Final = re.compile(r"(\d{1,2})\s(?:thg|th\u00e1ng)\s(\d{1,2}),?\s(\d{4})")


def read_date(said: str, zone: tzinfo | None, before: datetime | None) -> datetime | None:
    """The moment in UTC; None where there is none, or its zone or its order is open.

    `zone` is that of a time without one, `before` when the mail was sent that quotes it.
    """
    text = " ".join(said[:LONGEST].split())
    clock = _clock(text)
    stated = _zone(text) or zone
    if clock is None or stated is None:
        return None
    found = set(_moments(text, clock, stated))
    if before is not None:
        found = {moment for moment in found if moment <= before + SLACK}
        near = {moment for moment in found if moment >= before - USUAL}
        found = near or found
    return found.pop() if len(found) == 1 else None


def without_dates(said: str) -> str:
    """A line with `|` in place of days and times of day."""
    for pattern in (_YEAR_FIRST, _NUMBERS, _DAY_NAME, _NAME_DAY, _YEAR_NAME, _CLOCK):
        said = pattern.sub(" | ", said)
    return said


def _moments(text: str, clock: tuple[int, int, int], zone: tzinfo) -> Iterator[datetime]:
    for year, month, day in _days(text):
        full = year + 2000 if year < 100 else year
        try:
            yield datetime(full, month, day, *clock, tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue


def _days(text: str) -> Iterator[tuple[int, int, int]]:
    """What the first date may mean: year, month, day."""
    if found := _YEAR_FIRST.search(text):
        yield int(found[1]), int(found[2]), int(found[3])
    elif found := _VIETNAMESE.search(text):
        yield int(found[3]), int(found[2]), int(found[1])
    elif found := _NUMBERS.search(text):
        yield int(found[3]), int(found[2]), int(found[1])
        yield int(found[3]), int(found[1]), int(found[2])
    else:
        for pattern, (year, name, day) in (
            (_DAY_NAME, (3, 2, 1)),
            (_NAME_DAY, (3, 1, 2)),
            (_YEAR_NAME, (1, 2, 3)),
        ):
            for match in pattern.finditer(text):
                for month in _months(match[name]):
                    yield int(match[year]), month, int(match[day])


def _months(word: str) -> set[int]:
    """The months that a word may name: those with the longest beginning that it has."""
    folded = word.casefold().removeprefix("\u05d1")  # Hebrew writes "in" before it
    fitting = [(len(stem), number) for stem, number in _STEMS if folded.startswith(stem)]
    longest = max((length for length, _ in fitting), default=0)
    return {number for length, number in fitting if length == longest}


def _clock(text: str) -> tuple[int, int, int] | None:
    found = None
    for match in _CLOCK.finditer(_NUMBERS.sub(" ", _YEAR_FIRST.sub(" ", text))):
        found = match
        break
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").lower()
    if (half == "p" or _AFTERNOON.search(text)) and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _zone(text: str) -> tzinfo | None:
    """The zone that stands behind the time."""
    clock = _CLOCK.search(text)
    found = _ZONE.search(text, clock.end()) if clock else None
    if found is None:
        return None
    if found[1] is None:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(offset if found[1] == "+" else -offset)
