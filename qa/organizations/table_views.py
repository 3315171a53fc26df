"""Agents and teams as tables: import tells the fate of each row, export is for a spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from qa.core.errors import DomainError
from qa.organizations import tables
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.agent_forms import TableForm
from qa.organizations.answers import form_page, sent
from qa.organizations.tables import Line, Plan


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table is about, and how it is read and kept."""

    word: Promise
    title: Promise
    lead: Promise
    list_url: str
    columns: Sequence[str]
    plan: Callable[..., Plan]
    keep: Callable[..., None]


AGENTS = Kind(
    _("Agents"),
    _("Import agents"),
    _("A CSV file with the column name and, if you like, id, team and active (yes or no)."),
    "settings-agents",
    tables.AGENTS,
    tables.plan_agents,
    tables.keep_agents,
)
TEAMS = Kind(
    _("Teams"),
    _("Import teams"),
    _("A CSV file with the column name and, if you like, manager (an e-mail address)."),
    "settings-teams",
    tables.TEAMS,
    tables.plan_teams,
    tables.keep_teams,
)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def import_agents(request: MemberRequest) -> HttpResponse:
    """Take a table of agents."""
    return _import(request, AGENTS)


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def import_teams(request: MemberRequest) -> HttpResponse:
    """Take a table of teams."""
    return _import(request, TEAMS)


@require_GET
@membership_required(*ADMINS)
def export_agents(request: MemberRequest) -> HttpResponse:
    """Every agent as CSV."""
    return _download(tables.agents_csv(by=request.membership), "agents.csv")


@require_GET
@membership_required(*ADMINS)
def export_teams(request: MemberRequest) -> HttpResponse:
    """Every team as CSV."""
    return _download(tables.teams_csv(by=request.membership), "teams.csv")


def _import(request: MemberRequest, kind: Kind) -> HttpResponse:
    form = TableForm(sent(request), request.FILES or None)
    page: dict[str, Any] = {"kind": kind, "most": tables.MOST}
    if not form.is_valid():
        return form_page(request, "organizations/import.html", form, **page)
    file = form.cleaned_data["file"]
    try:
        lines: list[Line] = tables.read_rows(file.read(), file.name or "", kind.columns)
        plan = kind.plan(lines, by=request.membership)
        if not plan.faults:
            kind.keep(plan, by=request.membership)
    except DomainError as error:
        return form_page(request, "organizations/import.html", form, error, **page)
    page |= {"form": TableForm(), "plan": plan, "added": plan.count("added")}
    page |= {"changed": plan.count("changed"), "same": plan.count("as before")}
    status = 422 if plan.faults else 200
    return render(request, "organizations/import.html", page, status=status)


def _download(table: str, name: str) -> HttpResponse:
    answer = HttpResponse(f"\ufeff{table}", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
