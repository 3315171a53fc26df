"""What the columns of a CSV of turns mean, by the names in its header row."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transcripts.formats.errors import shortened
from transcripts.formats.vocabulary import COLUMNS

DELIMITERS: Final = ",;\t|"
MAX_SHOWN: Final = 20  # columns named in a message

_PUNCTUATION: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands in a row: `places` by meaning, `others` without a known one."""

    header: tuple[str, ...]
    places: dict[str, int]
    others: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        return len(self.header)

    @property
    def text(self) -> int | None:
        return self.places.get("text")

    @property
    def conversation(self) -> int | None:
        return self.places.get("conversation")

    @property
    def has_speakers(self) -> bool:
        return "role" in self.places or "speaker" in self.places

    @property
    def usable(self) -> bool:
        """Whether turns can be read: text and speakers, or ids with whole transcripts."""
        return self.text is not None and (self.has_speakers or self.conversation is not None)

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


def columns_of(header: Sequence[str]) -> Columns:
    """Tell each column's meaning; two of one meaning leave the second among the others."""
    names = [name.strip() for name in header]
    plain = [_PUNCTUATION.sub("", name).casefold() for name in names]
    places: dict[str, int] = {}
    for meaning, synonyms in COLUMNS.items():
        for synonym in synonyms:
            if synonym in plain and plain.index(synonym) not in places.values():
                places[meaning] = plain.index(synonym)
                break
    taken = set(places.values())
    others = tuple(
        (shortened(name), index) for index, name in enumerate(names) if name and index not in taken
    )
    return Columns(tuple(names), places, others)


def delimiter_of(head: str) -> str:
    """The delimiter under which the first line holds most columns with a known meaning."""
    first = head.split("\n", 1)[0]

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader(io.StringIO(first), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return len(columns_of(cells).places), len(cells)

    return max(DELIMITERS, key=worth)
