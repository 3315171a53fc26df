"""What a rule would pick of the last weeks, before it is switched on. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import timezone

from qa.organizations.calendar import calendar_of
from qa.sampling import draws, quotas
from qa.sampling.actions import GRACE, first_moment
from qa.sampling.draws import Drawn, FrameRow, Key
from qa.sampling.models import Kind, Rule, Stratum
from qa.sampling.selection import frame, frame_rows, matching
from qa.tenancy.base import Actor
from transcripts.models import Interaction

MOST: Final = 20_000  # of the last weeks' conversations, newest first
SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One conversation that would be picked."""

    interaction: Interaction
    probability: float | None
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would pick."""

    since: datetime
    seen: int
    picked: int
    reviewed: int  # of those picked, that are reviewed already
    cut: bool  # whether there were more than MOST
    rows: Sequence[PreviewRow]

    @property
    def waiting(self) -> int:
        """How many would come into the queue."""
        return self.picked - self.reviewed


def preview(rule: Rule, *, by: Actor, hidden: Q | None = None) -> Preview:
    """Draw as `draw` would, with the rule's own seed, from the weeks it would look back on.

    What a targeted rule finds tells what the pre-score says: those of which `hidden` holds are
    counted, but not listed.
    """
    rule.begins = first_moment(rule, look_back=True, by=by)
    rows = frame_rows(frame(rule, by=by).order_by("-id")[: MOST + 1], calendar_of(by))
    cut, rows = len(rows) > MOST, rows[:MOST]
    rows.sort(key=lambda row: (row.received_at, row.id))
    drawn = _drawn(rule, rows, by)
    picked = [row for row, _ in drawn]
    return Preview(
        since=rule.begins,
        seen=len(rows),
        picked=len(picked),
        reviewed=sum(row.status == Interaction.Status.REVIEWED for row in picked),
        cut=cut,
        rows=preview_rows(drawn, by=by, hidden=None if rule.random else hidden),
    )


def _drawn(rule: Rule, rows: Sequence[FrameRow], by: Actor) -> list[Drawn]:
    if rule.kind == Kind.SHARE:
        share = (rule.percent or 0) / 100
        return draws.by_share(rows, seed=rule.seed, share=share, due=_due(rule, by))
    if rule.weekly:
        calendar = calendar_of(by)
        this_week = calendar.midnight(calendar.week_at(timezone.now() - GRACE))
        over = [row for row in rows if row.received_at < this_week]
        rows = over
        if rule.kind == Kind.NUMBER:
            return draws.by_number(over, seed=rule.seed, number=rule.per_week or 0)
    wanted = set(matching(rule, by=by).values_list("pk", flat=True))
    found = [row for row in rows if row.id in wanted]
    if rule.kind == Kind.COMPOSED:
        return quotas.drawn(rule, found, taken=quotas.taken(rule, found, by=by), due=_due(rule, by))
    if rule.per_week is None:
        return [(row, None) for row in found]
    taken = {(stratum.week, stratum.agent_id): stratum.picked for stratum in _before(rule, by)}
    return draws.at_most(found, number=rule.per_week, taken=taken)


def _due(rule: Rule, by: Actor) -> dict[Key, float]:
    return {(row.week, row.agent_id, row.channel): row.due for row in _before(rule, by)}


def _before(rule: Rule, by: Actor) -> list[Stratum]:
    """What it saw while it was on before, which its next draw carries on."""
    since = calendar_of(by).week_at(rule.begins) if rule.begins else None
    strata = Stratum.objects.visible_to(by).filter(rule=rule)
    return list(strata.filter(week__gte=since) if since else strata)


def preview_rows(drawn: Iterable[Drawn], *, by: Actor, hidden: Q | None) -> list[PreviewRow]:
    """The newest of what was drawn, less those of which `hidden` holds."""
    newest = sorted(drawn, key=lambda draw: (draw[0].received_at, draw[0].id), reverse=True)[:SHOWN]
    ids = [row.id for row, _ in newest]
    rows = Interaction.objects.visible_to(by).select_related("agent", "team")
    found = (rows.exclude(hidden) if hidden is not None else rows).in_bulk(ids)
    return [
        PreviewRow(found[row.id], chance, row.status == Interaction.Status.REVIEWED)
        for row, chance in newest
        if row.id in found
    ]
