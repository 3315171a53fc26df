"""The thread about feedback: its agent on one side, reviewer and managers on the other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.coaching.actions import log_ins
from qa.coaching.models import CoachingNote, FeedbackReply
from qa.coaching.queries import notes_for
from qa.core.errors import Refused
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.visibility import hidden_on_own_page
from transcripts.cast import cast_of
from transcripts.telling import facts_of

LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Thread:
    """What was written with one agent about a review, oldest first."""

    agent_id: UUID
    name: str
    replies: list[FeedbackReply] = field(default_factory=list)


def discussed_by(by: Membership) -> ReviewQuerySet:
    """The submitted reviews whose feedback this member may talk about.

    Agents of what they took part in, specialists of what they reviewed, managers of all; nobody
    of what they read for themselves just now.
    """
    rows = Review.objects.visible_to(by).regular().confirmed()
    if by.role == Role.AGENT:
        return rows
    if by.role == Role.SPECIALIST:
        rows = rows.filter(specialist=by)
    return rows.exclude(hidden_on_own_page(by, "interaction__"))


def threads_of(review: Review, *, by: Membership) -> list[Thread]:
    """The threads about a conversation's review, all versions together: an agent's is their own."""
    parts = cast_of(review.interaction).known
    mine = [part for part in parts if by.role != Role.AGENT or part.agent_id == by.agent_id]
    rows = FeedbackReply.objects.visible_to(by).filter(
        review__interaction=review.interaction_id, agent__in=[part.agent_id for part in mine]
    )
    written: dict[Any, list[FeedbackReply]] = {}
    for one in rows.select_related("author__user", "note"):
        written.setdefault(one.agent_id, []).append(one)
    return [
        Thread(part.agent_id, part.name, written.get(part.agent_id, []))
        for part in mine
        if part.agent_id is not None
    ]


@transaction.atomic
def reply(
    review: Review, *, by: Membership, agent: UUID, text: str, note: UUID | None = None
) -> FeedbackReply:
    """Write to the other side, about a note where one is named; everyone in the thread is told."""
    if not text.strip():
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("Use fewer than %(most)s characters.") % {"most": LONGEST})
    threads = {thread.agent_id: thread for thread in threads_of(review, by=by)}
    if agent not in threads or not discussed_by(by).filter(pk=review.pk).exists():
        raise Refused(_("Only the agent, the reviewer and managers can write here."))
    made = FeedbackReply.objects.create(
        organization_id=by.organization_id,
        review=review,
        agent_id=agent,
        author=by,
        note=_note(review, note, by),
        text=text.strip(),
    )
    audit.record(by, "feedback.replied", made, {"review": str(review.pk)})
    _tell(made, threads[agent].replies, by)
    return made


def _note(review: Review, pk: UUID | None, by: Membership) -> CoachingNote | None:
    if pk is None:
        return None
    rows = CoachingNote.objects.visible_to(by).filter(review=review, pk=pk)
    if by.role == Role.AGENT:
        own = notes_for(review, cast_of(review.interaction), by=by)
        rows = rows.filter(pk__in=[note.pk for note in own])
    note = rows.first()
    if note is None:
        raise Refused(_("The review doesn’t contain this note."))
    return note


def _tell(made: FeedbackReply, before: Iterable[FeedbackReply], by: Membership) -> None:
    review, slug = made.review, by.organization.slug
    facts = {
        "event": "feedback.replied",
        "about": ["review", str(review.pk)],
        **facts_of(review.interaction),
    }
    others = {one.author for one in before} | {review.specialist}
    inside = [one for one in others if one.role in {Role.SPECIALIST, *MANAGERS}]
    for members, page in (
        (log_ins(made.agent_id, by=by), "feedback-review"),
        (inside, "feedback-replies"),
    ):
        address = reverse(page, kwargs={"slug": slug, "pk": review.pk})
        notify(
            members,
            by=by,
            kind=Notice.Kind.REPLY,
            subject=review.pk,
            facts=facts,
            address=f"{address}#replies",
            instead=True,
        )
