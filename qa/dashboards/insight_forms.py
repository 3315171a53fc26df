"""What the pages of scorecard results and of reviewers' work are narrowed to."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from qa.dashboards.coverage import MOST
from qa.dashboards.forms import DashboardForm, OfAgentForm
from qa.dashboards.scope import PERIODS, PRESETS, Scope
from qa.dashboards.scorecard_results import ALL, KINDS, Part
from qa.organizations.models import Agent, Membership
from scorecards.models import Scorecard
from transcripts.filters import NOBODY, ScopeFilter

AGENTS_OFFERED = 500
PERIOD_WORDS = {
    **{key: words for key, (words, _phrase) in PRESETS.items()},
    **{key: PERIODS[key][0] for key in ("12w", "year")},
}


class InsightForm(OfAgentForm, DashboardForm):
    """Period, team, channel, agent and scorecard; what is not valid falls back to the default."""

    period = forms.ChoiceField(required=False, choices=list(PERIOD_WORDS.items()))
    card = forms.ChoiceField(required=False, label=gettext_lazy("Scorecard"))
    q = forms.CharField(required=False, max_length=200, label=gettext_lazy("Search agents"))

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        agents = Agent.objects.visible_to(membership).order_by("name", "pk")
        offered = [
            (str(pk), name) for pk, name in agents.values_list("pk", "name")[:AGENTS_OFFERED]
        ]
        self.fields["agent"].widget = forms.Select(
            choices=[
                ("", gettext_lazy("All agents")),
                *offered,
                (NOBODY, gettext_lazy("No agent")),
            ]
        )
        cards = Scorecard.objects.visible_to(membership).order_by("name", "pk")
        self.fields["card"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("All scorecards")),
            *((str(pk), name) for pk, name in cards.values_list("pk", "name")),
        ]

    def scope(self, agent: str = "") -> Scope:
        """The period and the narrowing that hold."""
        self.is_valid()
        return super().scope(agent or str(self.value("agent")))


class ReviewsForm(InsightForm):
    """The filters of the list of reviews that a number counts."""

    part = forms.ChoiceField(required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)])
    of = forms.CharField(required=False, max_length=400)
    cause = forms.CharField(required=False, max_length=400)

    def asked_part(self) -> Part:
        """The part of reviews that is asked for."""
        self.is_valid()
        kind = self.value("part") or ALL
        card = self.value("card")
        if kind == ALL:
            return Part(card=card)
        return Part(kind, card, self.value("of"), self.value("cause"))


class SubmittedForm(InsightForm):
    """The filters of the list of reviews submitted in a period."""

    member = forms.UUIDField(required=False, label=gettext_lazy("Reviewer"))
    kind = forms.ChoiceField(required=False, choices=[("", ""), ("second", "second")])

    def narrowing(self) -> Q:
        """The condition on a review's conversation, but for the days, which are the review's."""
        filters = ScopeFilter(**self.narrowed("agent"))
        return replace(filters, start=None, end=None).condition("interaction__")


class TargetForm(forms.Form):
    """How many reviews each agent should have a month."""

    per_month = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        label=gettext_lazy("Reviews per agent and month"),
        help_text=gettext_lazy("0 means that there is no target."),
    )
