"""How an importer says what it cannot read.

Messages name files, lines and fields. They never quote a transcript: what a customer said must not
reach a log through an exception.
"""

from collections.abc import Iterable

from qa.core.errors import DomainError, Fault
from qa.core.texts import gettext as _
from transcripts.formats.answers import Question

SHOWN_FAULTS = 5  # in a sentence; all of them are in `faults`


class FormatError(DomainError):
    """A file, a record or a pushed object that cannot become an interaction.

    `reason` is the sentence without the place, `str()` has the place before it. `question` is what
    the uploader could answer to have the file read after all; for Question.COLUMNS, `columns` are
    the table's column names.
    """

    default_code = "invalid"

    def __init__(
        self,
        message: str = "",
        *,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
        expected: str | None = None,
        faults: Iterable[Fault] = (),
        question: Question | None = None,
        columns: Iterable[str] = (),
    ) -> None:
        every = tuple(faults)
        super().__init__(message or in_one_sentence(every), faults=every)
        self.file = file
        self.line = line
        self.field = field or (every[0].path if len(every) == 1 else None)
        self.expected = expected
        self.question = question
        self.columns = tuple(columns)

    @property
    def reason(self) -> str:
        """The sentence without file and line."""
        if not self.expected:
            return self.message
        told = {"message": self.message, "expected": self.expected}
        return _("%(message)s; expected %(expected)s") % told

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.line is not None:
            place.append(_("line %(line)s") % {"line": self.line})
        return f"{', '.join(place)}: {self.reason}" if place else self.reason


def in_one_sentence(faults: tuple[Fault, ...]) -> str:
    """Join faults for people: the first few, and how many more there are."""
    sentence = "; ".join(str(fault) for fault in faults[:SHOWN_FAULTS])
    left = len(faults) - SHOWN_FAULTS
    if left <= 0:
        return sentence
    return _("%(faults)s; and %(left)s more") % {"faults": sentence, "left": left}


def one_of(names: Iterable[str]) -> str:
    """What is expected where only some names are known."""
    return _("one of %(names)s") % {"names": ", ".join(names)}


def shortened(name: str, limit: int = 60) -> str:
    """A key, column or file name as it may stand in a message: printable, and not endless."""
    shown = name[:limit]
    if not shown.isprintable():
        shown = "".join(character if character.isprintable() else "?" for character in shown)
    return f"{shown}…" if len(name) > limit else shown


def with_plain_breaks(text: str) -> str:
    """The text with `\\n` at each line's end.

    Places in it are counted in characters, where it is stored and where a page shows it; and a
    page has no other line ends.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
