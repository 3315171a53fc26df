"""Which turns are worth the network's time? A linear model over words and pairs of words.

Most turns of a conversation are routine ("it's 4471", "one moment please"). The gate gives each a
probability that it carries a cue or a mark; below a threshold, chosen in training so that next to
nothing is lost, the turn is taken as routine and the network is not asked.

The weights have sixteen bits and the bias thirty-two: their sum in double precision is exact, in
any order.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from scorecards.empathy.inputs import Input

PAIRS: Final = 1 << 15  # places that pairs of words are hashed to
_LEFT, _RIGHT = 7919, 104729


class Gate:
    """Weights of gate.npz: for each kind of input one of every word piece and pair of pieces."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "gate.npz"

    @cached_property
    def _weights(self) -> dict[str, list[float]]:
        with np.load(self._file) as stored:
            return {name: stored[name].astype(np.float64).tolist() for name in stored.files}

    def opens(self, one: Input, ids: Sequence[int]) -> bool:
        """True if the network should read this input, whose turn has these word pieces."""
        weights = self._weights
        words, pairs = weights[f"{one.kind}.words"], weights[f"{one.kind}.pairs"]
        score = weights[f"{one.kind}.bias"][0]
        score += sum(words[piece] for piece in words_of(ids))
        score += sum(pairs[pair] for pair in pairs_of(ids))
        return score > weights[f"{one.kind}.threshold"][0]


def words_of(ids: Sequence[int]) -> list[int]:
    """Each word piece once."""
    return sorted(set(ids))


def pairs_of(ids: Sequence[int]) -> list[int]:
    """Each hashed pair of neighbours once."""
    return sorted({(a * _LEFT + b * _RIGHT) % PAIRS for a, b in pairwise(ids)})
