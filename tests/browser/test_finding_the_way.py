"""The rail by keyboard and on a phone: keys, search, sheet."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from tests.world import make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]


def faults(page: Page) -> list[str]:
    return [each["id"] for each in Axe().run(page).response["violations"]]


def test_keys_and_the_search_lead_everywhere(sign_in: SignIn, ada: Membership) -> None:
    make_interaction(ada.organization, prescored=False, external_id="call-7")
    page = sign_in(ada)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/interactions/")
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("gq?")  # words, not keys
    expect(page.locator("main input[type=search]")).to_have_value("gq?")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search")
    expect(palette.get_by_role("combobox", name="Search")).to_be_focused()
    expect(palette.get_by_role("option", name="Audit trail")).to_be_visible()
    assert faults(page) == []
    page.keyboard.type("switch to dark")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.type("call-7")
    page.keyboard.press("Escape")  # once, whatever is written
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("call-7")
    page.keyboard.press("Enter")  # waits for the answer
    page.wait_for_url("**/interactions/*-*/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_on_a_phone_the_rail_is_a_sheet(sign_in: SignIn, ada: Membership) -> None:
    page = sign_in(ada)
    page.set_viewport_size({"width": 360, "height": 640})
    expect(page.get_by_role("link", name="Settings", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Menu", exact=True).click()
    sheet = page.get_by_role("dialog", name="Menu")
    expect(sheet.get_by_role("link", name="Dashboard")).to_have_attribute("aria-current", "page")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.get_by_role("button", name="Menu", exact=True).click()
    sheet.get_by_role("link", name="Settings", exact=True).click()
    page.wait_for_url("**/settings/")
