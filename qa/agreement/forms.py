"""Which judgements the page of agreement counts, and what an organization sets for its reviews."""

from django import forms

from transcripts.models import Channel


class AgreementForm(forms.Form):
    """Channel and language; what is not known counts as all."""

    channel = forms.ChoiceField(choices=[("", "All channels"), *Channel.choices], required=False)
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
        label="Blind reviews, per cent",
        help_text="In so many reviews the pre-score is hidden until the specialist has judged.",
    )
    second_percent = forms.IntegerField(
        min_value=0,
        max_value=100,
        label="Second readings, per cent",
        help_text="So many submitted reviews are read again by another specialist.",
    )
    threshold = forms.FloatField(
        min_value=0,
        max_value=1,
        label="Lowest kappa that is trusted",
        help_text="A label that agrees less with blind readings is no longer filled in by itself.",
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    least = forms.IntegerField(
        min_value=10,
        max_value=100_000,
        label="Blind judgements needed",
        help_text="With fewer nothing is withheld.",
    )
