"""Keyset paging, newest first: a page is found by the values of a row, never by counting.

page = paging.page(rows, "started_at", "id", query=request.GET, size=25)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import DateTimeField, Model, Q, QuerySet, UUIDField
from django.http import QueryDict

T = TypeVar("T")
S = TypeVar("S")
M = TypeVar("M", bound=Model)
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page starts: beyond the row with these values, towards older or newer ones."""

    values: tuple[Any, ...]
    newer: bool = False

    def beyond(self, *fields: str) -> Q:
        """The rows on the far side, for fields that are all ordered newest (largest) first."""
        lookup = "gt" if self.newer else "lt"
        equal = Q()
        found = Q()
        for name, value in zip(fields, self.values, strict=True):
            found |= equal & Q(**{f"{name}__{lookup}": value})
            equal &= Q(**{name: value})
        return Q(**{f"{fields[0]}__{lookup}e": self.values[0]}) & found


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows, newest first, and the addresses of the pages on either side (empty: there is none)."""

    rows: Sequence[T]
    newer_url: str
    older_url: str

    def map(self, turn: Callable[[T], S]) -> "Page[S]":
        """Return a page of what each row is turned into, with these addresses."""
        return Page([turn(row) for row in self.rows], self.newer_url, self.older_url)


def order(cursor: Cursor | None, *fields: str) -> list[str]:
    """Newest first; oldest first where the cursor looks towards newer rows."""
    return list(fields) if cursor and cursor.newer else [f"-{name}" for name in fields]


def read(query: QueryDict, *kinds: Callable[[str], Any]) -> Cursor | None:
    """The cursor of a request, each value read by its kind; None for the first page."""
    name = "newer" if "newer" in query else "older"
    parts = query.get(name, "").split(SEPARATOR)
    if len(parts) != len(kinds):
        return None
    try:
        values = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        return None
    return Cursor(values, newer=name == "newer")


def moment(text: str) -> datetime:
    """A point in time of a cursor; it always has an offset."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a cursor's time needs an offset")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("a cursor's time lies outside the calendar") from None


def page(rows: QuerySet[M], *fields: str, query: QueryDict, size: int) -> Page[M]:
    """One page of a queryset, newest first by its own fields; the last of them is unique."""
    kinds = [_kind(rows.model, name) for name in fields]

    def fetch(cursor: Cursor | None, limit: int) -> list[M]:
        some = rows if cursor is None else rows.filter(cursor.beyond(*fields))
        return list(some.order_by(*order(cursor, *fields))[:limit])

    def key(row: M) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in fields)

    return page_of(fetch, key=key, query=query, kinds=kinds, size=size)


def page_of(
    fetch: Callable[[Cursor | None, int], list[T]],
    *,
    key: Callable[[T], tuple[Any, ...]],
    query: QueryDict,
    kinds: Sequence[Callable[[str], Any]],
    size: int,
) -> Page[T]:
    """One page of what `fetch(cursor, limit)` gives: rows of several tables, or no models at all.

    `fetch` filters by `Cursor.beyond`, orders by `order`, and gives the rows in that order; `key`
    are a row's values, `kinds` read them back from an address. One row more than is shown is
    fetched, to know whether more follow.
    """
    cursor = read(query, *kinds)
    rows = fetch(cursor, size + 1)
    more, rows = len(rows) > size, rows[:size]
    backwards = cursor is not None and cursor.newer
    if backwards:
        rows.reverse()
    has_newer = more if backwards else cursor is not None
    has_older = True if backwards else more
    return Page(
        rows=rows,
        newer_url=_address(query, "newer", key(rows[0])) if rows and has_newer else "",
        older_url=_address(query, "older", key(rows[-1])) if rows and has_older else "",
    )


def _kind(model: type[Model], name: str) -> Callable[[str], Any]:
    """How a field's value is read back from an address."""
    field = model._meta.get_field(name)
    if isinstance(field, DateTimeField):
        return moment
    return UUID if isinstance(field, UUIDField) else int


def _address(query: QueryDict, name: str, values: tuple[Any, ...]) -> str:
    other = query.copy()
    other.pop("newer", None)
    other.pop("older", None)
    texts = (v.isoformat() if isinstance(v, datetime) else str(v) for v in values)
    other[name] = SEPARATOR.join(texts)
    return f"?{other.urlencode()}"
