"""Tables that people open in a spreadsheet, and fill in there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK: Final = {"in_memory": True}  # no files beside it
LONGEST_NAME: Final = 31  # of a worksheet, as the format has it
LONGEST_CELL: Final = 32_767
_UNNAMED: Final = re.compile(r"[\[\]:*?/\\]")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table as CSV; no cell of it is taken for a formula."""
    return lines([header, *rows])


def lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of a table without a header, as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(value) for value in row] for row in rows)
    return text.getvalue()


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The table as a workbook, written row by row; text stays text, whatever it begins with."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, WORKBOOK) as book:
        sheet = book.add_worksheet(_UNNAMED.sub(" ", title)[:LONGEST_NAME].strip("' ") or None)
        bold = book.add_format({"bold": True})
        for place, label in enumerate(header):
            sheet.write_string(0, place, label, bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value)
    return held.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value not in {None, ""}:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def plain(cell: str) -> str:
    """What a cell says, without the sign that `safe` has put before it."""
    bare = " ".join(cell.split())
    return bare[1:] if bare.startswith("'") and bare[1:].startswith(FORMULA) else bare
