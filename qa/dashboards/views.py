"""The manager's dashboard, the moments behind its numbers, and the page of one agent."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qa.dashboards import gestures as said
from qa.dashboards import queries
from qa.dashboards.figures import funnel
from qa.dashboards.forms import GESTURE_CHOICES, SORTS, DashboardForm, GesturesForm, MomentsForm
from qa.dashboards.kept_back import around, kept_back
from qa.dashboards.review_time import median_review_time
from qa.dashboards.scope import MOST_DAYS, PERIODS
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.organizations.models import Agent, Membership
from qa.reviews import counted_moments
from qa.reviews.visibility import record_listed
from transcripts.filters import NOBODY, ScopeFilter
from transcripts.models import Interaction

MOMENTS_SHOWN = 20
REVIEWS_SHOWN = 20
EXAMPLES = 3


@require_GET
@membership_required(*MANAGERS)
def dashboard(request: MemberRequest) -> HttpResponse:
    """How often customers' feelings are met, over time, by feeling and by agent."""
    by = request.membership
    form = DashboardForm(request.GET, membership=by)
    scope = form.scope()
    found = queries.overview(by, scope, step=form.value("by"))
    agents = queries.agent_rows(by, scope, sort=form.value("sort"))
    shown = {
        "overview": found,
        "gestures": said.gestures_of(by, scope, withheld=found.now.withheld),
        "agents": agents,
        "funnel": funnel(agents),
        "review_time": median_review_time(by, scope),
        "anything": found.work.interactions or queries.has_counted(by),
        "sorts": SORTS,
    }
    return _page(request, "dashboards/dashboard.html", form, shown)


@require_GET
@membership_required(*REVIEWERS)
def agent(request: MemberRequest, pk: Any) -> HttpResponse:
    """One agent: the share met with empathy over time, examples, reviews."""
    by = request.membership
    who = get_object_or_404(Agent.objects.visible_to(by).select_related("team"), pk=pk)
    form = DashboardForm(request.GET, membership=by)
    scope = form.scope(agent=str(who.pk))
    examples = queries.examples(by, scope, EXAMPLES)
    _note_shown(by, [moment for moments in examples.values() for moment in moments])
    found = queries.overview(by, scope, step=form.value("by"))
    shown = {
        "agent": who,
        "overview": found,
        "gestures": said.gestures_of(by, scope, withheld=found.now.withheld),
        "examples": examples,
        "reviews": queries.reviews_of(by, who, REVIEWS_SHOWN),
    }
    return _page(request, "dashboards/agent.html", form, shown)


@require_GET
@membership_required(*REVIEWERS)
def moments(request: MemberRequest) -> HttpResponse:
    """The moments that a number counts, newest first."""
    by = request.membership
    form = MomentsForm(request.GET, membership=by)
    filters = form.filter()
    page = counted_moments.moments_page(by, filters, request.GET, size=MOMENTS_SHOWN)
    _note_shown(by, page.rows)
    shown = {
        "form": form,
        "page": page,
        "moments": counted_moments.with_words(by, page.rows),
        "counted": queries.counted(by, filters),
        "kept_back": kept_back(by, filters),
        "agent": _agent_of(by, filters),
    }
    return render(request, "dashboards/moments.html", shown, status=422 if form.errors else 200)


@require_GET
@membership_required(*REVIEWERS)
def gestures(request: MemberRequest) -> HttpResponse:
    """The volunteered empathy and the apologies that a number counts, newest first."""
    by = request.membership
    form = GesturesForm(request.GET, membership=by)
    filters = form.filter()
    page = said.gestures_page(by, filters, request.GET, size=MOMENTS_SHOWN)
    _note_shown(by, page.rows)
    shown = {
        "form": form,
        "page": page,
        "gestures": said.in_words(by, page.rows),
        "counted": said.counted(by, filters),
        "kept_back": kept_back(by, filters),
        "title": GESTURE_CHOICES.get(filters.kind, _("Volunteered empathy and apologies")),
        "agent": _agent_of(by, filters),
    }
    return render(request, "dashboards/gestures.html", shown, status=422 if form.errors else 200)


class Placed(Protocol):
    """Something that was said in an interaction."""

    @property
    def interaction(self) -> Interaction: ...


def _note_shown(by: Membership, shown: Iterable[Placed]) -> None:
    record_listed({one.interaction.pk for one in shown}, by=by)


def _agent_of(by: Membership, filters: ScopeFilter) -> Agent | None:
    if filters.agent in {"", NOBODY}:
        return None
    return Agent.objects.visible_to(by).filter(pk=filters.agent).first()


def _page(
    request: MemberRequest, template: str, form: DashboardForm, shown: dict[str, Any]
) -> HttpResponse:
    scope = shown["overview"].scope
    context = {
        "form": form,
        "scope": scope,
        "periods": [(key, words) for key, (words, _days) in PERIODS.items()],
        "step": "day" if form.value("by") == "day" and scope.days <= MOST_DAYS else "week",
        "can_show_days": scope.days <= MOST_DAYS,
        "kept": _kept(request, "period", "from", "to"),
        "days_kept": _kept(request, "by"),
        "sort_kept": _kept(request, "sort"),
        "sort": form.value("sort") or "name",
        "kept_back": kept_back(request.membership, around(scope)),
    }
    return render(request, template, context | shown, status=422 if form.errors else 200)


def _kept(request: MemberRequest, *without: str) -> str:
    """The rest of the query string, for links that change only part of it."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()
