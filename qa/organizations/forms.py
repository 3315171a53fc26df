"""What the settings pages take: shapes and ranges; what may be chosen is the organization's own."""

import re
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
    SetPasswordMixin,
    UsernameField,
)
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.organizations import mailing
from qa.organizations.models import User
from qa.organizations.redactable import Redactable
from qa.organizations.roles import GIVEN
from qa.organizations.sign_in import is_own_password
from qa.outbox.actions import send_later
from qa.outbox.models import Mail
from transcripts.redaction import own_words

DOMAIN = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
MISMATCH: Final = _("The two passwords aren't the same.")
LIFETIMES = (
    ("", _("Never")),
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
)


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(
        max_length=100, help_text=_("What will use it, such as “CRM import”."), label=_("Name")
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, scope.label) for scope in GIVEN],
        widget=forms.CheckboxSelectMultiple,
        label=_("Permissions"),
        help_text=_("Give it only what it needs."),
    )
    days = forms.TypedChoiceField(
        choices=LIFETIMES, coerce=int, empty_value=None, required=False, label=_("Expires")
    )


class DomainsForm(forms.Form):
    """The company's own e-mail domains, one a line."""

    domains = forms.CharField(
        required=False,
        max_length=5_000,
        label=_("Domains"),
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "example.com"}),
        help_text=_("One per line. Leave out public mail services: customers write from them too."),
    )

    def clean_domains(self) -> list[str]:
        given = self.cleaned_data["domains"].replace(",", " ").split()
        domains = [domain.casefold().lstrip("@") for domain in given]
        wrong = [domain for domain in domains if not DOMAIN.fullmatch(domain)]
        if wrong:
            words = gettext("Not a domain: %(domains)s")
            raise forms.ValidationError(words % {"domains": ", ".join(wrong[:5])})
        return list(dict.fromkeys(domains))


class RedactionForm(forms.Form):
    """What is taken out of transcripts before they are stored."""

    kinds = forms.MultipleChoiceField(
        choices=Redactable.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Redacted in every transcript"),
        help_text=_("Payment card numbers are always redacted."),
    )
    removed_words = forms.CharField(
        required=False,
        label=_("Words that are always redacted"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One word or phrase per line, such as names of projects or places. Whole words are "
            "found in upper and lower case and replaced by [WORD]."
        ),
    )
    kept_words = forms.CharField(
        required=False,
        label=_("Words that are never redacted"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line, such as brands that look like names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.NAMES_MODEL:
            self.fields["kinds"].help_text = _(
                "Payment card numbers are always redacted. A language model also looks for names "
                "that nobody introduces."
            )

    def clean_removed_words(self) -> tuple[str, ...]:
        return self._words("removed_words", kept=False)

    def clean_kept_words(self) -> tuple[str, ...]:
        return self._words("kept_words", kept=True)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        always = {word.casefold() for word in cleaned.get("removed_words", ())}
        both = [word for word in cleaned.get("kept_words", ()) if word.casefold() in always]
        if both:
            self.add_error(
                "kept_words",
                _("“%(word)s” is in both lists. Remove it from one.") % {"word": both[0]},
            )
        return cleaned

    def _words(self, field: str, *, kept: bool) -> tuple[str, ...]:
        words = own_words.plain(self.cleaned_data[field].splitlines())
        if fault := own_words.fault_of(words, kept=kept):
            raise forms.ValidationError(fault)
        return words


class TrialForm(forms.Form):
    """Text on which the redaction is tried; nothing of it is kept."""

    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Invented, or pasted. Lines that begin with “Agent:” or “Customer:” are "
            "read as a conversation. None of it is stored or logged."
        ),
    )


class RowChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Rows by the words that people know them by; each form sets its organization's rows."""

    def __init__(self, *, words: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(queryset=None, required=False, **kwargs)
        self.words = words

    def label_from_instance(self, obj: Any) -> str:
        return self.words(obj)


class NewAccountForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # as above
    """The log-in that a person makes when they accept an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Choose a password"), label2=_("Password again")
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, "password1", "password2")
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.validate_passwords()
        person = User(email=self.email, name=cleaned.get("name", ""))
        self.validate_password_for_user(person, "password1")
        return cleaned


class OwnPasswordForm(PasswordChangeForm):
    """Another password of one's own."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["old_password"].label = _("Current password")
        wrong = _("This isn't your current password.")
        self.error_messages = {**self.error_messages, "password_incorrect": wrong}
        _in_our_words(self, "new_password1", "new_password2")

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not is_own_password(self.user, old, request=self.request):
            fault = self.error_messages["password_incorrect"]
            raise forms.ValidationError(fault, code="password_incorrect")
        return old


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # as above
    """A password for whoever followed the link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self, "new_password1", "new_password2")


class SignInForm(AuthenticationForm):
    """Signing in with an e-mail address, whatever its case."""

    username = UsernameField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autofocus": True, "autocapitalize": "none"}),
    )

    def get_invalid_login_error(self) -> forms.ValidationError:
        return forms.ValidationError(gettext("Wrong e-mail or password."), code="invalid_login")


class FirstOrLostPasswordForm(PasswordResetForm):
    """Has the link sent, to people who have never set a password too: the mailbox proves who asks.

    Whether anybody has the address is looked up by the worker that sends it. So nothing that is
    answered here can tell, not even how long the answer takes.
    """

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def save(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:  # type: ignore[override]
        """Write down for whom a link is asked for."""
        address = self.cleaned_data["email"].lower()
        send_later(Mail.Kind.PASSWORD, about=address, site=mailing.site_of(request))


def choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> RowChoice:
    """Let a field of the form be one of these rows."""
    field = form.fields[name]
    assert isinstance(field, RowChoice)  # noqa: S101 (the forms above say so)
    field.queryset = rows
    return field


def _in_our_words(form: Any, first: str, second: str) -> None:
    """What a password must be, in one line, and no second explanation."""
    form.error_messages = {**form.error_messages, "password_mismatch": MISMATCH}
    form.fields[first].help_text = _(
        "At least 12 characters. A few words that only you would put together are best."
    )
    form.fields[second].help_text = ""
    if first != "password1":
        form.fields[first].label, form.fields[second].label = (
            _("New password"),
            _("New password again"),
        )
