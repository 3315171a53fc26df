"""Who talks like an agent? A linear model over word pieces, summed over an interaction.

Agents verify, explain and apologize; customers tell what happened to them. Where those called
customers talk like agents and those called agents like customers, the speakers were probably
swapped when the transcript was made, even if nobody said "how may I help you".

The weights have sixteen bits and their sums are exact in double precision, in any order.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from scorecards.empathy.gate import words_of
from scorecards.empathy.model import AGENT, CUSTOMER

MOST_PIECES: Final = 120  # of one turn
MOST_OF_A_TURN: Final = 3.0  # log-odds that one turn adds at most
SUSPECT: Final = -6.0  # log-odds of a whole interaction; train/roles.py tells how often it errs
SUSPECT_OF_A_TURN: Final = -0.3  # and their mean: talk that is nobody's service hovers around 0

HOLD: Final = 2.0  # log-odds from which on the labels stand against a greeting


class Roles:
    """Weights of roles.npz: log-odds for each word piece that an agent said it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "roles.npz"

    @cached_property
    def _weights(self) -> tuple[list[float], float]:
        with np.load(self._file) as stored:
            words, bias = stored["words"].astype(np.float64), stored["bias"].astype(np.float64)
        return words.tolist(), float(bias[0])

    def swapped(self, turns: Iterable[tuple[str, Sequence[int]]]) -> bool:
        """True if customers and agents, by the word pieces of their turns, look swapped."""
        found = self.agreement(turns)
        total = sum(found)
        return total < SUSPECT and total < SUSPECT_OF_A_TURN * len(found)

    def hold(self, turns: Iterable[tuple[str, Sequence[int]]]) -> bool:
        """True if customers and agents clearly talk as their labels say."""
        return sum(self.agreement(turns)) > HOLD

    def agreement(self, turns: Iterable[tuple[str, Sequence[int]]]) -> list[float]:
        """Log-odds of each turn of customers and agents that its role is right."""
        sign = {AGENT: 1.0, CUSTOMER: -1.0}
        return [sign[role] * self._of_turn(pieces) for role, pieces in turns if role in sign]

    def _of_turn(self, pieces: Sequence[int]) -> float:
        words, bias = self._weights
        score = bias + sum(words[piece] for piece in words_of(pieces[:MOST_PIECES]))
        return max(-MOST_OF_A_TURN, min(MOST_OF_A_TURN, score))
