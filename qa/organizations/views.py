"""The settings pages: API keys, members, agents, teams, the audit trail. For admins only."""

from typing import Any
from uuid import UUID

from django.conf import settings as site
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.core.errors import DomainError, Refused
from qa.organizations import actions, queries
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.forms import (
    AgentForm,
    DomainsForm,
    KeyForm,
    ManagerForm,
    MemberForm,
    RedactionForm,
    RoleForm,
    TeamForm,
)
from qa.organizations.models import Agent, ApiKey, Membership, Role, Team
from qa.sampling.actions import give_back

LINK_DAYS = site.PASSWORD_RESET_TIMEOUT // 86_400


@require_GET
@membership_required(*ADMINS)
def settings(request: MemberRequest) -> HttpResponse:
    """What can be configured."""
    mine = request.membership
    counts = {
        "keys": ApiKey.objects.visible_to(mine).usable().count(),
        "members": Membership.objects.visible_to(mine).count(),
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
    form = KeyForm(_sent(request))
    if not form.is_valid():
        return _form(request, "organizations/key_form.html", form)
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
    messages.success(request, f"“{key.name}” is revoked. Whatever still uses it is refused.")
    return _to(request, "settings-keys")


@require_GET
@membership_required(*ADMINS)
def members(request: MemberRequest) -> HttpResponse:
    """Every member, by name."""
    rows = Membership.objects.visible_to(request.membership)
    found = queries.by_name(rows.for_members_page(after=_uuid(request)))
    return render(request, "organizations/members.html", {"page": found})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def add_member(request: MemberRequest) -> HttpResponse:
    """Let a person in; someone new gets a link to set a password."""
    form = MemberForm(_sent(request), by=request.membership, initial=_agent_asked_for(request))
    if not form.is_valid():
        return _form(request, "organizations/member_form.html", form)
    try:
        added = actions.add_member(by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return _form(request, "organizations/member_form.html", form, error)
    if actions.needs_password(added):
        return _link(request, added)
    messages.success(request, f"{added.user.email} is a member now and signs in as before.")
    return _to(request, "settings-members")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def member(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A member's role."""
    rows = Membership.objects.visible_to(request.membership).select_related("user", "agent")
    found = get_object_or_404(rows, pk=pk)
    before = {"role": found.role, "agent": found.agent_id}
    form = RoleForm(_sent(request), by=request.membership, membership=found, initial=before)
    page: dict[str, Any] = {"member": found, "needs_password": actions.needs_password(found)}
    if not form.is_valid():
        return _form(request, "organizations/member.html", form, **page)
    try:
        member = actions.change_member(found, by=request.membership, **form.cleaned_data)
        give_back(member, by=request.membership)
    except DomainError as error:
        return _form(request, "organizations/member.html", form, error, **page)
    messages.success(request, f"Saved: {found.user.name}, {found.get_role_display()}.")
    return _to(request, "settings-members")


@require_POST
@membership_required(*ADMINS)
def member_link(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another link for a member who has never set a password."""
    rows = Membership.objects.visible_to(request.membership).select_related("user")
    found = get_object_or_404(rows, pk=pk)
    try:
        return _link(request, found)
    except Refused as error:
        messages.error(request, error.message)
        return _to(request, "settings-member", pk=pk)


@require_GET
@membership_required(*ADMINS)
def agents(request: MemberRequest) -> HttpResponse:
    """Agents by name, all of them or those that a text or a team picks out."""
    text, team = request.GET.get("q", "").replace("\0", "").strip(), _uuid(request, "team")
    rows = Agent.objects.visible_to(request.membership)
    rows = rows.found_by(text) if text else rows
    rows = rows.filter(team=team) if team else rows
    found = queries.by_name(rows.for_agents_page(after=_uuid(request)))
    picked = Team.objects.visible_to(request.membership).filter(pk=team).first() if team else None
    return render(request, "organizations/agents.html", {"page": found, "q": text, "team": picked})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def agent(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An agent's name and team."""
    rows = Agent.objects.visible_to(request.membership).select_related("team", "membership__user")
    found = get_object_or_404(rows, pk=pk)
    before = {"name": found.name, "team": found.team_id}
    form = AgentForm(_sent(request), by=request.membership, initial=before)
    if not form.is_valid():
        return _form(request, "organizations/agent.html", form, agent=found)
    actions.rename_agent(found, by=request.membership, name=form.cleaned_data["name"])
    actions.move_agent(found, by=request.membership, team=form.cleaned_data["team"])
    messages.success(request, f"Saved: {found.name}.")
    return _to(request, "settings-agents")


@require_GET
@membership_required(*ADMINS)
def teams(request: MemberRequest) -> HttpResponse:
    """Every team, by name."""
    rows = Team.objects.visible_to(request.membership).for_teams_page(after=_uuid(request))
    return render(request, "organizations/teams.html", {"page": queries.by_name(rows)})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def add_team(request: MemberRequest) -> HttpResponse:
    """Open a team."""
    form = TeamForm(_sent(request), by=request.membership)
    if not form.is_valid():
        return _form(request, "organizations/team_form.html", form)
    try:
        added = actions.add_team(by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return _form(request, "organizations/team_form.html", form, error)
    messages.success(request, f"The team {added.name} is open. Move agents into it now.")
    return _to(request, "settings-teams")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def team(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Who leads a team."""
    rows = Team.objects.visible_to(request.membership).select_related("manager__user")
    found = get_object_or_404(rows, pk=pk)
    before = {"manager": found.manager_id}
    form = ManagerForm(_sent(request), by=request.membership, initial=before)
    if not form.is_valid():
        return _form(request, "organizations/team.html", form, team=found)
    actions.set_manager(found, by=request.membership, **form.cleaned_data)
    messages.success(request, f"Saved: {found.name}.")
    return _to(request, "settings-teams")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def domains(request: MemberRequest) -> HttpResponse:
    """The company's own e-mail domains."""
    before = {"domains": "\n".join(queries.email_domains(request.membership))}
    form = DomainsForm(_sent(request), initial=before)
    if not form.is_valid():
        return _form(request, "organizations/domains.html", form)
    actions.set_email_domains(by=request.membership, **form.cleaned_data)
    messages.success(request, "Saved. This holds for what comes in from now on.")
    return _to(request, "settings-domains")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def redaction(request: MemberRequest) -> HttpResponse:
    """What is taken out of transcripts before they are stored."""
    before = {"kinds": queries.redacted_kinds(request.membership)}
    form = RedactionForm(_sent(request), initial=before)
    if not form.is_valid():
        return _form(request, "organizations/redaction.html", form)
    actions.choose_redaction(by=request.membership, **form.cleaned_data)
    messages.success(request, "Saved. This holds for what comes in from now on.")
    return _to(request, "settings-redaction")


@require_GET
@membership_required(*ADMINS)
def audit(request: MemberRequest) -> HttpResponse:
    """What was changed, newest first."""
    return _audit(request)


@require_POST
@membership_required(*ADMINS)
def check_audit(request: MemberRequest) -> HttpResponse:
    """Prove that nobody has touched the trail, or say where it breaks."""
    return _audit(request, verdict=queries.check_chain(request.membership))


def _audit(request: MemberRequest, **context: Any) -> HttpResponse:
    found = queries.events(request.membership, request.GET)
    lines = queries.deeds(request.membership, found.rows)
    return render(request, "organizations/audit.html", {"page": found, "deeds": lines, **context})


def _sent(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _uuid(request: MemberRequest, name: str = "after") -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _to(request: MemberRequest, name: str, **kwargs: Any) -> HttpResponse:
    kwargs["slug"] = request.membership.organization.slug
    return HttpResponseRedirect(reverse(name, kwargs=kwargs))


def _form(
    request: MemberRequest,
    template: str,
    form: Form,
    error: DomainError | None = None,
    **context: Any,
) -> HttpResponse:
    """The page with the form: as asked for, or sent back with what is wrong."""
    if error:
        form.add_error(None, error.message)
    status = 200 if not form.is_bound else 409 if error else 422
    return render(request, template, {"form": form, **context}, status=status)


def _link(request: MemberRequest, member: Membership) -> HttpResponse:
    """Show a new member's one-time link, in this answer only."""
    uid, token = actions.make_password_link(member, by=request.membership)
    path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    context = {"member": member, "link": request.build_absolute_uri(path), "days": LINK_DAYS}
    return render(request, "organizations/member_link.html", context)


def _agent_asked_for(request: MemberRequest) -> dict[str, Any]:
    """What the form starts with when an agent's page asked for a log-in."""
    asked = _uuid(request, "agent")
    rows = Agent.objects.visible_to(request.membership)
    found = rows.filter(pk=asked).first() if asked else None
    return {"role": Role.AGENT, "agent": found.pk, "name": found.name} if found else {}
