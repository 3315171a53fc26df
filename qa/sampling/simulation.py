"""What a rule would have picked in the last full weeks, had it been on. Writes nothing.

Conversations count in the week in which they took place, as if each had arrived at once: so the
weeks tell of the work there is also where everything was uploaded in one go.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from qa.organizations.calendar import Calendar, calendar_of
from qa.organizations.models import Agent, Membership, Role
from qa.sampling import draws, quotas
from qa.sampling.draws import Drawn, FrameRow
from qa.sampling.models import Kind, Rule
from qa.sampling.previews import MOST, PreviewRow, preview_rows
from qa.sampling.selection import frame, frame_rows, wanted
from qa.tenancy.base import Actor
from transcripts.models import Channel, InteractionQuerySet

WEEKS: Final = 4
AGENTS: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """How many of an agent, or on a channel, would have been picked, of how many."""

    name: str
    weeks: Sequence[int]
    picked: int
    seen: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a rule would have picked, week by week."""

    weeks: Sequence[date]  # their first days
    seen: int
    picked: int
    cut: bool  # whether there were more than MOST
    total: Line
    agents: Sequence[Line]
    more_agents: int
    channels: Sequence[Line]
    rows: Sequence[PreviewRow]
    reviewers: int  # who would share the work

    @property
    def a_week(self) -> float:
        return self.picked / len(self.weeks)

    @property
    def each(self) -> float:
        """How many would come to each reviewer in a week."""
        return self.a_week / self.reviewers if self.reviewers else 0.0


def simulate(rule: Rule, *, by: Actor, hidden: Q | None = None) -> Simulation:
    """Draw as the rule draws, with its own seed, as if it had been on all the time.

    What a targeted rule finds tells what the pre-score says: those of which `hidden` holds are
    counted, but not listed.
    """
    calendar = calendar_of(by)
    weeks = _full_weeks(calendar)
    whole = _within(_unbounded(rule, by), weeks, calendar)
    seen = _rows(whole, calendar)
    cut, seen = len(seen) > MOST, seen[:MOST]
    seen.sort(key=lambda row: (row.received_at, row.id))
    drawn = _drawn(rule, _fitting(rule, whole, seen, by))
    picked = [row for row, _ in drawn]
    agents = _lines(_agent_names(seen, by), "agent_id", weeks, seen, picked)
    channels: dict[object, str] = {key: str(word) for key, word in Channel.choices}
    return Simulation(
        weeks=weeks,
        seen=len(seen),
        picked=len(picked),
        cut=cut,
        total=_line(_("Everyone"), weeks, seen, picked),
        agents=agents[:AGENTS],
        more_agents=max(len(agents) - AGENTS, 0),
        channels=_lines(channels, "channel", weeks, seen, picked),
        rows=preview_rows(drawn, by=by, hidden=None if rule.random else hidden),
        reviewers=_reviewers(rule, by),
    )


def _full_weeks(calendar: Calendar) -> list[date]:
    this = calendar.week_of(calendar.today())
    return [this - timedelta(weeks=ago) for ago in range(WEEKS, 0, -1)]


def _unbounded(rule: Rule, by: Actor) -> InteractionQuerySet:
    begins, rule.begins = rule.begins, None
    rows = frame(rule, by=by)
    rule.begins = begins
    return rows


def _within(
    rows: InteractionQuerySet, weeks: Sequence[date], calendar: Calendar
) -> InteractionQuerySet:
    end = calendar.midnight(weeks[-1] + timedelta(weeks=1))
    return rows.filter(started_at__gte=calendar.midnight(weeks[0]), started_at__lt=end)


def _rows(rows: InteractionQuerySet, calendar: Calendar) -> list[FrameRow]:
    newest = rows.order_by("-started_at", "-id")
    return frame_rows(newest[: MOST + 1], calendar, moment="started_at")


def _fitting(
    rule: Rule, whole: InteractionQuerySet, seen: Sequence[FrameRow], by: Actor
) -> list[FrameRow]:
    if rule.random:
        return list(seen)
    fit = set(wanted(rule, whole, by=by).values_list("pk", flat=True))
    return [row for row in seen if row.id in fit]


def _drawn(rule: Rule, rows: Sequence[FrameRow]) -> list[Drawn]:
    if rule.kind == Kind.SHARE:
        return draws.by_share(rows, seed=rule.seed, share=(rule.percent or 0) / 100, due={})
    if rule.kind == Kind.NUMBER:
        return draws.by_number(rows, seed=rule.seed, number=rule.per_week or 0)
    if rule.kind == Kind.COMPOSED:
        return quotas.drawn(rule, rows, taken=Counter())
    if rule.per_week is None:
        return [(row, None) for row in rows]
    return draws.at_most(rows, number=rule.per_week, taken={})


def _agent_names(seen: Sequence[FrameRow], by: Actor) -> dict[object, str]:
    ids = {row.agent_id for row in seen if row.agent_id}
    known = Agent.objects.visible_to(by).filter(pk__in=ids).order_by("name", "id")
    names: dict[object, str] = dict(known.values_list("pk", "name"))
    return {**names, None: _("No agent")}


def _lines(
    names: Mapping[object, str],
    field: str,
    weeks: Sequence[date],
    seen: Sequence[FrameRow],
    picked: Sequence[FrameRow],
) -> list[Line]:
    of: dict[UUID | str | None, tuple[list[FrameRow], list[FrameRow]]] = {}
    for place, rows in enumerate((seen, picked)):
        for row in rows:
            of.setdefault(getattr(row, field), ([], []))[place].append(row)
    return [_line(name, weeks, *of[key]) for key, name in names.items() if key in of]  # type: ignore[index]


def _line(
    name: str, weeks: Sequence[date], seen: Sequence[FrameRow], picked: Sequence[FrameRow]
) -> Line:
    counted = Counter(row.week for row in picked)
    return Line(name, [counted[week] for week in weeks], len(picked), len(seen))


def _reviewers(rule: Rule, by: Actor) -> int:
    """Those whom the rule names, or everybody whose work it is to review."""
    people = Membership.objects.visible_to(by)
    if rule.assignment != Rule.Assignment.SHARED:
        return people.filter(pk__in=rule.specialists).exclude(role=Role.AGENT).count()
    return people.filter(role=Role.SPECIALIST).count()
