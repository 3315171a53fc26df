"""The numbers of the dashboard, from the daily tables alone; returns dataclasses."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.dashboards.scope import Bin, Scope
from qa.dashboards.statistics import Rate, funnel_limits, rate
from qa.organizations.models import Agent, Membership
from qa.reviews.models import Review
from qa.reviews.settled import NOT_MET, Settled, Which, settled_moments, with_words
from qa.reviews.unseen import unseen
from qa.templatetags.heard import OUTCOMES, outcome_key
from scorecards.models import Emotion
from transcripts.filters import NOBODY

AGENTS_SHOWN = 200
FUNNEL_STEPS = 60
POSITIVE = {Emotion.HAPPINESS, Emotion.SURPRISE, Emotion.EXCITEMENT, Emotion.RELIEF}


@dataclass(frozen=True)
class Mix:
    """How many feelings came to which outcome; `query` opens them in the list of moments."""

    counts: dict[str, int]
    query: str = ""

    @cached_property
    def n(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def empathy(self) -> Rate:
        return rate(self.counts.get("empathy_2", 0) + self.counts.get("empathy_1", 0), self.n)

    @cached_property
    def sympathy(self) -> Rate:
        return rate(self.counts.get("sympathy_only", 0), self.n)

    @cached_property
    def missed(self) -> Rate:
        return rate(self.counts.get("missed", 0), self.n)

    @cached_property
    def dismissed(self) -> Rate:
        return rate(self.counts.get("dismissed", 0), self.n)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Every outcome with its number, in the order in which outcomes are always listed."""
        return [(key, self.counts.get(key, 0)) for key in OUTCOMES]


@dataclass(frozen=True, slots=True)
class Feeling:
    """One emotion and what became of it."""

    emotion: str
    mix: Mix


@dataclass(frozen=True, slots=True)
class Stretch:
    """One point of a chart over time."""

    bin: Bin
    mix: Mix


@dataclass(frozen=True, slots=True)
class Work:
    """How many interactions were pre-scored, could be scored, and were settled by people."""

    interactions: int = 0
    scorable: int = 0
    reviewed: int = 0

    @property
    def not_scorable(self) -> int:
        return self.interactions - self.scorable

    @property
    def prescored_only(self) -> int:
        return self.interactions - self.reviewed

    @property
    def settled(self) -> Rate:
        return rate(self.reviewed, self.interactions)


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent in the period, and in the period before."""

    agent_id: UUID | None
    name: str
    team: str
    work: Work
    mix: Mix
    before: Mix

    @property
    def change(self) -> int | None:
        """Percentage points against the period before, where both have a share."""
        now, then = self.mix.empathy.value, self.before.empathy.value
        if now is None or then is None:
            return None
        return round(100 * now) - round(100 * then)

    @property
    def change_words(self) -> str:
        """ "4 points up", "the same", or nothing."""
        if self.change is None:
            return ""
        points = abs(self.change)
        way = "up" if self.change > 0 else "down"
        return f"{points} point{'s' * (points != 1)} {way}" if points else "the same"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One agent's share among the limits that chance alone would keep 99.8 % and 95 % within."""

    row: AgentRow
    low_998: float
    low_95: float
    high_95: float
    high_998: float

    @property
    def place(self) -> str:
        """Where the share lies, in words."""
        share = self.row.mix.empathy.value or 0.0
        if share < self.low_998 or share > self.high_998:
            return f"{'below' if share < self.low_998 else 'above'} the 99.8 % limits"
        if share < self.low_95 or share > self.high_95:
            return f"{'below' if share < self.low_95 else 'above'} the 95 % limits"
        return "within what chance gives"


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot: agents, the overall share, and the limits for a range of sizes."""

    overall: float
    points: list[FunnelPoint]
    sizes: list[int]
    limits: list[list[float]]

    @property
    def data(self) -> dict[str, Any]:
        """The plot as JSON; the table beside it has the same points."""
        points = [
            {"name": p.row.name, "n": p.row.mix.n, "count": p.row.mix.empathy.count}
            for p in self.points
        ]
        return {
            "overall": self.overall,
            "points": points,
            "sizes": self.sizes,
            "limits": self.limits,
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """What a page of numbers shows for one scope."""

    scope: Scope
    now: Mix
    before: Mix
    work: Work
    stretches: list[Stretch]
    negative: list[Feeling] = field(default_factory=list)
    positive: list[Feeling] = field(default_factory=list)

    @property
    def mix_data(self) -> dict[str, Any]:
        """The chart over time, as JSON; the table beside it has the same numbers."""
        series = [
            {"key": key, "name": name, "values": [s.mix.counts.get(key, 0) for s in self.stretches]}
            for key, name in OUTCOMES.items()
        ]
        return {"labels": [s.bin.label for s in self.stretches], "series": series}

    @property
    def trend_data(self) -> dict[str, Any]:
        """The share answered with empathy over time with its interval, as JSON."""
        rates = [s.mix.empathy for s in self.stretches]
        one = {
            "key": "empathy_2",
            "name": "Answered with empathy",
            "values": [r.value for r in rates],
            "low": [r.low for r in rates],
            "high": [r.high for r in rates],
        }
        return {"labels": [s.bin.label for s in self.stretches], "series": [one]}


def overview(by: Membership, scope: Scope, *, step: str = "week") -> Overview:
    """Everything but the agents: the sentence, the mix over time and by feeling, the work done."""
    days = _sums(by, scope.condition(start=scope.before.start), "day")
    stretches = [
        Stretch(one, Mix(_within(days, one), _narrow(scope, one))) for one in scope.bins(step)
    ]
    before = Bin(scope.before.start, scope.before.end)
    negative, positive = _feelings(by, scope)
    return Overview(
        scope=scope,
        now=Mix(_within(days, Bin(scope.start, scope.end)), scope.query()),
        before=Mix(_within(days, before), scope.before.query()),
        work=_work(by, scope),
        stretches=stretches,
        negative=negative,
        positive=positive,
    )


def agent_rows(by: Membership, scope: Scope, *, sort: str = "name") -> list[AgentRow]:
    """The agents with the most interactions in the period, in the order asked for."""
    works = _work_by_agent(by, scope)
    known = {
        agent.pk: agent
        for agent in Agent.objects.visible_to(by)
        .filter(pk__in=[pk for pk in works if pk])
        .select_related("team")
    }
    now, before = _by_agent(by, scope, works), _by_agent(by, scope.before, works)
    rows = [
        AgentRow(
            agent_id=pk,
            name=known[pk].name if pk else "No agent named",
            team=_team_name(known[pk]) if pk else "",
            work=work,
            mix=Mix(now[pk], scope.query(agent=str(pk or NOBODY))),
            before=Mix(before[pk], scope.before.query(agent=str(pk or NOBODY))),
        )
        for pk, work in works.items()
    ]
    return sorted(rows, key=lambda row: _sort_key(row, sort))


def funnel(rows: Iterable[AgentRow]) -> Funnel | None:
    """Agents' shares against their number of feelings; None where there is nothing to compare.

    What nobody is named for is no agent's: it neither stands in the plot nor moves its line.
    """
    shown = [row for row in rows if row.agent_id and row.mix.n]
    together: Counter[str] = Counter()
    for row in shown:
        together.update(row.mix.counts)
    overall = Mix(together).empathy
    if overall.value is None:
        return None
    limits = funnel_limits(overall.value, [row.mix.n for row in shown])
    largest = max(row.mix.n for row in shown)
    sizes = sorted({ceil(1.1 * largest * k / FUNNEL_STEPS) for k in range(1, FUNNEL_STEPS + 1)})
    return Funnel(
        overall=overall.value,
        points=[FunnelPoint(row, *ends) for row, ends in zip(shown, limits, strict=True)],
        sizes=sizes,
        limits=funnel_limits(overall.value, sizes),
    )


def counted(by: Membership, which: Which) -> int | None:
    """How many moments the list will show, from the daily tables; None if they can't tell."""
    if which.settled:
        return None
    rows = DailyMoments.objects.visible_to(by)
    if which.start:
        rows = rows.filter(day__gte=which.start)
    if which.end:
        rows = rows.filter(day__lte=which.end)
    for name in ("agent", "team"):
        value = getattr(which, name)
        if value:
            rows = rows.filter(**{f"{name}_id": None if value == NOBODY else value})
    if which.channel:
        rows = rows.filter(channel=which.channel)
    total: int | None = rows.filter(which.judgement()).aggregate(total=Sum("count"))["total"]
    return total or 0


def _sums(by: Membership, condition: Q, name: str) -> dict[Any, Counter[str]]:
    """Moments by outcome for each value of one column."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    rows = DailyMoments.objects.visible_to(by).filter(condition).order_by()
    groups = rows.values(name, "outcome", "strength").annotate(total=Sum("count"))
    for row in groups.filter(total__gt=0):
        key = outcome_key(row["outcome"], row["strength"])
        found[row[name]][key] += row["total"]
    return found


def _within(days: dict[Any, Counter[str]], stretch: Bin) -> dict[str, int]:
    total: Counter[str] = Counter()
    for day, counts in days.items():
        if stretch.start <= day <= stretch.end:
            total += counts
    return dict(total)


def _narrow(scope: Scope, stretch: Bin) -> str:
    days = {"from": stretch.start.isoformat(), "to": stretch.end.isoformat()}
    return scope.query(**days)


def _feelings(by: Membership, scope: Scope) -> tuple[list[Feeling], list[Feeling]]:
    found = _sums(by, scope.condition(), "emotion")
    feelings = [
        Feeling(emotion, Mix(dict(counts), scope.query(emotion=emotion)))
        for emotion, counts in found.items()
    ]
    shown = sorted((f for f in feelings if f.mix.n), key=lambda f: (-f.mix.n, f.emotion))
    negative = [f for f in shown if f.emotion not in POSITIVE]
    return negative, [f for f in shown if f.emotion in POSITIVE]


def _work(by: Membership, scope: Scope) -> Work:
    rows = DailyInteractions.objects.visible_to(by).filter(scope.condition())
    total = rows.aggregate(
        interactions=Sum("interactions"), scorable=Sum("scorable"), reviewed=Sum("reviewed")
    )
    return Work(**{name: value or 0 for name, value in total.items()})


def _work_by_agent(by: Membership, scope: Scope) -> dict[UUID | None, Work]:
    rows = (
        DailyInteractions.objects.visible_to(by)
        .filter(scope.condition())
        .values("agent")
        .annotate(total=Sum("interactions"), could=Sum("scorable"), settled=Sum("reviewed"))
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
    return _sums(by, scope.condition() & some, "agent")


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
    """Whether anything was ever pre-scored here."""
    return DailyInteractions.objects.visible_to(by).filter(interactions__gt=0).exists()


def examples(by: Membership, scope: Scope, limit: int) -> dict[str, list[Settled]]:
    """The newest moments of an agent that show specific empathy, and that went unanswered."""
    found = {
        name: settled_moments(by, replace(_which(scope), outcome=outcome), limit=limit)
        for name, outcome in (("best", "empathy_2"), ("missed", NOT_MET))
    }
    worded = with_words(by, [one for moments in found.values() for one in moments])
    best = len(found["best"])
    return {"best": worded[:best], "missed": worded[best:]}


def reviews_of(by: Membership, agent: Agent, limit: int) -> list[Review]:
    """The newest confirmed reviews of an agent's interactions."""
    rows = Review.objects.visible_to(by).counted().filter(interaction__agent=agent)
    rows = rows.exclude(unseen(by, "interaction__"))
    return list(
        rows.select_related("interaction", "specialist__user", "acknowledgement").order_by(
            "-confirmed_at", "-id"
        )[:limit]
    )


def _which(scope: Scope) -> Which:
    return Which(scope.start, scope.end, scope.agent, scope.team, scope.channel)
