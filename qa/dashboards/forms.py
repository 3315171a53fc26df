"""What the dashboard and the list of moments are narrowed to, read from the address."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from qa.dashboards.scope import DEFAULT_PERIOD, LONGEST, PERIODS, Scope
from qa.organizations.models import Membership, Team
from qa.reviews.settled import NOBODY, NOT_MET, SETTLED_BY, Which
from qa.templatetags.heard import OUTCOMES
from scorecards.models import Emotion
from transcripts.models import Channel

DEFAULT_DAYS = 28
OUTCOME_CHOICES = {
    "empathy": "Empathy",
    "empathy_2": OUTCOMES["empathy_2"],
    "empathy_1": OUTCOMES["empathy_1"],
    "sympathy_only": OUTCOMES["sympathy_only"],
    "missed": OUTCOMES["missed"],
    "dismissed": OUTCOMES["dismissed"],
    NOT_MET: "Missed or dismissed",
}
SORTS = {
    "name": "Name",
    "moments": "Most feelings",
    "empathy": "Most empathy",
    "missed": "Most missed",
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NarrowForm(forms.Form):
    """From, to, team and channel: what every page of numbers can be narrowed to."""

    team = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(
        required=False, choices=[("", "Every channel"), *Channel.choices], label="Channel"
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(required=False, widget=DayInput, label="From")
        self.fields["to"] = forms.DateField(required=False, widget=DayInput, label="To")
        teams = Team.objects.visible_to(membership).order_by("name").values_list("id", "name")
        self.teams = [("", "Every team"), *((str(pk), name) for pk, name in teams)]
        self.fields["team"].choices = [*self.teams, (NOBODY, "No team")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and start > end:
            raise ValidationError("The period ends before it starts.")
        return cleaned

    def value(self, name: str) -> Any:
        """What was asked for, where it was valid; else nothing."""
        return getattr(self, "cleaned_data", {}).get(name) or ""

    @property
    def faults(self) -> list[str]:
        """What could not be used, in sentences."""
        return [
            message if name == "__all__" else f"{self.fields[name].label or name}: {message}"
            for name, messages in self.errors.items()
            for message in messages
        ]


class DashboardForm(NarrowForm):
    """The dashboard's filters; what is not valid falls back to the last twelve weeks."""

    period = forms.ChoiceField(
        required=False, choices=[(key, words) for key, (words, _) in PERIODS.items()]
    )
    by = forms.ChoiceField(required=False, choices=[("week", "Weeks"), ("day", "Days")])
    sort = forms.ChoiceField(required=False, choices=list(SORTS.items()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and (end - start).days >= LONGEST:
            raise ValidationError("A period can be two years long at most.")
        return cleaned

    def scope(self, agent: str = "") -> Scope:
        """The period and the narrowing that hold."""
        self.is_valid()
        today = timezone.now().date()
        narrowed = {"team": self.value("team"), "channel": self.value("channel"), "agent": agent}
        start, end = self.value("from"), self.value("to")
        if self.non_field_errors() or not (start or end):
            return Scope.of_period(self.value("period") or DEFAULT_PERIOD, today, **narrowed)
        return Scope(*_ends(start, end, today), **narrowed)


class MomentsForm(NarrowForm):
    """The filters of the list of moments. Without days, moments of any time are shown."""

    emotion = forms.ChoiceField(
        required=False, choices=[("", "Every feeling"), *Emotion.choices], label="Feeling"
    )
    outcome = forms.ChoiceField(
        required=False, choices=[("", "Every outcome"), *OUTCOME_CHOICES.items()], label="Outcome"
    )
    settled = forms.ChoiceField(
        required=False,
        choices=[("", "Pre-score or person"), *SETTLED_BY.items()],
        label="Settled by",
    )
    agent = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_agent(self) -> str:
        agent = str(self.cleaned_data["agent"])
        if agent in {"", NOBODY}:
            return agent
        try:
            return str(UUID(agent))
        except ValueError:
            raise ValidationError("there is no such agent.") from None

    def which(self) -> Which:
        """The moments asked for."""
        self.is_valid()
        wrong = bool(self.non_field_errors())
        names = ("agent", "team", "channel", "emotion", "outcome", "settled")
        return Which(
            start=None if wrong else self.value("from") or None,
            end=None if wrong else self.value("to") or None,
            **{name: self.value(name) for name in names},
        )


def _ends(start: date | str, end: date | str, today: date) -> tuple[date, date]:
    """Both ends of a period of which one may not be given."""
    if not isinstance(end, date):
        end = today
    if not isinstance(start, date):
        start = end - timedelta(days=DEFAULT_DAYS - 1)
    end = max(start, end)  # a period may start in the future: then there is nothing to count
    return max(start, end - timedelta(days=LONGEST)), end
