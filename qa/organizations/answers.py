"""What the views of the settings pages have in common: forms read and sent back, addresses."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from qa.core.errors import DomainError
from qa.organizations.access import MemberRequest


def sent(request: MemberRequest) -> QueryDict | None:
    """What was sent with the form; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def uuid_of(request: MemberRequest, name: str = "after") -> UUID | None:
    """A parameter of the address that is an id; None where it is none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def to_page(request: MemberRequest, name: str, **kwargs: Any) -> HttpResponse:
    """Go to another page of the same organization."""
    kwargs["slug"] = request.membership.organization.slug
    return HttpResponseRedirect(reverse(name, kwargs=kwargs))


def form_page(
    request: MemberRequest,
    template: str,
    form: Form,
    error: DomainError | None = None,
    **context: Any,
) -> HttpResponse:
    """The page with the form: as asked for, or sent back with what is wrong."""
    if error:
        form.add_error(None, error.message)
    status = 200 if not form.is_bound else 409 if error else 422
    return render(request, template, {"form": form, **context}, status=status)
