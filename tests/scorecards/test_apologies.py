"""The sorry ledger: each apology by its turn, by the rule that counts them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from qa.organizations.models import Membership, Organization
from scorecards.apologies import apologies_by_turn, ledger
from scorecards.empathy import load_pack, prescore
from tests.dashboards.reading import Browser
from tests.world import make_interaction, make_review

AGAIN = "This is the third time I've called and nobody helps me!"
SORRY = "I'm sorry about that."
ASKS = "Can I have your number?"
LOSS = "I'm so sorry for your loss."
IMAGINES = "I can imagine how tiring it must be to call three times."


def found(*texts: str) -> dict[str, Any]:
    """Customer and agent in turns, the customer first; an empty text is left out."""
    turns = [
        SimpleNamespace(role=("customer", "agent")[n % 2], text=text)
        for n, text in enumerate(texts)
        if text
    ]
    return prescore(turns, pack=load_pack(), engine="cues-1.0").to_dict(reasons=True)


@pytest.mark.parametrize(
    ("texts", "by_turn", "words"),
    [
        ((AGAIN, ASKS), {}, ""),
        ((AGAIN, SORRY), {1: "bare"}, "1 bare"),
        ((AGAIN, f"{SORRY} {IMAGINES}"), {1: "completed"}, "1 completed"),
        ((AGAIN, SORRY, "", IMAGINES), {1: "completed"}, "1 completed"),
        ((AGAIN, IMAGINES, "", SORRY), {2: "bare"}, "1 bare"),
        (
            (AGAIN, SORRY, AGAIN, SORRY, AGAIN, SORRY),
            {1: "bare", 3: "repeated", 5: "repeated"},
            "1 bare, 2 repeated",
        ),
        (
            (AGAIN, f"{SORRY} {IMAGINES}", AGAIN, SORRY, AGAIN, LOSS),
            {1: "completed", 3: "bare", 5: "repeated"},
            "1 completed, 1 bare, 1 repeated",
        ),
    ],
)
def test_each_apology_gets_its_word(
    texts: tuple[str, ...], by_turn: dict[int, str], words: str
) -> None:
    result = found(*texts)
    assert apologies_by_turn(result) == by_turn
    assert ledger(result) == words


def test_reasons_in_other_words_change_nothing() -> None:
    pack = load_pack()
    other = replace(pack, id="other-1", reasons=dict.fromkeys(pack.reasons, "regret"))
    turns = [
        SimpleNamespace(role="customer", text=AGAIN),
        SimpleNamespace(role="agent", text="Sorry for all of this."),
    ]
    assert apologies_by_turn(prescore(turns, pack=other).to_dict(reasons=True)) == {1: "bare"}


def test_older_pre_scores_tell_how_many_and_not_which() -> None:
    result = found(AGAIN, SORRY)
    del result["turns"][1]["response"]["apology"]
    assert apologies_by_turn(result) is None
    assert ledger(result) == "1 bare"
    assert apologies_by_turn(None) is None
    assert ledger(None) == ""


def test_an_older_pre_score_without_apologies_is_known_to_have_none() -> None:
    result = found(AGAIN, ASKS)
    del result["turns"][1]["response"]["apology"]
    assert apologies_by_turn(result) == {}


def test_the_pages_say_it_in_words(
    larkfield: Organization, dana: Membership, signed_in: Browser
) -> None:
    review = make_review(dana, make_interaction(larkfield))
    browser = signed_in(dana)
    page = browser.get(f"/o/larkfield/reviews/{review.pk}/?moment=1").content.decode()
    assert ">Apology: bare</span>" in page
    assert "Bare: the first that stays by itself." in page
    assert "Apologies: 1 bare" in page
    other = browser.get(f"/o/larkfield/reviews/{review.pk}/?moment=3").content.decode()
    assert "Apology:" not in other
    shown = browser.get(f"/o/larkfield/interactions/{review.interaction_id}/").content.decode()
    assert ">1 bare</dd>" in shown
