"""The upload page's own tags: an asking file's questions as a form, and what an answer is about."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from qa.inbox.sentences import day_of
from qa.intake import facts
from qa.intake.forms import AgainForm, AnswersForm
from qa.intake.question_forms import QUESTION_FORMS
from transcripts.models import UploadedFile

register = template.Library()

NEEDS_FILE: Final = {
    "mail": gettext_lazy(
        "These e-mails quote each other, and your answer decides whose words are "
        "whose. That requires the original file."
    ),
    "clocks": gettext_lazy(
        "The clocks in this time zone change during one of the conversations. Working "
        "out its times requires the original file."
    ),
    "zone": gettext_lazy("Working out the times in this file requires the original file."),
    "column": gettext_lazy(
        "One of the columns you chose held personal data, which was removed while the "
        "file waited. That answer requires the original file."
    ),
    "header": gettext_lazy(
        "The header of this table holds personal data, so none of the file was kept."
    ),
    "size": gettext_lazy("The file is too long to be kept while it waits."),
    "answer": gettext_lazy("This answer requires the original file."),
}
FILLED: Final = {
    facts.AGENT: gettext_lazy("Agent as you said"),
    facts.TEAM: gettext_lazy("Team as you said"),
    facts.START: gettext_lazy("Start time as you said"),
    facts.METADATA: gettext_lazy("Details as you said"),
}


@register.simple_tag
def answers_form(file: UploadedFile, sent: AnswersForm | None = None) -> AnswersForm:
    """Give the form that was sent and not taken, with its faults; else an empty one."""
    return sent or AnswersForm.of(file)


@register.simple_tag
def facts_form(file: UploadedFile, sent: AgainForm | None = None) -> AgainForm:
    """Give the form of what a file does not say, with ids of its row's own."""
    return sent or AgainForm(auto_id=f"facts_{file.pk.hex}_%s")


@register.filter
def needs_words(reason: str) -> Promise:
    """Say why an answer can't be taken without the file."""
    return NEEDS_FILE.get(reason, NEEDS_FILE["answer"])


@register.filter
def filled_words(name: str) -> Promise | str:
    """Name what a person filled in."""
    return FILLED.get(name, name)


@register.filter
def question_words(question: str) -> Promise | str:
    """Say what an answer is about."""
    form = QUESTION_FORMS.get(question)
    return form.name if form else question


@register.filter
def day_words(moment: str) -> str:
    """The day of a moment or a day, both as ISO text, as people say it."""
    return day_of(moment)
