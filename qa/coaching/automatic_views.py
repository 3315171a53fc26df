"""Automatic feedback as its agent reads it, and what managers set for feedback."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.coaching import automatic as prescores
from qa.coaching.forms import FeedbackPolicyForm
from qa.coaching.models import SharedPreScore
from qa.coaching.policy import feedback_policy_of, set_feedback_policy
from qa.core.errors import DomainError
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.organizations.models import Role
from qa.reviews.models import Review
from qa.reviews.policy import policy_of


@require_GET
@membership_required(Role.AGENT)
def automatic(request: MemberRequest) -> HttpResponse:
    """Every pre-score that was shared with this agent, newest first."""
    page = prescores.listed(request.membership, request.GET)
    return render(request, "coaching/automatic.html", {"page": page})


@require_GET
@membership_required(Role.AGENT)
def automatic_one(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One pre-score; once a person has reviewed the conversation, their review instead."""
    by = request.membership
    shared = get_object_or_404(prescores.found(by), pk=pk)
    review = Review.objects.visible_to(by).counted().filter(interaction=shared.interaction_id)
    if found := review.first():
        return redirect("feedback-review", slug=by.organization.slug, pk=found.pk)
    return _page(request, shared)


@require_POST
@membership_required(Role.AGENT)
def acknowledge_automatic(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The agent says that they have read it, once."""
    by = request.membership
    shared = get_object_or_404(prescores.found(by), pk=pk)
    try:
        prescores.acknowledge_prescore(shared, by=by)
    except DomainError as error:
        return _page(request, get_object_or_404(prescores.found(by), pk=pk), error=error)
    messages.success(request, _("Marked as read."))
    return redirect("feedback", slug=by.organization.slug)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def feedback_policy(request: MemberRequest) -> HttpResponse:
    """Set the window for disputes, what is shared unasked, and when agents are reminded."""
    by = request.membership
    held = policy_of(by)
    before = FeedbackPolicyForm.values_of(
        feedback_policy_of(by),
        dispute_days=held.dispute_days,
        recall_minutes=held.recall_minutes,
    )
    form = FeedbackPolicyForm(request.POST or None, initial=before)
    if form.is_valid():
        set_feedback_policy(by=by, **form.chosen())
        messages.success(request, _("Saved. This applies to pre-scores from now on."))
        return redirect("settings-feedback", slug=by.organization.slug)
    status = 422 if form.errors else 200
    return render(request, "coaching/feedback_policy.html", {"form": form}, status=status)


def _page(
    request: MemberRequest, shared: SharedPreScore, error: DomainError | None = None
) -> HttpResponse:
    context = {"found": prescores.reading(shared), "error": error}
    status = 409 if error else 200
    return render(request, "coaching/automatic_one.html", context, status=status)
