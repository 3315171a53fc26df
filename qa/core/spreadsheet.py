"""Tables that people open in a spreadsheet, and fill in there."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The table as CSV; no cell of it is taken for a formula."""
    return lines([header, *rows])


def lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of a table without a header, as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(value) for value in row] for row in rows)
    return text.getvalue()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def plain(cell: str) -> str:
    """What a cell says, without the sign that `safe` has put before it."""
    bare = " ".join(cell.split())
    return bare[1:] if bare.startswith("'") and bare[1:].startswith(FORMULA) else bare
