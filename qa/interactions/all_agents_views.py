"""Say whose all the conversations are that a filter finds: asked once, with their number."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qa import handovers
from qa.core import paging
from qa.core.errors import DomainError
from qa.core.http import status_of
from qa.core.texts import grouped
from qa.interactions import queries
from qa.interactions.filters import InteractionsForm
from qa.organizations import directory
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.organizations.agent_forms import WhoForm
from qa.organizations.models import Agent, Team
from qa.organizations.moves import Handover
from qa.reviews.visibility import hidden_in_lists

MOST: Final = 20_000  # at once
NOW: Final = handovers.AT_ONCE  # so few are given away before the page comes back


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter found when its count was shown: what came in since is not among it."""

    ids: list[UUID]
    until: str
    query: str


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def name_agent(request: MemberRequest) -> HttpResponse:
    """Choose or add the agent of everything that the filter of the list finds."""
    found = _found(request)
    if found is None or not 0 < len(found.ids) <= MOST:
        messages.error(request, _nothing(found))
        return redirect(_list(request))
    form = WhoForm(request.POST or None, by=request.membership)
    if request.method == "GET":
        return _page(request, form, found)
    if request.POST.get("count") != str(len(found.ids)):
        return _page(request, form, found, error=_("The list has changed. Check the number."))
    try:
        job = _begin(form, found, request)
    except DomainError as error:
        return _page(request, form, found, error=error.message, status=status_of(error))
    if job is None:
        return _page(request, form, found, status=422)
    messages.success(request, _said(job))
    return redirect(_list(request))


def _found(request: MemberRequest) -> Found | None:
    """What the filters find that was here when the count was shown; None if they can't be read."""
    sent = request.POST if request.method == "POST" else request.GET
    query = sent.get("query", "") if request.method == "POST" else request.GET.urlencode()
    form = InteractionsForm(QueryDict(query), membership=request.membership)
    filters = form.filter()
    if form.errors:
        return None
    until = sent.get("until") or timezone.now().isoformat()
    try:
        before = paging.moment(until)
    except ValueError:
        return None
    hidden = hidden_in_lists(request.membership)
    rows = queries.matching(request.membership, filters, hidden=hidden)
    rows = rows.filter(received_at__lte=before).order_by("pk")
    return Found(list(rows.values_list("pk", flat=True)[: MOST + 1]), until, query)


def _begin(form: WhoForm, found: Found, request: MemberRequest) -> Handover | None:
    """Give a few away at once, many in a worker; None where the form is not filled in."""
    with transaction.atomic():
        agent: Agent | None = None
        if "nobody" not in request.POST:
            if not form.is_valid():
                return None
            if form.empty:
                form.add_error("who", _("Choose an agent, or add one."))
                return None
            agent = form.agent()
        job = handovers.begin(found.ids, agent=agent, by=request.membership)
        if len(found.ids) <= NOW:
            handovers.go_on(job.pk, by=request.membership)
            job.refresh_from_db()
        return job


def _page(
    request: MemberRequest, form: WhoForm, found: Found, *, error: str = "", status: int = 200
) -> HttpResponse:
    by = request.membership
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "count": len(found.ids),
        "error": error,
        "back": _list(request),
        "agents": directory.offered(by),
        "teams": Team.objects.visible_to(by).by_name()[: directory.OFFERED],
        "narrowed": bool(found.query),
    }
    status = 409 if error and status == 200 else status
    return render(request, "transcripts/name_agent_all.html", context, status=status)


def _said(job: Handover) -> str:
    number = len(job.interactions)
    if job.finished_at is None:
        return ngettext(
            "%(number)s conversation is being updated. You get a notice when it’s done.",
            "%(number)s conversations are being updated. You get a notice when it’s done.",
            number,
        ) % {"number": grouped(number)}
    text = ngettext(
        "%(number)s conversation updated.", "%(number)s conversations updated.", job.changed
    )
    said = text % {"number": grouped(job.changed)}
    if not job.left:
        return said
    left = ngettext(
        "%(number)s couldn’t be changed, for instance because of an open dispute.",
        "%(number)s couldn’t be changed, for instance because of open disputes.",
        job.left,
    )
    return f"{said} {left % {'number': grouped(job.left)}}"


def _nothing(found: Found | None) -> str:
    if found is None:
        return _("These filters can't be read. Set them again.")
    if found.ids:
        return _("Too many conversations match: %(number)s at most. Narrow the list.") % {
            "number": grouped(MOST)
        }
    return _("No conversation matches.")


def _list(request: MemberRequest) -> str:
    """The list, with the filters that the person comes from."""
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    slug = request.membership.organization.slug
    return f"{reverse('interactions', args=[slug])}{'?' if query else ''}{query}"
