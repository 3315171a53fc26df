"""A cue of a caption file: its time line, and its words without markup."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from transcripts.formats import turn_times
from transcripts.formats.html_text import decode_entities

TIMING: Final = re.compile(
    r"\s{0,40}([\d:]{3,20})([.,]\d{1,3})?\d{0,9}[ \t]{0,40}-->"
    r"[ \t]{0,40}([\d:]{3,20})([.,]\d{1,3})?\d{0,9}"
)
_TAG: Final = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>\n]{0,300})?>|<\d[\d:.]{0,20}>"
    r"|\{\\[^{}\n]{1,80}\}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue, or one speaker's part of it. `speaker` is what the file says, None without one.

    `changed` marks words of somebody else than the cue before, without a name.
    """

    text: str
    identifier: str
    started_s: float
    ended_s: float
    speaker: str | None = None
    changed: bool = False


def is_unpadded(clocks: Iterable[str]) -> bool:
    """True if times are written without leading zeros: then `.50` is 50 milliseconds.

    Teams files of 2020 to 2022 have `0:8:43.50`; where minutes and seconds have two digits, what
    follows is a fraction.
    """
    return any(len(part) == 1 for clock in clocks for part in clock.split(":")[-2:])


def clock_ms(clock: str, fraction: str | None, *, unpadded: bool) -> int | None:
    """A cue time in milliseconds, or None where it is none."""
    parts = clock.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 5 for part in parts):
        return None
    digits = (fraction or ".0")[1:]
    thousandths = digits.rjust(3, "0") if unpadded else digits.ljust(3, "0")
    hours, minutes, seconds = (int(part) for part in (["0", *parts])[-3:])
    if minutes > 59 or seconds > 59:
        return None
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + int(thousandths)


def plain(raw: str) -> str:
    """A cue's words without tags, entities decoded, blanks at the lines' ends taken off."""
    lines = decode_entities(_TAG.sub("", raw)).replace("\x00", "\ufffd").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def lines_of(raw: str) -> list[str]:
    """The lines of a cue that have words, as they are in the file."""
    return [line for line in raw.split("\n") if plain(line)]


def in_true_time(cues: Sequence[Cue]) -> list[Cue]:
    """The cues; those timed by a clock that passes midnight a day later."""
    starts = [cue.started_s for cue in cues]
    true = turn_times.over_midnight(starts)
    if true == starts:
        return list(cues)
    return [_moved(cue, start) for cue, start in zip(cues, true, strict=True)]


def _moved(cue: Cue, start: float) -> Cue:
    ended = cue.ended_s + start - cue.started_s
    ended += turn_times.DAY if ended < start - turn_times.NEXT_DAY else 0.0
    return replace(cue, started_s=start, ended_s=ended)
