"""How many of what fits a custom rule takes, and which of them."""

from collections import Counter
from collections.abc import Hashable, MutableMapping, Sequence
from typing import Any

from qa.organizations.calendar import calendar_of
from qa.sampling import draws
from qa.sampling.draws import Drawn, FrameRow, Key
from qa.sampling.models import Pick, Rule
from qa.tenancy.base import Actor


def drawn(
    rule: Rule,
    rows: Sequence[FrameRow],
    *,
    taken: Counter[Hashable],
    due: MutableMapping[Key, float] | None = None,
) -> list[Drawn]:
    """What the rule takes of the rows, which come as they arrived.

    None of them stands for all conversations, so none has a probability.
    """
    share = 1.0 if rule.percent is None else rule.percent / 100
    if rule.weekly:
        rows = draws.shuffled(rows, seed=rule.seed, share=share)
    elif rule.shares:
        found = draws.by_share(rows, seed=rule.seed, share=share, due={} if due is None else due)
        rows = [row for row, _chance in found]
    return draws.within(rows, limits=rule.limits, taken=taken)


def taken(rule: Rule, rows: Sequence[FrameRow], *, by: Actor) -> Counter[Hashable]:
    """What the rule has picked already in the weeks of these rows, by what it counts towards."""
    counted: Counter[Hashable] = Counter()
    if not rule.limits or not rows:
        return counted
    calendar = calendar_of(by)
    since = calendar.midnight(min(row.week for row in rows))
    before = Pick.objects.visible_to(by).filter(rule=rule, interaction__received_at__gte=since)
    names = ("id", "agent_id", "channel", "received_at", "status", "team_id")
    found: Any = before.values_list(*(f"interaction__{name}" for name in names))
    for pk, agent, channel, arrived, status, team in found:
        row = FrameRow(pk, agent, channel, arrived, status, calendar, team)
        counted.update((name, key) for name, key in row.counts.items())
    return counted
