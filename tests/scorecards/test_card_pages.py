"""Scorecards in the browser: read, draft, publish, put to use, put away; refusals in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from scorecards import card, publishing
from tests.reviews.steps import HTMX, address
from tests.scorecards.steps import fields, send, the_card, versions
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def test_both_starter_cards_are_there_and_one_is_for_every_channel(
    signed_in: SignIn, dana: Membership
) -> None:
    page = signed_in(dana).get(address("scorecards", dana)).content.decode()
    assert "General service quality" in page
    assert "Default for all other channels" in page
    assert "New scorecard" not in page  # a specialist reads


@pytest.mark.parametrize("body", card.STARTERS.values(), ids=list(card.STARTERS))
def test_the_builder_gives_back_what_it_was_given(
    signed_in: SignIn, mona: Membership, body: dict[str, Any]
) -> None:
    scorecard = the_card(mona, body["name"])
    browser = signed_in(mona)
    assert browser.get(address("scorecard-edit", mona, pk=scorecard.pk)).status_code == 200
    send(browser, mona, "save", scorecard, **fields(body))
    scorecard = the_card(mona, body["name"])
    assert scorecard.draft
    assert card.read(scorecard.draft) == card.read(body)
    assert (
        "Nothing has changed"
        in send(browser, mona, "publish", scorecard, revision=scorecard.revision).content.decode()
    )


def test_a_draft_becomes_the_next_version_and_new_reviews_use_it(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    before = make_review(dana)
    browser, scorecard = signed_in(mona), the_card(mona)
    send(
        browser,
        mona,
        "save",
        scorecard,
        **fields(card.EMPATHY, **{"s1-q0-text": "Let them finish"}),
    )
    page = browser.get(address("scorecard-publish", mona, pk=scorecard.pk)).content.decode()
    assert "“Let them finish”: changed text." in page
    answer = send(browser, mona, "publish", scorecard, revision=1)
    assert answer.status_code == 302
    first, second = versions(mona, scorecard)
    assert (first.number, second.number) == (1, 2)
    assert first.body == card.EMPATHY
    after = make_review(dana, make_interaction(dana.organization, external_id="other"))
    assert before.scorecard_version_id == first.pk
    assert after.scorecard_version_id == second.pk
    for version, text in ((first, "Let the customer finish"), (second, "Let them finish")):
        address_of = address("scorecard-version", mona, pk=version.pk)
        assert text in browser.get(address_of).content.decode()


def test_a_draft_is_never_used(dana: Membership, mona: Membership) -> None:
    scorecard = the_card(mona)
    with tenant(mona.organization_id):
        publishing.save_draft(scorecard, by=mona, revision=0, name="Empathy", body=card.GENERAL)
    assert make_review(dana).scorecard_version.number == 1


def test_the_card_of_the_channel_comes_before_the_general_one(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    general = the_card(mona, "General service quality")
    answer = send(signed_in(mona), mona, "use", general, channels=["chat", "email"])
    assert answer.status_code == 302
    chat = make_interaction(dana.organization, external_id="chat", channel="chat")
    call = make_interaction(dana.organization, external_id="call")
    used = {
        review.interaction.channel: review.scorecard_version.scorecard_id
        for review in (make_review(dana, chat), make_review(dana, call))
    }
    assert used == {"chat": general.pk, "call": the_card(mona).pk}


def test_taking_over_a_channel_takes_it_from_the_other_card(
    signed_in: SignIn, mona: Membership
) -> None:
    browser = signed_in(mona)
    general, empathy = the_card(mona, "General service quality"), the_card(mona)
    send(browser, mona, "use", empathy, channels=["chat", "call"], general="on")
    send(browser, mona, "use", general, channels=["chat"], general="on")
    general, empathy = the_card(mona, "General service quality"), the_card(mona)
    assert (general.general, general.channels) == (True, ["chat"])
    assert (empathy.general, empathy.channels) == (False, ["call"])


@pytest.mark.parametrize(
    ("act", "data", "words"),
    [
        ("Empathy: use", {}, "This is the default for all other channels"),
        ("Empathy: archive", {}, "This is the default for all other channels"),
        ("Mine: use", {"channels": ["call"]}, "Publish this scorecard first"),
        ("Mine: discard", {"revision": 0}, "never published"),
        ("Mine: publish", {"revision": 0}, "be published yet"),
        ("Mine: restore", {}, "t archived"),
    ],
)
def test_what_can_not_be_done_is_said(
    signed_in: SignIn, mona: Membership, act: str, data: Any, words: str
) -> None:
    name, what = act.split(": ")
    the_card(mona)
    with tenant(mona.organization_id):
        publishing.create_card(by=mona, name="Mine")
    scorecard = the_card(mona, name)
    answer = send(signed_in(mona), mona, what, scorecard, **data)
    assert answer.status_code in {409, 422}
    assert words in answer.content.decode()


def test_what_is_malformed_is_not_saved_and_not_lost(signed_in: SignIn, mona: Membership) -> None:
    scorecard = the_card(mona)
    answer = send(
        signed_in(mona), mona, "save", scorecard, **fields(card.EMPATHY, **{"s0-weight": "a lot"})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Answering feelings: weight is not a number." in page
    assert 'value="a lot"' in page
    assert the_card(mona).draft is None


@pytest.mark.parametrize("name", ["name", "s0-title", "s1-q0-text", "s1-q0-id", "s1-q0-causes"])
def test_a_character_that_no_database_keeps_is_refused_in_words(
    signed_in: SignIn, mona: Membership, name: str
) -> None:
    scorecard = the_card(mona)
    sent = fields(card.EMPATHY, scorecard.revision, **{name: "Kind\x00ness"})
    answer = send(signed_in(mona), mona, "save", scorecard, **sent)
    assert answer.status_code == 422
    assert "contains a character that can&#x27;t be stored" in answer.content.decode()


@pytest.mark.parametrize("do", ["add-question:" + "1" * 5000, "up:99999:2", "down:0:" + "9" * 30])
def test_a_button_that_leads_nowhere_changes_nothing(
    signed_in: SignIn, mona: Membership, do: str
) -> None:
    scorecard = the_card(mona)
    sent = fields(card.EMPATHY, scorecard.revision, do=do)
    assert send(signed_in(mona), mona, "save", scorecard, **sent).status_code == 302
    with tenant(mona.organization_id):
        scorecard.refresh_from_db()
        assert card.read(scorecard.draft) == card.read(card.EMPATHY)


def test_a_draft_with_faults_is_kept_and_says_what_is_left_to_do(
    signed_in: SignIn, mona: Membership
) -> None:
    browser, scorecard = signed_in(mona), the_card(mona)
    send(browser, mona, "save", scorecard, **fields(card.EMPATHY, **{"s0-weight": "30"}))
    for name in ("scorecard-edit", "scorecard-publish"):
        page = browser.get(address(name, mona, pk=scorecard.pk)).content.decode()
        assert "add up to 110; their weights must add up to 100" in page
    answer = send(browser, mona, "publish", scorecard, revision=1)
    assert answer.status_code == 422
    assert len(versions(mona, scorecard)) == 1


def test_the_second_tab_is_told_and_keeps_what_was_written(
    signed_in: SignIn, mona: Membership
) -> None:
    browser, scorecard = signed_in(mona), the_card(mona)
    send(browser, mona, "save", scorecard, **fields(card.EMPATHY))
    answer = send(
        browser, mona, "save", scorecard, **fields(card.EMPATHY, **{"s0-title": "My own title"})
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another tab" in page
    assert "My own title" in page
    assert send(browser, mona, "publish", scorecard, revision=0).status_code == 409


@pytest.mark.parametrize(
    ("do", "place"),
    [
        ("add-section", "s2-title"),
        ("add-question:1", "s1-q3-text"),
        ("up:1", "s0-up"),
        ("down:0:3", "s1-q0-down"),
        ("up:1:0", "s0-q4-up"),
        ("remove:1:2", "s1-add-question"),
        ("remove:9:9", ""),
        ("up:0", ""),
        ("nonsense", ""),
    ],
)
def test_the_builders_buttons_work_without_javascript(
    signed_in: SignIn, mona: Membership, do: str, place: str
) -> None:
    scorecard = the_card(mona)
    answer = send(signed_in(mona), mona, "save", scorecard, **fields(card.EMPATHY), do=do)
    assert answer.status_code == 302
    assert answer["Location"].partition("#")[2] == place
    before = sum(len(section["questions"]) for section in card.EMPATHY["sections"])
    draft = the_card(mona).draft
    assert draft
    after = sum(len(section["questions"]) for section in draft["sections"])
    assert after - before == {"add-question:1": 1, "remove:1:2": -1}.get(do, 0)


def test_with_htmx_the_buttons_bring_the_builder_and_the_preview_saves_nothing(
    signed_in: SignIn, mona: Membership
) -> None:
    browser, scorecard = signed_in(mona), the_card(mona)
    where = address("scorecard-preview", mona, pk=scorecard.pk)
    sent = fields(card.EMPATHY, **{"s1-title": "As you type"})
    part = browser.post(where, sent, headers=HTMX).content.decode()
    assert "As you type" in part
    assert "<form" not in part
    assert "As you type" in browser.post(where, sent).content.decode()
    assert the_card(mona).draft is None
    where = address("scorecard-save", mona, pk=scorecard.pk)
    part = browser.post(where, sent | {"do": "add-section"}, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div class="builder"')
    assert 'id="s2-title" value="" maxlength="120" autofocus' in " ".join(part.split())


def test_a_copy_is_a_draft_of_its_own(signed_in: SignIn, mona: Membership) -> None:
    scorecard = the_card(mona)
    browser = signed_in(mona)
    send(browser, mona, "duplicate", scorecard)
    send(browser, mona, "duplicate", scorecard)
    copy = the_card(mona, "Empathy (copy 2)")
    assert copy.draft
    assert copy.draft["sections"] == card.EMPATHY["sections"]
    assert versions(mona, copy) == []


def test_a_card_is_put_away_and_brought_back(
    signed_in: SignIn, dana: Membership, mona: Membership
) -> None:
    scorecard = the_card(mona, "General service quality")
    browser = signed_in(mona)
    send(browser, mona, "use", scorecard, channels=["call"])
    send(browser, mona, "archive", scorecard)
    assert make_review(dana).scorecard_version.scorecard_id == the_card(mona).pk
    assert send(browser, mona, "save", scorecard, **fields(card.GENERAL)).status_code == 409
    assert scorecard.name not in browser.get(address("scorecards", mona)).content.decode()
    assert (
        scorecard.name in browser.get(f"{address('scorecards', mona)}?shown=away").content.decode()
    )
    send(browser, mona, "restore", scorecard)
    assert scorecard.name in browser.get(address("scorecards", mona)).content.decode()


def test_a_name_is_taken_once(signed_in: SignIn, mona: Membership) -> None:
    the_card(mona)
    browser = signed_in(mona)
    answer = browser.post(address("scorecard-add", mona), {"name": "Empathy"})
    assert answer.status_code == 409
    assert "scorecard with this name already" in answer.content.decode()
    answer = browser.post(address("scorecard-add", mona), {"name": "  "})
    assert answer.status_code == 422
    answer = browser.post(address("scorecard-add", mona), {"name": "Ours", "start": "general"})
    assert answer.status_code == 302
    assert the_card(mona, "Ours").draft


def test_each_act_is_one_audit_event_and_stands_in_the_history(
    signed_in: SignIn, mona: Membership
) -> None:
    browser, scorecard = signed_in(mona), the_card(mona, "General service quality")
    send(browser, mona, "save", scorecard, **fields(card.GENERAL, **{"s0-title": "Hello"}))
    send(browser, mona, "publish", scorecard, revision=1)
    send(browser, mona, "use", scorecard, channels=["call"])
    send(browser, mona, "archive", scorecard)
    send(browser, mona, "restore", scorecard)
    with tenant(mona.organization_id):
        events = AuditEvent.objects.visible_to(mona).filter(target_id=str(scorecard.pk))
        assert list(events.order_by("number").values_list("action", flat=True)) == [
            f"scorecard.{what}"
            for what in ("published", "drafted", "published", "used_for", "archived", "restored")
        ]
    page = browser.get(address("scorecard", mona, pk=scorecard.pk)).content.decode()
    for words in ("Mona published version 2", "Mona archived it", "Heard published version 1"):
        assert words in page


def test_the_list_costs_the_same_for_many(signed_in: SignIn, mona: Membership) -> None:
    browser = signed_in(mona)
    browser.get(address("scorecards", mona))
    counts = []
    for more in range(2):
        for number in range(20 * more):
            with tenant(mona.organization_id):
                publishing.create_card(by=mona, name=f"Card {number}", start="empathy")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address("scorecards", mona)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
