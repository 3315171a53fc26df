"""The list of an organization's agents: choosing one by what a person types, and adding one.

agent = directory.chosen("Dana Reyes (a-7)", by=member)
"""

import re
from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Agent, AgentQuerySet, Team
from qa.tenancy.base import Actor

OFFERED: Final = 500  # agents that a field suggests; any other is found by what is typed
LABEL: Final = re.compile(r"(?P<name>.*\S)\s*\((?P<id>[^()]*(?:\([^()]*\)[^()]*)*)\)")


def offered(by: Actor) -> Sequence[str]:
    """What a field suggests: the active agents in words, by name."""
    return [agent.label for agent in Agent.objects.visible_to(by).active().by_name()[:OFFERED]]


def chosen(typed: str, *, by: Actor) -> Agent:
    """The one agent that these words mean: a label that was offered, an id, or a name.

    Where several have the name, those who have left stand back.
    """
    words = " ".join(typed.split())
    rows = Agent.objects.visible_to(by).select_related("team")
    agent = _labelled(words, rows) or rows.filter(external_id=words).first()
    if agent:
        return agent
    named = list(rows.filter(Q(name__iexact=words) | Q(external_id__iexact=words)).by_name()[:20])
    found = [agent for agent in named if not agent.deactivated_at] or named
    if not found:
        raise Refused(
            _("There is no agent “%(name)s” yet.") % {"name": words}, code="no_such_agent"
        )
    if len(found) > 1:
        ids = ", ".join(agent.external_id for agent in found)
        text = _("Several agents are called “%(name)s”: choose one by the ID (%(ids)s).")
        raise Refused(text % {"name": words, "ids": ids})
    return found[0]


def chosen_or_added(typed: str, *, by: Actor) -> Agent:
    """The agent that these words mean; where there is none, a new one of this name.

    "Rui Costa (r-7)" adds one with an id.
    """
    try:
        return chosen(typed, by=by)
    except Refused as error:
        if error.code != "no_such_agent":
            raise
    parts = LABEL.fullmatch(" ".join(typed.split()))
    name, external_id = (parts["name"], parts["id"]) if parts else (typed, "")
    try:
        with transaction.atomic():
            return add_agent(by=by, name=name, external_id=external_id)
    except Conflict:
        if parts:
            raise
        return chosen(typed, by=by)  # a colleague, or the next file, has just added the same one


def _labelled(words: str, rows: AgentQuerySet) -> Agent | None:
    """The agent with the id in brackets at the end; what stands before them must be the name."""
    parts = LABEL.fullmatch(words)
    if not parts:
        return None
    agent = rows.filter(external_id=parts["id"]).first()
    same = agent and " ".join(agent.name.split()).casefold() == parts["name"].casefold()
    return agent if same else None


@transaction.atomic
def add_agent(*, by: Actor, name: str, external_id: str = "", team: Team | None = None) -> Agent:
    """Put an agent on the list before any transcript names them.

    Without an id transcripts find the agent by name.
    """
    name, external_id = " ".join(name.split()), external_id.strip()
    if not name:
        raise Refused(_("Give the agent a name."))
    identity = external_id or name
    refuse_taken(identity, by=by)
    if not external_id and Agent.objects.visible_to(by).filter(name__iexact=name).exists():
        text = _("There is an agent called %(name)s already. Give an ID if this is another person.")
        raise Conflict(text % {"name": name})
    try:
        with transaction.atomic():
            agent = Agent.objects.create(
                organization_id=by.organization_id, external_id=identity, name=name, team=team
            )
    except IntegrityError:
        text = _("Somebody has just added an agent with the ID %(id)s.")
        raise Conflict(text % {"id": identity}) from None
    audit.record(by, "agent.added", agent, {"team": str(team.pk) if team else None})
    return agent


def refuse_taken(external_id: str, *, by: Actor, but: Agent | None = None) -> None:
    """Refuse an id that another agent has, or had before they were merged."""
    rows = Agent.objects.visible_to(by, merged=True).select_related("merged_into")
    rows = rows.filter(external_id=external_id)
    there = (rows.exclude(pk=but.pk) if but else rows).first()
    if there is None:
        return
    owner = there.survivor.name
    if there.merged_into_id:
        text = _("The ID %(id)s belongs to %(name)s, by a merge.")
        raise Conflict(text % {"id": external_id, "name": owner})
    text = _("The ID %(id)s belongs to %(name)s already.")
    raise Conflict(text % {"id": external_id, "name": owner})


def team_named(name: str, *, by: Actor) -> Team | None:
    """The team of this name; a new one is opened, with an event of its own."""
    name = " ".join(name.split())
    if not name:
        return None
    found = Team.objects.visible_to(by).filter(name__iexact=name).order_by("name").first()
    if found:
        return found
    team, new = Team.objects.get_or_create(organization_id=by.organization_id, name=name)
    if new:
        audit.record(by, "team.added", team, {"manager": None})
    return team


@transaction.atomic
def change_agent(
    agent: Agent, *, by: Actor, name: str, external_id: str, team: Team | None
) -> Agent:
    """Correct an agent's name, id or team; what came in before stays with the old team.

    Transcripts that name the old id bring a new agent from then on.
    """
    wanted = {"name": " ".join(name.split()), "external_id": external_id.strip(), "team": team}
    changed = [field for field, value in wanted.items() if getattr(agent, field) != value]
    if not changed:
        return agent
    if not (wanted["name"] and wanted["external_id"]):
        raise Refused(_("An agent needs a name and an ID."))
    refuse_taken(external_id.strip(), by=by, but=agent)
    before = agent.team_id
    for field in changed:
        setattr(agent, field, wanted[field])
    try:
        with transaction.atomic():
            agent.save(update_fields=changed)
    except IntegrityError:
        text = _("Somebody has just given the ID %(id)s to another agent.")
        raise Conflict(text % {"id": external_id}) from None
    data: dict[str, object] = {"changed": changed}
    if "team" in changed:
        data |= {"from": str(before or ""), "to": str(team.pk) if team else ""}
    only = changed[0] if len(changed) == 1 else ""
    action = {"name": "renamed", "team": "moved"}.get(only, "changed")
    audit.record(by, f"agent.{action}", agent, {} if action == "renamed" else data)
    return agent


@transaction.atomic
def set_active(agent: Agent, *, by: Actor, active: bool) -> Agent:
    """Offer an agent no longer, or again. Nothing of theirs is lost, and a log-in stays."""
    rows = Agent.objects.visible_to(by).filter(pk=agent.pk, deactivated_at__isnull=active is False)
    if rows.update(deactivated_at=None if active else timezone.now()):
        audit.record(by, "agent.reactivated" if active else "agent.deactivated", agent, {})
    agent.refresh_from_db()
    return agent
