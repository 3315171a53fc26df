"""The gate, fitted on what readers said of turns, and on what the network says of many more."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from scorecards.empathy.gate import PAIRS, pairs_of, words_of
from scorecards.empathy.inputs import CUE, RESPONSE
from scorecards.empathy.network import MOST_BEFORE, Network
from scorecards.empathy.pack import MARKS
from scorecards.empathy.train.weighing import Seen

# Log-odds below which a turn is held back. Of sources never seen, 95 and 98 % of what the network
# finds rightly lies above, with 92 and 86 % of its false alarms, and 28 and 6 % of all turns.
THRESHOLDS: Final = {CUE: -0.68, RESPONSE: -0.91}
FOLDS: Final = 5
STRENGTH: Final = 0.5
LEAN: Final = 5.0  # a turn that carries something weighs as much as so many that carry nothing
LIKELY: Final = 0.3  # probability from which on the network's opinion counts as found
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Routine:
    """A turn for the gate to learn: how likely it carries something.

    That is what readers said (0 or 1), or else the network's probability.

    `found` is True for labelled turns that the network has not learned from and gives a mark that
    readers gave too: what would be lost if the gate held them back.
    """

    seen: Seen
    likely: float
    found: bool
    labelled: bool


def fit_gate(turns: Sequence[Routine], folder: Path) -> dict[str, float]:
    """Write gate.npz; answers with how seldom a turn that it holds back carries each mark.

    Prints what the thresholds let through, by cross-validation that keeps conversations whole; each
    turn counts as often as its weight says.
    """
    network = Network(folder)
    weights: dict[str, Any] = {}
    routine: dict[str, float] = {}
    for kind in (CUE, RESPONSE):
        mine = [turn for turn in turns if turn.seen.example.input.kind == kind]
        features = _features([turn.seen for turn in mine], network)
        likely = np.array([turn.likely for turn in mine])
        scores = np.zeros(len(mine))
        groups = [turn.seen.example.group for turn in mine]
        for learnt, held in GroupKFold(FOLDS).split(features, groups=groups):
            model = _fit(features[learnt], likely[learnt])
            scores[held] = model.decision_function(features[held])
        labelled = np.array([turn.labelled for turn in mine])
        found = np.array([turn.found for turn in mine])
        weight = np.array([turn.seen.example.weight for turn in mine])
        back = scores <= THRESHOLDS[kind]
        kept = np.average(~back[found], weights=weight[found])
        print(
            f"gate {kind}: lets {1 - back[~labelled].mean():.1%} of the pool through, and "
            f"{kept:.1%} of what the network finds rightly"
        )
        model = _fit(features, likely)
        weights |= _stored(kind, model, len(network.vocabulary))
        for mark in MARKS if kind == RESPONSE else ():
            held = np.flatnonzero(back & labelled)
            routine[mark] = _lost(mark, [mine[at].seen for at in held])
    np.savez_compressed(folder / "gate.npz", **weights)
    return routine


def _fit(features: csr_matrix, likely: Floats) -> LogisticRegression:
    """Each turn is shown twice, as one that carries something and as one that does not.

    Each time it weighs as much as that is likely.
    """
    wanted = np.repeat([1, 0], len(likely))
    weight = np.concatenate([LEAN * likely, 1 - likely])
    model = LogisticRegression(C=STRENGTH, max_iter=500)
    return model.fit(vstack([features, features]), wanted, weight)


def _lost(mark: str, back: Sequence[Seen]) -> float:
    """The share of turns held back that readers gave a mark."""
    weight = [seen.example.weight for seen in back]
    missed = sum(seen.example.weight for seen in back if seen.example.labels[mark] > 0)
    return round((missed + 0.5) / (sum(weight) + 1), 4)


def _stored(kind: str, model: Any, words: int) -> dict[str, Any]:
    said, pairs, before, found = np.split(
        model.coef_[0].astype(np.float16), [words, words + PAIRS, 2 * words + PAIRS]
    )
    return {
        f"{kind}.words": said,
        f"{kind}.pairs": pairs,
        f"{kind}.before": before,
        f"{kind}.found": found,
        f"{kind}.bias": model.intercept_.astype(np.float32),
        f"{kind}.threshold": np.array([THRESHOLDS[kind]], np.float32),
    }


def _features(each: Sequence[Seen], network: Network) -> csr_matrix:
    words = len(network.vocabulary)
    rows = [_row(seen, network, words) for seen in each]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate(rows)
    shape = (len(rows), 2 * words + PAIRS + 1)
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)


def _row(seen: Seen, network: Network, words: int) -> NDArray[np.int64]:
    said = network.pieces(seen.text)
    asked = seen.example.input
    before = network.pieces(asked.before)[-MOST_BEFORE[asked.kind] :]
    places = [
        *words_of(said),
        *(words + pair for pair in pairs_of(said)),
        *(words + PAIRS + piece for piece in words_of(before)),
    ]
    if seen.by_phrases:
        places.append(2 * words + PAIRS)
    return np.array(places, np.int64)
