"""Members: who they are, what they may do, and how they go and come back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qa import pipeline
from qa.core.errors import DomainError
from qa.organizations import accounts, departures, mailing, queries
from qa.organizations.access import ADMINS, EVERYONE, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.member_forms import AddressForm, RoleForm
from qa.organizations.models import ApiKey, Membership, Role

SORTS = {
    "user__name": gettext_lazy("Name"),
    "role": gettext_lazy("Role"),
    "seen": gettext_lazy("Last seen"),
}
STATES = {"": gettext_lazy("Active"), "deactivated": gettext_lazy("Deactivated")}


@require_GET
@membership_required(*ADMINS)
def members(request: MemberRequest) -> HttpResponse:
    """Members, all of them or those that a text picks out; before the first whoever is invited."""
    by, after = request.membership, uuid_of(request)
    text = request.GET.get("q", "").replace("\0", "").strip()
    resting = request.GET.get("state") == "deactivated"
    rows = Membership.objects.visible_to(by, former=resting)
    rows = rows.deactivated() if resting else rows
    rows = rows.found_by(text) if text else rows
    field = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "user__name"
    context = {
        "page": queries.by_name(rows.for_members_page(after=after, field=field)),
        "invited": None if after or text or resting else queries.invited(by),
        "by_mail": mailing.goes_out(),
        "resting": Membership.objects.visible_to(by, former=True).deactivated().exists(),
        **_asked(request, text=text, field=field),
    }
    return render(request, "organizations/members.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def member(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A member's role."""
    found = _found(request, pk)
    if found.deactivated_at:
        return to_page(request, "settings-member-reactivate", pk=pk)
    before = {"role": found.role, "agent": found.agent_id}
    form = RoleForm(sent(request), by=request.membership, membership=found, initial=before)
    page: dict[str, Any] = {"member": found, "by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/member.html", form, **page)
    try:
        with transaction.atomic():  # a profile that is made goes again with the refusal
            agent, role = form.profile(found.user.name), Role(form.cleaned_data["role"])
            pipeline.change_member(found, by=request.membership, role=role, agent=agent)
    except DomainError as error:
        return form_page(request, "organizations/member.html", form, error, **page)
    words = _("Saved: %(name)s, %(role)s.")
    messages.success(request, words % {"name": found.user.name, "role": found.get_role_display()})
    return to_page(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def address(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a member to sign in with another address, or ask no more."""
    by, found = request.membership, _found(request, pk)
    if found.pk == by.pk or found.deactivated_at:
        return to_page(request, "account-address" if found.pk == by.pk else "settings-members")
    if request.method == "POST" and "withdraw" in request.POST:
        accounts.withdraw(found, by=by)
        return to_page(request, "settings-member", pk=pk)
    form = AddressForm(sent(request))
    page: dict[str, Any] = {"member": found, "by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/member_address.html", form, **page)
    try:
        accounts.propose(found, by=by, site=mailing.site_of(request), **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/member_address.html", form, error, **page)
    messages.success(request, _("A link is on its way. The address changes once they confirm it."))
    return to_page(request, "settings-member", pk=pk)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def deactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once, then keep the member out until an admin takes them back."""
    found = _found(request, pk)
    if found.deactivated_at:
        return to_page(request, "settings-member-reactivate", pk=pk)
    if request.method == "GET":
        return _ask(request, "organizations/member_deactivate.html", found)
    try:
        pipeline.remove_member(found, by=request.membership, returns=True)
    except DomainError as error:
        return _ask(request, "organizations/member_deactivate.html", found, error)
    messages.success(request, _("%(name)s is deactivated.") % {"name": found.user.name})
    return to_page(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def reactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take back who was deactivated, with a role."""
    found = _found(request, pk)
    if not found.deactivated_at:
        return to_page(request, "settings-member", pk=pk)
    before = {"role": found.role, "agent": found.agent_before and found.agent_before.survivor.pk}
    form = RoleForm(sent(request), by=request.membership, initial=before)
    page: dict[str, Any] = {"member": found}
    if not form.is_valid():
        return form_page(request, "organizations/member_reactivate.html", form, **page)
    try:
        with transaction.atomic():
            agent, role = form.profile(found.user.name), Role(form.cleaned_data["role"])
            site = mailing.site_of(request)
            departures.reactivate(found, by=request.membership, site=site, role=role, agent=agent)
    except DomainError as error:
        return form_page(request, "organizations/member_reactivate.html", form, error, **page)
    messages.success(request, _("%(name)s is a member again.") % {"name": found.user.name})
    return to_page(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once, then take the member out."""
    found = _found(request, pk)
    if found.pk == request.membership.pk:
        return to_page(request, "leave")
    if request.method == "GET":
        return _ask(request, "organizations/member_remove.html", found)
    try:
        pipeline.remove_member(found, by=request.membership)
    except DomainError as error:
        return _ask(request, "organizations/member_remove.html", found, error)
    messages.success(request, _("%(name)s is removed.") % {"name": found.user.name})
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
    words = _("You have left %(organization)s.")
    messages.success(request, words % {"organization": mine.organization.name})
    return HttpResponseRedirect(reverse("start"))


def _found(request: MemberRequest, pk: UUID) -> Membership:
    """A member, or somebody who is deactivated; 404 for who has been removed."""
    rows = Membership.objects.visible_to(request.membership, former=True).not_removed()
    related = rows.select_related("user", "agent", "agent_before__merged_into")
    return get_object_or_404(related, pk=pk)


def _asked(request: MemberRequest, *, text: str, field: str) -> dict[str, Any]:
    """Which members are shown in which order, and the addresses of the others."""
    state = request.GET.get("state", "")
    return {
        "q": text,
        "state": state if state in STATES else "",
        "states": STATES.items(),
        "sort": field,
        "sorts": SORTS.items(),
        "query": queries.kept(request.GET, "q", "state", "sort"),
        "unsorted": queries.kept(request.GET, "q", "state"),
        "stateless": queries.kept(request.GET, "q", "sort"),
    }


def _ask(
    request: MemberRequest, template: str, member: Membership, error: DomainError | None = None
) -> HttpResponse:
    keys = ApiKey.objects.visible_to(request.membership).made_by(member).usable()
    context = {"member": member, "keys": keys.order_by("name"), "error": error}
    return render(request, template, context, status=409 if error else 200)
