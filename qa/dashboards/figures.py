"""The figures of the dashboard as a page shows them. Pure: queries.py finds the numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.core.rates import Rate, rate
from qa.dashboards.scope import Bin, Scope
from qa.dashboards.statistics import differ, funnel_limits
from scorecards.choices import CHOICE_WORDS

POINT_LEAST = 4  # feelings: nothing is claimed of a week with fewer
COMPARE_LEAST = 10  # feelings: no two periods are compared of which one has fewer
FUNNEL_LEAST = 2  # agents: one alone is the average
FUNNEL_STEPS = 60


@dataclass(frozen=True)
class Mix:
    """How many feelings came to which outcome; `query` opens them in the list of moments.

    `withheld`: it would give away what this member has still to score for themself.
    """

    counts: dict[str, int]
    query: str = ""
    withheld: bool = False

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
        return [(key, self.counts.get(key, 0)) for key in CHOICE_WORDS]


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

    @property
    def told(self) -> bool:
        """True if there is enough in it for a share to say anything."""
        return self.mix.n >= POINT_LEAST


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
        """ "up 4 points", "no change", or nothing."""
        if self.change is None:
            return ""
        points = abs(self.change)
        if not points:
            return _("no change")
        if self.change > 0:
            said = ngettext("up %(n)s point", "up %(n)s points", points)
        else:
            said = ngettext("down %(n)s point", "down %(n)s points", points)
        return said % {"n": points}


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
        if share < self.low_998:
            return _("below the %(share)s limits") % {"share": "99.8 %"}
        if share > self.high_998:
            return _("above the %(share)s limits") % {"share": "99.8 %"}
        if share < self.low_95:
            return _("below the %(share)s limits") % {"share": "95 %"}
        if share > self.high_95:
            return _("above the %(share)s limits") % {"share": "95 %"}
        return _("within the expected range")


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
    unsure: list[Feeling] = field(default_factory=list)
    doubted: int = 0  # moments of which the pre-score is unsure what became of them

    @property
    def points(self) -> int:
        """How many stretches have anything in them: a trend needs a few."""
        return sum(1 for stretch in self.stretches if stretch.mix.n)

    @property
    def trend_points(self) -> int:
        """How many stretches have a share that says anything: a line needs a few."""
        return sum(1 for stretch in self.stretches if stretch.told)

    @property
    def trend_words(self) -> str:
        """How the share has moved against the period before, with what chance alone does."""
        now, then = self.now.empathy, self.before.empathy
        if now.n < COMPARE_LEAST or then.n < COMPARE_LEAST:
            return _("There are too few feelings to say whether this is more or less than before.")
        told = {"count": then.count, "n": then.n, "period": self.scope.words}
        if not differ((now.count, now.n), (then.count, then.n)):
            said = _("About the same as in the %(period)s before (%(count)s of %(n)s).")
        elif (now.value or 0) > (then.value or 0):
            said = _("More than in the %(period)s before (%(count)s of %(n)s).")
        else:
            said = _("Less than in the %(period)s before (%(count)s of %(n)s).")
        return said % told

    @property
    def mix_data(self) -> dict[str, Any]:
        """The chart over time, as JSON; the table beside it has the same numbers."""
        series = [
            {"key": key, "name": name, "values": [s.mix.counts.get(key, 0) for s in self.stretches]}
            for key, name in CHOICE_WORDS.items()
        ]
        return {**self._days, "series": series}

    @property
    def trend_data(self) -> dict[str, Any]:
        """The share answered with empathy over time with its interval, as JSON."""
        rates = [s.mix.empathy if s.told else rate(0, 0) for s in self.stretches]
        empathy = {
            "key": "empathy_2",
            "name": _("Answered with empathy"),
            "values": [r.value for r in rates],
            "low": [r.low for r in rates],
            "high": [r.high for r in rates],
        }
        return {**self._days, "series": [empathy]}

    @property
    def _days(self) -> dict[str, list[str]]:
        """The days of each point, and the first of them, for the axis."""
        return {
            "labels": [s.bin.label for s in self.stretches],
            "ticks": [date_format(s.bin.start, "j M") for s in self.stretches],
        }


def from_first(stretches: list[Stretch], before: Mix) -> list[Stretch]:
    """Leave out the empty stretches at the beginning, where nothing was there before either."""
    some = (place for place, one in enumerate(stretches) if one.mix.n or one.mix.withheld)
    first = next(some, 0)
    return stretches if before.n else stretches[first:]


def funnel(rows: Iterable[AgentRow]) -> Funnel | None:
    """Agents' shares against their number of feelings; None where there is nothing to compare.

    What nobody is named for is no agent's: it neither stands in the plot nor moves its line.
    """
    shown = [row for row in rows if row.agent_id and row.mix.n]
    together: Counter[str] = Counter()
    for row in shown:
        together.update(row.mix.counts)
    overall = Mix(together).empathy
    if overall.value is None or len(shown) < FUNNEL_LEAST:
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
