"""The first hour in Chromium: from an empty organization to the first feedback that is read.

An admin, a specialist and an agent, each in a browser of their own, with clicks and keys only: on
a laptop and on a phone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from qa.organizations.models import Organization, Role
from tests.browser.card import answer_by_mouse
from tests.browser.conftest import PATIENCE, ROOT, wait_until_quiet
from tests.organizations.joining import no_mail
from tests.world import PASSWORD, make_member, make_organization

pytestmark = pytest.mark.django_db(transaction=True)

WINDOWS = [(1280, 800), (360, 740)]
AGENT, SPECIALIST = "Sunita Rao", "Dana Levy"
DEMO = ROOT / "qa" / "demo"
FILES = [
    DEMO / f"{name}" for name in ("walk-in-call.txt", "weekend-chats.csv", "onboarding-video.vtt")
]
CONVERSATIONS = 6  # one call, four chats, one video
SUMMARY = "You heard the walk behind the kettle."
PRESCORED = 60_000  # milliseconds


@dataclass(frozen=True)
class Person:
    """Somebody before a window of their own."""

    page: Page

    @property
    def phone(self) -> bool:
        size = self.page.viewport_size
        return bool(size and size["width"] < 700)

    def go(self, name: str, heading: str = "") -> None:
        """Choose a place in the rail, which a phone's menu button opens."""
        if self.phone:
            self.page.get_by_role("button", name="Menu", exact=True).click()
        places = self.page.get_by_role("dialog", name="Menu") if self.phone else self.rail
        places.get_by_role("link", name=re.compile(rf"^{name}\b")).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading or name)
        self.fits()

    @property
    def rail(self) -> Locator:
        return self.page.get_by_role("navigation", name="Main")

    def press(self, name: str, *, of: str = "button", heading: str = "") -> None:
        """Press a button, or follow a link, of the page itself."""
        self.page.get_by_role("main").get_by_role(of, name=name, exact=True).first.click()  # type: ignore[arg-type]
        if heading:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.fits()

    def fits(self) -> None:
        """Nothing is wider than the window."""
        self.page.wait_for_load_state("load")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.evaluate("innerWidth"), self.page.url


Opens = Callable[[], Person]


@pytest.fixture(params=WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
def newcomer(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[Opens]:
    """`newcomer()` is somebody with a browser in which nobody has signed in yet."""
    width, height = request.param
    contexts = []

    def opens() -> Person:
        size: Any = {"width": width, "height": height}
        context = chromium.new_context(base_url=live_server.url, viewport=size)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Person(context.new_page())

    yield opens
    for context in contexts:
        context.close()
    wait_until_quiet()


def sign_in(person: Person, email: str) -> None:
    page = person.page
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/**")


def add_agent(admin: Person) -> None:
    admin.press("Add agents", of="link", heading="Agents")
    admin.press("Add an agent", of="link", heading="Add an agent")
    admin.page.get_by_label("Name").fill(AGENT)
    admin.press("Add agent", heading=AGENT)


def invite_specialist(admin: Person) -> str:
    admin.go("Settings")
    admin.press("Members", of="link", heading="Members")
    admin.press("Invite a person", of="link", heading="Invite a person")
    page = admin.page
    page.get_by_label("E-mail address").fill("dana@larkfield.example")
    page.get_by_label("Name", exact=True).fill(SPECIALIST)
    page.get_by_label("Role").select_option(label="Specialist")
    return take_link(admin, SPECIALIST)


def invite_agent(admin: Person) -> str:
    """As the checklist says: the agent stands in the list already."""
    admin.go("Dashboard")
    admin.press("Invite an agent", of="link", heading="Invite a person")
    page = admin.page
    expect(page.get_by_label("Role")).to_have_value(Role.AGENT)
    page.get_by_label("E-mail address").fill("sunita@larkfield.example")
    page.get_by_label("Name", exact=True).fill(AGENT)
    page.get_by_label("Agent profile").select_option(label=AGENT)
    return take_link(admin, AGENT)


def take_link(admin: Person, name: str) -> str:
    admin.press("Create the link", heading=f"A link for {name}")
    link = admin.page.get_by_label("Link").input_value()
    admin.press("I have copied it", of="link", heading="Members")
    return link


def join(person: Person, link: str, name: str) -> None:
    page = person.page
    page.goto(link)
    expect(page.get_by_label("Your name")).to_have_value(name)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Join Larkfield").click()
    expect(page.locator("#messages")).to_contain_text("Welcome to Larkfield.")
    person.fits()


def upload(admin: Person) -> None:
    """The three files at once, with their agent; none of them asks anything."""
    admin.go("Dashboard")
    admin.press("Upload transcripts", of="link", heading="Upload")
    page = admin.page
    page.get_by_label("Agent", exact=True).fill(AGENT)
    page.locator("#upload input[type=file]").set_input_files(FILES)
    rows = page.locator("#uploads-rows tr")
    expect(rows).to_have_count(len(FILES))
    expect(page.locator("#uploads-sum")).to_have_text("3 files: 3 imported")
    expect(page.get_by_role("link", name="Imported 3", exact=True)).to_be_visible()
    expect(page.locator("#uploads-rows .status--done")).to_have_count(len(FILES), timeout=PRESCORED)
    expect(page.get_by_text("Who is the agent?")).to_be_hidden()
    admin.fits()


def review_the_call(specialist: Person) -> None:
    """From the queue to the submitted review, after a look at the tour."""
    specialist.go("Queue")
    page = specialist.page
    waiting = page.get_by_role("row").filter(has_text=AGENT)
    expect(waiting).to_have_count(CONVERSATIONS)
    call = waiting.filter(has=page.get_by_role("img", name="Call"))
    call.get_by_role("button", name="Review").click()
    page.wait_for_url("**/reviews/**")
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Tour", exact=True).click()
    for step in ("The transcript", "The moments", "Your decision", "Notes", "Submit"):
        expect(page.locator("#tour").get_by_role("heading")).to_have_text(step)
        expect(page.locator(".tour-target")).to_be_in_viewport()
        page.locator("[data-tour-next]").click()
    while left := int(page.locator("#moment").get_attribute("data-pending") or 0):
        page.locator("#accept").click()
        expect(page.locator("#moment")).to_have_attribute("data-pending", str(left - 1))
    answer_by_mouse(page)
    page.locator("#summary").fill(SUMMARY)
    specialist.fits()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Review submitted.")


def read_the_feedback(agent: Person) -> None:
    agent.go("Feedback", heading=AGENT)
    page = agent.page
    page.locator(".feedback-list").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text(SUMMARY)
    agent.fits()
    agent.press("Mark as read")
    expect(page.locator("#acknowledge")).to_contain_text("You marked this as read on")
    agent.fits()


def steps_done(admin: Person, done: int) -> None:
    admin.go("Dashboard")
    expect(admin.page.get_by_role("main")).to_contain_text(f"{done} of 5 done.")


@pytest.fixture
def larkfield(transactional_db: None) -> Iterator[Organization]:
    """With one admin, and nothing else; no mail goes out, as after `make run`."""
    organization = make_organization("Larkfield")
    make_member(organization, "Ada", Role.ADMIN)
    with no_mail():
        yield organization


def test_the_first_hour(worker: None, larkfield: Organization, newcomer: Opens) -> None:
    admin, specialist, agent = newcomer(), newcomer(), newcomer()
    sign_in(admin, f"ada@{larkfield.slug}.example")
    steps_done(admin, 0)
    add_agent(admin)
    join(specialist, invite_specialist(admin), SPECIALIST)
    join(agent, invite_agent(admin), AGENT)
    expect(agent.page.get_by_role("main")).to_contain_text("Nothing here yet")
    upload(admin)
    steps_done(admin, 2)
    review_the_call(specialist)
    steps_done(admin, 4)
    expect(admin.page.get_by_role("main")).to_contain_text("The review waits for its agent.")
    read_the_feedback(agent)
    admin.go("Dashboard")
    expect(admin.page.get_by_role("heading", name="First steps")).to_have_count(0)
    expect(admin.page.locator(".figures a[href*=reviewed]")).to_have_text("1")
    expect(admin.page.get_by_role("row").filter(has_text=AGENT)).to_be_visible()
    admin.page.get_by_role("link", name=AGENT).click()
    expect(admin.page.get_by_role("heading", level=1)).to_contain_text(AGENT)
    admin.fits()
