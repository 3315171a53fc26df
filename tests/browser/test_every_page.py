"""Every page, in two widths, themes and languages: no fault that axe finds, nothing too wide."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from qa.organizations.models import Membership, Organization, Role
from qa.organizations.sign_in import BACKEND
from tests.furnished import Furnished, furnish
from tests.test_routes import MEMBER_PAGES
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Membership], Page]
# Who opens which page; {…} is the row of that kind in tests/furnished.py.
PAGES = {
    Role.AGENT: (
        "feedback/",
        "feedback/{feedback}/",
        "feedback/{feedback}/dispute/?target=moment:1",
        "feedback/{feedback}/dispute/?target=answer:own_words",
        "disputes/{dispute}/",
        "disputes/{settled}/",
        "feedback/{feedback}/replies/",
        "feedback/{feedback}/disputes/",
        "feedback/automatic/",
        "feedback/automatic/{automatic}/",
        "account/",
        "notices/settings/",
        "definitions/",
        "help/",
        "help/glossary/",
        "help/guide/",
        "help/keys/",
        "help/formats/",
    ),
    Role.SPECIALIST: (
        "first-steps/",
        "help/",
        "queue/",
        "reviews/{review}/",
        "reviews/{review}/?add=5",
        "reviews/{review}/?note=3",
        "reviews/{blind}/",
        "reviews/{blind}/?add=1",
        "reviews/{feedback}/",
        "reviews/{feedback}/correct/",
        "interactions/",
        "interactions/{interaction}/",
        "interactions/{failed}/",
        "interactions/agent/?interaction={reviewed}",
        "upload/",
        "agreement/",
        "disputes/",
        "acknowledgements/",
        "scorecards/",
        "scorecards/{scorecard}/",
        "scorecards/versions/{version}/",
        "reviews/{reading}/",
        "reviews/{reading}/?add=1",
        "calibration/",
        "calibration/{session}/",
        "calibration/items/{item}/",
    ),
    Role.MANAGER: (
        "dashboard/",
        "moments/",
        "gestures/",
        "agents/{agent}/",
        "agents/",
        "teams/{team}/",
        "scores/?period=year",
        "scores/reviews/?period=year",
        "ledger/?period=year",
        "reviewers/",
        "reviewers/reviews/?period=year",
        "agreement/policy/",
        "agreement/empty/",
        "scorecards/add/",
        "scorecards/{scorecard}/",
        "scorecards/{scorecard}/edit/",
        "scorecards/{scorecard}/publish/",
        "disputes/{dispute}/",
        "notices/",
        "acknowledgements/?kind=decisions&state=read",
        "settings/feedback/",
        "settings/notes/",
        "settings/templates/{template}/",
        "notes/",
        "calibration/",
        "calibration/add/",
        "calibration/drift/",
        "queue/",
        "queue/?whose=others",
        "interactions/",
        "interactions/agent/all/",
        "sampling/",
        "sampling/new/",
        "sampling/new/?kind=share",
        "sampling/new/?kind=low_confidence",
        "sampling/new/?kind=composed&start=missed_anger",
        "sampling/{rule}/",
        "sampling/{drafted}/",
        "sampling/{rule}/edit/",
        "sampling/exclusions/",
        "calibration/{session}/",
        "calibration/items/{item}/",
    ),
    Role.ADMIN: (
        "interactions/{reviewed}/delete/",
        "settings/organization/",
        "settings/organization/delete/",
        "settings/",
        "definitions/",
        "settings/members/",
        "settings/agents/",
        "settings/audit/",
        "settings/members/{member}/",
        "settings/agents/{agent}/",
        "settings/agents/add/",
        "settings/agents/twins/",
        "settings/agents/import/",
        "settings/agents/{agent}/merge/",
        "settings/merges/{merge}/undo/",
        "settings/keys/",
        "settings/keys/add/",
        "settings/keys/{key}/revoke/",
        "settings/members/invite/",
        "settings/members/invite/several/",
        "settings/members/?q=nobody",
        "settings/members/{member}/address/",
        "settings/members/{member}/deactivate/",
        "account/name/",
        "account/address/",
        "account/password/",
        "settings/members/{member}/remove/",
        "leave/",
        "settings/teams/",
        "settings/teams/add/",
        "settings/teams/{team}/",
        "settings/teams/{team}/remove/",
        "settings/teams/import/",
        "settings/domains/",
        "settings/recordings/",
        "settings/redaction/",
        "search/?q=a",
    ),
}
OUTSIDE = ("/accounts/login/", "/accounts/reset/", "/accounts/reset/sent/", "/api/v1/docs/")
View = tuple[int, str, str]
# Both widths, both themes and both languages, in a quarter of the time that all together take.
VIEWS: list[View] = [(1280, "light", "en-GB"), (360, "dark", "fr-FR")]


def name_of(view: View) -> str:
    return "-".join(str(part) for part in view)


@pytest.fixture
def furnished(larkfield: Organization) -> Furnished:
    return furnish(larkfield)


def context_of(browser: Browser, server: LiveServer, view: View) -> BrowserContext:
    width, theme, locale = view
    options: dict[str, Any] = {"color_scheme": theme, "locale": locale, "reduced_motion": "reduce"}
    size: Any = {"width": width, "height": 800}
    return browser.new_context(base_url=server.url, viewport=size, **options)


def sign_in(browser: Browser, server: LiveServer, member: Membership, view: View) -> Page:
    page = context_of(browser, server, view).new_page()
    page.goto("/")
    page.locator("[name=username]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/o/**")
    assert page.locator("html").get_attribute("lang") == view[2].partition("-")[0]
    return page


def addresses(furnished: Furnished, role: Role) -> list[str]:
    class Ids(dict[str, str]):
        def __missing__(self, kind: str) -> str:
            return str(furnished.pk_of(kind))

    slug = furnished.organization.slug
    found = (page.format_map(Ids()) for page in PAGES[role])
    return [page if page.startswith("/") else f"/o/{slug}/{page}" for page in found]


def faults_of(page: Page, address: str, width: int, *, status: int = 200) -> list[str]:
    """What axe finds on this page, and whether it is wider than the window."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address
    page.wait_for_load_state("networkidle")
    faults = [
        f"{address} {fault['id']} {node['html']}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults, f"{address} is {wide} px wide"] if wide > width else faults


@pytest.mark.parametrize("view", VIEWS, ids=name_of)
def test_pages_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, furnished: Furnished, view: View
) -> None:
    faults = []
    for role in PAGES:
        page = sign_in(chromium, live_server, furnished.people[role], view)
        for address in addresses(furnished, role):
            faults += faults_of(page, address, view[0])
        page.context.close()
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("view", VIEWS, ids=name_of)
def test_pages_for_those_who_are_not_signed_in_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, view: View
) -> None:
    page = context_of(chromium, live_server, view).new_page()
    faults = [fault for address in OUTSIDE for fault in faults_of(page, address, view[0])]
    page.context.close()
    assert faults == [], "\n".join(faults)


def test_no_page_is_left_out(furnished: Furnished, client: Client) -> None:
    visited = {
        resolve(address.partition("?")[0]).url_name
        for role in PAGES
        for address in addresses(furnished, role)
    }
    missing = []
    for route in MEMBER_PAGES:
        if route.name in visited:
            continue
        for member in furnished.people.values():
            client.force_login(member.user, backend=BACKEND)
            answer = client.get(route.address(furnished.organization.slug, furnished))
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                missing.append(route.name)
                break
    assert not missing, f"Name these in PAGES: {missing}"
