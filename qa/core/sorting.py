"""Keyset paging of rows in any order: by each column up or down, always ending in a unique one.

keys = (Key("agent_name", expression=Coalesce("agent__name", Value(""))), Key("id", read=UUID))
page = sorting.page(rows, keys, query=request.GET, size=25)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from django.db.models import Expression, F, Q, QuerySet
from django.http import QueryDict

from qa.core import paging
from qa.core.paging import Cursor, Page


@dataclass(frozen=True, slots=True)
class Key:
    """One value that rows are ordered by; never null.

    `read` takes it back from an address. A `fixed` one keeps its direction when the order is
    turned round: what has no value stands at the end either way.
    """

    name: str
    down: bool = False
    expression: Expression | F | Q | None = None
    read: Callable[[str], Any] = unquote
    fixed: bool = False


def turned(keys: Sequence[Key]) -> list[Key]:
    """The other way round."""
    return [key if key.fixed else replace(key, down=not key.down) for key in keys]


def true(text: str) -> bool:
    """Read a yes or no of an address."""
    if text not in {"True", "False"}:
        raise ValueError("neither yes nor no")
    return text == "True"


def page(
    rows: QuerySet[Any], keys: Sequence[Key], *, query: QueryDict, size: int
) -> Page[tuple[Any, ...]]:
    """One page of the values of each row: its id first, then its keys."""
    rows = rows.annotate(**{key.name: key.expression for key in keys if key.expression is not None})
    names = [key.name for key in keys]

    def fetch(cursor: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
        back = cursor is not None and cursor.newer
        some = rows if cursor is None else rows.filter(_beyond(keys, cursor))
        some = some.order_by(*(_direction(key, back) for key in keys))
        return [(row[0], *row[1:]) for row in some.values_list("pk", *names)[:limit]]

    def written(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(_written(value) for value in row[1:])

    kinds = [key.read for key in keys]
    return paging.page_of(fetch, key=written, query=query, kinds=kinds, size=size)


def _direction(key: Key, back: bool) -> str:
    return f"-{key.name}" if key.down != back else key.name


def _written(value: Any) -> Any:
    """A text without the sign that stands between the values of a cursor."""
    return quote(value, safe=" ").replace("~", "%7E") if isinstance(value, str) else value


def _beyond(keys: Sequence[Key], cursor: Cursor) -> Q:
    """What lies on the far side of a cursor's row."""
    found, equal = Q(), Q()
    for key, value in zip(keys, cursor.values, strict=True):
        lookup = "lt" if key.down != cursor.newer else "gt"
        found |= equal & Q(**{f"{key.name}__{lookup}": value})
        equal &= Q(**{key.name: value})
    first, value = keys[0], cursor.values[0]
    lookup = "lte" if first.down != cursor.newer else "gte"
    return Q(**{f"{first.name}__{lookup}": value}) & found
