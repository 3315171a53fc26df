"""Which turns are worth the network's time? A linear model over words and pairs of words.

Most turns of a conversation are routine ("it's 4471", "one moment please"). The gate weighs the
word pieces of a turn, pairs of neighbours among them, the word pieces of what it answers, and
whether the phrases found something. Below a threshold, chosen in training so that little is lost,
the turn is taken as routine and the network is not asked.

The weights have sixteen bits and the bias thirty-two: their sum in double precision is exact, in
any order.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

PAIRS: Final = 1 << 16  # places that pairs of words are hashed to
_LEFT, _RIGHT = 7919, 104729


class Gate:
    """Weights of gate.npz: for each kind of input one of every feature."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "gate.npz"

    @cached_property
    def _weights(self) -> dict[str, list[float]]:
        with np.load(self._file) as stored:
            return {name: stored[name].astype(np.float64).tolist() for name in stored.files}

    def opens(self, kind: str, said: Sequence[int], before: Sequence[int], found: bool) -> bool:
        """True if the network should read a turn.

        `said` and `before` are the word pieces of the turn and of what it answers; `found` is True
        if the phrases found something.
        """
        return self.score(kind, said, before, found) > self._weights[f"{kind}.threshold"][0]

    def score(self, kind: str, said: Sequence[int], before: Sequence[int], found: bool) -> float:
        """Log-odds, up to a constant, that the turn carries a cue or a mark."""
        weights = self._weights
        words, pairs, heard = (weights[f"{kind}.{name}"] for name in ("words", "pairs", "before"))
        score = weights[f"{kind}.bias"][0] + found * weights[f"{kind}.found"][0]
        score += sum(words[piece] for piece in words_of(said))
        score += sum(pairs[pair] for pair in pairs_of(said))
        return score + sum(heard[piece] for piece in words_of(before))


def words_of(ids: Sequence[int]) -> list[int]:
    """Each word piece once."""
    return sorted(set(ids))


def pairs_of(ids: Sequence[int]) -> list[int]:
    """Each hashed pair of neighbours once."""
    return sorted({(a * _LEFT + b * _RIGHT) % PAIRS for a, b in pairwise(ids)})
