"""A specialist's hands in Chromium: a review by keyboard, and the same by mouse."""

from playwright.sync_api import Page, expect

from tests.browser.card import CAUSES, OPEN, answer_by_mouse

NAME = "(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()"


class Keys:
    """Hands on the keyboard: they wait for what each key brings, and count the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        """Press a key once the page listens: what it shows is there before its script has run."""
        self.page.wait_for_load_state("load")
        self.page.keyboard.press(key)
        self.pressed += 1

    def take(self) -> None:
        self.press("t")
        self.page.wait_for_url("**/reviews/**")

    def said(self, words: str) -> None:
        """Wait until the live region says so."""
        expect(self.page.locator("#said")).to_contain_text(words)

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
            self.press("1")
            expect(self.page.locator(CAUSES)).to_have_count(left)
        for left in range(self.page.locator(OPEN).count() - 1, -1, -1):
            self.press("q")
            self.press("y")
            expect(self.page.locator(OPEN)).to_have_count(left)

    def answer_open(self) -> None:
        """A Yes to every question that is open, one by one."""
        for left in range(self.page.locator(OPEN).count() - 1, -1, -1):
            self.press("q")
            self.press("y")
            expect(self.page.locator(OPEN)).to_have_count(left)

    def open(self, name: str) -> None:
        """Go to a link or button with the tab key, and press it."""
        for _ in range(60):
            self.press("Tab")
            label = self.page.evaluate(NAME)
            if label.startswith(name):
                self.press("Enter")
                return
        raise AssertionError(f"The tab key does not reach “{name}”.")

    def see_feeling(self, word: str, choice: str) -> None:
        """In a blind reading: the next customer's turn shows this feeling, answered like this."""
        seen = self.page.locator(".moments__link").count()
        self.press("j")
        expect(self.page.locator("#cancel")).to_be_visible()
        self.press(choice)
        expect(self.page.locator("#emotion")).to_be_focused()
        self.page.keyboard.type(word)
        self.press("Enter")
        expect(self.page.locator(".moments__link")).to_have_count(seen + 1)

    def submit(self) -> None:
        self.page.locator("#moment").focus()
        before = self.page.url
        self.press("s")
        self.page.wait_for_url(lambda url: url != before)

    def review(self) -> None:
        """One review from its first moment to the next review."""
        self.accept_all()
        self.answer_yes()
        self.submit()


def review_by_mouse(page: Page) -> int:
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
