"""Talk in running text, cut into turns by its speaker labels.

A line that begins with a label opens a turn; other lines continue it. A label is one whose words
state a role, or a name that recurs. Where that gives nothing, three other ways of writing are
tried: `\\n` written out, labels within a line, and labels alone on a line without a colon.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import grouped
from transcripts.formats import labels, spelled_times, turn_times
from transcripts.formats.chat_log import is_event
from transcripts.formats.errors import FormatError
from transcripts.formats.model import CanonicalTurn
from transcripts.formats.vocabulary import ROLES_BY_PHRASE, ROLES_BY_WORD

MAX_LINES: Final = 200_000
BEGINNING: Final = 400  # characters of a line in which a label and its time stand
MAX_HEAD: Final = 60  # characters of a label alone on its line
FEWER: Final = 2  # labels within lines count where they give more than twice the turns

_STAMP: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DATE: Final = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}),?[T ]\s?"
_LEADING_TIME: Final = re.compile(
    rf"[\[(<]?(?:{_DATE})?({_STAMP})(?:\s?(?:-->|[-\u2013])\s?{_STAMP})?[\])>]?\s*[-\u2013|]?\s*"
)
_TRAILING_TIME: Final = re.compile(rf"\s*[\[(<]?({_STAMP})(?:\s?[-\u2013]\s?{_STAMP})?[\])>]?\s*$")
_TIME_ALONE: Final = re.compile(r"\s*\d{1,2}:\d{2}:\d{2}\s*")
# What a tool writes under the last words: Google Meet, Otter.
_CLOSING: Final = re.compile(
    r"\s*(?:Meeting ended after \d|This editable transcript was computer generated|"
    r"Transcribed by https://otter\.ai)"
)
# The word for it is alike in many languages: transcription, Transkription, trascrizione.
_RECORDED: Final = re.compile(
    r"\b(?:tran?s[ck]r[iy]|\u0442\u0440\u0430\u043d\u0441\u043a\u0440\u0438)"
    r"\w{2,9}(?: \w+){0,2}[.\s]*$"
    r"|\b(?:started|stopped) (?:the )?(?:recording|captions)[.\s]*$",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)$")
_BULLET: Final = re.compile(r"\s*(?:[-*\u2022\u2013>]\s+|#{1,6}\s+)?")
_COMMA: Final = re.compile("[,;\u3001\uff0c]")
_LITERAL_BREAK: Final = re.compile(r"\\r\\n|\\n|\\r")
_ROLE: Final = "|".join(
    sorted(
        (
            re.escape(written)
            for said in (*ROLES_BY_WORD, *ROLES_BY_PHRASE)
            for written in {said.capitalize(), said.title(), said.upper()}
        ),
        key=lambda written: (-len(written), written),
    )
)
_WITHIN: Final = re.compile(
    rf"(?<=[\s.!?\"')\]*|])(?=\*{{0,2}}(?:{_ROLE})(?: [A-Z\d][\w'.-]{{0,20}}){{0,2}}"
    r"\*{0,2}\s?:\*{0,2}\s)"
)


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
    if text.count("\n") > MAX_LINES:
        raise FormatError(_("has more than %(most)s lines of text") % {"most": grouped(MAX_LINES)})
    best = _read_lines(text.split("\n"))
    for again in _other_readings(text, len(best.turns)):
        talk = _read_lines(again.split("\n"))
        if len(talk.turns) > max(1, len(best.turns)):
            best = talk
    return best


def lines_of(text: str) -> list[tuple[str, bool]]:
    """For each labelled line of a text its label, and whether that states a role."""
    found = (_line(line) for line in text.split("\n"))
    return [(line.label, labels.role_of(line.label) is not None) for line in found if line.label]


def with_breaks(text: str) -> str:
    """The text with line breaks where it has them written out, as `\\n`."""
    return _LITERAL_BREAK.sub("\n", text)


def _other_readings(text: str, turns: int) -> Iterator[str]:
    if turns <= 1 and _LITERAL_BREAK.search(text):
        text = with_breaks(text)
        yield text
    within = len(_WITHIN.findall(text))
    if within > (FEWER * turns if turns > 1 else 0):
        yield _WITHIN.sub("\n", text)
    lines = text.split("\n")
    if timed := spelled_times.as_clocks(lines):
        yield "\n".join(timed)
    if turns <= 1:
        yield "\n".join(_with_colons(lines))


def _with_colons(lines: list[str]) -> Iterator[str]:
    """The lines, those that are only a label marked as such: `Agent` above what the agent said."""
    heads = [_head(line, above) for line, above in zip(lines, ["", *lines], strict=False)]
    counts = Counter(head for head in heads if head)
    several = len(counts) > 1
    for line, head in zip(lines, heads, strict=True):
        opens = head and several and (counts[head] > 1 or labels.role_of(head))
        yield f"{line.rstrip()}:" if opens else line


def _head(line: str, above: str) -> str:
    """The label that a whole line is, or an empty one."""
    bare = line.strip()
    if not bare or len(bare) > MAX_HEAD or bare[-1] in ".?!,:;":
        return ""
    time = _LEADING_TIME.match(bare)
    name = labels.tidy(bare[time.end() :] if time else bare)
    if labels.role_of(name):
        return name
    return name if (time or not above.strip()) and labels.looks_like_name(name) else ""


def _read_lines(raw: list[str]) -> Talk:
    lines = [_line(line) for line in raw]
    speakers = _speakers(lines)
    heading: list[str] = []
    opened: list[_Open] = []
    passed: float | None = None  # a time alone on its line, as Meet writes every five minutes
    for line in lines:
        if line.label and line.label in speakers:
            stamp = passed if line.stamp is None else line.stamp
            opened.append(_Open(line.label, stamp, [line.said]))
            passed = None
        elif _TIME_ALONE.fullmatch(line.text):
            passed = turn_times.seconds(line.text)
        elif opened and _CLOSING.match(line.text):
            break
        elif is_event(line.text):
            continue
        elif opened and _tells_of(line.text, speakers):
            passed = None
        elif opened:
            opened[-1].lines.append(line.text)
        elif line.text.strip():
            heading.append(line.text.strip())
    return Talk(
        _turns([turn for turn in opened if "".join(turn.lines).strip()]), "\n".join(heading)
    )


def _tells_of(text: str, speakers: Collection[str]) -> bool:
    """True if a line tells what a speaker did: `Dana Reyes stopped transcription`."""
    found = _RECORDED.search(text[:MAX_HEAD])
    names = (_IN_BRACKETS.sub("", name) for name in speakers) if found else ()
    return any(text.startswith(f"{name} ") and " " in name for name in names)


def _turns(opened: list[_Open]) -> tuple[CanonicalTurn, ...]:
    starts = turn_times.offsets([turn.stamp for turn in opened])
    return tuple(
        CanonicalTurn(
            role=labels.role_of(turn.label) or "unknown",
            speaker=turn.label,
            text="\n".join(turn.lines).strip(),
            started_s=start,
        )
        for turn, start in zip(opened, starts, strict=True)
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
    recurring |= _present(lines, names) | _above_words(lines, names)
    filled = [line for line in lines if line.text.strip()]
    if len(names) >= 2 and filled and all(line.label for line in filled):
        return names
    return recurring if len(recurring) > 1 or len(recurring) < len(counts) else set()


def _present(lines: list[_Line], names: set[str]) -> set[str]:
    """Names that a heading lists as those of the people who were there, two of them at least."""
    heading = itertools.takewhile(lambda line: not line.label, lines)
    listed = {part.strip() for line in heading for part in _COMMA.split(line.text[: MAX_HEAD * 10])}
    found = names & listed
    return found if len(found) > 1 else set()


def _above_words(lines: list[_Line], names: set[str]) -> set[str]:
    """Names that each stand once, alone on a line with a time that runs forward: `Ines  0:09`."""
    alone = [line for line in lines if line.label in names and line.stamp is not None]
    stamps = [line.stamp or 0.0 for line in alone]
    heads = all(not line.said for line in alone) and stamps == sorted(stamps)
    found = {line.label for line in alone}
    labelled = sum(1 for line in lines if line.label)
    return found if heads and len(found) > 1 and len(alone) == labelled else set()


def _line(raw: str) -> _Line:
    """Look for `[time] label: words`, `label (time): words` or `label time` alone on a line."""
    beginning = raw[:BEGINNING]
    if ":" not in beginning and "\uff1a" not in beginning:
        return _Line(raw)
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
        label = rest[: trailing.start()].rstrip(" |-\u2013")
        return _labelled(raw, label, "", turn_times.seconds(trailing[1]))
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
