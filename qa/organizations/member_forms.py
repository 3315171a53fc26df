"""What the pages of members take: whom to invite, what somebody is, and one's own log-in."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qa.core.errors import Refused
from qa.organizations import mailing, several
from qa.organizations.addresses import fold
from qa.organizations.forms import RowChoice, choose
from qa.organizations.models import Agent, Membership, Role, Team, User
from qa.organizations.sign_in import is_own_password
from qa.tenancy.base import Actor

OFFERED: Final = 300  # agents a list of choices holds; the agents page leads to the others
ROLES: Final = _(
    "Specialists review and coach. Managers also see teams and figures. Admins also set things up. "
    "Agents read their own feedback."
)
LINK: Final = "link"
NEW: Final = "new"  # of the agent profiles: one that is made now


class ProfileChoice(RowChoice):
    """An agent profile of the list, or NEW."""

    def clean(self, value: Any) -> Any:
        return NEW if value == NEW else super().clean(value)


class RoleForm(forms.Form):
    """A member's role, and which agent they are."""

    role = forms.ChoiceField(choices=Role.choices, label=_("Role"), help_text=ROLES)
    agent = ProfileChoice(
        words=lambda agent: str(agent.label),
        label=_("Agent profile"),
        empty_label=_("None: handles no conversations"),
        help_text=_("Needed for the role Agent: whose conversations they get feedback on."),
    )

    def __init__(
        self, *args: Any, by: Actor, membership: Membership | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        free = Agent.objects.visible_to(by).active().without_login()
        if membership and membership.agent_id:
            free |= Agent.objects.visible_to(by).filter(pk=membership.agent_id)
        _offer(self, free.by_name(), chosen=self["agent"].value())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.AGENT and not cleaned.get("agent") and not self.errors:
            self.add_error("agent", gettext("Choose an agent profile, or create one."))
        return cleaned

    def profile(self, name: str, team: Team | None = None) -> Agent | None:
        """The agent that was chosen; where a new one was, it is made with this name."""
        chosen: Agent | str | None = self.cleaned_data["agent"]
        if isinstance(chosen, str):
            return several.agent_called(name, by=self.by, team=team)
        return chosen


class DeliveryForm(forms.Form):
    """How an invitation reaches its person, where there is a choice."""

    delivery = forms.ChoiceField(
        required=False,
        initial="mail",
        choices=[("mail", _("By e-mail")), (LINK, _("By a link that you pass on"))],
        widget=forms.RadioSelect,
        label=_("How the invitation goes out"),
        help_text=_("A log-in made with a passed-on link works in this organization only."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mailing.goes_out():
            del self.fields["delivery"]

    @property
    def mailed(self) -> bool:
        """True if the link goes to the mailbox, and to nobody else."""
        return mailing.goes_out() and self.cleaned_data.get("delivery") != LINK


class InvitationForm(RoleForm, DeliveryForm):
    """Who is asked to join, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("They can change it when they join.")
    )
    team = RowChoice(
        words=lambda team: str(team.name),
        label=_("Team"),
        empty_label=_("None yet"),
        help_text=_("Of a new agent profile."),
    )
    field_order = ("email", "name", "role", "agent", "team", "delivery")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        _offer_teams(self, by)

    def clean_email(self) -> str:
        return _folded(self.cleaned_data["email"])


class SeveralForm(DeliveryForm):
    """Who is asked to join, one or several addresses a line, all with one role."""

    people = forms.CharField(
        label=_("People"),
        max_length=50_000,
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "Ann Lee <ann@example.com>\nrui@example.com",
            }
        ),
        help_text=_("Paste addresses, with or without names, from an e-mail or a spreadsheet."),
    )
    role = forms.ChoiceField(choices=Role.choices, label=_("Role of all of them"), help_text=ROLES)
    team = RowChoice(
        words=lambda team: str(team.name),
        label=_("Team"),
        empty_label=_("None yet"),
        help_text=_(
            "For agents. Each gets the agent profile with their name, or a new one in this team."
        ),
    )
    field_order = ("people", "role", "team", "delivery")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_teams(self, by)

    def clean_people(self) -> list[several.Line]:
        lines = several.read(self.cleaned_data["people"])
        if not lines:
            raise forms.ValidationError(gettext("Type at least one e-mail address."))
        if len(lines) > several.AT_ONCE:
            words = gettext("You entered %(count)s people. Invite at most %(most)s at a time.")
            raise forms.ValidationError(words % {"count": len(lines), "most": several.AT_ONCE})
        return lines


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As your colleagues see it, also beside what you have reviewed."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AddressForm(forms.Form):
    """Another e-mail address to sign in with."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        return _folded(self.cleaned_data["email"])


class ConfirmForm(forms.Form):
    """One's password, once more."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not is_own_password(self.user, password, request=self.request):
            raise forms.ValidationError(gettext("This isn't your password."))
        return password


def _folded(email: str) -> str:
    try:
        return fold(email)
    except Refused as error:
        raise forms.ValidationError(error.message) from error


def _offer_teams(form: forms.Form, by: Actor) -> None:
    teams = Team.objects.visible_to(by).by_name()
    choose(form, "team", teams)
    if not teams.exists():
        del form.fields["team"]


def _offer(form: forms.Form, rows: QuerySet[Agent], *, chosen: object) -> None:
    """Accept any of these agents; list the first ones, the chosen one, and a new one."""
    field = choose(form, "agent", rows)
    listed = list(rows[:OFFERED])
    try:
        picked = field.clean(chosen)
    except forms.ValidationError:
        picked = None
    if isinstance(picked, Agent) and picked not in listed:
        listed.append(picked)
    choices = [(agent.pk, field.label_from_instance(agent)) for agent in listed]
    first = [("", field.empty_label), (NEW, gettext("A new profile with their name"))]
    field.widget.choices = [*first, *choices]
