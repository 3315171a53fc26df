"""The page on which an agent objects to several parts of a review in one go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qa.core.errors import DomainError
from qa.core.http import status_of
from qa.disputes import actions, objections
from qa.disputes.forms import SeveralForm
from qa.organizations.access import MemberRequest, membership_required
from qa.organizations.models import Role
from qa.reviews.models import Review


@require_http_methods(["GET", "POST"])
@membership_required(Role.AGENT)
def open_several(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Object to several parts of one's own review."""
    by = request.membership
    rows = Review.objects.visible_to(by).select_related("specialist__user", "scorecard_version")
    review = get_object_or_404(rows.select_related("interaction", "superseded_by"), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = SeveralForm(sent, parts=objections.parts_of(review, by=by))
    error = None
    if form.is_valid():
        try:
            made = objections.open_several(review, by=by, objections=form.objections())
        except DomainError as refusal:
            error = refusal
        else:
            said = ngettext("%(n)s dispute sent.", "%(n)s disputes sent.", len(made))
            messages.success(request, said % {"n": len(made)})
            return redirect("disputes", slug=by.organization.slug)
    context = {"review": review, "form": form, "error": error}
    context["until"] = actions.until(review, by=by)
    status = status_of(error) if error else 422 if form.errors else 200
    return render(request, "disputes/several.html", context, status=status)
