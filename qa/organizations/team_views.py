"""Settings, Teams: the list, one team, and its end. For admins only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qa import pipeline
from qa.core.errors import DomainError
from qa.organizations import queries
from qa.organizations import teams as actions
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.agent_forms import RemoveTeamForm, TeamForm
from qa.organizations.answers import form_page, sent, to_page, uuid_of
from qa.organizations.models import Agent, Team

SORTS = {"name": gettext_lazy("Name"), "lead": gettext_lazy("Team lead")}


@require_GET
@membership_required(*ADMINS)
def teams(request: MemberRequest) -> HttpResponse:
    """Every team, or those whose name holds a text, in the order asked for."""
    text = request.GET.get("q", "").replace("\0", "").strip()
    field = "lead" if request.GET.get("sort") == "lead" else "name"
    rows = Team.objects.visible_to(request.membership)
    rows = rows.filter(name__icontains=text) if text else rows
    context = {
        "page": queries.by_name(rows.for_teams_page(after=uuid_of(request), field=field)),
        "q": text,
        "sort": field,
        "sorts": SORTS.items(),
        "query": queries.kept(request.GET, "q", "sort"),
        "unsorted": queries.kept(request.GET, "q"),
    }
    return render(request, "organizations/teams.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def add_team(request: MemberRequest) -> HttpResponse:
    """Open a team."""
    form = TeamForm(sent(request), by=request.membership)
    if not form.is_valid():
        return form_page(request, "organizations/team_form.html", form)
    try:
        added = actions.add_team(by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/team_form.html", form, error)
    said = _("The team %(name)s was added. Now move agents into it.") % {"name": added.name}
    messages.success(request, said)
    return to_page(request, "settings-teams")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def team(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A team's name, and who leads it."""
    found = _found(request, pk)
    before = {"name": found.name, "manager": found.manager_id}
    form = TeamForm(sent(request), by=request.membership, initial=before, named=True)
    if not form.is_valid():
        return form_page(request, "organizations/team.html", form, team=found)
    wanted = {**form.cleaned_data, "name": form.cleaned_data["name"] or found.name}
    try:
        actions.change_team(found, by=request.membership, **wanted)
    except DomainError as error:
        return form_page(request, "organizations/team.html", form, error, team=found)
    messages.success(request, _("Saved %(name)s.") % {"name": found.name})
    return to_page(request, "settings-teams")


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask once where its agents go, then close the team."""
    by, found = request.membership, _found(request, pk)
    form = RemoveTeamForm(sent(request), by=by, team=found)
    there = Agent.objects.visible_to(by).filter(team=found).count()
    page: dict[str, Any] = {"team": found, "there": there, "handled": found.interactions.count()}
    if not form.is_valid():
        return form_page(request, "organizations/team_remove.html", form, **page)
    try:
        moved = pipeline.remove_team(found, by=by, to=form.cleaned_data["to"], even_so=True)
    except DomainError as error:
        return form_page(request, "organizations/team_remove.html", form, error, **page)
    messages.success(request, _removed(found, moved, form.cleaned_data["to"]))
    return to_page(request, "settings-teams")


def _removed(team: Team, moved: int, to: Team | None) -> str:
    """What has become of a team's agents, for whoever removed it."""
    if not moved:
        text = _("The team %(name)s was removed.")
    elif to is None:
        text = ngettext(
            "The team %(name)s was removed. Its %(number)s agent is in no team now.",
            "The team %(name)s was removed. Its %(number)s agents are in no team now.",
            moved,
        )
    else:
        text = ngettext(
            "The team %(name)s was removed. Its %(number)s agent is in %(to)s now.",
            "The team %(name)s was removed. Its %(number)s agents are in %(to)s now.",
            moved,
        )
    return text % {"name": team.name, "number": moved, "to": to.name if to else ""}


def _found(request: MemberRequest, pk: UUID) -> Team:
    rows = Team.objects.visible_to(request.membership).select_related("manager__user")
    return get_object_or_404(rows, pk=pk)
