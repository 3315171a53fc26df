"""Who has read what: reviews, decisions of disputes, pre-scores that were shared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qa.coaching.models import SharedPreScore
from qa.core import paging
from qa.core.dates import written
from qa.disputes.models import Dispute
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from transcripts.models import Interaction

SIZE = 25
KINDS = {
    "reviews": _("Reviews"),
    "decisions": _("Dispute decisions"),
    "prescores": _("Pre-scores"),
}
STATES = {"waiting": _("Not read yet"), "read": pgettext_lazy("was read", "Read")}
DECIDED = (Dispute.Status.UPHELD, Dispute.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of feedback, and whether its agent has read it."""

    pk: UUID
    address: str
    what: str
    agent: str
    by: str  # who gave it; empty for a pre-score
    at: datetime
    read_at: datetime | None
    answer: str = ""


def listed(by: Membership, query: QueryDict, *, kind: str, state: str) -> paging.Page[Row]:
    """Feedback of one kind, newest first; of agents who sign in, for the others can't say so.

    Specialists see what they gave, managers all.
    """
    rows, field, worded = SOURCES[kind](by, state == "read")

    return paging.page(rows, field, "id", query=query, size=SIZE).map(worded)


Source = tuple[QuerySet[Any], str, Callable[[Any], Row]]


def _reviews(by: Membership, read: bool) -> Source:
    rows = Review.objects.visible_to(by).counted().filter(acknowledgement__isnull=not read)
    rows = rows.filter(interaction__agent__membership__role=Role.AGENT)
    if by.role == Role.SPECIALIST:
        rows = rows.filter(specialist=by)

    def worded(review: Review) -> Row:
        said = getattr(review, "acknowledgement", None)
        told = review.interaction
        return Row(
            pk=review.pk,
            address=_address("review", review.pk, by),
            what=_of(told, corrected=review.supersedes_id is not None),
            agent=review.interaction.agent.name if review.interaction.agent else "",
            by=review.specialist.user.name,
            at=review.confirmed_at or review.opened_at,
            read_at=said.at if said else None,
            answer=said.answer if said else "",
        )

    related = rows.select_related("interaction__agent", "specialist__user", "acknowledgement")
    return related, "confirmed_at", worded


def _decisions(by: Membership, read: bool) -> Source:
    rows = Dispute.objects.visible_to(by).filter(status__in=DECIDED, read__isnull=not read)
    rows = rows.filter(opened_by__role=Role.AGENT)

    def worded(dispute: Dispute) -> Row:
        said = getattr(dispute, "read", None)
        return Row(
            pk=dispute.pk,
            address=_address("dispute", dispute.pk, by),
            what=str(_("Dispute: %(status)s") % {"status": dispute.get_status_display().lower()}),
            agent=dispute.opened_by.user.name,
            by=dispute.decided_by.user.name if dispute.decided_by else "",
            at=dispute.decided_at or dispute.opened_at,
            read_at=said.at if said else None,
        )

    return rows.select_related("opened_by__user", "decided_by__user", "read"), "decided_at", worded


def _prescores(by: Membership, read: bool) -> Source:
    rows = SharedPreScore.objects.visible_to(by).unreviewed().filter(read_at__isnull=not read)
    rows = rows.filter(agent__membership__role=Role.AGENT)

    def worded(score: SharedPreScore) -> Row:
        return Row(
            pk=score.pk,
            address=_address("interaction", score.interaction_id, by),
            what=_of(score.interaction),
            agent=score.agent.name,
            by="",
            at=score.shared_at,
            read_at=score.read_at,
        )

    return rows.select_related("interaction", "agent"), "shared_at", worded


SOURCES: dict[str, Callable[[Membership, bool], Source]] = {
    "reviews": _reviews,
    "decisions": _decisions,
    "prescores": _prescores,
}


def _of(one: Interaction, *, corrected: bool = False) -> str:
    said = gettext("%(channel)s on %(day)s, corrected") if corrected else ""
    values = {
        "channel": one.get_channel_display(),
        "day": written(timezone.localtime(one.started_at), "j M Y"),
    }
    return (said or gettext("%(channel)s on %(day)s")) % values


def _address(name: str, pk: UUID, by: Membership) -> str:
    return reverse(name, kwargs={"slug": by.organization.slug, "pk": pk})
