"""Words that are being written survive a closed lid, a crash, a lost line and a lost session."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, Route, expect

from qa.organizations.models import Membership
from tests.browser.hands import Keys
from tests.world import PASSWORD, make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
SAVED = re.compile(r"Saved \d")  # and when
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('heard-words:')).length"


@pytest.fixture
def page(sign_in: SignIn, dana: Membership) -> Page:
    make_interaction(dana.organization)
    page = sign_in(dana)
    Keys(page).take()
    return page


def note(page: Page, words: str) -> None:
    page.locator("#moment").focus()
    page.keyboard.press("n")
    expect(page.locator(".note--draft textarea")).to_be_focused()
    page.keyboard.type(words)


def test_a_crash_in_the_middle_of_a_summary_and_a_note_loses_neither(
    page: Page, sign_in: SignIn, dana: Membership
) -> None:
    page.keyboard.press("a")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "1")
    note(page, "First say wh")
    expect(page.locator(".note__saved")).to_contain_text(SAVED)
    page.locator("#summary").press_sequentially("Half a thought")
    expect(page.locator("#summary-saved")).to_contain_text(SAVED)
    assert page.evaluate(KEPT) == 0  # the server has it, so this browser need not
    address = page.url
    with pytest.raises(Error):
        page.goto("chrome://crash")
    page.context.close()
    again = sign_in(dana)
    again.goto(address)
    expect(again.locator("#summary")).to_have_value("Half a thought")
    expect(again.locator(".note--draft textarea")).to_have_value("First say wh")
    expect(again.locator("#moment")).to_have_attribute("data-pending", "1")


def test_a_lid_closed_on_the_last_letter_loses_nothing(page: Page) -> None:
    note(page, "First say wh")
    page.locator("#summary").press_sequentially("Half a thought")
    address, context = page.url, page.context
    page.close(run_before_unload=False)  # before what was typed is sent by itself
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#summary")).to_have_value("Half a thought")
    expect(again.locator(".note--draft textarea")).to_have_value("First say wh")


def test_without_a_line_words_wait_here_and_steps_are_refused_visibly(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("#summary").press_sequentially("Written offline")
    expect(page.locator("#summary-saved")).to_have_text("Not saved, trying again")
    page.locator("#moment").focus()
    page.keyboard.press("a")
    expect(page.locator("#messages")).to_contain_text("your last change wasn’t saved")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "2")
    expect(page.locator(".moments__link--done")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator("#summary-saved")).to_contain_text(SAVED)
    assert page.evaluate(KEPT) == 0
    page.reload()
    expect(page.locator("#summary")).to_have_value("Written offline")


def test_a_lid_closed_without_a_line_keeps_the_words_until_there_is_one(page: Page) -> None:
    context, address = page.context, page.url
    context.set_offline(True)
    note(page, "Also offline")
    page.locator("#summary").press_sequentially("Written offline")
    expect(page.locator("#summary-saved")).to_have_text("Not saved, trying again")
    expect(page.locator(".note__saved")).to_have_text("Not saved, trying again")
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#summary-saved")).to_contain_text(SAVED)
    expect(again.locator(".note__saved")).to_contain_text(SAVED)
    assert again.evaluate(KEPT) == 0
    again.reload()
    expect(again.locator("#summary")).to_have_value("Written offline")
    expect(again.locator(".note--draft textarea")).to_have_value("Also offline")


def sign_in_again(page: Page, member: Membership) -> None:
    page.locator("#messages").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/reviews/**")


def test_a_session_that_ended_says_so_and_keeps_the_words(page: Page, dana: Membership) -> None:
    page.context.clear_cookies(name="sessionid")
    page.locator("#summary").press_sequentially("Written signed out")
    expect(page.locator("#messages")).to_contain_text("You’re signed out")
    expect(page.locator("#summary")).to_have_value("Written signed out")
    sign_in_again(page, dana)
    expect(page.locator("#summary")).to_have_value("Written signed out")
    expect(page.locator("#summary-saved")).to_contain_text(SAVED)
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_no_words_in_the_browser(page: Page) -> None:
    page.route("**/summary/keep/", lambda route: route.abort())
    page.locator("#summary").press_sequentially("Not for others")
    expect(page.locator("#summary-saved")).to_have_text("Not saved, trying again")
    assert page.evaluate(KEPT) == 1
    page.locator(".rail__user").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(KEPT) == 0


def test_two_texts_are_both_shown_and_a_person_decides(
    page: Page, sign_in: SignIn, dana: Membership
) -> None:
    other = sign_in(dana)  # at another desk
    other.goto(page.url)
    page.locator("#summary").press_sequentially("At the first desk")
    expect(page.locator("#summary-saved")).to_contain_text(SAVED)
    other.locator("#summary").press_sequentially("At the second desk")
    expect(other.locator(".words-choice")).to_contain_text("At the first desk")
    other.get_by_role("button", name="Keep mine").click()
    expect(other.locator("#summary-saved")).to_contain_text(SAVED)
    page.reload()
    expect(page.locator("#summary")).to_have_value("At the second desk")


def test_a_note_that_is_saved_slowly_has_no_twin(page: Page) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(700)  # longer than the pause after which words are kept
        route.continue_()

    page.route("**/notes/", late)
    page.route("**/notes/keep/", late)
    note(page, "First say what three calls must be like.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note:not(.note--draft)")).to_have_count(1)
    page.wait_for_timeout(800)
    page.reload()
    expect(page.locator(".note:not(.note--draft)")).to_have_count(1)
    expect(page.locator(".note--draft")).to_have_count(0)
