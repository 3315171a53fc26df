"""What an agent may answer to a review."""

from django import forms


class AcknowledgeForm(forms.Form):
    """An answer is welcome, never needed."""

    answer = forms.CharField(
        required=False,
        max_length=2000,
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Please keep your answer under 2,000 characters."},
    )
