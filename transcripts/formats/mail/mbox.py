"""A mailbox: many messages in one file, RFC 4155 and the older kinds, and the archives of lists.

A message begins with a line `From jo@x.org Sat Nov  8 11:37:32 2014` above its headers. Messages
are put together into threads; each thread is one interaction.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.mail.eml import mail_bytes
from transcripts.formats.mail.messages import read_mail
from transcripts.formats.mail.mime import message_starts, unix_lines
from transcripts.formats.mail.threads import thread_of, threads
from transcripts.formats.model import Parsed
from transcripts.formats.source import Source

NAME: Final = "mbox"

_QUOTED_FROM: Final = re.compile(rb"^>(>{0,20}From )", re.MULTILINE)


def recognise(source: Source) -> Likeness | None:
    data = mail_bytes(source)
    if data.lstrip()[:5] != b"From ":
        return None
    found = len(list(islice(message_starts(unix_lines(data)), 2)))
    if found > 1:
        return Likeness(0.97, gettext_noop("holds several e-mails, each below a From line"))
    return None


def parse(source: Source) -> Parsed:
    data = unix_lines(mail_bytes(source))
    starts = list(message_starts(data))
    if not starts:
        raise FormatError(
            _("holds no e-mails"), expected=_("a line From with a date above each of them")
        )
    source.limits.check(turns=len(starts))
    mails = (read_mail(raw) for raw in _messages(data, starts))
    found = [thread_of(thread, source.answers) for thread in threads(mails)]
    interactions = tuple(thread.interaction for thread in found if thread.interaction)
    if not interactions:
        raise FormatError(
            _("holds e-mails without words in their bodies; attachments are not read")
        )
    notes = [note for thread in found for note in thread.notes]
    if len(interactions) < len(found):
        notes.append(gettext_noop("Messages without any words were left out."))
    return Parsed(
        NAME,
        interactions,
        notes=tuple(dict.fromkeys(notes)),
        open=tuple(dict.fromkeys(question for thread in found for question in thread.open)),
    )


def _messages(data: bytes, starts: list[int]) -> Iterator[bytes]:
    """Each message without its From line; lines of its words that begin so were written `>From`."""
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        first = data.find(b"\n", start) + 1
        yield _QUOTED_FROM.sub(rb"\1", data[first:end])


FORMAT: Final = Format(
    name=NAME,
    title="Mailbox (mbox)",
    extensions=("mbox", "mbx"),
    recognise=recognise,
    parse=parse,
)
