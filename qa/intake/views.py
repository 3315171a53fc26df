"""The upload page: files in, what became of each, questions answered, failed ones sent again."""

from collections import Counter
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa import pipeline
from qa.core import paging
from qa.core.errors import DomainError
from qa.core.http import cleaned, status_of
from qa.intake import answering, results_csv
from qa.intake import files as uploads
from qa.intake.facts import Facts
from qa.intake.forms import AgainForm, AnswersForm, UploadForm
from qa.intake.progress import progress, without_agent
from qa.intake.questions import SourceAnswers
from qa.organizations import directory
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.organizations.agent_forms import OneLineForm
from qa.organizations.models import Membership
from transcripts import actions, remembered
from transcripts.formats import Agent as NamedAgent
from transcripts.models import RememberedAnswer, Upload, UploadedFile

PAGE = 25
POLLED = 50  # rows of one poll
STOP_POLLING = 286  # htmx: no more of this
REMEMBERED = 100  # answers listed
GIVEN = 500  # conversations that are given to an agent at once


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def upload(request: MemberRequest) -> HttpResponse:
    """Take files in; list what came in before."""
    if request.method == "GET":
        return _page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        taken = _take(request, form.cleaned_data)
    except DomainError as error:
        form.add_error("who", error.message)
        return _page(request, form, status=422)
    if request.htmx:
        return _rows(request, taken)
    messages.info(request, _sentence(taken))
    return redirect("upload", slug=request.membership.organization.slug)


@require_POST
@membership_required(*REVIEWERS)
def again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a file once more, in its own row's place: corrected, or with answers."""
    file = get_object_or_404(UploadedFile.objects.visible_to(request.membership), pk=pk)
    form, answers = AgainForm(request.POST, request.FILES), AnswersForm.of(file, request.POST)
    complete = answers.is_valid() or "known" in request.POST
    if not (form.is_valid() and complete):
        return _row(request, file, form=form, answers=answers, status=422)
    try:
        given = answers.answers() if answers.is_valid() else {}
        told = SourceAnswers(answers=given, remember=form.cleaned_data["remember"], asks=True)
        if form.cleaned_data["file"]:
            sent = uploads.incoming(form.cleaned_data["file"])
            file = uploads.take_again(file, sent, by=request.membership, told=told)
        else:
            file = answering.answer(file, by=request.membership, told=told)
    except DomainError as error:
        file.refresh_from_db()
        return _row(request, file, error=error, status=409)
    return _row(request, file)


@require_POST
@membership_required(*REVIEWERS)
def name_agent(request: MemberRequest) -> HttpResponse:
    """Say who the agent is, for the conversations of some files that name none."""
    by, form = request.membership, OneLineForm(request.POST)
    wanted = _ids(request.POST.getlist("file"))
    files = list(UploadedFile.objects.visible_to(by).filter(pk__in=wanted))
    if len(files) != len(set(wanted)):
        raise Http404("No such file.")
    try:
        said = _give(wanted, cleaned(form)["who"], by)
    except DomainError as error:
        if request.htmx and len(files) == 1:
            return _row(request, files[0], unnamed_error=error, status=status_of(error))
        messages.error(request, error.message)
        return redirect("upload", slug=by.organization.slug)
    if request.htmx and len(files) == 1:
        return _row(request, files[0])
    messages.success(request, said)
    return redirect("upload", slug=by.organization.slug)


def _give(files: list[UUID], who: str, by: Membership) -> str:
    """Give what is nobody's in these files to an agent; the most that go at once."""
    with transaction.atomic():
        agent = directory.chosen_or_added(who, by=by)
        found = list(without_agent(files, by=by).values_list("pk", flat=True)[: GIVEN + 1])
        given = pipeline.name_agent(dict.fromkeys(found[:GIVEN]), by=by, agent=agent)
    said = f"{given} conversation{'s' * (given != 1)} given to {agent.name}."
    return f"{said} There are more: press again for the next." if len(found) > GIVEN else said


@require_POST
@membership_required(*REVIEWERS)
def forget(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Stop applying an answer to further files."""
    rows = RememberedAnswer.objects.visible_to(request.membership)
    remembered.forget(get_object_or_404(rows, pk=pk), by=request.membership)
    messages.success(request, "Forgotten. The next file like that asks again.")
    return redirect("upload", slug=request.membership.organization.slug)


@require_GET
@membership_required(*REVIEWERS)
def rows(request: MemberRequest) -> HttpResponse:
    """Show the rows that a page still waits for, as parts to be swapped in place."""
    wanted = _ids(request.GET.getlist("file"))
    if not wanted:
        return HttpResponse(status=STOP_POLLING)
    files = UploadedFile.objects.visible_to(request.membership).filter(pk__in=wanted)
    return _rows(request, files, in_place=True)


@require_GET
@membership_required(*REVIEWERS)
def results(request: MemberRequest) -> HttpResponse:
    """Tell what became of the newest files, or of those sent together, as CSV."""
    wanted = _ids(request.GET.getlist("upload"))
    table = results_csv.as_csv(by=request.membership, of=wanted)
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="uploads.csv"'
    return answer


def _take(request: MemberRequest, given: dict[str, Any]) -> list[UploadedFile]:
    by = request.membership
    bundle = _bundle(request, given["upload"])
    agent = _named(request, given["who"])
    told = SourceAnswers(
        given["format"] or None, given["channel"] or None, facts=Facts(agent), asks=True
    )
    return [
        uploads.take_file(bundle, uploads.incoming(file), by=by, position=position, told=told)
        for position, file in enumerate(given["file"])
    ]


def _named(request: MemberRequest, who: str) -> NamedAgent | None:
    """The agent of the conversations that name none, as the person says."""
    if not who.strip():
        return None
    agent = directory.chosen_or_added(who, by=request.membership)
    return NamedAgent(agent.external_id, agent.name)


def _bundle(request: MemberRequest, named: UUID | None) -> Upload:
    """Find the upload that the page has begun, or open a new one."""
    mine = Upload.objects.visible_to(request.membership)
    begun = mine.filter(pk=named).first() if named else None
    return begun or actions.open_upload(by=request.membership)


def _page(
    request: MemberRequest, form: UploadForm, *, status: int = 200, refused: Any = None
) -> HttpResponse:
    """Draw the page; `refused` is what was sent of one row and not taken, shown in it again."""
    by = request.membership
    rows = UploadedFile.objects.visible_to(by)
    page = paging.page(rows, "id", query=request.GET, size=PAGE)
    shown = [refused["file"], *page.rows] if refused else page.rows
    answers = RememberedAnswer.objects.visible_to(by).select_related("answered_by__user")
    context = {
        "form": form,
        "page": page,
        "rows": progress(dict.fromkeys(shown), by=by),
        "refused": refused,
        "remembered": answers.order_by("-answered_at")[:REMEMBERED],
        "limit": settings.MAX_FILE_BYTES,
        "most": settings.MAX_FILE_INTERACTIONS,
        "limit_mb": settings.MAX_FILE_BYTES // uploads.MEGABYTE,
        "zones": sorted(available_timezones()),
        "agents": directory.offered(by),
    }
    return render(request, "transcripts/upload.html", context, status=status)


def _rows(request: MemberRequest, files: Any, *, in_place: bool = False) -> HttpResponse:
    found = progress(files, by=request.membership)
    context = {"rows": found, "in_place": in_place}
    return render(request, "transcripts/upload_rows.html", context)


def _row(
    request: MemberRequest, file: UploadedFile, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Draw one file's row as it is now; without htmx the page, with what is wrong on top."""
    if request.htmx:
        (row,) = progress([file], by=request.membership)
        context = {"row": row, "file": file, "held": file.summary, **more}
        return render(request, "transcripts/upload_row.html", context, status=status)
    for fault in _faults(**more):
        messages.error(request, f"{file.name}: {fault}")
    if more.get("answers"):  # so that nothing of it has to be chosen again
        return _page(request, UploadForm(), status=status, refused={"file": file, **more})
    if not more:
        messages.info(request, f"{file.name}: {file.get_status_display().lower()}.")
    return redirect("upload", slug=request.membership.organization.slug)


def _faults(
    *,
    form: AgainForm | None = None,
    answers: AnswersForm | None = None,
    error: DomainError | None = None,
) -> list[str]:
    """Say what was wrong with a file that was sent again, in sentences."""
    said = [error.message] if error else []
    for filled in (form, answers):
        if filled is not None:
            said += [str(fault) for faults in filled.errors.values() for fault in faults]
    return list(dict.fromkeys(said))


def _sentence(taken: list[UploadedFile]) -> str:
    counts = Counter(UploadedFile.Status(file.status).label.lower() for file in taken)
    return ", ".join(f"{count} {label}" for label, count in counts.items()).capitalize() + "."


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:POLLED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
