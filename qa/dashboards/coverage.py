"""How many conversations of each agent are to be reviewed a month, and how many were."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.dashboards.models import CoverageTarget
from qa.dashboards.scope import Scope
from qa.organizations.calendar import Calendar
from qa.organizations.models import Agent, Membership
from qa.reviews.models import Review, ReviewQuerySet
from qa.tenancy.base import Actor
from transcripts.filters import NOBODY
from transcripts.models import Participation

MOST: Final = 1000
AGENTS_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Covered:
    """One agent, and how many of their conversations were reviewed this month."""

    agent: Agent
    reviewed: int
    target: int

    @property
    def missing(self) -> int:
        """How many more it takes to reach the target."""
        return max(0, self.target - self.reviewed)


def target_of(by: Actor) -> int:
    """How many reviews each agent should have a month; 0 where nobody has said."""
    found = CoverageTarget.objects.visible_to(by).values_list("per_month", flat=True).first()
    return found or 0


@transaction.atomic
def set_target(per_month: int, *, by: Membership) -> CoverageTarget:
    """Say how many conversations of each agent are to be reviewed a month."""
    if not 0 <= per_month <= MOST:
        raise Refused(_("Choose a number between 0 and %(most)s.") % {"most": MOST})
    before = {"per_month": target_of(by)}
    found, _new = CoverageTarget.objects.update_or_create(
        organization_id=by.organization_id, defaults={"per_month": per_month}
    )
    audit.record(by, "coverage.target_set", found, audit.changes(before, {"per_month": per_month}))
    return found


def month_of(calendar: Calendar) -> tuple[date, date]:
    """The organization's month so far."""
    today = calendar.today()
    return today.replace(day=1), today


def confirmed_between(by: Membership, start: date, end: date, calendar: Calendar) -> ReviewQuerySet:
    """Reviews submitted on these days, the organization's; corrections are no work of their own."""
    rows = Review.objects.visible_to(by).confirmed().filter(supersedes__isnull=True)
    after = calendar.midnight(date.fromordinal(end.toordinal() + 1))
    return rows.filter(confirmed_at__gte=calendar.midnight(start), confirmed_at__lt=after)


def coverage(by: Membership, scope: Scope) -> list[Covered]:
    """The active agents by name, each with this month's reviews."""
    agents = Agent.objects.visible_to(by).active().select_related("team").order_by("name", "pk")
    if scope.team:
        agents = agents.filter(team=None if scope.team == NOBODY else UUID(scope.team))
    if scope.agent:
        agents = agents.filter(pk=scope.agent) if scope.agent != NOBODY else agents.none()
    rows = confirmed_between(by, *month_of(scope.calendar), scope.calendar).regular()
    told, target = _by_agent(by, rows), target_of(by)
    return [Covered(agent, told[agent.pk], target) for agent in agents[:AGENTS_LISTED]]


def _by_agent(by: Membership, rows: ReviewQuerySet) -> Counter[UUID]:
    """Conversations by their own agent, and by those who took part in them."""
    own = rows.order_by().values_list("interaction__agent").annotate(total=Count("pk"))
    found: Counter[Any] = Counter(dict(own))
    parts = Participation.objects.visible_to(by).filter(
        ~Q(agent=F("interaction__agent")), interaction__in=rows.order_by().values("interaction")
    )
    joined = parts.order_by().values_list("agent")
    found.update(dict(joined.annotate(total=Count("interaction", distinct=True))))
    return found
