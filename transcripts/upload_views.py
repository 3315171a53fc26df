"""The upload page: files in, and what became of each."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from qa import paging, uploads
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from transcripts import actions
from transcripts.forms import UploadForm
from transcripts.models import UploadedFile

PAGE = 25
POLLED = 50  # rows of one poll
STOP_POLLING = 286  # htmx: no more of this


@require_http_methods(["GET", "POST"])
@membership_required(*REVIEWERS)
def upload(request: MemberRequest) -> HttpResponse:
    """Take files in; list what came in before."""
    if request.method == "GET":
        return _page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    taken = _take(request, form.cleaned_data)
    if request.htmx:
        return _rows(request, taken)
    messages.info(request, _sentence(taken))
    return redirect("upload", slug=request.membership.organization.slug)


@require_GET
@membership_required(*REVIEWERS)
def rows(request: MemberRequest) -> HttpResponse:
    """The rows that a page still waits for, as parts to be swapped in place."""
    wanted = _ids(request.GET.getlist("file"))
    if not wanted:
        return HttpResponse(status=STOP_POLLING)
    files = UploadedFile.objects.visible_to(request.membership).filter(pk__in=wanted)
    return _rows(request, files, in_place=True)


def _take(request: MemberRequest, given: dict[str, Any]) -> list[UploadedFile]:
    by = request.membership
    bundle = actions.open_upload(by=by)
    return [
        uploads.take_file(
            bundle,
            uploads.incoming(file),
            by=by,
            position=position,
            format=given["format"] or None,
            channel=given["channel"] or None,
        )
        for position, file in enumerate(given["file"])
    ]


def _page(request: MemberRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    rows = UploadedFile.objects.visible_to(request.membership)
    page = paging.page(
        rows.for_page, key=lambda file: (file.pk,), query=request.GET, kinds=(UUID,), size=PAGE
    )
    context = {
        "form": form,
        "page": page,
        "rows": uploads.progress(page.rows, by=request.membership),
        "limit": settings.MAX_FILE_BYTES,
        "limit_mb": settings.MAX_FILE_BYTES // uploads.MEGABYTE,
    }
    return render(request, "transcripts/upload.html", context, status=status)


def _rows(request: MemberRequest, files: Any, *, in_place: bool = False) -> HttpResponse:
    found = uploads.progress(files, by=request.membership)
    context = {"rows": found, "in_place": in_place}
    return render(request, "transcripts/upload_rows.html", context)


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
