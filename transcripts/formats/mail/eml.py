"""One e-mail message, RFC 5322 with MIME, as a mail program saves it."""

from itertools import islice
from typing import Final

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
from transcripts.formats.mail.replies import split_reply
from transcripts.formats.mail.threads import thread_of
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "eml"
LINES: Final = 300  # of a text without headers, looked at for a quoted mail
HEAD: Final = 64 * 1024  # bytes looked at to tell a mail


def recognise(source: Source) -> Likeness | None:
    head = unix_lines(mail_bytes(source)[:HEAD])
    if head.lstrip()[:1] in (b"", b"{", b"[") or _is_mailbox(source, head):
        return None
    headers, start = _headers(head)
    names = headers.names()
    basic = len(names & BASIC_HEADERS)
    if names & TECHNICAL_HEADERS and basic >= 2:
        return Likeness(0.95, "begins with the headers of an e-mail")
    stray = head[:start].strip() and not head.startswith((b"From ", b">From "))
    if "from" in names and basic >= 3 and "@" in headers.raw("from") and not stray:
        return Likeness(0.85, "begins with From, To or Subject and an e-mail address")
    if source.extension == "eml" and basic:
        return Likeness(0.6, "begins with a header of an e-mail")
    return _like_a_reply(source)


def parse(source: Source) -> Parsed:
    data = mail_bytes(source)
    if not _headers(unix_lines(data[:HEAD]))[0].names() & KNOWN_HEADERS:
        data = source.text.encode()  # a body alone, which must be text as any other file
    mail = read_mail(data)
    thread = thread_of([mail], source.answers)
    if thread.interaction is None:
        why = " ".join(thread.notes) or "attachments are not read"
        raise FormatError(f"is an e-mail without words in its body; {why}")
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


def _like_a_reply(source: Source) -> Likeness | None:
    """A body alone, without its headers, is known by the mail that it quotes."""
    if source.extension not in ("txt", "eml", ""):
        return None
    reply = split_reply("\n".join(source.lines[:LINES]))
    if reply.quoted and reply_marks.announces_quote(reply.quoted.split("\n")):
        return Likeness(0.4, "quotes an older e-mail")
    return None


def mail_bytes(source: Source) -> bytes:
    """The bytes as mail programs write them: UTF-8 or 8-bit, also where a file is UTF-16."""
    data = source.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.text.encode()
    return data.removeprefix(b"\xef\xbb\xbf")


FORMAT: Final = Format(
    name=NAME,
    title="E-mail message",
    extensions=("eml", "mht"),
    recognise=recognise,
    parse=parse,
)
