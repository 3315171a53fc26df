"""A text without labels is told apart in its row: by mouse, by keyboard, on a phone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from qa.organizations.models import Membership
from tests.browser.conftest import SignIn

SAID = (
    "Thank you for calling, how may I help?",
    "I am so worried about my claim!",
    "Nobody calls me back.",
    "I can see why, after three weeks without a word.",
    "Thank you, that is a relief.",
    "End of the recording",
)


@pytest.fixture
def row(sign_in: SignIn, dana: Membership, tmp_path: Path) -> Locator:
    page = sign_in(dana)
    page.goto(f"/o/{dana.organization.slug}/upload/")
    path = tmp_path / "call.txt"
    path.write_text("\n".join(SAID))
    page.locator("[data-upload] input[type=file]").set_input_files(str(path))
    row = page.locator("tr[data-status='asks']")
    expect(row).to_contain_text("0 of 6 done")
    return row


def told(row: Locator) -> list[str]:
    return row.locator("[data-piece] input:checked").evaluate_all(
        "all => all.map(one => one.value)"
    )


def test_the_keyboard_is_enough(row: Locator) -> None:
    page: Page = row.page
    page.reload()  # what waits for an answer is still there
    row.locator("[data-piece='1'] input").first.focus()
    for key in "acjacx":
        page.keyboard.press(key)
    assert told(row) == ["agent", "customer", "joined", "agent", "customer", "out"]
    row.get_by_role("button", name="Import").press("Enter")
    expect(page.locator("tr[data-status='accepted']")).to_contain_text("call.txt")


def test_from_one_piece_on_they_take_turns_and_that_can_be_undone(row: Locator) -> None:
    row.locator("[data-piece='6']").get_by_text("Leave out").click()
    row.locator("[data-piece='1']").get_by_text("Agent", exact=True).click()
    row.get_by_role("button", name="They take turns from 1 on").click()
    expect(row.get_by_role("status")).to_contain_text("6 of 6 done")
    assert told(row) == ["agent", "customer", "agent", "customer", "agent", "out"]
    row.get_by_role("button", name="Undo").click()
    assert told(row) == ["agent", "out"]


def test_what_is_still_open_is_shown_and_what_was_told_stays(row: Locator) -> None:
    page: Page = row.page
    row.locator("[data-piece='1'] input").first.focus()
    for key in "acja":
        page.keyboard.press(key)
    row.get_by_role("button", name="Import").click()
    expect(row).to_contain_text("Still open: 5, 6.")
    assert told(row) == ["agent", "customer", "joined", "agent"]
    expect(row.locator("[data-piece='5'] input").first).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.press("x")
    row.get_by_role("button", name="Import").click()
    expect(page.locator("tr[data-status='accepted']")).to_contain_text("call.txt")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_and_nothing_scrolls_sideways(
    row: Locator, width: int, scheme: str
) -> None:
    page: Page = row.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    row.locator("[data-piece='1']").get_by_text("Agent", exact=True).click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
