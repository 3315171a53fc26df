"""Two agents on the list are one person: their log-ins, and which of the two stays.

Call `pipeline.merge_agents`, which takes along all that each of them handled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, Value
from django.db.models.functions import Lower, Replace

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, Refused
from qa.organizations.models import Agent, Invitation, Membership
from qa.tenancy.base import Actor

SHOWN = 100  # groups of agents that look alike


@dataclass(frozen=True, slots=True)
class Alike:
    """Agents whose names or ids are the same but for case and blanks."""

    agents: tuple[Agent, ...]
    why: str


def hold(twin: Agent, into: Agent, *, by: Actor) -> tuple[Agent, Agent]:
    """Lock both until the transaction ends: nobody names either of them meanwhile."""
    if twin.pk == into.pk:
        raise Refused("An agent can't be merged with themself: choose another one.")
    rows = Agent.objects.visible_to(by).filter(pk__in=[twin.pk, into.pk])
    found = {agent.pk: agent for agent in rows.order_by("pk").select_for_update(of=("self",))}
    if len(found) < 2:
        raise Gone("One of the two has just been merged by a colleague. Look at the list again.")
    return found[twin.pk], found[into.pk]


def log_ins(agents: Iterable[Agent], *, by: Actor) -> dict[Agent, Membership]:
    """Who signs in as these agents."""
    rows = Membership.objects.visible_to(by).select_related("user", "agent")
    found = {member.agent_id: member for member in rows.filter(agent__in=list(agents))}
    return {agent: found[agent.pk] for agent in agents if agent.pk in found}


def move_login(twin: Agent, into: Agent, login: Agent | None, *, by: Actor) -> None:
    """The log-in of the twin becomes that of the one that stays; of two, the chosen one does."""
    members = log_ins((twin, into), by=by)
    invited = Invitation.objects.visible_to(by).filter(agent__in=[twin, into])
    if len(members) + len(invited) > 1 and invited:
        raise Conflict("Both have a log-in or an invitation: withdraw the invitation first.")
    if len(members) > 1 and login not in members:
        raise Refused("Both have a log-in. Choose whose stays.", code="choose_login")
    invited.update(agent=into)
    stays = members.get(login or twin) or members.get(twin) or members.get(into)
    if stays is None or stays.agent_id == into.pk:
        Membership.objects.visible_to(by).filter(agent=twin).update(agent=None)
        return
    Membership.objects.visible_to(by).filter(agent=into).update(agent=None)
    Membership.objects.visible_to(by).filter(pk=stays.pk).update(agent=into)


def close(twin: Agent, into: Agent, *, by: Actor) -> Agent:
    """The twin's row only leads to the one that stays, and so do those merged into it before."""
    Agent.objects.visible_to(by, merged=True).filter(merged_into=twin).update(merged_into=into)
    twin.merged_into = into
    twin.save(update_fields=["merged_into"])
    if into.team_id is None and twin.team_id:
        into.team_id = twin.team_id
        into.save(update_fields=["team"])
    audit.record(by, "agent.merged", into, {"merged": str(twin.pk), "id": twin.external_id})
    return into


def alike(*, by: Actor) -> list[Alike]:
    """Groups of agents who may be one person, by name or by id; two queries, however many."""
    rows = Agent.objects.visible_to(by).select_related("team", "membership__user")
    found: dict[frozenset[object], Alike] = {}
    for field, why in (("name", "the same name"), ("external_id", "the same id")):
        bare = Replace(Replace(Lower(field), Value(" "), Value("")), Value("\u00a0"), Value(""))
        some = rows.annotate(bare=bare)
        twice = some.order_by().values("bare").annotate(n=Count("pk")).filter(n__gt=1)
        listed = some.filter(bare__in=twice.values("bare")).order_by("bare", "external_id")
        for _, group in groupby(listed[: SHOWN * 5], key=attrgetter("bare")):
            agents = tuple(group)
            found.setdefault(frozenset(agent.pk for agent in agents), Alike(agents, why))
    return list(found.values())[:SHOWN]
