"""Shape and range of rules, and of who is excluded from what."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.organizations.models import Agent, Membership, Role, Team
from qa.sampling.models import Kind, Rule
from qa.sampling.waiting import Waiting
from qa.tenancy.base import Actor
from transcripts.models import Channel

LISTED = 500


def kind_asked_for(value: str) -> Kind | None:
    """The kind of rule that the address names."""
    return Kind(value) if value in Kind.values else None


class RuleForm(forms.Form):
    """A rule of one kind; only what concerns that kind is asked."""

    name = forms.CharField(max_length=100, label=gettext_lazy("Name"))
    percent = forms.FloatField(
        min_value=0.1, max_value=100, label=gettext_lazy("Share (%)"), initial=5
    )
    per_week = forms.IntegerField(min_value=1, max_value=1000)
    below = forms.FloatField(
        min_value=1, max_value=100, initial=60, label=gettext_lazy("Confidence below (%)")
    )
    days = forms.IntegerField(min_value=1, max_value=365, initial=30, label=gettext_lazy("Days"))
    channels = forms.MultipleChoiceField(
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Channels"),
        help_text=gettext_lazy("Leave empty for all channels."),
    )
    teams = forms.TypedMultipleChoiceField(
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Teams"),
        help_text=gettext_lazy("Leave empty for all teams."),
    )
    priority = forms.TypedChoiceField(
        coerce=int,
        choices=Rule.Priority.choices,
        initial=Rule.Priority.NORMAL,
        label=gettext_lazy("Priority"),
    )
    assignment = forms.ChoiceField(
        choices=Rule.Assignment.choices,
        initial=Rule.Assignment.SHARED,
        widget=forms.RadioSelect,
        label=gettext_lazy("Assign to"),
    )
    specialists = forms.TypedMultipleChoiceField(
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Reviewers"),
        help_text=gettext_lazy(
            "Reviewers never get their own conversations, or ones they are excluded from."
        ),
    )
    return_days = forms.IntegerField(
        min_value=1,
        max_value=60,
        initial=3,
        label=gettext_lazy("Return to queue after (days)"),
        help_text=gettext_lazy(
            "Conversations the reviewer hasn't started by then go back to the shared queue."
        ),
    )

    def __init__(self, *args: Any, kind: str, membership: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_what_concerns(kind)
        teams = Team.objects.visible_to(membership).order_by("name").values_list("id", "name")
        people = Membership.objects.visible_to(membership).exclude(role=Role.AGENT)
        named = people.order_by("user__name", "id").values_list("id", "user__name")[:LISTED]
        self._choose("teams", teams)
        self._choose("specialists", named)

    def _keep_what_concerns(self, kind: str) -> None:
        wanted = {"share": "percent", "low_confidence": "below"}
        wanted |= {"disputed": "days", "new_agent": "days"}
        for name in ("percent", "below", "days"):
            if wanted.get(kind) != name:
                del self.fields[name]
        per_week = self.fields["per_week"]
        if kind == Kind.SHARE:
            del self.fields["per_week"]
        elif kind == Kind.NUMBER:
            per_week.label, per_week.initial = _("Conversations per agent per week"), 3
        else:
            per_week.label, per_week.required = _("Maximum per agent per week"), False

    def _choose(self, name: str, rows: Any) -> None:
        choices = [(str(pk), label) for pk, label in rows]
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        """The rule's values, as they are kept."""
        return dict(self.cleaned_data)

    def clean_below(self) -> float:
        percent: float = self.cleaned_data["below"]
        return percent / 100

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        alone = cleaned.get("assignment") == Rule.Assignment.SHARED
        if not alone and "assignment" in cleaned and not cleaned.get("specialists"):
            self.add_error(
                "specialists", _("Choose at least one reviewer, or use the shared queue.")
            )
        return cleaned


def values_of(rule: Rule) -> dict[str, Any]:
    """A rule's values as the form shows them."""
    names = ("name", "percent", "per_week", "days", "channels", "priority", "assignment")
    found = {name: getattr(rule, name) for name in (*names, "return_days")}
    found["below"] = round((rule.below or 0) * 100, 2)
    found["teams"] = [str(team) for team in rule.teams]
    found["specialists"] = [str(specialist) for specialist in rule.specialists]
    return found


class SwitchForm(forms.Form):
    """On, from now or from the last weeks as well, or off; and what becomes of what waits."""

    to = forms.ChoiceField(choices=[("now", "now"), ("back", "back"), ("off", "off")])
    waiting = forms.ChoiceField(choices=Waiting.choices, required=False)


class ExclusionForm(forms.Form):
    """A member, and the agent or the team whose conversations they do not review."""

    member: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Reviewer"))
    agent: Any = forms.ModelChoiceField(queryset=None, required=False, label=gettext_lazy("Agent"))
    team: Any = forms.ModelChoiceField(
        queryset=None, required=False, label=gettext_lazy("Or a whole team")
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.visible_to(membership).exclude(role=Role.AGENT)
        rows = {
            "member": people.select_related("user").order_by("user__name", "id"),
            "agent": Agent.objects.visible_to(membership).active().order_by("name", "id"),
            "team": Team.objects.visible_to(membership).order_by("name", "id"),
        }
        for name, found in rows.items():
            field: Any = self.fields[name]
            field.queryset = found
            field.label_from_instance = _named
        self.fields["agent"].empty_label = self.fields["team"].empty_label = "–"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("agent")) == bool(cleaned.get("team")) and not self.errors:
            self.add_error("agent", _("Choose either an agent or a team."))
        return cleaned


def _named(row: Any) -> str:
    return str(row.user.name if isinstance(row, Membership) else row.name)
