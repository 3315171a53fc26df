"""Who the agent is: one of the list by what is typed, or somebody new."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.core.errors import Refused
from qa.organizations import directory
from qa.organizations.forms import RowChoice, choose
from qa.organizations.models import Agent, Membership, Team
from qa.tenancy.base import Actor

NEW = ("new_name", "new_id", "new_team")


class WhoForm(forms.Form):
    """An agent to choose or to add. Suggestions come from the lists `agents` and `teams`."""

    who = forms.CharField(
        required=False,
        max_length=500,
        label=_("Agent"),
        help_text=_("Type part of the name and choose, or type an ID."),
        widget=forms.TextInput(
            attrs={"list": "agents", "autocomplete": "off", "placeholder": _("Name or ID")}
        ),
    )
    new_name = forms.CharField(required=False, max_length=200, label=_("Name"))
    new_id = forms.CharField(
        required=False,
        max_length=200,
        label=_("ID"),
        help_text=_("As in your phone system or help desk."),
    )
    new_team = forms.CharField(
        required=False,
        max_length=200,
        label=_("Team"),
        widget=forms.TextInput(attrs={"list": "teams", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.found: Agent | None = None

    @property
    def adds(self) -> bool:
        """True if the fields of somebody new are to be shown open."""
        return any(self[name].value() for name in NEW)

    @property
    def empty(self) -> bool:
        """True if nobody was named."""
        return not any(self.cleaned_data.get(name) for name in ("who", *NEW))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        who, name = cleaned.get("who", ""), cleaned.get("new_name", "")
        if who and name:
            self.add_error("who", _("Choose an agent or add one, not both."))
        elif who:
            self._find(who)
        elif not name and any(cleaned.get(field) for field in NEW):
            self.add_error("new_name", _("Give the agent a name."))
        return cleaned

    def _find(self, who: str) -> None:
        try:
            self.found = directory.chosen(who, by=self.by)
        except Refused as error:
            if error.code != "no_such_agent":
                self.add_error("who", error.message)
                return
            self.add_error(
                "new_name", _("%(reason)s Save again to add them.") % {"reason": error.message}
            )
            moved = {self.add_prefix("who"): "", self.add_prefix("new_name"): who}
            self.data = {**self.data.dict(), **moved}  # type: ignore[attr-defined]  # a QueryDict

    def agent(self) -> Agent:
        """The agent that was chosen, or is added now; the form must be valid and not empty."""
        if self.found:
            return self.found
        cleaned = self.cleaned_data
        team = directory.team_named(cleaned["new_team"], by=self.by)
        return directory.add_agent(
            by=self.by, name=cleaned["new_name"], external_id=cleaned["new_id"], team=team
        )


class OneLineForm(forms.Form):
    """Who the agent is, in one field: a name that is not on the list yet is added to it."""

    who = forms.CharField(
        max_length=400,
        label=_("Who is the agent?"),
        error_messages={"required": _("Choose an agent, or type a new name.")},
    )


class AgentForm(forms.Form):
    """An agent's name, id and team."""

    name = forms.CharField(max_length=200, label=_("Name"))
    external_id = forms.CharField(
        required=False,
        max_length=200,
        label=_("ID"),
        help_text=_("How your files name this agent. If you leave it empty, we use the name."),
    )
    team = RowChoice(
        words=lambda team: str(team.name),
        label=_("Team"),
        empty_label=_("None"),
        help_text=_("Conversations that are already here stay with their team."),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "team", Team.objects.visible_to(by).by_name())
        if self.initial:  # left empty, it stays as it is
            self.fields["external_id"].help_text = _("How your files name this agent.")


class TeamForm(forms.Form):
    """A team's name, and who leads it."""

    name = forms.CharField(max_length=200, label=_("Name"))
    manager = RowChoice(
        words=lambda member: str(member.user.name),
        label=_("Team lead"),
        empty_label=_("None yet"),
        help_text=_("Managers and admins can lead a team."),
    )

    def __init__(self, *args: Any, by: Actor, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = not named  # left empty, a team keeps its name
        choose(self, "manager", Membership.objects.visible_to(by).leaders())


class RemoveTeamForm(forms.Form):
    """Where a team's agents go when it closes."""

    to = RowChoice(
        words=lambda team: str(team.name), label=_("Move them to"), empty_label=_("No team")
    )

    def __init__(self, *args: Any, by: Actor, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", Team.objects.visible_to(by).exclude(pk=team.pk).by_name())


class MergeForm(forms.Form):
    """With whom an agent is merged; where both have a log-in, whose stays."""

    who = forms.CharField(
        max_length=500,
        label=_("Same person as"),
        help_text=_("That agent stays. Type part of the name and choose, or type an ID."),
        widget=forms.TextInput(attrs={"list": "agents", "autocomplete": "off"}),
    )
    login = forms.ChoiceField(
        required=False, label=_("Whose log-in stays"), widget=forms.RadioSelect, choices=()
    )


class TableForm(forms.Form):
    """A table of agents or of teams."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": _("Choose the file.")},
    )
