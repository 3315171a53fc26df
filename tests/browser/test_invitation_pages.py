"""The pages behind an invitation's link, two widths, both themes, and the way through them."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from qa.organizations import invitations
from qa.organizations.accounts import NewAddress
from qa.organizations.models import Membership, Organization, Role, User
from qa.tenancy.context import tenant
from tests.browser.test_every_page import VIEWS, View, context_of, faults_of, name_of, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "a password that only Rui knows"


def invited(admin: Membership, email: str, *, mailed: bool) -> str:
    """The address of an invitation's page."""
    with tenant(admin.organization_id):
        _, token = invitations.invite(
            by=admin, email=email, name="Rui Costa", role=Role.AGENT, mailed=mailed
        )
    return f"/accounts/invitations/{token}/"


@pytest.mark.parametrize("view", VIEWS, ids=name_of)
def test_the_pages_of_an_invitation_are_accessible_and_fit(
    *,
    chromium: Browser,
    live_server: LiveServer,
    larkfield: Organization,
    ada: Membership,
    mallory: Membership,
    view: View,
) -> None:
    ours = invited(ada, "rui@larkfield.example", mailed=True)
    handed = invited(ada, "hand@larkfield.example", mailed=False)
    hers = invited(ada, mallory.user.email, mailed=True)
    page = context_of(chromium, live_server, view).new_page()
    pages = ((ours, 200), (handed, 200), (hers, 200), ("/accounts/invitations/x/", 404))
    faults = [
        fault for url, status in pages for fault in faults_of(page, url, view[0], status=status)
    ]
    page.context.close()
    page = sign_in(chromium, live_server, mallory, view)
    User.objects.filter(pk=mallory.user_id).update(new_email="new@elsewhere.example")
    confirm = NewAddress(mallory.user_id, None, "new@elsewhere.example").token
    confirmed, foreign = (
        f"/accounts/address/{token}/"
        for token in (confirm, NewAddress(ada.user_id, None, "x@elsewhere.example").token)
    )
    for url, status in ((hers, 200), (ours, 409), (confirmed, 200), (foreign, 409)):
        faults += faults_of(page, url, view[0], status=status)
    page.context.close()
    assert faults == []


def test_a_new_person_joins_in_the_browser(
    chromium: Browser, live_server: LiveServer, larkfield: Organization, ada: Membership
) -> None:
    page = context_of(chromium, live_server, (360, "dark", "en-GB")).new_page()
    page.goto(invited(ada, "rui@larkfield.example", mailed=True))
    page.get_by_label("Choose a password").fill(PASSPHRASE)
    page.get_by_label("Password again").fill(PASSPHRASE)
    page.get_by_role("button", name="Join Larkfield").click()
    page.wait_for_url("**/o/larkfield/feedback/")
    page.get_by_text("Welcome to Larkfield.").wait_for()
    page.context.close()
