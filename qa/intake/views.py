"""The upload page: files in, what became of each, questions answered, failed ones sent again."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from qa import handovers
from qa.core.errors import DomainError
from qa.core.http import cleaned, status_of
from qa.core.texts import grouped
from qa.intake import answering, page, results_csv
from qa.intake import files as uploads
from qa.intake.facts import NO_FACTS, Facts
from qa.intake.forms import AgainForm, AnswersForm, UnsentForm, UploadForm
from qa.intake.progress import without_agent
from qa.intake.questions import SourceAnswers
from qa.organizations import directory
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from qa.organizations.agent_forms import OneLineForm
from qa.organizations.models import Membership
from qa.organizations.moves import Handover
from transcripts import actions, remembered
from transcripts.formats import Agent as NamedAgent
from transcripts.models import RememberedAnswer, Upload, UploadedFile

POLLED = 50  # rows of one poll
STOP_POLLING = 286  # htmx: no more of this
GIVEN = 20_000  # conversations that are given to an agent at once


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def upload(request: MemberRequest) -> HttpResponse:
    """Take files in; list what came in before."""
    if request.method == "GET":
        return page.full(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return page.full(request, form, status=422)
    try:
        taken = _take(request, form.cleaned_data)
    except DomainError as error:
        form.add_error("who", error.message)
        return page.full(request, form, status=422)
    if request.htmx:
        return page.rows(request, taken)
    messages.info(request, _sentence(taken))
    return redirect("upload", slug=request.membership.organization.slug)


@require_POST
@membership_required(*REVIEWERS)
def again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Answer what a file leaves open, or take it once more in its own row's place."""
    file = get_object_or_404(UploadedFile.objects.visible_to(request.membership), pk=pk)
    form, answers = AgainForm(request.POST, request.FILES), AnswersForm.of(file, request.POST)
    if not (form.is_valid() and answers.is_valid()):
        return page.row(request, file, form=form, answers=answers, status=422)
    source, others = file.source, []
    try:
        told = _told(request, form.cleaned_data, answers)
        file = _settled(request, file, form.cleaned_data["file"], told)
        if form.for_all_alike and source:
            same = replace(told, facts=NO_FACTS, remember=False)  # what else was said is one file's
            others = answering.answer_alike(file, source=source, by=request.membership, told=same)
    except DomainError as error:
        file.refresh_from_db()
        return page.row(request, file, error=error, status=status_of(error))
    return page.row(request, file, others=others)


@require_POST
@membership_required(*REVIEWERS)
def leave_out(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a file that waits or was rejected off the list."""
    return _listed(request, pk, kept=False)


@require_POST
@membership_required(*REVIEWERS)
def put_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put a file that was left out back on the list."""
    return _listed(request, pk, kept=True)


@require_POST
@membership_required(*REVIEWERS)
def unsent(request: MemberRequest) -> HttpResponse:
    """Remember a file that was too large to be sent, so that the list and its CSV have it."""
    form = UnsentForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), content_type="text/plain", status=422)
    given, by = form.cleaned_data, request.membership
    bundle = _bundle(request, given["upload"])
    file = answering.note_unsent(bundle, name=given["name"], size=given["size"], by=by)
    return page.rows(request, [file])


@require_POST
@membership_required(*REVIEWERS)
def name_agent(request: MemberRequest) -> HttpResponse:
    """Say who the agent is, for the conversations of some files that name none."""
    by, form = request.membership, OneLineForm(request.POST)
    wanted = _ids(request.POST.getlist("file"))
    files = list(UploadedFile.objects.visible_to(by).filter(pk__in=wanted))
    if len(files) != len(set(wanted)):
        raise Http404("No such file.")
    alone = files[0] if request.htmx and len(files) == 1 else None
    upload = reverse("upload", args=[by.organization.slug])
    try:
        job = _give(wanted, cleaned(form)["who"], by)
    except DomainError as error:
        if alone:
            return page.row(request, alone, unnamed_error=error, status=status_of(error))
        messages.error(request, error.message)
        return redirect(upload)
    if alone and job.finished_at:
        return page.row(request, alone)
    messages.success(request, _given(job))
    return HttpResponseClientRedirect(upload) if alone else redirect(upload)


@require_POST
@membership_required(*REVIEWERS)
def forget(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Stop applying an answer to further files."""
    rows = RememberedAnswer.objects.visible_to(request.membership)
    remembered.forget(get_object_or_404(rows, pk=pk), by=request.membership)
    messages.success(request, gettext("Forgotten. The next file like it will ask again."))
    return redirect("upload", slug=request.membership.organization.slug)


@require_GET
@membership_required(*REVIEWERS)
def rows(request: MemberRequest) -> HttpResponse:
    """Show the rows that a page still waits for, as parts to be swapped in place."""
    wanted = _ids(request.GET.getlist("file"))
    if not wanted:
        return HttpResponse(status=STOP_POLLING)
    files = UploadedFile.objects.visible_to(request.membership).filter(pk__in=wanted)
    return page.rows(request, files, in_place=True)


@require_GET
@membership_required(*REVIEWERS)
def results(request: MemberRequest) -> HttpResponse:
    """Tell what became of the newest files, or of those sent together, as CSV."""
    wanted = _ids(request.GET.getlist("upload"))
    table = results_csv.as_csv(by=request.membership, of=wanted)
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="uploads.csv"'
    return answer


def _give(files: list[UUID], who: str, by: Membership) -> Handover:
    """Give what is nobody's in these files to an agent: a few now, many in a worker."""
    with transaction.atomic():
        agent = directory.chosen_or_added(who, by=by)
        found = without_agent(files, by=by).values_list("pk", flat=True)[:GIVEN]
        job = handovers.begin(list(found), agent=agent, by=by)
        if len(job.interactions) <= handovers.AT_ONCE:
            handovers.go_on(job.pk, by=by)
            job.refresh_from_db()
    return job


def _given(job: Handover) -> str:
    """Say what has become of it, or will."""
    number = job.changed if job.finished_at else len(job.interactions)
    named = {"n": grouped(number), "agent": job.agent.name if job.agent else ""}
    if job.finished_at:
        said = ngettext(
            "%(n)s conversation assigned to %(agent)s.",
            "%(n)s conversations assigned to %(agent)s.",
            number,
        )
    else:
        said = ngettext(
            "%(n)s conversation is being assigned to %(agent)s. You get a notice when it’s done.",
            "%(n)s conversations are being assigned to %(agent)s. You get a notice when it’s done.",
            number,
        )
    return said % named


def _take(request: MemberRequest, given: dict[str, Any]) -> list[UploadedFile]:
    by = request.membership
    told = SourceAnswers(
        given["format"] or None,
        given["channel"] or None,
        facts=_facts(request, given),
        asks=True,
    )
    bundle = _bundle(request, given["upload"])
    return [
        uploads.take_file(bundle, uploads.incoming(file), by=by, position=position, told=told)
        for position, file in enumerate(given["file"])
    ]


def _told(request: MemberRequest, given: dict[str, Any], answers: AnswersForm) -> SourceAnswers:
    """What a row's answer says: to its questions, and of what the file does not say."""
    return SourceAnswers(
        answers=answers.answers(),
        facts=_facts(request, given),
        remember=given["remember"],
        asks=True,
    )


def _settled(
    request: MemberRequest, file: UploadedFile, sent: Any, told: SourceAnswers
) -> UploadedFile:
    """Take the file that was sent, or what is kept of it, with this answer."""
    by = request.membership
    if sent:
        return uploads.take_again(file, uploads.incoming(sent), by=by, told=told)
    return answering.answer(file, by=by, told=told)


def _facts(request: MemberRequest, given: dict[str, Any]) -> Facts:
    """What the person says of conversations that do not say it themselves."""
    agent = None
    if given["who"].strip():
        found = directory.chosen_or_added(given["who"], by=request.membership)
        agent = NamedAgent(found.external_id, found.name)
    return Facts(agent, given["team"], given["started_at"], given["details"] or {})


def _listed(request: MemberRequest, pk: UUID, *, kept: bool) -> HttpResponse:
    """Put a file on the list or take it off; its row goes where it stood."""
    by = request.membership
    file = get_object_or_404(UploadedFile.objects.visible_to(by), pk=pk)
    change, said = (
        (answering.put_back, gettext("%(file)s is back in the list."))
        if kept
        else (answering.leave_out, gettext("%(file)s was left out."))
    )
    try:
        change(file, by=by)
    except DomainError as error:
        return page.row(request, file, error=error, status=status_of(error))
    file.refresh_from_db()
    if request.htmx:
        return page.row(request, file)
    messages.success(request, said % {"file": file.name})
    return redirect("upload", slug=by.organization.slug)


def _bundle(request: MemberRequest, named: UUID | None) -> Upload:
    """Find the upload that the page has begun, or open a new one."""
    mine = Upload.objects.visible_to(request.membership)
    begun = mine.filter(pk=named).first() if named else None
    return begun or actions.open_upload(by=request.membership)


def _sentence(taken: list[UploadedFile]) -> str:
    """Say what became of the files of one upload."""
    status = [UploadedFile.Status(file.status) for file in taken]
    here = {UploadedFile.Status.ACCEPTED, UploadedFile.Status.PARTLY, UploadedFile.Status.DUPLICATE}
    imported = sum(one in here for one in status)
    asks = status.count(UploadedFile.Status.ASKS)
    refused = status.count(UploadedFile.Status.REFUSED)
    parts = [
        ngettext("%(n)s imported", "%(n)s imported", imported) % {"n": imported},
        ngettext("%(n)s needs an answer", "%(n)s need an answer", asks) % {"n": asks},
        ngettext("%(n)s rejected", "%(n)s rejected", refused) % {"n": refused},
    ]
    told = [part for part, count in zip(parts, (imported, asks, refused), strict=True) if count]
    files = ngettext("%(n)s file: %(parts)s.", "%(n)s files: %(parts)s.", len(taken))
    return files % {"n": len(taken), "parts": ", ".join(told)}


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:POLLED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
