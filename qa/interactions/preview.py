"""A conversation beside the list: its moments in their words, or how it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa.interactions.pages import InteractionPage, SettledMoment

OPENING: Final = 8  # turns shown of one without moments


@dataclass(frozen=True, slots=True)
class Previewed:
    """A moment with what the customer said and what was answered, in full."""

    moment: SettledMoment
    said: str
    replies: Sequence[str]


def previewed(reading: InteractionPage) -> list[Previewed]:
    """The moments that count and may be told, each with its words."""
    turns = reading.interaction.transcript.turns
    return [
        Previewed(
            moment,
            turns[moment.cue_turn]["text"],
            [turns[place]["text"] for place in _answered(moment) if place < len(turns)],
        )
        for moment in reading.moments
        if moment.cue_turn < len(turns)
    ]


def _answered(moment: SettledMoment) -> Sequence[int]:
    return moment.machine.response_turns if moment.machine else ()


def opening(reading: InteractionPage) -> list[tuple[str, str]]:
    """The role and the words of the first turns."""
    turns = reading.interaction.transcript.turns[:OPENING]
    return [(turn["role"], turn["text"]) for turn in turns]
