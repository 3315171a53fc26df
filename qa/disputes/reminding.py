"""Remind agents of feedback that they have not read: reviews, decisions, pre-scores."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from qa.coaching.models import SharedPreScore
from qa.coaching.policy import feedback_policy_of
from qa.disputes.acknowledgements import DECIDED
from qa.disputes.models import Dispute
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization, Role
from qa.reviews.models import Review
from qa.tenancy.base import Actor
from transcripts.telling import facts_of

# Who was away longer than this is not reminded of what lies further back: they see it anyway.
LOOKED_BACK: Final = timedelta(days=7)
AT_ONCE: Final = 500
AGENT = "interaction__agent__membership"

Waiting = tuple[str, Any, Membership]  # the page's name, the row, whose it is


def remind_of_unread(*, by: Actor) -> int:
    """Remind agents once of each thing that has waited as long as is set; gives how many."""
    days = feedback_policy_of(by).remind_days
    if not days:
        return 0
    before = timezone.now() - timedelta(days=days)
    waiting = [*_reviews(by, before), *_decisions(by, before), *_prescores(by, before)]
    if not waiting:
        return 0
    slug = Organization.objects.visible_to(by).values_list("slug", flat=True).get()
    for page, row, member in waiting:
        notify(
            [member],
            by=by,
            kind=Notice.Kind.REMINDER,
            subject=row.pk,
            address=reverse(page, kwargs={"slug": slug, "pk": row.pk}),
            facts=_facts(page, row),
            once=True,
        )
    return len(waiting)


def _facts(page: str, row: Any) -> dict[str, Any]:
    """What a reminder says: which page is not read, of which conversation."""
    kind = KINDS[page]
    interaction = row.review.interaction if kind == "dispute" else row.interaction
    return {"event": f"reminder.{kind}", "about": [kind, str(row.pk)], **facts_of(interaction)}


KINDS: Final = {
    "feedback-review": "review",
    "dispute": "dispute",
    "automatic-one": "prescore",
}


def _reviews(by: Actor, before: datetime) -> Iterator[Waiting]:
    rows = Review.objects.visible_to(by).counted().filter(acknowledgement=None)
    for review in _due(rows.select_related(AGENT), "confirmed_at", AGENT, before):
        yield "feedback-review", review, review.interaction.agent.membership


def _decisions(by: Actor, before: datetime) -> Iterator[Waiting]:
    rows = Dispute.objects.visible_to(by).filter(status__in=DECIDED, read=None)
    rows = rows.select_related("opened_by", "review__interaction")
    for dispute in _due(rows, "decided_at", "opened_by", before):
        yield "dispute", dispute, dispute.opened_by


def _prescores(by: Actor, before: datetime) -> Iterable[Waiting]:
    """The newest of each agent only: many come in a day."""
    rows = SharedPreScore.objects.visible_to(by).unreviewed().unread()
    rows = rows.select_related("agent__membership", "interaction")
    newest = {
        shared.agent_id: shared for shared in _due(rows, "shared_at", "agent__membership", before)
    }
    return [("automatic-one", shared, shared.agent.membership) for shared in newest.values()]


def _due(rows: QuerySet[Any], at: str, member: str, before: datetime) -> QuerySet[Any]:
    """Keep rows that became due lately and whose member has not been reminded of them."""
    reminded = Notice.objects.filter(
        member=OuterRef(member),
        kind=Notice.Kind.REMINDER,
        subject=Cast(OuterRef("pk"), CharField()),
    )
    window = {f"{at}__gt": before - LOOKED_BACK, f"{at}__lte": before}
    due = rows.filter(~Exists(reminded), **window, **{f"{member}__role": Role.AGENT})
    return due.order_by(at)[:AT_ONCE]
