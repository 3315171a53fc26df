"""The tour of a review: offered on a member's first one, never in the way, and remembered."""

from collections.abc import Callable

import pytest
from django.test import Client

from qa.organizations.models import Membership
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.first_steps.steps import address, page_of, review_of
from tests.world import make_interaction, make_review

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]
OFFER = "data-tour-offered"


def review_page(browser: Client, member: Membership, name: str = "open") -> str:
    review = make_review(member, make_interaction(member.organization, external_id=name))
    return page_of(browser, f"reviews/{review.pk}/")


def test_the_first_review_offers_it_in_five_closed_steps(
    dana: Membership, signed_in: SignIn
) -> None:
    page = review_page(signed_in(dana), dana)
    assert OFFER in page
    assert page.count('class="tour__step"') == 5
    assert '<dialog class="tour" id="tour"' in page
    assert "<dialog open" not in page


def test_who_has_submitted_one_is_not_offered_it_but_can_take_it(
    dana: Membership, signed_in: SignIn
) -> None:
    review_of(dana, make_interaction(dana.organization, external_id="first"))
    page = review_page(signed_in(dana), dana)
    assert OFFER not in page
    assert "data-tour-start" in page


def test_it_is_remembered_and_comes_back_from_help(
    dana: Membership, sam: Membership, signed_in: SignIn
) -> None:
    seen = signed_in(dana).post(address("first-steps/tour/seen/"), HTTP_ACCEPT="application/json")
    assert seen.status_code == 204
    assert OFFER not in review_page(signed_in(dana), dana)
    assert OFFER in review_page(signed_in(sam), sam, "other")
    answer = signed_in(dana).post(address("first-steps/tour/again/"), follow=True)
    assert "Your next review offers the tour again." in answer.content.decode()
    with tenant(dana.organization_id):
        review = dana.reviews.open().get()
    assert OFFER in page_of(signed_in(dana), f"reviews/{review.pk}/")


def test_a_blind_review_is_told_about_without_the_pre_score(
    mona: Membership, dana: Membership, signed_in: SignIn
) -> None:
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    page = review_page(signed_in(dana), dana)
    assert "In this review you find them by yourself" in page
    assert "accept what the pre-score says, or 1 to 5" not in page
