"""The list of interactions, the page of one, and another try for one that failed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa import pipeline
from qa.coaching.readers import no_reader
from qa.core.errors import DomainError
from qa.core.http import cleaned
from qa.interactions import queries, saved_views
from qa.interactions.filters import InteractionsForm
from qa.interactions.forms import SavedViewForm, TurnForm
from qa.interactions.listing import interaction_rows
from qa.interactions.pages import InteractionPage, record_page_shown
from qa.interactions.preview import opening, previewed
from qa.interactions.sorting import COLUMNS, GROUP_WORDS, GROUPS
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from qa.reviews.columns import asked, headings, kept_look
from qa.reviews.queries import colleagues
from qa.reviews.visibility import hidden_in_lists, record_listed
from transcripts.formats import ROLES
from transcripts.handling import seats
from transcripts.models import Interaction, SavedView
from transcripts.recordings import let_play

RETRIED = "interaction-retried"  # the list hears it, and asks for itself until nothing waits


@require_GET
@membership_required(*REVIEWERS)
def interactions(request: MemberRequest) -> HttpResponse:
    """Every interaction, newest first, with filters and a search for words."""
    by = request.membership
    form = InteractionsForm(request.GET, membership=by)
    filters, sort = form.filter(), asked(request.GET, COLUMNS, GROUPS)
    found = queries.matching(by, filters, hidden=hidden_in_lists(by))
    page = queries.interactions(by, found, request.GET, sort)
    hits = queries.hits(by, page.rows, filters.q)
    rows = interaction_rows(by, page.rows, hits, group=sort.group)
    record_listed([row.interaction.pk for row in rows if not row.blind], by=by)
    shown = {"form": form, "page": page, "rows": rows, "waiting": any(r.waits for r in rows)}
    shown |= {"views": SavedView.objects.visible_to(by).filter(of="interactions")}
    shown |= {"may_share": by.role in MANAGERS}
    shown |= {"colleagues": colleagues(by), "total": queries.total(found), "sorting": sort}
    shown |= {"headings": headings(COLUMNS, sort, request.GET), "groups": GROUP_WORDS}
    shown |= kept_look(request.COOKIES)
    part = "transcripts/_interactions.html"
    template = part if request.htmx else "transcripts/interactions.html"
    return render(request, template, shown, status=422 if form.errors else 200)


@require_GET
@membership_required(*REVIEWERS)
def interaction(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One interaction: transcript with evidence, pre-score, review."""
    return page_of(request, find(request, pk))


@require_GET
@membership_required(*REVIEWERS)
def preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One interaction beside the list; whoever comes by the address itself gets its page."""
    found = find(request, pk)
    if not request.htmx:
        return redirect("interaction", slug=request.membership.organization.slug, pk=pk)
    reading = InteractionPage(found, by=request.membership)
    record_page_shown(reading)
    context = {"reading": reading, "one": reading.interaction}
    context |= {"moments": previewed(reading), "opening": opening(reading)}
    return render(request, "transcripts/_preview.html", context)


@require_POST
@membership_required(*REVIEWERS)
def keep_view(request: MemberRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    form = SavedViewForm(request.POST)
    slug, query = request.membership.organization.slug, request.POST.get("query", "")
    try:
        view = saved_views.keep(by=request.membership, **cleaned(form))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
        query = view.query
    return redirect(f"{reverse(_list_of(request.POST.get('of')), args=[slug])}?{query}")


@require_POST
@membership_required(*REVIEWERS)
def remove_view(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Forget a kept view."""
    view = get_object_or_404(SavedView.objects.visible_to(request.membership), pk=pk)
    try:
        saved_views.remove(view, by=request.membership)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(_list_of(view.of), slug=request.membership.organization.slug)


@require_POST
@membership_required(*REVIEWERS)
def retry(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Start a failed interaction again."""
    try:
        pipeline.retry(find(request, pk), by=request.membership)
    except DomainError as error:
        return _answer(request, find(request, pk), error=error, status=409)
    if request.htmx:
        answer = _answer(request, find(request, pk))
        answer["HX-Trigger"] = RETRIED
        return answer
    messages.success(request, _("The conversation is waiting for its pre-score again."))
    return redirect("interaction", slug=request.membership.organization.slug, pk=pk)


def _list_of(name: str | None) -> str:
    """The name of a list's address, by what a saved view is of."""
    return "queue" if name == "queue" else "interactions"


def find(request: MemberRequest, pk: UUID) -> Interaction:
    """The interaction with all that its page needs; 404 if there is none to see."""
    rows = Interaction.objects.visible_to(request.membership)
    related = rows.select_related("agent", "team", "transcript", "file")
    return get_object_or_404(related.defer("transcript__search"), pk=pk)


def _answer(request: MemberRequest, interaction: Interaction, **more: Any) -> HttpResponse:
    """After a retry: the row of the list where the list asked, else the page."""
    if not request.htmx:
        return page_of(request, interaction, **more)
    (row,) = interaction_rows(request.membership, [interaction])
    context = {"row": row, "error": more.get("error")}
    status = more.get("status", 200)
    return render(request, "transcripts/_interaction_row.html", context, status=status)


def page_of(
    request: MemberRequest,
    interaction: Interaction,
    *,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one interaction, or its htmx part; a POST that was refused is shown again."""
    reading = InteractionPage(interaction, by=request.membership)
    record_page_shown(reading)
    context = {
        "reading": reading,
        "interaction": interaction,
        "removed": queries.removed(interaction),
        "error": error,
        "assigning": assigning(request),
        "roles": ROLES,
        "seats": seats(reading.cast),
        "no_reader": no_reader(interaction, by=request.membership),
    }
    part = "transcripts/_interaction.html"
    template = part if request.htmx else "transcripts/interaction.html"
    drawn = render(request, template, context, status=status)
    return let_play(drawn, interaction, request.membership.organization)


def assigning(request: MemberRequest) -> int | None:
    """The turn whose speaker is being said, if the address names one."""
    form = TurnForm(request.GET or request.POST)
    return form.cleaned_data["turn"] if form.is_valid() else None
