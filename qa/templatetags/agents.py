"""The agents of an interaction in templates.

Of many interactions prefetch `WITH_AGENTS` (transcripts/cast.py), or each costs a query.
"""

from django import template
from django.utils.translation import gettext as _

from transcripts.cast import ROLE_WORDS, cast_of
from transcripts.models import Interaction

register = template.Library()


@register.filter
def agent_names(interaction: Interaction) -> str:
    """Everybody who is known to have taken part: "Dana Reyes", "Dana Reyes and Rui Costa"."""
    *others, last = [part.name for part in cast_of(interaction).known] or [""]
    if not others:
        return last
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


@register.filter
def has_several_agents(interaction: Interaction) -> bool:
    """True if more than one agent has a part in it."""
    return cast_of(interaction).several


@register.filter
def role_word(role: str) -> str:
    """The word for a speaker's role in a transcript."""
    return str(ROLE_WORDS.get(role, role))
