"""Changes to organizations, people, agents and keys: each once, each with one audit event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from qa.audit.models import AuditEvent
from qa.core.errors import Conflict, Refused
from qa.organizations import actions
from qa.organizations.actions import KEYS
from qa.organizations.models import Agent, ApiKey, Membership, Organization, Role, Team
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.world import make_member, make_organization


@contextmanager
def events(organization: Organization, *expected: str) -> Iterator[None]:
    """Exactly these audit events are written inside the block."""
    by = System(organization.id)
    with tenant(organization.id):
        before = AuditEvent.objects.visible_to(by).count()
        yield
        new = AuditEvent.objects.visible_to(by).order_by("number")[before:]
        assert [event.action for event in new] == list(expected)


def test_a_slug_belongs_to_one_organization(larkfield: Organization) -> None:
    with pytest.raises(Conflict, match="larkfield"):
        make_organization("Larkfield")
    assert make_organization("Larkfield2").slug == "larkfield2"


def test_a_role_is_changed_once(larkfield: Organization, ada: Membership, dana: Membership) -> None:
    with events(larkfield, "member.role_changed"):
        actions.change_role(dana, by=ada, role=Role.MANAGER)
    with tenant(larkfield.id):
        assert Membership.objects.visible_to(ada).get(pk=dana.pk).role == Role.MANAGER


def test_the_last_admin_stays(larkfield: Organization, ada: Membership) -> None:
    with events(larkfield), pytest.raises(Refused, match="at least one admin"):
        actions.change_role(ada, by=ada, role=Role.AGENT)
    second = make_member(larkfield, "Second", Role.ADMIN)
    with events(larkfield, "member.role_changed"):
        actions.change_role(ada, by=second, role=Role.AGENT)


def test_a_key_is_stored_hashed_and_shown_once(larkfield: Organization, ada: Membership) -> None:
    with events(larkfield, "api_key.created"):
        key, secret = actions.create_key(
            by=ada, name="CRM", scopes=["reviews:read", "interactions:read"], days=30
        )
    assert secret.startswith(f"{key.prefix}.")
    assert secret.partition(".")[2] not in key.hashed_key
    assert KEYS.verify(secret, key.hashed_key)
    assert key.scopes == ["interactions:read", "reviews:read"]
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert not key.expired


def test_a_key_is_revoked_once_and_again_is_no_error(
    larkfield: Organization, ada: Membership
) -> None:
    with tenant(larkfield.id):
        key, _ = actions.create_key(by=ada, name="CRM", scopes=[])
    with events(larkfield, "api_key.revoked"):
        first = actions.revoke_key(key, by=ada).revoked_at
        again = actions.revoke_key(key, by=ada).revoked_at
    assert first == again is not None
    with tenant(larkfield.id):
        assert not ApiKey.objects.visible_to(ada).usable().exists()


def find(
    organization: Organization, external_id: str | None, name: str | None, team: str | None = None
) -> Agent | None:
    by = System(organization.id)
    with tenant(organization.id):
        return actions.find_or_add_agent(by=by, external_id=external_id, name=name, team=team)


def test_an_agent_is_known_by_its_number(larkfield: Organization) -> None:
    first = find(larkfield, "a-1", "Alex Finch")
    assert first is not None
    assert find(larkfield, "a-1", "Alexander Finch") == first
    assert find(larkfield, "a-2", "Alex Finch") != first


def test_an_agent_without_a_number_is_known_by_name(larkfield: Organization) -> None:
    first = find(larkfield, None, "Robin")
    assert first is not None
    assert (first.external_id, find(larkfield, None, "Robin")) == ("Robin", first)


def test_a_transcript_that_names_nobody_has_no_agent(larkfield: Organization) -> None:
    assert find(larkfield, None, None, "Billing") is None
    assert find(larkfield, "", "") is None


def test_a_team_is_added_when_it_is_first_named_and_then_kept(larkfield: Organization) -> None:
    by = System(larkfield.id)
    find(larkfield, "a-1", "Alex")
    find(larkfield, "a-1", "Alex", "Billing")
    find(larkfield, "a-1", "Alex", "Sales")
    with tenant(larkfield.id):
        agent = Agent.objects.visible_to(by).select_related("team").get()
        assert agent.team is not None
        assert agent.team.name == "Billing"
        assert [team.name for team in Team.objects.visible_to(by)] == ["Billing"]


def test_the_same_number_in_two_organizations_is_two_agents(
    larkfield: Organization, elsewhere: Organization
) -> None:
    assert find(larkfield, "a-1", "Alex") != find(elsewhere, "a-1", "Alex")
