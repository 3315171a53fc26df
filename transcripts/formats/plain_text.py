"""Plain text with speaker labels: `Agent: …`, `**Customer**: …`, `[00:01:02] Jane: …`.

The text may also stand in a JSON envelope (see envelopes.py). Text without labels is refused until
a person has said who speaks in each of its pieces (see pieces.py): who spoke is never guessed.
"""

import re
from collections.abc import Iterator
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, ngettext
from transcripts.formats import csv_turns, envelopes
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import CanonicalInteraction, Parsed
from transcripts.formats.pieces import told_apart
from transcripts.formats.remarks import with_remarks
from transcripts.formats.saved_chats import REMARK, SavedChat, read_saved_chat
from transcripts.formats.source import Source
from transcripts.formats.talk import Talk, lines_of, read_talk

NAME: Final = "plain_text"
LOOKED_AT: Final = 100_000  # characters
BY_NAME: Final = 0.01  # confidence where only the file's name speaks for it

_MAIL_HEADER: Final = re.compile(
    r"(?:from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|delivered-to|"
    r"mime-version|content-[a-z]+|x-[a-z-]+):|From \S+",
    re.IGNORECASE,
)
_CAPTION_TIME: Final = re.compile(r"\d\d?:\d\d[\d:.,]*\s*-->")
_CHAT_LINE: Final = re.compile(
    r"[\u200e\u200f]?\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? .{0,20}\d\d|\d\d:\d\d:\d\d\t"
)


def recognise(source: Source) -> Likeness | None:
    if source.starts_like_json:
        return envelopes.recognise(source)
    head = source.text[:LOOKED_AT]
    if saved := read_saved_chat(head):
        return Likeness(0.85, _saved_chat(len(saved.turns)))
    lines = head.split("\n", 400)[:400]
    if _is_mail(lines) or any(_CAPTION_TIME.search(line[:40]) for line in lines):
        return None
    inner = _stands_in_another_format(source, lines)
    labelled = lines_of("\n".join(lines))
    with_role = sum(stated for _, stated in labelled)
    if with_role:
        surely = 0.9 if with_role > 1 else 0.7
        return Likeness(surely / 2 if inner else surely, _labelled_lines(with_role))
    turns = read_talk("\n".join(lines)).turns
    if any(turn.role != "unknown" for turn in turns):
        return Likeness(0.6, _labels(len(turns)))
    if len({turn.speaker for turn in turns}) > 1:
        return Likeness(0.25 if inner else 0.5, gettext_noop("lines begin with names that recur"))
    if source.extension in FORMAT.extensions:
        return Likeness(
            BY_NAME, _("its name ends in .%(extension)s") % {"extension": source.extension}
        )
    return None


def _saved_chat(messages: int) -> str:
    return ngettext(
        "a chat saved as text, with %(n)s message",
        "a chat saved as text, with %(n)s messages",
        messages,
    ) % {"n": messages}


def _labelled_lines(lines: int) -> str:
    return ngettext(
        "%(n)s line begins with a label that states a role",
        "%(n)s lines begin with a label that states a role",
        lines,
    ) % {"n": lines}


def _labels(labels: int) -> str:
    return ngettext(
        "%(n)s label that states a role stands in the text",
        "%(n)s labels that state a role stand in the text",
        labels,
    ) % {"n": labels}


def parse(source: Source) -> Parsed:
    if source.starts_like_json and envelopes.recognise(source):
        return envelopes.parse(source, NAME)
    source.limits.check(characters=len(source.text))
    if saved := read_saved_chat(source.text):
        return Parsed(NAME, (_of_chat(saved, source),), notes=(*source.notes(), REMARK))
    talk = read_talk(source.text)
    if not talk.turns:
        return _told_apart(source)
    interaction = CanonicalInteraction(
        channel=source.channel or "call",
        turns=talk.turns,
        metadata=envelopes.heading_of(talk.heading),
    )
    return Parsed(NAME, (interaction,), notes=(*source.notes(), *_notes(talk)))


def _of_chat(saved: SavedChat, source: Source) -> CanonicalInteraction:
    heading = envelopes.heading_of(saved.heading)
    return CanonicalInteraction(
        channel=source.channel or "chat",
        turns=saved.turns,
        started_at=saved.started_at,
        metadata=with_remarks(heading, [REMARK]),
    )


def _told_apart(source: Source) -> Parsed:
    """A text without labels, as far as a person has told its pieces apart."""
    turns = told_apart(source.text, source.answers.pieces)
    interaction = CanonicalInteraction(channel=source.channel or "call", turns=turns)
    return Parsed(NAME, (interaction,), notes=source.notes())


def _stands_in_another_format(source: Source, lines: list[str]) -> bool:
    """True if labels are there because a table or a chat's lines hold them."""
    chat = sum(1 for line in lines if _CHAT_LINE.match(line)) * 2 > len(lines)
    table = csv_turns.recognise(source)
    return chat or (table is not None and table.confidence > 0.5)


def _notes(talk: Talk) -> Iterator[str]:
    if talk.heading:
        yield gettext_noop("Lines before the first speaker are kept as a heading, not as a turn.")


def _is_mail(head: list[str]) -> bool:
    first = [line for line in head if line.strip()][:6]
    return sum(1 for line in first if _MAIL_HEADER.match(line)) >= 2


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Plain text with speaker labels"),
    extensions=("txt", "text", "md", "log"),
    recognise=recognise,
    parse=parse,
)
