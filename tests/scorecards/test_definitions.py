"""The page that says what is scored, and what it says."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from qa.organizations.models import Membership, Organization
from scorecards import empathy
from scorecards.definitions import CUE, REPLIES, read_definitions
from tests.dashboards.reading import Browser
from tests.world import make_interaction, make_review

ADDRESS = "/o/larkfield/definitions/"
WHO = {"nobody": 302, "mallory": 404, "alex": 200, "dana": 200, "mona": 200, "ada": 200}


@pytest.mark.parametrize(("name", "status"), WHO.items())
def test_every_member_may_read_what_is_scored(
    larkfield: Organization,
    signed_in: Browser,
    request: pytest.FixtureRequest,
    name: str,
    status: int,
) -> None:
    caller = None if name == "nobody" else request.getfixturevalue(name)
    assert signed_in(caller).get(ADDRESS).status_code == status
    assert signed_in(caller).post(ADDRESS).status_code in {302, 404, 405}


def test_it_says_all_that_the_pack_says(
    larkfield: Organization, dana: Membership, signed_in: Browser
) -> None:
    page = signed_in(dana).get(ADDRESS).content.decode()
    text = page.replace("&#x27;", "'")
    pack = empathy.load_pack()
    for emotion in pack.emotions:
        assert emotion.shows[1:] in text, emotion.value
        assert emotion.example in text, emotion.value
    for mark in pack.marks.values():
        for words in (mark["means"], *mark["examples"], *mark["not_examples"]):
            assert words in text
    for group in (*pack.cues.groups, *pack.responses.groups):
        assert group.reason in text or group.about == "none"
    for words in ("100 points", "75 points", "25 points", "0 points", "next 2 turns", pack.id):
        assert words in text, words


@pytest.mark.parametrize("key", REPLIES)
def test_the_replies_it_shows_come_to_what_it_says(key: str) -> None:
    kind, _, reply = REPLIES[key]
    turns = [
        SimpleNamespace(role="customer", text=CUE),
        SimpleNamespace(role="agent", text=reply),
    ]
    found = empathy.prescore(turns, pack=empathy.load_pack(), engine="cues-1.0")
    (moment,) = found.moments
    outcome, _, strength = key.partition("_") if key.startswith("empathy") else (key, "", "0")
    assert (moment.emotion, moment.outcome) == ("frustration", outcome)
    assert moment.strength == int(strength)
    response = found.turns[1].response
    assert response is not None
    shown = {
        kind: getattr(response, kind).level > 0 for kind in ("sympathy", "empathy", "dismissal")
    }
    assert shown == {name: name == kind for name in shown}
    (definition,) = [outcome for outcome in read_definitions().outcomes if outcome.key == key]
    assert "".join(stretch.text for stretch in definition.reply) == reply


def test_it_is_linked_from_settings_and_from_wherever_a_score_is_explained(
    *,
    larkfield: Organization,
    dana: Membership,
    ada: Membership,
    mona: Membership,
    alex: Membership,
    signed_in: Browser,
) -> None:
    review = make_review(dana, make_interaction(larkfield, external_id="c-1"), confirmed=True)
    draft = make_review(dana, make_interaction(larkfield, external_id="c-2"))
    for member, address in (
        (ada, reverse("settings", args=["larkfield"])),
        (dana, f"/o/larkfield/interactions/{review.interaction_id}/"),
        (dana, f"/o/larkfield/reviews/{draft.pk}/"),
        (alex, f"/o/larkfield/feedback/{review.pk}/"),
        (mona, "/o/larkfield/moments/"),
        (mona, "/o/larkfield/dashboard/?days=365"),
    ):
        answer = signed_in(member).get(address)
        assert f'href="{ADDRESS}' in answer.content.decode(), address
