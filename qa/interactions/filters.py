"""What lists and pages of numbers can be narrowed to, read from the address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q

from qa.api.prescore_serializers import EMOTIONS, OUTCOMES
from qa.organizations.models import Agent, Membership, Role, Team
from transcripts.models import Channel, Interaction, InteractionQuerySet, Unfit

NOBODY = "none"  # in a filter: no agent, or no team, is named
AGENTS_LISTED = 500
DAYS = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2200, 1, 1))]
SCORED = (Interaction.Status.PRESCORED, Interaction.Status.REVIEWED)
UNFIT = {"prescores__current": True, "prescores__scorable": False}
STATES = {
    "": "Every state",
    "received": "Waiting for a pre-score",
    "prescored": "Pre-score only",
    "reviewed": "Reviewed",
    "scored": "Pre-scored or reviewed",
    "not_scorable": "Could not be scored",
    "failed": "Failed",
}


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which interactions: every condition that is not empty must hold. Days are UTC, both in."""

    start: date | None = None
    end: date | None = None
    agent: str = ""
    team: str = ""
    channel: str = ""

    def condition(self, interaction: str = "") -> Q:
        """The conditions as a filter; the prefix leads to the interaction's fields."""
        found = Q()
        if self.start:
            found &= Q(**{f"{interaction}started_at__gte": _midnight(self.start)})
        if self.end:
            after = _midnight(self.end + timedelta(days=1))
            found &= Q(**{f"{interaction}started_at__lt": after})
        for name in ("agent", "team"):
            value = getattr(self, name)
            if value == NOBODY:
                found &= Q(**{f"{interaction}{name}__isnull": True})
            elif value:
                found &= Q(**{f"{interaction}{name}_id": UUID(value)})
        if self.channel:
            found &= Q(**{f"{interaction}channel": self.channel})
        return found


@dataclass(frozen=True, slots=True)
class Which(Narrow):
    """Which rows of the list of interactions."""

    q: str = ""
    status: str = ""
    reason: str = ""
    emotion: str = ""
    outcome: str = ""
    reviewer: str = ""
    least: float | None = (
        None  # of the score: the review's where there is one, else the pre-score's
    )
    most: float | None = None

    def condition(self, interaction: str = "") -> Q:
        """Everything but the search for words and what `judged` looks at."""
        found = Narrow.condition(self, interaction)
        if self.reason:
            why = {"prescores__result__fitness__reasons__contains": [self.reason]}
            found &= Q(status__in=SCORED, **UNFIT, **why)
        if self.status == "scored":
            return found & Q(status__in=SCORED)
        if self.status == "not_scorable":
            return found & Q(status__in=SCORED, **UNFIT)
        return found & Q(status=self.status) if self.status else found

    @property
    def asks_for_results(self) -> bool:
        """Whether the answer gives away what the pre-score or people said."""
        judged = self.emotion or self.outcome or self.least is not None or self.most is not None
        return bool(judged)

    def judged(self, rows: InteractionQuerySet) -> InteractionQuerySet:
        """Only those of which the pre-score or people said what is asked for."""
        kind = {"emotion": self.emotion, "outcome": self.outcome}
        if wanted := {name: value for name, value in kind.items() if value}:
            rows = rows.with_moment(**wanted)
        if self.reviewer:
            rows = rows.reviewed_by(UUID(self.reviewer))
        if self.least is not None or self.most is not None:
            rows = rows.scored_between(self.least, self.most)
        return rows


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NarrowForm(forms.Form):
    """From, to, team and channel. What is not valid is named and left out."""

    team = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(required=False, choices=[("", "Every channel"), *Channel.choices])

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = forms.DateField(
                required=False, widget=DayInput, label=label, validators=DAYS
            )
        teams = Team.objects.visible_to(membership).order_by("name").values_list("id", "name")
        self.choose("team", "Every team", teams, "No team")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and start > end:
            raise ValidationError("The period ends before it starts.")
        return cleaned

    def choose(self, name: str, every: str, rows: Any, none: str) -> None:
        """Give a field its choices: any, each of the rows, or none of them."""
        choices = [("", every), *((str(pk), label) for pk, label in rows), (NOBODY, none)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def value(self, name: str) -> Any:
        """What was asked for, where it was valid; else nothing."""
        if name in {"from", "to"} and self.non_field_errors():
            return None
        return self.cleaned_data.get(name) or ""

    def narrowed(self, *names: str) -> dict[str, Any]:
        """The days, and the values of these fields, as a `Narrow` takes them."""
        self.is_valid()
        found = {name: self.value(name) for name in ("team", "channel", *names)}
        return {"start": self.value("from") or None, "end": self.value("to") or None, **found}

    @property
    def faults(self) -> list[str]:
        """What could not be used, in sentences."""
        said = []
        for name, messages in self.errors.items():
            label = "" if name == "__all__" else f"{self.fields[name].label or name.capitalize()}: "
            said += [f"{label}{message}" for message in messages]
        return said


class InteractionsForm(NarrowForm):
    """The filters of the list of interactions."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label="Words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Whole words said"}),
    )
    status = forms.ChoiceField(required=False, choices=list(STATES.items()))
    reason = forms.ChoiceField(
        required=False, choices=[("", "Scored or not"), *Unfit.choices], label="Not scored because"
    )
    agent = forms.ChoiceField(required=False)
    emotion = forms.ChoiceField(
        required=False, choices=[("", "Every feeling"), *((e, e.capitalize()) for e in EMOTIONS)]
    )
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", "Every outcome"), *((o, o.replace("_", " ").capitalize()) for o in OUTCOMES)],
    )
    reviewer = forms.ChoiceField(required=False)
    least = forms.IntegerField(required=False, min_value=0, max_value=100, label="Score from")
    most = forms.IntegerField(required=False, min_value=0, max_value=100, label="Score to")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        reviewers = Membership.objects.visible_to(membership).exclude(role=Role.AGENT)
        people = reviewers.order_by("user__name").values_list("id", "user__name")[:AGENTS_LISTED]
        choices = [("", "Every reviewer"), *((str(pk), name) for pk, name in people)]
        self.fields["reviewer"].choices = choices  # type: ignore[attr-defined]
        agents = Agent.objects.visible_to(membership).order_by("name").values_list("id", "name")
        self.choose("agent", "Every agent", agents[:AGENTS_LISTED], "No agent named")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("least"), cleaned.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", "The highest score asked for is below the lowest.")
        return cleaned

    def which(self) -> Which:
        """The interactions asked for."""
        found = self.narrowed("agent", "q", "status", "reason", "emotion", "outcome", "reviewer")
        cleaned = self.cleaned_data
        return Which(**found, least=cleaned.get("least"), most=cleaned.get("most"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
