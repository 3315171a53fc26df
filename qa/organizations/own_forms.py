"""What an organization's own pages, the account page and sign-up take."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.core.errors import Refused
from qa.organizations.addresses import fold
from qa.organizations.forms import NewAccountForm
from qa.organizations.logos import MOST_BYTES, Picture, read_picture
from qa.organizations.models import Organization, User
from qa.organizations.preferences import WeekStart, grouped_time_zones

PICTURES: Final = "image/png,image/jpeg,image/webp"
AS_IT_IS: Final = "default"  # no choice of one's own: what the browser, or the organization, says


def own_choice(value: str) -> str:
    """What is kept of a choice: nothing where there is none of one's own."""
    return "" if value == AS_IT_IS else value


def zone_field(**kwargs: Any) -> forms.ChoiceField:
    """A time zone, by region and place."""
    return forms.ChoiceField(choices=grouped_time_zones, label=gettext_lazy("Time zone"), **kwargs)


class OrganizationForm(forms.Form):
    """The organization's name and picture, and how its people read."""

    name = forms.CharField(max_length=200, label=gettext_lazy("Name"))
    logo = forms.FileField(
        required=False,
        label=gettext_lazy("Logo"),
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text=gettext_lazy("PNG, JPEG or WebP, up to 1 MB. A square works best."),
    )
    remove_logo = forms.BooleanField(required=False, label=gettext_lazy("Remove the logo"))
    time_zone = zone_field(
        help_text=gettext_lazy(
            "All times are shown in this zone, and days in figures begin at its midnight. "
            "People can choose another zone for the times they read."
        )
    )
    week_start = forms.TypedChoiceField(
        choices=WeekStart, coerce=int, label=gettext_lazy("Weeks begin on")
    )
    language = forms.TypedChoiceField(
        coerce=own_choice,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("For pages and e-mails, where a person hasn't chosen one."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "time_zone", "week_start"):
            self.initial[name] = getattr(organization, name)
        self.initial["language"] = organization.language or AS_IT_IS
        _offer_languages(self, _("Each person's browser language"))
        if not organization.logo_version:
            del self.fields["remove_logo"]

    def clean_logo(self) -> Picture | None:
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            return read_picture(sent.read(MOST_BYTES + 1))
        except Refused as error:
            raise forms.ValidationError(error.message) from error


class DeleteForm(forms.Form):
    """The first of two questions: the name, typed by hand."""

    name = forms.CharField(
        max_length=200,
        label=gettext_lazy("Type the organization's name"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = organization.name

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if " ".join(name.split()) != " ".join(self.wanted.split()):
            words = _("That isn't the name. Type it exactly: %(name)s")
            raise forms.ValidationError(words % {"name": self.wanted})
        return name


class PreferencesForm(forms.Form):
    """How a person reads: their own choice, or the organization's."""

    language = forms.TypedChoiceField(coerce=own_choice, label=gettext_lazy("Language"))
    time_zone = forms.TypedChoiceField(
        coerce=own_choice,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "For the times you read. Figures are counted by the organization's days."
        ),
    )

    def __init__(self, *args: Any, user: User, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = user.language or AS_IT_IS
        self.initial["time_zone"] = user.time_zone or AS_IT_IS
        theirs = dict(settings.LANGUAGES).get(organization.language)
        as_is = _("As in %(organization)s: %(choice)s")
        place = {"organization": organization.name}
        same = as_is % {**place, "choice": theirs} if theirs else _("My browser's language")
        _offer_languages(self, same)
        zone = as_is % {**place, "choice": organization.time_zone.replace("_", " ")}
        self.fields["time_zone"].choices = [(AS_IT_IS, zone), *grouped_time_zones()]  # type: ignore[attr-defined]


class SignUpForm(forms.Form):
    """The address that is to be proven."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )

    def clean_email(self) -> str:
        try:
            return fold(self.cleaned_data["email"])
        except Refused as error:
            raise forms.ValidationError(error.message) from error


class OpenForm(forms.Form):
    """The organization that somebody opens with the account that they have."""

    organization = forms.CharField(
        max_length=200,
        label=gettext_lazy("Name of your organization"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = zone_field(widget=forms.Select(attrs={"data-time-zone": True}), initial="UTC")


class OpenWithAccountForm(OpenForm, NewAccountForm):
    """The same, with the log-in of the first admin."""

    field_order = ("organization", "time_zone", "name", "password1", "password2")


def _offer_languages(form: forms.Form, none: str) -> None:
    form.fields["language"].choices = [(AS_IT_IS, none), *settings.LANGUAGES]  # type: ignore[attr-defined]
