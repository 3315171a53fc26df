"""What the figures of the moments propose, and from which turns."""

import pytest

from scorecards.apologies import Apology
from scorecards.card import Facts, MomentFact, Proposal, Question, propose
from scorecards.card.shape import Bound, Option

WEIGHTS = {
    "empathy_specific": 100.0,
    "empathy_generic": 75.0,
    "sympathy_only": 25.0,
    "missed": 0.0,
    "dismissed": 0.0,
}
MOMENTS = [MomentFact(1, "missed", 0), MomentFact(3, "empathy", 1), MomentFact(7, "empathy", 2)]


def proposed(
    figure: str,
    *moments: MomentFact,
    at_least: float | None = None,
    kind: str = "yes_no",
    na: bool = True,
    apologies: list[Apology] | None = None,
) -> Proposal | None:
    options = (Option("yes", "Yes", 100), Option("no", "No", 0))
    question = Question("a", "A", kind, na=na, options=options, bound=Bound(figure, at_least))
    return propose(question, Facts(moments, apologies, WEIGHTS))


@pytest.mark.parametrize(
    ("figure", "at_least", "value", "turns"),
    [
        ("every_empathy", None, "no", (1,)),
        ("some_specific", None, "yes", (7,)),
        ("no_missed", None, "no", (1,)),
        ("no_dismissal", None, "yes", ()),
        ("empathy_share", 66, "yes", (1,)),
        ("empathy_share", 67, "no", (1,)),
        ("moments_mean", 58, "yes", (1,)),
        ("moments_mean", 59, "no", (1,)),
    ],
)
def test_each_figure(
    figure: str, at_least: float | None, value: str, turns: tuple[int, ...]
) -> None:
    found = proposed(figure, *MOMENTS, at_least=at_least)
    assert found
    assert (found.value, found.turns) == (value, turns)
    assert found.why


def test_a_figure_that_is_measured_fills_in_a_number() -> None:
    found = proposed("empathy_share", *MOMENTS, kind="number")
    assert found
    assert found.value == "66.7"
    assert "2 of 3 feelings were met with empathy" in found.why


@pytest.mark.parametrize(
    ("apologies", "value", "turns"),
    [
        ([], "yes", ()),
        ([(2, "completed"), (2, "completed")], "yes", ()),
        ([(2, "bare"), (2, "repeated"), (4, "completed"), (6, "repeated")], "no", (2, 6)),
    ],
)
def test_no_bare_apology(
    apologies: list[tuple[int, str]], value: str, turns: tuple[int, ...]
) -> None:
    said = [Apology(*one) for one in apologies]
    found = proposed("no_bare_apology", *MOMENTS, apologies=said)
    assert found
    assert (found.value, found.turns) == (value, turns)


def test_every_apology_of_a_turn_counts() -> None:
    found = proposed("no_bare_apology", apologies=[Apology(1, "bare"), Apology(1, "repeated")])
    assert found
    assert found.why == "2 of 2 apologies came without empathy."


def test_apologies_that_are_not_known_propose_nothing() -> None:
    assert proposed("no_bare_apology", *MOMENTS) is None


def test_without_a_feeling_the_question_does_not_apply_or_nothing_is_proposed() -> None:
    found = proposed("every_empathy")
    assert found
    assert found.value == "na"
    assert proposed("every_empathy", na=False) is None
