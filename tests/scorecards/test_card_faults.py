"""What is wrong with a card is said in words that name the section, the question and the field."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards import card


def body(*questions: dict[str, Any], weight: float = 100, moments: float = 0) -> dict[str, Any]:
    section = {"title": "Conduct", "weight": weight, "questions": list(questions)}
    return {"name": "C", "moments_weight": moments, "sections": [section]}


def question(pk: str = "a", **changes: Any) -> dict[str, Any]:
    return {"id": pk, "text": f"Question {pk}", "kind": "yes_no", "weight": 10, **changes}


def when(pk: str, *answers: str) -> dict[str, Any]:
    return {"question": pk, "answers": list(answers)}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (body(question(), weight=90), "add up to 90; their weights must add up to 100"),
        (body(question(), weight=60, moments=50), "add up to 110"),
        (body(question(weight=0)), "weight is 100, but none of its questions has a weight"),
        (body(question(), weight=0, moments=100), "Conduct, question 1: weight has no effect"),
        (body(weight=100), "an empty scorecard can't be published"),
        (body(question(text=" ")), "Conduct, question 1: the question's text is missing"),
        (body(question(), question("b", kind="scale")), "question 2: the steps are missing"),
        (
            body(question("b", kind="choice", options=[{"label": "One", "points": 100}])),
            "a choice needs at least two",
        ),
        (
            body(question("b", kind="number", worst=3, best=3)),
            "the best number is the same as the worst",
        ),
        (body(question(), question("b", kind="text")), "is free text, which isn't scored"),
        (body(question(bonus=True, critical="card")), "bonus and critical can't be combined"),
        (body(question(), question("b", bonus=True, weight=0)), "how many points does the bonus"),
        (
            body(question(when=when("b", "yes")), question("b", when=when("a", "yes"))),
            "Conduct, question 1: the condition is circular",
        ),
        (body(question(when=when("a", "yes"))), "the condition is circular"),
        (body(question(when=when("z", "yes"))), "on a question that isn't on this scorecard"),
        (body(question(), question("b", when=when("a", "3"))), "“Question a” has no answer 3"),
        (body(question(), question("b", when=when("a"))), "can never be met: choose which answer"),
        (
            body(question(na=False), question("b", when=when("a", "na"))),
            "“Question a” has no answer N/A",
        ),
        (
            body(question("n", kind="number", worst=1), question("b", when=when("n", "1"))),
            "“Question n”, which has no list of answers",
        ),
        (body(question(bound={"figure": "empathy_share"})), "what is the lowest value for a Yes?"),
        (
            body(question(kind="scale", anchors=["a", "b"], bound={"figure": "no_missed"})),
            "the suggested answer can't answer Scale; it answers Yes or no",
        ),
    ],
)
def test_what_keeps_a_card_from_being_published(given: dict[str, Any], words: str) -> None:
    said = " ".join(card.in_words(fault, given) for fault in card.publish_faults(given))
    assert words in said


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], ""),
        ({"sections": "none"}, "sections"),
        ({"sections": [3]}, "sections[0]"),
        ({"sections": [{"title": "S", "questions": [None]}]}, "sections[0].questions[0]"),
        (body(question(weight="much")), "sections[0].questions[0].weight"),
        (body(question(weight=float("nan"))), "sections[0].questions[0].weight"),
        (body(question(weight=True)), "sections[0].questions[0].weight"),
        (body(question(kind="essay")), "sections[0].questions[0].kind"),
        (body(question(critical="life")), "sections[0].questions[0].critical"),
        (body(question(bound={"figure": "luck"})), "sections[0].questions[0].bound.figure"),
        (body(question(when={"question": "a"})), "sections[0].questions[0].when"),
        (body(question(help="x" * 601)), "sections[0].questions[0].help"),
        (body(question(colour="red")), "sections[0].questions[0].colour"),
        (body(question(causes=["same", "same"])), "sections[0].questions[0].causes"),
        (body(question(text="Was it\x00 kind?")), "sections[0].questions[0].text"),
        (body(question("a\x00")), "sections[0].questions[0].id"),
        ({**body(question()), "name": "\x00"}, "name"),
        (
            body(question(kind="choice", options=[{"label": "Yes", "points": 0}] * 2)),
            "sections[0].questions[0].options",
        ),
        (body(question(), question()), "sections"),
        ({**body(question()), "owner": 1}, "owner"),
    ],
)
def test_what_no_draft_may_have(given: Any, path: str) -> None:
    assert path in {fault.path for fault in card.shape_faults(given)}


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from(["name", "moments_weight", "sections", *card.EMPATHY]), json)
def test_no_value_of_a_card_breaks_the_check(name: str, value: Any) -> None:
    card.publish_faults({**card.EMPATHY, name: value})


@given(st.data(), json)
def test_no_value_of_a_question_breaks_the_check(data: Any, value: Any) -> None:
    changed = deepcopy(card.GENERAL)
    question = data.draw(st.sampled_from([q for s in changed["sections"] for q in s["questions"]]))
    question[data.draw(st.sampled_from(["id", "kind", "options", "when", "bound", "anchors"]))] = (
        value
    )
    if not card.publish_faults(changed):
        assert card.read(changed).questions


def test_differences_are_told_question_by_question() -> None:
    new = deepcopy(card.EMPATHY)
    new["moments_weight"] = 50
    new["sections"][1]["weight"] = 30
    new["sections"][1]["questions"][0]["weight"] = 20
    gone = new["sections"][1]["questions"].pop()
    new["sections"][1]["questions"].append(question("new", text="Thanked the customer"))
    said = card.differences(card.read(card.EMPATHY), card.read(new))
    assert "Weight of feelings: 60 → 50." in said
    assert "Weight of “Conduct”: 20 → 30." in said
    assert "Weight of “Let the customer finish before answering”: 10 → 20." in said
    assert f"“{gone['text']}” was removed." in said
    assert "New question “Thanked the customer” in “Conduct”." in said
    assert card.differences(card.read(new), card.read(new)) == []
