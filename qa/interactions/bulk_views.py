"""What is done with many conversations at once: those that were chosen, or all that match."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qa import pipeline, removing
from qa.core import spreadsheet
from qa.core.errors import DomainError, Refused
from qa.interactions import exports, queries
from qa.interactions.filters import InteractionsForm
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.organizations.models import Membership, Role
from qa.reviews import assignment
from qa.reviews.forms import AssignForm, QueueForm
from qa.reviews.queries import colleagues, listed
from qa.reviews.visibility import hidden_in_lists
from qa.sampling.queries import is_sampled

MOST: Final = 20_000  # in one file
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LISTS: Final = ("interactions", "queue")


@require_POST
@membership_required(*REVIEWERS)
def export_csv(request: MemberRequest) -> HttpResponse:
    """The conversations as CSV."""
    return _table(request, "csv")


@require_POST
@membership_required(*REVIEWERS)
def export_xlsx(request: MemberRequest) -> HttpResponse:
    """The conversations as a workbook."""
    return _table(request, "xlsx")


def _table(request: MemberRequest, kind: str) -> HttpResponse:
    try:
        ids = _chosen(request, MOST)
    except DomainError as error:
        return _back(request, error)
    lines = exports.lines(ids, by=request.membership)
    if kind == "xlsx":
        table = spreadsheet.as_xlsx(_("Conversations"), exports.header(), lines)
    else:
        table = f"\ufeff{spreadsheet.as_csv(exports.header(), lines)}".encode()
    answer = HttpResponse(table, content_type=TYPES[kind])
    day = f"{timezone.localdate():%Y-%m-%d}"
    answer["Content-Disposition"] = f'attachment; filename="conversations-{day}.{kind}"'
    return answer


@require_POST
@membership_required(*MANAGERS)
def assign(request: MemberRequest) -> HttpResponse:
    """Let all that match, or those that were chosen, wait for one reviewer."""
    by, to = request.membership, request.POST.get("to", "")
    members = Membership.objects.visible_to(by).select_related("user")
    holder = get_object_or_404(members, pk=_id(to)) if to else None
    try:
        done = assignment.assign(_chosen(request, assignment.MOST), to=holder, by=by)
    except DomainError as error:
        return _back(request, error) if "all" in request.POST else _again(request, error)
    messages.success(request, assignment.in_words(done, holder))
    return _back(request)


@require_POST
@membership_required(Role.ADMIN)
def delete(request: MemberRequest) -> HttpResponse:
    """Ask once, and delete exactly those conversations that the question was about."""
    by = request.membership
    try:
        ids = _chosen(request, removing.AT_ONCE)
        if "sure" not in request.POST:
            fields = {name: request.POST.get(name, "") for name in ("back", "query")}
            return render(request, "transcripts/delete_many.html", {"ids": ids, **fields})
        done = pipeline.delete_interactions(ids, by=by)
    except DomainError as error:
        return _back(request, error)
    messages.success(request, done.in_words)
    return _back(request)


def _again(request: MemberRequest, error: DomainError) -> HttpResponse:
    """The choice as it was, with the reason why it can't be assigned so."""
    context = {
        "form": AssignForm(request.POST),
        "error": error.message,
        "colleagues": colleagues(request.membership),
    }
    return render(request, "reviews/assign.html", context, status=422)


def _chosen(request: MemberRequest, most: int) -> list[UUID]:
    """Which conversations are meant. Raises `Refused` where there are none, or too many."""
    sent, by = request.POST, request.membership
    if "all" in sent:
        query = QueryDict(sent.get("query", ""))
        ids = _of_queue(query, by, most) if _list(sent) == "queue" else _of_list(query, by, most)
    else:
        ids = [pk for text in sent.getlist("interaction") if (pk := _id(text))]
    if not ids:
        raise Refused(_("Select conversations first."))
    if len(ids) > most:
        text = _("That’s too many at once: up to %(most)s. Narrow the filters and try again.")
        raise Refused(text % {"most": most})
    return ids


def _of_list(query: QueryDict, by: Membership, most: int) -> list[UUID]:
    form = InteractionsForm(query, membership=by)
    filters = form.filter()
    if form.errors:
        raise Refused(_("These filters can't be read. Set them again."))
    rows = queries.matching(by, filters, hidden=hidden_in_lists(by))
    return list(rows.order_by("-started_at", "-id").values_list("pk", flat=True)[: most + 1])


def _of_queue(query: QueryDict, by: Membership, most: int) -> list[UUID]:
    rows = listed(by, QueueForm(query).filter(), sampled=is_sampled(by))
    return list(rows.values_list("pk", flat=True)[: most + 1])


def _list(sent: QueryDict) -> str:
    back = sent.get("back", "")
    return back if back in LISTS else LISTS[0]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request: MemberRequest, error: DomainError | None = None) -> HttpResponse:
    """The list that they come from, with its filters; a refusal stands above it."""
    if error:
        messages.error(request, error.message)
    url = reverse(_list(request.POST), args=[request.membership.organization.slug])
    query = request.POST.get("query", "")
    return redirect(f"{url}?{query}" if query else url)
