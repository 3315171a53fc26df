"""The page of agreement, and labels that are withheld and come back, through HTTP."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qa import pipeline
from qa.agreement.judgements import judged, tables
from qa.agreement.queries import page
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization
from qa.reviews import actions as reviews
from qa.reviews import blind, queue
from qa.reviews.models import Review, Withheld
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.reviews.steps import address
from tests.scored import engine, scored  # noqa: F401 (a fixture)
from tests.world import answer_card

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]
SignIn = Callable[[Membership | None], Client]
MISSED, HEARD = ("anger", "missed", 0), ("fear", "empathy", 2)


def set_share(by: Membership, percent: int, least: int = 10) -> None:
    with tenant(by.organization_id):
        set_policy(by=by, blind_percent=percent, threshold=0.6, least=least)


def review_blind(by: Membership, organization: Organization, *, agree: bool) -> None:
    """One blind review of two feelings, judged as the machine does or the other way round."""
    interaction = scored(organization, MISSED, HEARD)
    with tenant(organization.id):
        review = queue.claim(interaction.pk, by=by)
        said = (MISSED, HEARD) if agree else (("anger", "empathy", 2), ("fear", "missed", 0))
        for turn, (emotion, outcome, strength) in zip((1, 3), said, strict=True):
            reviews.add_moment(
                review, by=by, cue_turn=turn, emotion=emotion, outcome=outcome, strength=strength
            )
        submit(blind.commit(review, by=by), by)


def submit(review: Review, by: Membership) -> None:
    answer_card(review, by)
    pipeline.confirm(review, by=by)


def test_a_label_is_withheld_when_blind_readings_differ_and_comes_back(
    dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    set_share(mona, 100)
    for _ in range(8):
        review_blind(dana, larkfield, agree=False)
    with tenant(larkfield.id):
        held = {withheld.label for withheld in Withheld.objects.visible_to(dana)}
        told = Notice.objects.visible_to(mona).filter(kind=Notice.Kind.AGREEMENT)
        assert {"outcome", "missed", "empathy"} <= held
        assert "cue" not in held  # both found the same feelings
        assert told.filter(subject="missed agreement.withheld").count() == 1
    for _ in range(60):
        review_blind(dana, larkfield, agree=True)
    with tenant(larkfield.id):
        assert not Withheld.objects.visible_to(dana).exists()
        assert told.filter(subject="missed agreement.restored").count() == 1


@pytest.mark.parametrize("changed", [{"least": 1000}, {"threshold": 0}])
def test_another_policy_weighs_every_label_at_once(
    signed_in: SignIn,
    dana: Membership,
    mona: Membership,
    larkfield: Organization,
    changed: dict[str, int],
) -> None:
    set_share(mona, 100)
    for agree in (True, True, False, False, False, True, True, True):
        review_blind(dana, larkfield, agree=agree)
    sent = {"blind_percent": 0, "second_percent": 0, "threshold": 0.6, "least": 10}
    with tenant(larkfield.id):
        assert Withheld.objects.visible_to(dana).filter(label="outcome").exists()
    saved = signed_in(mona).post(address("agreement-policy", mona), {**sent, **changed})
    assert saved.status_code == 302
    with tenant(larkfield.id):
        assert not Withheld.objects.visible_to(dana).exists()
    signed_in(mona).post(address("agreement-policy", mona), sent)
    with tenant(larkfield.id):
        assert Withheld.objects.visible_to(dana).filter(label="outcome").exists()


def test_the_page_says_how_often_blind_readings_agree(
    signed_in: SignIn, dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    set_share(mona, 100, least=1000)
    for agree in (True, True, True, False, True, True):
        review_blind(dana, larkfield, agree=agree)
    answer = signed_in(mona).get(address("agreement", mona))
    shown = " ".join(answer.content.decode().split())
    assert "Of <strong>12</strong> feelings reviewed blind" in shown
    assert "gave 10 the same outcome" in shown


def test_blind_and_shown_are_counted_apart(
    dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    set_share(mona, 100, least=1000)
    review_blind(dana, larkfield, agree=False)
    set_share(mona, 0, least=1000)
    interaction = scored(larkfield, MISSED, HEARD)
    with tenant(larkfield.id):
        review = queue.claim(interaction.pk, by=dana)
        reviews.accept(review, list(review.moments.all()), by=dana)
        submit(review, dana)
        blind_ones, shown_ones = judged(dana, blind=True), judged(dana, blind=False)
        assert (len(blind_ones), len(shown_ones)) == (1, 1)
        outcomes = ["empathy", "sympathy_only", "missed", "dismissed"]
        (different,), (same,) = tables(blind_ones, "outcome"), tables(shown_ones, "outcome")
        assert different[outcomes.index("missed"), outcomes.index("empathy")] == 1
        assert same.trace() == 2
        (cues,) = tables(blind_ones, "cue")
        assert cues.tolist() == [[2, 0], [0, 1]]  # three turns of the customer
        assert judged(dana, blind=True, channel="email") == []
        assert judged(dana, blind=True, language="de") == []


def test_the_page_costs_the_same_for_many_reviews(
    dana: Membership, mona: Membership, larkfield: Organization
) -> None:
    set_share(mona, 100, least=1000)
    counts = []
    for more in (2, 10):
        for _ in range(more):
            review_blind(dana, larkfield, agree=True)
        with tenant(larkfield.id), CaptureQueriesContext(connection) as queries:
            page(mona)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_page_says_what_to_do(signed_in: SignIn, mona: Membership) -> None:
    shown = signed_in(mona).get(address("agreement", mona)).content.decode()
    assert "No reviews are blind yet" in shown
    assert address("agreement-policy", mona) in shown


def test_a_manager_sets_the_share_and_a_wrong_one_is_refused(
    signed_in: SignIn, mona: Membership
) -> None:
    client, url = signed_in(mona), address("agreement-policy", mona)
    values = {"blind_percent": 15, "threshold": 0.7, "least": 50, "second_percent": 5}
    assert client.post(url, {**values, "blind_percent": 120}).status_code == 422
    assert client.post(url, values).status_code == 302
    assert 'value="15"' in client.get(url).content.decode()


def test_who_may_set_the_share(signed_in: SignIn, dana: Membership, alex: Membership) -> None:
    assert signed_in(dana).get(address("agreement-policy", dana)).status_code == 403
    assert signed_in(dana).get(address("agreement", dana)).status_code == 200
    assert signed_in(alex).get(address("agreement", alex)).status_code == 403
