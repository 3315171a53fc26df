"""Changes to organizations, people, agents and keys."""

from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from rest_framework_api_key.crypto import KeyGenerator

from qa.audit import actions as audit
from qa.errors import Conflict, Refused
from qa.tenancy.base import Actor
from qa.organizations.models import Agent, ApiKey, Membership, Organization, Role, Team, User
from qa.tenancy.context import tenant

KEYS = KeyGenerator()


def create_organization(*, name: str, slug: str) -> Organization:
    """Open an organization; the caller adds its first member."""
    try:
        with transaction.atomic():
            organization = Organization(name=name, slug=slug)
            with tenant(organization.id):
                organization.save()
    except IntegrityError:
        raise Conflict(f"An organization with the slug {slug} exists already.") from None
    return organization


@transaction.atomic
def add_member(
    *, by: Actor, email: str, name: str, role: Role, agent: Agent | None = None
) -> Membership:
    """Let a person in. Someone who has a log-in elsewhere keeps it; a new one has no password yet."""
    user = User.objects.filter(email__iexact=email).first()
    user = user or User.objects.create_user(email=email, name=name)
    if Membership.objects.visible_to(by).filter(user=user).exists():
        raise Conflict("This person is a member already.")
    if agent and Membership.objects.visible_to(by).filter(agent=agent).exists():
        raise Conflict("This agent has a log-in already.")
    membership = Membership.objects.create(
        organization_id=by.organization_id, user=user, role=role, agent=agent
    )
    audit.record(by, "member.added", membership, {"role": role})
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: Actor, role: Role) -> Membership:
    """Give a member another role; an organization always keeps an admin."""
    admins = Membership.objects.visible_to(by).filter(role=Role.ADMIN).select_for_update()
    if role != Role.ADMIN and {admin.pk for admin in admins} == {membership.pk}:
        raise Refused("An organization needs at least one admin.")
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.record(by, "member.role_changed", membership, {"from": before, "to": role})
    return membership


def set_password_path(user: User) -> tuple[str, str]:
    """The two parts of a one-time link with which a new member sets a password."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


@transaction.atomic
def create_key(
    *, by: Membership, name: str, scopes: list[str], days: int | None = None
) -> tuple[ApiKey, str]:
    """Make an API key. The second value is the key itself: it can't be shown again."""
    secret, prefix, hashed = KEYS.generate()
    key = ApiKey.objects.create(
        organization_id=by.organization_id,
        name=name,
        prefix=prefix,
        hashed_key=hashed,
        scopes=sorted(scopes),
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
    )
    audit.record(by, "api_key.created", key, {"scopes": key.scopes})
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Membership) -> ApiKey:
    """Stop a key for good; doing it twice is no error."""
    live = ApiKey.objects.visible_to(by).filter(pk=key.pk, revoked_at__isnull=True)
    if live.update(revoked_at=timezone.now()):
        audit.record(by, "api_key.revoked", key, {})
    key.refresh_from_db()
    return key


def find_or_add_agent(
    *, by: Actor, external_id: str | None, name: str | None, team: str | None
) -> Agent | None:
    """The agent a transcript names; a new one is added, a team once given is kept.

    Known by external id, else by name. None where the transcript names nobody.
    """
    identity = external_id or name
    if not identity:
        return None
    agent = Agent.objects.visible_to(by).filter(external_id=identity).first()
    if agent is None:
        agent, _ = Agent.objects.get_or_create(
            organization_id=by.organization_id,
            external_id=identity,
            defaults={"name": name or identity, "team": _team(by, team)},
        )
    elif team and agent.team_id is None:
        agent.team = _team(by, team)
        agent.save(update_fields=["team"])
    return agent


def _team(by: Actor, name: str | None) -> Team | None:
    if not name:
        return None
    return Team.objects.get_or_create(organization_id=by.organization_id, name=name)[0]
