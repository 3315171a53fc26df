"""The agents of an interaction in templates.

Of many interactions prefetch `WITH_AGENTS` (transcripts/cast.py), or each costs a query.
"""

from django import template

from transcripts.cast import cast_of
from transcripts.models import Interaction

register = template.Library()


@register.filter
def agent_names(interaction: Interaction) -> str:
    """Everybody who is known to have taken part: "Dana Reyes", "Dana Reyes and Rui Costa"."""
    *others, last = [part.name for part in cast_of(interaction).known] or [""]
    return f"{', '.join(others)} and {last}" if others else last


@register.filter
def has_several_agents(interaction: Interaction) -> bool:
    """True if more than one agent has a part in it."""
    return cast_of(interaction).several
