"""Opening an organization by oneself: the address, then the page behind the mailed link."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qa.core.errors import Conflict, DomainError, Gone
from qa.organizations import mailing, sign_up
from qa.organizations.addresses import same
from qa.organizations.own_forms import OpenForm, OpenWithAccountForm, SignUpForm
from qa.organizations.own_models import SignUp
from qa.organizations.sign_in import BACKEND
from qa.site.navigation import start_of


@require_http_methods(["GET", "POST"])
@never_cache
@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the address. The answer is the same for every address."""
    _refuse_unless_on()
    form = SignUpForm(_sent(request))
    if not form.is_valid():
        return _page(request, "sign_up", form, status=422 if form.is_bound else 200)
    email = form.cleaned_data["email"]
    try:
        sign_up.ask(email, site=mailing.site_of(request))
    except Conflict as error:
        form.add_error(None, error.message)
        return _page(request, "sign_up", form, status=429)
    return _page(request, "sign_up_sent", form, email=email)


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
@never_cache
@login_not_required
def open_organization(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it changes nothing: programs look at mail too."""
    _refuse_unless_on()
    found = sign_up.find(token)
    if found is None:
        return _page(request, "sign_up_gone", None, status=404)
    try:
        user: Any = request.user
        proven = user.is_authenticated and user.only_in_id is None
        if proven and same(user.email, found.email):
            return _open_signed_in(request, found)
        if sign_up.account_of(found.email):
            return _page(request, "sign_up_sign_in", None, found=found)
        return _open_signed_out(request, found)
    except Gone:
        return _page(request, "sign_up_gone", None, status=404)


def _open_signed_in(request: HttpRequest, found: SignUp) -> HttpResponse:
    form = OpenForm(_sent(request))
    if not form.is_valid():
        return _open_page(request, form, found)
    try:
        user: Any = request.user
        member = sign_up.open_with_account(found, user=user, **form.cleaned_data)
    except Gone:
        raise
    except DomainError as error:
        return _open_page(request, form, found, error)
    return HttpResponseRedirect(start_of(member))


def _open_signed_out(request: HttpRequest, found: SignUp) -> HttpResponse:
    form = OpenWithAccountForm(_sent(request), email=found.email)
    if not form.is_valid():
        return _open_page(request, form, found)
    values = {name: form.cleaned_data[name] for name in ("organization", "time_zone", "name")}
    password = form.cleaned_data["password1"]
    try:
        member = sign_up.open_with_new_account(found, password=password, **values)
    except Gone:
        raise
    except DomainError as error:
        return _open_page(request, form, found, error)
    login(request, member.user, backend=BACKEND)
    return HttpResponseRedirect(start_of(member))


def _open_page(
    request: HttpRequest, form: Any, found: SignUp, error: DomainError | None = None
) -> HttpResponse:
    if error:
        form.add_error(None, error.message)
    status = 409 if error else 422 if form.is_bound else 200
    return _page(request, "sign_up_open", form, status=status, found=found)


def _page(
    request: HttpRequest, name: str, form: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    page = {"form": form, **context}
    return render(request, f"registration/{name}.html", page, status=status)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _refuse_unless_on() -> None:
    if not settings.SIGN_UP:
        raise Http404("Signing up is off.")
