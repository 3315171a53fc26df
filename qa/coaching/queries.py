"""What the agent's pages show: praise, the week in words, feedback to read. Never a rank."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qa.coaching.models import CoachingNote
from qa.core import paging
from qa.organizations.calendar import calendar_of
from qa.organizations.models import Membership
from qa.reviews.attribution import settled_is
from qa.reviews.card_view import CardView
from qa.reviews.counted_moments import (
    CountedMoment,
    MomentFilter,
    counted_moments,
    outcomes_between,
    with_words,
)
from qa.reviews.dispute_window import dispute_until
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.proposals import weights_of
from qa.reviews.settled_gestures import settled_evidence, settled_gestures
from scorecards.apologies import in_words
from scorecards.attribution import without_colleagues
from scorecards.choices import choice_of
from scorecards.gestures import Found, Quoted, quoted
from scorecards.reading import ReadTurn, read
from transcripts.cast import Cast, cast_of

WEEK = timedelta(days=7)
REMEMBERED = timedelta(days=30)
CANDIDATES = 40
NEW_SHOWN = 50
READ_SHOWN = 10
FIELDS = ("confirmed_at", "id")
SPECIFIC = 2  # the strength of empathy that is specific
# What became of a feeling, said to the agent who answered it.
SAID = {
    "empathy_2": _("You showed you understood what it meant for them."),
    "empathy_1": _("You acknowledged how they felt."),
    "sympathy_only": _(
        "You said sorry. Saying what it must have been like for them would go further."
    ),
    "missed": _("This feeling wasn’t acknowledged."),
    "dismissed": _("Your reply brushed the feeling aside."),
}


@dataclass(frozen=True, slots=True)
class Week:
    """How many feelings customers showed in a week, and how many were met with empathy."""

    feelings: int
    met: int


@dataclass(frozen=True, slots=True)
class Home:
    """The agent's start page."""

    best: CountedMoment | None
    best_is_new: bool
    week: Week
    week_before: Week
    new: Sequence[Review]
    read: paging.Page[Review]


@dataclass(frozen=True, slots=True)
class FeedbackMoment:
    """A moment of a review as the agent reads it; only what the person decided is shown."""

    cue_turn: int
    final: ReviewMoment

    @property
    def machine(self) -> ReviewMoment:
        return self.final

    @property
    def emotion(self) -> str:
        return self.final.emotion

    @property
    def said(self) -> str:
        return str(SAID[choice_of(self.final.outcome, self.final.strength)])


@dataclass(frozen=True, slots=True)
class Feedback:
    """One review as the agent reads it."""

    review: Review
    moments: Sequence[FeedbackMoment]
    turns: Sequence[ReadTurn]
    praise: int
    suggestions: int
    card: CardView
    notes: Sequence[CoachingNote]
    may_dispute: bool
    colleagues: Sequence[str] = ()  # the other agents of the conversation
    own: bool = True  # the conversation is this agent's own first of all: they acknowledge it
    gestures: Sequence[Quoted] = ()
    dispute_until: datetime | None = None

    @property
    def notes_praise_first(self) -> list[CoachingNote]:
        """The notes, praise before suggestions, else in the order of the conversation."""
        return sorted(self.notes, key=lambda note: note.kind != CoachingNote.Kind.PRAISE)

    @property
    def best(self) -> str:
        """The words of the first reply with specific empathy; empty where there is none."""
        best = next((one for one in self.moments if one.final.strength == SPECIFIC), None)
        if best is None:
            return ""
        replies = best.final.moment.response_turns if best.final.moment else []
        shown = (turn for turn in self.turns if turn.index > best.cue_turn and turn.role == "agent")
        if replies:
            shown = (turn for turn in self.turns if turn.index in replies)
        found = next(shown, None)
        return "".join(stretch.text for stretch in found.stretches) if found else ""

    @property
    def volunteers(self) -> bool:
        """True if the agent volunteered empathy."""
        return any(not one.apology for one in self.gestures)

    @property
    def apologies(self) -> str:
        """What became of the apologies, in words; empty where there is none."""
        return in_words(Counter(one.kind for one in self.gestures if one.apology))


def home(by: Membership, query: QueryDict) -> Home:
    """Everything on the agent's start page; the same number of queries however much there is."""
    now, calendar = timezone.now(), calendar_of(by)
    first = calendar.week_at(now)
    begun, before = calendar.midnight(first), calendar.midnight(first - WEEK)
    best = _best(by, now, begun)
    return Home(
        best=best,
        best_is_new=best is not None and best.interaction.started_at >= begun,
        week=_week(by, begun, now),
        week_before=_week(by, before, begun),
        new=list(
            _reviews(by)
            .filter(acknowledgement=None, interaction__agent=by.agent_id)
            .order_by(*paging.order(None, *FIELDS))[:NEW_SHOWN]
        ),
        read=_read_ones(by, query),
    )


def feedback(by: Membership, review: Review) -> Feedback:
    """The transcript with evidence, the notes on its words and what became of each feeling.

    Of several agents each reads their own moments and notes; the card is of the whole.
    """
    cast = cast_of(review.interaction)
    pinned = notes_for(review, cast, by=by)
    settled = _settled(review, by)
    rows = moments_for(review, by=by).select_related("moment")
    told = [FeedbackMoment(one.cue_turn, one) for one in rows]
    source = review.interaction.transcript.turns
    turns = read(
        source,
        without_colleagues(
            settled_evidence(review, settled.select_related("moment"), source), cast, by.agent_id
        ),
        notes=pinned,
        moments={moment.cue_turn: moment for moment in told},
    )
    praise = sum(note.kind == CoachingNote.Kind.PRAISE for note in pinned)
    corrected = Review.objects.visible_to(by).filter(supersedes=review).exists()
    return Feedback(
        review,
        told,
        turns,
        praise,
        len(pinned) - praise,
        card=CardView(
            review.scorecard_version.body,
            review.answers,
            weights=weights_of(review),
            moments=list(settled.values_list("outcome", "strength")),
        ),
        notes=pinned,
        may_dispute=not corrected and timezone.now() <= dispute_until(review, by=by),
        colleagues=[part.name for part in cast.known if part.agent_id != by.agent_id],
        own=review.interaction.agent_id == by.agent_id,
        gestures=[quoted(one, source) for one in _gestures_for(review, cast, by)],
        dispute_until=dispute_until(review, by=by),
    )


def moments_for(review: Review, *, by: Membership) -> QuerySet[ReviewMoment]:
    """The moments of a review that this agent reads: those that are theirs."""
    return _settled(review, by).filter(_theirs(by))


def notes_for(review: Review, cast: Cast, *, by: Membership) -> list[CoachingNote]:
    """The notes that this agent reads: none on a colleague's turn, or where a moment of theirs
    begins."""
    notes = CoachingNote.objects.visible_to(by).filter(review=review)
    turns = review.interaction.transcript.turns
    begun = _settled(review, by).exclude(_theirs(by))
    others = set(begun.values_list("cue_turn", flat=True)) if cast.several else set()
    return [
        note
        for note in notes.select_related("author__user")
        if note.turn not in others
        and (turns[note.turn]["role"] != "agent" or cast.of(note.turn).agent_id == by.agent_id)
    ]


def _gestures_for(review: Review, cast: Cast, by: Membership) -> list[Found]:
    """The gestures that this agent reads: those in their own turns."""
    decided = _settled(review, by).select_related("moment")
    found = settled_gestures(review, decided, review.interaction.transcript.turns)
    return [one for one in found if cast.of(one.turn).agent_id == by.agent_id]


def _settled(review: Review, by: Membership) -> QuerySet[ReviewMoment]:
    rows = ReviewMoment.objects.visible_to(by).filter(review=review)
    return rows.exclude(decision__in=[Decision.REJECTED, Decision.PENDING])


def _theirs(by: Membership) -> Q:
    return settled_is("agent", by.agent_id)


def _reviews(by: Membership) -> QuerySet[Review]:
    """Confirmed reviews of the agent's interactions, each with its number of notes."""
    kinds = CoachingNote.Kind
    rows = Review.objects.visible_to(by).counted()
    return rows.select_related("interaction", "specialist__user", "acknowledgement").annotate(
        praise=Count("notes", filter=Q(notes__kind=kinds.PRAISE)),
        suggestions=Count("notes", filter=Q(notes__kind=kinds.SUGGESTION)),
    )


def _read_ones(by: Membership, query: QueryDict) -> paging.Page[Review]:
    """Those that are acknowledged, and those of a colleague's conversation that they joined."""
    joined = ~Q(interaction__agent=by.agent_id)
    rows = _reviews(by).filter(Q(acknowledgement__isnull=False) | joined)

    return paging.page(rows, *FIELDS, query=query, size=READ_SHOWN)


def _best(by: Membership, now: datetime, week_began: datetime) -> CountedMoment | None:
    """This week's most telling moment with empathy, else one of the last month."""
    calendar, agent = calendar_of(by), str(by.agent_id or "")
    since = calendar.day_of(now - REMEMBERED)
    filters = MomentFilter(
        start=since, agent=agent, zone=calendar.zone, outcome="empathy", sure="yes"
    )
    found = counted_moments(by, filters, limit=CANDIDATES)
    best = max(found, key=lambda moment: _tells(moment, week_began), default=None)
    worded = with_words(by, [best] if best else [])
    return worded[0] if worded else None


def _tells(moment: CountedMoment, week_began: datetime) -> tuple[object, ...]:
    sure = moment.machine.confidence if moment.machine else 1.0
    this_week = moment.interaction.started_at >= week_began
    return this_week, moment.counted.strength, moment.final is not None, sure, moment.key


def _week(by: Membership, start: datetime, end: datetime) -> Week:
    found = outcomes_between(by, start=start, end=end)
    return Week(feelings=found.total(), met=found["empathy"])
