"""What a notice says of a conversation: by values, so that it reads well in any language."""

from typing import Any

from transcripts.models import Interaction


def facts_of(interaction: Interaction) -> dict[str, Any]:
    """Which conversation it is, by what kind it is and when it began; no text and no name."""
    began = interaction.started_at.isoformat() if interaction.started_at_known else None
    return {
        "interaction": str(interaction.pk),
        "channel": interaction.channel,
        "began": began,
        "came": interaction.received_at.isoformat(),
    }
