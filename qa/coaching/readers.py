"""Whether anybody will read the review of an interaction."""

from dataclasses import dataclass

from qa.organizations.models import Agent, Invitation, Membership, Role
from qa.tenancy.base import Actor
from transcripts.cast import cast_of
from transcripts.models import Interaction


@dataclass(frozen=True, slots=True)
class NoReader:
    """Why nobody will read it: no agent is known, or the agent has no log-in."""

    agent: Agent | None
    invited: bool = False


def no_reader(interaction: Interaction, *, by: Actor) -> NoReader | None:
    """What stands in the way of the feedback; None where an agent who took part signs in."""
    cast = cast_of(interaction)
    if not cast.known:
        return NoReader(None)
    members = Membership.objects.visible_to(by).filter(role=Role.AGENT)
    if members.filter(agent__in=cast.agent_ids).exists():
        return None
    invited = Invitation.objects.visible_to(by).filter(agent__in=cast.agent_ids)
    return NoReader(cast.known[0].agent, invited.exists())
