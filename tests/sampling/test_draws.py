"""Draws by themselves: shares hold in every stratum, and the same seed gives the same picks."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from qa.organizations.calendar import UTC_CALENDAR
from qa.sampling.draws import FrameRow, at_most, by_number, by_share

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SPACE = UUID(int=7)


def rows(agents: dict[str, int], channel: str = "call", week: int = 0) -> list[FrameRow]:
    """So many conversations of each agent in one week."""
    return [
        FrameRow(
            uuid5(SPACE, f"{agent}-{channel}-{week}-{n}"),
            uuid5(SPACE, agent),
            channel,
            MONDAY + timedelta(weeks=week, minutes=n),
            "prescored",
        )
        for agent, number in agents.items()
        for n in range(number)
    ]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.333, 0.5, 1.0])
def test_a_share_holds_within_one_for_every_agent_channel_and_week(share: float) -> None:
    some = [
        row
        for channel in ("call", "chat")
        for week in (0, 1)
        for row in rows({"a": 100, "b": 37, "c": 3}, channel, week)
    ]
    drawn = by_share(some, seed=11, share=share, due={})
    seen = Counter((row.agent_id, row.channel, row.week) for row in some)
    picked = Counter((row.agent_id, row.channel, row.week) for row, _ in drawn)
    assert all(abs(picked[key] - number * share) < 1 for key, number in seen.items())
    assert {chance for _, chance in drawn} == {share}


def test_drawing_in_pieces_is_drawing_at_once() -> None:
    some = rows({"a": 40, "b": 25})
    whole = by_share(some, seed=3, share=0.3, due={})
    due: dict[object, float] = {}
    pieces = [
        drawn
        for row in some
        for drawn in by_share([row], seed=3, share=0.3, due=due)  # type: ignore[arg-type]
    ]
    assert pieces == whole


def test_another_seed_draws_others_and_each_conversation_has_its_chance() -> None:
    some = rows({"a": 10})
    drawn = Counter(
        row.id for seed in range(2000) for row, _ in by_share(some, seed=seed, share=0.2, due={})
    )
    assert all(300 < drawn[row.id] < 500 for row in some)  # of 2,000; 400 are expected


def test_a_number_is_drawn_of_each_agent_and_week_with_its_probability() -> None:
    some = rows({"a": 12, "b": 2}) + rows({"a": 5}, week=1) + rows({"a": 6}, "chat")
    drawn = by_number(some, seed=5, number=3)
    picked = Counter((row.agent_id, row.week) for row, _ in drawn)
    a, b = uuid5(SPACE, "a"), uuid5(SPACE, "b")
    assert picked == {
        (a, UTC_CALENDAR.week_at(MONDAY)): 3,
        (b, UTC_CALENDAR.week_at(MONDAY)): 2,
        (a, some[14].week): 3,
    }
    chances = {(row.agent_id, row.week): chance for row, chance in drawn}
    assert chances[a, UTC_CALENDAR.week_at(MONDAY)] == pytest.approx(3 / 18)
    assert chances[b, UTC_CALENDAR.week_at(MONDAY)] == 1.0
    assert drawn == by_number(reversed(some), seed=5, number=3)
    both = {
        row.channel
        for row, _ in drawn
        if (row.agent_id, row.week) == (a, UTC_CALENDAR.week_at(MONDAY))
    }
    assert both == {"call", "chat"}


def test_a_cap_counts_on_from_what_was_taken() -> None:
    some = rows({"a": 4, "b": 1})
    a = uuid5(SPACE, "a")
    taken = {(UTC_CALENDAR.week_at(MONDAY), a): 1}
    kept = at_most(some, number=3, taken=taken)
    assert [row.agent_id for row, _ in kept].count(a) == 2
    assert taken[UTC_CALENDAR.week_at(MONDAY), a] == 3
    assert all(chance is None for _, chance in kept)
