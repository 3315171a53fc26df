"""Where a change of a review leads."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from qa.organizations.access import MemberRequest
from qa.reviews.models import Review


def address_of(request: MemberRequest, to: Review | None) -> str:
    """The address of a review, or of the queue."""
    slug = request.membership.organization.slug
    if to is None:
        return reverse("queue", kwargs={"slug": slug})
    return reverse("review", kwargs={"slug": slug, "pk": to.pk})


def go_to(request: MemberRequest, to: Review | None) -> HttpResponse:
    """Go to a review, or to the queue, as htmx or as a plain form does."""
    return go_to_address(request, address_of(request, to))


def go_to_address(request: MemberRequest, address: str) -> HttpResponse:
    """Go to any address of this site, as htmx or as a plain form does."""
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
