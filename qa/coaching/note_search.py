"""Notes that were given: a reviewer's own, everybody's for those who answer for them."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import QueryDict

from qa.coaching.models import CoachingNote
from qa.core import paging
from qa.organizations.calendar import calendar_of
from qa.organizations.models import Agent, Membership, Role
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_in_lists, record_listed
from qa.tenancy.base import TenantQuerySet
from transcripts.cast import WITH_AGENTS
from transcripts.models import handled_by

SIZE: Final = 25


def found(
    by: Membership,
    query: QueryDict,
    *,
    words: str = "",
    agent: Agent | None = None,
    since: date | None = None,
    until: date | None = None,
) -> paging.Page[CoachingNote]:
    """A page of notes of reviews that count, newest first; days are the organization's."""
    rows = _readable(by)
    for word in words.split():
        rows = rows.filter(text__icontains=word)
    if agent is not None:
        rows = rows.filter(handled_by([agent.pk], "review__interaction__"))
    calendar = calendar_of(by)
    if since is not None:
        rows = rows.filter(created_at__gte=calendar.midnight(since))
    if until is not None:
        rows = rows.filter(created_at__lt=calendar.midnight(until + timedelta(days=1)))
    rows = rows.select_related("review__interaction__agent", "author__user")
    rows = rows.prefetch_related(f"review__interaction__{WITH_AGENTS}")
    page = paging.page(rows, "created_at", "id", query=query, size=SIZE)
    record_listed([note.review.interaction_id for note in page.rows], by=by)
    return page


def _readable(by: Membership) -> TenantQuerySet[CoachingNote]:
    counted = Review.objects.visible_to(by).counted().values("pk")
    rows = CoachingNote.objects.visible_to(by).filter(review__in=counted)
    rows = rows.exclude(hidden_in_lists(by, "review__interaction__"))
    return rows.filter(author=by) if by.role == Role.SPECIALIST else rows


def agents_of(by: Membership) -> list[tuple[UUID, str]]:
    """The agents that notes can be narrowed to, by name."""
    return list(Agent.objects.visible_to(by).order_by("name", "pk").values_list("pk", "name"))
