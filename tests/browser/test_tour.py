"""The tour of a review in Chromium, by keyboard alone: it points, and nothing else happens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from tests.browser.hands import Keys
from tests.world import make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]


def test_the_tour_points_at_five_parts_and_keys_do_nothing_else(
    sign_in: SignIn, dana: Membership
) -> None:
    make_interaction(dana.organization)
    keys = Keys(sign_in(dana))
    keys.take()
    page = keys.page
    tour, target = page.get_by_role("dialog", name="Tour of a review"), page.locator(".tour-target")
    expect(tour).to_be_hidden()
    keys.press("j")
    keys.said("Moment 2 of 2")
    page.get_by_role("button", name="Tour", exact=True).press("Enter")
    expect(tour.get_by_role("heading")).to_have_text("The transcript")
    keys.press("a")
    keys.press("ArrowRight")
    expect(tour.get_by_role("heading")).to_have_text("The moments")
    expect(target).to_have_attribute("id", "strip")
    for heading in ("Your decision", "Notes", "Submit"):
        keys.press("Enter")
        expect(tour.get_by_role("heading")).to_have_text(heading)
        expect(target).to_have_count(1)
    with page.expect_response("**/first-steps/tour/seen/") as seen:
        keys.press("Enter")
    assert seen.value.status == 204
    expect(tour).to_be_hidden()
    expect(target).to_have_count(0)
    expect(page.locator("#moment")).to_have_attribute("data-pending", "2")
    page.reload()
    expect(page.locator("[data-tour-start]")).to_be_visible()
    expect(page.locator("[data-tour-offered]")).to_have_count(0)
