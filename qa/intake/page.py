"""The upload page as it is drawn: the whole of it, some of its rows, or one."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from qa.core import paging
from qa.core.errors import DomainError
from qa.intake import answering
from qa.intake import files as uploads
from qa.intake.forms import AgainForm, AnswersForm, UploadForm
from qa.intake.progress import Progress, progress
from qa.intake.question_forms import zones
from qa.organizations import directory
from qa.organizations.access import MemberRequest
from qa.organizations.models import Membership, Team
from transcripts.models import RememberedAnswer, UploadedFile, UploadedFileQuerySet

PAGE: Final = 25
REMEMBERED: Final = 100  # answers listed
TEAMS: Final = 200  # offered
LEFT_OUT: Final = "left_out"
Status = UploadedFile.Status
FILTERS: Final[dict[str, tuple[Promise, tuple[str, ...]]]] = {
    "asks": (gettext_lazy("Need your answer"), (Status.ASKS,)),
    "imported": (gettext_lazy("Imported"), (Status.ACCEPTED, Status.PARTLY)),
    "already": (gettext_lazy("Already imported"), (Status.DUPLICATE,)),
    "rejected": (gettext_lazy("Rejected"), (Status.REFUSED,)),
}


def full(
    request: MemberRequest, form: UploadForm, *, status: int = 200, refused: Any = None
) -> HttpResponse:
    """Draw the page; `refused` is what was sent of one row and not taken, shown in it again."""
    by = request.membership
    show = request.GET.get("show", "")
    page = paging.page(_shown(show, by), "id", query=request.GET, size=PAGE)
    shown = [refused["file"], *page.rows] if refused else page.rows
    answers = RememberedAnswer.objects.visible_to(by).select_related("answered_by__user")
    context = {
        "form": form,
        "page": page,
        "filters": _filters(show, by),
        "show": show,
        "rows": with_alike(dict.fromkeys(shown), by=by),
        "refused": refused,
        "remembered": answers.order_by("-answered_at")[:REMEMBERED],
        "limit": settings.MAX_FILE_BYTES,
        "most": settings.MAX_FILE_INTERACTIONS,
        "limit_mb": settings.MAX_FILE_BYTES // uploads.MEGABYTE,
        "zones": zones(),
        "formats_url": reverse("help-formats", args=[by.organization.slug]),
        "agents": directory.offered(by),
        "teams": Team.objects.visible_to(by)
        .order_by("name")
        .values_list("name", flat=True)[:TEAMS],
    }
    return render(request, "transcripts/upload.html", context, status=status)


def rows(
    request: MemberRequest, files: Iterable[UploadedFile], *, in_place: bool = False
) -> HttpResponse:
    """Draw rows alone."""
    context = {"rows": with_alike(files, by=request.membership), "in_place": in_place}
    return render(request, "transcripts/upload_rows.html", context)


def row(
    request: MemberRequest,
    file: UploadedFile,
    *,
    status: int = 200,
    others: Iterable[UploadedFile] = (),
    **more: Any,
) -> HttpResponse:
    """Draw one file's row as it is now; without htmx the page, with what is wrong on top.

    `others` are rows that have changed along with it.
    """
    others = list(others)
    if request.htmx:
        drawn, *beside = with_alike([file, *others], by=request.membership)
        context = {"row": drawn, "file": file, "held": file.summary, "beside": beside, **more}
        return render(request, "transcripts/upload_answered.html", context, status=status)
    for fault in _faults(**more):
        said = gettext("%(file)s: %(fault)s") % {"file": file.name, "fault": fault}
        messages.error(request, said)
    if more.get("answers"):  # so that nothing of it has to be chosen again
        return full(request, UploadForm(), status=status, refused={"file": file, **more})
    if not more:
        for each in [file, *others]:
            messages.info(
                request,
                gettext("%(file)s: %(status)s.")
                % {"file": each.name, "status": each.get_status_display()},
            )
    return redirect("upload", slug=request.membership.organization.slug)


def with_alike(files: Iterable[UploadedFile], *, by: Membership) -> list[Progress]:
    """Tell how far files have come, and how many others wait for what they ask."""
    listed = list(files)
    counts = answering.alike((file.source for file in listed if file.source), by=by)
    first: dict[str, str] = {}
    drawn = []
    for each in progress(listed, by=by):
        source = each.file.source
        drawn.append(each.with_alike(counts.get(source, 0), like=first.get(source, "")))
        if source and each.file.left_out_at is None:
            first.setdefault(source, each.file.name or "–")
    return drawn


def _shown(show: str, by: Membership) -> UploadedFileQuerySet:
    rows = UploadedFile.objects.visible_to(by)
    if show == LEFT_OUT:
        return rows.exclude(left_out_at=None)
    wanted = FILTERS.get(show)
    return rows.listed().filter(status__in=wanted[1]) if wanted else rows.listed()


def _filters(show: str, by: Membership) -> list[dict[str, Any]]:
    """List the views of the list with how many files each has."""
    mine = UploadedFile.objects.visible_to(by)
    counts = mine.listed().counted_by("status")
    left_out = mine.exclude(left_out_at=None).count()
    found: list[tuple[str, str | Promise, int]] = [("", gettext("All"), sum(counts.values()))]
    found += [
        (name, words, sum(counts.get(status, 0) for status in statuses))
        for name, (words, statuses) in FILTERS.items()
    ]
    if left_out:
        found.append((LEFT_OUT, gettext("Left out"), left_out))
    current = show if show in {name for name, _, _ in found} else ""
    return [
        {"name": name, "words": words, "count": count, "current": name == current}
        for name, words, count in found
    ]


def _faults(
    *,
    form: AgainForm | None = None,
    answers: AnswersForm | None = None,
    error: DomainError | None = None,
    **_: Any,
) -> list[str]:
    """Say what was wrong with what was sent of a row, in sentences."""
    said = [error.message] if error else []
    for filled in (form, answers):
        if filled is not None:
            said += [str(fault) for faults in filled.errors.values() for fault in faults]
    return list(dict.fromkeys(said))
