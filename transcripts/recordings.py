"""The recording of a call, where its source says at which address it lies.

Off until an admin names the servers from which the organization's recordings may be played: a
reviewer's browser fetches them from nowhere else. Heard itself fetches and keeps nothing.
"""

from typing import Final

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse

from qa.core.origins import origin_of
from qa.organizations.models import Organization
from transcripts.models import Interaction

KEY: Final = "recording_url"  # where a source puts the address, in `metadata`


def recording_of(interaction: Interaction, organization: Organization) -> str:
    """The address of the recording, if it lies on one of the organization's servers; else ""."""
    address = interaction.metadata.get(KEY)
    if not isinstance(address, str) or not organization.recording_origins:
        return ""
    return address if origin_of(address) in organization.recording_origins else ""


def let_play(
    response: HttpResponse, interaction: Interaction, organization: Organization
) -> HttpResponse:
    """Let this one page play the conversation's recording; every other server stays shut out."""

    def drawn(_request: HttpRequest) -> HttpResponse:
        return response

    if address := recording_of(interaction, organization):
        csp_update({"media-src": [origin_of(address)]})(drawn)(HttpRequest())
    return response
