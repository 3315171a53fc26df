"""What a file format is to the registry: how to tell it, and how to read it."""

from collections.abc import Callable
from dataclasses import dataclass

from transcripts.formats.model import CanonicalInteraction, Parsed
from transcripts.formats.source import Source


@dataclass(frozen=True, slots=True)
class Likeness:
    """How surely a file is of a format, 0 to 1, and the reason, to be shown to people."""

    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    `recognise` looks at the content and answers None where it does not fit; it may let a
    FormatError through (the file is no text). `parse` raises FormatError when nothing can be
    read, and names the records refused in `Parsed.errors` when others can. `read_record`, for
    formats that have one JSON record a line, turns one decoded line into an interaction.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    recognise: Callable[[Source], Likeness | None]
    parse: Callable[[Source], Parsed]
    read_record: Callable[[object], CanonicalInteraction] | None = None
