"""What a member chooses for notices."""

from django import forms
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
