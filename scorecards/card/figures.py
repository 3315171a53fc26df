"""Figures of the moments that propose answers to questions bound to them.

A proposal is made from what stands now: the person's decisions where they decided, the
pre-score's word otherwise. It is never an answer by itself. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from scorecards.card.scoring import moment_points
from scorecards.card.shape import NA, NUMBER, YES_NO, Question


@dataclass(frozen=True, slots=True)
class MomentFact:
    """A moment as it stands: by `decided` whether a person said so."""

    cue_turn: int
    outcome: str
    strength: int
    decided: bool = False

    @property
    def empathic(self) -> bool:
        return self.outcome == "empathy"


class ApologyFact(Protocol):
    """An apology as it stands: completed, bare or repeated."""

    @property
    def turn(self) -> int: ...

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What figures are computed from."""

    moments: Sequence[MomentFact]
    apologies: Sequence[ApologyFact] | None  # None: not known
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a figure says: an answer, why in words, and the turns that show it."""

    value: str
    why: str
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of figure. `measured` ones are numbers, which a yes or no compares with a limit."""

    words: str
    limit: str = ""  # what the limit counts, where there is one
    largest: float = 100

    @property
    def measured(self) -> bool:
        return bool(self.limit)


FIGURES = {
    "every_empathy": Figure("Every feeling was answered with empathy"),
    "some_specific": Figure("At least one feeling was answered with specific empathy"),
    "no_missed": Figure("No feeling was missed"),
    "no_dismissal": Figure("No feeling was dismissed"),
    "no_bare_apology": Figure("No apology stood by itself"),
    "empathy_share": Figure("Share of feelings answered with empathy", limit="percent"),
    "moments_mean": Figure("Mean points of the moments", limit="points"),
}


def propose(question: Question, facts: Facts) -> Proposal | None:
    """What the bound figure proposes; None where it says nothing that would be an answer."""
    if question.bound is None:
        return None
    if not facts.moments and question.bound.figure != "no_bare_apology":
        return Proposal(NA, "The customer showed no feeling.") if question.na else None
    if question.bound.figure in _SHARES:
        return _measured(question, facts)
    return _CLAIMS[question.bound.figure](facts)


def _measured(question: Question, facts: Facts) -> Proposal:
    bound = question.bound
    assert bound is not None  # noqa: S101  `propose` has seen to it
    value, why = _SHARES[bound.figure](facts)
    turns = _turns(moment for moment in facts.moments if not moment.empathic)
    if question.kind == NUMBER:
        return Proposal(f"{value:g}", why, turns)
    limit = bound.at_least or 0
    return Proposal(_yes(value >= limit), f"{why} At least {limit:g} is asked for.", turns)


def _share(facts: Facts) -> tuple[float, str]:
    met = sum(moment.empathic for moment in facts.moments)
    share = round(100 * met / len(facts.moments), 1)
    return share, f"{_of(met, facts.moments)} answered with empathy: {share:g} %."


def _mean(facts: Facts) -> tuple[float, str]:
    points = [
        moment_points(moment.outcome, moment.strength, facts.weights) for moment in facts.moments
    ]
    mean = round(sum(points) / len(points), 1)
    return mean, f"The moments bring {mean:g} points on average."


_SHARES: Mapping[str, Callable[[Facts], tuple[float, str]]] = {
    "empathy_share": _share,
    "moments_mean": _mean,
}


def _every_empathy(facts: Facts) -> Proposal:
    unmet = [moment for moment in facts.moments if not moment.empathic]
    met = len(facts.moments) - len(unmet)
    return Proposal(
        _yes(not unmet), f"{_of(met, facts.moments)} answered with empathy.", _turns(unmet)
    )


def _some_specific(facts: Facts) -> Proposal:
    found = [moment for moment in facts.moments if moment.empathic and moment.strength == 2]
    why = f"{_of(len(found), facts.moments)} answered with specific empathy."
    return Proposal(_yes(bool(found)), why, _turns(found))


def _none(outcome: str) -> Callable[[Facts], Proposal]:
    def claim(facts: Facts) -> Proposal:
        found = [moment for moment in facts.moments if moment.outcome == outcome]
        return Proposal(
            _yes(not found), f"{_of(len(found), facts.moments)} {outcome}.", _turns(found)
        )

    return claim


def _no_bare_apology(facts: Facts) -> Proposal | None:
    if facts.apologies is None:
        return None
    alone = [one.turn for one in facts.apologies if one.kind != "completed"]
    if not facts.apologies:
        return Proposal("yes", "Nobody apologized.")
    number = len(facts.apologies)
    why = f"{len(alone)} of {number} {'apology' if number == 1 else 'apologies'} without empathy."
    return Proposal(_yes(not alone), why, tuple(sorted(set(alone))))


_CLAIMS: Mapping[str, Callable[[Facts], Proposal | None]] = {
    "every_empathy": _every_empathy,
    "some_specific": _some_specific,
    "no_missed": _none("missed"),
    "no_dismissal": _none("dismissed"),
    "no_bare_apology": _no_bare_apology,
}


def fits(figure: str, kind: str) -> bool:
    """True if a figure can answer a question of this kind."""
    return kind == YES_NO or (kind == NUMBER and FIGURES[figure].measured)


def _of(number: int, moments: Sequence[MomentFact]) -> str:
    """ "2 of 3 feelings were": how the sentence goes on."""
    words = "feeling was" if len(moments) == 1 else "feelings were"
    return f"{number} of {len(moments)} {words}"


def _turns(moments: Iterable[MomentFact]) -> tuple[int, ...]:
    return tuple(moment.cue_turn for moment in moments)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
