"""Empty blind readings: the list of them, and which of them count."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa.agreement import empty_readings
from qa.agreement.forms import LeaveOutForm
from qa.core.errors import DomainError
from qa.organizations.access import MANAGERS, MemberRequest, membership_required
from qa.reviews.models import Review


@require_GET
@membership_required(*MANAGERS)
def listed(request: MemberRequest) -> HttpResponse:
    """Blind reviews that were locked without a moment where the pre-score found some."""
    return _page(request)


@require_POST
@membership_required(*MANAGERS)
def leave_out(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Leave one out of agreement, with a reason."""
    review = get_object_or_404(Review.objects.visible_to(request.membership), pk=pk)
    form = LeaveOutForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        empty_readings.leave_out(review, by=request.membership, reason=reason)
    except DomainError as error:
        return _page(request, error)
    messages.success(request, _("Left out. The figures no longer count this review."))
    return redirect("agreement-empty", slug=request.membership.organization.slug)


@require_POST
@membership_required(*MANAGERS)
def count_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Count one again that was left out."""
    review = get_object_or_404(Review.objects.visible_to(request.membership), pk=pk)
    try:
        empty_readings.count_again(review, by=request.membership)
    except DomainError as error:
        return _page(request, error)
    messages.success(request, _("The figures count this review again."))
    return redirect("agreement-empty", slug=request.membership.organization.slug)


def _page(request: MemberRequest, error: DomainError | None = None) -> HttpResponse:
    page = empty_readings.listed(request.membership, request.GET)
    context = {"page": page, "error": error}
    return render(request, "agreement/empty.html", context, status=409 if error else 200)
