"""What lists and pages of numbers can be narrowed to, read from the address."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.interactions.results import prescored_between, reviewed_by, scored_between, with_moment
from qa.organizations.models import Agent, Membership, Role
from qa.tenancy.base import Actor
from scorecards.choices import FEELINGS, Outcome
from transcripts.filters import ScopeFilter, ScopeForm
from transcripts.models import SCORED, InteractionQuerySet, Unfit

AGENTS_LISTED = 500
UNFIT = {"prescores__current": True, "prescores__scorable": False}
STATES = {
    "": gettext_lazy("Any status"),
    "received": gettext_lazy("Waiting for a pre-score"),
    "prescored": gettext_lazy("Not reviewed"),
    "reviewed": gettext_lazy("Reviewed"),
    "scored": gettext_lazy("Pre-scored or reviewed"),
    "not_scorable": gettext_lazy("Couldn't be scored"),
    "failed": gettext_lazy("Failed"),
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
    least: float | None = None  # of the score: that of a submitted review, on its scorecard
    most: float | None = None
    prescore_least: float | None = None  # of the pre-score, whatever people said since
    prescore_most: float | None = None
    meta: str = ""  # the name of a value that the source gave
    meta_value: str = ""  # which it has

    def condition(self, interaction: str = "") -> Q:
        """Everything but the search for words and what `judged` looks at."""
        found = ScopeFilter.condition(self, interaction)
        if self.meta and self.meta_value:
            found &= self._has_value(f"{interaction}metadata__contains")
        elif self.meta:
            found &= Q(**{f"{interaction}metadata__has_key": self.meta})
        if self.reason:
            why = {"prescores__result__fitness__reasons__contains": [self.reason]}
            found &= Q(status__in=SCORED, **UNFIT, **why)
        if self.status == "scored":
            return found & Q(status__in=SCORED)
        if self.status == "not_scorable":
            return found & Q(status__in=SCORED, **UNFIT)
        return found & Q(status=self.status) if self.status else found

    def _has_value(self, lookup: str) -> Q:
        """The value as it is written: a text, or the number or truth that it reads as."""
        found = Q(**{lookup: {self.meta: self.meta_value}})
        try:
            plain = json.loads(self.meta_value)
        except ValueError:
            return found
        return found if isinstance(plain, str) else found | Q(**{lookup: {self.meta: plain}})

    @property
    def asks_for_results(self) -> bool:
        """True if the answer gives away what the pre-score or people said."""
        bounds = (self.least, self.most, self.prescore_least, self.prescore_most)
        return bool(self.emotion or self.outcome) or any(one is not None for one in bounds)

    def judged(self, rows: InteractionQuerySet, *, by: Actor) -> InteractionQuerySet:
        """Keep those of which the pre-score or people said what is asked for."""
        kind = {"emotion": self.emotion, "outcome": self.outcome}
        if wanted := {name: value for name, value in kind.items() if value}:
            rows = with_moment(rows, by=by, **wanted)
        if self.reviewer:
            rows = reviewed_by(rows, UUID(self.reviewer), by=by)
        if self.least is not None or self.most is not None:
            rows = scored_between(rows, self.least, self.most, by=by)
        if self.prescore_least is not None or self.prescore_most is not None:
            rows = prescored_between(rows, self.prescore_least, self.prescore_most, by=by)
        return rows


# The filters that fold away on the page until one of them is set.
FOLDED: Final = (
    *("reason", "emotion", "outcome", "reviewer", "meta", "meta_value"),
    *("least", "most", "prescore_least", "prescore_most"),
)


class InteractionsForm(ScopeForm):
    """The filters of the list of interactions."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Search"),
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("Search words, ids, files")}
        ),
    )
    status = forms.ChoiceField(required=False, choices=list(STATES.items()))
    reason = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Any score status")), *Unfit.choices],
        label=gettext_lazy("Reason not scored"),
    )
    agent = forms.ChoiceField(required=False)
    emotion = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("Any feeling")), *FEELINGS]
    )
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Any outcome")), *Outcome.choices],
    )
    reviewer = forms.ChoiceField(required=False)
    least = forms.IntegerField(
        required=False, min_value=0, max_value=100, label=gettext_lazy("Score from")
    )
    most = forms.IntegerField(
        required=False, min_value=0, max_value=100, label=gettext_lazy("Score to")
    )
    prescore_least = forms.IntegerField(
        required=False, min_value=0, max_value=100, label=gettext_lazy("Pre-score from")
    )
    prescore_most = forms.IntegerField(
        required=False, min_value=0, max_value=100, label=gettext_lazy("Pre-score to")
    )

    meta = forms.CharField(
        required=False,
        max_length=100,
        label=gettext_lazy("Metadata"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Metadata name")}),
    )
    meta_value = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Metadata value"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Its value")}),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        # Former members too: what they reviewed is still found by their name.
        rows = Membership.objects.visible_to(membership, former=True)
        reviewers = rows.exclude(role=Role.AGENT)
        people = reviewers.order_by("user__name").values_list("id", "user__name")[:AGENTS_LISTED]
        choices = [("", _("All reviewers")), *((str(pk), name) for pk, name in people)]
        self.fields["reviewer"].choices = choices  # type: ignore[attr-defined]
        agents = Agent.objects.visible_to(membership).order_by("name").values_list("id", "name")
        self.choose("agent", _("All agents"), agents[:AGENTS_LISTED], _("No agent"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for least, most in (("least", "most"), ("prescore_least", "prescore_most")):
            low, high = cleaned.get(least), cleaned.get(most)
            if low is not None and high is not None and low > high:
                self.add_error(most, _("The highest score is below the lowest."))
        if cleaned.get("meta_value") and not cleaned.get("meta"):
            self.add_error("meta", _("Say which metadata has this value."))
        return cleaned

    @property
    def narrows_further(self) -> bool:
        """True if one of the filters is set that fold away otherwise."""
        return any(self.data.get(name) for name in FOLDED)

    def filter(self) -> InteractionFilter:
        """The interactions asked for."""
        found = self.narrowed(
            "agent", "q", "status", "reason", "emotion", "outcome", "reviewer", "meta", "meta_value"
        )
        names = ("least", "most", "prescore_least", "prescore_most")
        bounds: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        return InteractionFilter(**found, **bounds)
