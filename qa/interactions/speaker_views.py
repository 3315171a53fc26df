"""Who speaks: swap customer and agent, or give one turn another role."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qa import pipeline
from qa.core.errors import DomainError, Refused
from qa.core.http import status_of
from qa.interactions.forms import RoleForm
from qa.interactions.views import find, page_of
from qa.organizations.access import REVIEWERS, MemberRequest, membership_required
from transcripts.models import Interaction


@require_POST
@membership_required(*REVIEWERS)
def swap(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The customer was taken for the agent, and the agent for the customer."""
    return _reassign(request, find(request, pk), None)


@require_POST
@membership_required(*REVIEWERS)
def change_role(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One turn is somebody else's."""
    interaction, form = find(request, pk), RoleForm(request.POST)
    if not form.is_valid():
        return page_of(
            request,
            interaction,
            error=Refused(_("Choose who is speaking in this turn.")),
            status=422,
        )
    return _reassign(request, interaction, {form.cleaned_data["turn"]: form.cleaned_data["role"]})


def _reassign(
    request: MemberRequest, interaction: Interaction, roles: Mapping[int, str] | None
) -> HttpResponse:
    by, discard = request.membership, "discard" in request.POST
    try:
        pipeline.reassign(interaction.pk, by=by, roles=roles, discard_draft=discard)
    except DomainError as error:
        return page_of(request, interaction, error=error, status=status_of(error))
    if roles is None:
        said = _("Customer and agent have been swapped. The conversation is being scored again.")
    else:
        said = _("The speaker has been changed. The conversation is being scored again.")
    messages.success(request, said)
    return redirect("interaction", slug=by.organization.slug, pk=interaction.pk)
