"""The setting of recordings: from which servers calls may be played. For admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qa.organizations import setup
from qa.organizations.access import ADMINS, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page
from qa.organizations.recording_forms import RecordingsForm


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def recordings(request: MemberRequest) -> HttpResponse:
    """The servers with the organization's recordings; none switches players off."""
    before = request.membership.organization.recording_origins
    form = RecordingsForm(sent(request), initial={"recording_origins": "\n".join(before)})
    if not form.is_valid():
        return form_page(request, "organizations/recordings.html", form)
    setup.set_up(by=request.membership, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return to_page(request, "settings-recordings")
