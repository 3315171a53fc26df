"""What caption files have in common: cues with times, and the ways they name who speaks.

A cue's speaker is its voice tag, a `Name: ` before its words, or its id. A cue without one
continues the previous speaker; one that begins with a dash or `>>` marks a change to somebody
unnamed. Cues are never joined.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from transcripts.formats import labels
from transcripts.formats.errors import FormatError
from transcripts.formats.html_text import decode_entities
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source
from transcripts.formats.validation import MAX_NAME

TIMING: Final = re.compile(
    r"\s{0,40}([\d:]{3,20})([.,]\d{1,3})?\d{0,9}[ \t]{0,40}-->"
    r"[ \t]{0,40}([\d:]{3,20})([.,]\d{1,3})?\d{0,9}"
)
MOSTLY: Final = 0.5  # labelled cues from which on a recurring label need not look like a name
NEARLY_ALL: Final = 0.8  # and from which on a name seen once is a speaker

_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]{1,80})*(?:[ \t]([^<>\n]{0,300}))?>")
_TAG: Final = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>\n]{0,300})?>|<\d[\d:.]{0,20}>"
    r"|\{\\[^{}\n]{1,80}\}",
    re.IGNORECASE,
)
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{9,30}")
_QUOTED_ID: Final = re.compile(r'\d{1,7}\s+"([^"]{1,200})"(?:\s+\([^()]{1,40}\))?')
_BRACKETED: Final = re.compile(r"\[([^\[\]\n]{1,60})\]:?(?=\s)")
_CHANGE: Final = re.compile(r"(?:>{2,3}\s*|-(?!-)\s*|[\u2013\u2014]\s+)(?=[^\s\d])")


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


def to_parsed(
    format_name: str,
    source: Source,
    cues: list[Cue],
    *,
    language: str | None = None,
    notes: Iterable[str] = (),
) -> Parsed:
    """The one interaction of a caption file; FormatError if none of its cues has words."""
    spoken = [part for cue in cues for part in _parts(cue) if part.text]
    if not spoken:
        raise FormatError("holds no cues with text, so there is nothing to import")
    turns, continued = _in_order(_turns(_named(spoken)))
    metadata: dict[str, Json] = {"continued_turns": continued} if continued else {}
    interaction = CanonicalInteraction(
        channel=source.channel or "video",
        turns=tuple(turns),
        language=language,
        duration_s=max(cue.ended_s for cue in cues),
        metadata=metadata,
    )
    told = (*source.notes(), *notes, *_notes(len(continued)))
    return Parsed(format_name, (interaction,), notes=told)


def plain(raw: str) -> str:
    """A cue's words without tags, entities decoded, blanks at the lines' ends taken off."""
    lines = decode_entities(_TAG.sub("", raw)).replace("\x00", "\ufffd").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _parts(cue: Cue) -> Iterator[Cue]:
    """One part for each voice tag of a cue, and for each line that begins with a dash or `>>`."""
    position, speaker = 0, cue.speaker
    for tag in _VOICE.finditer(cue.text):
        before = plain(cue.text[position : tag.start()])
        if before:
            yield from _changes(replace(cue, text=before, speaker=speaker))
        position, speaker = tag.end(), _voice_name(tag[1])
    yield from _changes(replace(cue, text=plain(cue.text[position:]), speaker=speaker))


def _changes(cue: Cue) -> Iterator[Cue]:
    """A cue cut where its lines mark another speaker: two lines with dashes are two speakers."""
    lines = cue.text.split("\n")
    marks = [_CHANGE.match(line) for line in lines]
    if cue.speaker is not None or not any(marks):
        yield cue
        return
    part = replace(cue, text="")
    for line, mark in zip(lines, marks, strict=True):
        if mark is None:
            part = replace(part, text=f"{part.text}\n{line}" if part.text else line)
            continue
        if part.text:
            yield part
        part = replace(cue, text=line[mark.end() :], changed=True)
    yield part


def _voice_name(raw: str | None) -> str | None:
    """A tag's speaker; None where it names nobody, as Rev's `<v ->` does."""
    name = decode_entities(raw or "").strip()[:MAX_NAME].strip()
    return name if any(character.isalnum() for character in name) else None


def _named(cues: list[Cue]) -> list[Cue]:
    """Find the speakers in voice tags, else before the words, else in cue ids."""
    tagged = {cue.speaker for cue in cues if cue.speaker}
    known = _known_labels(cues, tagged)
    if known:
        return [_without_label(cue, known) for cue in cues]
    return cues if tagged else _named_by_identifiers(cues)


def _known_labels(cues: list[Cue], tagged: set[str]) -> set[str]:
    """Which words before a colon are speakers: `Meeting title: …` is none."""
    found = (_label(cue.text) for cue in cues if cue.speaker is None)
    counts = Counter(label[0] for label in found if label)
    known = {label for label in counts if label in tagged or labels.role_of(label)}
    known |= {labels.tidy(bracketed[1]) for cue in cues if (bracketed := _bracketed(cue.text))}
    known |= {label for label in counts if counts[label] > 1 and labels.looks_like_name(label)}
    recurring = {label for label in counts if counts[label] > 1 and _may_be_name(label)}
    if sum(counts[label] for label in known | recurring) > MOSTLY * len(cues):
        known |= recurring
    if known:
        known |= {label for label in counts if labels.names_a_person(label)}
    if sum(counts[label] for label in known) > NEARLY_ALL * len(cues):
        known |= {label for label in counts if labels.looks_like_name(label)}
    return known


def _may_be_name(label: str) -> bool:
    """True if a label that recurs throughout may be a screen name: `iPhone (2)`, `mary k`."""
    return len(label) <= 60 and not labels.is_no_name(label)


def _label(text: str) -> tuple[str, int] | None:
    """A cue's possible speaker, and where the words behind it begin."""
    bracketed = _bracketed(text)
    if bracketed:
        return labels.tidy(bracketed[1]), bracketed.end()
    head = text[: labels.MAX_LABEL].replace("\uff1a", ":")
    label, colon, said = head.partition(":")
    if not colon or "\n" in label or not (said[:1].isspace() or not said):
        return None
    name = labels.tidy(label)
    return (name, len(label) + 1) if name else None


def _bracketed(text: str) -> re.Match[str] | None:
    """A speaker in brackets at the beginning of a cue: there they need not recur."""
    found = _BRACKETED.match(text)
    return found if found and _names_speaker(found[1]) else None


def _names_speaker(words: str) -> bool:
    """`[SPEAKER_00] …` and `[Agent] …` name a speaker without a colon; `[Laughter] …` doesn't."""
    if labels.role_of(words):
        return True
    return labels.looks_like_name(words) and any(character.isdigit() for character in words)


def _without_label(cue: Cue, known: set[str]) -> Cue:
    found = _label(cue.text) if cue.speaker is None else None
    if found is None or found[0] not in known:
        return cue
    said = cue.text[found[1] :].strip()
    return replace(cue, speaker=found[0][:MAX_NAME], text=said, changed=False)


def _named_by_identifiers(cues: list[Cue]) -> list[Cue]:
    """Speakers in cue ids: names that recur, or Webex's `1 "Dana Reyes" (123456)`."""
    quoted = {cue.identifier: _QUOTED_ID.fullmatch(cue.identifier) for cue in cues}
    if any(quoted.values()):
        return [
            replace(cue, speaker=match[1].strip() or None)
            if (match := quoted[cue.identifier])
            else cue
            for cue in cues
        ]
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


def _turns(cues: list[Cue]) -> Iterator[tuple[CanonicalTurn, bool]]:
    """A turn for each cue with words, and whether it continues the speaker before."""
    speaker: str | None = None
    for cue in cues:
        continues = speaker is not None and cue.speaker is None and not cue.changed
        if not continues:
            speaker = cue.speaker
        if not cue.text:
            continue
        turn = CanonicalTurn(
            role=(labels.role_of(speaker) if speaker else None) or "unknown",
            speaker=speaker,
            text=cue.text,
            started_s=cue.started_s,
            ended_s=cue.ended_s if cue.ended_s >= cue.started_s else None,
        )
        yield turn, continues


def _in_order(
    turns: Iterable[tuple[CanonicalTurn, bool]],
) -> tuple[list[CanonicalTurn], list[Json]]:
    """The turns by their times, stably, and the places of those that continue a speaker."""
    ordered = sorted(turns, key=lambda pair: pair[0].started_s or 0.0)
    continued: list[Json] = [place for place, (_, continues) in enumerate(ordered) if continues]
    return [turn for turn, _ in ordered], continued


def _notes(continued: int) -> Iterator[str]:
    if continued:
        yield f"Cues without a name were taken as the previous speaker's ({continued} times)."
