"""A specialist's day by keyboard: the queue, reviews, a blind one; tabs, and a lid that closes."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.policy import set_policy
from qa.tenancy.context import tenant
from tests.browser.card import CAUSES, OPEN, answer_by_mouse
from tests.world import make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
REVIEWS = 10


class Keys:
    """A specialist's hands on the keyboard; waits for what each key brings, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def take(self) -> None:
        self.press("t")
        self.page.wait_for_url("**/reviews/**")

    def accept_all(self) -> None:
        pending = self.page.locator("#moment").get_attribute("data-pending")
        for left in range(int(pending or 0) - 1, -1, -1):
            self.press("a")
            expect(self.page.locator("#moment")).to_have_attribute("data-pending", str(left))

    def answer_yes(self) -> None:
        """Confirm what the moments propose, give low ones the first cause, the others a Yes."""
        self.press("p")
        expect(self.page.locator("#confirm-proposals")).to_have_count(0)
        for left in range(self.page.locator(CAUSES).count() - 1, -1, -1):
            self.press("q")
            self.press("ArrowDown")
            expect(self.page.locator(CAUSES)).to_have_count(left)
            self.press("Enter")
        for left in range(self.page.locator(OPEN).count() - 1, -1, -1):
            self.press("q")
            self.press("y")
            expect(self.page.locator(OPEN)).to_have_count(left)

    def submit(self) -> None:
        self.page.locator("#moment").focus()
        before = self.page.url
        self.press("s")
        self.page.wait_for_url(lambda url: url != before)


def confirmed(by: Membership) -> int:
    with tenant(by.organization_id):
        return Review.objects.visible_to(by).confirmed().count()


def test_ten_reviews_from_the_queue_by_keyboard_alone(sign_in: SignIn, dana: Membership) -> None:
    for number in range(REVIEWS):
        make_interaction(dana.organization, external_id=f"c-{number}")
    keys = Keys(sign_in(dana))
    keys.take()
    for _ in range(REVIEWS):
        keys.accept_all()
        keys.answer_yes()
        keys.submit()
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
    keys.press("j")
    expect(page.locator("#moment")).to_have_attribute("data-moment", "1")
    keys.press("4")
    expect(page.locator("#emotion")).to_be_focused()
    page.keyboard.type("Frus")
    keys.press("Enter")
    expect(page.locator(".moments__link")).to_have_count(1)
    keys.press("c")
    expect(page.locator(".ev").first).to_be_visible()
    expect(page.locator(".moments__link")).to_have_count(2)
    keys.answer_yes()
    keys.submit()
    with tenant(dana.organization_id):
        review = Review.objects.visible_to(dana).confirmed().get()
    assert [one["cue_turn"] for one in review.first_reading or []] == [1]


def by_mouse(page: Page) -> int:
    """The same review with the mouse alone; how many clicks it took."""
    clicks = 0
    while page.locator("#moment").get_attribute("data-pending") != "0":
        left = int(page.locator("#moment").get_attribute("data-pending") or 0)
        page.locator("#accept").click()
        expect(page.locator("#moment")).to_have_attribute("data-pending", str(left - 1))
        clicks += 1
    clicks += answer_by_mouse(page)
    before = page.url
    page.locator("#submit-next").click()
    page.wait_for_url(lambda url: url != before)
    return clicks + 1


def test_keyboard_and_mouse_do_the_same_and_both_are_timed(
    sign_in: SignIn, dana: Membership
) -> None:
    for number in range(2):
        make_interaction(dana.organization, external_id=f"c-{number}")
    keys = Keys(sign_in(dana))
    keys.take()
    keys.pressed, started = 0, time.perf_counter()
    keys.accept_all()
    keys.answer_yes()
    keys.submit()
    by_keys = time.perf_counter() - started
    started = time.perf_counter()
    clicks = by_mouse(keys.page)
    clicked = time.perf_counter() - started
    print(f"\na review by keyboard: {keys.pressed} keys, {by_keys:.1f} s")
    print(f"the same by mouse: {clicks} clicks, {clicked:.1f} s")
    assert confirmed(dana) == 2


def test_a_second_tab_is_told(sign_in: SignIn, dana: Membership) -> None:
    make_interaction(dana.organization)
    first = sign_in(dana)
    Keys(first).take()
    second = first.context.new_page()
    second.goto(first.url)
    expect(first.locator("#messages")).to_contain_text("open in another tab as well")
    expect(second.locator("#messages")).to_contain_text("open in another tab as well")
    second.keyboard.press("a")
    expect(first.locator("#messages")).to_contain_text("changed in another tab")
    first.bring_to_front()
    first.locator("#moment").focus()
    first.keyboard.press("x")
    expect(first.locator("#messages")).to_contain_text("your last step was not saved")


def test_a_closed_lid_loses_nothing(sign_in: SignIn, dana: Membership) -> None:
    make_interaction(dana.organization)
    page = sign_in(dana)
    Keys(page).take()
    page.keyboard.press("a")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "1")
    page.locator("#summary").press_sequentially("Half a thought")
    address, context = page.url, page.context
    page.close(run_before_unload=False)  # before what was typed is sent by itself
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#summary")).to_have_value("Half a thought")
    expect(again.locator("#moment")).to_have_attribute("data-pending", "1")
