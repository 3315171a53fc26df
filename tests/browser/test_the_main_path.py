"""The main job in Chromium: upload, review, feedback, dashboard, as three people do it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qa.organizations.models import Membership
from tests.browser.card import answer_by_mouse
from tests.world import interaction_json, make_interaction

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]

CALL = """\
Agent: Thank you for calling Larkfield, this is Alex.
Customer: This is the third time I've called and nobody helps me!
Agent: I'm sorry about that. Can I have your account number?
Customer: It is 5521.
Agent: Thank you, I have it here.
"""
CHATS = """\
conversation_id,channel,speaker_role,text
w-1,chat,customer,I am so worried that I will lose my booking
w-1,chat,agent,I can imagine how worrying that must be after saving for it for two years.
w-1,chat,customer,thanks
"""
BROKEN = '{"channel": "call", "turns": [{"text": "Hello?"}]}\n'


def write_files(folder: Path) -> list[Path]:
    files = {"monday.txt": CALL, "weekend.csv": CHATS, "broken.jsonl": BROKEN}
    for name, text in files.items():
        (folder / name).write_text(text)
    return [folder / name for name in files]


def upload(page: Page, files: list[Path]) -> None:
    page.get_by_role("link", name="Upload", exact=True).click()
    page.wait_for_url("**/upload/")
    page.wait_for_load_state("load")  # the page listens to its field from here on
    page.locator('input[type="file"]').set_input_files(files)


def test_a_specialist_uploads_three_files_one_of_them_broken(
    worker: None, sign_in: SignIn, dana: Membership, tmp_path: Path
) -> None:
    page = sign_in(dana)
    upload(page, write_files(tmp_path))
    rows = page.locator("#uploads-rows")
    broken = rows.get_by_role("row").filter(has_text="broken.jsonl")
    expect(broken).to_contain_text("Refused")
    expect(broken).to_contain_text("turns[0].role")
    page.evaluate("window.stillTheSamePage = true")
    for name, mark in (("monday.txt", "Sympathy only"), ("weekend.csv", "Empathy")):
        row = rows.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text("Pre-scored", timeout=30_000)
        expect(row).to_contain_text(mark)
    assert page.evaluate("window.stillTheSamePage") is True


def pin_note(page: Page, words: str, text: str) -> None:
    """Select words as the mouse would, then write the note with the keyboard."""
    page.evaluate(
        """(words) => {
            for (const place of document.querySelectorAll(".turn__text")) {
                const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const at = walker.currentNode.data.indexOf(words);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(walker.currentNode, at);
                    range.setEnd(walker.currentNode, at + words.length);
                    document.getSelection().removeAllRanges();
                    document.getSelection().addRange(range);
                    return;
                }
            }
            throw new Error("the words are not on the page");
        }""",
        words,
    )
    page.keyboard.press("n")
    draft = page.locator(".note--draft")
    expect(draft.locator(".note__quote")).to_have_text(words)
    draft.locator("textarea").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note", has_text=text)).to_be_visible()


def test_review_by_keyboard_reaches_the_agent_and_the_manager(
    sign_in: SignIn, dana: Membership, alex: Membership, mona: Membership
) -> None:
    make_interaction(
        dana.organization, **interaction_json(started_at=None, external_id="c-1", source="test")
    )
    manager = sign_in(mona)
    agent_row = manager.get_by_role("row").filter(has_text="Alex Finch")
    expect(agent_row).to_contain_text("50")  # one of two feelings met with empathy

    page = sign_in(dana)
    page.keyboard.press("t")
    page.wait_for_url("**/reviews/**")
    moments = page.locator(".moments__link")
    expect(moments).to_have_count(2)
    page.keyboard.press("2")  # not sympathy only: generic empathy
    page.keyboard.press("1")  # the first reason
    expect(moments.first).to_contain_text("Empathy")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "0")
    pin_note(page, "Can I have your account number", "First say what three calls must be like.")
    answer_by_mouse(page)
    page.locator("#summary").fill("The second answer is what the first one could be.")
    page.locator("#moment").focus()
    page.keyboard.press("s")
    page.wait_for_url("**/queue/**")

    agent = sign_in(alex)
    agent.locator(".feedback-list a").first.click()
    expect(agent.locator("body")).to_contain_text("First say what three calls must be like.")
    expect(agent.locator("body")).to_contain_text("The second answer is what the first one")
    agent.get_by_role("button", name="Mark as read").click()
    expect(agent.locator("#acknowledge")).to_contain_text("You marked this as read on")

    manager.reload()
    expect(agent_row).to_contain_text("100")


def test_one_click_submits_although_the_summary_is_still_being_saved(
    sign_in: SignIn, dana: Membership
) -> None:
    make_interaction(dana.organization)
    page = sign_in(dana)
    page.keyboard.press("t")
    page.wait_for_url("**/reviews/**")
    page.keyboard.press("A")
    expect(page.locator("#moment")).to_have_attribute("data-pending", "0")
    answer_by_mouse(page)
    expect(page.locator("#submit-next")).to_have_class(re.compile("button--primary"))
    page.locator("#summary").fill("Say what three calls must be like.")
    # The press takes the focus from the summary, which saves it; only then the click comes.
    page.locator("#submit-next").click(delay=150)
    page.wait_for_url("**/queue/**")


def test_who_is_signed_out_meanwhile_is_told_and_keeps_what_they_typed(
    sign_in: SignIn, dana: Membership
) -> None:
    make_interaction(dana.organization)
    page = sign_in(dana)
    page.keyboard.press("t")
    page.wait_for_url("**/reviews/**")
    page.context.clear_cookies(name="sessionid")
    page.locator("#summary").fill("Say what three calls must be like.")
    page.locator("#moment").focus()
    expect(page.locator("#messages")).to_contain_text("You’re signed out")
    expect(page.locator("#summary")).to_have_value("Say what three calls must be like.")
    expect(page).to_have_title(re.compile("Review"))


def test_no_page_of_the_main_path_asks_for_anything_from_elsewhere_or_breaks_the_policy(
    sign_in: SignIn, dana: Membership, mona: Membership
) -> None:
    make_interaction(dana.organization)
    foreign: list[str] = []
    faults: list[str] = []
    for member, pages in ((dana, ("queue", "interactions", "upload")), (mona, ("dashboard",))):
        page = sign_in(member)
        home = re.match(r"https?://[^/]+", page.url)
        assert home
        page.on(
            "request",
            lambda request, home=home: (
                foreign.append(request.url)
                if not request.url.startswith((home[0], "data:"))
                else None
            ),
        )
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        for name in pages:
            page.goto(f"/o/{member.organization.slug}/{name}/")
            page.wait_for_load_state("networkidle")
    assert foreign == []
    assert faults == []
