"""Changes to organizations, people, agents and keys."""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from rest_framework_api_key.crypto import KeyGenerator

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import (
    Agent,
    ApiKey,
    Membership,
    Organization,
    Redactable,
    Role,
    Team,
    User,
)
from qa.tenancy.base import Actor
from qa.tenancy.context import signed_in, tenant

KEYS = KeyGenerator()
LEADERS = (Role.MANAGER, Role.ADMIN)


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
def set_email_domains(*, by: Membership, domains: Collection[str]) -> Organization:
    """Say from which e-mail domains the organization's own people write."""
    organization = Organization.objects.visible_to(by).select_for_update().get()
    wanted = sorted(set(domains))
    if wanted != organization.email_domains:
        organization.email_domains = wanted
        organization.save(update_fields=["email_domains"])
        audit.record(by, "organization.domains_set", organization, {"domains": wanted})
    return organization


@transaction.atomic
def choose_redaction(*, by: Membership, kinds: Collection[str]) -> Organization:
    """Say what is taken out of transcripts from now on; what is stored stays as it is."""
    organization = Organization.objects.visible_to(by).select_for_update().get()
    kept = [kind for kind in Redactable.values if kind not in kinds]
    if kept != organization.unredacted:
        organization.unredacted = kept
        organization.save(update_fields=["unredacted"])
        audit.record(by, "organization.redaction_chosen", organization, {"kept": kept})
    return organization


@transaction.atomic
def add_member(
    *, by: Actor, email: str, name: str, role: Role, agent: Agent | None = None
) -> Membership:
    """Let a person in. Who has a log-in elsewhere keeps it; a new one has no password yet."""
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
    """Give a member another role; an organization always keeps an admin.

    Whoever is no manager any more leads no team any more.
    """
    admins = Membership.objects.visible_to(by).filter(role=Role.ADMIN).select_for_update()
    if role != Role.ADMIN and {admin.pk for admin in admins} == {membership.pk}:
        raise Refused("An organization needs at least one admin.")
    before, membership.role = membership.role, role
    if before != role:
        membership.save(update_fields=["role"])
        if role not in LEADERS:
            Team.objects.visible_to(by).filter(manager=membership).update(manager=None)
        audit.record(by, "member.role_changed", membership, {"from": before, "to": role})
    return membership


@transaction.atomic
def set_agent(membership: Membership, *, by: Actor, agent: Agent | None) -> Membership:
    """Say which agent a member is: their feedback is what this agent's conversations get."""
    if agent == membership.agent:
        return membership
    if agent and Membership.objects.visible_to(by).filter(agent=agent).exists():
        raise Conflict("This agent has a log-in already.")
    membership.agent = agent
    membership.save(update_fields=["agent"])
    audit.record(by, "member.agent_set", membership, {"agent": str(agent.pk) if agent else None})
    return membership


@transaction.atomic
def change_member(
    membership: Membership, *, by: Actor, role: Role, agent: Agent | None
) -> Membership:
    """Both at once, or neither."""
    change_role(membership, by=by, role=role)
    return set_agent(membership, by=by, agent=agent)


def needs_password(membership: Membership) -> bool:
    """Whether this organization may hand out the person's first password link.

    Only for a person who has never set a password and belongs nowhere else: an account
    that another organization relies on is nobody's to open but the person's own.
    """
    user = membership.user
    if user.has_usable_password() or not user.is_active:
        return False
    with signed_in(user.pk):
        return not Membership.objects.of_user(user).exclude(pk=membership.pk).exists()


@transaction.atomic
def make_password_link(membership: Membership, *, by: Actor) -> tuple[str, str]:
    """The two parts of a new member's one-time link, recorded."""
    if not needs_password(membership):
        raise Refused("This person signs in with their own password; no link is made for them.")
    audit.record(by, "member.link_made", membership, {})
    return set_password_path(membership.user)


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


@transaction.atomic
def rename_agent(agent: Agent, *, by: Actor, name: str) -> Agent:
    """Correct the name that people see; transcripts keep finding the agent by its number."""
    if name != agent.name:
        agent.name = name
        agent.save(update_fields=["name"])
        audit.record(by, "agent.renamed", agent, {})
    return agent


@transaction.atomic
def move_agent(agent: Agent, *, by: Actor, team: Team | None) -> Agent:
    """Put an agent into a team, or into none; what came in before stays with the old one."""
    if team == agent.team:
        return agent
    before = agent.team_id
    agent.team = team
    agent.save(update_fields=["team"])
    data = {"from": str(before) if before else None, "to": str(team.pk) if team else None}
    audit.record(by, "agent.moved", agent, data)
    return agent


@transaction.atomic
def add_team(*, by: Actor, name: str, manager: Membership | None = None) -> Team:
    """Open a team, with or without a manager."""
    team, new = Team.objects.get_or_create(
        organization_id=by.organization_id, name=name, defaults={"manager": _leader(manager)}
    )
    if not new:
        raise Conflict("There is a team of this name already.")
    audit.record(by, "team.added", team, {"manager": str(manager.pk) if manager else None})
    return team


@transaction.atomic
def set_manager(team: Team, *, by: Actor, manager: Membership | None) -> Team:
    """Say who leads a team."""
    if manager != team.manager:
        team.manager = _leader(manager)
        team.save(update_fields=["manager"])
        data = {"manager": str(manager.pk) if manager else None}
        audit.record(by, "team.manager_set", team, data)
    return team


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


def _leader(member: Membership | None) -> Membership | None:
    if member and member.role not in LEADERS:
        raise Refused("Only a manager or an admin can lead a team.")
    return member
