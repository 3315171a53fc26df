"""The thread about a piece of feedback, for its agent, its reviewer and managers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qa.coaching import replies
from qa.coaching.forms import ReplyForm
from qa.core.errors import DomainError
from qa.core.http import cleaned, status_of
from qa.notices.actions import mark_read_about
from qa.organizations.access import EVERYONE, MemberRequest, membership_required
from qa.organizations.models import Role


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def feedback_replies(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What was written about a review, and one more."""
    by = request.membership
    rows = replies.discussed_by(by).select_related("interaction__agent", "specialist__user")
    review = get_object_or_404(rows, pk=pk)
    error = None
    if request.method == "POST":
        try:
            replies.reply(review, by=by, **cleaned(ReplyForm(request.POST)))
        except DomainError as refusal:
            error = refusal
        else:
            messages.success(request, _("Sent."))
            back = "feedback-review" if by.role == Role.AGENT else "feedback-replies"
            return redirect(back, slug=by.organization.slug, pk=pk)
    mark_read_about(review.pk, by=by)
    context: dict[str, Any] = {"review": review, "error": error, "text": request.POST.get("text")}
    context["threads"] = replies.threads_of(review, by=by)
    return render(request, "coaching/replies.html", context, status=status_of(error))
