"""The review page in Chromium: undo, words taken by keyboard, tabs that follow, a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from qa.coaching.models import CoachingNote
from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from tests.browser.hands import Keys
from tests.world import PASSWORD, make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
THUMB = 44  # pixels


@pytest.fixture
def keys(sign_in: SignIn, dana: Membership) -> Keys:
    make_interaction(dana.organization)
    keys = Keys(sign_in(dana))
    keys.take()
    return keys


LAYOUT = """() => {
  const bottom = (name) => document.querySelector(name).getBoundingClientRect().bottom;
  const frame = document.querySelector(".map__frame").getBBox();
  const edges = document.getElementById("map").dataset.edges.split(" ");
  return {
    accept: bottom("#accept"), save: bottom("#save"), pane: bottom(".review__scroll"),
    framed: frame.y + frame.height, whole: Number(edges.at(-1)),
  };
}"""


def test_on_a_laptop_a_decision_and_its_reasons_need_no_scrolling(keys: Keys) -> None:
    page = keys.page
    page.set_viewport_size({"width": 1280, "height": 800})
    keys.press("5")
    expect(page.locator("[name=reason]").first).to_be_focused()
    seen = page.evaluate(LAYOUT)
    assert max(seen["save"], seen["accept"]) < seen["pane"]
    expect(page.locator(".turn--customer .turn__add").first).to_have_css("opacity", "1")
    page.evaluate("document.querySelector('.review__transcript').scrollTop = 1e6")
    page.wait_for_function(f"({LAYOUT})().framed > 0")
    seen = page.evaluate(LAYOUT)
    assert seen["framed"] <= seen["whole"] + 0.01  # the map's frame ends with the conversation


def test_u_takes_back_a_note_an_answer_and_a_decision(keys: Keys) -> None:
    page = keys.page
    keys.press("a")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "1")
    keys.press("q")
    keys.press("y")
    expect(page.locator("#undo")).to_contain_text("Undo answer")
    page.locator("#moment").focus()
    keys.press("n")
    page.keyboard.type("Say what it was like.")
    keys.press("Control+Enter")
    expect(page.locator("#undo")).to_contain_text("Undo note")
    keys.press("u")
    expect(page.locator(".note--draft textarea")).to_have_value("Say what it was like.")
    keys.press("u")
    expect(page.locator("[data-question] input:checked")).to_have_count(0)
    expect(page.locator("#undo")).to_contain_text("Undo moment 1")
    keys.press("u")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "2")
    expect(page.locator("#undo")).to_have_count(0)


def test_a_note_is_pinned_to_words_that_were_taken_by_keyboard(
    keys: Keys, dana: Membership
) -> None:
    page = keys.page
    keys.press("Shift+ArrowRight")
    keys.said("Selected: I'm")
    keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowRight")
    keys.said("Selected: I'm sorry about")
    keys.press("Shift+ArrowLeft")
    keys.press("n")
    expect(page.locator(".note--draft .note__quote")).to_have_text("I'm sorry")
    page.keyboard.type("And then?")
    keys.press("Control+Enter")
    keys.said("Note saved.")
    with tenant(dana.organization_id):
        note = CoachingNote.objects.visible_to(dana).get()
    assert (note.turn, note.start, note.end) == (2, 0, 9)


def test_the_live_region_says_what_each_key_did(keys: Keys) -> None:
    keys.press("j")
    keys.said("Moment 2 of 2, fear, not decided.")
    keys.press("x")
    keys.said("Moment rejected: no feeling here. Moment 1 of 2, frustration, not decided.")
    keys.press("u")
    keys.said("Undone: decision. Moment 2 of 2")
    keys.press("?")
    expect(keys.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("?")
    expect(keys.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_two_tabs_are_told_and_follow_each_other(keys: Keys) -> None:
    first = keys.page
    second = first.context.new_page()
    second.goto(first.url)
    for tab in (first, second):
        expect(tab.locator("#messages")).to_contain_text("also open in another tab")
    second.keyboard.press("x")
    expect(first.locator("#messages")).to_contain_text("changed in another tab")
    expect(first.locator(".moments__link--rejected")).to_have_count(1)
    second.locator("#summary").press_sequentially("Written in the second tab")
    expect(first.locator("#summary")).to_have_value("Written in the second tab")
    first.bring_to_front()
    first.locator("#moment").focus()
    first.keyboard.press("j")
    expect(first.locator("#moment")).to_have_attribute("data-moment", "3")
    first.keyboard.press("a")
    expect(first.locator("#moment")).to_have_attribute("data-pending", "0")


def test_a_step_that_was_overtaken_at_another_desk_is_refused_with_the_state_as_it_is(
    keys: Keys, sign_in: SignIn, dana: Membership
) -> None:
    other = sign_in(dana)
    other.goto(keys.page.url)
    keys.press("a")
    expect(keys.page.locator("#moment")).to_have_attribute("data-pending", "1")
    other.keyboard.press("x")
    expect(other.locator("#messages")).to_contain_text("Your last step wasn’t saved")
    expect(other.locator(".moments__link--done")).to_have_count(1)
    expect(other.locator(".moments__link--rejected")).to_have_count(0)


def test_the_tab_key_does_not_stop_at_every_turn(keys: Keys) -> None:
    stops = keys.page.locator(".turn:not(.turn--current) a:not([tabindex='-1'])")
    expect(stops).to_have_count(0)
    assert keys.page.locator(".turn--current a:not([tabindex])").count() > 0


def phone(chromium: Browser, server: LiveServer, member: Membership) -> Page:
    context = chromium.new_context(
        base_url=server.url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/o/**")
    return page


def test_a_review_with_one_thumb(
    chromium: Browser, live_server: LiveServer, dana: Membership
) -> None:
    make_interaction(dana.organization)
    page = phone(chromium, live_server, dana)
    page.locator("#take-next").tap()
    page.wait_for_url("**/reviews/**")
    sheet = page.locator("#moment")
    box = sheet.bounding_box()
    assert box
    assert round(box["y"] + box["height"]) == 740  # it sits at the lower edge
    for control in page.locator(
        "#moment :is(button, .choice, select, summary), #submit button"
    ).all():
        size = control.bounding_box()
        if size and control.is_visible():
            assert size["height"] >= THUMB, control.inner_text()
    assert box["height"] < 740 / 2  # more than half is left to read
    for left in (1, 0):
        page.locator("#accept").tap()
        expect(sheet).to_have_attribute("data-pending", str(left))
    page.locator("#card").scroll_into_view_if_needed()
    expect(sheet).not_to_have_attribute("open", "")  # it folds away before the questions
    page.context.close()
