"""The numbers of the dashboard, from the daily tables alone; returns dataclasses."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from qa.dashboards.figures import AgentRow, Feeling, Mix, Overview, Stretch, Work, from_first
from qa.dashboards.kept_back import (
    ByDay,
    around,
    kept_back,
    kept_by_agent,
    kept_by_day,
    withholds,
)
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.dashboards.scope import Bin, Scope
from qa.organizations.models import Agent, Membership
from qa.reviews.counted_moments import (
    NOT_MET,
    CountedMoment,
    MomentFilter,
    counted_moments,
    unsure_of,
    with_words,
)
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_in_lists
from scorecards.choices import UNSURE, choice_of
from scorecards.in_use import good_feelings
from transcripts.filters import NOBODY
from transcripts.models import handled_by

AGENTS_SHOWN = 200
# Of one agent: their own conversations, and those of others in which they took part.
OF_AGENT = {
    "interactions": Sum(F("interactions") + F("joined")),
    "scorable": Sum(F("scorable") + F("joined_scorable")),
    "reviewed": Sum(F("reviewed") + F("joined_reviewed")),
}


def overview(by: Membership, scope: Scope, *, step: str = "week") -> Overview:
    """Everything but the agents: the sentence, the mix over time and by feeling, the work done."""
    both = replace(scope, start=scope.before.start)
    days, kept = _sums(by, both, "day"), _kept_days(by, both)
    stretches = [
        Stretch(period, _mix(days, kept, period, _narrow(scope, period)))
        for period in scope.bins(step)
    ]
    now = _mix(days, kept, Bin(scope.start, scope.end), scope.query())
    before = _mix(days, kept, Bin(scope.before.start, scope.before.end), scope.before.query())
    negative, positive, unsure = ([], [], []) if now.withheld else _feelings(by, scope)
    return Overview(
        scope=scope,
        now=now,
        before=before,
        work=_work(by, scope),
        stretches=from_first(stretches, before),
        doubted=0 if now.withheld else unsure_of(by, _which(scope)),
        negative=negative,
        positive=positive,
        unsure=unsure,
    )


def agent_rows(
    by: Membership, scope: Scope, *, sort: str = "name", among: Collection[UUID] | None = None
) -> list[AgentRow]:
    """The agents with the most interactions in the period (or `among` these), in this order."""
    works = _work_by_agent(by, scope, among)
    known = {
        agent.pk: agent
        for agent in Agent.objects.visible_to(by)
        .filter(pk__in=[pk for pk in works if pk])
        .select_related("team")
    }
    now, before = _by_agent(by, scope, works), _by_agent(by, scope.before, works)
    kept = kept_by_agent(by, around(replace(scope, start=scope.before.start)))
    rows = [
        AgentRow(
            agent_id=pk,
            name=known[pk].name if pk else _("No agent"),
            team=_team_name(known[pk]) if pk else "",
            work=work,
            mix=_kept_mix(now[pk], hides, scope.query(agent=str(pk or NOBODY))),
            before=_kept_mix(before[pk], hides, scope.before.query(agent=str(pk or NOBODY))),
        )
        for pk, work in works.items()
        for hides in (withholds(kept[pk], work.interactions),)
    ]
    return sorted(rows, key=lambda row: _sort_key(row, sort))


def counted(by: Membership, filters: MomentFilter) -> int | None:
    """How many moments there are, from the daily tables; None if they can't tell.

    Nor is it told where the list leaves some out: the difference would give them away.
    """
    if filters.settled or filters.sure or kept_back(by, filters).conversations:
        return None
    rows = DailyMoments.objects.visible_to(by)
    if filters.start:
        rows = rows.filter(day__gte=filters.start)
    if filters.end:
        rows = rows.filter(day__lte=filters.end)
    for name in ("agent", "team"):
        value = getattr(filters, name)
        if value:
            rows = rows.filter(**{f"{name}_id": None if value == NOBODY else value})
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    total: int = rows.filter(filters.judgement()).aggregate(total=Sum("count"))["total"] or 0
    return total


def _sums(
    by: Membership, scope: Scope, name: str, *, among: Q | None = None
) -> dict[Any, Counter[str]]:
    """Moments by outcome for each value of one column, the same for every member."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    rows = DailyMoments.objects.visible_to(by).filter(scope.condition(), among or Q()).order_by()
    groups = rows.values(name, "outcome", "strength").annotate(total=Sum("count"))
    for row in groups.filter(total__gt=0):
        key = choice_of(row["outcome"], row["strength"])
        found[row[name]][key] += row["total"]
    return dict(found)


def _kept_days(by: Membership, scope: Scope) -> ByDay:
    kept = kept_by_day(by, around(scope))
    if not kept:
        return ByDay()
    rows = DailyInteractions.objects.visible_to(by).filter(scope.condition()).order_by()
    n = OF_AGENT["interactions"] if scope.agent else Sum("interactions")
    return ByDay(kept, dict(rows.values_list("day").annotate(n=n)))


def _mix(days: dict[Any, Counter[str]], kept: ByDay, stretch: Bin, query: str) -> Mix:
    return _kept_mix(_within(days, stretch), kept.withholds(stretch), query)


def _kept_mix(counts: dict[str, int], withheld: bool, query: str) -> Mix:
    return Mix({} if withheld else counts, query, withheld)


def _within(days: dict[Any, Counter[str]], stretch: Bin) -> dict[str, int]:
    total: Counter[str] = Counter()
    for day, counts in days.items():
        if stretch.start <= day <= stretch.end:
            total += counts
    return dict(total)


def _narrow(scope: Scope, stretch: Bin) -> str:
    days = {"from": stretch.start.isoformat(), "to": stretch.end.isoformat()}
    return scope.query(**days)


def _feelings(by: Membership, scope: Scope) -> tuple[list[Feeling], list[Feeling], list[Feeling]]:
    """Hard ones, good ones, and those of unsure kind (as one, if there are any)."""
    found = _sums(by, scope, "emotion")
    feelings = [
        Feeling(emotion, Mix(dict(counts), scope.query(emotion=emotion)))
        for emotion, counts in found.items()
    ]
    shown = sorted((f for f in feelings if f.mix.n), key=lambda f: (-f.mix.n, f.emotion))
    positive = good_feelings(by)
    negative = [f for f in shown if f.emotion not in {*positive, UNSURE}]
    unsure = [f for f in shown if f.emotion == UNSURE]
    return negative, [f for f in shown if f.emotion in positive], unsure


def _work(by: Membership, scope: Scope) -> Work:
    rows = DailyInteractions.objects.visible_to(by).filter(scope.condition())
    # A conversation is counted once, whoever took part; an agent's own are all of theirs.
    sums = OF_AGENT if scope.agent else {name: Sum(name) for name in OF_AGENT}
    total = rows.aggregate(**sums)
    return Work(**{name: value or 0 for name, value in total.items()})


def _work_by_agent(
    by: Membership, scope: Scope, among: Collection[UUID] | None
) -> dict[UUID | None, Work]:
    some = Q() if among is None else Q(agent__in=among)
    rows = (
        DailyInteractions.objects.visible_to(by)
        .filter(scope.condition(), some)
        .values("agent")
        .annotate(
            total=OF_AGENT["interactions"],
            could=OF_AGENT["scorable"],
            settled=OF_AGENT["reviewed"],
        )
        .filter(total__gt=0)
        .order_by("-total", "agent")[:AGENTS_SHOWN]
    )
    return {row["agent"]: Work(row["total"], row["could"], row["settled"]) for row in rows}


def _by_agent(
    by: Membership, scope: Scope, agents: Iterable[UUID | None]
) -> dict[Any, Counter[str]]:
    wanted = list(agents)
    some = Q(agent__in=[pk for pk in wanted if pk])
    some |= Q(agent__isnull=True) if None in wanted else Q()
    return defaultdict(Counter, _sums(by, scope, "agent", among=some))


def _team_name(agent: Agent) -> str:
    return agent.team.name if agent.team else ""


def _sort_key(row: AgentRow, sort: str) -> tuple[float, str]:
    share = {"empathy": row.mix.empathy, "missed": row.mix.missed}.get(sort)
    if sort == "moments":
        return -row.mix.n, row.name
    if share is not None:
        return (1.0 if share.value is None else -share.value), row.name
    return 0, row.name.casefold()


def has_counted(by: Membership) -> bool:
    """True if anything was ever pre-scored here."""
    return DailyInteractions.objects.visible_to(by).filter(interactions__gt=0).exists()


def examples(by: Membership, scope: Scope, limit: int) -> dict[str, list[CountedMoment]]:
    """The newest moments of an agent that show specific empathy, and that went unanswered.

    Of those that are sure enough to be held up to anybody.
    """
    found = {
        name: counted_moments(by, replace(_which(scope), outcome=outcome, sure="yes"), limit=limit)
        for name, outcome in (("best", "empathy_2"), ("missed", NOT_MET))
    }
    worded = with_words(by, [moment for moments in found.values() for moment in moments])
    best = len(found["best"])
    return {"best": worded[:best], "missed": worded[best:]}


def reviews_of(by: Membership, agent: Agent, limit: int) -> list[Review]:
    """The newest confirmed reviews of interactions that an agent took part in."""
    rows = Review.objects.visible_to(by).counted()
    rows = rows.filter(handled_by([agent.pk], "interaction__"))
    rows = rows.exclude(hidden_in_lists(by, "interaction__"))
    return list(
        rows.select_related("interaction", "specialist__user", "acknowledgement").order_by(
            "-confirmed_at", "-id"
        )[:limit]
    )


def _which(scope: Scope) -> MomentFilter:
    narrowed = (scope.agent, scope.team, scope.channel)
    return MomentFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)
