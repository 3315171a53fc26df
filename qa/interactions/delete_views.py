"""Delete a conversation: asked once in words, with what goes with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from qa import pipeline
from qa.organizations.access import MemberRequest, membership_required
from qa.organizations.models import Role
from qa.removing import what_goes
from transcripts.models import Interaction


@require_http_methods(["GET", "POST"])
@membership_required(Role.ADMIN)
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask, and delete it; one that a calibration session reads stays."""
    by = request.membership
    one = get_object_or_404(Interaction.objects.visible_to(by).select_related("agent"), pk=pk)
    goes = what_goes(one, by=by)
    if request.method == "POST" and not goes.in_session:
        messages.success(request, pipeline.delete_interactions([pk], by=by).in_words)
        return redirect("interactions", slug=by.organization.slug)
    status = 409 if request.method == "POST" else 200
    context = {"one": one, "goes": goes}
    return render(request, "transcripts/delete.html", context, status=status)
