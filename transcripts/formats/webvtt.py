"""WebVTT captions of calls and meetings (Zoom, Teams, Webex and others).

A cue's speaker is its voice tag `<v Name>`, a `Name: ` before its text, or a cue id that recurs. A
cue without one continues the previous speaker and is listed in metadata as `continued_turns`. Cues
are never joined.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from transcripts.formats import labels
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source
from transcripts.formats.validation import MAX_NAME

NAME: Final = "webvtt"
ARROW: Final = "-->"

_TIMING: Final = re.compile(r"\s*([\d:]{3,20})([.,]\d{1,3})?\s*-->\s*([\d:]{3,20})([.,]\d{1,3})?")
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]{1,80})*(?:[ \t]([^<>\n]{0,300}))?>")
_TAG: Final = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang)(?:[.\s][^<>\n]{0,300})?>|<\d[\d:.]{0,20}>")
_LANGUAGE: Final = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*$")
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{9,30}")


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue, or one speaker's part of it. `speaker` is what a tag says, None without one."""

    text: str
    speaker: str | None
    identifier: str
    started_s: float
    ended_s: float


def recognise(source: Source) -> Likeness | None:
    first = source.lines[0]
    if re.match(r"WEBVTT(?:\s|$)", first):
        return Likeness(1.0, "begins with WEBVTT")
    return None


def parse(source: Source) -> Parsed:
    cues = _read(source)
    spoken = [cue for cue in _split_voices(cues) if cue.text]
    if not spoken:
        raise FormatError("holds no cues with text, so there is nothing to import")
    turns, continued = _turns(_named(spoken))
    metadata: dict[str, Json] = {"continued_turns": list(continued)} if continued else {}
    interaction = CanonicalInteraction(
        channel=source.channel or "video",
        turns=tuple(turns),
        language=_language(source.lines),
        duration_s=max((cue.ended_s for cue in spoken), default=None),
        metadata=metadata,
    )
    notes = _notes(source, turns, len(continued))
    return Parsed(NAME, (interaction,), notes=(*source.notes(), *notes))


def _read(source: Source) -> list[_Cue]:
    if recognise(source) is None:
        raise FormatError(
            "does not begin with WEBVTT, so its beginning may be missing",
            line=1,
            expected="WEBVTT on the first line",
        )
    try:
        captions = WebVTT.from_string("\n".join(_repaired(source.lines))).captions
    except (MalformedFileError, MalformedCaptionError):
        raise FormatError("is not a readable WebVTT file") from None
    return [
        _Cue(
            caption.raw_text,
            None,
            (caption.identifier or "").strip(),
            caption.start_time.in_milliseconds() / 1000,
            caption.end_time.in_milliseconds() / 1000,
        )
        for caption in captions
    ]


def _repaired(lines: list[str]) -> Iterator[str]:
    """The lines with every cue time written in full, `HH:MM:SS.mmm`.

    Teams files of 2020 to 2022 leave out leading zeros throughout: `0:8:43.50` ends in 50
    milliseconds, not in half a second. Where minutes and seconds have two digits it is a fraction.
    """
    timings = {
        index: match
        for index, line in enumerate(lines)
        if ARROW in line and (match := _TIMING.match(line))
    }
    unpadded = any(
        len(part) == 1
        for match in timings.values()
        for clock in (match[1], match[3])
        for part in clock.split(":")[-2:]
    )
    for index, line in enumerate(lines):
        match = timings.get(index)
        if match is None:
            yield line.rstrip() if not line.strip() else line
        else:
            start = _full(match[1], match[2], unpadded)
            end = _full(match[3], match[4], unpadded)
            yield f"{start} {ARROW} {end}{line[match.end() :]}" if start and end else line


def _full(clock: str, fraction: str | None, unpadded: bool) -> str | None:
    parts = clock.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 5 for part in parts):
        return None
    digits = (fraction or ".0")[1:]
    thousandths = digits.rjust(3, "0") if unpadded else digits.ljust(3, "0")
    hours, minutes, seconds = (int(part) for part in (["0", *parts])[-3:])
    if minutes > 59 or seconds > 59:
        return None
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{thousandths}"


def _split_voices(cues: list[_Cue]) -> Iterator[_Cue]:
    """One part for each voice tag of a cue; tags are taken off and entities decoded."""
    for cue in cues:
        position, speaker = 0, None
        for tag in _VOICE.finditer(cue.text):
            if _plain(cue.text[position : tag.start()]):
                yield replace(cue, text=_plain(cue.text[position : tag.start()]), speaker=speaker)
            position, speaker = tag.end(), _voice_name(tag[1])
        yield replace(cue, text=_plain(cue.text[position:]), speaker=speaker)


def _plain(raw: str) -> str:
    lines = html.unescape(_TAG.sub("", raw)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _voice_name(raw: str | None) -> str | None:
    """A tag's speaker; None where it names nobody, as Rev's `<v ->` does."""
    name = html.unescape(raw or "").strip()[:MAX_NAME]
    return name if any(character.isalnum() for character in name) else None


def _named(cues: list[_Cue]) -> list[_Cue]:
    """Find the speakers in voice tags, else before the text, else in recurring cue ids."""
    tagged = {cue.speaker for cue in cues if cue.speaker}
    counts = Counter(label for cue in cues if cue.speaker is None and (label := _label(cue.text)))
    known = {label for label in counts if label in tagged or labels.role_of(label)}
    known |= {label for label in counts if counts[label] > 1 and labels.looks_like_name(label)}
    if known:
        known |= {label for label in counts if labels.names_a_person(label)}
        return [_without_label(cue, known) for cue in cues]
    return cues if tagged else _named_by_identifiers(cues)


def _label(text: str) -> str | None:
    label, colon, said = text[: labels.MAX_LABEL].partition(":")
    if not colon or said.startswith("//") or not (said[:1].isspace() or not said):
        return None
    return label.strip() or None


def _without_label(cue: _Cue, known: set[str]) -> _Cue:
    label = _label(cue.text) if cue.speaker is None else None
    if label not in known:
        return cue
    return replace(cue, speaker=label, text=cue.text.partition(":")[2].strip())


def _named_by_identifiers(cues: list[_Cue]) -> list[_Cue]:
    counts = Counter(cue.identifier for cue in cues)
    known = {
        name
        for name, count in counts.items()
        if count > 1 and not _GUID.match(name) and (labels.role_of(name) or _is_speaker_id(name))
    }
    return [
        replace(cue, speaker=cue.identifier) if cue.identifier in known else cue for cue in cues
    ]


def _is_speaker_id(name: str) -> bool:
    return labels.looks_like_name(name) and not name.replace(" ", "").isdigit()


def _turns(cues: list[_Cue]) -> tuple[list[CanonicalTurn], list[int]]:
    """A turn for each cue with words, and the places of those that continue a speaker."""
    turns: list[CanonicalTurn] = []
    continued: list[int] = []
    speaker: str | None = None
    for cue in cues:
        if not cue.text:
            speaker = cue.speaker or speaker
            continue
        if cue.speaker is None and speaker is not None:
            continued.append(len(turns))
        speaker = cue.speaker or speaker
        turns.append(
            CanonicalTurn(
                role=(labels.role_of(speaker) if speaker else None) or "unknown",
                speaker=speaker,
                text=cue.text,
                started_s=cue.started_s,
                ended_s=cue.ended_s if cue.ended_s >= cue.started_s else None,
            )
        )
    return turns, continued


def _language(lines: list[str]) -> str | None:
    for line in lines[1:12]:
        if not line.strip():
            break
        if match := _LANGUAGE.match(line):
            return match[1]
    return None


def _notes(source: Source, turns: list[CanonicalTurn], continued: int) -> Iterator[str]:
    if continued:
        yield f"Cues without a name were taken as the previous speaker's ({continued} times)."
    if all(turn.role == "unknown" for turn in turns):
        yield "Nothing in the file says who is agent and who is customer."
    arrows = sum(1 for line in source.lines if _TIMING.match(line))
    blocks = re.split(r"\n{2,}", source.text.strip("\n"))[1:]
    untimed = [block for block in blocks if ARROW not in block and not _is_comment(block)]
    if untimed and arrows:
        yield f"Text without times was left out ({len(untimed)} times)."


def _is_comment(block: str) -> bool:
    return not block.strip() or block.lstrip().startswith(("NOTE", "STYLE", "REGION", "##"))


FORMAT: Final = Format(
    name=NAME,
    title="WebVTT captions",
    extensions=("vtt",),
    recognise=recognise,
    parse=parse,
)
