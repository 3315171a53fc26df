"""Two at once: the same link, a removal against what the member is doing, two admins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from qa import pipeline
from qa.organizations import access, actions, setup
from qa.organizations.logos import Picture
from qa.organizations.models import ApiKey, Invitation, Membership, Organization, Role, User
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.organizations.joining import OWN, join, mailed_link, newest_link, sign_in
from tests.organizations.steps import at, newest
from tests.world import PASSWORD, make_interaction, make_member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each of these gives when all begin at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, call) for call in calls]]


def members(organization: Organization, **which: Any) -> list[Membership]:
    with tenant(organization.id):
        rows = Membership.objects.visible_to(System(organization.id))
        return list(rows.filter(**which).order_by("pk"))


def test_a_link_used_twice_at_once_lets_one_in(larkfield: Organization, ada: Membership) -> None:
    admin = sign_in(ada.user.email, PASSWORD)
    for number in range(3):
        email = f"rui{number}@larkfield.example"
        link = mailed_link(admin, larkfield, email)
        answers = at_once(lambda link=link: join(link)[1], lambda link=link: join(link)[1])
        assert sorted(answer.status_code for answer in answers) in ([302, 404], [302, 409])
        assert User.objects.filter(email=email).count() == 1
        assert len(members(larkfield, user__email=email)) == 1


def test_an_owner_who_presses_twice_joins_once(
    larkfield: Organization, ada: Membership, mallory: Membership
) -> None:
    link = mailed_link(sign_in(ada.user.email, PASSWORD), larkfield, mallory.user.email)
    browsers = [sign_in(mallory.user.email, PASSWORD) for _ in range(2)]
    answers = at_once(*[lambda browser=browser: browser.post(link) for browser in browsers])
    assert sorted(answer.status_code for answer in answers) == [302, 404]
    assert len(members(larkfield, user=mallory.user)) == 1


def test_withdrawing_and_accepting_at_once_do_not_both_hold(
    larkfield: Organization, ada: Membership
) -> None:
    admin, email = sign_in(ada.user.email, PASSWORD), "rui@larkfield.example"
    link = mailed_link(admin, larkfield, email)
    url = at(larkfield, "settings-invitation-withdraw", newest(Invitation, larkfield).pk)
    joined, _ = at_once(lambda: join(link)[1], lambda: admin.post(url))
    assert len(members(larkfield, user__email=email)) == (joined.status_code == 302)
    assert newest(Invitation, larkfield) is None


def test_a_removal_waits_for_what_the_member_is_doing_and_takes_it_back(
    larkfield: Organization, ada: Membership
) -> None:
    second = make_member(larkfield, "Second", Role.ADMIN)
    begun, go_on = Event(), Event()

    def make_a_key() -> None:
        """As a request of theirs that is under way."""
        with tenant(larkfield.id):
            access.keep_from_ending(second)
            begun.set()
            go_on.wait(30)
            actions.create_key(by=second, name="late", scopes=[])

    def remove() -> None:
        begun.wait(30)
        go_on.set()
        with tenant(larkfield.id):
            pipeline.remove_member(second, by=ada)

    at_once(make_a_key, remove)
    (key,) = _keys(larkfield)
    assert key.revoked_at is not None


def test_a_request_that_began_before_its_member_was_removed_changes_nothing(
    larkfield: Organization, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = make_member(larkfield, "Second", Role.ADMIN)
    browser, found = sign_in(second.user.email, PASSWORD), access.membership_in

    def removed_just_after(user: User, slug: str) -> Membership:
        membership = found(user, slug)
        with tenant(larkfield.id):
            pipeline.remove_member(second, by=ada)
        return membership

    monkeypatch.setattr(access, "membership_in", removed_just_after)
    data = {"name": "late", "scopes": ["metrics:read"]}
    assert browser.post(at(larkfield, "settings-key-add"), data).status_code == 404
    assert _keys(larkfield) == []


def _keys(organization: Organization) -> list[ApiKey]:
    with tenant(organization.id):
        return list(ApiKey.objects.visible_to(System(organization.id)))


def test_two_admins_who_remove_each_other_at_once_leave_one(
    larkfield: Organization, ada: Membership
) -> None:
    for number in range(2):
        second = make_member(larkfield, f"Second{number}", Role.ADMIN)
        (first,) = [
            member for member in members(larkfield, role=Role.ADMIN) if member.pk != second.pk
        ]
        pairs = ((first, second), (second, first))
        browsers = [sign_in(User.objects.get(pk=pair.user_id).email, PASSWORD) for pair, _ in pairs]
        urls = [at(larkfield, "settings-member-remove", other.pk) for _, other in pairs]
        answers = at_once(
            *[
                lambda browser=browser, url=url: browser.post(url)
                for browser, url in zip(browsers, urls, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers)[0] == 302
        assert {answer.status_code for answer in answers} <= {302, 404, 409}
        assert len(members(larkfield, role=Role.ADMIN)) == 1


def test_an_address_that_two_organizations_invite_by_mail_gets_one_account(
    larkfield: Organization, ada: Membership, elsewhere: Organization, mallory: Membership
) -> None:
    email = "rui@larkfield.example"
    links = [
        mailed_link(sign_in(admin.user.email, PASSWORD), organization, email)
        for admin, organization in ((ada, larkfield), (mallory, elsewhere))
    ]
    answers = at_once(*[lambda link=link: join(link)[1] for link in links])
    assert sorted(answer.status_code for answer in answers) == [302, 404]  # the older link is dead
    admin = sign_in(ada.user.email, PASSWORD)
    admin.post(at(larkfield, "settings-invitation-again", newest(Invitation, larkfield).pk))
    browser = sign_in(email, OWN, to=newest_link())
    assert browser.post(newest_link()).status_code == 302
    assert User.objects.filter(email=email).count() == 1
    assert browser.get("/").status_code == 200  # a choice of two


@pytest.mark.parametrize("what", ["settings", "logo"])
def test_saving_settings_keeps_nobody_from_writing_rows_of_the_organization(
    what: str, larkfield: Organization, ada: Membership
) -> None:
    saved, written = Event(), Event()
    with tenant(larkfield.id):
        seen = Organization.objects.visible_to(ada).get()

    def save() -> None:
        with tenant(larkfield.id):
            if what == "settings":
                setup.set_up(by=ada, name="Larkfield Travel")
            else:
                setup.set_logo(Picture(b"a picture"), by=ada)
            saved.set()
            assert written.wait(20), "the other waits for us"

    def write() -> None:
        saved.wait(20)
        make_interaction(seen, prescored=False)
        written.set()

    at_once(save, write)
