"""What caption files have in common: cues with times, and the ways they name who speaks.

A cue's speaker is its voice tag, a `Name: ` before its words, or its id. A cue without one
continues the previous speaker; one that begins with a dash or `>>` marks a change to somebody
unnamed. Cues are never joined.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import ngettext
from transcripts.formats import labels, rolling
from transcripts.formats.cues import Cue, in_true_time, plain
from transcripts.formats.errors import FormatError
from transcripts.formats.html_text import decode_entities
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source
from transcripts.formats.validation import MAX_NAME

MOSTLY: Final = 0.5  # labelled cues from which on a recurring label need not look like a name
NEARLY_ALL: Final = 0.8  # and from which on a name seen once is a speaker

_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]{1,80})*(?:[ \t]([^<>\n]{0,300}))?>")
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{9,30}")
_QUOTED_ID: Final = re.compile(r'\d{1,7}\s+"([^"]{1,200})"(?:\s+\([^()]{1,40}\))?')
_BRACKETED: Final = re.compile(r"\[([^\[\]\n]{1,60})\]:?(?=\s)")
_SENTENCE: Final = re.compile('(\n|(?<=[.!?\u2026"\u201d\u3002\uff01\uff1f])[ \\t]+)')
_CHANGE: Final = re.compile(r"(?:>{2,3}\s*|-(?!-)\s*|[\u2013\u2014]\s+)(?=[^\s\d])")


def to_parsed(
    format_name: str,
    source: Source,
    cues: list[Cue],
    *,
    language: str | None = None,
    notes: Iterable[str] = (),
) -> Parsed:
    """The one interaction of a caption file; FormatError if none of its cues has words."""
    cues, notes = in_true_time(cues), list(notes)
    once = rolling.taken_once(cues)
    if once != cues:
        notes.append(rolling.NOTE)
    parts = (part for cue in once for part in _parts(cue) if part.text)
    spoken = list(source.limits.turns_of(parts))
    if not spoken:
        raise FormatError(_("holds no cues with text, so there is nothing to import"))
    named = source.limits.turns_of(_named(spoken))
    turns, continued = _in_order(_turns(named))
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


def _named(cues: list[Cue]) -> Iterator[Cue]:
    """Find the speakers in voice tags, else before the words, else in cue ids."""
    tagged = {cue.speaker for cue in cues if cue.speaker}
    known = _known_labels(cues, tagged)
    if known:
        for cue in cues:
            yield from (_without_label(part, known) for part in _by_labels(cue, known))
    else:
        yield from cues if tagged else _named_by_identifiers(cues)


def _known_labels(cues: list[Cue], tagged: set[str]) -> set[str]:
    """Which words before a colon are speakers: `Meeting title: …` is none."""
    untagged = [cue.text for cue in cues if cue.speaker is None]
    counts = Counter(label[0] for text in untagged if (label := _label(text)))
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
    return known | (_of_later_lines(untagged, known) if known else set())


def _of_later_lines(texts: list[str], known: set[str]) -> set[str]:
    """Names that begin only later lines of cues, more than once: who answers in the same cue."""
    lines = (line for text in texts if "\n" in text for line in text.split("\n")[1:])
    lines = (line for line in lines if _has_colon(line))
    counts = Counter(label[0] for line in lines if (label := _label(line)))
    names = {label for label in counts if label not in known and labels.looks_like_name(label)}
    stated = {label for label in counts if labels.role_of(label)}
    return stated | {label for label in names if counts[label] > 1}


def _by_labels(cue: Cue, known: set[str]) -> Iterator[Cue]:
    """A cue cut where a later line, or a sentence within one, begins with a speaker's label.

    There a label is one that other cues begin with too, or that states a role.
    """
    if cue.speaker is not None or ("\n" not in cue.text and _SENTENCE.search(cue.text) is None):
        yield cue
        return
    said: list[str] = []
    for number, piece in enumerate(_SENTENCE.split(cue.text)):
        found = _label(piece.lstrip()) if number % 2 == 0 and _has_colon(piece) else None
        opens = found is not None and (found[0] in known or labels.role_of(found[0]))
        if opens and "".join(said).strip():
            yield replace(cue, text="".join(said).strip())
            said = []
        said.append(piece)
    yield replace(cue, text="".join(said).strip())


def _has_colon(text: str) -> bool:
    head = text[: labels.MAX_LABEL * 2]
    return ":" in head or "\uff1a" in head or "[" in head


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


def _turns(cues: Iterable[Cue]) -> Iterator[tuple[CanonicalTurn, bool]]:
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
        yield ngettext(
            "Cues without a name were taken as the previous speaker's (%(n)s time).",
            "Cues without a name were taken as the previous speaker's (%(n)s times).",
            continued,
        ) % {"n": continued}


def untimed_left_out(times: int) -> str:
    """Tell the uploader that text without times was left out."""
    return ngettext(
        "Text without times was left out (%(n)s time).",
        "Text without times was left out (%(n)s times).",
        times,
    ) % {"n": times}
