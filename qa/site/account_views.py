"""A log-in outside of any organization: confirm a new address, and change the password."""

from typing import Any

from axes.utils import reset
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qa.core.errors import Conflict, Gone
from qa.organizations import accounts, mailing
from qa.organizations.access import memberships_of
from qa.organizations.forms import NewPasswordForm, OwnPasswordForm
from qa.organizations.member_forms import ConfirmForm
from qa.organizations.sign_in import mailed_links


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@never_cache
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail to a new address leads. Opening it changes nothing: programs read mail too."""
    user: Any = request.user
    wanted = accounts.read_token(token)
    if wanted and not accounts.fits(wanted, user):
        return render(request, "organizations/address_of_another.html", status=409)
    if wanted is None or not accounts.waits(wanted, user):
        return render(request, "organizations/address_gone.html", status=404)
    form = ConfirmForm(request.POST or None, user=user, request=request)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            accounts.confirm(wanted, user=user, site=mailing.site_of(request))
            words = _("Sign in with %(email)s from now on.")
            messages.success(request, words % {"email": wanted.email})
            return HttpResponseRedirect(reverse("start"))
        except (Conflict, Gone) as error:
            form.add_error(None, error.message)
            status = 409
    context = {"form": form, "wanted": wanted}
    return render(request, "organizations/address_confirm.html", context, status=status)


class NewPassword(auth.PasswordResetConfirmView):
    """Where the mail about a forgotten password leads; whoever follows it may sign in again."""

    form_class = NewPasswordForm
    token_generator = mailed_links

    def form_valid(self, form: Any) -> HttpResponse:
        reset(username=form.user.email.upper())  # as access.name_at_sign_in writes it
        return super().form_valid(form)


class ChangePassword(auth.PasswordChangeView):
    """The page for who is in no organization."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


def change_password(request: HttpRequest) -> HttpResponseBase:
    """One's password; for a member on a page of theirs, with the menu around it."""
    user: Any = request.user
    mine = memberships_of(user) if request.method == "GET" else []
    if mine:
        return redirect("account-password", slug=mine[0].organization.slug)
    return ChangePassword.as_view()(request)
