"""Zip archives of transcripts: every entry is read as if it had come alone, and named in errors.

E-mails are the exception: saved one by one, they are put together to their threads.

`zip_format` is given the reader of single files, so that this module needs no list of formats.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.counters import without_counter
from transcripts.formats.decoding import SIGNATURES
from transcripts.formats.errors import FormatError, shortened
from transcripts.formats.format import Format, Likeness
from transcripts.formats.limits import Count, TooMuchError
from transcripts.formats.mail import eml
from transcripts.formats.mail.messages import Mail, read_mail
from transcripts.formats.mail.threads import thread_of, threads
from transcripts.formats.model import CanonicalInteraction, LineError, Parsed
from transcripts.formats.source import Source
from transcripts.formats.tickets import companions
from transcripts.formats.validation import validate
from transcripts.formats.zip_entries import Entry, entries, is_zip

NAME: Final = "zip"
OFFICE: Final = "[Content_Types].xml"
SHOWN_NAME: Final = 150  # characters of an entry's name in a message
_MEDIA: Final = ("image", "recording", "PDF")
_THREADS: Final = gettext_noop("The e-mails in the archive were grouped into threads.")
_JOINED: Final = gettext_noop(
    "Files of the archive that are parts of one export were read together."
)
_MEDIA_NOTE: Final = gettext_noop(
    "Pictures, recordings and PDF documents in the archive were left out."
)

ReadFile = Callable[[Source], Parsed]


@dataclass(slots=True)
class _Contents:
    """What the entries read so far hold."""

    count: Count
    kept: list[CanonicalInteraction] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    open: dict[Question, None] = field(default_factory=dict)
    formats: Counter[str] = field(default_factory=Counter)
    mails: list[tuple[str, Mail]] = field(default_factory=list)
    parts: list[companions.Part] = field(default_factory=list)

    def refuse(self, name: str, error: FormatError) -> None:
        """Name an entry that can't be read at all."""
        for fault in error.faults or (Fault(error.field or "", error.reason),):
            self.errors.append(_error(name, error.line, fault))

    def take(self, name: str, parsed: Parsed) -> None:
        """Keep what an entry holds, and name what in it can't be read."""
        self.count.take(parsed.interactions)
        self.kept += parsed.interactions
        self.formats[parsed.format] += 1
        self.notes |= dict.fromkeys(parsed.notes)
        self.open |= dict.fromkeys(parsed.open)
        for error in parsed.errors:
            self.errors += [_error(name, error.line, fault) for fault in error.faults]


def zip_format(read: ReadFile) -> Format:
    """The format of zip archives whose entries are read by `read`."""
    return Format(
        name=NAME,
        title=gettext_noop("Zip archive of transcripts"),
        extensions=("zip",),
        recognise=recognise,
        parse=lambda source: parse(source, read),
    )


def recognise(source: Source) -> Likeness | None:
    if not is_zip(source.data):
        return None
    return Likeness(0.7, gettext_noop("begins as a zip archive does"))


def parse(source: Source, read: ReadFile) -> Parsed:
    if not is_zip(source.data):
        raise FormatError(_("is no zip archive"))
    listed = entries(source.data)
    if not listed:
        raise FormatError(_("is an empty zip archive"))
    if any(entry.name == OFFICE for entry in listed):
        raise FormatError(_("is an Office document; save it as text or CSV"))
    contents = _Contents(Count(source.limits))
    for entry in listed:
        try:
            _take(entry, source, read, contents)
        except TooMuchError:
            raise
        except FormatError as error:
            contents.refuse(entry.name, error)
    _take_parts(read, contents)
    _take_mails(contents, source)
    if not contents.kept and not contents.errors:
        raise FormatError(_("holds no transcripts: only pictures, recordings or empty files"))
    notes = (*_summary(contents), *contents.notes)
    return Parsed(NAME, tuple(contents.kept), tuple(contents.errors), notes, tuple(contents.open))


def _take(entry: Entry, source: Source, read: ReadFile, contents: _Contents) -> None:
    data = entry.read()
    if not data:
        contents.notes[gettext_noop("Empty files in the archive were left out.")] = None
    elif is_zip(data):
        raise FormatError(_("is an archive inside the archive; unpack it first"))
    elif _is_media(data):
        contents.notes[_MEDIA_NOTE] = None
    else:
        inner = Source(data, entry.name, source.channel, source.answers, source.limits)
        if inner.extension == "eml" and eml.recognise(inner):
            contents.mails.append((entry.name, read_mail(eml.mail_bytes(inner))))
        elif part := companions.part_of(entry.name, inner):
            contents.parts.append(part)
        else:
            contents.take(entry.name, without_counter(read(inner)))


def _take_parts(read: ReadFile, contents: _Contents) -> None:
    """Read the parts of an export together, a part without others by itself."""
    for group in companions.groups(contents.parts):
        name = group[0].name
        try:
            whole, errors = companions.joined(group) if len(group) > 1 else (group[0].source, [])
            contents.take(name, without_counter(read(whole)))
            if len(group) > 1:
                contents.notes[_JOINED] = None
        except TooMuchError:
            raise
        except FormatError as error:
            contents.refuse(name, error)
            continue
        for place, failed in errors:
            contents.errors += [_error(place, failed.line, fault) for fault in failed.faults]


def _take_mails(contents: _Contents, source: Source) -> None:
    """Put the e-mails together to threads; one without words is named by its entry."""
    names = {id(mail): name for name, mail in contents.mails}
    for group in threads(mail for __, mail in contents.mails):
        thread = thread_of(group, source.answers)
        name = names[id(group[0])]
        try:
            if thread.interaction is None:
                raise FormatError(_("is an e-mail without words in its body"))
            kept = validate(thread.interaction.to_dict())
        except FormatError as error:
            contents.refuse(name, error)
            continue
        contents.take(name, Parsed(eml.NAME, (kept,), (), thread.notes, thread.open))
        if len(group) > 1:
            contents.notes[_THREADS] = None


def _is_media(data: bytes) -> bool:
    if data[4:8] == b"ftyp":
        return True
    looks_like = next((what for magic, what in SIGNATURES if data.startswith(magic)), "")
    return any(word in looks_like for word in _MEDIA)


def _error(name: str, line: int | None, fault: Fault) -> LineError:
    """A fault with the entry's name and line before its path."""
    place = shortened(name, SHOWN_NAME)
    if line is not None:
        place = _("%(name)s, line %(line)s") % {"name": place, "line": line}
    return LineError(None, (Fault(f"{place}: {fault.path}".strip(": "), fault.message),))


def _summary(contents: _Contents) -> Iterator[str]:
    files = ", ".join(f"{name} {count}" for name, count in sorted(contents.formats.items()))
    if files:
        yield _("Files in the archive by format: %(files)s.") % {"files": files}
