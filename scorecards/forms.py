"""Shape and range of what the pages of scorecards send, but for the builder itself."""

from django import forms
from django.utils.translation import gettext_lazy

from transcripts.models import Channel

STARTS = [
    ("", gettext_lazy("Empty scorecard")),
    ("empathy", gettext_lazy("Copy of the starter card “Empathy”")),
    ("general", gettext_lazy("Copy of the starter card “General service quality”")),
]


class NewCardForm(forms.Form):
    """A name, and what to start from."""

    name = forms.CharField(
        max_length=200,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Give the scorecard a name.")},
    )
    start = forms.ChoiceField(
        choices=STARTS,
        required=False,
        widget=forms.RadioSelect,
        label=gettext_lazy("Start from"),
        initial="",
    )


class RevisionForm(forms.Form):
    """Every change of a draft names the revision that the page showed."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000)


class UseForm(forms.Form):
    """Which new reviews use the card."""

    general = forms.BooleanField(required=False)
    channels = forms.MultipleChoiceField(choices=Channel.choices, required=False)
