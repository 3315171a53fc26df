"""Shape and range of what the queue sends."""

from uuid import UUID

from django import forms
from django.http import QueryDict

from qa.reviews.queries import WHOSE, QueueFilter
from scorecards.choices import CHOICES
from transcripts.models import Channel, Unfit

OUTCOMES = [(key, key) for key in CHOICES]


class QueueForm(forms.Form):
    """Filters of the queue; one that means nothing is left out."""

    channel = forms.ChoiceField(choices=Channel.choices, required=False)
    team = forms.UUIDField(required=False)
    outcome = forms.ChoiceField(choices=[*OUTCOMES, ("empathy", "empathy")], required=False)
    scorable = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)
    reason = forms.ChoiceField(choices=Unfit.choices, required=False)
    whose = forms.ChoiceField(choices=[(choice, choice) for choice in WHOSE], required=False)

    def filter(self) -> QueueFilter:
        """The filters that were understood."""
        self.is_valid()
        return QueueFilter(**{name: value for name, value in self.cleaned_data.items() if value})


class TakeForm(forms.Form):
    """Which interaction to take; none named means the next one."""

    interaction = forms.UUIDField(required=False)


class AssignForm(forms.Form):
    """Which conversations are to wait for whom, and from which list they were chosen."""

    to = forms.UUIDField(required=False)  # nobody: for everyone
    back = forms.ChoiceField(choices=[("queue", "queue"), ("interactions", "interactions")])
    query = forms.CharField(max_length=2000, required=False)
    interaction = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        chosen = data.getlist("interaction")
        self.fields["interaction"].choices = [(pk, pk) for pk in chosen if _is_uuid(pk)]  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
