"""How accurate is the engine on labelled pairs? Figures, each with its 95 % interval and n.

Shares (precision, recall) have Wilson intervals. F1, kappa and calibration error have percentile
intervals of a bootstrap that draws whole conversations; its seed is fixed, so that the same file
always gives the same figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from qa.core.rates import rate
from scorecards.empathy import DEFAULT_ENGINE, ENGINES, Engine
from scorecards.empathy.calibrate import BINS
from scorecards.empathy.gold import Labels, Pair
from scorecards.empathy.model import NO_CUE, OUTCOMES, PreScore
from scorecards.empathy.moments import marks_of, outcome_of
from scorecards.empathy.pack import MARKS, Pack

DRAWS = 1000
SEED = 20_260_101
LEVEL = 0.95
NO_MOMENT = "no_moment"
LABELS: dict[str, Callable[[Labels], bool]] = {
    "sympathy": lambda labels: labels.sympathy > 0,
    "empathy": lambda labels: labels.empathy > 0,
    "specific empathy": lambda labels: labels.empathy > 1,
    "dismissal": lambda labels: labels.dismissal > 0,
    "cue": lambda labels: labels.cue,
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval and the number of cases it rests on; None if there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one yes-or-no label is found."""

    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts: a row for each labelled value, a column for each found one."""

    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said with a confidence from `low` on: how sure on average, and how often right."""

    low: float
    n: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """The accuracy on one set of pairs.

    `outcome` judges every reply as if there were a moment; `moment` also needs the cue.
    """

    pairs: int
    labels: dict[str, LabelFigures]
    emotion_kappa: Figure
    outcome_kappa: Figure
    moment_kappa: Figure
    outcomes: Confusion
    calibration_error: dict[str, Figure]
    emotions: dict[str, LabelFigures] = field(default_factory=dict)
    reliability: dict[str, tuple[Bin, ...]] = field(default_factory=dict)
    channels: dict[str, "Report"] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Judged:
    """A pair, what the engine found in it, and its claims as (kind, confidence, right)."""

    pair: Pair
    found: Labels
    claims: tuple[tuple[str, float, bool], ...]


def evaluate(pairs: Sequence[Pair], pack: Pack, engine: Engine = ENGINES[DEFAULT_ENGINE]) -> Report:
    """Pre-score the pairs and compare; by channel too where there is more than one."""
    found = engine.prescore_many(((pair.turns, None) for pair in pairs), pack)
    judged = [_judge(pair, one, pack, engine) for pair, one in zip(pairs, found, strict=True)]
    emotions = [NO_CUE, *(emotion.value for emotion in pack.emotions)]
    channels = sorted({one.pair.channel for one in judged} - {""})
    by_channel = {
        channel: _report([one for one in judged if one.pair.channel == channel], emotions)
        for channel in channels
    }
    return _report(judged, emotions, by_channel if len(channels) > 1 else {})


def _judge(pair: Pair, scored: PreScore, pack: Pack, engine: Engine) -> Judged:
    cue, response = scored.turns[-2].cue, scored.turns[-1].response
    levels = marks_of(response) if response else (0, 0, 0)
    found = Labels(cue.emotion if cue else NO_CUE, *levels)
    claims: list[tuple[str, float, bool]] = []
    if cue is not None:
        claims.append(("cue", cue.presence, pair.labels.cue))
        claims.append(("emotion", cue.confidence, cue.emotion == pair.labels.emotion))
    if response is not None:
        for name in MARKS:
            mark = getattr(response, name)
            claims.append((name, mark.confidence, mark.level == getattr(pair.labels, name)))
        if pair.labels.cue:
            outcome = outcome_of([levels], same_turn=pack.same_turn)
            sure = engine.outcome_confidence(outcome, [response], pack)
            claims.append(("outcome", sure, outcome == pair.labels.outcome))
    return Judged(pair, found, tuple(claims))


def _report(
    judged: Sequence[Judged], emotions: list[str], channels: dict[str, Report] | None = None
) -> Report:
    weights = _draws([one.pair.conversation for one in judged])
    gold, found = [one.pair.labels for one in judged], [one.found for one in judged]
    outcomes = [labels.outcome for labels in gold], [labels.outcome for labels in found]
    return Report(
        pairs=len(judged),
        labels={name: _label(gold, found, holds, weights) for name, holds in LABELS.items()},
        emotion_kappa=_kappa(
            [g.emotion for g in gold], [f.emotion for f in found], emotions, weights
        ),
        outcome_kappa=_kappa(*outcomes, list(OUTCOMES), weights),
        moment_kappa=_kappa(
            [g.outcome if g.cue else NO_MOMENT for g in gold],
            [f.outcome if f.cue else NO_MOMENT for f in found],
            [*OUTCOMES, NO_MOMENT],
            weights,
        ),
        outcomes=_confusion(*outcomes),
        calibration_error=_calibration_errors(judged, weights),
        emotions={
            name: _label(gold, found, partial(_is_emotion, name), weights) for name in emotions
        },
        reliability=_reliability(judged),
        channels=channels or {},
    )


def _draws(conversations: Sequence[str]) -> Floats:
    """How often each pair is drawn in each bootstrap sample: a row for each sample."""
    if not conversations:
        return np.zeros((DRAWS, 0))
    names, at = np.unique(np.array(conversations, dtype=object), return_inverse=True)
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS)
    return drawn[:, at].astype(np.float64)


def _is_emotion(name: str, labels: Labels) -> bool:
    return labels.emotion == name


def _label(
    gold: Sequence[Labels],
    found: Sequence[Labels],
    holds: Callable[[Labels], bool],
    weights: Floats,
) -> LabelFigures:
    truth = np.array([holds(labels) for labels in gold], dtype=np.float64)
    said = np.array([holds(labels) for labels in found], dtype=np.float64)
    both, either = truth * said, truth + said
    value = 2 * both.sum() / either.sum() if either.sum() else None
    return LabelFigures(
        precision=share(int(both.sum()), int(said.sum())),
        recall=share(int(both.sum()), int(truth.sum())),
        f1=_figure(value, _ratio(2 * weights @ both, weights @ either), int(truth.sum())),
    )


def share(part: int, whole: int) -> Figure:
    """A share with its Wilson interval."""
    found = rate(part, whole)
    return Figure(found.value, found.low, found.high, found.n)


def _kappa(gold: Sequence[str], found: Sequence[str], values: list[str], weights: Floats) -> Figure:
    if not gold:
        return Figure(None, None, None, 0)
    value = None if len({*gold, *found}) == 1 else float(cohen_kappa_score(gold, found))
    return _figure(value, drawn_kappas(gold, found, values, weights), len(gold))


def drawn_kappas(
    gold: Sequence[str], found: Sequence[str], values: list[str], weights: Floats
) -> Floats:
    """Cohen's kappa in every bootstrap sample at once."""
    place = {value: at for at, value in enumerate(values)}
    rows, columns = (
        np.eye(len(values))[[place[g] for g in gold]],
        np.eye(len(values))[[place[f] for f in found]],
    )
    n = weights.sum(axis=1)
    agreed = weights @ (rows * columns).sum(axis=1) / n
    chance = ((weights @ rows) * (weights @ columns)).sum(axis=1) / n**2
    return _ratio(agreed - chance, 1 - chance)


def _confusion(gold: Sequence[str], found: Sequence[str]) -> Confusion:
    pairs = list(zip(gold, found, strict=True))
    counts = tuple(tuple(pairs.count((g, f)) for f in OUTCOMES) for g in OUTCOMES)
    return Confusion(OUTCOMES, counts)


def _calibration_errors(judged: Sequence[Judged], weights: Floats) -> dict[str, Figure]:
    kinds = sorted({kind for one in judged for kind, _, _ in one.claims})
    return {kind: _calibration_error(kind, judged, weights) for kind in kinds}


def _reliability(judged: Sequence[Judged]) -> dict[str, tuple[Bin, ...]]:
    """The claims of each kind by how sure they were."""
    held: dict[str, dict[int, list[tuple[float, bool]]]] = {}
    for one in judged:
        for kind, said, right in one.claims:
            at = min(int(said * BINS), BINS - 1)
            held.setdefault(kind, {}).setdefault(at, []).append((said, right))
    return {
        kind: tuple(
            Bin(
                at / BINS,
                len(claims),
                *(sum(column) / len(claims) for column in zip(*claims, strict=True)),
            )
            for at, claims in sorted(bins.items())
        )
        for kind, bins in sorted(held.items())
    }


def _calibration_error(kind: str, judged: Sequence[Judged], weights: Floats) -> Figure:
    held = [
        (at, said, right)
        for at, one in enumerate(judged)
        for name, said, right in one.claims
        if name == kind
    ]
    pairs = np.array([at for at, _, _ in held])
    gaps = np.array([said - right for _, said, right in held])
    bins = np.array([min(int(said * BINS), BINS - 1) for _, said, _ in held])
    in_bin = np.eye(BINS)[bins]
    value = float(np.abs(gaps @ in_bin).sum() / len(held))
    drawn = weights[:, pairs]
    errors = _ratio(np.abs((drawn * gaps) @ in_bin).sum(axis=1), drawn.sum(axis=1))
    return _figure(value, errors, len(held))


def _ratio(above: Floats, below: Floats) -> Floats:
    shares: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=shares, where=below > 0)
    return shares


def _figure(value: float | None, drawn: Floats, n: int) -> Figure:
    known = drawn[~np.isnan(drawn)]
    if value is None or not len(known):
        return Figure(None if value is None else float(value), None, None, n)
    low, high = np.percentile(known, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Figure(float(value), float(low), float(high), n)
