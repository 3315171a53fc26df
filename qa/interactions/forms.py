"""Forms of the list of interactions and of one interaction."""

from django import forms
from django.utils.translation import gettext_lazy

from transcripts.formats import ROLES

NAME_WANTED = gettext_lazy("Give the view a name of up to 80 characters.")


FILTERS_TOO_LONG = gettext_lazy("These filters are too long to save. Search for fewer words.")


class SavedViewForm(forms.Form):
    """A name for the filters of the list."""

    name = forms.CharField(
        max_length=80, error_messages=dict.fromkeys(("required", "max_length"), NAME_WANTED)
    )
    query = forms.CharField(
        max_length=1000, required=False, error_messages={"max_length": FILTERS_TOO_LONG}
    )
    shared = forms.BooleanField(required=False)
    of = forms.ChoiceField(
        required=False, choices=[("interactions", "interactions"), ("queue", "queue")]
    )

    def clean_of(self) -> str:
        """Which list it is of: that of all conversations, unless it is said."""
        return self.cleaned_data["of"] or "interactions"


class TurnForm(forms.Form):
    """A turn's place in the transcript."""

    turn = forms.IntegerField(min_value=0, max_value=1_000_000)


class RoleForm(TurnForm):
    """Who speaks in a turn."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])
