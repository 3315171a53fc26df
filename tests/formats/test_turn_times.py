"""Clocks that pass midnight, in every reader of clock times; clocks of two that run apart."""

import pytest

from transcripts.formats import Parsed, parse
from transcripts.formats.stamps import APART
from transcripts.formats.turn_times import offsets, over_midnight

HOUR = 3600.0


def read(text: str, name: str) -> Parsed:
    return parse(text.encode(), name=name)


def times(parsed: Parsed) -> list[tuple[str, float | None]]:
    return [(turn.text, turn.started_s) for turn in parsed.interactions[0].turns]


@pytest.mark.parametrize(
    ("clocks", "found"),
    [
        ([23.9, 23.95, 0.1, 0.2], [23.9, 23.95, 24.1, 24.2]),
        ([18.0, 18.2, 8.0, 8.5], [18.0, 18.2, 32.0, 32.5]),
        ([0.2, 0.1, 23.95, 23.9], [24.2, 24.1, 23.95, 23.9]),  # newest first
        ([23.5, 23.4, 0.1], [23.5, 23.4, 24.1]),  # a few seconds out of order
        ([17.0, 15.0, 11.0, 9.0], [17.0, 15.0, 11.0, 9.0]),  # newest first, on one day
        ([9.0, 15.0, 11.0, 17.0, 10.0], [9.0, 15.0, 11.0, 17.0, 10.0]),  # in no order
        ([10.0, 9.5, 11.0], [10.0, 9.5, 11.0]),
        ([0.01, 0.02, 0.0], [0.01, 0.02, 0.0]),
    ],
)
def test_a_clock_that_jumps_back_by_hours_is_the_next_day(
    clocks: list[float], found: list[float]
) -> None:
    assert over_midnight([hours * HOUR for hours in clocks]) == [hours * HOUR for hours in found]


def test_hours_and_minutes_pass_midnight_too() -> None:
    assert over_midnight([1438.0, 1439.0, 3.0]) == [1438 * 60.0, 1439 * 60.0, 1443 * 60.0]
    assert over_midnight([700.0, 1000.0, 3.0]) == [700.0, 1000.0, 3.0]  # two recordings


def test_offsets_of_text_run_over_midnight_or_are_none() -> None:
    assert offsets([23 * HOUR, None, 1 * HOUR]) == [0.0, None, 2 * HOUR]
    assert offsets([30.0, 10.0]) == [None, None]


@pytest.mark.parametrize(
    ("before", "after"), [("23:58:00", "00:01:00"), ("11:58 PM", "12:01:00 AM"), ("23:58", "00:01")]
)
def test_a_table_with_clock_times_passes_midnight(before: str, after: str) -> None:
    rows = f"conversation_id,time,speaker,message\n1,{before},customer,late\n1,{after},agent,next\n"
    assert times(read(rows, "x.csv")) == [("late", 0.0), ("next", 180.0)]


def test_text_and_captions_pass_midnight() -> None:
    talk = "[23:58:00] Customer: late\n[00:01:00] Agent: next\n"
    assert times(read(talk, "x.txt")) == [("late", 0.0), ("next", 180.0)]
    cues = "1\n23:59:50,000 --> 23:59:58,000\nAgent: late\n\n2\n23:59:59,000 --> 00:00:04,000\n"
    cues += "Customer: on it\n\n3\n00:00:05,000 --> 00:00:09,000\nAgent: next\n"
    found = read(cues, "x.srt").interactions[0].turns
    assert [turn.text for turn in found] == ["late", "on it", "next"]
    assert [(turn.started_s, turn.ended_s) for turn in found[1:]] == [
        (86_399.0, 86_404.0),
        (86_405.0, 86_409.0),
    ]


ROWS = [
    ("05:16", "customer", "one"),
    ("04:16", "agent", "two"),
    ("05:17", "customer", "three"),
    ("04:17", "agent", "four"),
]


@pytest.mark.parametrize("zone", ["", "Z"])
def test_where_two_clocks_run_apart_the_file_has_the_order(zone: str) -> None:
    rows = "".join(f"7,2026-03-05T{at}:00{zone},{who},{said}\n" for at, who, said in ROWS)
    parsed = read("conversation_id,time,speaker,message\n" + rows, "x.csv")
    assert [text for text, _ in times(parsed)] == ["one", "two", "three", "four"]
    assert APART in parsed.notes


def test_a_table_in_another_order_is_still_put_in_order_of_time() -> None:
    for order in ([3, 2, 1, 0], [2, 3, 0, 1]):
        rows = "".join(f"7,2026-03-05T10:{n:02d}:00Z,{ROWS[n][1]},{ROWS[n][2]}\n" for n in order)
        parsed = read("conversation_id,time,speaker,message\n" + rows, "x.csv")
        assert [text for text, _ in times(parsed)] == ["one", "two", "three", "four"]
        assert APART not in parsed.notes
