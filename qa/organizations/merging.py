"""Two agents on the list are one person: their log-ins, and which of the two stays.

Call `pipeline.merge_agents`, which takes along all that each of them handled.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone, Refused
from qa.organizations.models import Agent, Invitation, Membership
from qa.organizations.moves import Merge
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
        raise Refused(_("An agent can't be merged with themselves: choose another one."))
    rows = Agent.objects.visible_to(by).filter(pk__in=[twin.pk, into.pk])
    found = {agent.pk: agent for agent in rows.order_by("pk").select_for_update(of=("self",))}
    if len(found) < 2:
        raise Gone(_("A colleague has just merged one of the two. Look at the list again."))
    return found[twin.pk], found[into.pk]


def hold_apart(merge: Merge, *, by: Actor) -> tuple[Agent, Agent] | None:
    """Lock the two of an undone merge, or whoever counts for each now; None if they are one."""
    rows = Agent.objects.visible_to(by, merged=True).select_related("merged_into")
    found = {agent.pk: agent for agent in rows.filter(pk__in=[merge.twin_id, merge.into_id])}
    twin, into = found[merge.twin_id].survivor, found[merge.into_id].survivor
    return None if twin.pk == into.pk else hold(twin, into, by=by)


def hold_survivors(ids: Collection[UUID], *, by: Actor) -> dict[UUID, UUID]:
    """Keep agents from being merged until the transaction ends; gives who counts for each.

    Whoever merges one just now is waited for. Many may hold the same agent at once.
    """
    counts, wanted = {pk: pk for pk in ids}, set(ids)
    while wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, merged_into_id FROM organizations_agent "
                "WHERE organization_id = %s AND id = ANY(%s) ORDER BY id FOR KEY SHARE",
                [by.organization_id, sorted(wanted)],
            )
            merged = {twin: into for twin, into in cursor.fetchall() if into}
        counts = {pk: merged.get(held, held) for pk, held in counts.items()}
        wanted = set(merged.values())
    return counts


def log_ins(agents: Iterable[Agent], *, by: Actor) -> dict[Agent, Membership]:
    """Who signs in as these agents."""
    rows = Membership.objects.visible_to(by).select_related("user", "agent")
    found = {member.agent_id: member for member in rows.filter(agent__in=list(agents))}
    return {agent: found[agent.pk] for agent in agents if agent.pk in found}


def note(twin: Agent, into: Agent, *, by: Membership) -> Merge:
    """Keep what is needed to undo a merge that is about to be made; its rows are added after."""
    members = log_ins((twin, into), by=by)
    return Merge(
        organization_id=by.organization_id,
        twin=twin,
        into=into,
        by=by,
        twin_member=members.get(twin),
        into_member=members.get(into),
        invitation=Invitation.objects.visible_to(by).filter(agent=twin).first(),
        brought=list(
            Agent.objects.visible_to(by, merged=True)
            .filter(merged_into=twin)
            .values_list("pk", flat=True)
        ),
        gave_team=into.team_id is None and twin.team_id is not None,
    )


def standing(*, by: Actor) -> QuerySet[Merge]:
    """The merges that nobody has undone, newest first."""
    rows = Merge.objects.visible_to(by).filter(undone_at__isnull=True)
    return rows.select_related("twin", "into", "by__user").order_by("-pk")


def reopen(merge: Merge, *, by: Actor) -> Merge:
    """Put an agent back on the list, with their log-in; what they handled comes back after.

    Refused where the one that stayed has been merged meanwhile, or somebody was faster.
    """
    rows = standing(by=by).select_for_update(of=("self",))
    held = rows.filter(pk=merge.pk).first()
    if held is None:
        raise Gone(_("A colleague has just undone this merge."))
    pair = Agent.objects.visible_to(by, merged=True).filter(pk__in=[held.twin_id, held.into_id])
    agents = {agent.pk: agent for agent in pair.order_by("pk").select_for_update(of=("self",))}
    twin, into = agents[held.twin_id], agents[held.into_id]
    if twin.merged_into_id != into.pk:
        text = _("%(name)s has since been merged: undo that merge first.")
        raise Conflict(text % {"name": into.name})
    Agent.objects.visible_to(by, merged=True).filter(pk__in=held.brought).update(merged_into=twin)
    twin.merged_into = None
    twin.save(update_fields=["merged_into"])
    if held.gave_team and into.team_id == twin.team_id:
        into.team = None
        into.save(update_fields=["team"])
    _give_log_ins_back(held, by)
    held.undone_at = timezone.now()
    held.save(update_fields=["undone_at"])
    data = {"into": str(into.pk), "conversations": held.conversations}
    audit.record(by, "agent.unmerged", twin, data)
    return held


def _give_log_ins_back(merge: Merge, by: Actor) -> None:
    """Each log-in to whose it was, unless it has become somebody else's since."""
    free = Q(agent__isnull=True) | Q(agent=merge.into_id)
    members = Membership.objects.visible_to(by).filter(free)
    own = members.filter(pk=merge.twin_member.pk) if merge.twin_member else None
    if own is not None and own.update(agent=merge.twin_id) and merge.into_member:
        members.filter(pk=merge.into_member.pk).update(agent=merge.into_id)
    if merge.invitation:
        invited = Invitation.objects.visible_to(by).filter(agent=merge.into_id)
        invited.filter(pk=merge.invitation.pk).update(agent=merge.twin_id)


def move_login(twin: Agent, into: Agent, login: Agent | None, *, by: Actor) -> None:
    """The log-in of the twin becomes that of the one that stays; of two, the chosen one does."""
    members = log_ins((twin, into), by=by)
    invited = Invitation.objects.visible_to(by).filter(agent__in=[twin, into])
    if len(members) + len(invited) > 1 and invited:
        raise Conflict(_("Both have a log-in or an invitation: withdraw the invitation first."))
    if len(members) > 1 and login not in members:
        raise Refused(_("Both have a log-in. Choose whose stays."), code="choose_login")
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
    for field, why in (("name", _("same name")), ("external_id", _("same ID"))):
        bare = Replace(Replace(Lower(field), Value(" "), Value("")), Value("\u00a0"), Value(""))
        some = rows.annotate(bare=bare)
        twice = some.order_by().values("bare").annotate(n=Count("pk")).filter(n__gt=1)
        listed = some.filter(bare__in=twice.values("bare")).order_by("bare", "external_id")
        for _bare, group in groupby(listed[: SHOWN * 5], key=attrgetter("bare")):
            agents = tuple(group)
            if len(agents) < 2:  # the rest of the last group is beyond what is listed
                continue
            found.setdefault(frozenset(agent.pk for agent in agents), Alike(agents, why))
    return list(found.values())[:SHOWN]
