"""People in figures: the agents, a team, the reviewers' work, and the reviews they submitted."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.core import paging
from qa.dashboards import coverage as covering
from qa.dashboards import queries, reviewing
from qa.dashboards.dashboard_sheets import AGENTS_LISTED, agents_listed, index_sheet
from qa.dashboards.insight_forms import InsightForm, SubmittedForm, TargetForm
from qa.dashboards.insight_views import REVIEWS_SHOWN, insight_page
from qa.dashboards.result_sheets import ResultSheets
from qa.dashboards.reviewing_sheets import backlog_sheet, coverage_sheet, reviewers_sheet
from qa.dashboards.scorecard_results import results
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.organizations.models import Membership, Team
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.visibility import hidden_in_lists, record_listed


@require_GET
@membership_required(*MANAGERS)
def agents(request: MemberRequest) -> HttpResponse:
    """Every agent by name, with the period's figures."""
    by = request.membership
    form = InsightForm(request.GET, membership=by)
    scope = form.scope()
    listed = agents_listed(by, text=form.value("q"), team=scope.team)
    shown = {"sheet": index_sheet(by, scope, listed), "most": AGENTS_LISTED}
    return insight_page(request, "dashboards/agents.html", form, shown)


@require_GET
@membership_required(*MANAGERS)
def team(request: MemberRequest, pk: Any) -> HttpResponse:
    """One team: its rates, its scores and its agents."""
    by = request.membership
    form = InsightForm(request.GET, membership=by)
    found = get_object_or_404(Team.objects.visible_to(by), pk=pk)
    scope = replace(form.scope(), team=str(found.pk))
    scores = ResultSheets(by, results(by, scope))
    listed = agents_listed(by, team=scope.team)
    shown = {
        "team": found,
        "scope": scope,
        "overview": queries.overview(by, scope),
        "average": scores.average,
        "all_reviews": scores.every,
        "sheets": [index_sheet(by, scope, listed), *scores.shown("sections", "questions")],
        "files_query": scope.query(),
    }
    return insight_page(request, "dashboards/team.html", form, shown)


@require_GET
@membership_required(*MANAGERS)
def reviewers(request: MemberRequest) -> HttpResponse:
    """The reviewers' work, what waits for them, and how much of each agent's they have covered."""
    return _reviewers(
        request, TargetForm(initial={"per_month": covering.target_of(request.membership)})
    )


@require_POST
@membership_required(*MANAGERS)
def coverage_target(request: MemberRequest) -> HttpResponse:
    """Say how many reviews each agent should have a month."""
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _reviewers(request, form, status=422)
    covering.set_target(form.cleaned_data["per_month"], by=request.membership)
    messages.success(request, _("Target saved."))
    return redirect("reviewers", slug=request.membership.organization.slug)


@require_GET
@membership_required(*MANAGERS)
def submitted_reviews(request: MemberRequest) -> HttpResponse:
    """The reviews that were submitted in a period, newest first."""
    by = request.membership
    form = SubmittedForm(request.GET, membership=by)
    rows = _submitted(by, form)
    hidden = rows.filter(hidden_in_lists(by, "interaction__"))
    page = paging.page(
        rows.exclude(pk__in=hidden.values("pk")).select_related(
            "interaction__agent", "specialist__user", "scorecard_version__scorecard"
        ),
        "confirmed_at",
        "id",
        query=request.GET,
        size=REVIEWS_SHOWN,
    )
    record_listed({review.interaction_id for review in page.rows}, by=by)
    shown = {"page": page, "counted": rows.count(), "kept_back": hidden.count()}
    return insight_page(request, "dashboards/submitted_reviews.html", form, shown)


def _submitted(by: Membership, form: SubmittedForm) -> ReviewQuerySet:
    scope = form.scope()
    rows = covering.confirmed_between(by, scope.start, scope.end, scope.calendar)
    kind = Review.Kind.SECOND if form.value("kind") else Review.Kind.REGULAR
    rows = rows.filter(form.narrowing(), kind=kind)
    member = form.value("member")
    return rows.filter(specialist=member) if member else rows


def _reviewers(request: MemberRequest, target: TargetForm, status: int = 200) -> HttpResponse:
    by = request.membership
    form = InsightForm(request.GET, membership=by)
    scope = form.scope()
    covered = covering.coverage(by, scope)
    waiting = reviewing.backlog(by)
    shown = {
        "work": reviewers_sheet(by, scope),
        "waiting": waiting,
        "backlog": backlog_sheet(waiting),
        "coverage": coverage_sheet(by, covered, scope),
        "reached": sum(not one.missing for one in covered),
        "agents_counted": len(covered),
        "target": covering.target_of(by),
        "target_form": target,
    }
    answer = insight_page(request, "dashboards/reviewers.html", form, shown)
    answer.status_code = status if status != 200 else answer.status_code
    return answer
