"""The audit trail: append-only, chained, and honest about tampering."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import Error, connection, transaction

from devstack.pytest_plugin import connect_as
from qa.audit.actions import first_broken, record
from qa.audit.models import AuditEvent
from qa.organizations.models import Membership, Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_organization

IMMUTABLE = "23001"


def trail(organization: Organization) -> list[AuditEvent]:
    with tenant(organization.id):
        return list(AuditEvent.objects.visible_to(System(organization.id)).order_by("number"))


def write(organization: Organization, count: int) -> list[AuditEvent]:
    """That many events more; returns the whole trail."""
    by = System(organization.id)
    with tenant(organization.id):
        for number in range(count):
            record(by, "test.written", organization, {"n": number, "score": 66.7, "to": None})
    return trail(organization)


def test_an_event_says_who_did_what_to_what(larkfield: Organization, ada: Membership) -> None:
    with tenant(larkfield.id):
        record(ada, "test.written", ada, {"role": ada.role})
    event = trail(larkfield)[-1]
    assert (event.actor, event.action) == (f"member:{ada.pk}", "test.written")
    assert (event.target_type, event.target_id) == ("organizations.membership", str(ada.pk))
    assert event.data == {"role": "admin"}


def test_each_event_carries_the_hash_of_the_one_before(larkfield: Organization) -> None:
    events = write(larkfield, 5)
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in events] == ["0" * 64] + [e.hash for e in events[:-1]]
    assert first_broken(events) is None
    assert first_broken([]) is None


def test_each_organization_has_a_chain_of_its_own(
    larkfield: Organization, elsewhere: Organization
) -> None:
    write(larkfield, 2)
    write(elsewhere, 1)
    write(larkfield, 1)
    assert [event.number for event in trail(larkfield)] == [1, 2, 3]
    assert [event.number for event in trail(elsewhere)] == [1]
    assert first_broken(trail(larkfield)) is first_broken(trail(elsewhere)) is None


def test_an_action_that_fails_leaves_no_event(larkfield: Organization) -> None:
    with tenant(larkfield.id), transaction.atomic():
        record(System(larkfield.id), "test.written", larkfield, {})
        transaction.set_rollback(True)
    assert trail(larkfield) == []
    assert first_broken(write(larkfield, 1)) is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent"],
)
def test_the_database_refuses_to_change_or_delete_events(
    larkfield: Organization, statement: str
) -> None:
    write(larkfield, 1)
    with (
        tenant(larkfield.id),
        pytest.raises(Error) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert getattr(caught.value.__cause__, "pgcode", "") == IMMUTABLE
    assert len(trail(larkfield)) == 1


@contextmanager
def owner_without_trigger() -> Iterator[None]:
    """The tables' owner, who alone can switch the trigger off. Not even that escapes the chain."""
    connect_as("DATABASE_OWNER_URL")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE audit_auditevent DISABLE TRIGGER audit_auditevent_immutable"
            )
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
        connect_as("DATABASE_URL")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit_auditevent SET action = 'test.other' WHERE number = 3", 3),
        ("UPDATE audit_auditevent SET actor = 'member:other' WHERE number = 3", 3),
        ("UPDATE audit_auditevent SET at = at - interval '1 day' WHERE number = 3", 3),
        ("UPDATE audit_auditevent SET data = '{\"n\": 9}' WHERE number = 1", 1),
        ("UPDATE audit_auditevent SET target_id = 'x' WHERE number = 5", 5),
        ("UPDATE audit_auditevent SET hash = repeat('0', 64) WHERE number = 2", 2),
        ("DELETE FROM audit_auditevent WHERE number = 4", 4),
        ("DELETE FROM audit_auditevent WHERE number = 1", 1),
        ("UPDATE audit_auditevent SET number = number + 1 WHERE number = 5", 5),
    ],
)
def test_tampering_is_found_at_the_first_event_it_touches(tampering: str, broken: int) -> None:
    larkfield = make_organization("Larkfield")
    assert first_broken(write(larkfield, 5)) is None
    with owner_without_trigger(), tenant(larkfield.id), connection.cursor() as cursor:
        cursor.execute(tampering)
    assert first_broken(trail(larkfield)) == broken


@pytest.mark.django_db(transaction=True)
def test_the_application_cannot_switch_the_trigger_off() -> None:
    with pytest.raises(Error) as caught, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER ALL")
    assert getattr(caught.value.__cause__, "pgcode", "") == "42501"
