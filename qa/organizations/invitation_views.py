"""Invitations: an admin sends, repeats and withdraws them. Accepting is in qa/site."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qa.core.errors import DomainError
from qa.organizations import invitations, mailing
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.forms import InvitationForm
from qa.organizations.models import Agent, Invitation, Role
from qa.outbox.actions import send_later
from qa.outbox.models import Mail


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def invite(request: MemberRequest) -> HttpResponse:
    """Ask a person to join."""
    form = InvitationForm(sent(request), by=request.membership, initial=_agent_asked_for(request))
    page: dict[str, Any] = {"by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/invite.html", form, **page)
    try:
        with transaction.atomic():
            made, token = invitations.invite(
                by=request.membership, mailed=mailing.goes_out(), **form.cleaned_data
            )
            return _deliver(request, made, token)
    except DomainError as error:
        return form_page(request, "organizations/invite.html", form, error, **page)


@require_POST
@membership_required(*ADMINS)
def send_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another link for somebody who is invited; the old one dies."""
    found = get_object_or_404(Invitation.objects.visible_to(request.membership), pk=pk)
    try:
        with transaction.atomic():
            made, token = invitations.send_again(
                found, by=request.membership, mailed=mailing.goes_out()
            )
            return _deliver(request, made, token)
    except DomainError as error:
        messages.error(request, error.message)
        return to_page(request, "settings-members")


@require_POST
@membership_required(*ADMINS)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation.objects.visible_to(request.membership), pk=pk)
    try:
        invitations.withdraw(found, by=request.membership)
        messages.success(request, f"The invitation of {found.email} is withdrawn.")
    except DomainError as error:
        messages.error(request, error.message)
    return to_page(request, "settings-members")


def _deliver(request: MemberRequest, made: Invitation, token: str) -> HttpResponse:
    """Have a link mailed, or show this one, in this answer only."""
    site = mailing.site_of(request)
    if not made.mailed:
        link = site + reverse("invitation", kwargs={"token": token})
        context = {"invitation": made, "link": link, "days": invitations.LASTS.days}
        return render(request, "organizations/invitation_link.html", context)
    about = f"{made.organization_id}/{made.pk}"
    send_later(Mail.Kind.INVITATION, about=about, site=site)
    messages.success(request, f"An invitation is on its way to {made.email}.")
    return to_page(request, "settings-members")


def _agent_asked_for(request: MemberRequest) -> dict[str, Any]:
    """What the form starts with when an agent's page asked for a log-in."""
    asked = uuid_of(request, "agent")
    rows = Agent.objects.visible_to(request.membership)
    found = rows.filter(pk=asked).first() if asked else None
    return {"role": Role.AGENT, "agent": found.pk, "name": found.name} if found else {}
