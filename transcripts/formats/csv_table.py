"""The rows of a table in text: its delimiter, its header, and each record's line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from transcripts.formats.csv_columns import columns_of
from transcripts.formats.errors import FormatError

DELIMITERS: Final = ",;\t|"
MAX_CELL: Final = 16 * 1024 * 1024  # characters; whole transcripts stand in cells
HEAD: Final = 10_000  # characters in which the header is looked for
SAMPLE: Final = 200_000  # and those in which the first rows are
SAMPLE_ROWS: Final = 5
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

    def rows(self) -> Iterator[Row]:
        """Every record below the header; FormatError where quoting goes wrong."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        line, above, blank = 1, 1, 0
        try:
            for cells in reader:
                if any(cells) and any(cell.strip() for cell in cells):
                    if above:
                        above = 0
                    else:
                        yield Row(line, cells)
                elif (blank := blank + 1) > MAX_BLANK:
                    raise FormatError(f"has more than {MAX_BLANK:,} blank rows", line=line)
                line = reader.line_num + 1
        except csv.Error as error:
            reason = "has a cell that is too long, or a quote that never ends"
            if "delimiter" in str(error):
                reason = "a quoted cell is followed by more text; quotes inside a cell are doubled"
            raise FormatError(reason, line=line) from None

    def sample(self) -> list[list[str]]:
        """The first few records below the header, as far as they can be read."""
        reader = csv.reader(io.StringIO(self.text[:SAMPLE], newline=""), delimiter=self.delimiter)
        try:
            filled = (cells for cells in reader if any(cell.strip() for cell in cells))
            return list(islice(filled, 1, 1 + SAMPLE_ROWS))
        except csv.Error:
            return []


def read_table(text: str) -> Table:
    """Read a text as a table, a spreadsheet's first line `sep=;` blanked, so that lines count."""
    first, newline, rest = text.partition("\n")
    body = newline + rest if first.casefold().startswith("sep=") else text
    head = body.lstrip("\n")[:HEAD]
    delimiter = _delimiter(head)
    return Table(body, delimiter, tuple(_first_record(head, delimiter)))


def _first_record(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(head: str) -> str:
    """The delimiter under which the first line holds most columns with a known meaning."""
    first = head.split("\n", 1)[0]

    def worth(delimiter: str) -> tuple[int, int]:
        cells = _first_record(first, delimiter)
        return len(columns_of(cells).places), len(cells)

    return max(DELIMITERS, key=worth)
