"""An organization is deleted with everything, and nothing of another one is touched."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from qa import tasks
from qa.audit.models import AuditEvent
from qa.organizations import closing, departures, invitations
from qa.organizations.models import Membership, Organization, Role, User
from qa.tenancy.base import System
from qa.tenancy.context import directory, signed_in, tenant
from tests.furnished import furnish
from tests.organizations.steps import at, text_of
from tests.world import PASSWORD, make_key, make_member, make_organization

pytestmark = pytest.mark.django_db
SignIn = Callable[[Membership | None], Client]


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def rows(organization: Organization, holding: str = "") -> dict[str, list[str]]:
    """Every row that shows in this organization's transactions, as text, by table."""
    found: dict[str, list[str]] = {}
    with tenant(organization.id), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            held = [text for (text,) in cursor.fetchall() if holding in text]
            if held:
                found[table] = held
    return found


def accounts(addresses: str) -> int:
    return User.objects.filter(email__endswith=addresses).count()


def delete(browser: Client, organization: Organization) -> Any:
    page = at(organization, "settings-organization-delete")
    asked = browser.post(page, {"name": organization.name})
    return browser.post(page, {"name": organization.name, "sure": asked.context["sure"]})


def remove_all(organization: Organization) -> int:
    """As workers do it; gives how many messages that took."""
    turns = 1
    while not closing.remove_some(organization.id, seconds=0.05):
        turns += 1
    return turns


def test_nothing_remains_in_any_table_and_nothing_else_is_touched(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    mine, other = (furnish(make_organization(name)) for name in ("Larkfield", "Elsewhere"))
    admin = mine.people[Role.ADMIN]
    with tenant(other.organization.id):  # an admin who belongs to both
        invited, _ = invitations.invite(
            by=other.people[Role.ADMIN],
            email=admin.user.email,
            name="Adrian",
            role=Role.MANAGER,
            mailed=True,
        )
        invitations.accept(invited, user=admin.user)
    before = rows(other.organization)
    held = rows(mine.organization, str(mine.organization.id))
    assert len(held) > 40  # a row of every kind, or the test proves nothing
    with caplog.at_level(logging.WARNING, logger="qa"):
        assert delete(signed_in(admin), mine.organization).status_code == 302
        assert remove_all(mine.organization) > 1
    assert rows(mine.organization, str(mine.organization.id)) == {}
    named = [row for held in rows(mine.organization, "@larkfield.example").values() for row in held]
    assert named  # of the one who belongs elsewhere too
    assert all("adrian@" in row for row in named)
    assert accounts("@larkfield.example") == 1
    after = rows(other.organization)
    # Whose rows belong to nobody's tenant: accounts, and what is noted of a sign-in.
    for table in ("organizations_user", "django_session", "axes_accesslog"):
        before.pop(table, None)
        after.pop(table, None)
    assert after == before
    told = [line for line in caplog.messages if str(mine.organization.id) in line]
    assert [line.split(" organization=")[0] for line in told] == [
        "organization closed",
        "organization deleted",
    ]
    assert "Larkfield" not in caplog.text
    with directory():
        assert [one.slug for one in Organization.objects.all()] == ["elsewhere"]


def test_it_is_asked_twice_and_by_name(signed_in: SignIn, ada: Membership) -> None:
    page, browser = at(ada.organization, "settings-organization-delete"), signed_in(ada)
    assert browser.post(page, {"name": "Larkfeld"}).status_code == 422
    asked = browser.post(page, {"name": "Larkfield"})
    assert asked.status_code == 200
    assert "for good" in text_of(asked)
    assert browser.post(page, {"name": "Larkfield", "sure": "yes"}).status_code == 200
    assert browser.get(at(ada.organization, "settings")).status_code == 200
    with tenant(ada.organization_id):
        assert not Organization.objects.visible_to(ada).get().closed_at


def test_the_answer_of_another_admin_is_none(signed_in: SignIn, ada: Membership) -> None:
    eve = make_member(ada.organization, "Eve", Role.ADMIN)
    page = at(ada.organization, "settings-organization-delete")
    sure = signed_in(ada).post(page, {"name": "Larkfield"}).context["sure"]
    answer = signed_in(eve).post(page, {"name": "Larkfield", "sure": sure})
    assert answer.status_code == 200  # asked again
    assert "sure" in answer.context


def test_every_way_in_ends_at_once(
    signed_in: SignIn, ada: Membership, dana: Membership, mallory: Membership, client: Client
) -> None:
    secret = make_key(ada)
    with tenant(ada.organization_id):
        _made, token = invitations.invite(
            by=ada, email="new@larkfield.example", name="New", role=Role.ADMIN, mailed=True
        )
    danas = Client()
    danas.force_login(dana.user, backend="qa.organizations.sign_in.AddressBackend")
    assert danas.get(at(ada.organization, "queue")).status_code == 200
    delete(signed_in(ada), ada.organization)
    assert danas.get(at(ada.organization, "queue")).status_code == 302  # signed out
    danas.post("/accounts/login/", {"username": dana.user.email, "password": PASSWORD})
    assert danas.get(at(ada.organization, "queue")).status_code == 404
    answer = client.get("/api/v1/interactions/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert client.get(f"/accounts/invitations/{token}/").status_code == 404
    assert ada.organization_id not in tasks.organizations()
    assert mallory.organization_id in tasks.organizations()


def test_who_was_a_member_elsewhere_keeps_their_name_there(
    ada: Membership, mallory: Membership
) -> None:
    with tenant(mallory.organization_id):
        invited, _ = invitations.invite(
            by=mallory, email=ada.user.email, name="Ada", role=Role.MANAGER, mailed=True
        )
        there = invitations.accept(invited, user=ada.user)
        departures.end_membership(there, by=mallory)
    with tenant(ada.organization_id):
        closing.close(by=ada)
    assert closing.remove_some(ada.organization_id, seconds=30)
    with tenant(mallory.organization_id):
        found = Membership.objects.visible_to(System(mallory.organization_id), former=True)
        assert found.get(pk=there.pk).user.name == "Ada"
    with signed_in(ada.user_id):
        assert not Membership.objects.of_user(ada.user).exists()


def test_only_a_closed_organization_loses_what_never_changes(ada: Membership) -> None:
    def drop() -> None:
        with tenant(ada.organization_id), connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_auditevent")

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        drop()
    with tenant(ada.organization_id):
        closing.close(by=ada)
    for change in ("closed_at = NULL", "name = 'Other'"):
        with (
            pytest.raises(DatabaseError, match="immutable"),
            tenant(ada.organization_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE organizations_organization SET {change}")
    with (
        pytest.raises(DatabaseError, match="immutable"),
        tenant(ada.organization_id),
    ):
        AuditEvent.objects.visible_to(ada).update(actor="nobody")
    drop()


def test_an_open_organization_is_never_removed(ada: Membership) -> None:
    assert closing.remove_some(ada.organization_id, seconds=30)
    with tenant(ada.organization_id):
        assert Organization.objects.visible_to(ada).exists()


def test_the_sweep_finds_what_is_left_to_remove(
    ada: Membership, mallory: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(ada.organization_id):
        closing.close(by=ada)
    named: list[Any] = []
    monkeypatch.setattr(tasks.dispatch, "enqueue_removal", lambda pk: named.append(pk) or True)
    tasks.sweep()
    assert named == [ada.organization_id]
    tasks.remove(str(ada.organization_id))
    named.clear()
    tasks.sweep()
    assert named == []
