"""A submitted review: taken back within its time, or corrected with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qa import pipeline
from qa.coaching.models import CoachingNote
from qa.core.errors import DomainError, NotAllowed
from qa.core.http import status_of
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.review_page.correct_form import CorrectForm
from qa.review_page.page import ReviewPage
from qa.reviews.amendments import may_amend, not_yours
from qa.reviews.conversation import find
from qa.reviews.models import Review


@require_POST
@membership_required(*REVIEWERS)
def recall(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a submitted review back: it is open again, as its reviewer left it."""
    by, review = request.membership, _submitted(request, pk)
    try:
        pipeline.recall(review, by=by)
    except DomainError as error:
        return _refused(request, review, error)
    messages.success(
        request, _("The review is open again. Nobody sees it until you submit it again.")
    )
    return redirect("review", slug=by.organization.slug, pk=review.pk)


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def correct(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Correct a submitted review: what is changed here becomes a new version of it."""
    by, review = request.membership, _submitted(request, pk)
    if not may_amend(review, by=by):
        return _refused(request, review, NotAllowed(not_yours()))
    notes = _notes(review, request)
    page = ReviewPage(review, by=by, notes=notes)
    form = CorrectForm(request.POST or None, page=page, notes=notes, by=by)
    error = None
    if form.is_valid():
        try:
            new = pipeline.amend(review, form.changes(), by=by, reason=form.reason)
            messages.success(request, _("Corrected. The agent and the reviewer have been told."))
            return redirect("review", slug=by.organization.slug, pk=new.pk)
        except DomainError as refused:
            error = refused
    context = {"page": page, "form": form, "error": error}
    status = 422 if form.errors else status_of(error)
    return render(request, "reviews/correct.html", context, status=status)


def _submitted(request: MemberRequest, pk: UUID) -> Review:
    review = find(pk, by=request.membership)
    if review is None:
        raise Http404
    return review


def _notes(review: Review, request: MemberRequest) -> list[CoachingNote]:
    rows = CoachingNote.objects.visible_to(request.membership).filter(review=review)
    return list(rows.select_related("author__user"))


def _refused(request: MemberRequest, review: Review, error: DomainError) -> HttpResponse:
    """Say why, with the way back to the review as it is now."""
    context = {"review": review, "error": error}
    return render(request, "reviews/not_changed.html", context, status=status_of(error))
