"""WebVTT captions of calls and meetings (Zoom, Teams, Webex, YouTube, Rev and others)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from transcripts.formats import captions
from transcripts.formats.captions import TIMING, Cue
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "webvtt"
ARROW: Final = "-->"

_LANGUAGE: Final = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*$")
_INLINE_TIME: Final = re.compile(r"<\d[\d:.]{0,20}><c[.>]")


def recognise(source: Source) -> Likeness | None:
    if re.match(r"WEBVTT(?:\s|$)", source.lines[0]):
        return Likeness(1.0, "begins with WEBVTT")
    return None


def parse(source: Source) -> Parsed:
    if recognise(source) is None:
        raise FormatError(
            "does not begin with WEBVTT, so its beginning may be missing",
            line=1,
            expected="WEBVTT on the first line",
        )
    cues = _cues(source)
    notes = list(_notes(source))
    if any(_INLINE_TIME.search(cue.text) for cue in cues):
        once = list(_without_repeats(cues))
        notes += ["Lines that roll up from cue to cue were taken once."] if once != cues else []
        cues = once
    return captions.to_parsed(NAME, source, cues, language=_language(source.lines), notes=notes)


def _cues(source: Source) -> list[Cue]:
    source.limits.check(turns=source.text.count(ARROW))
    try:
        read = WebVTT.from_string("\n".join(_repaired(source.lines))).captions
    except (MalformedFileError, MalformedCaptionError):
        raise FormatError("is not a readable WebVTT file") from None
    return [
        Cue(
            text=caption.raw_text,
            identifier=(caption.identifier or "").strip(),
            started_s=caption.start_time.in_milliseconds() / 1000,
            ended_s=caption.end_time.in_milliseconds() / 1000,
        )
        for caption in read
    ]


def _repaired(lines: list[str]) -> Iterator[str]:
    """The lines with every cue time written in full, `HH:MM:SS.mmm`, and blank ones empty."""
    timings = {
        index: match
        for index, line in enumerate(lines)
        if ARROW in line and (match := TIMING.match(line))
    }
    unpadded = captions.is_unpadded(
        clock for match in timings.values() for clock in (match[1], match[3])
    )
    for index, line in enumerate(lines):
        match = timings.get(index)
        if match is None:
            yield line.rstrip() if not line.strip() else line
            continue
        start = captions.clock_ms(match[1], match[2], unpadded=unpadded)
        end = captions.clock_ms(match[3], match[4], unpadded=unpadded)
        if start is None or end is None:
            yield line
        else:
            yield f"{_full(start)} {ARROW} {_full(end)}{line[match.end() :]}"


def _full(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{thousandths:03d}"


def _without_repeats(cues: list[Cue]) -> Iterator[Cue]:
    """YouTube's captions roll: a cue begins with the lines that the one before still shows."""
    shown: list[str] = []
    for cue in cues:
        lines = captions.plain(cue.text).split("\n")
        again = next(
            (n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n]), 0
        )
        shown = lines
        yield replace(cue, text="\n".join(cue.text.split("\n")[again:]) if again else cue.text)


def _language(lines: list[str]) -> str | None:
    for line in lines[1:12]:
        if not line.strip():
            break
        if match := _LANGUAGE.match(line):
            return match[1]
    return None


def _notes(source: Source) -> Iterator[str]:
    timed = any(ARROW in line and TIMING.match(line) for line in source.lines)
    blocks = re.split(r"\n{2,}", source.text.strip("\n"))[1:]
    untimed = sum(1 for block in blocks if ARROW not in block and not _is_comment(block))
    if untimed and timed:
        yield f"Text without times was left out ({untimed} times)."


def _is_comment(block: str) -> bool:
    return not block.strip() or block.lstrip().startswith(("NOTE", "STYLE", "REGION", "##"))


FORMAT: Final = Format(
    name=NAME,
    title="WebVTT captions",
    extensions=("vtt",),
    recognise=recognise,
    parse=parse,
)
