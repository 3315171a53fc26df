"""The player of a conversation's recording."""

from typing import Any

from django import template

from transcripts.models import Interaction
from transcripts.recordings import recording_of

register = template.Library()


@register.inclusion_tag("transcripts/_recording.html", takes_context=True)
def recording(context: template.Context, interaction: Interaction) -> dict[str, Any]:
    """Draw the player, where there is something to play; its page needs `let_play`, too."""
    organization = context["membership"].organization
    return {"address": recording_of(interaction, organization)}
