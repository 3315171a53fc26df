"""One mail as a transcript needs it: who wrote when to whom, the new words, what else it holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.html_text import html_to_text, read_page
from transcripts.formats.mail.addresses import address_of, label, people
from transcripts.formats.mail.automatic import automatic_role
from transcripts.formats.mail.mime import MAX_DEPTH, MAX_WORDS, Headers, Message, Part
from transcripts.formats.mail.quoted import read_quoted
from transcripts.formats.mail.replies import Reply, split_html_reply, split_reply
from transcripts.formats.model import Json
from transcripts.formats.validation import MAX_SUBJECT

MAX_REFERENCES: Final = 100
MAX_ATTACHMENTS: Final = 50
MAX_NAMED: Final = 200  # characters of an attachment's name
FIRST_YEAR: Final = 1980  # a mail dated before is one without a clock
STUB: Final = (
    3  # a plain text this many times shorter than the HTML beside it is no more than a stub
)
MANY_WORDS: Final = 300  # characters

_PAGE: Final = re.compile(
    r"\s*(?:<!--.{0,300}?-->\s*)?<(?:!doctype html|html|body|head)\b", re.I | re.S
)
_ID: Final = re.compile(r"<([^<>\s]{1,250})>")
_ZONE: Final = re.compile(r"\s[+-]\d{4}\b|\b(?:GMT|UTC?|Z|[ECMP][SD]T)\b")
_READ_AS_TEXT: Final = ("text/plain", "text/html", "text/enriched", "text/markdown")
_NOT_READ: Final = {"winmail.dat", "application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass(frozen=True, slots=True)
class Sent:
    """When a mail was sent; `naive` where the file gives no zone, so that the moment is open."""

    moment: datetime
    naive: bool = False
    zone: tzinfo | None = None  # that of the sender's clock


@dataclass(frozen=True, slots=True)
class Mail:
    """One message with the words that its sender added."""

    sender: str
    reply: Reply
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    sent: Sent | None = None
    automatic: str = ""  # the role of words that no person wrote: "bot" or "system"
    attachments: tuple[dict[str, Json], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def participants(self) -> set[str]:
        """The addresses of all concerned, or their names where no address is given."""
        return {
            address_of(person) or person.casefold()
            for person in (self.sender, *self.recipients)
            if person
        }


@dataclass(frozen=True, slots=True)
class _Segment:
    """A place in the body: its words as plain text, as HTML, or both."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class _Content:
    segments: list[_Segment] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    enclosed: list[Part] = field(default_factory=list)
    cut: bool = False  # a text was too long to be read to its end


def read_mail(data: bytes) -> Mail:
    """Read one message; whatever is wrong with it, the words found are given."""
    message = Message(data)
    headers = message.root.headers
    subject = headers.text("subject")[:MAX_SUBJECT]
    content = _content(message.root, 0)
    attachments = [_attachment(part) for part in content.attachments[:MAX_ATTACHMENTS]]
    automatic, sent = automatic_role(message.root), _sent(headers)
    reply = _body(content, subject, whole=automatic == "system")
    stated = label(headers.raw("from")) or label(headers.raw("sender"))
    return Mail(
        sender=stated or (read_quoted(reply.quoted).to if reply.quoted else ""),
        reply=reply,
        subject=subject,
        message_id=next(iter(_ids(headers.raw("message-id"))), ""),
        references=_references(headers),
        recipients=tuple(person for name in ("to", "cc") for person in people(headers.raw(name))),
        sent=sent,
        automatic=automatic,
        attachments=tuple(attachments),
        notes=tuple(_notes(message, content, sent)),
    )


def _content(part: Part, depth: int) -> _Content:
    """The places with words of a part and below, in order, and what is attached."""
    if depth > MAX_DEPTH:
        return _Content()
    if part.kind == "message/rfc822" and depth > 0:
        return _Content(attachments=[part], enclosed=[part])
    if not part.parts:
        return _leaf(part)
    inner = [_content(child, depth + 1) for child in part.parts]
    segments = [segment for content in inner for segment in content.segments]
    if part.kind == "multipart/alternative" and segments:
        plain = next((segment.plain for segment in segments if segment.plain.strip()), "")
        html = next((segment.html for segment in segments if segment.html), "")
        segments = [_Segment(plain, html)]
    elif part.kind == "multipart/report":
        segments = segments[:1]
    return _Content(
        segments,
        [attachment for found in inner for attachment in found.attachments],
        [part for found in inner for part in found.enclosed],
        any(content.cut for content in inner),
    )


def _leaf(part: Part) -> _Content:
    disposition = part.headers.value("content-disposition")
    named = bool(part.name) and disposition != ""
    if part.kind not in _READ_AS_TEXT or disposition == "attachment" or named:
        ours = part.name or not part.kind.startswith("text/")
        return _Content(attachments=[part] if ours else [])
    words = part.words()
    marked_up = part.kind in ("text/html", "text/enriched") or is_page(words)
    segment = _Segment(html=words) if marked_up else _Segment(plain=words)
    return _Content([segment], cut=len(part.body) > MAX_WORDS)


def _body(content: _Content, subject: str, *, whole: bool) -> Reply:
    """The words of all places; where there are none, those of an enclosed mail.

    `whole` keeps what is quoted in its place: a bounce quotes what it is about.
    """
    if whole:
        texts = (
            segment.plain.strip() or html_to_text(segment.html) for segment in content.segments
        )
        return Reply("\n\n".join(text for text in texts if text))
    replies = [_segment_reply(segment, subject) for segment in content.segments]
    if not any(reply.text for reply in replies):
        enclosed = [child for part in content.enclosed for child in part.parts]
        inner = [segment for part in enclosed for segment in _content(part, 1).segments]
        replies = [_segment_reply(segment, subject) for segment in inner]
    parts = ("text", "quoted", "banner", "hidden")
    return Reply(
        *("\n\n".join(filter(None, (getattr(r, part) for r in replies))) for part in parts)
    )


def _segment_reply(segment: _Segment, subject: str) -> Reply:
    plain = segment.plain.strip()
    if not segment.html:
        return split_reply(plain, subject=subject)
    if plain and not _is_stub(plain, segment.html):
        return _without_hidden(split_reply(plain, subject=subject), segment.html)
    return split_html_reply(segment.html, subject=subject)


def is_page(words: str) -> bool:
    """True of HTML that is not said to be any."""
    return _PAGE.match(words[:500]) is not None


def _without_hidden(reply: Reply, html: str) -> Reply:
    """The plain words without the lines above that the HTML beside them hides."""
    hidden = read_page(html).hidden
    if not hidden:
        return reply
    said = " ".join(hidden.split())
    lines = reply.text.split("\n")
    first = next((at for at, line in enumerate(lines) if " ".join(line.split()) not in said), 0)
    text = "\n".join(lines[first:]).strip()
    taken = "\n".join(lines[:first]).strip()
    return replace(reply, text=text, hidden=taken) if taken and text else reply


def _is_stub(plain: str, html: str) -> bool:
    """True if a plain text only says that there is HTML, or the like."""
    if len(plain) >= MANY_WORDS or len(html) < MANY_WORDS:
        return False
    return len(html_to_text(html)) > max(MANY_WORDS, STUB * len(plain))


def _attachment(part: Part) -> dict[str, Json]:
    name = part.name
    if part.kind == "message/rfc822" and not name:
        name = part.parts[0].headers.text("subject") if part.parts else ""
    return {"name": name[:MAX_NAMED] or None, "type": part.kind}


def _notes(message: Message, content: _Content, sent: Sent | None) -> Iterator[str]:
    if message.cut:
        yield gettext_noop(
            "A message has too many parts inside one another; the deepest were not read."
        )
    if content.cut:
        very_long = _("A message is very long; only its first %(n)s bytes were read.")
        yield very_long % {"n": grouped(MAX_WORDS)}
    if any(_NOT_READ & {part.name.lower(), part.kind} for part in content.attachments):
        yield gettext_noop("An attachment winmail.dat was not read.")
    if sent is not None and _moment(message.root.headers.raw("date")) is None:
        yield gettext_noop("A message has no readable date; its time of delivery was taken.")


def _references(headers: Headers) -> tuple[str, ...]:
    """The messages that this one answers, the nearest first."""
    answered = _ids(headers.raw("in-reply-to"))
    earlier = reversed(_ids(headers.raw("references")))
    return tuple(dict.fromkeys([*answered, *earlier]))[:MAX_REFERENCES]


def _ids(value: str) -> list[str]:
    return [match[1] for match in _ID.finditer(value)]


def _sent(headers: Headers) -> Sent | None:
    """The Date header; where there is none that can be read, the time of the last delivery."""
    stated = _moment(headers.raw("date"))
    if stated is not None:
        return stated
    received = (header.rpartition(";")[2] for header in headers.all("received"))
    return next((found for stamp in received if (found := _moment(stamp)) is not None), None)


def _moment(value: str) -> Sent | None:
    try:
        read = parsedate_tz(value.strip()[:100])
    except (IndexError, ValueError, TypeError, OverflowError):
        return None
    if read is None:
        return None
    zoned = _ZONE.search(value) is not None
    try:
        zone = timezone(timedelta(seconds=read[9] or 0)) if zoned else UTC
        moment = datetime(*read[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return Sent(moment, not zoned, zone if zoned else None) if moment.year >= FIRST_YEAR else None
