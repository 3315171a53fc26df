"""Volunteered empathy and apologies: how many there are, and which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.http import QueryDict

from qa.core import paging
from qa.core.rates import Rate, rate
from qa.dashboards.kept_back import kept_back
from qa.dashboards.models import Gesture, GestureQuerySet
from qa.dashboards.scope import Scope
from qa.organizations.models import Agent, Membership
from qa.reviews.attribution import settled_is
from qa.reviews.visibility import hidden_in_lists
from scorecards.choices import APOLOGIES, VOLUNTEERED, GestureKind
from scorecards.gestures import Found, Quoted, quoted
from transcripts.filters import ScopeFilter
from transcripts.models import Interaction, Transcript

GROUPS: Final = {"volunteered": VOLUNTEERED, "apologies": APOLOGIES}


@dataclass(frozen=True, slots=True)
class GestureFilter(ScopeFilter):
    """Which gestures: every condition that is not empty must hold."""

    kind: str = ""  # one kind, or one of GROUPS

    def of_each(self) -> Q:
        """The conditions on whose gesture it is, and when."""
        found = self.around("interaction__")
        for name, value in self.whose():
            found &= settled_is(name, value, "interaction__")
        return found

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds that are asked for."""
        if not self.kind:
            return GestureKind.values
        return GROUPS.get(self.kind, [self.kind])


@dataclass(frozen=True)
class Gestures:
    """How many gestures of each kind; `query` opens them in their list."""

    counts: Mapping[str, int]
    conversations: int  # in which empathy was volunteered
    query: str = ""
    withheld: bool = False  # they would give away what this member has still to score

    @cached_property
    def volunteered(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in VOLUNTEERED)

    @cached_property
    def apologies(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in APOLOGIES)

    @cached_property
    def completed(self) -> Rate:
        """The share of apologies that empathy completed."""
        return rate(self.counts.get(GestureKind.COMPLETED, 0), self.apologies)

    @property
    def volunteered_kinds(self) -> list[tuple[str, str, int]]:
        """Kind, word and number, the specific ones first."""
        return self._kinds(VOLUNTEERED)

    @property
    def apology_kinds(self) -> list[tuple[str, str, int]]:
        """Kind, word and number, those that empathy completed first."""
        return self._kinds(APOLOGIES)

    def _kinds(self, kinds: Iterable[GestureKind]) -> list[tuple[str, str, int]]:
        return [
            (kind.value, str(kind.label).partition(" · ")[2], self.counts.get(kind, 0))
            for kind in kinds
        ]


@dataclass(frozen=True, slots=True)
class ListedGesture:
    """One gesture of a list: where it was said, and in which words."""

    interaction: Interaction
    agent: Agent | None
    said: Quoted


def gestures_of(by: Membership, scope: Scope, *, withheld: bool) -> Gestures:
    """The numbers of a page, the same for every member who is told them."""
    narrowed = (scope.agent, scope.team, scope.channel)
    filters = GestureFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)
    if withheld:
        return Gestures({}, 0, scope.query(), withheld=True)
    rows = all_gestures(by, filters).order_by()
    counts = dict(rows.values_list("kind").annotate(total=Count("pk")))
    volunteered = rows.filter(kind__in=VOLUNTEERED)
    conversations = volunteered.aggregate(total=Count("interaction", distinct=True))["total"]
    return Gestures(counts, conversations, scope.query())


def counted(by: Membership, filters: GestureFilter) -> int | None:
    """How many gestures there are; None where the list leaves some out."""
    if kept_back(by, filters).conversations:
        return None
    return all_gestures(by, filters).count()


def gestures_page(
    by: Membership, filters: GestureFilter, query: QueryDict, *, size: int
) -> paging.Page[Gesture]:
    """One page of these gestures, newest first, without their words."""
    rows = visible_gestures(by, filters).select_related(
        "interaction__agent", "participation__agent"
    )
    return paging.page(rows, "started_at", "id", query=query, size=size)


def in_words(by: Membership, gestures: Iterable[Gesture]) -> list[ListedGesture]:
    """The gestures in their words, by one query."""
    gestures = list(gestures)
    turns: dict[UUID, list[dict[str, object]]] = dict(
        Transcript.objects.visible_to(by)
        .filter(interaction__in={one.interaction_id for one in gestures})
        .values_list("interaction_id", "turns")
    )
    return [
        ListedGesture(
            one.interaction,
            one.participation.agent if one.participation else one.interaction.agent,
            quoted(Found(one.turn, one.kind, tuple(one.spans)), turns[one.interaction_id]),
        )
        for one in gestures
    ]


def visible_gestures(by: Membership, filters: GestureFilter) -> GestureQuerySet:
    """Gestures of which this member may know, as the filter has them."""
    return all_gestures(by, filters).exclude(hidden_in_lists(by, "interaction__"))


def all_gestures(by: Membership, filters: GestureFilter) -> GestureQuerySet:
    """Every gesture, for totals that are the same for everyone."""
    return Gesture.objects.visible_to(by).filter(filters.of_each(), kind__in=filters.kinds)
