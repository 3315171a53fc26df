"""What the dashboard and the list of moments are narrowed to, read from the address."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.dashboards.gestures import GestureFilter
from qa.dashboards.scope import DEFAULT_PERIOD, LONGEST, PERIODS, PRESETS, Scope
from qa.reviews.counted_moments import NOT_MET, SETTLED_BY, SURE, MomentFilter
from scorecards.choices import CHOICE_WORDS, FEELINGS, GestureKind
from transcripts.filters import NOBODY, ScopeForm

DEFAULT_DAYS = 28
OUTCOME_CHOICES = {
    "empathy": gettext_lazy("Empathy"),
    "empathy_2": CHOICE_WORDS["empathy_2"],
    "empathy_1": CHOICE_WORDS["empathy_1"],
    "sympathy_only": CHOICE_WORDS["sympathy_only"],
    "missed": CHOICE_WORDS["missed"],
    "dismissed": CHOICE_WORDS["dismissed"],
    NOT_MET: gettext_lazy("Missed or dismissed"),
}
GESTURE_CHOICES = {
    "volunteered": gettext_lazy("Volunteered empathy"),
    "apologies": gettext_lazy("Apologies"),
    **dict(GestureKind.choices),
}
SORTS = {
    "name": gettext_lazy("Name"),
    "moments": gettext_lazy("Most feelings"),
    "empathy": gettext_lazy("Most empathy"),
    "missed": gettext_lazy("Most missed"),
}


class DashboardForm(ScopeForm):
    """The dashboard's filters; what is not valid falls back to the last twelve weeks."""

    period = forms.ChoiceField(
        required=False, choices=[(key, words) for key, (words, _days) in PERIODS.items()]
    )
    by = forms.ChoiceField(
        required=False, choices=[("week", gettext_lazy("Weeks")), ("day", gettext_lazy("Days"))]
    )
    sort = forms.ChoiceField(required=False, choices=list(SORTS.items()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and (end - start).days >= LONGEST:
            raise ValidationError(_("Choose a period of two years or less."))
        return cleaned

    def scope(self, agent: str = "") -> Scope:
        """The period and the narrowing that hold."""
        today = self.calendar.today()
        narrowed = self.narrowed()
        start, end, _zone = (narrowed.pop(name) for name in ("start", "end", "zone"))
        narrowed["calendar"] = self.calendar
        if not (start or end):
            period = self.value("period") or DEFAULT_PERIOD
            if period in PRESETS:
                return Scope.of_preset(period, agent=agent, **narrowed)
            return Scope.of_period(period, today, agent=agent, **narrowed)
        return Scope(*_ends(start, end, today), agent=agent, **narrowed)

    @property
    def words(self) -> list[str]:
        """What is chosen, in words: a page on paper has no selects."""
        found = []
        for name in ("team", "agent", "card", "channel"):
            choices = getattr(self.fields.get(name), "widget", None)
            found += [
                str(words)
                for value, words in getattr(choices, "choices", ())
                if value and value == str(self.value(name))
            ]
        return found


class OfAgentForm(ScopeForm):
    """The filters of a list that an agent's page opens. Without days, any time is shown."""

    agent = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_agent(self) -> str:
        agent = str(self.cleaned_data["agent"])
        if agent in {"", NOBODY}:
            return agent
        try:
            return str(UUID(agent))
        except ValueError:
            raise ValidationError(_("there is no such agent.")) from None


class MomentsForm(OfAgentForm):
    """The filters of the list of moments."""

    emotion = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Any feeling")), *FEELINGS],
        label=gettext_lazy("Feeling"),
    )
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Any outcome")), *OUTCOME_CHOICES.items()],
        label=gettext_lazy("Outcome"),
    )
    settled = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Source: any")), *SETTLED_BY.items()],
        label=gettext_lazy("Source"),
    )

    sure = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Any certainty")), *SURE.items()],
        label=gettext_lazy("Certainty"),
    )

    def filter(self) -> MomentFilter:
        """The moments asked for."""
        return MomentFilter(**self.narrowed("agent", "emotion", "outcome", "settled", "sure"))


class GesturesForm(OfAgentForm):
    """The filters of the list of volunteered empathy and apologies."""

    kind = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Volunteered empathy and apologies")), *GESTURE_CHOICES.items()],
        label=gettext_lazy("Kind"),
    )

    def filter(self) -> GestureFilter:
        """The gestures asked for."""
        return GestureFilter(**self.narrowed("agent", "kind"))


def _ends(start: date | None, end: date | None, today: date) -> tuple[date, date]:
    """Both ends of a period of which one may not be given."""
    end = end or (max(start, today) if start else today)
    start = start or end - timedelta(days=DEFAULT_DAYS - 1)
    return max(start, end - timedelta(days=LONGEST - 1)), end
