"""Who is the agent and who the customer, where the file does not say: as told, never guessed.

    parsed = assign_roles(parsed, {"Dana Reyes": "agent"})

Two sources are trusted: the uploader's answers, and the organization's list of agents
(`AgentList`). The order of the turns is never one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from transcripts.formats.answers import Question
from transcripts.formats.mail.addresses import address_of
from transcripts.formats.mail.unfold import unfold, writer_of
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Parsed
from transcripts.formats.remarks import STRANGER, remarks_of

FREE_MAIL: Final = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"}
    | {"icloud.com", "me.com", "gmx.de", "gmx.net", "web.de", "aol.com", "proton.me", "mail.ru"}
)
Told = Callable[[CanonicalTurn], str]


@dataclass(frozen=True, slots=True)
class AgentList:
    """An organization's agents as its files may name them, in lower case.

    `names` are full names and ids, `addresses` e-mail addresses, `domains` the company's own.
    """

    names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def holds(self, label: str) -> bool:
        """True if a speaker label names one of them."""
        bare = " ".join(label.casefold().split())
        inner = bare[bare.find("<") + 1 : bare.rfind(">")] if "<" in bare else bare
        domain = inner.rpartition("@")[2] if "@" in inner else ""
        name = bare.partition("<")[0].strip()
        return name in self.names or inner in self.addresses or domain in self.domains


def assign_roles(parsed: Parsed, roles: Mapping[str, str]) -> Parsed:
    """Give speakers the roles that a person stated, by their labels as the file has them."""
    given = {label.strip(): role for label, role in roles.items()}

    def told(turn: CanonicalTurn) -> str:
        return given.get((turn.speaker or "").strip(), turn.role)

    known = (_with_roles(interaction, told) for interaction in parsed.interactions)
    return _settled(parsed, (unfold(one, _sides(one).holds) for one in known))


def assign_known_agents(parsed: Parsed, agents: AgentList) -> Parsed:
    """Recognise an organization's own agents among speakers whose role is not known.

    Where the agents of an interaction are known and exactly one other speaker is left without a
    role, that one is the customer.
    """
    return _settled(
        parsed, (_with_agents(interaction, agents) for interaction in parsed.interactions)
    )


def _with_agents(interaction: CanonicalInteraction, agents: AgentList) -> CanonicalInteraction:
    unknown = {
        turn.speaker for turn in interaction.turns if turn.role == "unknown" and turn.speaker
    }
    ours = {label for label in unknown if agents.holds(label)}
    roles_there = {turn.role for turn in interaction.turns}
    rest = unknown - ours
    ours_there = bool(ours) or "agent" in roles_there
    alone = len(rest) == 1 and ours_there and "customer" not in roles_there
    if STRANGER in remarks_of(interaction.metadata):
        alone = False  # the one who asked is somebody else

    writer = writer_of(interaction, agents.holds) if agents.domains else ""

    def told(turn: CanonicalTurn) -> str:
        if turn.role != "unknown":
            return turn.role
        if writer:
            return writer
        if turn.speaker in ours:
            return "agent"
        return "customer" if alone and turn.speaker in rest else "unknown"

    settled = _with_roles(interaction, told)
    speaking = _sides(settled)
    parted = unfold(settled, lambda label: agents.holds(label) or speaking.holds(label))
    return settled if parted is settled else _with_agents(parted, agents)


def _sides(interaction: CanonicalInteraction) -> AgentList:
    """The agents who speak in an interaction, and the domains that only they write from."""
    names = {(turn.speaker or "").casefold() for turn in interaction.turns if _is(turn, "agent")}
    names = {" ".join(name.partition("<")[0].split()) for name in names}
    ours, theirs = (
        {address for turn in interaction.turns if _is(turn, role) and (address := _address(turn))}
        for role in ("agent", "customer")
    )
    domains = {address.rpartition("@")[2] for address in ours}
    domains -= {address.rpartition("@")[2] for address in theirs} | FREE_MAIL
    return AgentList(frozenset(names - {""}), frozenset(ours), frozenset(domains))


def _is(turn: CanonicalTurn, role: str) -> bool:
    return turn.role == role and bool(turn.speaker)


def _address(turn: CanonicalTurn) -> str:
    return address_of(turn.speaker or "")


def _with_roles(interaction: CanonicalInteraction, told: Told) -> CanonicalInteraction:
    turns = tuple(replace(turn, role=told(turn)) for turn in interaction.turns)
    return interaction if turns == interaction.turns else replace(interaction, turns=turns)


def _settled(parsed: Parsed, interactions: Iterable[CanonicalInteraction]) -> Parsed:
    """Return the file with these interactions; the question of roles closes once all have one."""
    kept = tuple(interactions)
    unknown = any(turn.role == "unknown" for interaction in kept for turn in interaction.turns)
    left = tuple(question for question in parsed.open if question is not Question.ROLES)
    return replace(parsed, interactions=kept, open=(*left, Question.ROLES) if unknown else left)
