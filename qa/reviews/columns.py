"""What lists of conversations are sorted and grouped by, and the links in their heads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower, TruncDate
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from qa.core.dates import written
from qa.core.paging import moment
from qa.core.sorting import Key, true, turned
from qa.organizations.models import Membership
from scorecards.models import Moment, PreScore
from transcripts.models import Interaction


def _holds(**what: Any) -> Any:
    return ExpressionWrapper(Q(**what), output_field=BooleanField())


NEWEST: Final = (Key("started_at", down=True, read=moment), Key("id", down=True, read=UUID))
CHANNEL: Final = (Key("channel"),)
AGENT: Final = (
    Key("nobody", expression=_holds(agent=None), read=true, fixed=True),
    Key("agent_name", expression=Coalesce("agent__name", Value(""))),
)
SUBJECT: Final = (
    Key("untitled", expression=_holds(subject=""), read=true, fixed=True),
    Key("titled", expression=Lower("subject")),
)
LENGTH: Final = (Key("length", down=True, expression=Coalesce("duration_s", -1.0), read=float),)
RECEIVED: Final = (Key("received_at", down=True, read=moment),)
HIDEABLE: Final = frozenset(
    ("channel", "agent", "date", "length", "marks", "prescore", "score", "reason", "status", "age")
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its word, and what it is sorted by, for this member."""

    label: str | Promise
    keys: Callable[[Membership], Sequence[Key]]
    css: str
    down: bool = False  # whether it begins with the largest


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: where it leads, and how the list stands ("ascending", or nothing)."""

    name: str
    label: str
    href: str
    sorted: str
    css: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a list is asked for: by which column, turned round or not, in which groups."""

    column: str = ""
    around: bool = False
    group: str = ""

    @property
    def any(self) -> bool:
        return bool(self.column or self.group)


def asked(query: QueryDict, columns: Mapping[str, Column], groups: Sequence[str]) -> Sorting:
    """Read the order from an address; what means nothing is left out."""
    text = query.get("sort", "")
    name = text.removeprefix("-")
    group = query.get("group", "")
    return Sorting(
        column=name if name in columns else "",
        around=text.startswith("-") and name in columns,
        group=group if group in groups else "",
    )


def keys_of(
    sorting: Sorting,
    columns: Mapping[str, Column],
    *,
    by: Membership,
    tail: Sequence[Key] = NEWEST,
) -> list[Key]:
    """Everything that the rows are ordered by, each once; the last one is unique."""
    keys: list[Key] = []
    if sorting.group == "day":
        day = TruncDate("started_at", tzinfo=timezone.get_current_timezone())
        keys.append(Key("day", down=True, expression=day, read=date.fromisoformat))
    elif sorting.group:
        keys += columns[sorting.group].keys(by)
    if sorting.column:
        own = list(columns[sorting.column].keys(by))
        keys += turned(own) if sorting.around else own
    found: dict[str, Key] = {}
    for key in (*keys, *tail):
        found.setdefault(key.name, key)
    return list(found.values())


def headings(columns: Mapping[str, Column], sorting: Sorting, query: QueryDict) -> list[Heading]:
    """The heads of a list: a click sorts by the column, another one turns the order round."""
    found = []
    for name, column in columns.items():
        state = ""
        if name == sorting.column:
            state = "descending" if column.down != sorting.around else "ascending"
        again = name == sorting.column and not sorting.around
        href = address(query, sort=f"-{name}" if again else name)
        found.append(Heading(name, str(column.label), href, state, column.css))
    return found


def address(query: QueryDict, **changes: str | None) -> str:
    """The list as it is, with other filters or another order, from its first page on."""
    other = query.copy()
    for name in ("newer", "older"):
        other.pop(name, None)
    for name, value in changes.items():
        other.pop(name, None)
        if value:
            other[name] = value
    return f"?{other.urlencode()}"


def moments_key(by: Membership, hidden: Q) -> Key:
    """How many moments were found; what is kept from this member stands at the end."""
    found = Moment.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    count = found.order_by().values("interaction").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(count), 0)
    shown = Case(When(hidden, then=Value(-1)), default=number, output_field=IntegerField())
    return Key("number", down=True, expression=shown, read=int)


def score_key(by: Membership, hidden: Q, settled: Any = None) -> Key:
    """The pre-score, or what is `settled`; kept back or without one, at the end."""
    scores = PreScore.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    found = Subquery(scores.values("score")[:1]) if settled is None else settled
    known = Coalesce(found, -1.0, output_field=FloatField())
    shown = Case(When(hidden, then=Value(-1.0)), default=known, output_field=FloatField())
    return Key("score", down=True, expression=shown, read=float)


def group_of(group: str, one: Interaction, *, reason: str) -> str:
    """Under which words a row stands; `reason` are those of a list that is grouped by it."""
    if group == "agent":
        return one.agent.name if one.agent else gettext("No agent")
    if group == "channel":
        return str(one.get_channel_display())
    if group == "day":
        return written(timezone.localtime(one.started_at), "l, j F Y")
    return reason if group else ""


def kept_look(cookies: Mapping[str, str]) -> dict[str, Any]:
    """How this browser shows lists: their density, and columns that are left out."""
    hidden = cookies.get("heard_columns", "").split(".")
    return {
        "density": "comfortable" if cookies.get("heard_density") == "comfortable" else "compact",
        "hidden_columns": [name for name in hidden if name in HIDEABLE],
    }
