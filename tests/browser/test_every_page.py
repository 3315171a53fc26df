"""Every page, two widths, both themes: no fault that axe finds, nothing to scroll sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from qa.organizations.models import Membership, Organization, Role
from tests.furnished import Furnished, furnish
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
        "feedback/automatic/",
        "feedback/automatic/{automatic}/",
        "notices/settings/",
        "definitions/",
    ),
    Role.SPECIALIST: (
        "queue/",
        "reviews/{review}/",
        "reviews/{blind}/",
        "reviews/{blind}/?add=1",
        "reviews/{feedback}/",
        "interactions/",
        "interactions/{interaction}/",
        "interactions/{failed}/",
        "upload/",
        "agreement/",
        "disputes/",
        "acknowledgements/",
        "scorecards/",
        "scorecards/{scorecard}/",
        "scorecards/versions/{version}/",
    ),
    Role.MANAGER: (
        "dashboard/",
        "moments/",
        "agents/{agent}/",
        "agreement/policy/",
        "scorecards/add/",
        "scorecards/{scorecard}/",
        "scorecards/{scorecard}/edit/",
        "scorecards/{scorecard}/publish/",
        "disputes/{dispute}/",
        "notices/",
        "acknowledgements/?kind=decisions&state=read",
        "settings/feedback/",
    ),
    Role.ADMIN: (
        "settings/",
        "definitions/",
        "settings/members/",
        "settings/agents/",
        "settings/audit/",
    ),
}
VIEWS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture
def furnished(larkfield: Organization) -> Furnished:
    return furnish(larkfield)


def sign_in(
    browser: Browser, server: LiveServer, member: Membership, view: tuple[int, str]
) -> Page:
    width, theme = view
    options: dict[str, Any] = {"color_scheme": theme, "reduced_motion": "reduce"}
    context = browser.new_context(
        base_url=server.url, viewport={"width": width, "height": 800}, **options
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/**")
    return page


def addresses(furnished: Furnished, role: Role) -> list[str]:
    class Ids(dict[str, str]):
        def __missing__(self, kind: str) -> str:
            return str(furnished.pk_of(kind))

    slug = furnished.organization.slug
    return [f"/o/{slug}/{page.format_map(Ids())}" for page in PAGES[role]]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_pages_are_accessible_and_fit(
    chromium: Browser, live_server: LiveServer, furnished: Furnished, view: tuple[int, str]
) -> None:
    faults = []
    for role in PAGES:
        page = sign_in(chromium, live_server, furnished.people[role], view)
        for address in addresses(furnished, role):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            page.wait_for_load_state("networkidle")
            for fault in Axe().run(page).response["violations"]:
                faults += [f"{address} {fault['id']} {node['html']}" for node in fault["nodes"]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > view[0]:
                faults.append(f"{address} is {wide} px wide")
        page.context.close()
    assert faults == []
