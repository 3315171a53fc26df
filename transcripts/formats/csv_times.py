"""The time column of a table: ISO 8601, epochs, offsets, and dates such as 3/5/26 10:15 PM.

Whether the day or the month comes first is told over the whole column, else asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from transcripts.formats import turn_times
from transcripts.formats.answers import Answers, Question
from transcripts.formats.stamps import Stamp, read_stamp

_DATE: Final = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{2,4})(?:[T,]?[ \u00a0\u202f]{0,3}(\S.{0,20}))?"
)
_MAIL_DATE: Final = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} .{5,40}")
_TWEET_DATE: Final = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d .{8} [+-]\d{4} \d{4}")


@dataclass(frozen=True, slots=True)
class Times:
    """A column's times one by one, and what only a person can say of them."""

    stamps: tuple[Stamp | None, ...]
    open: tuple[Question, ...]


def read_times(values: Sequence[str], answers: Answers) -> Times:
    """Read a whole column; a time that can't be read is None, an empty one an empty Stamp."""
    asked: list[Question] = []
    day_first = _day_first(values)
    if day_first is None:
        day_first = answers.day_first
        if day_first is None and any(_is_open(value) for value in values):
            asked.append(Question.DAY_FIRST)
    stamps = [_read(value, day_first) for value in values]
    if any(stamp is not None and stamp.naive for stamp in stamps):
        if answers.time_zone is None:
            asked.append(Question.TIME_ZONE)
        else:
            stamps = [_in_zone(stamp, answers) for stamp in stamps]
    return Times(tuple(stamps), tuple(asked))


def _day_first(values: Iterable[str]) -> bool | None:
    """True or False where a number above 12 tells; None where nothing does."""
    for value in values:
        match = _DATE.fullmatch(value)
        if match and len(match[1]) <= 2:
            if int(match[1]) > 12:
                return True
            if int(match[2]) > 12:
                return False
    return None


def _is_open(value: str) -> bool:
    match = _DATE.fullmatch(value)
    return match is not None and len(match[1]) <= 2 and match[1] != match[2]


def _read(value: str, day_first: bool | None) -> Stamp | None:
    stamp = read_stamp(value)
    if stamp is not None:
        return stamp
    match = _DATE.fullmatch(value)
    if match:
        return _dated(match, day_first)
    try:
        if _TWEET_DATE.fullmatch(value):
            return Stamp(datetime.strptime(value, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC))
        if _MAIL_DATE.fullmatch(value):
            moment = parsedate_to_datetime(value)
            naive = moment.tzinfo is None
            return Stamp(
                moment.replace(tzinfo=UTC) if naive else moment.astimezone(UTC), naive=naive
            )
    except (ValueError, OverflowError):
        pass
    return None


def _dated(match: re.Match[str], day_first: bool | None) -> Stamp | None:
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if len(match[1]) == 4:
        year, month, day = first, second, third
    elif day_first is None and first != second:
        return None
    else:
        year = third + 2000 if len(match[3]) == 2 else third
        month, day = (second, first) if day_first else (first, second)
    seconds = turn_times.seconds(match[4]) if match[4] else 0.0
    if match[4] and seconds is not None and match[4].count(":") == 1 and match[4][-1].isdigit():
        seconds *= 60  # a clock's 10:15 has hours and minutes
    if seconds is None or seconds >= 86_400:
        return None
    try:
        start = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    whole = int(seconds)
    return Stamp(
        start.replace(
            hour=whole // 3600,
            minute=whole // 60 % 60,
            second=whole % 60,
            microsecond=round((seconds - whole) * 1e6) % 1_000_000,
        ),
        naive=True,
    )


def _in_zone(stamp: Stamp | None, answers: Answers) -> Stamp | None:
    if stamp is None or not stamp.naive or stamp.moment is None:
        return stamp
    try:
        moment = stamp.moment.replace(tzinfo=answers.time_zone).astimezone(UTC)
    except OverflowError:
        return None
    return replace(stamp, moment=moment, naive=False)
