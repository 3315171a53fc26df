"""Settings, Audit trail: who changed what, and when. For admins only."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.trail import queries
from qa.trail.export import as_csv
from qa.trail.filters import TrailForm


@require_GET
@membership_required(*ADMINS)
def audit(request: MemberRequest) -> HttpResponse:
    """What was changed, newest first."""
    return _audit(request)


@require_POST
@membership_required(*ADMINS)
def check_audit(request: MemberRequest) -> HttpResponse:
    """Prove that nobody has touched the trail, or say where it breaks."""
    return _audit(request, verdict=queries.check_chain(request.membership))


@require_GET
@membership_required(*ADMINS)
def export_audit(request: MemberRequest) -> HttpResponseBase:
    """Everything that the filter finds, as a CSV that is written while it is read."""
    form = TrailForm(request.GET, by=request.membership)
    form.is_valid()
    table = as_csv(form, by=request.membership)
    answer = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _audit(request: MemberRequest, **context: Any) -> HttpResponse:
    form = TrailForm(request.GET, by=request.membership)
    found = queries.listed(form, request.GET, by=request.membership)
    filters = request.GET.copy()
    for name in ("newer", "older"):
        filters.pop(name, None)
    context |= {"form": form, "page": found, "query": filters.urlencode()}
    return render(request, "organizations/audit.html", context)
