"""Figures of the moments that propose answers to questions bound to them.

A proposal is made from what stands now: the person's decisions where they decided, the
pre-score's word otherwise. It is never an answer by itself. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, ngettext
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
    """What a figure says: an answer, why in words, and the turns that show it.

    `settled` is false while no person has confirmed what it rests on.
    """

    value: str
    why: str
    turns: tuple[int, ...] = ()
    settled: bool = True


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
    "every_empathy": Figure(gettext_noop("Every feeling was met with empathy")),
    "some_specific": Figure(gettext_noop("At least one feeling was met with specific empathy")),
    "no_missed": Figure(gettext_noop("No feelings were missed")),
    "no_dismissal": Figure(gettext_noop("No feelings were dismissed")),
    "no_bare_apology": Figure(gettext_noop("Every apology came with empathy")),
    "empathy_share": Figure(
        gettext_noop("Share of feelings met with empathy"), limit=gettext_noop("percent")
    ),
    "moments_mean": Figure(
        gettext_noop("Average points of the moments"), limit=gettext_noop("points")
    ),
}


def propose(question: Question, facts: Facts) -> Proposal | None:
    """What the bound figure proposes; None where it says nothing that would be an answer."""
    if question.bound is None:
        return None
    if not facts.moments and question.bound.figure != "no_bare_apology":
        return Proposal(NA, _("The customer showed no feelings.")) if question.na else None
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
    return Proposal(
        _yes(value >= limit),
        why + " " + _("The target is at least %(limit)s.") % {"limit": f"{limit:g}"},
        turns,
    )


def _share(facts: Facts) -> tuple[float, str]:
    met = sum(moment.empathic for moment in facts.moments)
    share = round(100 * met / len(facts.moments), 1)
    said = ngettext(
        "%(met)s of %(n)s feeling was met with empathy: %(share)s %%.",
        "%(met)s of %(n)s feelings were met with empathy: %(share)s %%.",
        len(facts.moments),
    )
    return share, said % {"met": met, "n": len(facts.moments), "share": f"{share:g}"}


def _mean(facts: Facts) -> tuple[float, str]:
    points = [
        moment_points(moment.outcome, moment.strength, facts.weights) for moment in facts.moments
    ]
    mean = round(sum(points) / len(points), 1)
    return mean, _("The moments average %(mean)s points.") % {"mean": f"{mean:g}"}


_SHARES: Mapping[str, Callable[[Facts], tuple[float, str]]] = {
    "empathy_share": _share,
    "moments_mean": _mean,
}


def _every_empathy(facts: Facts) -> Proposal:
    unmet = [moment for moment in facts.moments if not moment.empathic]
    met = len(facts.moments) - len(unmet)
    said = ngettext(
        "%(met)s of %(n)s feeling was met with empathy.",
        "%(met)s of %(n)s feelings were met with empathy.",
        len(facts.moments),
    )
    why = said % {"met": met, "n": len(facts.moments)}
    return Proposal(_yes(not unmet), why, _turns(unmet))


def _some_specific(facts: Facts) -> Proposal:
    found = [moment for moment in facts.moments if moment.empathic and moment.strength == 2]
    said = ngettext(
        "%(met)s of %(n)s feeling was met with specific empathy.",
        "%(met)s of %(n)s feelings were met with specific empathy.",
        len(facts.moments),
    )
    why = said % {"met": len(found), "n": len(facts.moments)}
    return Proposal(_yes(bool(found)), why, _turns(found))


def _no_missed(facts: Facts) -> Proposal:
    found = [moment for moment in facts.moments if moment.outcome == "missed"]
    said = ngettext(
        "%(found)s of %(n)s feeling was missed.",
        "%(found)s of %(n)s feelings were missed.",
        len(facts.moments),
    )
    why = said % {"found": len(found), "n": len(facts.moments)}
    return Proposal(_yes(not found), why, _turns(found))


def _no_dismissal(facts: Facts) -> Proposal:
    found = [moment for moment in facts.moments if moment.outcome == "dismissed"]
    said = ngettext(
        "%(found)s of %(n)s feeling was dismissed.",
        "%(found)s of %(n)s feelings were dismissed.",
        len(facts.moments),
    )
    why = said % {"found": len(found), "n": len(facts.moments)}
    return Proposal(_yes(not found), why, _turns(found))


def _no_bare_apology(facts: Facts) -> Proposal | None:
    if facts.apologies is None:
        return None
    alone = [one.turn for one in facts.apologies if one.kind != "completed"]
    if not facts.apologies:
        return Proposal("yes", _("Nobody apologised."))
    number = len(facts.apologies)
    said = ngettext(
        "%(alone)s of %(n)s apology came without empathy.",
        "%(alone)s of %(n)s apologies came without empathy.",
        number,
    )
    why = said % {"alone": len(alone), "n": number}
    return Proposal(_yes(not alone), why, tuple(sorted(set(alone))))


_CLAIMS: Mapping[str, Callable[[Facts], Proposal | None]] = {
    "every_empathy": _every_empathy,
    "some_specific": _some_specific,
    "no_missed": _no_missed,
    "no_dismissal": _no_dismissal,
    "no_bare_apology": _no_bare_apology,
}


def fits(figure: str, kind: str) -> bool:
    """True if a figure can answer a question of this kind."""
    return kind == YES_NO or (kind == NUMBER and FIGURES[figure].measured)


def _turns(moments: Iterable[MomentFact]) -> tuple[int, ...]:
    return tuple(moment.cue_turn for moment in moments)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
