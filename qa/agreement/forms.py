"""Which judgements the page of agreement counts, and what an organization sets for its reviews."""

from django import forms
from django.utils.translation import gettext_lazy

from transcripts.models import Channel


class AgreementForm(forms.Form):
    """Channel and language; what is not known counts as all."""

    channel = forms.ChoiceField(
        choices=[("", gettext_lazy("All channels")), *Channel.choices], required=False
    )
    language = forms.CharField(max_length=20, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.full_clean()
        cleaned = getattr(self, "cleaned_data", {})
        return {name: cleaned.get(name) or "" for name in ("channel", "language")}


class PolicyForm(forms.Form):
    """The blind share, and when a label is withheld."""

    blind_percent = forms.IntegerField(
        min_value=0,
        max_value=100,
        label=gettext_lazy("Blind reviews (%)"),
        help_text=gettext_lazy(
            "Share of reviews where the pre-score is hidden until the reviewer has scored."
        ),
    )
    second_percent = forms.IntegerField(
        min_value=0,
        max_value=100,
        label=gettext_lazy("Second reviews (%)"),
        help_text=gettext_lazy("Share of submitted reviews that a second reviewer scores again."),
    )
    threshold = forms.FloatField(
        min_value=0,
        max_value=1,
        label=gettext_lazy("Minimum kappa for pre-fill"),
        help_text=gettext_lazy(
            "Labels that agree less than this with blind reviews are no longer pre-filled."
        ),
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    least = forms.IntegerField(
        min_value=10,
        max_value=100_000,
        label=gettext_lazy("Minimum blind judgements"),
        help_text=gettext_lazy("Below this number of blind judgements, pre-fill stays on."),
    )


class LeaveOutForm(forms.Form):
    """Why a reading does not count."""

    reason = forms.CharField(max_length=500)
