"""A specialist's day by keyboard: the queue, ten reviews, a blind one; and the same by mouse."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.browser.hands import Keys, review_by_mouse
from tests.world import make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
REVIEWS = 10


def confirmed(by: Membership) -> int:
    with tenant(by.organization_id):
        return Review.objects.visible_to(by).confirmed().count()


def test_ten_reviews_from_the_queue_by_keyboard_alone(sign_in: SignIn, dana: Membership) -> None:
    for number in range(REVIEWS):
        make_interaction(dana.organization, external_id=f"c-{number}")
    keys = Keys(sign_in(dana))
    keys.take()
    for _ in range(REVIEWS):
        keys.review()
    expect(keys.page.locator("body")).to_contain_text("That was the last one.")
    assert confirmed(dana) == REVIEWS


def test_a_blind_review_by_keyboard_alone(
    sign_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization)
    with tenant(mona.organization_id):
        set_policy(by=mona, blind_percent=100, threshold=0.6, least=30)
    keys = Keys(sign_in(dana))
    page = keys.page
    keys.take()
    expect(page.locator("#review")).to_have_attribute("data-blind", "")
    assert page.locator(".ev").count() == 0
    keys.see_feeling("Frus", "4")
    keys.press("c")
    expect(page.locator(".ev").first).to_be_visible()
    expect(page.locator(".moments__link")).to_have_count(2)
    keys.answer_yes()
    keys.submit()
    with tenant(dana.organization_id):
        review = Review.objects.visible_to(dana).confirmed().get()
    assert [moment["cue_turn"] for moment in review.first_reading or []] == [1]


def test_keyboard_and_mouse_do_the_same_and_both_are_timed(
    sign_in: SignIn, dana: Membership
) -> None:
    for number in range(2):
        make_interaction(dana.organization, external_id=f"c-{number}")
    keys = Keys(sign_in(dana))
    keys.take()
    keys.pressed, started = 0, time.perf_counter()
    keys.review()
    by_keys = time.perf_counter() - started
    started = time.perf_counter()
    clicks = review_by_mouse(keys.page)
    clicked = time.perf_counter() - started
    print(f"\na review by keyboard: {keys.pressed} keys, {by_keys:.1f} s")
    print(f"the same by mouse: {clicks} clicks, {clicked:.1f} s")
    assert confirmed(dana) == 2
