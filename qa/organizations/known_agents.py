"""An organization's own agents among the speakers of its files: by name, id, address or domain.

A first name alone finds nobody here: another agent of that name may not be on the list yet, and
whoever an interaction is given to may read it.

    pushed = settle(pushed, by=key)

A speaker whose role the file states keeps it. Nothing is read where every role is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from qa.organizations.models import Agent, Membership
from qa.organizations.queries import email_domains
from qa.tenancy.base import Actor
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction, Parsed, Pushed, SpeakingAgent
from transcripts.formats.attribution import AgentLabels, together
from transcripts.formats.labels import name_in
from transcripts.formats.roles import AgentList, assign_known_agents


@dataclass(frozen=True, slots=True)
class KnownAgents:
    """The agents that some labels may name, and whose each name is where it is only one's."""

    listed: AgentList
    ids: dict[str, str]

    def id_of(self, label: str) -> str | None:
        """Give the agent's external id; None where the label names nobody, or only a domain."""
        return next((self.ids[part] for part in _parts(label) if part in self.ids), None)


def settle(pushed: Sequence[Pushed], *, by: Actor) -> list[Pushed]:
    """Give the organization's agents their role, and each interaction its agent."""
    interactions = tuple(each.as_settled for each in pushed)
    labels = {label for interaction in interactions for label in _without_role(interaction)}
    named = {label for interaction in interactions for label in _unnamed(interaction)}
    if not labels and not named:
        return list(pushed)
    known = find(labels | named, by=by)
    settled = assign_known_agents(Parsed("", interactions), known.listed).interactions
    return [
        replace(each, as_settled=_attributed(interaction, known))
        for each, interaction in zip(pushed, settled, strict=True)
    ]


def find(labels: Iterable[str], *, by: Actor) -> KnownAgents:
    """Find the organization's agents whom labels may name, in three queries."""
    parts = {part for label in labels for part in _parts(label)}
    ids: dict[str, set[str]] = {}
    agents = Agent.objects.visible_to(by, merged=True).annotate(
        low_name=Lower("name"),
        low_id=Lower("external_id"),
        counts_as=Coalesce("merged_into__external_id", "external_id"),
    )
    named = agents.filter(Q(low_name__in=parts) | Q(low_id__in=parts))
    for external_id, *words in named.values_list("counts_as", "low_name", "low_id"):
        for word in words:
            ids.setdefault(word, set()).add(external_id)
    members = Membership.objects.visible_to(by).annotate(low=Lower("user__email"))
    with_login = members.filter(low__in=parts, agent__isnull=False)
    addresses = dict(with_login.values_list("low", "agent__external_id"))
    domains = frozenset(email_domains(by))
    listed = AgentList(frozenset(ids), frozenset(addresses), domains)
    alone = {word: next(iter(found)) for word, found in ids.items() if len(found) == 1}
    return KnownAgents(listed, alone | addresses)


def _attributed(interaction: CanonicalInteraction, known: KnownAgents) -> CanonicalInteraction:
    """Name the agents of the list who speak in it, beside those whom the file names."""
    found: dict[str, list[str]] = {}
    for label in _unnamed(interaction):
        if agent := known.id_of(label):
            found.setdefault(agent, []).append(label)
    speaking = [
        SpeakingAgent(NamedAgent(external_id=agent), tuple(labels))
        for agent, labels in found.items()
    ]
    if len(speaking) == 1 and interaction.main_agent is None:
        return replace(interaction, agent=speaking[0].agent)
    return replace(interaction, agents=(*interaction.agents, *speaking)) if found else interaction


def _unnamed(interaction: CanonicalInteraction) -> list[str]:
    """Labels of agents' turns that are nobody's whom the file itself names, in order."""
    there = together(interaction.agent, interaction.agents)
    owners = AgentLabels(there)
    return [
        label
        for label in _agents_in(interaction)
        if not there or (owners.place_of(label) is None and name_in(label))
    ]


def _without_role(interaction: CanonicalInteraction) -> set[str]:
    return {turn.speaker for turn in interaction.turns if turn.role == "unknown" and turn.speaker}


def _agents_in(interaction: CanonicalInteraction) -> dict[str, None]:
    spoken = (turn.speaker for turn in interaction.turns if turn.role == "agent")
    return dict.fromkeys(label for label in spoken if label)


def _parts(label: str) -> list[str]:
    """Cut out what of a label may be a name or an address, as AgentList looks at it."""
    bare = " ".join(label.casefold().split())
    inner = bare[bare.find("<") + 1 : bare.rfind(">")] if "<" in bare else bare
    named = " ".join(name_in(label).casefold().split())
    return list(dict.fromkeys(filter(None, [inner, bare.partition("<")[0].strip(), bare, named])))
