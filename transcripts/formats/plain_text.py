"""Plain text with speaker labels: `Agent: …`, `**Customer**: …`, `[00:01:02] Jane: …`.

A line that begins with a label opens a turn; other lines continue it. A label is one whose words
state a role, or a name that recurs. Text without labels is refused: who spoke is never guessed.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from transcripts.formats import labels, turn_times
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed
from transcripts.formats.source import Source

NAME: Final = "plain_text"
MAX_HEADING: Final = 1_000  # characters kept of what stands before the first label
EXPECTED: Final = 'lines such as "Agent: …" and "Customer: …"'

_STAMP: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DATE: Final = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}),?[T ]\s?"
_LEADING_TIME: Final = re.compile(
    rf"[\[(<]?(?:{_DATE})?({_STAMP})(?:\s?(?:-->|[-\u2013])\s?{_STAMP})?[\])>]?\s*[-\u2013|]?\s*"
)
_TRAILING_TIME: Final = re.compile(rf"\s*[\[(<]?({_STAMP})(?:\s?[-\u2013]\s?{_STAMP})?[\])>]?\s*$")
_BULLET: Final = re.compile(r"\s*(?:[-*\u2022\u2013>]\s+|#{1,6}\s+)?")
_MAIL_HEADER: Final = re.compile(
    r"(?:from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|delivered-to|"
    r"mime-version|content-[a-z]+|x-[a-z-]+):|From \S+",
    re.IGNORECASE,
)
_CAPTION_TIME: Final = re.compile(r"\d\d?:\d\d[\d:.,]*\s*-->")
_LITERAL_BREAK: Final = re.compile(r"\\r\\n|\\n|\\r")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what stands before its first colon, if that may be a speaker's label."""

    text: str
    label: str = ""
    said: str = ""
    stamp: float | None = None


@dataclass(slots=True)
class _Open:
    """A turn being read: its lines are joined when the next one begins."""

    label: str
    stamp: float | None
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Talk:
    """The labelled turns of a text, and the lines before the first of them."""

    turns: tuple[CanonicalTurn, ...]
    heading: str


def read_talk(text: str) -> Talk:
    """Split a text into turns by its labels; no turns if there are no labels."""
    talk = _read_lines(text.split("\n"))
    if len(talk.turns) <= 1 and _LITERAL_BREAK.search(text):
        unfolded = _read_lines(_LITERAL_BREAK.sub("\n", text).split("\n"))
        return unfolded if len(unfolded.turns) > len(talk.turns) else talk
    return talk


def recognise(source: Source) -> Likeness | None:
    head = source.lines[:400]
    if _is_json(source) or _is_mail(head) or any(_CAPTION_TIME.search(line[:40]) for line in head):
        return None
    lines = [_line(line) for line in head]
    speakers = Counter(line.label for line in lines if line.label)
    with_role = sum(count for label, count in speakers.items() if labels.role_of(label))
    if with_role:
        surely = 0.9 if with_role > 1 else 0.7
        return Likeness(surely, f"{with_role} lines begin with a label that states a role")
    if len(_names(lines)) > 1:
        return Likeness(0.5, "lines begin with names that recur")
    return None


def parse(source: Source) -> Parsed:
    talk = read_talk(source.text)
    if not talk.turns:
        raise FormatError("has no speaker labels", expected=EXPECTED)
    metadata: dict[str, Json] = {"heading": talk.heading[:MAX_HEADING]} if talk.heading else {}
    interaction = CanonicalInteraction(
        channel=source.channel or "call", turns=talk.turns, metadata=metadata
    )
    return Parsed(NAME, (interaction,), notes=(*source.notes(), *_notes(talk)))


def _notes(talk: Talk) -> list[str]:
    notes = []
    if talk.heading:
        notes.append("Lines before the first speaker are kept as a heading, not as a turn.")
    if all(turn.role == "unknown" for turn in talk.turns):
        notes.append("The labels are only names: nothing says who is agent and who is customer.")
    return notes


def _read_lines(raw: list[str]) -> Talk:
    lines = [_line(line) for line in raw]
    speakers = _speakers(lines)
    heading: list[str] = []
    opened: list[_Open] = []
    for line in lines:
        if line.label and line.label in speakers:
            opened.append(_Open(line.label, line.stamp, [line.said]))
        elif opened:
            opened[-1].lines.append(line.text)
        elif line.text.strip():
            heading.append(line.text.strip())
    return Talk(_turns([one for one in opened if "".join(one.lines).strip()]), "\n".join(heading))


def _turns(opened: list[_Open]) -> tuple[CanonicalTurn, ...]:
    starts = turn_times.offsets([one.stamp for one in opened])
    return tuple(
        CanonicalTurn(
            role=labels.role_of(one.label) or "unknown",
            speaker=one.label,
            text="\n".join(one.lines).strip(),
            started_s=start,
        )
        for one, start in zip(opened, starts, strict=True)
    )


def _speakers(lines: list[_Line]) -> frozenset[str]:
    """The labels that open turns: those that state a role, and names that recur."""
    found = {line.label for line in lines if line.label}
    with_role = {label for label in found if labels.role_of(label)}
    return frozenset(with_role | _names(lines))


def _names(lines: list[_Line]) -> set[str]:
    """Labels that are names: seen at least twice, or beside a time where those are too, or on
    every line of a text with two of them."""
    counts = Counter(line.label for line in lines if line.label)
    names = {name for name in counts if labels.role_of(name) is None}
    recurring = {name for name in names if counts[name] >= 2}
    labelled = [line for line in lines if line.label in recurring]
    if labelled and all(line.stamp is not None for line in labelled):
        recurring |= {line.label for line in lines if line.stamp is not None} & names
    filled = [line for line in lines if line.text.strip()]
    if len(names) >= 2 and filled and all(line.label for line in filled):
        return names
    return recurring if len(recurring) > 1 or len(recurring) < len(counts) else set()


def _line(raw: str) -> _Line:
    """Look for `[time] label: words`, `label (time): words` or `label time` alone on a line."""
    begin = _BULLET.match(raw[:200])
    rest = raw[begin.end() :] if begin else raw
    leading = _LEADING_TIME.match(rest[:100])
    stamp = turn_times.seconds(leading[1]) if leading else None
    if leading:
        rest = rest[leading.end() :]
    head = rest[: labels.MAX_LABEL].replace("\uff1a", ":")
    colon = head.find(":")
    trailing = _TRAILING_TIME.search(head if len(rest) < labels.MAX_LABEL else "")
    if trailing and stamp is None and ":" not in head[: trailing.start()]:
        # `Speaker 1 00:12` alone on its line, the words below it
        return _labelled(raw, rest[: trailing.start()], "", turn_times.seconds(trailing[1]))
    while colon > 0 and head[colon - 1].isdigit() and head[colon + 1 : colon + 2].isdigit():
        colon = head.find(":", colon + 1)  # a time inside the label: `Agent (00:12): …`
    if colon <= 0:
        return _Line(raw)
    label, said = rest[:colon], rest[colon + 1 :]
    inside = _TRAILING_TIME.search(label) if stamp is None else None
    if inside:
        label, stamp = label[: inside.start()], turn_times.seconds(inside[1])
    return _labelled(raw, label, said, stamp)


def _labelled(raw: str, label: str, said: str, stamp: float | None) -> _Line:
    if said.startswith("//"):  # a web address
        return _Line(raw)
    name = labels.tidy(label)
    if not name or (labels.role_of(name) is None and not labels.looks_like_name(name)):
        return _Line(raw)
    if label.lstrip()[:1] in ("*", "_") and label.rstrip()[-1:] not in ("*", "_"):
        said = said.lstrip().lstrip("*_")  # the label's bold ends behind its colon
    return _Line(raw, name, said.strip(), stamp)


def _is_json(source: Source) -> bool:
    if not source.starts_like_json:
        return False
    try:
        return source.document is not None
    except FormatError:
        return False


def _is_mail(head: list[str]) -> bool:
    first = [line for line in head if line.strip()][:6]
    return sum(1 for line in first if _MAIL_HEADER.match(line)) >= 2


FORMAT: Final = Format(
    name=NAME,
    title="Plain text with speaker labels",
    extensions=("txt", "text", "md", "log"),
    recognise=recognise,
    parse=parse,
)
