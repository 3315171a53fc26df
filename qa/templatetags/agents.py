"""The agents of an interaction in templates.

Of many interactions prefetch `WITH_AGENTS` (transcripts/cast.py), or each costs a query.
"""

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from scorecards import choices
from transcripts.cast import cast_of
from transcripts.models import Interaction

register = template.Library()


@register.filter
def agent_names(interaction: Interaction) -> str:
    """Everybody who is known to have taken part: "Dana Reyes", "Dana Reyes and Rui Costa"."""
    names = [part.name for part in cast_of(interaction).known]
    return str(get_text_list(names, _("and")))


@register.filter
def role_word(role: str) -> str:
    """Who speaks in a turn, in a word."""
    return choices.role_word(role)


@register.filter
def has_several_agents(interaction: Interaction) -> bool:
    """True if more than one agent has a part in it."""
    return cast_of(interaction).several
