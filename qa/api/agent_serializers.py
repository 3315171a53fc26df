"""Agents as the API takes and gives them, alone and several in one interaction."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from qa.api.prescore_serializers import ApologiesSerializer
from qa.organizations.models import Agent
from scorecards.attribution import Deeds
from transcripts.cast import Cast, Part


class AgentSerializer(serializers.Serializer[Any]):
    """The employee who handled the interaction, as the source names them."""

    external_id = serializers.CharField(allow_null=True, required=False, max_length=200)
    name = serializers.CharField(allow_null=True, required=False, max_length=200)
    team = serializers.CharField(allow_null=True, required=False, max_length=200)


class SpeakingAgentSerializer(AgentSerializer):
    """One of several agents; an external_id or a name is needed."""

    speakers = serializers.ListField(
        child=serializers.CharField(max_length=200),
        allow_null=True,
        required=False,
        help_text="The labels under which they speak, as in `turns[].speaker`. Their name, id and "
        "a first name that only one of the agents has are known without.",
    )


class KnownAgentSerializer(AgentSerializer):
    """The employee, as the organization's list has them."""

    id = serializers.UUIDField()


class AgentPartSerializer(KnownAgentSerializer):
    """One agent, and what of the interaction is theirs."""

    turns = serializers.ListField(
        child=serializers.IntegerField(), help_text="In which they speak."
    )
    moments = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="By the turn of their cue, as `cue_turn`: those whose outcome one of this "
        "agent's turns decided, or should have. As people settled it, else by the pre-score.",
    )
    volunteered = serializers.ListField(
        child=serializers.IntegerField(), help_text="Their turns with volunteered empathy."
    )
    apologies = ApologiesSerializer(
        allow_null=True, help_text="Of this agent alone: a first one that stays bare is `bare`."
    )


def known_agent(agent: Agent) -> dict[str, Any]:
    """An agent as the organization's list has them."""
    return {
        "id": str(agent.pk),
        "external_id": agent.external_id,
        "name": agent.name,
        "team": agent.team and agent.team.name,
    }


def known_agents(cast: Cast) -> list[dict[str, Any]]:
    """The agents of an interaction who are known, its own first."""
    return [known_agent(part.agent) for part in cast.known if part.agent]


def agent_part(found: Deeds) -> dict[str, Any]:
    """An agent with what is theirs."""
    agent = found.part.agent
    return {
        **(known_agent(agent) if agent else {}),
        "turns": found.turns,
        "moments": found.moments,
        "volunteered": found.volunteered,
        "apologies": found.apologies,
    }


def agent_id(part: Part | None) -> UUID | None:
    """The id of whose it is; null where that is nobody who is known."""
    return part.agent_id if part else None
