"""Who is agent and who customer, among the speakers whose role a file does not state."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

from django.utils.translation import gettext

from qa.intake.asks import Answer, Ask, Known, answer_or_ask
from qa.intake.question_details import NAMELESS, SPEAKERS, label_words, role_details
from qa.organizations import known_agents
from qa.tenancy.base import Actor
from transcripts.cast import ROLE_WORDS
from transcripts.formats import FORMATS, CanonicalInteraction, Parsed, Pushed, Question
from transcripts.formats.roles import assign_roles

SIDES: Final = {"customer", "agent"}
SHOWN: Final = ("agent", "bot", "system")  # roles whose speakers may be named


def settle_roles(
    parsed: Parsed, stated: Sequence[CanonicalInteraction], known: Known, *, by: Actor
) -> tuple[list[Pushed], Answer | Ask | None]:
    """Give speakers the roles that a person told, then those of the organization's own agents.

    Asks where a conversation still lacks its customer or its agent.
    """
    speakers = speakers_without_role(parsed.interactions)
    point = roles_of(parsed.format, speakers, known) if speakers else None
    if isinstance(point, Answer) and len(point.value) == len(speakers):
        parsed = assign_roles(parsed, dict(zip(speakers, point.value, strict=True)))
    pushed = known_agents.settle(list(map(Pushed, stated, parsed.interactions)), by=by)
    if not isinstance(point, Ask):
        return pushed, point
    settled = [each.as_settled for each in pushed]
    if not any(lacks_a_side(interaction) for interaction in settled):
        return pushed, None
    return pushed, replace(point, details=partial(role_details, settled, speakers))


def roles_of(format: str, speakers: Sequence[str], known: Known) -> Answer | Ask:  # noqa: A002
    """Find each speaker's role; fits other files where it holds for all speakers of a source.

    What was told of turns without a name holds for their file alone.
    """
    sources = [source_of(label) for label in speakers]
    point = answer_or_ask(Question.ROLES, (format, *sources), known)
    if isinstance(point, Ask) or len(point.value) != len(speakers) or not any(sources):
        return point
    if len(set(zip(sources, point.value, strict=True))) != len(set(sources)):
        return point
    told = list(zip(speakers, point.value, strict=True))
    return replace(point, words=partial(speaker_words, format, told))


def speakers_without_role(interactions: Sequence[CanonicalInteraction]) -> list[str]:
    """List the labels of the speakers whose role the file does not state, in an order of their own.

    The order is that of their sources, so that it is the same in the next file of the source.
    """
    labels = {
        (turn.speaker or "").strip()
        for interaction in interactions
        for turn in interaction.turns
        if turn.role == "unknown"
    }
    return sorted(labels, key=lambda label: (source_of(label), label))


def source_of(label: str) -> str:
    """Cut out what of a label stays in a source's next file: of an address, its domain."""
    bare = " ".join(label.casefold().split())
    return f"@{bare.rpartition('@')[2].rstrip('>')}" if "@" in bare else bare


def lacks_a_side(interaction: CanonicalInteraction) -> bool:
    """True if a speaker without a role may be the customer or the agent that is missing."""
    there = {turn.role for turn in interaction.turns}
    return not there >= SIDES and "unknown" in there


def speaker_words(format: str, told: Iterable[tuple[str, str]]) -> str:  # noqa: A002
    """Describe a source by its speakers, the customers' names left out."""
    known = ", ".join(_speaker(label, role) for label, role in islice(told, SPEAKERS))
    words = gettext("%(format)s files with %(speakers)s")
    return words % {"format": gettext(FORMATS[format].title), "speakers": known}


def _speaker(label: str, role: str) -> str:
    if role not in SHOWN:
        return gettext("a speaker (%(role)s)") % {"role": ROLE_WORDS.get(role, role)}
    told = {"name": label_words(label) or NAMELESS, "role": ROLE_WORDS[role]}
    return gettext("%(name)s (%(role)s)") % told
