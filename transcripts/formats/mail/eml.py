"""One e-mail message, RFC 5322 with MIME, as a mail program saves it."""

import re
from itertools import islice
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.mail import reply_marks
from transcripts.formats.mail.messages import read_mail
from transcripts.formats.mail.mime import (
    BASIC_HEADERS,
    KNOWN_HEADERS,
    TECHNICAL_HEADERS,
    Headers,
    after_stray_lines,
    message_starts,
    read_headers,
    unix_lines,
)
from transcripts.formats.mail.replies import split_html_reply, split_reply
from transcripts.formats.mail.threads import thread_of
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "eml"
LINES: Final = 300  # of a text without headers, looked at for a quoted mail
HEAD: Final = 64 * 1024  # bytes looked at to tell a mail
PAGE: Final = 200_000  # characters of HTML looked at

_MARKUP: Final = re.compile(
    r"\s{0,200}(?:<!--.{0,500}?-->\s{0,50})?<(?:!doctype|html|head|body|meta|div|p|table|span|font|b|"
    r"blockquote|style|center|h[1-6]|ul|br)\b[^<>]{0,2000}>",
    re.IGNORECASE | re.DOTALL,
)
_SPOKEN: Final = re.compile(r"(?:[(\[]\s?[\dhms :.]{1,14}[)\]]\s?)?[^\W\d][^:\n]{0,40}:\s\S")


def recognise(source: Source) -> Likeness | None:
    head = unix_lines(mail_bytes(source)[:HEAD])
    if head.lstrip()[:1] in (b"", b"{", b"[") or _is_mailbox(source, head):
        return None
    headers, start = _headers(head)
    names = headers.names()
    basic = len(names & BASIC_HEADERS)
    if names & TECHNICAL_HEADERS and basic >= 2:
        return Likeness(0.95, gettext_noop("begins with the headers of an e-mail"))
    stray = head[:start].strip() and not head.startswith((b"From ", b">From "))
    if "from" in names and basic >= 3 and "@" in headers.raw("from") and not stray:
        return Likeness(0.85, gettext_noop("begins with From, To or Subject and an e-mail address"))
    if source.extension == "eml" and basic:
        return Likeness(0.6, gettext_noop("begins with a header of an e-mail"))
    return _like_a_page(source) if _is_markup(source) else _like_a_reply(source)


def parse(source: Source) -> Parsed:
    data = mail_bytes(source)
    if not _headers(unix_lines(data[:HEAD]))[0].names() & KNOWN_HEADERS:
        kind = b"Content-Type: text/html; charset=utf-8\n\n" if _is_markup(source) else b""
        data = kind + source.text.encode()  # a body alone, which must be text as any other file
    mail = read_mail(data)
    thread = thread_of([mail], source.answers)
    if thread.interaction is None:
        why = " ".join(map(_, thread.notes)) or _("attachments are not read")
        message = _("is an e-mail without words in its body; %(why)s")
        raise FormatError(message % {"why": why})
    return Parsed(NAME, (thread.interaction,), notes=thread.notes, open=thread.open)


def _headers(head: bytes) -> tuple[Headers, int]:
    """The headers of a mail, and where they begin."""
    start = after_stray_lines(head)
    return read_headers(head, start, len(head))[0], start


def _is_mailbox(source: Source, head: bytes) -> bool:
    """True if several mails follow one another, which another format reads."""
    if head.lstrip()[:5] != b"From ":
        return False
    return len(list(islice(message_starts(unix_lines(mail_bytes(source))), 2))) > 1


def _is_markup(source: Source) -> bool:
    """True if the whole file is HTML, as mail programs save a body."""
    try:
        head = source.text[:HEAD]
    except FormatError:
        return False
    return _MARKUP.match(head) is not None


def _like_a_page(source: Source) -> Likeness | None:
    """A body in HTML: surely a mail's where it quotes one, hardly where people are labelled."""
    if source.extension not in ("html", "htm", "txt", "eml", ""):
        return None
    reply = split_html_reply(source.text[:PAGE])
    if reply.quoted:
        return Likeness(0.6, gettext_noop("is HTML that quotes an older e-mail"))
    labelled = sum(1 for line in reply.text.split("\n") if _SPOKEN.match(line))
    is_page = source.extension in ("html", "htm", "eml")
    if not is_page or labelled > 1 or not any(map(str.isalnum, reply.text)):
        return None
    return Likeness(0.3, gettext_noop("is HTML as a mail program saves a body"))


def _like_a_reply(source: Source) -> Likeness | None:
    """A body alone, without its headers, is known by the mail that it quotes."""
    if source.extension not in ("txt", "eml", ""):
        return None
    reply = split_reply("\n".join(source.lines[:LINES]))
    if reply.quoted and reply_marks.announces_quote(reply.quoted.split("\n")):
        return Likeness(0.4, gettext_noop("quotes an older e-mail"))
    return None


def mail_bytes(source: Source) -> bytes:
    """The bytes as mail programs write them: UTF-8 or 8-bit, also where a file is UTF-16."""
    data = source.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.text.encode()
    return data.removeprefix(b"\xef\xbb\xbf")


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("E-mail message"),
    extensions=("eml", "mht", "html", "htm"),
    recognise=recognise,
    parse=parse,
)
