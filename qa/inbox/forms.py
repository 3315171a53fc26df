"""What a member chooses for notices."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.notices.models import Digest


class DigestForm(forms.Form):
    """How often one wants what one has not read by e-mail."""

    digest = forms.ChoiceField(
        choices=Digest.choices,
        widget=forms.RadioSelect,
        label=_("How often"),
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, first_weekday: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekly = gettext("Every %(weekday)s") % {"weekday": WEEKDAYS[first_weekday]}
        self.fields["digest"].choices = [  # type: ignore[attr-defined]
            (value, weekly if value == Digest.WEEKLY else words) for value, words in Digest.choices
        ]
