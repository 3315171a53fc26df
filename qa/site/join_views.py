"""The page behind an invitation's link: whom it is for joins, signed in or with a new log-in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qa.core.errors import Conflict, Gone, Refused
from qa.organizations import invitations
from qa.organizations.forms import NewAccountForm
from qa.organizations.models import Invitation, Membership, Organization, User
from qa.organizations.sign_in import BACKEND
from qa.site.navigation import start_of
from qa.tenancy.base import System
from qa.tenancy.context import tenant


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
@never_cache
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation's link leads. Opening it changes nothing: programs look at mail too."""
    found = invitations.find(token)
    if found is None:
        return _gone(request)
    try:
        with tenant(found.organization_id):
            if request.user.is_authenticated:
                return _accept_signed_in(request, found, request.user)
            return _accept_signed_out(request, found)
    except Gone:
        return _gone(request)


def _accept_signed_in(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    if not invitations.fits(found, user):
        return _page(request, found, "invitation_of_another", status=409)
    if request.method == "GET":
        return _page(request, found, "invitation_accept")
    try:
        return _welcome(request, invitations.accept(found, user=user))
    except Conflict as error:
        return _page(request, found, "invitation_accept", error=error, status=409)


def _accept_signed_out(request: HttpRequest, found: Invitation) -> HttpResponse:
    account = invitations.account_behind(found)
    if account and account.has_usable_password():
        status = 200 if request.method == "GET" else 409
        return _page(request, found, "invitation_sign_in", status=status)
    data = request.POST if request.method == "POST" else None
    form = NewAccountForm(data, email=found.email, initial={"name": found.name})
    if not form.is_valid():
        return _page(request, found, "invitation_join", form=form, status=422 if data else 200)
    name, password = form.cleaned_data["name"], form.cleaned_data["password1"]
    try:
        member = invitations.accept_with_new_account(found, name=name, password=password)
    except (Conflict, Refused) as error:
        return _page(request, found, "invitation_join", form=form, error=error, status=409)
    login(request, member.user, backend=BACKEND)
    return _welcome(request, member)


def _page(
    request: HttpRequest, found: Invitation, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    by = System(found.organization_id)
    organization = Organization.objects.visible_to(by).get()
    inviters = Membership.objects.visible_to(by).select_related("user")
    context |= {"invitation": found, "organization": organization}
    context["inviter"] = inviters.filter(pk__in=[found.invited_by_id]).first()
    return render(request, f"organizations/{template}.html", context, status=status)


def _welcome(request: HttpRequest, member: Membership) -> HttpResponse:
    words = _("Welcome to %(organization)s.")
    messages.success(request, words % {"organization": member.organization.name})
    return HttpResponseRedirect(start_of(member))


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/invitation_gone.html", status=404)
