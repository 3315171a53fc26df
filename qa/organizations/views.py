"""The settings pages: what can be configured, API keys, e-mail domains. For admins only."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qa.organizations import actions, queries
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page
from qa.organizations.forms import (
    DomainsForm,
    KeyForm,
)
from qa.organizations.models import Agent, ApiKey, Membership, Team


@require_GET
@membership_required(*ADMINS)
def settings(request: MemberRequest) -> HttpResponse:
    """What can be configured."""
    mine = request.membership
    counts = {
        "keys": ApiKey.objects.visible_to(mine).usable().count(),
        "members": Membership.objects.visible_to(mine).count(),
        "agents": Agent.objects.visible_to(mine).active().count(),
        "teams": Team.objects.visible_to(mine).count(),
        "redacted": queries.redacted_kinds(mine),
        "domains": queries.email_domains(mine),
    }
    return render(request, "organizations/settings.html", counts)


@require_GET
@membership_required(*ADMINS)
def keys(request: MemberRequest) -> HttpResponse:
    """Every API key, newest first."""
    found = queries.keys(request.membership, request.GET)
    return render(request, "organizations/keys.html", {"page": found})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def add_key(request: MemberRequest) -> HttpResponse:
    """Make a key; this one answer shows it, nothing keeps it."""
    form = KeyForm(sent(request))
    if not form.is_valid():
        return form_page(request, "organizations/key_form.html", form)
    key, secret = actions.create_key(by=request.membership, **form.cleaned_data)
    return render(request, "organizations/key_made.html", {"key": key, "secret": secret})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def revoke_key(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once, then stop the key."""
    key = get_object_or_404(ApiKey.objects.visible_to(request.membership), pk=pk)
    if request.method == "GET":
        return render(request, "organizations/key_revoke.html", {"key": key})
    actions.revoke_key(key, by=request.membership)
    words = _("“%(name)s” is revoked. Whatever still uses it is rejected.")
    messages.success(request, words % {"name": key.name})
    return to_page(request, "settings-keys")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def domains(request: MemberRequest) -> HttpResponse:
    """The company's own e-mail domains."""
    before = {"domains": "\n".join(queries.email_domains(request.membership))}
    form = DomainsForm(sent(request), initial=before)
    if not form.is_valid():
        return form_page(request, "organizations/domains.html", form)
    actions.set_email_domains(by=request.membership, **form.cleaned_data)
    messages.success(request, _("Saved. Applies to new conversations only."))
    return to_page(request, "settings-domains")
