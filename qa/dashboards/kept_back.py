"""What a member has still to score for themself: counted for everybody, and given away to nobody.

Totals are the same for all (docs/adr/0046). What a list leaves out of a few conversations could be
told from a total over them, so that over fewer than `LEAST` the member is told none.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from qa.dashboards.scope import Bin, Scope
from qa.organizations.models import Membership
from qa.reviews.exposure import embargoes_of
from qa.reviews.visibility import hidden_in_lists, sees_everything
from transcripts.filters import ScopeFilter
from transcripts.models import SCORED, Interaction

LEAST: Final = 10  # conversations: a total over so many says little about one of them


@dataclass(frozen=True, slots=True)
class KeptBack:
    """How many conversations of a page's selection are kept from this member, and where to go."""

    conversations: int = 0
    calibrations: bool = False  # they are read for a calibration, not in the queue


@dataclass(frozen=True, slots=True)
class ByDay:
    """The conversations of each day: those kept from the member, and all."""

    kept: Mapping[date, int] = field(default_factory=dict)
    scored: Mapping[date, int] = field(default_factory=dict)

    def withholds(self, days: Bin) -> bool:
        """True if a total over these days would give away what is kept back."""
        return withholds(_within(self.kept, days), _within(self.scored, days))


def withholds(kept: int, scored: int) -> bool:
    """True if a total over so many conversations would give away those that are kept back."""
    return kept > 0 and scored < LEAST


def kept_back(by: Membership, filters: ScopeFilter) -> KeptBack:
    """What is kept from this member of the conversations that these filters hold."""
    if sees_everything(by):
        return KeptBack()
    kept = _kept(by, filters)
    read = embargoes_of(by).values("interaction")
    return KeptBack(kept.count(), kept.filter(pk__in=read).exists())


def kept_by_day(by: Membership, filters: ScopeFilter) -> Counter[date]:
    """How many are kept from this member, by the organization's day."""
    if sees_everything(by):
        return Counter()
    day = TruncDate("started_at", tzinfo=filters.zone)
    return _counted(_kept(by, filters).annotate(value=day))


def kept_by_agent(by: Membership, filters: ScopeFilter) -> Counter[UUID | None]:
    """How many are kept from this member of each agent's own, and of those they took part in."""
    if sees_everything(by):
        return Counter()
    joined = "participations__agent"
    rows = _kept(by, filters).values_list("pk", "agent_id", joined)
    pairs = {(pk, agent) for pk, own, other in rows for agent in {own, other or own}}
    return Counter(agent for _, agent in pairs)


def around(scope: Scope) -> ScopeFilter:
    """The filters that hold what a page of numbers is about."""
    narrowed = (scope.agent, scope.team, scope.channel)
    return ScopeFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)


def _kept(by: Membership, filters: ScopeFilter) -> QuerySet[Interaction]:
    rows = Interaction.objects.visible_to(by).filter(status__in=SCORED)
    return rows.filter(filters.condition(), hidden_in_lists(by))


def _counted(rows: QuerySet[Any]) -> Counter[Any]:
    groups = rows.order_by().values_list("value").annotate(n=Count("pk", distinct=True))
    return Counter(dict(groups))


def _within(days: Mapping[date, int], stretch: Bin) -> int:
    return sum(n for day, n in days.items() if stretch.start <= day <= stretch.end)
