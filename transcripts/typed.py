"""What people type about an interaction, without the personal data that its transcript lost.

Names that were found in a transcript are kept nowhere, so typed text goes through the same rules
by itself (docs/adr/0032). The agents' names stay.
"""

from django.utils.translation import gettext as _

from qa.organizations.queries import own_words, redacted_kinds
from qa.tenancy.base import Actor
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import CanonicalInteraction, CanonicalTurn, SpeakingAgent
from transcripts.models import Interaction
from transcripts.names_model import redact


def redacted(text: str, interaction: Interaction, *, by: Actor) -> str:
    """The text as it may be stored; the same text where nothing is to be taken out."""
    agent = interaction.agent
    others = [part.agent for part in interaction.participations.select_related("agent")]
    named = [NamedAgent(one.external_id, one.name) for one in others if one]
    typed = CanonicalInteraction(
        channel=interaction.channel,
        turns=(CanonicalTurn("unknown", text),),
        agent=NamedAgent(agent.external_id, agent.name) if agent else None,
        agents=tuple(map(SpeakingAgent, named)),
    )
    return redact(typed, redacted_kinds(by), own_words(by))[0].turns[0].text


def told(text: str, clean: str) -> str:
    """A word on what redaction did to a text that somebody typed."""
    return "" if text == clean else " " + _("Personal data in it was redacted.")
