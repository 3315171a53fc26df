"""The strip along a conversation: every turn as a stretch, cues and their replies in colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHORTEST, PER = 1.0, 160  # a turn's height: one, and one more every 160 letters
X = {"customer": 0, "agent": 9}
LEAST = 48.0  # a short conversation does not fill the map


@dataclass(frozen=True, slots=True)
class MapMark:
    """A cue or its reply."""

    index: int
    x: int
    y: float
    height: float
    emotion: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Map:
    """The whole conversation; `rest` are the turns outside moments, as one path.

    `edges` says where each turn begins, and where the last one ends.
    """

    marks: Sequence[MapMark]
    rest: str
    height: float
    edges: str


def draw(
    turns: Sequence[Mapping[str, Any]], cues: Mapping[int, str], replies: Mapping[int, str]
) -> Map:
    """`cues` are feelings and `replies` choices, by the turns that show them."""
    marks, rest, edges, y = [], [], ["0"], 0.0
    for index, turn in enumerate(turns):
        height = round(SHORTEST + len(turn["text"]) / PER, 2)
        x = X.get(turn["role"], 4)
        if index in cues or index in replies:
            feeling, outcome = cues.get(index, ""), replies.get(index, "")
            marks.append(MapMark(index, x, round(y, 2), height, feeling, outcome))
        else:
            rest.append(f"M{x} {y:.2f}h7v{height}h-7z")
        y += height
        edges.append(f"{y:.2f}")
    return Map(marks, "".join(rest), round(max(y, LEAST), 2), " ".join(edges))
