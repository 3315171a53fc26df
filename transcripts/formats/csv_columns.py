"""What the columns of a CSV of turns mean: as a person said, else by the names in its header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.errors import FormatError, one_of, shortened
from transcripts.formats.vocabulary import COLUMNS, words

MAX_SHOWN: Final = 20  # columns named in a message
EXPECTED: Final = gettext_noop(
    "a header row with a column for the speaker or role (speaker, role, sender, author), one for "
    "the text (text, message, content) and, for several conversations, one for their id"
)

_PUNCTUATION: Final = re.compile(r"[\W_]+")
_SIDES: Final = ("customer", "agent")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands in a row: `places` by meaning, `others` without a known one.

    Beside the meanings of the vocabulary there are `customer_text` and `agent_text`, for tables
    that have a question and its answer in one row.
    """

    header: tuple[str, ...]
    places: dict[str, int]

    @property
    def count(self) -> int:
        return len(self.header)

    @property
    def others(self) -> Iterator[tuple[str, int]]:
        taken = set(self.places.values())
        for index, name in enumerate(self.header):
            if name and index not in taken:
                yield shortened(name), index

    @property
    def has_text(self) -> bool:
        return "text" in self.places

    @property
    def has_conversation(self) -> bool:
        return "conversation" in self.places

    @property
    def has_speakers(self) -> bool:
        return "role" in self.places or "speaker" in self.places or "inbound" in self.places

    @property
    def has_pairs(self) -> bool:
        return "customer_text" in self.places and "agent_text" in self.places

    @property
    def has_replies(self) -> bool:
        return "message" in self.places and "reply_to" in self.places

    @property
    def shown(self) -> list[str]:
        return [shortened(name) for name in self.header[:MAX_SHOWN]]

    def name(self, meaning: str) -> str:
        """The header's own name of a meaning's column; empty if it has none."""
        place = self.places.get(meaning)
        return "" if place is None else shortened(self.header[place])

    def cell(self, cells: Sequence[str], meaning: str) -> str:
        """A row's cell by meaning, stripped; empty where the row or the header lacks it."""
        place = self.places.get(meaning)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def with_text_at(self, place: int) -> "Columns":
        """Return the columns with the text read from `place`, whatever its name meant."""
        kept = {meaning: index for meaning, index in self.places.items() if index != place}
        return Columns(self.header, {**kept, "text": place})


def columns_of(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> Columns:
    """Tell each column's meaning; what a person chose goes before what a name suggests.

    Two columns of one meaning leave the second among the others. FormatError where a chosen
    column is not in the table.
    """
    names = tuple(name.strip() for name in header)
    plain = [_plain(name) for name in names]
    places = _chosen_places(names, plain, chosen or {})
    for meaning, synonyms in COLUMNS.items():
        if meaning not in places:
            _place(places, meaning, plain, synonyms)
    columns = Columns(names, places)
    if not columns.has_pairs and not (columns.has_text and columns.has_speakers):
        _place_pairs(columns, plain)
    return columns


def cannot_tell(columns: Columns | None) -> FormatError:
    """The refusal of a table whose columns nobody explained yet."""
    message = _("has no columns to read turns from (found: none)")
    if columns:
        found = ", ".join(name or _("(blank)") for name in columns.shown)
        message = _("has no columns to read turns from (found: %(found)s)") % {"found": found}
    return FormatError(
        message,
        expected=_(EXPECTED),
        question=Question.COLUMNS,
        columns=[name for name in columns.header if name] if columns else (),
    )


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name).casefold()


def _chosen_places(
    names: Sequence[str], plain: Sequence[str], chosen: Mapping[str, str]
) -> dict[str, int]:
    places: dict[str, int] = {}
    for meaning, name in chosen.items():
        if not name.strip():
            continue
        if name.strip() in names:
            places[meaning] = names.index(name.strip())
        elif _plain(name) in plain:
            places[meaning] = plain.index(_plain(name))
        else:
            raise FormatError(
                _("has no column %(name)s") % {"name": shortened(name)},
                expected=one_of(shortened(name) for name in names[:MAX_SHOWN]),
                question=Question.COLUMNS,
                columns=[name for name in names if name],
            )
    return places


def _place(
    places: dict[str, int], meaning: str, plain: Sequence[str], synonyms: Sequence[str]
) -> None:
    for synonym in synonyms:
        if synonym in plain and plain.index(synonym) not in places.values():
            places[meaning] = plain.index(synonym)
            return


def _place_pairs(columns: Columns, plain: Sequence[str]) -> None:
    """Find the two columns of a question and its answer; both, or neither."""
    found: dict[str, int] = {}
    for side in _SIDES:
        _place(found, f"{side}_text", plain, words("said", side))
    if len(found) < len(_SIDES) and not columns.has_text:
        for side in _SIDES:
            if f"{side}_text" not in found:
                _place(found, f"{side}_text", plain, words("said", f"{side}_alone"))
    if len(found) < len(_SIDES):
        return
    for meaning in [name for name, place in columns.places.items() if place in found.values()]:
        del columns.places[meaning]
    columns.places.update(found)
