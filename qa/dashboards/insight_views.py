"""Pages of scorecard results: the figures, the reviews behind each, and every table as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qa.core import paging
from qa.dashboards.gestures import gestures_of
from qa.dashboards.insight_forms import PERIOD_WORDS, InsightForm, ReviewsForm
from qa.dashboards.kept_back import around, kept_back
from qa.dashboards.ledger import ledger_sheets
from qa.dashboards.result_sheets import SHEETS, ResultSheets, part_words
from qa.dashboards.scorecard_results import results
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.reviews.models import Review
from qa.reviews.visibility import record_listed

REVIEWS_SHOWN = 25


@require_GET
@membership_required(*MANAGERS)
def scores(request: MemberRequest) -> HttpResponse:
    """What reviews came to on their scorecards: average, sections, questions, failures, causes."""
    by = request.membership
    form = InsightForm(request.GET, membership=by)
    found = results(by, form.scope(), card=form.value("card"))
    made = ResultSheets(by, found)
    shown = {
        "found": found,
        "average": made.average,
        "sheets": made.shown(*SHEETS),
        "all_reviews": made.every,
    }
    return insight_page(request, "dashboards/scores.html", form, shown)


@require_GET
@membership_required(*MANAGERS)
def score_reviews(request: MemberRequest) -> HttpResponse:
    """The reviews that a number of scorecard results counts, newest first."""
    by = request.membership
    form = ReviewsForm(request.GET, membership=by)
    found, part = results(by, form.scope(), card=form.value("card")), form.asked_part()
    ids = found.ids_of(part)
    rows = (
        Review.objects.visible_to(by)
        .filter(pk__in=ids)
        .select_related(
            "interaction__agent",
            "specialist__user",
            "scorecard_version__scorecard",
            "acknowledgement",
        )
    )
    page = paging.page(rows, "confirmed_at", "id", query=request.GET, size=REVIEWS_SHOWN)
    record_listed({review.interaction_id for review in page.rows}, by=by)
    shown = {"page": page, "counted": len(ids), "part": part_words(part, found)}
    return insight_page(request, "dashboards/score_reviews.html", form, shown)


@require_GET
@membership_required(*MANAGERS)
def ledger(request: MemberRequest) -> HttpResponse:
    """Apologies and volunteered empathy by agent and by team."""
    by = request.membership
    form = InsightForm(request.GET, membership=by)
    scope = form.scope()
    kept = kept_back(by, around(scope))
    shown = {
        "gestures": gestures_of(by, scope, withheld=kept.conversations > 0),
        "sheets": ledger_sheets(by, scope),
    }
    return insight_page(request, "dashboards/ledger.html", form, shown)


def insight_page(
    request: MemberRequest, template: str, form: InsightForm, shown: dict[str, Any]
) -> HttpResponse:
    """A page of figures with its filters."""
    query = request.GET.copy()
    for name in ("period", "from", "to", "newer", "older"):
        query.pop(name, None)
    context = {
        "form": form,
        "scope": form.scope(),
        "periods": PERIOD_WORDS.items(),
        "kept": query.urlencode(),
    }
    return render(request, template, context | shown, status=422 if form.errors else 200)
