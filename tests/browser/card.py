"""Answering the scorecard in Chromium: as the moments propose, the rest Yes."""

from playwright.sync_api import Page, expect

OPEN = "[data-question][data-open]"
CAUSES = f"{OPEN} [aria-invalid]"


def answer_by_mouse(page: Page) -> int:
    """Confirm what is proposed, give low answers the first cause; how many clicks it took."""
    page.locator("#confirm-proposals").click()
    expect(page.locator("#confirm-proposals")).to_have_count(0)
    clicks = 1
    for left in range(page.locator(CAUSES).count() - 1, -1, -1):
        page.locator(CAUSES).first.locator("label").first.click()
        expect(page.locator(CAUSES)).to_have_count(left)
        clicks += 2
    for left in range(page.locator(OPEN).count() - 1, -1, -1):
        page.locator(OPEN).first.locator("label", has_text="Yes").click()
        expect(page.locator(OPEN)).to_have_count(left)
        clicks += 1
    return clicks
