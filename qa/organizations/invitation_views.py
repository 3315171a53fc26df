"""Invitations: an admin sends, repeats and withdraws them. Accepting is in qa/site."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from qa.core.errors import DomainError
from qa.organizations import invitations, mailing, several
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.member_forms import LINK, InvitationForm, SeveralForm
from qa.organizations.models import Agent, Invitation, Role
from qa.outbox.actions import send_later
from qa.outbox.models import Mail


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def invite(request: MemberRequest) -> HttpResponse:
    """Ask a person to join."""
    by = request.membership
    form = InvitationForm(sent(request), by=by, initial=_agent_asked_for(request))
    page: dict[str, Any] = {"by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/invite.html", form, **page)
    who = form.cleaned_data
    person = {"by": by, "email": who["email"], "name": who["name"], "role": Role(who["role"])}
    try:
        with transaction.atomic():
            agent = form.profile(who["name"], who.get("team"))
            made, token = invitations.invite(**person, agent=agent, mailed=form.mailed)
            return _deliver(request, made, token)
    except DomainError as error:
        return form_page(request, "organizations/invite.html", form, error, **page)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def invite_several(request: MemberRequest) -> HttpResponse:
    """Ask several people to join; who could not be asked comes back with the reason."""
    by = request.membership
    form = SeveralForm(sent(request), by=by, initial={"role": Role.SPECIALIST})
    page: dict[str, Any] = {"by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/invite_several.html", form, **page)
    asked = form.cleaned_data
    role, team = Role(asked["role"]), asked.get("team")
    made, faults = several.invite_all(
        asked["people"], by=by, role=role, team=team, mailed=form.mailed
    )
    _mail(request, made)
    if form.mailed and not faults:
        return to_page(request, "settings-members")
    left = {**form.data.dict(), "people": "\n".join(line.text for line in faults)}  # type: ignore[attr-defined]  # a QueryDict
    page |= {"links": _links(request, made), "faults": faults, "days": invitations.LASTS.days}
    page["form"] = SeveralForm(by=by, initial=left)
    return render(request, "organizations/invite_several.html", page, status=409 if faults else 200)


@require_POST
@membership_required(*ADMINS)
def send_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another link for somebody who is invited; the old one dies."""
    found = get_object_or_404(Invitation.objects.visible_to(request.membership), pk=pk)
    try:
        with transaction.atomic():
            mailed = mailing.goes_out() and request.POST.get("delivery") != LINK
            made, token = invitations.send_again(found, by=request.membership, mailed=mailed)
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
        words = _("The invitation to %(email)s is withdrawn.")
        messages.success(request, words % {"email": found.email})
    except DomainError as error:
        messages.error(request, error.message)
    return to_page(request, "settings-members")


def _deliver(request: MemberRequest, made: Invitation, token: str) -> HttpResponse:
    """Have a link mailed, or show this one, in this answer only."""
    if not made.mailed:
        context = {"invitation": made, "link": _link(request, token)}
        context["days"] = invitations.LASTS.days
        return render(request, "organizations/invitation_link.html", context)
    _send(request, made)
    words = _("An invitation is on its way to %(email)s.")
    messages.success(request, words % {"email": made.email})
    return to_page(request, "settings-members")


def _mail(request: MemberRequest, made: Sequence[several.Made]) -> None:
    """Have the links of these mailed, as far as they are to be, and say how many."""
    mailed = [one.invitation for one in made if one.invitation.mailed]
    for invitation in mailed:
        _send(request, invitation)
    if mailed:
        words = ngettext(
            "%(n)s invitation is on its way.", "%(n)s invitations are on their way.", len(mailed)
        )
        messages.success(request, words % {"n": len(mailed)})


def _send(request: MemberRequest, made: Invitation) -> None:
    about = f"{made.organization_id}/{made.pk}"
    send_later(Mail.Kind.INVITATION, about=about, site=mailing.site_of(request))


def _links(request: MemberRequest, made: Sequence[several.Made]) -> list[tuple[Invitation, str]]:
    """The links to pass on, which are shown in this answer only."""
    handed = [one for one in made if not one.invitation.mailed]
    return [(one.invitation, _link(request, one.token)) for one in handed]


def _link(request: MemberRequest, token: str) -> str:
    return mailing.site_of(request) + reverse("invitation", kwargs={"token": token})


def _agent_asked_for(request: MemberRequest) -> dict[str, Any]:
    """What the form starts with when an agent is to be invited, or one of the list."""
    asked = uuid_of(request, "agent")
    rows = Agent.objects.visible_to(request.membership)
    found = rows.filter(pk=asked).first() if asked else None
    if found is None:
        asked_role = request.GET.get("role")
        return {"role": Role.AGENT if asked_role == Role.AGENT else Role.SPECIALIST}
    return {"role": Role.AGENT, "agent": found.pk, "name": found.name}
