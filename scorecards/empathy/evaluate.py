"""How accurate is the engine on labelled pairs? Figures, each with its 95 % interval and n.

Once for all pairs, once for each channel and each source; and the same for the pairs that were
picked at random, where the file says so: only they show what the figures are where feelings are
as rare as they are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import tee
from typing import Any

from scorecards.empathy import DEFAULT_ENGINE, ENGINES, Engine
from scorecards.empathy.figures import (
    Bin,
    Claim,
    Confusion,
    Figure,
    LabelFigures,
    Sample,
    calibration_error,
    confusion,
    kappa,
    label_figures,
    reliability,
    share,
)
from scorecards.empathy.gold import RANDOM, Labels, Pair
from scorecards.empathy.model import NO_CUE, OUTCOMES, PreScore
from scorecards.empathy.moments import SPECIFIC, marks_of, outcome_of
from scorecards.empathy.pack import MARKS, Pack

NO_MOMENT = "no_moment"
NEITHER_GOOD_NOR_BAD = {"surprise"}  # as the codebook has it: without clear anger or delight
LABELS: dict[str, Callable[[Labels], bool]] = {
    "sympathy": lambda labels: labels.sympathy > 0,
    "empathy": lambda labels: labels.empathy > 0,
    "specific empathy": lambda labels: labels.empathy >= SPECIFIC,
    "dismissal": lambda labels: labels.dismissal > 0,
    "cue": lambda labels: labels.cue,
}


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was labelled, and how often it was found."""

    labelled: int
    found: int


@dataclass(frozen=True, slots=True)
class SignErrors:
    """Of the feelings that are good or bad in both eyes: the share with the wrong sign."""

    share: Figure
    good_called_bad: int
    bad_called_good: int


@dataclass(frozen=True, slots=True)
class Report:
    """The accuracy on one set of pairs.

    `outcome` judges every reply as if there were a moment; `moment` also needs the cue.
    `at_true_rates` is the accuracy on those picked at random, None if the file says of none.
    """

    pairs: int
    conversations: int
    labels: dict[str, LabelFigures]
    emotion_kappa: Figure
    outcome_kappa: Figure
    moment_kappa: Figure
    outcomes: Confusion
    emotion_confusion: Confusion
    sign_errors: SignErrors
    counts: dict[str, dict[str, Count]]
    calibration_error: dict[str, Figure]
    emotions: dict[str, LabelFigures] = field(default_factory=dict)
    reliability: dict[str, tuple[Bin, ...]] = field(default_factory=dict)
    channels: dict[str, "Report"] = field(default_factory=dict)
    sources: dict[str, "Report"] = field(default_factory=dict)
    at_true_rates: "Report | None" = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a pair's labels are, what the engine found, and its claims by their kinds. No text."""

    conversation: str
    channel: str
    source: str
    random: bool
    labels: Labels
    found: Labels
    claims: dict[str, Claim]


@dataclass(frozen=True, slots=True)
class Feelings:
    """The values of emotion, and which of them are good and bad."""

    values: tuple[str, ...]
    good: frozenset[str]
    bad: frozenset[str]


def feelings_of(pack: Pack) -> Feelings:
    """What a pack calls a feeling, none first."""
    named = [emotion.value for emotion in pack.emotions]
    signed = frozenset(named) - NEITHER_GOOD_NOR_BAD
    return Feelings((NO_CUE, *named), signed & pack.positive, signed - pack.positive)


def evaluate(pairs: Iterable[Pair], pack: Pack, engine: Engine = ENGINES[DEFAULT_ENGINE]) -> Report:
    """Pre-score the pairs and compare."""
    judged, feelings = list(_judged(pairs, pack, engine)), feelings_of(pack)
    random = [one for one in judged if one.random]
    at_true_rates = _with_parts(random, feelings) if random else None
    return _with_parts(judged, feelings, at_true_rates)


def _judged(pairs: Iterable[Pair], pack: Pack, engine: Engine) -> Iterator[Judged]:
    """Each pair with what was found in it; no more texts are held than the engine reads at once."""
    ahead, kept = tee(pairs)
    found = engine.prescore_many(((pair.turns, None) for pair in ahead), pack)
    for pair, scored in zip(kept, found, strict=True):
        yield _judge(pair, scored, pack, engine)


def _judge(pair: Pair, scored: PreScore, pack: Pack, engine: Engine) -> Judged:
    cue, response = scored.turns[-2].cue, scored.turns[-1].response
    levels = marks_of(response) if response else (0, 0, 0)
    claims: dict[str, Claim] = {}
    if cue is not None:
        claims["cue"] = cue.presence, pair.labels.cue
        claims["emotion"] = cue.confidence, cue.emotion == pair.labels.emotion
    if response is not None:
        for name in MARKS:
            mark = getattr(response, name)
            claims[name] = mark.confidence, mark.level == getattr(pair.labels, name)
        if pair.labels.cue:
            outcome = outcome_of([levels], same_turn=pack.same_turn)
            sure = engine.outcome_confidence(outcome, [response], pack)
            claims["outcome"] = sure, outcome == pair.labels.outcome
    return Judged(
        conversation=pair.conversation,
        channel=pair.channel,
        source=pair.source,
        random=pair.picked == RANDOM,
        labels=pair.labels,
        found=Labels(cue.emotion if cue else NO_CUE, *levels),
        claims=claims,
    )


def _with_parts(
    judged: Sequence[Judged], feelings: Feelings, at_true_rates: Report | None = None
) -> Report:
    """The report on these, by channel and by source too where there is more than one."""
    channels = _parts(judged, feelings, lambda one: one.channel)
    sources = _parts(judged, feelings, lambda one: one.source)
    return _report(
        judged, feelings, channels=channels, sources=sources, at_true_rates=at_true_rates
    )


def _parts(
    judged: Sequence[Judged], feelings: Feelings, name: Callable[[Judged], str]
) -> dict[str, Report]:
    held: dict[str, list[Judged]] = {}
    for one in judged:
        held.setdefault(name(one), []).append(one)
    if len(held.keys() - {""}) < 2:
        return {}
    return {key: _report(held[key], feelings) for key in sorted(held) if key}


def _report(judged: Sequence[Judged], feelings: Feelings, **parts: Any) -> Report:
    sample = Sample([one.conversation for one in judged])
    gold, found = [one.labels for one in judged], [one.found for one in judged]
    outcomes = [labels.outcome for labels in gold], [labels.outcome for labels in found]
    emotions = [labels.emotion for labels in gold], [labels.emotion for labels in found]
    moments = [_moment(labels) for labels in gold], [_moment(labels) for labels in found]
    errors, held = _claims(judged, sample)
    return Report(
        pairs=len(judged),
        conversations=sample.number,
        labels={
            name: label_figures([*map(holds, gold)], [*map(holds, found)], sample)
            for name, holds in LABELS.items()
        },
        emotion_kappa=kappa(*emotions, feelings.values, sample),
        outcome_kappa=kappa(*outcomes, OUTCOMES, sample),
        moment_kappa=kappa(*moments, (*OUTCOMES, NO_MOMENT), sample),
        outcomes=confusion(*outcomes, OUTCOMES),
        emotion_confusion=confusion(*emotions, feelings.values),
        sign_errors=sign_errors(*emotions, feelings),
        counts={
            "outcomes": counts(*outcomes, OUTCOMES),
            "emotions": counts(*emotions, feelings.values),
            "marks": _marks(gold, found),
        },
        calibration_error=errors,
        emotions={
            name: label_figures(
                [value == name for value in emotions[0]],
                [value == name for value in emotions[1]],
                sample,
            )
            for name in feelings.values
        },
        reliability=held,
        **parts,
    )


def _moment(labels: Labels) -> str:
    return labels.outcome if labels.cue else NO_MOMENT


def sign_errors(gold: Sequence[str], found: Sequence[str], feelings: Feelings) -> SignErrors:
    """How often a good feeling was called a bad one, or the other way round."""
    signed = feelings.good | feelings.bad
    both = [(g, f) for g, f in zip(gold, found, strict=True) if g in signed and f in signed]
    good = sum(g in feelings.good and f in feelings.bad for g, f in both)
    bad = sum(g in feelings.bad and f in feelings.good for g, f in both)
    return SignErrors(share(good + bad, len(both)), good, bad)


def counts(gold: Iterable[str], found: Iterable[str], values: Iterable[str]) -> dict[str, Count]:
    """How many of each value were labelled, and how many found."""
    labelled, seen = Counter(gold), Counter(found)
    return {value: Count(labelled[value], seen[value]) for value in values}


def _marks(gold: Sequence[Labels], found: Sequence[Labels]) -> dict[str, Count]:
    return {
        name: Count(sum(map(holds, gold)), sum(map(holds, found))) for name, holds in LABELS.items()
    }


def _claims(
    judged: Sequence[Judged], sample: Sample
) -> tuple[dict[str, Figure], dict[str, tuple[Bin, ...]]]:
    """The calibration error of each kind of claim, and its table of reliability."""
    errors, tables = {}, {}
    for kind in sorted({kind for one in judged for kind in one.claims}):
        at = [number for number, one in enumerate(judged) if kind in one.claims]
        held = [judged[number].claims[kind] for number in at]
        errors[kind] = calibration_error(held, sample, at)
        tables[kind] = reliability(held)
    return errors, tables
