"""The rows of a table in text: its delimiter, its header, and each record's line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import grouped
from transcripts.formats.csv_columns import columns_of
from transcripts.formats.errors import FormatError

DELIMITERS: Final = ",;\t|"
MAX_CELL: Final = 16 * 1024 * 1024  # characters; whole transcripts stand in cells
HEAD: Final = 10_000  # characters in which the header is looked for
SAMPLE: Final = 200_000  # and those in which the first rows are
SAMPLE_ROWS: Final = 5
TITLES: Final = 10  # records above the header, at most
MAX_BLANK: Final = 2_000_000  # rows without a filled cell; a whole spreadsheet has half of them

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """A record's cells, and the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A text read as a table: `header` is empty where it can't be one."""

    text: str
    delimiter: str
    header: tuple[str, ...]
    above: int = 0  # filled records before the header: titles of a report

    def rows(self) -> Iterator[Row]:
        """Every record below the header; FormatError where quoting goes wrong."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        line, above, blank = 1, 1 + self.above, 0
        try:
            for cells in reader:
                if any(cells) and any(cell.strip() for cell in cells):
                    if above:
                        above -= 1
                    else:
                        yield Row(line, cells)
                elif (blank := blank + 1) > MAX_BLANK:
                    raise FormatError(
                        _("has more than %(most)s blank rows") % {"most": grouped(MAX_BLANK)},
                        line=line,
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            reason = _("has a cell that is too long, or a quote that never ends")
            if "delimiter" in str(error):
                reason = _(
                    "a quoted cell is followed by more text; quotes inside a cell are doubled"
                )
            raise FormatError(reason, line=line) from None

    def sample(self) -> list[list[str]]:
        """The first few records below the header, as far as they can be read."""
        reader = csv.reader(io.StringIO(self.text[:SAMPLE], newline=""), delimiter=self.delimiter)
        try:
            filled = (cells for cells in reader if any(cell.strip() for cell in cells))
            return list(islice(filled, 1 + self.above, 1 + self.above + SAMPLE_ROWS))
        except csv.Error:
            return []


def read_table(text: str) -> Table:
    """Read a text as a table, a spreadsheet's first line `sep=;` blanked, so that lines count."""
    first, newline, rest = text.partition("\n")
    body = newline + rest if first.casefold().startswith("sep=") else text
    head = body.lstrip("\n")[:HEAD]
    delimiter = _delimiter(head)
    header = next(iter(_records(head, delimiter, 1)), [])
    if not _names_turns(header) and (below := _header_below(head)):
        return Table(body, *below)
    return Table(body, delimiter, tuple(header))


def _header_below(head: str) -> tuple[str, tuple[str, ...], int] | None:
    """The delimiter, the header and its place where a report's titles stand above it."""
    for delimiter in DELIMITERS:
        for above, cells in enumerate(_records(head, delimiter, TITLES + 1)):
            if above and _names_turns(cells):
                return delimiter, tuple(cells), above
    return None


def _names_turns(header: list[str]) -> bool:
    """True if a record is a header by itself: it names words, and who says them or in what."""
    columns = columns_of(header)
    told = columns.has_speakers or columns.has_conversation
    return columns.has_pairs or (columns.has_text and told)


def _records(head: str, delimiter: str, most: int) -> list[list[str]]:
    """The first records that have a filled cell."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return list(islice((cells for cells in reader if any(map(str.strip, cells))), most))
    except csv.Error:
        return []


def _delimiter(head: str) -> str:
    """The delimiter under which the first line holds most columns with a known meaning."""
    first = head.split("\n", 1)[0]

    def worth(delimiter: str) -> tuple[int, int]:
        cells = next(iter(_records(first, delimiter, 1)), [])
        return len(columns_of(cells).places), len(cells)

    return max(DELIMITERS, key=worth)
