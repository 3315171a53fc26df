"""A member's notices: read them, and go where they lead."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from qa.notices import actions, queries
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
    one = get_object_or_404(Notice.objects.visible_to(request.membership), pk=pk)
    actions.mark_read(by=request.membership, notice=one)
    return redirect(one.address)


@require_POST
@membership_required(*EVERYONE)
def read_all(request: MemberRequest) -> HttpResponse:
    """Take all notices as read."""
    actions.mark_read(by=request.membership)
    return redirect("notices", slug=request.membership.organization.slug)
