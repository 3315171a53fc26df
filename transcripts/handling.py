"""Whose an interaction is: name its agent, or another one, after intake.

Call `pipeline.name_agent`, which also takes dashboards and feedback along.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Gone
from qa.organizations.models import Agent, Team
from qa.organizations.moves import Merge
from qa.tenancy.base import Actor, System
from transcripts.cast import WITH_AGENTS, Cast, Part, cast_of
from transcripts.models import Interaction, Participation, handled_by


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of an agent in an interaction that may be given to another one.

    `place` is the position among the interaction's participations; 0 is the main agent's, and the
    only one where a single agent has it all.
    """

    part: Part
    place: int

    @property
    def unknown(self) -> bool:
        return self.part.agent_id is None


def seats(cast: Cast) -> list[Seat]:
    """The places that can be given: the main agent's, and those of agents who are not known."""
    parts = cast.parts or (cast.main,)
    numbered = [Seat(part, part.row.position if part.row else 0) for part in parts]
    return [seat for seat in numbered if seat.place == 0 or seat.unknown]


def take_hold(ids: Collection[UUID], *, by: Actor) -> list[Interaction]:
    """Lock these interactions, in one order everywhere; refuse if one is gone."""
    rows = Interaction.objects.visible_to(by).filter(pk__in=ids).order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True))
    if len(held) != len(set(ids)):
        raise Gone(_("One of these conversations no longer exists. Select them again."))
    return held


def refuse_overtaken(
    held: Sequence[Interaction], expected: Mapping[UUID, UUID | None], *, place: int
) -> None:
    """Refuse where somebody else has named another agent since the page was shown."""
    for row in held:
        seat = next((one for one in seats(cast_of(row)) if one.place == place), None)
        if seat is None or seat.part.agent_id != expected[row.pk]:
            now = seat.part.name if seat and not seat.unknown else _("someone else")
            raise Conflict(
                _(
                    "A colleague has just assigned one of these conversations to %(agent)s. "
                    "Nothing was changed: check it again."
                )
                % {"agent": now}
            )


def losing(held: Sequence[Interaction], agent: Agent | None, *, place: int) -> set[UUID]:
    """The agents who will have no part in one of these any more."""
    there = {
        seat.part.agent_id for row in held for seat in seats(cast_of(row)) if seat.place == place
    }
    return {pk for pk in there if pk and pk != (agent.pk if agent else None)}


def give(row: Interaction, *, by: Actor, agent: Agent | None, place: int) -> bool:
    """Give a place in an interaction to an agent; False if they have it already."""
    seat = next(one for one in seats(cast_of(row)) if one.place == place)
    before = seat.part.agent_id
    if before == (agent.pk if agent else None):
        return False
    team = agent.team if agent else None
    if seat.part.row:
        Participation.objects.visible_to(by).filter(pk=seat.part.row.pk).update(
            agent=agent, team=team
        )
    if place == 0:
        row.agent, row.team = agent, team
        row.save(update_fields=["agent", "team"])
    data = {"from": str(before) if before else None, "to": str(agent.pk) if agent else None}
    audit.record(by, "interaction.agent_set", row, data)
    return True


def hold_all_of(agents: Collection[UUID], *, by: Actor) -> None:
    """Lock every interaction of these agents, in one order everywhere."""
    rows = Interaction.objects.visible_to(System(by.organization_id)).filter(handled_by(agents))
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def shared_by(one: Agent, other: Agent, *, by: Actor) -> list[Interaction]:
    """The interactions in which both took part."""
    rows = Interaction.objects.visible_to(by)
    return list(rows.filter(handled_by([one.pk])).filter(handled_by([other.pk])).order_by("pk"))


def merge(twin: Agent, *, into: Agent, by: Actor) -> tuple[list[UUID], list[UUID]]:
    """Whatever one agent handled was the other's all along; the team of the day stays.

    Gives the interactions and the participations that were the twin's.
    """
    own = Interaction.objects.visible_to(by).filter(agent=twin)
    parts = Participation.objects.visible_to(by).filter(agent=twin)
    moved = list(own.values_list("pk", flat=True)), list(parts.values_list("pk", flat=True))
    own.update(agent=into)
    parts.update(agent=into)
    return moved


def of_merge(merge: Merge, *, by: Actor) -> list[UUID]:
    """Every interaction that is still here of which a merge moved the whole or a part."""
    parts = Participation.objects.visible_to(by).filter(pk__in=merge.participations)
    joined = parts.values_list("interaction_id", flat=True)
    there = Interaction.objects.visible_to(by).filter(pk__in={*merge.interactions, *joined})
    return list(there.order_by("pk").values_list("pk", flat=True))


def give_back(row: Interaction, *, merge: Merge, twin: Agent, into: Agent, by: Actor) -> bool:
    """Undo a merge in one interaction; False if nothing in it is the other agent's any more."""
    parts = Participation.objects.visible_to(by).filter(
        interaction=row, agent=into, pk__in=merge.participations
    )
    changed = parts.update(agent=twin)
    if row.agent_id == into.pk and row.pk in merge.interactions:
        row.agent_id = twin.pk
        row.save(update_fields=["agent"])
        changed += 1
    return bool(changed)


def merge_teams(team: Team, *, into: Team | None, by: Actor) -> None:
    """What came in for a team that closes counts for another one, or for none."""
    Interaction.objects.visible_to(by).filter(team=team).update(team=into)
    Participation.objects.visible_to(by).filter(team=team).update(team=into)


def anew(rows: Sequence[Interaction], *, by: Actor) -> list[Interaction]:
    """The same interactions as they are stored now, with their agents."""
    found = Interaction.objects.visible_to(by).filter(pk__in=[row.pk for row in rows])
    return list(found.select_related("agent").prefetch_related(WITH_AGENTS).order_by("pk"))
