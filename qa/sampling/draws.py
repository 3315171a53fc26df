"""How a random rule draws. No database here: the same rows and the same seed give the same picks.

Both draws are systematic: a random start, then even steps. So each conversation is drawn with the
probability that is stored with it, and each agent's (and channel's) share holds within one.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil, floor
from uuid import UUID

import numpy as np

from qa.organizations.calendar import UTC_CALENDAR, Calendar


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A conversation as a draw sees it."""

    id: UUID
    agent_id: UUID | None
    channel: str
    received_at: datetime
    status: str
    calendar: Calendar = UTC_CALENDAR
    team_id: UUID | None = None

    @property
    def week(self) -> date:
        """The first day of the organization's week in which it arrived."""
        return self.calendar.week_at(self.received_at)

    @property
    def counts(self) -> dict[str, Hashable]:
        """What it counts towards, of each kind of limit."""
        week = self.week
        day = self.calendar.day_of(self.received_at)
        return {
            "agent": (week, self.agent_id),
            "team": (week, self.team_id),
            "day": day,
            "week": week,
        }


Key = tuple[date, UUID | None, str]  # a stratum: week, agent, channel
Drawn = tuple[FrameRow, float | None]  # with its probability, where it is random


def by_share(
    rows: Iterable[FrameRow], *, seed: int, share: float, due: MutableMapping[Key, float]
) -> list[Drawn]:
    """Draw a share of each agent's conversations on each channel, week by week, as they come.

    `due` holds the sum of the probabilities of what was seen before, and is carried on: a row is
    drawn when the sum, begun at a random point, passes a whole number.
    """
    drawn: list[Drawn] = []
    starts: dict[Key, float] = {}
    for row in rows:
        key = (row.week, row.agent_id, row.channel)
        if key not in starts:
            starts[key] = float(_generator(seed, key).random())
        before = starts[key] + due.get(key, 0.0)
        due[key] = due.get(key, 0.0) + share
        if floor(before + share) > floor(before):
            drawn.append((row, share))
    return drawn


def by_number(rows: Iterable[FrameRow], *, seed: int, number: int) -> list[Drawn]:
    """Draw so many of each agent's conversations of a week that is over, spread over channels."""
    drawn: list[Drawn] = []
    for (week, agent), group in groupby(sorted(rows, key=_agent_key), key=_agent_and_week):
        drawn += _of_agent(list(group), _generator(seed, (week, agent, "")), number)
    return drawn


def _of_agent(rows: Sequence[FrameRow], generator: np.random.Generator, number: int) -> list[Drawn]:
    if len(rows) <= number:
        return [(row, 1.0) for row in rows]
    shuffled = [rows[place] for place in generator.permutation(len(rows))]
    shuffled.sort(key=lambda row: row.channel)
    step = len(rows) / number
    start = float(generator.random()) * step
    return [(shuffled[int(start + turn * step)], number / len(rows)) for turn in range(number)]


def at_most(
    rows: Iterable[FrameRow], *, number: int, taken: MutableMapping[tuple[date, UUID | None], int]
) -> list[Drawn]:
    """The first so many of each agent and week. `taken` counts those there were, and is carried."""
    kept: list[Drawn] = []
    for row in rows:
        key = (row.week, row.agent_id)
        if taken.get(key, 0) < number:
            taken[key] = taken.get(key, 0) + 1
            kept.append((row, None))
    return kept


def shuffled(rows: Iterable[FrameRow], *, seed: int, share: float = 1.0) -> list[FrameRow]:
    """The rows of each week in an order drawn at random; of each week only such a share."""
    found: list[FrameRow] = []
    ordered = sorted(rows, key=lambda row: (row.week, str(row.id)))
    for week, group in groupby(ordered, key=lambda row: row.week):
        of_week = list(group)
        places = _generator(seed, (week, None, "")).permutation(len(of_week))
        found += [of_week[place] for place in places[: ceil(len(of_week) * share)]]
    return found


def within(
    rows: Iterable[FrameRow], *, limits: Mapping[str, int], taken: Counter[Hashable]
) -> list[Drawn]:
    """The first that fit within all the limits. `taken` counts what there was, and is carried."""
    kept: list[Drawn] = []
    for row in rows:
        counts = row.counts
        keys = [(name, counts[name]) for name in limits]
        if all(taken[key] < limits[key[0]] for key in keys):
            taken.update(keys)
            kept.append((row, None))
    return kept


def _generator(seed: int, key: Key) -> np.random.Generator:
    week, agent, channel = key
    words = (week.toordinal(), agent.int if agent else 0, int.from_bytes(channel.encode()))
    return np.random.default_rng([seed, *words])


def _agent_and_week(row: FrameRow) -> tuple[date, UUID | None]:
    return row.week, row.agent_id


def _agent_key(row: FrameRow) -> tuple[date, str, str]:
    return row.week, str(row.agent_id or ""), str(row.id)
