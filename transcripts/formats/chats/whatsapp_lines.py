"""The lines of a WhatsApp export: which begin an entry, and with which date and time.

    3/5/26, 10:15 AM - Dana: Hello          05.03.2026, 10:15 - Dana: Hallo
    [05.03.26, 10:15:22] Dana: Hallo        2026/3/5 下午3:15 - Dana: 你好

Marks of writing direction and unusual blanks stand in them unseen. Digits may be of any script.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

HEAD: Final = 80  # characters in which date and time are looked for
MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
WORDS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("whatsapp.toml").read_text(encoding="utf-8")
)
_DATE: Final = (
    r"(\d{1,4})(?:\s?[./\u5e74\-]\s?|년\s?)(\d{1,2})(?:\s?[./\u6708\-]\s?|월\s?)(\d{1,4})"
)
_BETWEEN: Final = rf"([^\d\[\]:\n]{{1,16}}?)[{MARKS}]?"
_TIME: Final = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
_HALF: Final = r"(?:\s?([^\d\s\[\]:\-][^\d\[\]:\-\n]{0,8}?))?"
_ANDROID: Final = re.compile(rf"{_DATE}{_BETWEEN}{_TIME}{_HALF}\s?[-\u2013]\s")
_BRACKETED: Final = re.compile(rf"\[{_DATE}{_BETWEEN}{_TIME}{_HALF}\s?\]\s?")
_TIME_FIRST: Final = re.compile(rf"{_TIME}{_HALF},\s?{_DATE}\s[-\u2013]\s")
_MORNING: Final = frozenset(WORDS["before_noon"])
_EVENING: Final = frozenset(WORDS["after_noon"])
_BUDDHIST: Final = range(2400, 2700)  # years of Thai exports, 543 ahead
_FROM: Final = 2009  # WhatsApp's first year
_UNTIL: Final = 2100


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before an entry's words. `numbers` are the date's three, in the file's order."""

    numbers: tuple[int, int, int]
    separator: str
    clock: time
    length: int
    sure: bool

    @property
    def minute(self) -> tuple[tuple[int, int, int], int, int]:
        return self.numbers, self.clock.hour, self.clock.minute

    def day(self, order: str) -> date | None:
        """The date if the numbers stand in this order, such as `dmy`; None if there is none."""
        parts = dict(zip(order, self.numbers, strict=True))
        year = parts["y"] + 2000 if parts["y"] < 100 else parts["y"]
        year -= 543 if year in _BUDDHIST else 0
        try:
            return date(year, parts["m"], parts["d"]) if _FROM <= year <= _UNTIL else None
        except ValueError:
            return None

    def moment(self, order: str) -> datetime | None:
        """Date and time, without a zone, if the numbers stand in this order."""
        day = self.day(order)
        return datetime.combine(day, self.clock) if day else None


def read_head(line: str) -> Head | None:
    """The date and time that a line begins with, or None."""
    start = len(line[:HEAD]) - len(line[:HEAD].lstrip(MARKS))
    if not line[start : start + 1] or not (line[start].isdigit() or line[start] == "["):
        return None
    for pattern in (_ANDROID, _BRACKETED, _TIME_FIRST):
        if match := pattern.match(line[start : start + HEAD]):
            return _head(match, pattern, start)
    return None


def _head(match: re.Match[str], pattern: re.Pattern[str], start: int) -> Head | None:
    parts = list(match.groups())
    if pattern is _TIME_FIRST:
        parts = [*parts[4:], ", ", *parts[:4]]
    year_or_day, month, last, between, hour, minute, second, half = parts
    clock = _clock(int(hour), int(minute), int(second or 0), f"{between} {half or ''}")
    if clock is None or not 4 <= len(year_or_day) + len(month) + len(last) <= 8:
        return None
    written = match[0][match[0].find(year_or_day) + len(year_or_day) :].lstrip()[:1]
    comma = any(mark in between for mark in ",\u060c\u3001")
    sure = pattern is not _BRACKETED or comma or second is not None
    numbers = (int(year_or_day), int(month), int(last))
    return Head(numbers, written, clock, start + match.end(), sure)


def _clock(hour: int, minute: int, second: int, beside: str) -> time | None:
    said = " ".join(beside.casefold().translate(_UNSEEN).split()).lstrip(" .,\u060c")
    if said in _MORNING | _EVENING and hour <= 12:
        hour = hour % 12 + (12 if said in _EVENING else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


_UNSEEN: Final = dict.fromkeys(map(ord, MARKS))


def order_of(heads: list[Head], day_first: bool | None) -> str | None:
    """How the file writes its dates, decided over all of them; None if it can't be told.

    An order must give a date for each entry, and days that never run backward outweigh others.
    What is left open is what the uploader said.
    """
    if heads and all(head.numbers[0] > 99 for head in heads):
        return "ymd" if _fits(heads, "ymd") else None
    fitting = [order for order in ("dmy", "mdy") if _fits(heads, order)]
    if not fitting:
        return "ymd" if heads and _fits(heads, "ymd") else None
    if len(fitting) > 1 and all(head.separator == "." for head in heads):
        return "dmy"
    if len(fitting) > 1:
        fitting = [order for order in fitting if _runs_forward(heads, order)] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if all(head.numbers[0] == head.numbers[1] for head in heads):
        return "dmy"
    return None if day_first is None else "dmy" if day_first else "mdy"


def _fits(heads: list[Head], order: str) -> bool:
    return all(head.day(order) is not None for head in heads)


def _runs_forward(heads: list[Head], order: str) -> bool:
    days = [day for head in heads if (day := head.day(order))]
    return all(earlier <= later for earlier, later in pairwise(days))
