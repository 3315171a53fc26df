"""Members: who they are, what they may do, and how they leave."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qa import pipeline
from qa.core.errors import DomainError
from qa.organizations import mailing, queries
from qa.organizations.access import ADMINS, EVERYONE, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.forms import RoleForm
from qa.organizations.models import ApiKey, Membership


@require_GET
@membership_required(*ADMINS)
def members(request: MemberRequest) -> HttpResponse:
    """Every member, by name; before the first of them whoever is invited."""
    rows = Membership.objects.visible_to(request.membership)
    after = uuid_of(request)
    context = {
        "page": queries.by_name(rows.for_members_page(after=after)),
        "invited": None if after else queries.invited(request.membership),
        "by_mail": mailing.goes_out(),
    }
    return render(request, "organizations/members.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def member(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A member's role."""
    rows = Membership.objects.visible_to(request.membership).select_related("user", "agent")
    found = get_object_or_404(rows, pk=pk)
    before = {"role": found.role, "agent": found.agent_id}
    form = RoleForm(sent(request), by=request.membership, membership=found, initial=before)
    page: dict[str, Any] = {"member": found}
    if not form.is_valid():
        return form_page(request, "organizations/member.html", form, **page)
    try:
        pipeline.change_member(found, by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/member.html", form, error, **page)
    messages.success(request, f"Saved: {found.user.name}, {found.get_role_display()}.")
    return to_page(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once, then take the member out."""
    rows = Membership.objects.visible_to(request.membership).select_related("user")
    found = get_object_or_404(rows, pk=pk)
    if found.pk == request.membership.pk:
        return to_page(request, "leave")
    if request.method == "GET":
        return _ask(request, "organizations/member_remove.html", found)
    try:
        pipeline.remove_member(found, by=request.membership)
    except DomainError as error:
        return _ask(request, "organizations/member_remove.html", found, error)
    messages.success(request, f"{found.user.name} is no member any more.")
    return to_page(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def leave(request: MemberRequest) -> HttpResponse:
    """Ask once, then let the member go."""
    mine = request.membership
    if request.method == "GET":
        return _ask(request, "organizations/leave.html", mine)
    try:
        pipeline.remove_member(mine, by=mine)
    except DomainError as error:
        return _ask(request, "organizations/leave.html", mine, error)
    messages.success(request, f"You have left {mine.organization.name}.")
    return HttpResponseRedirect(reverse("start"))


def _ask(
    request: MemberRequest, template: str, member: Membership, error: DomainError | None = None
) -> HttpResponse:
    keys = ApiKey.objects.visible_to(request.membership).made_by(member).usable()
    context = {"member": member, "keys": keys.order_by("name"), "error": error}
    return render(request, template, context, status=409 if error else 200)
