"""How accurate is the engine on whole interactions whose moments people have confirmed?

People confirm moments, so moments are compared: is there one at this customer's turn, which
feeling is it, what became of it, and how strong was the empathy. Whoever sees a pre-score before
they judge is swayed by it, so reviews that were judged blind are measured apart from the others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import tee
from typing import Any, TypeAlias, TypeVar

from scorecards.empathy import DEFAULT_ENGINE, ENGINES, Engine
from scorecards.empathy.evaluate import (
    NO_MOMENT,
    Count,
    Feelings,
    SignErrors,
    counts,
    feelings_of,
    sign_errors,
)
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
)
from scorecards.empathy.model import CUSTOMER, EMPATHY, NO_CUE, OUTCOMES, PreScore
from scorecards.empathy.moments import SPECIFIC
from scorecards.empathy.pack import Pack
from scorecards.empathy.reviewed import Reviewed, Said

T = TypeVar("T")
Read: TypeAlias = Callable[[Said | None], T]  # what is read off what one of the two said of a turn
STRENGTHS = ("generic empathy", "specific empathy")


@dataclass(frozen=True, slots=True)
class MomentReport:
    """The accuracy on one set of reviews.

    `moments` asks of each customer's turn whether there is a moment; `missed` are those that the
    engine does not see, `extra` those that only it sees. `outcomes` and `emotions` count a moment
    as right if it is there and has that value; the kappas "of seen" are about the moments that
    both see. `moment_kappa` and `emotion_kappa` are about all customers' turns.
    """

    reviews: int  # or whole labelled interactions
    not_scorable: int
    customer_turns: int
    moments: LabelFigures
    missed: int
    extra: int
    outcome_kappa_of_seen: Figure
    emotion_kappa_of_seen: Figure
    strength_kappa_of_seen: Figure
    moment_kappa: Figure
    emotion_kappa: Figure
    outcome_confusion: Confusion
    emotion_confusion: Confusion
    outcomes: dict[str, LabelFigures]
    strengths: dict[str, LabelFigures]
    emotions: dict[str, LabelFigures]
    sign_errors: SignErrors
    counts: dict[str, dict[str, Count]]
    calibration_error: Figure
    reliability: tuple[Bin, ...]
    channels: dict[str, "MomentReport"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewsReport:
    """The accuracy on blind reviews, on those with the pre-score in view, and on those of which
    it is not known; `made_on` counts the reviews by the engine whose pre-score they were made on.
    """

    reviews: int
    made_on: dict[str, int]
    blind: MomentReport | None
    shown: MomentReport | None
    not_known: MomentReport | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Compared:
    """One review: what the person and the engine said, by the turn of the cue. No text."""

    review: str
    channel: str
    blind: bool | None
    made_on: str
    scorable: bool
    turns: tuple[int, ...]
    said: Mapping[int, Said]
    found: Mapping[int, Said]
    sure: Mapping[int, float]


def evaluate_reviews(
    reviews: Iterable[Reviewed], pack: Pack, engine: Engine = ENGINES[DEFAULT_ENGINE]
) -> ReviewsReport:
    """Pre-score the interactions afresh and compare with what people confirmed."""
    compared, feelings = list(_compared(reviews, pack, engine)), feelings_of(pack)

    def part(blind: bool | None) -> MomentReport | None:
        held = [one for one in compared if one.blind is blind]
        return _with_channels(held, feelings) if held else None

    return ReviewsReport(
        reviews=len(compared),
        made_on=dict(sorted(Counter(one.made_on for one in compared if one.made_on).items())),
        blind=part(True),
        shown=part(False),
        not_known=part(None),
    )


def evaluate_whole(
    labelled: Iterable[Reviewed], pack: Pack, engine: Engine = ENGINES[DEFAULT_ENGINE]
) -> MomentReport | None:
    """The same for whole interactions whose moments were labelled; None where there are none."""
    held = list(_compared(labelled, pack, engine))
    return _with_channels(held, feelings_of(pack)) if held else None


def _compared(reviews: Iterable[Reviewed], pack: Pack, engine: Engine) -> Iterator[Compared]:
    """Each review beside what is found; no more texts are held than the engine reads at once."""
    ahead, kept = tee(reviews)
    found = engine.prescore_many(((one.turns, one.language) for one in ahead), pack)
    for one, scored in zip(kept, found, strict=True):
        yield _compare(one, scored)


def _compare(one: Reviewed, scored: PreScore) -> Compared:
    customers = {at for at, turn in enumerate(one.turns) if turn.role == CUSTOMER}
    return Compared(
        review=one.review,
        channel=one.channel,
        blind=one.blind,
        made_on=one.made_on,
        scorable=scored.fitness.scorable,
        turns=tuple(sorted(customers | one.said.keys())),
        said=one.said,
        found={m.cue_turn: Said(m.emotion, m.outcome, m.strength) for m in scored.moments},
        sure={m.cue_turn: m.confidence for m in scored.moments},
    )


def _with_channels(held: Sequence[Compared], feelings: Feelings) -> MomentReport:
    by_channel: dict[str, list[Compared]] = {}
    for one in held:
        by_channel.setdefault(one.channel, []).append(one)
    named = sorted(by_channel.keys() - {""})
    parts = {name: _report(by_channel[name], feelings) for name in named}
    return _report(held, feelings, parts if len(parts) > 1 else {})


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's turn: the number of its review, and what each of the two said of it."""

    at: int
    said: Said | None
    found: Said | None


def _report(
    held: Sequence[Compared], feelings: Feelings, channels: dict[str, MomentReport] | None = None
) -> MomentReport:
    """The figures of some reviews; those that the engine does not score are only counted."""
    scored = [one for one in held if one.scorable]
    measure = _measure(scored)
    seen = measure.only(lambda case: bool(case.said and case.found))
    strong = seen.only(lambda case: _outcome(case.said) == _outcome(case.found) == EMPATHY)
    claims, at = _claims(scored)
    return MomentReport(
        reviews=len(held),
        not_scorable=len(held) - len(scored),
        customer_turns=len(measure.cases),
        moments=measure.label(bool),
        missed=sum(case.found is None and case.said is not None for case in measure.cases),
        extra=sum(case.said is None and case.found is not None for case in measure.cases),
        outcome_kappa_of_seen=seen.kappa(_outcome, OUTCOMES),
        emotion_kappa_of_seen=seen.kappa(_emotion, feelings.values),
        strength_kappa_of_seen=strong.kappa(_strength, STRENGTHS),
        moment_kappa=measure.kappa(_outcome, (*OUTCOMES, NO_MOMENT)),
        emotion_kappa=measure.kappa(_emotion, feelings.values),
        outcome_confusion=measure.confusion(_outcome, (*OUTCOMES, NO_MOMENT)),
        emotion_confusion=measure.confusion(_emotion, feelings.values),
        outcomes=measure.labels(_outcome, OUTCOMES),
        strengths=measure.labels(_strength, STRENGTHS),
        emotions=measure.labels(_emotion, feelings.values[1:]),
        sign_errors=sign_errors(*seen.both(_emotion), feelings),
        counts={
            "outcomes": measure.counts(_outcome, OUTCOMES),
            "strengths": measure.counts(_strength, STRENGTHS),
            "emotions": measure.counts(_emotion, feelings.values[1:]),
        },
        calibration_error=calibration_error(claims, measure.sample, at),
        reliability=reliability(claims),
        channels=channels or {},
    )


def _measure(scored: Sequence[Compared]) -> "_Measure":
    cases = [
        Case(at, one.said.get(turn), one.found.get(turn))
        for at, one in enumerate(scored)
        for turn in one.turns
    ]
    return _Measure(cases, Sample([one.review for one in scored]))


def _outcome(one: Said | None) -> str:
    return one.outcome if one else NO_MOMENT


def _emotion(one: Said | None) -> str:
    return one.emotion if one else NO_CUE


def _strength(one: Said | None) -> str:
    if one is None or one.outcome != EMPATHY:
        return ""
    return STRENGTHS[one.strength >= SPECIFIC]


def _claims(scored: Sequence[Compared]) -> tuple[list[Claim], list[int]]:
    """How sure the engine was of each moment, whether its outcome is right, and whose it is."""
    held = [
        (at, (one.sure[turn], _outcome(one.said.get(turn)) == said.outcome))
        for at, one in enumerate(scored)
        for turn, said in one.found.items()
    ]
    return [claim for _, claim in held], [at for at, _ in held]


@dataclass(frozen=True, slots=True)
class _Measure:
    """Figures of some cases, of whatever is read off what was said of them."""

    cases: Sequence[Case]
    sample: Sample

    @property
    def at(self) -> list[int]:
        return [case.at for case in self.cases]

    def only(self, holds: Callable[[Case], bool]) -> "_Measure":
        return _Measure([case for case in self.cases if holds(case)], self.sample)

    def both(self, read: Read[T]) -> tuple[list[T], list[T]]:
        """What the person said of each case, and what the engine found."""
        return [read(case.said) for case in self.cases], [read(case.found) for case in self.cases]

    def kappa(self, read: Read[str], values: Sequence[str]) -> Figure:
        return kappa(*self.both(read), values, self.sample, self.at)

    def confusion(self, read: Read[str], values: Sequence[str]) -> Confusion:
        return confusion(*self.both(read), values)

    def counts(self, read: Read[str], values: Sequence[str]) -> dict[str, Count]:
        return counts(*self.both(read), values)

    def label(self, holds: Read[bool]) -> LabelFigures:
        return label_figures(*self.both(holds), self.sample, self.at)

    def labels(self, read: Read[str], values: Sequence[str]) -> dict[str, LabelFigures]:
        """How well each value is found, where it counts only at the right turn."""
        said, found = self.both(read)
        return {
            value: label_figures(
                [one == value for one in said],
                [one == value for one in found],
                self.sample,
                self.at,
            )
            for value in values
        }
