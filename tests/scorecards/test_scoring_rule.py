"""The scoring rule holds for every card and all answers, and says in words what it computes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards import card
from scorecards.card import Answer

WEIGHTS = {
    "empathy_specific": 100.0,
    "empathy_generic": 75.0,
    "sympathy_only": 25.0,
    "missed": 0.0,
    "dismissed": 0.0,
}
OUTCOMES = [("empathy", 2), ("empathy", 1), ("sympathy_only", 0), ("missed", 0), ("dismissed", 0)]
KINDS: list[dict[str, Any]] = [
    {"kind": "yes_no"},
    {"kind": "scale", "anchors": ["Poor", "Fair", "Good"]},
    {"kind": "choice", "options": [{"label": "A", "points": 30}, {"label": "B", "points": 100}]},
    {"kind": "number", "worst": 10, "best": 2},
]
moments = st.lists(st.sampled_from(OUTCOMES), max_size=6)


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies that may be published, but for their weights' sum, which the rule does not need."""
    sections = []
    for place in range(draw(st.integers(1, 3))):
        questions = [
            {
                "id": f"q{place}_{number}",
                "text": "?",
                **draw(st.sampled_from(KINDS)),
                "weight": draw(st.integers(1, 100)),
                "bonus": draw(st.booleans()),
            }
            for number in range(draw(st.integers(1, 4)))
        ]
        sections.append({"title": "S", "weight": draw(st.integers(0, 100)), "questions": questions})
    return {"name": "C", "moments_weight": draw(st.integers(0, 100)), "sections": sections}


def value(draw: st.DrawFn, question: card.Question) -> str:
    if question.kind == "number":
        return draw(st.sampled_from(["-5", "2", "4,5", "11", "na"]))
    return draw(st.sampled_from(question.values))


def marked(body: dict[str, Any], critical: str) -> dict[str, Any]:
    """The same card whose first question is critical."""
    first = body["sections"][0]["questions"][0]
    first.update(critical=critical, bonus=False)
    return body


@given(st.data(), cards(), moments)
def test_every_score_is_between_0_and_100(data: Any, body: Any, found: Any) -> None:
    read = card.read(body)
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    scores = card.score(read, answers, found, WEIGHTS)
    for score in (scores.total, scores.feelings, *(section.score for section in scores.sections)):
        assert score is None or 0 <= score <= 100


@given(st.data(), cards(), moments)
def test_not_applicable_is_as_if_the_question_were_not_there(
    data: Any, body: Any, found: Any
) -> None:
    read = card.read(body)
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    without = {pk: answer for pk, answer in answers.items() if answer.value != "na"}
    assert card.score(read, answers, found, WEIGHTS) == card.score(read, without, found, WEIGHTS)


@given(st.data(), cards(), moments)
def test_a_better_answer_never_lowers_the_score(data: Any, body: Any, found: Any) -> None:
    read = card.read(body)
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    question = data.draw(st.sampled_from(read.questions))
    other = value(data.draw, question)
    low, high = sorted(
        (answers[question.id].value, other),
        key=lambda v: -1 if (p := card.points(question, v)) is None else p,
    )
    if card.points(question, low) is None:
        return  # N/A is neither better nor worse
    below = card.score(read, {**answers, question.id: Answer(low)}, found, WEIGHTS).total
    above = card.score(read, {**answers, question.id: Answer(high)}, found, WEIGHTS).total
    assert below is None or above is None or above >= below - 1e-9


@given(st.data(), cards(), moments)
def test_a_failed_critical_question_leaves_nothing_of_the_card(
    data: Any, body: Any, found: Any
) -> None:
    read = card.read(marked(body, "card"))
    first = read.questions[0]
    worst = min(
        (v for v in (*first.values, "11", "2") if card.points(first, v) is not None),
        key=lambda v: card.points(first, v) or 0,
    )
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    scores = card.score(read, {**answers, first.id: Answer(worst)}, found, WEIGHTS)
    if card.points(first, worst) == 0:
        assert scores.total == 0
        assert first.id in scores.failed


@given(st.data(), cards())
def test_a_failed_section_counts_nothing_and_the_others_as_before(data: Any, body: Any) -> None:
    body = marked(body, "section")
    body["sections"][0]["questions"][0] |= {"kind": "yes_no"}
    read = card.read(body)
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    first = read.questions[0].id
    failed = card.score(read, {**answers, first: Answer("no")}, [], WEIGHTS)
    passed = card.score(read, {**answers, first: Answer("yes")}, [], WEIGHTS)
    assert failed.sections[0].score == 0
    assert failed.sections[1:] == passed.sections[1:]


@given(st.data(), cards(), moments)
def test_a_bonus_adds_and_the_score_stays_at_most_100(data: Any, body: Any, found: Any) -> None:
    read = card.read(body)
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    bonus = {question.id for question in read.questions if question.bonus}
    with_it = card.score(read, answers, found, WEIGHTS)
    kept = {pk: answer for pk, answer in answers.items() if pk not in bonus}
    without = card.score(read, kept, found, WEIGHTS)
    if without.total is None:
        assert with_it.total is None
    else:
        assert with_it.total == pytest.approx(min(100, without.total + with_it.bonus))


def test_the_rule_by_hand() -> None:
    body = {
        "name": "C",
        "moments_weight": 50,
        "sections": [
            {
                "title": "S",
                "weight": 50,
                "questions": [
                    {"id": "a", "text": "A", "kind": "yes_no", "weight": 10},
                    {"id": "b", "text": "B", "kind": "scale", "weight": 30, "anchors": list("xyz")},
                    {"id": "c", "text": "C", "kind": "number", "weight": 10, "worst": 4, "best": 0},
                ],
            }
        ],
    }
    answers = {"a": Answer("no"), "b": Answer("2"), "c": Answer("1")}
    scores = card.score(card.read(body), answers, [("empathy", 2), ("missed", 0)], WEIGHTS)
    assert scores.sections[0].score == pytest.approx((0 * 10 + 50 * 30 + 75 * 10) / 50)
    assert scores.total == pytest.approx((50 * 50 + 45 * 50) / 100)


def test_a_question_that_is_not_asked_does_not_count() -> None:
    body = {
        "name": "C",
        "sections": [
            {
                "title": "S",
                "weight": 100,
                "questions": [
                    {"id": "held", "text": "On hold?", "weight": 10},
                    {
                        "id": "why",
                        "text": "Said why?",
                        "weight": 10,
                        "when": {"question": "held", "answers": ["yes"]},
                    },
                ],
            }
        ],
    }
    read = card.read(body)
    no = {"held": Answer("no"), "why": Answer("yes")}
    assert [question.id for question in card.asked(read, no)] == ["held"]
    assert card.score(read, no, [], WEIGHTS).total == 0
    assert card.score(read, {**no, "held": Answer("yes")}, [], WEIGHTS).total == 100


def test_a_version_from_before_sections_had_weights_is_read_by_its_questions() -> None:
    old = {
        "name": "Empathy",
        "moments_weight": 70,
        "sections": [{"title": "Conduct", "questions": [{"id": "a", "text": "A", "weight": 30}]}],
    }
    read = card.read(old)
    assert read.sections[0].weight == 30
    scores = card.score(read, card.read_answers({"a": "yes"}), [("missed", 0)], WEIGHTS)
    assert scores.total == pytest.approx(30)


@pytest.mark.parametrize("body", card.STARTERS.values(), ids=list(card.STARTERS))
def test_the_starter_cards_may_be_published_and_say_their_rule(body: Any) -> None:
    assert card.publish_faults(body) == []
    said = " ".join(card.rule_in_words(card.read(body), WEIGHTS))
    for section in body["sections"]:
        assert f"{section['title']} counts for {section['weight']} of 100" in said
    assert "N/A" in said


@given(st.data(), cards(), moments, st.sampled_from(["", "section", "card"]))
def test_what_is_listed_adds_up_to_the_score(
    data: Any, body: Any, found: Any, critical: str
) -> None:
    read = card.read(marked(body, critical))
    answers = {question.id: Answer(value(data.draw, question)) for question in read.questions}
    why = card.breakdown(read, answers, found, WEIGHTS)
    assert why.total == card.score(read, answers, found, WEIGHTS).total
    there = [part for part in why.parts if part.score is not None]
    if why.failed or why.total is None:
        assert why.total in {0.0, None}
        return
    assert sum(part.share for part in there) == pytest.approx(100)
    added = sum(part.adds or 0 for part in there) + why.bonus
    assert why.total == pytest.approx(min(100, added))
    assert why.capped == (added > 100)
    for part in there:
        if part.moments:
            every = sum(met.count * met.points for met in part.moments)
            assert part.score == pytest.approx(every / sum(met.count for met in part.moments))
        elif not part.failed:
            every = sum(one.points * one.weight for one in part.answers)
            assert part.score == pytest.approx(every / sum(one.weight for one in part.answers))
