"""A member's own page: who they are here, and how they read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qa.core.errors import DomainError
from qa.organizations import setup
from qa.organizations.access import EVERYONE, MemberRequest, membership_required, memberships_of
from qa.organizations.answers import form_page, sent, to_page
from qa.organizations.own_forms import PreferencesForm
from qa.organizations.reading import speak_to


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def account(request: MemberRequest) -> HttpResponse:
    """Name, address, roles, language and time zone, and the ways to change each."""
    mine = request.membership
    form = PreferencesForm(sent(request), user=mine.user, organization=mine.organization)
    page: dict[str, Any] = {"places": memberships_of(mine.user)}
    if not form.is_valid():
        return form_page(request, "organizations/account.html", form, **page)
    try:
        user = setup.set_own_preferences(by=mine, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/account.html", form, error, **page)
    speak_to(user, mine.organization)  # the answer is in the language just chosen
    messages.success(request, _("Saved."))
    return to_page(request, "account")
