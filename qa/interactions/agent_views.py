"""Say whose conversations these are: one, or those that were chosen in the list."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qa import pipeline
from qa.core.errors import DomainError, Refused
from qa.core.http import status_of
from qa.interactions.naming import MOST, Named, named_rows
from qa.organizations import directory
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.organizations.agent_forms import WhoForm
from qa.organizations.models import Agent, Membership, Team


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def name_agent(request: MemberRequest) -> HttpResponse:
    """Choose or add the agent of some conversations; what will follow is said before."""
    by, asked = request.membership, request.POST if request.method == "POST" else request.GET
    chosen, place = _ids(asked), _number(asked.get("place"))
    rows = named_rows(chosen, by=by, place=place)
    if "all" in asked or not 0 < len(chosen) <= MOST:
        return redirect(_all_of_them(request)) if "all" in asked else _back(request)
    if len(rows) != len(chosen):
        raise Http404("No such interaction.")
    if "save" not in request.POST and "nobody" not in request.POST:
        return _page(request, WhoForm(by=by), rows, place=place)
    form = WhoForm(request.POST, by=by)
    try:
        agent, changed = _save(form, _expected(request.POST, rows), by=by, place=place)
    except DomainError as error:
        rows = named_rows(chosen, by=by, place=place)
        return _page(request, form, rows, place=place, error=error)
    if form.errors:
        return _page(request, form, rows, place=place)
    messages.success(request, _said(agent, changed))
    return redirect(_address(request, rows))


def _save(
    form: WhoForm, expected: Mapping[UUID, UUID | None], *, by: Membership, place: int
) -> tuple[Agent | None, int]:
    """Give the conversations to whom the form names; nothing where it is not filled in well."""
    with transaction.atomic():
        agent = None
        if "nobody" not in form.data:
            if not form.is_valid():
                return None, 0
            if form.empty:
                form.add_error("who", _("Choose an agent, or add a new one."))
                return None, 0
            agent = form.agent()
        return agent, pipeline.name_agent(expected, by=by, agent=agent, place=place)


def _page(
    request: MemberRequest,
    form: WhoForm,
    rows: list[Named],
    *,
    place: int,
    error: DomainError | None = None,
) -> HttpResponse:
    by = request.membership
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "only": rows[0] if len(rows) == 1 else None,
        "place": place,
        "error": error,
        "back": _address(request, rows),
        "query": _query(request),
        "agents": directory.offered(by),
        "teams": Team.objects.visible_to(by).by_name()[: directory.OFFERED],
        "handed_over": [row for row in rows if row.review],
        "any_known": any(row.agent for row in rows),
    }
    status = status_of(error) if error else 422 if form.is_bound and form.errors else 200
    return render(request, "transcripts/name_agent.html", context, status=status)


def _expected(sent: QueryDict, rows: list[Named]) -> dict[UUID, UUID | None]:
    """Whose each was by the page that the person has seen."""
    try:
        return {
            row.pk: UUID(was) if (was := sent.get(f"was-{row.pk}", "")) else None for row in rows
        }
    except ValueError:
        raise Refused(_("Select the conversations again.")) from None


def _said(agent: Agent | None, changed: int) -> str:
    if not changed:
        return _("Nothing needed to change.")
    if agent:
        said = ngettext(
            "%(n)s conversation assigned to %(agent)s.",
            "%(n)s conversations assigned to %(agent)s.",
            changed,
        )
        return said % {"n": changed, "agent": agent.name}
    said = ngettext(
        "%(n)s conversation no longer has an agent.",
        "%(n)s conversations no longer have an agent.",
        changed,
    )
    return said % {"n": changed}


def _address(request: MemberRequest, rows: list[Named]) -> str:
    """The page they were chosen on: the list with its filters, or the only one's own page."""
    slug, query = request.membership.organization.slug, _query(request)
    if len(rows) == 1 and query is None:
        return reverse("interaction", args=[slug, rows[0].pk])
    return f"{reverse('interactions', args=[slug])}{'?' if query else ''}{query or ''}"


def _all_of_them(request: MemberRequest) -> str:
    """The page that asks for the agent of everything that the list's filters find."""
    url = reverse("interactions-agent-all", args=[request.membership.organization.slug])
    query = QueryDict(_query(request) or "", mutable=True)
    for name in ("sort", "group", "newer", "older"):
        query.pop(name, None)
    return f"{url}?{query.urlencode()}" if query else url


def _query(request: MemberRequest) -> str | None:
    """The filters of the list; None where the person comes from a conversation's own page."""
    return request.POST.get("query")


def _back(request: MemberRequest) -> HttpResponse:
    words = _("Select between 1 and %(most)s conversations first.")
    messages.error(request, words % {"most": MOST})
    return redirect(_address(request, []))


def _ids(asked: QueryDict) -> list[UUID]:
    try:
        return list(dict.fromkeys(UUID(pk) for pk in asked.getlist("interaction")))
    except ValueError:
        raise Http404("No such interaction.") from None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0
