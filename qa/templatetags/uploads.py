"""The upload page's own tags: an asking file's questions as a form, and what an answer is about."""

from django import template

from qa.intake.forms import AnswersForm
from qa.intake.question_forms import QUESTION_FORMS
from transcripts.models import UploadedFile

register = template.Library()


@register.simple_tag
def answers_form(file: UploadedFile, sent: AnswersForm | None = None) -> AnswersForm:
    """Give the form that was sent and not taken, with its faults; else an empty one."""
    return sent or AnswersForm.of(file)


@register.filter
def question_words(question: str) -> str:
    """Say what an answer is about."""
    form = QUESTION_FORMS.get(question)
    return form.name if form else question
