"""Pages of the trail, and whether anybody has touched it."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from qa.audit import actions as audit
from qa.audit.models import AuditEvent
from qa.core import paging
from qa.organizations.models import Membership
from qa.tenancy.base import Actor
from qa.trail.filters import TrailForm
from qa.trail.reading import Deed, read

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain of events found."""

    broken: int | None
    checked: int


def listed(form: TrailForm, query: QueryDict, *, by: Membership) -> paging.Page[Deed]:
    """One page of the events that fit, newest first."""
    page = paging.page(form.narrowed(), "number", query=query, size=SIZE)
    return paging.Page(read(page.rows, by=by), page.newer_url, page.older_url)


def check_chain(by: Actor) -> Verdict:
    """Follow the chain from the first event to the last."""
    events = AuditEvent.objects.visible_to(by)
    last = events.order_by("-number").first()
    broken = audit.first_broken(events.order_by("number").iterator(chunk_size=2000))
    return Verdict(broken=broken, checked=last.number if last else 0)
