"""The organization's own pages: its name, its picture, how its people read; and its end."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qa.core.errors import DomainError
from qa.organizations import closing, queries, setup
from qa.organizations.access import ADMINS, EVERYONE, MemberRequest, membership_required
from qa.organizations.answers import form_page, sent, to_page
from qa.organizations.models import Organization
from qa.organizations.own_forms import DeleteForm, OrganizationForm
from qa.organizations.reading import speak_to

SALT: Final = "heard.delete_organization"
THINK: Final = 600  # seconds in which the second question can be answered


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def organization(request: MemberRequest) -> HttpResponse:
    """Name, logo, time zone, first day of the week, language."""
    mine = Organization.objects.visible_to(request.membership).get()
    form = OrganizationForm(sent(request), request.FILES or None, organization=mine)
    template, page = "organizations/organization.html", dict[str, Any](organization=mine)
    if not form.is_valid():
        return form_page(request, template, form, **page)
    try:
        _save(request, form.cleaned_data)
    except DomainError as error:
        return form_page(request, template, form, error, **page)
    mine.refresh_from_db()
    speak_to(request.membership.user, mine)  # the answer is in the language just chosen
    messages.success(request, _("Saved."))
    return to_page(request, "settings-organization")


@transaction.atomic
def _save(request: MemberRequest, values: dict[str, Any]) -> None:
    picture, gone = values.pop("logo"), values.pop("remove_logo", False)
    setup.set_up(by=request.membership, **values)
    if picture or gone:
        setup.set_logo(picture, by=request.membership)


def kept_by_browsers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the browser of whoever may see it keep the answer for a day."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(*args, **kwargs)
        answer.headers["Cache-Control"] = "private, max-age=86400"
        del answer.headers["Expires"]
        return answer

    return inner


@kept_by_browsers
@require_GET
@membership_required(*EVERYONE)
def logo(request: MemberRequest) -> HttpResponse:
    """The organization's picture. Its address names its version, so it may be kept."""
    picture = setup.picture_of(request.membership)
    if picture is None:
        raise Http404("No logo.")
    return HttpResponse(
        picture,
        content_type="image/png",
        headers={"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"},
    )


@require_http_methods(["GET", "POST"])
@membership_required(*ADMINS)
def delete(request: MemberRequest) -> HttpResponse:
    """Ask for the name, then ask once more, then delete the organization with everything."""
    mine = request.membership.organization
    form = DeleteForm(sent(request), organization=mine)
    page: dict[str, Any] = {"holds": queries.holdings(request.membership)}
    if not form.is_valid():
        return form_page(request, "organizations/delete.html", form, **page)
    if not _is_sure(request):
        page["sure"] = signing.dumps(_question(request), salt=SALT)
        return render(request, "organizations/delete_confirm.html", {"form": form, **page})
    try:
        closing.close(by=request.membership)
    except DomainError as error:
        return form_page(request, "organizations/delete.html", form, error, **page)
    words = _("%(name)s is being deleted with everything in it.")
    messages.success(request, words % {"name": mine.name})
    return HttpResponseRedirect(reverse("start"))


def _question(request: MemberRequest) -> str:
    return str(request.membership.pk)


def _is_sure(request: MemberRequest) -> bool:
    """True if this is the answer to the second question, asked of this very member just now."""
    try:
        answered = signing.loads(request.POST.get("sure", ""), salt=SALT, max_age=THINK)
    except signing.BadSignature:
        return False
    return bool(answered == _question(request))
