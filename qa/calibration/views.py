"""Pages of calibration: the sessions, a new one, one of them, and everybody's drift."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa.calibration import actions, candidates, results
from qa.calibration.drift import lines
from qa.calibration.forms import STATUSES, BeginForm, ChooseForm
from qa.calibration.models import Session
from qa.calibration.notifications import subject_of
from qa.calibration.progress import next_reading
from qa.core.errors import Conflict, DomainError
from qa.core.http import status_of
from qa.notices.actions import mark_read_about
from qa.organizations.access import MANAGERS, REVIEWERS, MemberRequest, membership_required
from transcripts.models import Channel


@require_GET
@membership_required(*REVIEWERS)
def sessions(request: MemberRequest) -> HttpResponse:
    """Every session that concerns this member."""
    by = request.membership
    page = results.listed(by, request.GET)
    counts = results.progress(by, page.rows)
    rows = [(row, counts[row.pk]) for row in page.rows]
    context = {"page": page, "rows": rows, "manages": by.role in MANAGERS}
    return render(request, "calibration/sessions.html", context)


@require_http_methods(["GET", "POST"])
@membership_required(*MANAGERS)
def add(request: MemberRequest) -> HttpResponse:
    """Choose conversations and people for a new session."""
    by, error = request.membership, None
    filtering = request.method == "GET" or "show" in request.POST
    chosen, ticked = ChooseForm(request.POST).chosen(), Ticked(request.POST)
    offered, people = candidates.offered(by, **chosen, also=ticked.known), candidates.people(by)
    form = BeginForm(None if filtering else request.POST, offered=offered, people=people)
    form.initial = {name: request.POST.get(name, "") for name in ("name", "due")}
    if form.is_valid():
        try:
            made = actions.begin(by=by, **form.cleaned_data)
        except DomainError as refusal:
            error = refusal
        else:
            messages.success(request, _("The session has started. Its reviewers are notified."))
            return redirect("calibration", slug=by.organization.slug, pk=made.pk)
    context = {"form": form, "error": error, "offered": offered, "people": people}
    status = 422 if error or form.errors else 200
    more = {"chosen": chosen, "ticked": ticked, "channels": Channel.choices, "statuses": STATUSES}
    return render(request, "calibration/add.html", {**context, **more}, status=status)


class Ticked:
    """What is ticked in the two lists, so that a refusal or a filter loses nothing."""

    def __init__(self, sent: QueryDict) -> None:
        self.members = set(sent.getlist("members"))
        self.ids = set(sent.getlist("interactions"))
        self.known = [pk for text in self.ids if (pk := _uuid(text)) is not None]


@require_GET
@membership_required(*REVIEWERS)
def session(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One session: what is to be read, or what came of it."""
    calibration = _session(request, pk)
    mark_read_about(subject_of(calibration), by=request.membership)
    return _page(request, calibration)


@require_POST
@membership_required(*REVIEWERS)
def read(request: MemberRequest, pk: UUID) -> HttpResponse:
    """On to the first conversation that this member has still to read."""
    calibration = _session(request, pk)
    review = next_reading(calibration, by=request.membership)
    if review is None:
        return _page(request, calibration, Conflict(_("You have nothing left to score.")))
    return redirect("review", slug=request.membership.organization.slug, pk=review.pk)


def session_step(
    change: Callable[..., Session], words: str | Promise
) -> Callable[..., HttpResponse]:
    """Make the view of a manager's step on a session: made and said, or refused in words."""

    @require_POST
    @membership_required(*MANAGERS)
    @wraps(change)
    def view(request: MemberRequest, pk: UUID) -> HttpResponse:
        found = _session(request, pk)
        try:
            changed = change(found, by=request.membership)
        except DomainError as error:
            return _page(request, found, error)
        messages.success(request, str(words))
        return redirect("calibration", slug=request.membership.organization.slug, pk=changed.pk)

    return view


close = session_step(
    actions.close_reading, gettext_lazy("Scoring is closed, and the results are open.")
)
call_off = session_step(actions.call_off, gettext_lazy("The session is cancelled."))
agree = session_step(actions.agree, gettext_lazy("The session is finalised."))


@require_GET
@membership_required(*REVIEWERS)
def drift(request: MemberRequest) -> HttpResponse:
    """How far this member, or for managers anybody, is from what was agreed on."""
    by = request.membership
    found = lines(by)
    wanted = _uuid(request.GET.get("member", "")) or by.pk
    shown = next((line for line in found if line.member.pk == wanted), None)
    manages = by.role in MANAGERS
    context = {"lines": found, "line": shown or (found[0] if found else None), "manages": manages}
    return render(request, "calibration/drift.html", context)


def _session(request: MemberRequest, pk: UUID) -> Session:
    rows = Session.objects.visible_to(request.membership)
    return get_object_or_404(rows.select_related("made_by__user", "agreed_by__user"), pk=pk)


def _page(
    request: MemberRequest, calibration: Session, error: DomainError | None = None
) -> HttpResponse:
    if error is not None:
        calibration = _session(request, calibration.pk)
    page = results.SessionPage(calibration, by=request.membership)
    context = {"page": page, "session": calibration, "error": error}
    return render(request, "calibration/session.html", context, status=status_of(error))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
