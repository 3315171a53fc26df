"""What the pages of disputes show."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from qa.coaching.models import CoachingNote
from qa.coaching.queries import moments_for, notes_for
from qa.core import paging
from qa.disputes.acknowledgements import DECIDED
from qa.disputes.models import Dispute
from qa.organizations.models import Membership, Role
from qa.reviews.conversation import ConversationView, MomentView, find
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from scorecards.card import Question, read_answers
from transcripts.cast import cast_of

SIZE = 25
HOME_SHOWN = 10
LATELY = timedelta(days=30)
FIELDS = ("opened_at", "id")
RELATED = ("opened_by__user", "decided_by__user", "review__specialist__user", "review__interaction")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a review that a dispute is about."""

    page: ConversationView
    moment: MomentView | None = None
    question: Question | None = None
    answer: str = ""  # in words
    note: CoachingNote | None = None
    quote: str = ""


def listed(by: Membership, query: QueryDict, *, state: str) -> paging.Page[Dispute]:
    """Disputes that this member may see, newest first; "open", "closed" or all."""
    rows = Dispute.objects.visible_to(by).select_related(*RELATED)
    if state == "open":
        rows = rows.open()
    elif state == "closed":
        rows = rows.exclude(status=Dispute.Status.OPEN)

    return paging.page(rows, *FIELDS, query=query, size=SIZE)


def for_home(by: Membership) -> list[Dispute]:
    """What the agent's start page shows, newest first: open, decided lately, or not read yet."""
    lately = Q(decided_at__gte=timezone.now() - LATELY) | Q(status__in=DECIDED, read__isnull=True)
    own = Dispute.objects.visible_to(by).filter(opened_by=by)
    shown = own.filter(Q(status=Dispute.Status.OPEN) | lately)
    return list(
        shown.select_related("review__interaction", "read").order_by("-opened_at")[:HOME_SHOWN]
    )


def related(by: Membership) -> QuerySet[Dispute]:
    """Disputes with what their pages need."""
    return Dispute.objects.visible_to(by).select_related(
        *RELATED, "review__interaction__team", "review__scorecard_version", "corrected", "read"
    )


def part(review: Review, target: str, *, by: Membership) -> Part | None:
    """The words, values and notes that a target names; None where the review has none such."""
    kind, _, key = target.partition(":")
    found = find(review.pk, by=by)
    if found is None:
        return None
    cue = int(key) if kind == Dispute.Kind.MOMENT and key.isdecimal() else None
    page = ConversationView(found, by=by, cue=cue)
    if kind == Dispute.Kind.ANSWER:
        question = card_of(found).question(key)
        given = read_answers(found.answers).get(key)
        if question is None:
            return None
        return Part(page, question=question, answer=question.word(given.value) if given else "")
    if kind == Dispute.Kind.NOTE:
        return _note(page, found, key, by)
    if cue is None:
        return None
    if by.role == Role.AGENT and not moments_for(found, by=by).filter(cue_turn=cue).exists():
        return None
    shown = page.current
    return Part(page, moment=shown) if shown is not None and shown.cue_turn == cue else None


def _note(page: ConversationView, review: Review, key: str, by: Membership) -> Part | None:
    if by.role == Role.AGENT:
        notes = notes_for(review, cast_of(review.interaction), by=by)
    else:
        rows = CoachingNote.objects.visible_to(by).filter(review=review)
        notes = list(rows.select_related("author__user"))
    note = next((note for note in notes if str(note.pk) == key), None)
    if note is None:
        return None
    text = review.interaction.transcript.turns[note.turn]["text"]
    return Part(page, note=note, quote=text[note.start : note.end] if note.end else text)
