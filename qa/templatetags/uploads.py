"""The upload page's own tag: an asking file's questions as a form."""

from django import template

from qa.intake.forms import AnswersForm
from transcripts.models import UploadedFile

register = template.Library()


@register.simple_tag
def answers_form(file: UploadedFile, sent: AnswersForm | None = None) -> AnswersForm:
    """What was sent and not taken, with its faults; else an empty form."""
    return sent or AnswersForm.of(file)
