"""A calibration by keyboard alone: from the queue's word of it through the last reading."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.calibration.models import Session
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.context import tenant
from tests.browser.hands import Keys
from tests.world import calibrate, make_calibration, make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
FEAR = (3, "fear", "empathy", 2)


def test_a_reading_by_keyboard_alone_to_the_results(
    sign_in: SignIn, dana: Membership, sam: Membership, mona: Membership
) -> None:
    session = make_calibration(mona, [dana, sam], make_interaction(dana.organization))
    calibrate(session, sam, FEAR)
    page = sign_in(dana)
    keys = Keys(page)
    keys.open("Go to the session")
    page.wait_for_url("**/calibration/")
    keys.open("November")
    page.wait_for_url("**/calibration/*-*/")
    keys.open("Start scoring")
    page.wait_for_url("**/reviews/**")

    expect(page.locator(".review__title")).to_contain_text("Calibration")
    assert page.locator(".ev").count() == 0
    keys.press("n")  # no notes here: nothing happens
    assert page.locator(".note--draft").count() == 0
    keys.see_feeling("Frus", "4")
    keys.answer_open()
    keys.submit()

    page.wait_for_url("**/calibration/*-*/")
    expect(page.locator("body")).to_contain_text("Everyone is done, so here are the results.")
    keys.open("Call with Alex Finch")
    page.wait_for_url("**/calibration/items/**")
    expect(page.locator("#moment-1")).to_contain_text("Sam")
    expect(page.locator("#moment-1")).to_contain_text("Pre-score")
    with tenant(dana.organization_id):
        assert Session.objects.visible_to(mona).get().is_discussed
        assert Review.objects.visible_to(dana).confirmed().get().calibrates
