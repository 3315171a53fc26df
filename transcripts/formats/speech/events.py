"""Events of recognisers that transcribe while people speak: JSON lines, or a list of objects.

While a stretch is still being spoken, the same words come again and again as partial results; the
readers take the final ones alone.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats.messages import records_of
from transcripts.formats.errors import FormatError
from transcripts.formats.model import CanonicalTurn, LineError
from transcripts.formats.source import Source

LOOKED_AT: Final = 40  # events; the first may tell of the connection only
ONLY_PARTIAL: Final = gettext_noop("holds partial results only; expected the final ones too")
BROKEN: Final = gettext_noop("Lines that are not JSON were left out (%(n)s).")


def first_events(source: Source) -> list[dict[str, Any]]:
    """The first events of a file, to tell what wrote it; of one JSON object, the object."""
    if not source.starts_like_json:
        return []
    try:
        found = list(islice(records_of(source), LOOKED_AT))
    except FormatError:
        return []
    return [value for _, value in found if isinstance(value, dict)]


def events_of(source: Source) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Every event of a file, and what the uploader should know of lines that are none."""
    values = [value for _, value in records_of(source)]
    broken = sum(isinstance(value, LineError) for value in values)
    notes = (_(BROKEN) % {"n": broken},) if broken else ()
    return [value for value in values if isinstance(value, dict)], notes


def plain(part: dict[str, Any]) -> dict[str, Any]:
    """An object under keys that are alike in every client library: `IsPartial`, `is_partial`."""
    return {key.replace("_", "").casefold(): value for key, value in part.items()}


def latest(finals: Iterable[tuple[str, Any]]) -> Iterator[Any]:
    """What is known by an id once, as it was said last, where it stood first; the others as is."""
    found: dict[object, Any] = {}
    for number, (identity, value) in enumerate(finals):
        found[identity or number] = value
    yield from found.values()


def refuse_empty(turns: Iterable[CanonicalTurn], events: list[dict[str, Any]]) -> None:
    """Say that only partial results came, where nothing else is the reason for no words."""
    if events and not any(turn.text for turn in turns):
        raise FormatError(_(ONLY_PARTIAL))
