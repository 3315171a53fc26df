"""A member's notices: read them, and go where they lead."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.notices import actions, digests, queries
from qa.notices.forms import DigestForm
from qa.notices.models import Notice
from qa.organizations.access import EVERYONE, MemberRequest, membership_required


@require_GET
@membership_required(*EVERYONE)
def notices(request: MemberRequest) -> HttpResponse:
    """What concerns this member, newest first."""
    page = queries.listed(request.membership, request.GET)
    return render(request, "notices/notices.html", {"page": page})


@require_POST
@membership_required(*EVERYONE)
def open_notice(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a notice as read, and go to its page."""
    notice = get_object_or_404(Notice.objects.visible_to(request.membership), pk=pk)
    actions.mark_read(by=request.membership, notice=notice)
    return redirect(notice.address)


@require_POST
@membership_required(*EVERYONE)
def read_all(request: MemberRequest) -> HttpResponse:
    """Take all notices as read."""
    actions.mark_read(by=request.membership)
    return redirect("notices", slug=request.membership.organization.slug)


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def settings_page(request: MemberRequest) -> HttpResponse:
    """Whether and how often this member gets a digest by e-mail."""
    by = request.membership
    form = DigestForm(request.POST or None, initial={"digest": digests.chosen_by(by)})
    if form.is_valid():
        digests.choose_digest(form.cleaned_data["digest"], by=by)
        messages.success(request, "Saved.")
        return redirect("notices-settings", slug=by.organization.slug)
    context = {"form": form, "mail_is_on": settings.DIGESTS}
    status = 422 if form.errors else 200
    return render(request, "notices/settings.html", context, status=status)
