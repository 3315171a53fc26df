"""What the page of recordings takes."""

from typing import Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from qa.core.origins import origin_of

MOST: Final = 20


class RecordingsForm(forms.Form):
    """The servers from which recordings may be played, one a line."""

    recording_origins = forms.CharField(
        required=False,
        max_length=5_000,
        label=gettext_lazy("Servers with recordings"),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "https://recordings.example.com"}),
        help_text=gettext_lazy("One https address per line. Leave empty to switch players off."),
    )

    def clean_recording_origins(self) -> list[str]:
        given = self.cleaned_data["recording_origins"].split()
        wrong = [address for address in given if not origin_of(address)]
        if wrong:
            words = gettext("Not an https address: %(addresses)s")
            raise forms.ValidationError(words % {"addresses": ", ".join(wrong[:5])})
        origins = sorted({origin_of(address) for address in given})
        if len(origins) > MOST:
            words = gettext("At most %(most)s servers are possible.")
            raise forms.ValidationError(words % {"most": MOST})
        return origins
