"""The builder by keyboard alone: a card is made, previewed as it is written, published, used."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from qa.tenancy.context import tenant
from scorecards.models import Scorecard, ScorecardVersion

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]


def test_a_card_is_built_by_keyboard_alone(sign_in: SignIn, mona: Membership) -> None:
    page = sign_in(mona)
    page.goto("/o/larkfield/scorecards/add/")
    page.get_by_label("Name").focus()
    page.keyboard.type("Short calls")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    page.locator("#s0-title").focus()
    page.keyboard.type("Opening")
    expect(page.locator("#preview")).to_contain_text("Opening")  # before anything is saved
    page.locator("#s0-add-question").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#s0-q0-text")).to_be_focused()
    page.keyboard.type("Greeted the customer")
    page.locator("#s0-q0-kind").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#s0-q0-anchors")).to_be_visible()
    expect(page.locator("#s0-q0-kind")).to_be_focused()
    page.locator("#s0-q0-anchors").focus()
    page.keyboard.type("Not at all\nBy name")
    expect(page.locator("#preview")).to_contain_text("By name 100")
    page.locator("#s0-add-question").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#s0-q1-text")).to_be_focused()
    page.keyboard.type("Said what happens next")
    page.locator("#s0-q1-up").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#s0-q0-up")).to_be_focused()
    expect(page.locator("#s0-q0-text")).to_have_value("Said what happens next")
    publish_and_use(page)
    with tenant(mona.organization_id):
        made = Scorecard.objects.visible_to(mona).get(name="Short calls")
        version = ScorecardVersion.objects.visible_to(mona).get(scorecard=made)
    assert made.channels == ["call"]
    assert [question["text"] for question in version.body["sections"][0]["questions"]] == [
        "Said what happens next",
        "Greeted the customer",
    ]


def publish_and_use(page: Page) -> None:
    page.get_by_role("link", name="Publish…").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish/")
    page.get_by_role("button", name="Publish version 1").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Call").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    said = "Reviews in progress keep the scorecard they started with."
    expect(page.locator("body")).to_contain_text(said)
