"""Marks on screen are whole words and clauses, whatever range of characters was matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.clauses import LONGEST, clauses

ALPHABET = st.sampled_from(
    [*"abe iI'\u2019-.,!?;:()[]\n\u2014\U0001f62d\u00e9", "sorry ", "be ", "[NAME]"]
)
texts = st.lists(ALPHABET, max_size=60).map("".join)
ranges = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: (one[0], sum(one))),
    max_size=5,
)


def said(text: str, *marked: str) -> list[str | None]:
    found = clauses(text, [(text.index(one), text.index(one) + len(one)) for one in marked])
    return [text[one[0] : one[1]] if one else None for one in found]


@pytest.mark.parametrize(
    ("text", "marked", "shown"),
    [
        ("Please cry, it's allowed. I'll wait.", ["cry"], ["Please cry"]),
        (
            "she's sat there, and I don't know",
            ["s sat", "don"],
            ["she's sat there", "and I don't know"],
        ),
        ("Dear [NAME], thank you.", ["Dear"], [None]),
        ("Dear Jo, how awful for you.", ["Dear Jo, how awful"], ["how awful for you"]),
        ("Good morning Mrs Tuttle, how awful.", ["Good"], [None]),
        ("Oh, to be! Sorry.", ["be", "Sorry"], [None, "Sorry"]),
        (
            "I'm so sorry that you've waited three weeks.",
            ["sorry", "waited"],
            ["I'm so sorry", "that you've waited three weeks"],
        ),
        ("It was 3.5 hours (really) of e.g. nothing", ["hours"], ["It was 3.5 hours"]),
        ("My gran died \U0001f62d", ["\U0001f62d"], ["My gran died \U0001f62d"]),
        ("!!! ...", ["!!!"], [None]),
    ],
)
def test_a_mark_is_the_clause_around_what_was_matched(
    text: str, marked: list[str], shown: list[str | None]
) -> None:
    assert said(text, *marked) == shown


def test_speech_without_punctuation_is_not_marked_from_end_to_end() -> None:
    text = " ".join(["well i went there again and"] * 12) + " i am upset about it all " + "so " * 30
    (shown,) = said(text, "upset")
    assert shown is not None
    assert "upset" in shown
    assert len(shown.split()) <= LONGEST


@given(texts, ranges)
def test_every_mark_is_whole_words_and_holds_what_was_matched(
    text: str, marked: list[tuple[int, int]]
) -> None:
    found = clauses(text, marked)
    assert len(found) == len(marked)
    for (start, end), shown in zip(marked, found, strict=True):
        if shown is None:
            continue
        first, last = shown
        assert 0 <= first < last <= len(text)
        before, after = text[first - 1 : first], text[last : last + 1]
        assert not (before.isalnum() and text[first].isalnum()), "the start is inside a word"
        assert not (after.isalnum() and text[last - 1].isalnum()), "the end is inside a word"
        inside = [at for at in range(start, min(end, len(text))) if text[at].isalnum()]
        assert all(first <= at < last for at in inside)


@given(texts, ranges)
def test_what_is_widened_stays_as_it_is(text: str, marked: list[tuple[int, int]]) -> None:
    for one in clauses(text, marked[:1]):
        if one and len(text[one[0] : one[1]].split()) > 2:
            assert clauses(text, [one]) == [one]
