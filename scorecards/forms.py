"""Shape and range of what the pages of scorecards send, but for the builder itself."""

from django import forms

from transcripts.models import Channel

STARTS = [
    ("", "An empty card"),
    ("empathy", "As the starter card Empathy"),
    ("general", "As the starter card General service quality"),
]


class NewCardForm(forms.Form):
    """A name, and what to start from."""

    name = forms.CharField(max_length=200, error_messages={"required": "Give it a name."})
    start = forms.ChoiceField(
        choices=STARTS, required=False, widget=forms.RadioSelect, label="Start from", initial=""
    )


class RevisionForm(forms.Form):
    """Every change of a draft names the revision that the page showed."""

    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000)


class UseForm(forms.Form):
    """Which new reviews use the card."""

    general = forms.BooleanField(required=False)
    channels = forms.MultipleChoiceField(choices=Channel.choices, required=False)
