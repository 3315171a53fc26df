"""WebVTT captions of calls and meetings (Zoom, Teams, Webex, YouTube, Rev and others)."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats import captions, rolling
from transcripts.formats.cues import TIMING, Cue, clock_ms, is_unpadded
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "webvtt"
ARROW: Final = "-->"
_HIDDEN_ARROW: Final = "--\u2060\u2060>"  # no text has two word joiners there

_LANGUAGE: Final = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*$")
_INLINE_TIME: Final = re.compile(r"<\d[\d:.]{0,20}><c[.>]")


def recognise(source: Source) -> Likeness | None:
    if re.match(r"WEBVTT(?:\s|$)", source.lines[0]):
        return Likeness(1.0, gettext_noop("begins with WEBVTT"))
    return None


def parse(source: Source) -> Parsed:
    if recognise(source) is None:
        raise FormatError(
            _("does not begin with WEBVTT, so its beginning may be missing"),
            line=1,
            expected=_("WEBVTT on the first line"),
        )
    source.limits.check(turns=source.text.count(ARROW))
    repaired = "\n".join(_repaired(source.lines))
    cues = _cues(repaired)
    notes = list(_notes(repaired))
    if any(_INLINE_TIME.search(cue.text) for cue in cues):
        once = rolling.taken_once(cues, sure=True)
        notes += [rolling.NOTE] if once != cues else []
        cues = once
    return captions.to_parsed(NAME, source, cues, language=_language(source.lines), notes=notes)


def _cues(repaired: str) -> list[Cue]:
    try:
        read = WebVTT.from_string(repaired).captions
    except (MalformedFileError, MalformedCaptionError):
        raise FormatError(_("is not a readable WebVTT file")) from None
    return [
        Cue(
            text=caption.raw_text.replace(_HIDDEN_ARROW, ARROW),
            identifier=(caption.identifier or "").strip(),
            started_s=caption.start_time.in_milliseconds() / 1000,
            ended_s=caption.end_time.in_milliseconds() / 1000,
        )
        for caption in read
    ]


def _repaired(lines: list[str]) -> Iterator[str]:
    """The lines with every cue time written in full, `HH:MM:SS.mmm`, and blank ones empty.

    Where the words stand a blank line below their times, as Teams writes those of nobody known,
    that line is left out. Arrows within words are hidden, for times alone may have them.
    """
    timings = {
        index: match
        for index, line in enumerate(lines)
        if ARROW in line and (match := TIMING.match(line))
    }
    unpadded = is_unpadded(clock for match in timings.values() for clock in (match[1], match[3]))
    detached = _detached(lines, timings)
    inside = False
    for index, line in enumerate(lines):
        match = timings.get(index)
        if index in detached:
            continue
        if match is None:
            yield line.replace(ARROW, _HIDDEN_ARROW) if inside else line if line.strip() else ""
            inside = inside and bool(line.strip())
            continue
        inside = True
        start = clock_ms(match[1], match[2], unpadded=unpadded)
        end = clock_ms(match[3], match[4], unpadded=unpadded)
        if start is None or end is None:
            yield line
        else:
            yield f"{_full(start)} {ARROW} {_full(end)}{line[match.end() :]}"


def _detached(lines: list[str], timings: Collection[int]) -> set[int]:
    """The blank lines between times and words, where most cues of a file have them."""
    found: set[int] = set()
    parted = 0
    for index in timings:
        words = next((n for n in range(index + 1, len(lines)) if lines[n].strip()), len(lines))
        begins_next = words in timings or words + 1 in timings
        if words == index + 1 or words == len(lines) or begins_next:
            continue
        if not _is_comment(lines[words]):
            found |= set(range(index + 1, words))
            parted += 1
    return found if parted * 2 > len(timings) else set()


def _full(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{thousandths:03d}"


def _language(lines: list[str]) -> str | None:
    for line in lines[1:12]:
        if not line.strip():
            break
        if match := _LANGUAGE.match(line):
            return match[1]
    return None


def _notes(repaired: str) -> Iterator[str]:
    timed = any(ARROW in line and TIMING.match(line) for line in repaired.split("\n"))
    blocks = re.split(r"\n{2,}", repaired.strip("\n"))[1:]
    untimed = sum(1 for block in blocks if ARROW not in block and not _is_comment(block))
    if untimed and timed:
        yield captions.untimed_left_out(untimed)


def _is_comment(block: str) -> bool:
    return not block.strip() or block.lstrip().startswith(("NOTE", "STYLE", "REGION", "##"))


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("WebVTT captions"),
    extensions=("vtt",),
    recognise=recognise,
    parse=parse,
)
