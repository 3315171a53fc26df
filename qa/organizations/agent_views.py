"""Settings, Agents: the list, one agent, and two that are one person. For admins only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa import pipeline
from qa.core.errors import DomainError
from qa.core.texts import grouped
from qa.organizations import directory, merging, queries
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.agent_forms import AgentForm, MergeForm
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.models import Agent, AgentQuerySet, Team
from qa.organizations.moves import Handover, Merge

SORTS = {
    "name": gettext_lazy("Name"),
    "external_id": gettext_lazy("ID"),
    "team_name": gettext_lazy("Team"),
}
STATES = {
    "": gettext_lazy("Active"),
    "inactive": gettext_lazy("Deactivated"),
    "all": gettext_lazy("All"),
}


@require_GET
@membership_required(*ADMINS)
def agents(request: MemberRequest) -> HttpResponse:
    """Agents, all of them or those that a text or a team picks out, in the order asked for."""
    by, team = request.membership, uuid_of(request, "team")
    text = request.GET.get("q", "").replace("\0", "").strip()
    rows = _in_state(Agent.objects.visible_to(by), _one_of(request, "state", STATES))
    rows = rows.found_by(text) if text else rows
    rows = rows.filter(team=team) if team else rows
    field = _one_of(request, "sort", SORTS)
    context = {
        **_asked(request),
        "page": queries.by_name(rows.for_agents_page(after=uuid_of(request), field=field)),
        "q": text,
        "team": Team.objects.visible_to(by).filter(pk=team).first() if team else None,
        "alike": len(merging.alike(by=by)),
    }
    return render(request, "organizations/agents.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def add(request: MemberRequest) -> HttpResponse:
    """Put an agent on the list before any transcript names them."""
    form = AgentForm(sent(request), by=request.membership)
    if not form.is_valid():
        return form_page(request, "organizations/agent_form.html", form)
    try:
        added = directory.add_agent(by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/agent_form.html", form, error)
    messages.success(
        request,
        _("%(name)s was added. Give them a log-in here if they should read their feedback.")
        % {"name": added.name},
    )
    return to_page(request, "settings-agent", pk=added.pk)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def agent(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An agent's name, id and team."""
    found = _found(request, pk)
    before = {"name": found.name, "external_id": found.external_id, "team": found.team_id}
    form = AgentForm(sent(request), by=request.membership, initial=before)
    page: dict[str, Any] = {"agent": found, "handled": found.interactions.count()}
    page["merges"] = merging.standing(by=request.membership).filter(into=found)
    if not form.is_valid():
        return form_page(request, "organizations/agent.html", form, **page)
    wanted = {**form.cleaned_data}
    wanted["external_id"] = wanted["external_id"] or found.external_id
    try:
        directory.change_agent(found, by=request.membership, **wanted)
    except DomainError as error:
        return form_page(request, "organizations/agent.html", form, error, **page)
    messages.success(request, _("Saved %(name)s.") % {"name": found.name})
    return to_page(request, "settings-agents")


@require_POST
@membership_required(*ADMINS)
def active(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Deactivate an agent, or take them back."""
    found = _found(request, pk)
    on = "on" in request.POST
    directory.set_active(found, by=request.membership, active=on)
    said = _("%(name)s is active again.") if on else _("%(name)s is deactivated. Nothing is lost.")
    messages.success(request, said % {"name": found.name})
    return to_page(request, "settings-agent", pk=found.pk)


@require_GET
@membership_required(*ADMINS)
def twins(request: MemberRequest) -> HttpResponse:
    """Agents who may be on the list twice."""
    found = merging.alike(by=request.membership)
    return render(request, "organizations/twins.html", {"found": found})


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say that an agent is the same person as another one, who stays."""
    by, twin = request.membership, _found(request, pk)
    form = MergeForm(sent(request), initial={"who": request.GET.get("with", "")})
    page: dict[str, Any] = {"agent": twin, "agents": directory.offered(by)}
    page["handled"] = twin.interactions.count()
    into, login = None, None
    try:
        if form.data.get("who"):
            into = directory.chosen(form.data["who"], by=by)
            login = _offer_log_ins(form, twin, into, request)
        if not form.is_valid() or into is None:
            return form_page(request, "organizations/agent_merge.html", form, **page)
        pipeline.merge_agents(twin, into=into, by=by, login=login)
    except DomainError as error:
        return form_page(request, "organizations/agent_merge.html", form, error, **page)
    said = _("%(twin)s was merged into %(agent)s. You can undo this below.")
    messages.success(request, said % {"twin": twin.label, "agent": into.label})
    return to_page(request, "settings-agent", pk=into.pk)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def undo_merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once, then take two merged agents apart."""
    by = request.membership
    merge = get_object_or_404(merging.standing(by=by), pk=pk)
    page: dict[str, Any] = {"merge": merge, "error": None}
    if request.method == "GET":
        return render(request, "organizations/merge_undo.html", page)
    try:
        job = pipeline.undo_merge(merge, by=by)
    except DomainError as error:
        return render(request, "organizations/merge_undo.html", page | {"error": error}, status=409)
    messages.success(request, _undone(merge, job))
    return to_page(request, "settings-agent", pk=merge.twin_id)


def _undone(merge: Merge, job: Handover) -> str:
    """What has become of it, for whoever did it."""
    if job.finished_at is None:
        text = ngettext(
            "%(name)s is on the list again and gets %(number)s conversation back shortly.",
            "%(name)s is on the list again and gets %(number)s conversations back shortly.",
            len(job.interactions),
        )
        return text % {"name": merge.twin.name, "number": grouped(len(job.interactions))}
    text = ngettext(
        "%(name)s is on the list again, with %(number)s conversation.",
        "%(name)s is on the list again, with %(number)s conversations.",
        job.changed,
    )
    return text % {"name": merge.twin.name, "number": grouped(job.changed)}


def _asked(request: MemberRequest) -> dict[str, Any]:
    """Which agents are shown in which order, and the addresses of the others."""
    return {
        "state": _one_of(request, "state", STATES),
        "states": STATES.items(),
        "sort": _one_of(request, "sort", SORTS),
        "sorts": SORTS.items(),
        "query": queries.kept(request.GET, "q", "team", "state", "sort"),
        "unsorted": queries.kept(request.GET, "q", "team", "state"),
        "stateless": queries.kept(request.GET, "q", "team", "sort"),
    }


def _offer_log_ins(
    form: MergeForm, twin: Agent, into: Agent, request: MemberRequest
) -> Agent | None:
    """Let the form choose between two log-ins; gives the agent whose was chosen."""
    members = merging.log_ins((twin, into), by=request.membership)
    if len(members) < 2:
        del form.fields["login"]
        return None
    form.fields["login"].choices = [  # type: ignore[attr-defined]
        (str(one.pk), f"{member.user.name}, {member.user.email}") for one, member in members.items()
    ]
    chosen = form.data.get("login")
    return next((one for one in members if str(one.pk) == chosen), None)


def _found(request: MemberRequest, pk: UUID) -> Agent:
    rows = Agent.objects.visible_to(request.membership).select_related("team", "membership__user")
    return get_object_or_404(rows, pk=pk)


def _in_state(rows: AgentQuerySet, state: str) -> AgentQuerySet:
    if state == "all":
        return rows
    return rows.filter(deactivated_at__isnull=False) if state == "inactive" else rows.active()


def _one_of(request: MemberRequest, name: str, known: Mapping[str, Any]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in known else next(iter(known))
