"""A member's own log-in: name, e-mail address and password."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qa.core.errors import DomainError
from qa.organizations import accounts, mailing
from qa.organizations.access import EVERYONE, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page
from qa.organizations.forms import OwnPasswordForm
from qa.organizations.member_forms import AddressForm, NameForm

BACK: Final = "account-name"  # the page one is on after a change


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def name(request: MemberRequest) -> HttpResponse:
    """One's own name."""
    form = NameForm(sent(request), initial={"name": request.membership.user.name})
    if not form.is_valid():
        return form_page(request, "organizations/own_name.html", form)
    try:
        accounts.change_name(by=request.membership, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/own_name.html", form, error)
    messages.success(request, _("Your name is saved."))
    return to_page(request, BACK)


@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def address(request: MemberRequest) -> HttpResponse:
    """Ask for another address of one's own, or keep the old one after all."""
    if request.method == "POST" and "withdraw" in request.POST:
        accounts.take_back(by=request.membership)
        messages.success(request, _("Your address stays as it is."))
        return to_page(request, "account-address")
    form = AddressForm(sent(request))
    page: dict[str, Any] = {"by_mail": mailing.goes_out()}
    if not form.is_valid():
        return form_page(request, "organizations/own_address.html", form, **page)
    try:
        site = mailing.site_of(request)
        email = accounts.ask(by=request.membership, site=site, **form.cleaned_data)
    except DomainError as error:
        return form_page(request, "organizations/own_address.html", form, error, **page)
    words = _("A link is on its way to %(email)s. Open it there to confirm.")
    messages.success(request, words % {"email": email})
    return to_page(request, "account-address")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@membership_required(*EVERYONE)
def password(request: MemberRequest) -> HttpResponse:
    """One's own password; every other session ends."""
    form: Any = OwnPasswordForm(request.membership.user, sent(request), request=request)
    if not form.is_valid():
        return form_page(request, "organizations/own_password.html", form)
    user = form.save()
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. You are signed out everywhere else."))
    return to_page(request, BACK)
