"""Which turns are worth the network's time? A linear model over words and pairs of words.

Most turns of a conversation are routine ("it's 4471", "one moment please"). The gate gives each a
probability that it carries a cue or a mark; below a threshold, chosen in training so that next to
nothing is lost, the turn is taken as routine and the network is not asked.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scorecards.empathy.inputs import Input

PAIRS: Final = 1 << 15  # places that pairs of words are hashed to
_LEFT, _RIGHT = 7919, 104729


class Gate:
    """Weights of gate.npz: for each kind of input one of every word piece and pair of pieces."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "gate.npz"

    @cached_property
    def _weights(self) -> dict[str, NDArray[np.float32]]:
        with np.load(self._file) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    def opens(self, one: Input, ids: Sequence[int]) -> bool:
        """Whether the network should read this input, whose turn has these word pieces."""
        weights = self._weights
        score = weights[f"{one.kind}.bias"][0]
        score += weights[f"{one.kind}.words"][words_of(ids)].sum()
        score += weights[f"{one.kind}.pairs"][pairs_of(ids)].sum()
        return bool(score > weights[f"{one.kind}.threshold"][0])


def words_of(ids: Sequence[int]) -> NDArray[np.int64]:
    """Each word piece once."""
    return np.unique(np.asarray(ids, dtype=np.int64))


def pairs_of(ids: Sequence[int]) -> NDArray[np.int64]:
    """Each hashed pair of neighbours once."""
    pieces = np.asarray(ids, dtype=np.int64)
    return np.unique((pieces[:-1] * _LEFT + pieces[1:] * _RIGHT) % PAIRS)
