"""The sorry ledger: each apology by its turn, by the rule that counts them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from qa.organizations.models import Membership, Organization
from scorecards.apologies import Apology, apologies, judged_otherwise, ledger
from scorecards.empathy import load_pack, prescore
from scorecards.empathy.cues_v1 import score_turns
from scorecards.empathy.ledger import find_apologies
from scorecards.empathy.text import prepare
from tests.dashboards.reading import Browser
from tests.world import make_interaction, make_review

AGAIN = "This is the third time I've called and nobody helps me!"
SORRY = "I'm sorry about that."
ASKS = "Can I have your number?"
LOSS = "I'm so sorry for your loss."
IMAGINES = "I can imagine how tiring it must be to call three times."
MAIL = (
    "We are very sorry for the delay. We apologize for the inconvenience this caused. "
    "Please accept our sincere apologies.\n\nSorry again for the trouble."
)


def found(*texts: str) -> dict[str, Any]:
    """Customer and agent in turns, the customer first; an empty text is left out."""
    turns = [
        SimpleNamespace(role=("customer", "agent")[n % 2], text=text)
        for n, text in enumerate(texts)
        if text
    ]
    return prescore(turns, pack=load_pack(), engine="cues-1.0").to_dict(reasons=True)


def kinds(result: dict[str, Any] | None) -> list[tuple[int, str]] | None:
    known = apologies(result)
    return None if known is None else [(one.turn, one.kind) for one in known]


@pytest.mark.parametrize(
    ("texts", "by_turn", "words"),
    [
        ((AGAIN, ASKS), [], ""),
        ((AGAIN, SORRY), [(1, "bare")], "1 bare"),
        ((AGAIN, f"{SORRY} {IMAGINES}"), [(1, "completed")], "1 completed"),
        ((AGAIN, SORRY, "", IMAGINES), [(1, "completed")], "1 completed"),
        ((AGAIN, IMAGINES, "", SORRY), [(2, "bare")], "1 bare"),
        (
            (AGAIN, SORRY, AGAIN, SORRY, AGAIN, SORRY),
            [(1, "bare"), (3, "repeated"), (5, "repeated")],
            "1 bare, 2 repeated",
        ),
        (
            (AGAIN, f"{SORRY} {IMAGINES}", AGAIN, SORRY, AGAIN, LOSS),
            [(1, "completed"), (3, "bare"), (5, "repeated")],
            "1 completed, 1 bare, 1 repeated",
        ),
        ((AGAIN, MAIL), [(1, "bare"), *[(1, "repeated")] * 3], "1 bare, 3 repeated"),
        ((AGAIN, f"{SORRY} {IMAGINES} {SORRY}"), [(1, "completed")] * 2, "2 completed"),
        ((AGAIN, f"Sorry, could you repeat that? {SORRY}"), [(1, "bare")], "1 bare"),
        ((AGAIN, f"You wrote “sorry for the mess”. {SORRY}"), [(1, "bare")], "1 bare"),
    ],
)
def test_each_apology_gets_its_word(
    texts: tuple[str, ...], by_turn: list[tuple[int, str]], words: str
) -> None:
    result = found(*texts)
    assert kinds(result) == by_turn
    assert ledger(result) == words


def test_reasons_in_other_words_change_nothing() -> None:
    pack = load_pack()
    other = replace(pack, id="other-1", reasons=dict.fromkeys(pack.reasons, "regret"))
    turns = [
        SimpleNamespace(role="customer", text=AGAIN),
        SimpleNamespace(role="agent", text="Sorry for all of this."),
    ]
    assert kinds(prescore(turns, pack=other).to_dict(reasons=True)) == [(1, "bare")]


@pytest.mark.parametrize("engine", ["cues-1.0", "reader-3.1"])
def test_every_apology_of_a_mail_has_its_own_words(engine: str) -> None:
    turns = [SimpleNamespace(role="customer", text=AGAIN), SimpleNamespace(role="agent", text=MAIL)]
    known = apologies(prescore(turns, pack=load_pack(), engine=engine).to_dict(reasons=True))
    assert known is not None
    assert [MAIL[one.start : one.end] for one in known] == [
        "We are very sorry for the delay",
        "We apologize for the inconvenience",
        "Please accept our sincere apologies",
        "Sorry again",
    ]


def test_without_a_phrase_the_words_of_the_sympathy_are_the_one_apology() -> None:
    text, pack = "Sorry for the long wait, and what a shame.", load_pack()
    turns = [SimpleNamespace(role="agent", text=text)]
    (turn,) = score_turns(turns, [prepare(text)], pack)
    assert turn.response is not None
    assert not turn.response.apology
    told = replace(turn, response=replace(turn.response, apology=True))
    (said,) = find_apologies([told], [prepare(text)], (), pack)[0]
    (words,) = said.evidence
    assert (said.kind, text[words.start : words.end]) == ("bare", "what a shame")


def test_peoples_word_on_a_moment_completes_its_apologies_or_leaves_them_bare() -> None:
    known = apologies(found(AGAIN, f"{SORRY} {IMAGINES}", AGAIN, SORRY, AGAIN, SORRY))
    assert known is not None
    assert [one.kind for one in known] == ["completed", "bare", "repeated"]
    said = judged_otherwise(known, {1: "sympathy_only", 3: "empathy"})
    assert [one.kind for one in said] == ["bare", "completed", "repeated"]


def without(result: dict[str, Any], *names: str) -> dict[str, Any]:
    """As it was stored before responses said this."""
    for name in names:
        del result["turns"][1]["response"][name]
    return result


def test_older_pre_scores_count_each_turn_once_or_tell_the_numbers_alone() -> None:
    once = without(found(AGAIN, SORRY), "apologies")
    assert apologies(once) == [Apology(1, "bare", 0, len(SORRY) - 1)]
    result = without(once, "apology")
    assert apologies(result) is None
    assert ledger(result) == "1 bare"
    assert apologies(None) is None
    assert ledger(None) == ""


def test_an_older_pre_score_without_apologies_is_known_to_have_none() -> None:
    assert apologies(without(found(AGAIN, ASKS), "apologies", "apology")) == []


def test_the_pages_say_it_in_words(
    larkfield: Organization, dana: Membership, signed_in: Browser
) -> None:
    review = make_review(dana, make_interaction(larkfield))
    browser = signed_in(dana)
    page = browser.get(f"/o/larkfield/reviews/{review.pk}/?moment=1").content.decode()
    assert ">Apologies: 1 bare</span>" in page
    assert "Bare: the first apology without empathy." in page
    assert "Apologies: 1 bare" in page
    other = browser.get(f"/o/larkfield/reviews/{review.pk}/?moment=3").content.decode()
    assert ">Apologies: 1 bare</span>" not in other
    shown = browser.get(f"/o/larkfield/interactions/{review.interaction_id}/").content.decode()
    assert ">1 bare</dd>" in shown
