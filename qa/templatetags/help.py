"""Links from a word to its meaning. Loaded as a built-in, as the tags of look.py are."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qa.first_steps.glossary import TERMS
from qa.first_steps.keys import LISTS, Group
from qa.templatetags.look import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def glossary(context: Any, key: str) -> SafeString:
    """A small link to a word's entry in the glossary, its meaning shown on hover."""
    term = TERMS[key]
    slug = context["membership"].organization.slug
    return format_html(
        '<a class="term" href="{}#{}" title="{}" aria-label="{}">{}</a>',
        reverse("help-glossary", kwargs={"slug": slug}),
        term.key,
        term.short,
        _("What “%(word)s” means") % {"word": str(term.word).strip("“”")},
        icon("circle-question-mark", "icon--small"),
    )


@register.simple_tag
def list_keys() -> Group:
    """The keys of lists of conversations."""
    return LISTS
