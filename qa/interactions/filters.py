"""What lists and pages of numbers can be narrowed to, read from the address."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q

from qa.interactions.results import reviewed_by, scored_between, with_moment
from qa.organizations.models import Agent, Membership, Role
from qa.tenancy.base import Actor
from scorecards.choices import FEELINGS, Outcome
from transcripts.filters import ScopeFilter, ScopeForm
from transcripts.models import SCORED, InteractionQuerySet, Unfit

AGENTS_LISTED = 500
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
class InteractionFilter(ScopeFilter):
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
        found = ScopeFilter.condition(self, interaction)
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
        """True if the answer gives away what the pre-score or people said."""
        judged = self.emotion or self.outcome or self.least is not None or self.most is not None
        return bool(judged)

    def judged(self, rows: InteractionQuerySet, *, by: Actor) -> InteractionQuerySet:
        """Keep those of which the pre-score or people said what is asked for."""
        kind = {"emotion": self.emotion, "outcome": self.outcome}
        if wanted := {name: value for name, value in kind.items() if value}:
            rows = with_moment(rows, by=by, **wanted)
        if self.reviewer:
            rows = reviewed_by(rows, UUID(self.reviewer), by=by)
        if self.least is not None or self.most is not None:
            rows = scored_between(rows, self.least, self.most, by=by)
        return rows


class InteractionsForm(ScopeForm):
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
    emotion = forms.ChoiceField(required=False, choices=[("", "Every feeling"), *FEELINGS])
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", "Every outcome"), *Outcome.choices],
    )
    reviewer = forms.ChoiceField(required=False)
    least = forms.IntegerField(required=False, min_value=0, max_value=100, label="Score from")
    most = forms.IntegerField(required=False, min_value=0, max_value=100, label="Score to")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        # Former members too: what they reviewed is still found by their name.
        rows = Membership.objects.visible_to(membership, former=True)
        reviewers = rows.exclude(role=Role.AGENT)
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

    def filter(self) -> InteractionFilter:
        """The interactions asked for."""
        found = self.narrowed("agent", "q", "status", "reason", "emotion", "outcome", "reviewer")
        cleaned = self.cleaned_data
        return InteractionFilter(**found, least=cleaned.get("least"), most=cleaned.get("most"))
