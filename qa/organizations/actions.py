"""Changes to organizations, people, agents and keys."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework_api_key.crypto import KeyGenerator

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, Refused
from qa.organizations.admins import last_admin, one_admin_at_a_time
from qa.organizations.models import (
    Agent,
    ApiKey,
    Membership,
    Organization,
    Role,
    Team,
)
from qa.organizations.redactable import Redactable
from qa.tenancy.base import Actor
from qa.tenancy.context import tenant
from transcripts.formats import Agent as NamedAgent

KEYS = KeyGenerator()
LEADERS = (Role.MANAGER, Role.ADMIN)


def create_organization(*, name: str, slug: str, time_zone: str = "UTC") -> Organization:
    """Create an organization; the caller adds its first member."""
    try:
        with transaction.atomic():
            organization = Organization(name=name, slug=slug)
            organization.time_zone = organization.days_zone = time_zone
            with tenant(organization.id):
                organization.save()
    except IntegrityError:
        raise Conflict(
            _("An organization with the slug %(slug)s exists already.") % {"slug": slug}
        ) from None
    return organization


@transaction.atomic
def set_email_domains(*, by: Membership, domains: Collection[str]) -> Organization:
    """Say from which e-mail domains the organization's own people write."""
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    wanted = sorted(set(domains))
    if wanted != organization.email_domains:
        before, organization.email_domains = organization.email_domains, wanted
        organization.save(update_fields=["email_domains"])
        told = audit.changes({"domains": before}, {"domains": wanted})
        audit.record(by, "organization.domains_set", organization, told)
    return organization


@transaction.atomic
def choose_redaction(*, by: Membership, kinds: Collection[str]) -> Organization:
    """Say what is taken out of transcripts from now on; what is stored stays as it is."""
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    kept = [kind for kind in Redactable.values if kind not in kinds]
    if kept != organization.unredacted:
        before, organization.unredacted = organization.unredacted, kept
        organization.save(update_fields=["unredacted"])
        told = audit.changes({"kept": before}, {"kept": kept})
        audit.record(by, "organization.redaction_chosen", organization, told)
    return organization


@transaction.atomic
def set_own_words(
    *, by: Membership, removed: Collection[str], kept: Collection[str]
) -> Organization:
    """Say which words are always taken out from now on, and which never.

    The trail tells how many there are: the words may be somebody's name.
    """
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    wanted = (list(removed), list(kept))
    before = (organization.removed_words, organization.kept_words)
    if wanted != before:
        organization.removed_words, organization.kept_words = wanted
        organization.save(update_fields=["removed_words", "kept_words"])
        counted = [{"always": len(held[0]), "never": len(held[1])} for held in (before, wanted)]
        audit.record(by, "organization.own_words_set", organization, audit.changes(*counted))
    return organization


@transaction.atomic
def change_role(membership: Membership, *, by: Actor, role: Role) -> Membership:
    """Give a member another role; an organization always keeps an admin.

    Whoever is no manager any more leads no team any more.
    """
    with one_admin_at_a_time(by) as admins:
        if role != Role.ADMIN and admins == {membership.pk}:
            raise Refused(last_admin())
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
        raise Conflict(_("This agent profile has a log-in already."))
    told = audit.changes({"agent": membership.agent}, {"agent": agent})
    membership.agent = agent
    membership.save(update_fields=["agent"])
    audit.record(by, "member.agent_set", membership, told)
    return membership


@transaction.atomic
def change_member(
    membership: Membership, *, by: Actor, role: Role, agent: Agent | None
) -> Membership:
    """Both at once, or neither."""
    change_role(membership, by=by, role=role)
    return set_agent(membership, by=by, agent=agent)


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
def revoke_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """Stop a key for good; doing it twice is no error."""
    live = ApiKey.objects.visible_to(by).filter(pk=key.pk, revoked_at__isnull=True)
    if live.update(revoked_at=timezone.now()):
        audit.record(by, "api_key.revoked", key, {})
    key.refresh_from_db()
    return key


def hold_agent(agent: Agent, *, by: Actor) -> Agent:
    """Keep an agent from being merged into another until the transaction ends."""
    rows = Agent.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    held = rows.select_related("team").filter(pk=agent.pk).first()
    if held is None:
        raise Gone(_("This agent has just been merged into another one. Choose again."))
    return held


def find_or_add_agent(
    *, by: Actor, external_id: str | None, name: str | None, team: str | None
) -> Agent | None:
    """The agent a transcript names; a new one is added, a team once given is kept.

    Known by external id, else by name. Of one who was merged, the one that stays. None where the
    transcript names nobody.
    """
    identity = external_id or name
    if not identity:
        return None
    agent = _by_id(identity, by) or (None if external_id else _only_one_named(identity, by))
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


def find_or_add_agents(named: Iterable[NamedAgent], *, by: Actor) -> dict[NamedAgent, Agent | None]:
    """Find the agents that many transcripts name, known ones in one query, and add the others.

    New ones are added in one order everywhere, so that two clients who send the same
    interactions in other orders wait for each other and never crosswise.
    """
    ordered = sorted(dict.fromkeys(named), key=_identity)
    rows = Agent.objects.visible_to(by, merged=True).select_related("merged_into")
    listed = rows.filter(external_id__in=set(map(_identity, ordered)))
    known = {agent.external_id: agent.survivor for agent in listed}
    agents: dict[NamedAgent, Agent | None] = {}
    for each in ordered:
        agent = known.get(_identity(each))
        if agent is None or (each.team and not agent.team_id):
            agent = find_or_add_agent(
                by=by, external_id=each.external_id, name=each.name, team=each.team
            )
        if agent is not None:
            known[agent.external_id] = agent
        agents[each] = agent
    return agents


def _by_id(external_id: str, by: Actor) -> Agent | None:
    rows = Agent.objects.visible_to(by, merged=True).select_related("merged_into")
    found = rows.filter(external_id=external_id).first()
    return found.survivor if found else None


def _only_one_named(name: str, by: Actor) -> Agent | None:
    """The agent of this very name, where there is one and no more."""
    found = list(Agent.objects.visible_to(by).filter(name__iexact=" ".join(name.split()))[:2])
    return found[0] if len(found) == 1 else None


def _identity(named: NamedAgent) -> str:
    return named.external_id or named.name or ""


def _team(by: Actor, name: str | None) -> Team | None:
    if not name:
        return None
    return Team.objects.get_or_create(organization_id=by.organization_id, name=name)[0]
