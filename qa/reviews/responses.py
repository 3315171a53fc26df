"""Where a change of a review leads."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from qa.organizations.access import MemberRequest
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.reviews.policy import policy_of


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


def submitted_in_words(more: str, review: Review, *, by: Membership) -> str:
    """Say that a review is submitted, with a link to it while it can be taken back."""
    said = _("Review submitted.") + more
    minutes = policy_of(by).recall_minutes
    if not minutes or review.kind != Review.Kind.REGULAR:
        return said
    address = reverse("review", kwargs={"slug": by.organization.slug, "pk": review.pk})
    return format_html('{} <a href="{}">{}</a>', said, address, _("View it or take it back"))
