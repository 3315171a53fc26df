"""Whoever is removed, or leaves: their ways in end at once, what they said stays."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.calibration.models import Assignment, Session
from qa.dashboards.models import DailyMoments
from qa.disputes import actions as disputes
from qa.inbox.digests import choose_digest, due
from qa.notices.actions import notify
from qa.notices.models import Digest, Notice
from qa.organizations import invitations
from qa.organizations.models import ApiKey, Membership, Organization, Role, Team
from qa.organizations.sign_in import BACKEND
from qa.reviews.assignment import assign
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from qa.sampling.models import QueueEntry
from qa.tenancy.base import System
from qa.tenancy.context import signed_in as signed_in_as
from qa.tenancy.context import tenant
from tests.organizations.joining import OWN, handed_link, join, mailed_link, reaches, sign_in
from tests.organizations.steps import at, events, listed, newest, text_of
from tests.world import (
    PASSWORD,
    calibrate,
    make_calibration,
    make_interaction,
    make_key,
    make_member,
    make_review,
)

SignIn = Callable[[Membership | None], Client]


def remove(admin: Client, member: Membership) -> Any:
    url = at(member.organization, "settings-member-remove", member.pk)
    return admin.post(url, follow=True)


def leave(member: Client, organization: Organization) -> Any:
    return member.post(at(organization, "leave"), follow=True)


def rows(model: Any, organization: Organization, **which: Any) -> list[Any]:
    with tenant(organization.id):
        return list(model.objects.visible_to(System(organization.id)).filter(**which))


def new_events(organization: Organization, before: list[str]) -> list[str]:
    return events(organization)[len(before) :]


# Ways in


def test_a_removed_member_is_out_at_once(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    working, before = sign_in(dana.user.email, PASSWORD), events(larkfield)
    assert reaches(working, larkfield)
    admin = signed_in(ada)
    url = at(larkfield, "settings-member-remove", dana.pk)
    assert "Remove Dana?" in text_of(admin.get(url))
    assert reaches(working, larkfield)
    assert "Dana is removed." in text_of(remove(admin, dana))
    assert working.get(at(larkfield, "queue")).status_code == 302  # signed out: to the sign-in
    again = sign_in(dana.user.email, PASSWORD)
    assert not reaches(again, larkfield)
    start = text_of(again.get("/"))
    assert "you don’t belong to an organization" in start
    assert "Larkfield" not in start
    assert new_events(larkfield, before) == ["member.removed"]
    assert admin.get(url).status_code == 404
    assert admin.post(url).status_code == 404
    assert admin.get(at(larkfield, "settings-member", dana.pk)).status_code == 404


def test_who_belongs_elsewhere_too_stays_signed_in_there(
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    dana: Membership,
    mallory: Membership,
) -> None:
    link = mailed_link(signed_in(mallory), mallory.organization, dana.user.email)
    working = sign_in(dana.user.email, PASSWORD, to=link)
    working.post(link)
    assert (reaches(working, larkfield), reaches(working, mallory.organization)) == (True, True)
    remove(signed_in(ada), dana)
    assert (reaches(working, larkfield), reaches(working, mallory.organization)) == (False, True)
    assert working.get("/")["Location"] == "/o/elsewhere/dashboard/"


def test_their_keys_are_revoked_and_named_before(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    second = make_member(larkfield, "Second", Role.ADMIN)
    theirs, mine = make_key(second), make_key(ada)
    with tenant(larkfield.id):
        ApiKey.objects.visible_to(ada).filter(created_by=second).update(name="CRM import")
    client = signed_in(ada)
    asked = text_of(client.get(at(larkfield, "settings-member-remove", second.pk)))
    assert "CRM import, never used" in asked
    before = events(larkfield)
    remove(client, second)
    assert new_events(larkfield, before) == ["member.removed", "api_key.revoked"]
    assert listed(Client(), larkfield, theirs).status_code == 401
    assert listed(Client(), larkfield, mine).status_code == 200
    assert "Second" in text_of(client.get(at(larkfield, "settings-keys")))


def test_everyone_can_leave(
    signed_in: SignIn, larkfield: Organization, alex: Membership, dana: Membership, mona: Membership
) -> None:
    for member in (alex, dana, mona):
        browser, before = signed_in(member), events(larkfield)
        assert "Leave Larkfield" in text_of(browser.get(at(larkfield, "disputes")))
        assert "Leave Larkfield?" in text_of(browser.get(at(larkfield, "leave")))
        assert reaches(browser, larkfield)
        leave(browser, larkfield)
        assert browser.get(at(larkfield, "disputes")).status_code == 302
        assert new_events(larkfield, before) == ["member.left"]


def test_the_last_admin_neither_leaves_nor_is_removed(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client, before = signed_in(ada), events(larkfield)
    for answer in (leave(client, larkfield), remove(client, ada)):
        assert "needs at least one admin" in text_of(answer) or "Leave Larkfield?" in text_of(
            answer
        )
    assert leave(client, larkfield).status_code == 409
    assert reaches(client, larkfield)
    assert new_events(larkfield, before) == []
    second = make_member(larkfield, "Second", Role.ADMIN)
    remove(client, second)
    assert leave(client, larkfield).status_code == 409


def test_an_ended_membership_shows_its_person_nothing_in_the_database_either(
    larkfield: Organization, dana: Membership
) -> None:
    with tenant(larkfield.id):
        Membership.objects.filter(pk=dana.pk).update(ended_at=timezone.now())
    with signed_in_as(dana.user_id), connection.cursor() as cursor:
        for table in ("organizations_membership", "organizations_organization"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


# What waits for them, and what stays


def test_what_waits_for_them_goes_back(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, sam: Membership
) -> None:
    taken, waiting = (
        make_interaction(larkfield, external_id=external_id) for external_id in ("a", "b")
    )
    make_review(dana, taken)
    with tenant(larkfield.id):
        assign([waiting.pk], to=dana, by=ada)
    before = events(larkfield)
    remove(signed_in(ada), dana)
    assert rows(Review, larkfield) == []
    assert [row.assigned_to_id for row in rows(QueueEntry, larkfield)] == [None]
    assert new_events(larkfield, before) == ["member.removed", "review.released"]
    for interaction in (taken, waiting):
        assert make_review(sam, interaction).specialist_id == sam.pk


def test_a_calibration_goes_on_without_them(
    *,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    mona: Membership,
    dana: Membership,
    sam: Membership,
) -> None:
    session = make_calibration(mona, [dana, sam, mona], make_interaction(larkfield))
    for reader in (sam, mona):
        calibrate(session, reader, (1, "anger", "sympathy_only", 0))
    assert rows(Session, larkfield)[0].state == Session.State.READING
    before = events(larkfield)
    remove(signed_in(ada), dana)
    (after,) = rows(Session, larkfield)
    assert after.state == Session.State.DISCUSSING  # nobody is left to wait for
    assert {row.member_id for row in rows(Assignment, larkfield, review=None)} == {dana.pk}
    assert new_events(larkfield, before) == [
        "member.removed",
        "calibration.not_read",
        "calibration.opened",
    ]


def test_a_calibration_in_which_others_still_read_waits_for_those_alone(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership, sam: Membership
) -> None:
    make_calibration(ada, [dana, sam], make_interaction(larkfield))
    remove(signed_in(ada), dana)
    assert rows(Session, larkfield)[0].state == Session.State.READING
    (left,) = rows(Review, larkfield)
    assert left.specialist_id == sam.pk


def test_what_they_submitted_stays_with_their_name(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mona: Membership, dana: Membership
) -> None:
    review = make_review(dana, confirmed=True)
    counted = [(row.pk, row.count) for row in rows(DailyMoments, larkfield)]
    manager = signed_in(mona)
    dashboard = text_of(manager.get(at(larkfield, "dashboard")))
    remove(signed_in(ada), dana)
    assert [(row.pk, row.count) for row in rows(DailyMoments, larkfield)] == counted
    manager = signed_in(mona)
    again = text_of(manager.get(at(larkfield, "dashboard")))
    assert _figures(again) == _figures(dashboard)
    assert "Dana" in text_of(manager.get(at(larkfield, "review", review.pk)))
    assert "Dana" in text_of(manager.get(at(larkfield, "interactions")))  # among the reviewers
    assert "Dana" in text_of(signed_in(ada).get(at(larkfield, "settings-audit")))


def _figures(page: str) -> str:
    """What the page shows, without the forms' one-time tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.partition('id="content"')[2])


def test_nothing_new_comes_to_them(
    signed_in: SignIn, larkfield: Organization, ada: Membership, mona: Membership, dana: Membership
) -> None:
    with tenant(larkfield.id):
        choose_digest(Digest.DAILY, by=dana)
        Team.objects.create(organization=larkfield, name="Complaints", manager=mona)
    client = signed_in(ada)
    for member in (dana, mona):
        remove(client, member)
    by = System(larkfield.id)
    with tenant(larkfield.id):
        dana.refresh_from_db()
        notify([dana], by=by, kind=Notice.Kind.ASSIGNED, subject="x", words="x", address="/")
        assert not Notice.objects.visible_to(by).exists()
        assert due(by=by, now=timezone.now() + timedelta(days=9)) == []
        assert Team.objects.visible_to(by).get(name="Complaints").manager is None
    for page in ("queue", "calibration-add", "sampling-exclusions", "settings-members"):
        answer = client.get(at(larkfield, page))
        assert answer.status_code == 200, page
        assert "Dana" not in text_of(answer), page


def test_a_dispute_of_who_has_left_is_still_decided(
    *,
    signed_in: SignIn,
    larkfield: Organization,
    ada: Membership,
    mona: Membership,
    dana: Membership,
    alex: Membership,
) -> None:
    with tenant(larkfield.id):
        review = make_review(dana, confirmed=True)
        target = f"answer:{card_of(review).questions[0].id}"
        opened = disputes.open_dispute(review, by=alex, target=target, words="I did.")
    remove(signed_in(ada), alex)
    manager = signed_in(mona)
    page = at(larkfield, "dispute", opened.pk)
    assert "Alex" in text_of(manager.get(page))
    with tenant(larkfield.id):
        theirs = Notice.objects.visible_to(System(larkfield.id)).filter(member=alex)
        told = theirs.count()
        decided = disputes.decide(opened, by=mona, upheld=False, reason="Not in these words.")
        disputes.tell_decided(decided, by=mona)
        assert theirs.count() == told
    assert manager.get(page).status_code == 200


def test_an_agents_place_is_free_again(
    signed_in: SignIn, larkfield: Organization, ada: Membership, alex: Membership
) -> None:
    agent = alex.agent
    assert agent is not None
    client = signed_in(ada)
    remove(client, alex)
    link = mailed_link(client, larkfield, "new@larkfield.example", role="agent", agent=agent.pk)
    join(link)
    assert newest(Membership, larkfield).agent == agent
    with tenant(larkfield.id):
        left = AuditEvent.objects.visible_to(ada).get(action="member.removed")
    assert left.data == {"role": "agent", "agent": str(agent.pk)}


# Coming back


def test_who_comes_back_goes_on_as_the_same_member(
    signed_in: SignIn, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    review, key = make_review(dana, confirmed=True), make_key(dana)
    client = signed_in(ada)
    remove(client, dana)
    mail.outbox.clear()
    link = mailed_link(client, larkfield, dana.user.email, role="manager")
    _, refused = join(link)
    assert refused.status_code == 409  # the account has a password: it is hers to open
    browser = sign_in(dana.user.email, PASSWORD, to=link)
    assert browser.post(link)["Location"] == "/o/larkfield/dashboard/"
    with tenant(larkfield.id):
        back = Membership.objects.visible_to(ada).get(user=dana.user)
        assert (back.pk, back.role) == (dana.pk, Role.MANAGER)
        assert Review.objects.visible_to(back).get(pk=review.pk).specialist == back
    assert listed(Client(), larkfield, key).status_code == 401


def test_a_member_of_one_organization_only_comes_back_with_their_own_password(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    client, email = signed_in(ada), "rui@larkfield.example"
    first, _ = join(handed_link(client, larkfield, email))
    rui = newest(Membership, larkfield)
    remove(client, rui)
    link = handed_link(client, larkfield, email)
    _, refused = join(link, password="a password of the admin's")
    assert refused.status_code == 409
    browser = sign_in(email, OWN, to=link)
    assert browser.post(link).status_code == 302
    assert newest(Membership, larkfield).pk == rui.pk
    assert not reaches(first, larkfield)  # the session from before stays ended


@pytest.mark.parametrize("name", ["settings-member-remove", "leave"])
def test_leaving_needs_the_form_of_the_page(
    name: str, larkfield: Organization, ada: Membership, dana: Membership
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada.user, backend=BACKEND)
    url = at(larkfield, name, dana.pk if name != "leave" else None)
    assert strict.post(url).status_code == 403
    with tenant(larkfield.id):
        assert Membership.objects.visible_to(ada).count() == 2


def test_invitations_of_who_has_left_still_work(
    signed_in: SignIn, larkfield: Organization, ada: Membership
) -> None:
    second = make_member(larkfield, "Second", Role.ADMIN)
    link = mailed_link(signed_in(second), larkfield, "rui@larkfield.example")
    remove(signed_in(ada), second)
    page = text_of(Client().get(link))
    assert "You are invited" in page
    assert "Second" not in page
    _, answer = join(link)
    assert answer.status_code == 302
    assert invitations.find(link.rstrip("/").rpartition("/")[2]) is None
