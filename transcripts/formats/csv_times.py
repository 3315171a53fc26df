"""The time column of a table: ISO 8601, epochs, offsets, and dates such as 3/5/26 10:15 PM.

Whether the day or the month comes first is told over the whole column, else asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from transcripts.formats import turn_times
from transcripts.formats.answers import Answers, Question
from transcripts.formats.stamps import Stamp, read_stamp

MAX_TIME: Final = 120  # characters of a time in words
_DATE: Final = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{2,4})(?:[T,]?[ \u00a0\u202f]{0,3}(\S.{0,20}))?"
)
_MAIL_DATE: Final = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} .{5,40}")
_WORDED: Final = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?:([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?|"
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Z][a-z]{2,8})\.?)[, -]{1,2}(\d{4})"
    r"(?:,? (?:at )?(\d{1,2}:\d{2}(?::\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?))?"
    r"(?: ?\(?(Z|UTC|GMT)?([+-]\d{2}:?\d{2})?\)?(?: \(.{1,40}\))?)?"
)
_ZONE_WORD: Final = re.compile(r"(\d) ?(?:UTC|GMT)\Z")
_ZONE_APART: Final = re.compile(r"(\d) ([+-]\d{2}:?\d{2})\Z")
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:[.,]\d{1,15})?")
_DAY_SHARE: Final = re.compile(r"0?[.,]\d{4,15}|0")
_EPOCH_OF_SHEETS: Final = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of Excel and its like
_TWEET_DATE: Final = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d .{8} [+-]\d{4} \d{4}")


@dataclass(frozen=True, slots=True)
class Times:
    """A column's times one by one, and what only a person can say of them."""

    stamps: tuple[Stamp | None, ...]
    open: tuple[Question, ...]


def read_times(values: Sequence[str], answers: Answers) -> Times:
    """Read a whole column; a time that can't be read is None, an empty one an empty Stamp."""
    asked: list[Question] = []
    values = _from_sheets(values)
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


def _from_sheets(values: Sequence[str]) -> Sequence[str]:
    """A column of days since 1899, or of shares of a day, as the times that a spreadsheet shows.

    Seconds from the start don't look like that: they are not all of five digits with parts of them,
    nor all below one.
    """
    filled = [value for value in values if value]
    parts = sum("." in value or "," in value for value in filled)
    if parts and all(map(_SERIAL.fullmatch, filled)) and _has_day_parts(filled):
        return [_of_serial(value) if value else "" for value in values]
    if parts and all(map(_DAY_SHARE.fullmatch, filled)):
        return [_of_share(value) if value else "" for value in values]
    return values


def _has_day_parts(values: Iterable[str]) -> bool:
    """True if a part of a day is told as finely as a minute needs it."""
    return any(len(value.replace(",", ".").partition(".")[2]) >= 4 for value in values)


def _of_serial(value: str) -> str:
    moment = _EPOCH_OF_SHEETS + timedelta(days=float(value.replace(",", ".")))
    return _to_second(moment).replace(tzinfo=None).isoformat(sep=" ")


def _of_share(value: str) -> str:
    moment = _EPOCH_OF_SHEETS + timedelta(days=float(value.replace(",", ".")))
    return _to_second(moment).time().isoformat()


def _to_second(moment: datetime) -> datetime:
    """To the nearest second: a spreadsheet's days are rounded further down."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


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
    stamp = read_stamp(_ZONE_APART.sub(r"\1\2", _ZONE_WORD.sub(r"\1+00:00", value)))
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
    worded = _WORDED.fullmatch(value[:MAX_TIME])
    return _of_words(worded) if worded else None


def _of_words(match: re.Match[str]) -> Stamp | None:
    """`March 5, 2026 10:15 AM`, `5 Mar 2026 10:15`, `Thu Mar 05 2026 10:15:02 GMT+0000`."""
    month, day = match[1] or match[4], match[2] or match[3]
    try:
        date = parsedate_to_datetime(f"{day} {month[:3]} {match[5]} 00:00:00 +0000")
    except (ValueError, TypeError, IndexError):
        return None
    clock = _clock(match[6]) if match[6] else 0.0
    if clock is None or clock >= 86_400:
        return None
    shift = timedelta(0)
    if match[8]:
        hours, minutes = int(match[8][1:3]), int(match[8][-2:])
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if match[8][0] == "-" else 1)
    try:
        moment = date.astimezone(UTC) + timedelta(seconds=clock) - shift
    except OverflowError:
        return None
    return Stamp(moment, naive=not (match[7] or match[8]))


def _clock(written: str) -> float | None:
    """Seconds since midnight; a clock's 10:15 has hours and minutes."""
    seconds = turn_times.seconds(written)
    short = written.count(":") == 1 and written[-1].isdigit()
    return seconds * 60 if seconds is not None and short else seconds


def _dated(match: re.Match[str], day_first: bool | None) -> Stamp | None:
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if len(match[1]) == 4:
        year, month, day = first, second, third
    elif day_first is None and first != second:
        return None
    else:
        year = third + 2000 if len(match[3]) == 2 else third
        month, day = (second, first) if day_first else (first, second)
    seconds = _clock(match[4].strip()) if match[4] else 0.0
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
