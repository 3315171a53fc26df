"""SubRip captions: an index, `H:MM:SS,mmm --> H:MM:SS,mmm`, text, a blank line.

The format has no standard, so only the line of times is relied on: indexes may be missing or have
gaps, a blank line may stand inside a text or be missing at the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats import captions
from transcripts.formats.cues import TIMING, Cue, clock_ms, is_unpadded
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "srt"
LOOKED_AT: Final = 60  # lines searched for the first times

_INDEX: Final = re.compile(r"\s{0,20}\d{1,7}\s*")


@dataclass(slots=True)
class _Block:
    """A line of times and the lines down to the next one."""

    match: re.Match[str]
    identifier: str
    lines: list[str] = field(default_factory=list)


def recognise(source: Source) -> Likeness | None:
    head = source.lines[:LOOKED_AT]
    if head[0].startswith("WEBVTT"):
        return None
    place = next((n for n, line in enumerate(head) if "-->" in line and TIMING.match(line)), None)
    if place is None:
        return None
    indexed = place > 0 and _INDEX.fullmatch(head[place - 1]) is not None
    if not indexed and "," not in head[place]:
        return None
    begins = not any(line.strip() for line in head[: place - indexed])
    reason = gettext_noop("cues with times such as 00:00:01,000 --> 00:00:02,000")
    return Likeness(0.95 if begins else 0.6, reason)


def parse(source: Source) -> Parsed:
    source.limits.check(turns=source.text.count("-->"))
    blocks = _blocks(source.lines)
    untimed = sum(_cut_untimed(block) for block in blocks)
    unpadded = is_unpadded(clock for block in blocks for clock in (block.match[1], block.match[3]))
    notes = [captions.untimed_left_out(untimed)] if untimed else []
    return captions.to_parsed(NAME, source, list(_cues(blocks, unpadded=unpadded)), notes=notes)


def _blocks(lines: list[str]) -> list[_Block]:
    """Cut the lines at each line of times; the index above it belongs to it."""
    blocks: list[_Block] = []
    above: list[str] = []
    for line in lines:
        match = TIMING.match(line) if "-->" in line else None
        if match is None:
            above.append(line)
            continue
        index = above.pop().strip() if above and _INDEX.fullmatch(above[-1]) else ""
        if blocks:
            blocks[-1].lines = above
        blocks.append(_Block(match, index))
        above = []
    if blocks:
        blocks[-1].lines = above
    return blocks


def _cut_untimed(block: _Block) -> int:
    """Take off what follows an index without times; it is not the words of the cue above."""
    for place, line in enumerate(block.lines):
        blank_above = place == 0 or not block.lines[place - 1].strip()
        if blank_above and place > 0 and line.strip() and _INDEX.fullmatch(line):
            left = sum(1 for each in block.lines[place:] if _INDEX.fullmatch(each))
            block.lines = block.lines[:place]
            return left
    return 0


def _cues(blocks: list[_Block], *, unpadded: bool) -> Iterator[Cue]:
    for block in blocks:
        start = clock_ms(block.match[1], block.match[2], unpadded=unpadded)
        end = clock_ms(block.match[3], block.match[4], unpadded=unpadded)
        if start is not None and end is not None:
            yield Cue("\n".join(block.lines), block.identifier, start / 1000, end / 1000)


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("SubRip captions"),
    extensions=("srt",),
    recognise=recognise,
    parse=parse,
)
