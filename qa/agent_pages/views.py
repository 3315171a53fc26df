"""The agent's side: praise, feedback to read, and the word that it was read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.coaching import actions, automatic, queries
from qa.coaching.forms import AcknowledgeForm
from qa.coaching.replies import threads_of
from qa.core.errors import DomainError
from qa.dashboards.own import own_trend
from qa.disputes.history import history
from qa.disputes.queries import for_home
from qa.organizations.access import MemberRequest, membership_required
from qa.organizations.models import Role
from qa.reviews.models import Review

RELATED = (
    "interaction__transcript",
    "interaction__agent",
    "prescore",
    "scorecard_version",
    "specialist__user",
    "acknowledgement",
)


@require_GET
@membership_required(Role.AGENT)
def feedback(request: MemberRequest) -> HttpResponse:
    """The agent's start: the best moment, the week in words, what is new to read."""
    by = request.membership
    context = {
        "home": queries.home(by, request.GET),
        "automatic": automatic.for_home(by),
        "disputes": for_home(by),
        "trend": own_trend(by),
    }
    return render(request, "coaching/feedback.html", context)


@require_GET
@membership_required(Role.AGENT)
def feedback_review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One review, as its agent reads it."""
    return _page(request, _own(request, pk), AcknowledgeForm())


@require_POST
@membership_required(Role.AGENT)
def acknowledge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agent says that they have read it, once, with an answer if they like."""
    review = _own(request, pk)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, review, form, status=422)
    try:
        actions.acknowledge(review, by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return _page(request, _own(request, pk), form, error=error, status=409)
    if request.htmx:
        return _page(request, _own(request, pk), AcknowledgeForm())
    messages.success(request, _("Marked as read. Your reviewer can see that."))
    return redirect("feedback-review", slug=request.membership.organization.slug, pk=pk)


def _own(request: MemberRequest, pk: UUID) -> Review:
    rows = Review.objects.visible_to(request.membership).confirmed().select_related(*RELATED)
    return get_object_or_404(rows.defer("interaction__transcript__search"), pk=pk)


def _page(
    request: MemberRequest, review: Review, form: AcknowledgeForm, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    context = {"review": review, "form": form, **more}
    if request.htmx:
        return render(request, "coaching/_acknowledge.html", context, status=status)
    context["feedback"] = queries.feedback(request.membership, review)
    context["history"] = history(review, by=request.membership)
    context["threads"] = threads_of(review, by=request.membership)
    return render(request, "coaching/feedback_review.html", context, status=status)
