"""Who the agent is: one of the list by what is typed, or somebody new."""

from typing import Any

from django import forms

from qa.core.errors import Refused
from qa.organizations import directory
from qa.organizations.models import Agent
from qa.tenancy.base import Actor

NEW = ("new_name", "new_id", "new_team")


class WhoForm(forms.Form):
    """An agent to choose or to add. Suggestions come from the lists `agents` and `teams`."""

    who = forms.CharField(
        required=False,
        max_length=500,
        label="Agent",
        help_text="Type a part of the name and choose, or type an id.",
        widget=forms.TextInput(
            attrs={"list": "agents", "autocomplete": "off", "placeholder": "Name or id"}
        ),
    )
    new_name = forms.CharField(required=False, max_length=200, label="Name")
    new_id = forms.CharField(
        required=False,
        max_length=200,
        label="Id",
        help_text="As your phone system or help desk knows them.",
    )
    new_team = forms.CharField(
        required=False,
        max_length=200,
        label="Team",
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
            self.add_error("who", "Choose an agent or add one, not both.")
        elif who:
            self._find(who)
        elif not name and any(cleaned.get(field) for field in NEW):
            self.add_error("new_name", "Give the agent a name.")
        return cleaned

    def _find(self, who: str) -> None:
        try:
            self.found = directory.chosen(who, by=self.by)
        except Refused as error:
            if error.code != "no_such_agent":
                self.add_error("who", error.message)
                return
            self.add_error("new_name", f"{error.message} Save again to add them.")
            self.data = self.data.copy()
            self.data[self.add_prefix("who")] = ""
            self.data[self.add_prefix("new_name")] = who

    def agent(self) -> Agent:
        """The agent that was chosen, or is added now; the form must be valid and not empty."""
        if self.found:
            return self.found
        cleaned = self.cleaned_data
        team = directory.team_named(cleaned["new_team"], by=self.by)
        return directory.add_agent(
            by=self.by, name=cleaned["new_name"], external_id=cleaned["new_id"], team=team
        )
