"""A table of figures: drawn on a page, and taken from there as CSV or XLSX. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qa.core.rates import Rate
from qa.dashboards.statistics import Mean

TEXT: Final = "text"
NUMBER: Final = "number"
SHARE: Final = "share"  # 0…1, with its interval
SCORE: Final = "score"  # 0…100, with its interval
TIME: Final = "time"  # seconds
WITH_ENDS: Final = (SHARE, SCORE)


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column, and how it is written."""

    label: str | Promise
    kind: str = TEXT

    @property
    def numeric(self) -> bool:
        return self.kind != TEXT


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; `href` opens what it is made of, `low` and `high` are the ends of its interval."""

    value: Any
    href: str = ""
    sub: str = ""  # in small type below it
    low: float | None = None
    high: float | None = None
    few: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `name` is its own within the site, as in its address."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def drawn(self) -> Iterator[tuple[tuple[Column, Cell], list[tuple[Column, Cell]]]]:
        """Each row as its first cell and the others, every one beside its column."""
        for row in self.rows:
            pairs = list(zip(self.columns, row, strict=True))
            yield pairs[0], pairs[1:]

    @property
    def header(self) -> list[str]:
        """The columns of a file: an interval has its two ends in columns of their own."""
        found = []
        for column in self.columns:
            label = str(column.label)
            found.append(label)
            if column.kind in WITH_ENDS:
                found += [
                    _("%(figure)s, 95 %% from") % {"figure": label},
                    _("%(figure)s, 95 %% to") % {"figure": label},
                ]
        return found

    @property
    def lines(self) -> Iterator[list[Any]]:
        """The rows of a file."""
        for row in self.rows:
            line: list[Any] = []
            for column, cell in zip(self.columns, row, strict=True):
                line.append(_rounded(cell.value, column.kind))
                if column.kind in WITH_ENDS:
                    line += [_rounded(end, column.kind) for end in (cell.low, cell.high)]
            yield line


@dataclass(frozen=True, slots=True)
class Whose:
    """A table by agent or by team: `field` is the name of its page and of its filter."""

    field: str
    name: str
    title: str
    label: str
    nobody: str


def by_agent(page: str) -> Whose:
    """The table by agent of this page."""
    return Whose("agent", f"{page}-agents", _("By agent"), _("Agent"), _("No agent"))


def by_team(page: str) -> Whose:
    """The table by team of this page."""
    return Whose("team", f"{page}-teams", _("By team"), _("Team"), _("No team"))


def share(rate: Rate, href: str = "") -> Cell:
    """The cell of a share."""
    return Cell(rate.value, href if rate.count else "", "", rate.low, rate.high, rate.few)


def score(mean: Mean, href: str = "") -> Cell:
    """The cell of an average score."""
    return Cell(mean.value, href if mean.n else "", "", mean.low, mean.high, mean.few)


def count(number: int, href: str = "") -> Cell:
    """The cell of a number of things; there is nothing behind none of them."""
    return Cell(number, href if number else "")


def _rounded(value: Any, kind: str) -> Any:
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 4 if kind == SHARE else 1)
    return value
