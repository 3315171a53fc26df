"""Moments as settled so far: the person's decision where a review is confirmed, else the machine's.

What dashboards count and what their numbers open. `dashboards/actions.py` adds up the same rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qa.core import paging
from qa.organizations.models import Agent, Membership, Role
from qa.reviews.attribution import settled_is
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.visibility import hidden_in_lists
from scorecards.attribution import MARK_OF, deciding_turn
from scorecards.choices import GENERIC, SPECIFIC, SURE_FROM
from scorecards.models import Moment, PreScore, shows
from scorecards.reading import Stretch, next_replies, quote, scored_turns, spans_of
from transcripts.cast import WITH_AGENTS, cast_of
from transcripts.filters import ScopeFilter
from transcripts.models import Interaction, Transcript

NOT_MET = "not_met"  # in a filter: missed or dismissed
KEY = (paging.moment, UUID, int)
SETTLED_BY = {"people": _("Reviewed"), "machine": _("Not reviewed")}
SURE = {"yes": _("Sure enough"), "no": _("Unsure")}
REVIEWED = "review__interaction__"
COUNTED = (Decision.ACCEPTED, Decision.CHANGED, Decision.ADDED)


class Judged(Protocol):
    """A machine's moment or a person's: both say what became of a feeling."""

    outcome: str
    strength: int


@dataclass(frozen=True, slots=True)
class MomentFilter(ScopeFilter):
    """Which moments: every condition that is not empty must hold."""

    emotion: str = ""
    outcome: str = ""  # an outcome, a choice for its strength too, or NOT_MET
    settled: str = ""
    sure: str = ""  # of SURE: what a person decided is sure

    def of_machine(self) -> Q:
        """The conditions on a moment of a pre-score."""
        found = self.around()
        for name, value in self.whose():
            found &= Q(**{name: value} if value else {f"{name}__isnull": True})
        if self.sure:
            doubted = Q(confidence__lt=SURE_FROM)
            found &= doubted if self.sure == "no" else ~doubted
        return found & self.judgement(shows)

    def of_people(self) -> Q:
        """The conditions on a moment of a review."""
        found = self.around(REVIEWED)
        for name, value in self.whose():
            found &= settled_is(name, value)
        return found & self.judgement() & (Q(pk__in=[]) if self.sure == "no" else Q())

    def judgement(self, felt: Callable[[str], Q] | None = None) -> Q:
        """The conditions on the feeling and what became of it; `felt` is that on the feeling."""
        found = felt or (lambda emotion: Q(emotion=emotion))
        kind = found(self.emotion) if self.emotion else Q()
        return kind & became(self.outcome) if self.outcome else kind


def became(outcome: str) -> Q:
    """The condition on what became of a feeling: an outcome, a choice, or NOT_MET."""
    if outcome in {SPECIFIC, GENERIC}:
        specific = Q(strength=2)
        return Q(outcome="empathy") & (specific if outcome == SPECIFIC else ~specific)
    if outcome == NOT_MET:
        return Q(outcome__in=["missed", "dismissed"])
    return Q(outcome=outcome)


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's turn that answers: who speaks, and the words."""

    who: str
    stretches: tuple[Stretch, ...]
    decides: bool  # what became of the feeling rests on it


@dataclass(frozen=True, slots=True)
class CountedMoment:
    """One moment that counts. `final` is the person's decision; without one the machine's holds."""

    interaction: Interaction
    cue_turn: int
    machine: Moment | None
    final: ReviewMoment | None
    cue: tuple[Stretch, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def counted(self) -> Judged:
        """What counts."""
        found = self.final or self.machine
        assert found is not None  # noqa: S101  a moment is found by one of the two
        return found

    @property
    def agent(self) -> Agent | None:
        """Whose it is."""
        if self.final is None:
            return self.machine.agent if self.machine else None
        part = self.final.participation
        return part.agent if part else self.interaction.agent

    @property
    def emotion(self) -> str:
        """The person's word; without one the machine's, which may be unsure."""
        if self.final is not None:
            return str(self.final.emotion)
        return self.machine.felt if self.machine else ""

    @property
    def presence(self) -> float | None:
        """How sure the machine is that there is a feeling."""
        return self.machine.presence if self.machine else None

    @property
    def prescore_id(self) -> UUID | None:
        """The pre-score that it belongs to: for a person's word the one they decided on."""
        if self.final is not None:
            return self.final.review.prescore_id
        return self.machine.prescore_id if self.machine else None

    @property
    def praised(self) -> tuple[Stretch, ...]:
        """The words of the reply that decided; the first one's where no words are marked."""
        return next((reply.stretches for reply in self.replies if reply.decides), ())

    @property
    def key(self) -> tuple[datetime, UUID, int]:
        return self.interaction.started_at, self.interaction.pk, self.cue_turn


def counted_moments(
    by: Membership, filters: MomentFilter, *, cursor: paging.Cursor | None = None, limit: int
) -> list[CountedMoment]:
    """The newest of these moments (beyond the cursor), without their words: see `with_words`.

    None of what this member may not see yet.
    """
    found: list[CountedMoment] = []
    if filters.settled != "people":
        rows = _machine(by, filters).exclude(hidden_in_lists(by, "interaction__"))
        fields = ("started_at", "interaction_id", "cue_turn")
        found += [
            CountedMoment(moment.interaction, moment.cue_turn, moment, None)
            for moment in _cut(rows, cursor, fields, limit)
        ]
    if filters.settled != "machine":
        people = _people(by, filters).exclude(hidden_in_lists(by, REVIEWED))
        fields = (f"{REVIEWED}started_at", "review__interaction_id", "cue_turn")
        found += [
            CountedMoment(moment.review.interaction, moment.cue_turn, moment.moment, moment)
            for moment in _cut(people, cursor, fields, limit)
        ]
    backwards = cursor is not None and cursor.newer
    return sorted(found, key=lambda moment: moment.key, reverse=not backwards)[:limit]


def unsure_of(by: Membership, filters: MomentFilter) -> int:
    """How many of these moments rest on a pre-score that is unsure of the outcome."""
    return _machine(by, replace(filters, sure="no")).count()


def moments_page(
    by: Membership, filters: MomentFilter, query: QueryDict, *, size: int
) -> paging.Page[CountedMoment]:
    """One page of these moments, newest first, without their words."""
    return paging.page_of(
        lambda cursor, limit: counted_moments(by, filters, cursor=cursor, limit=limit),
        key=lambda moment: moment.key,
        query=query,
        kinds=KEY,
        size=size,
    )


def with_words(by: Membership, moments: Iterable[CountedMoment]) -> list[CountedMoment]:
    """Return the moments with cue and replies, evidence marked, always by as many queries."""
    moments = list(moments)
    prefetch_related_objects([moment.interaction for moment in moments], WITH_AGENTS)
    ids = {moment.interaction.pk for moment in moments}
    turns = dict(
        Transcript.objects.visible_to(by)
        .filter(interaction__in=ids)
        .values_list("interaction_id", "turns")
    )
    results: dict[UUID | None, Any] = dict(
        PreScore.objects.visible_to(by)
        .filter(pk__in={moment.prescore_id for moment in moments})
        .values_list("pk", "result")
    )
    return [_worded(moment, turns[moment.interaction.pk], results) for moment in moments]


def outcomes_between(by: Membership, *, start: datetime, end: datetime) -> Counter[str]:
    """How many feelings came to which outcome, in interactions that began in [start, end)."""
    found: Counter[str] = Counter()
    for rows, began in (
        (_machine(by, MomentFilter()), "interaction__started_at"),
        (_people(by, MomentFilter()), f"{REVIEWED}started_at"),
    ):
        counted = rows.filter(**{f"{began}__gte": start, f"{began}__lt": end}).order_by()
        found.update(dict(counted.values_list("outcome").annotate(n=Count("pk"))))
    return found


def reply_turns(turns: list[dict[str, Any]], moment: CountedMoment) -> list[int]:
    """The agent's turns that answer; for a moment added by hand the next ones of the agent."""
    if moment.machine is not None:
        return [index for index in moment.machine.response_turns if index < len(turns)]
    return next_replies(turns, moment.cue_turn)


def _machine(by: Membership, filters: MomentFilter) -> QuerySet[Moment]:
    confirmed = Review.objects.visible_to(by).counted()
    return (
        Moment.objects.visible_to(by)
        .current()
        .filter(~Exists(confirmed.filter(interaction=OuterRef("interaction"))))
        .filter(filters.of_machine())
        .select_related("agent", "interaction__agent", "interaction__team")
    )


def _people(by: Membership, filters: MomentFilter) -> QuerySet[ReviewMoment]:
    rows = ReviewMoment.objects.visible_to(by).filter(filters.of_people(), decision__in=COUNTED)
    if by.role == Role.AGENT:
        rows = rows.filter(settled_is("agent", by.agent_id))
    return rows.filter(review__in=Review.objects.visible_to(by).counted()).select_related(
        "moment", "participation__agent", "review__interaction__agent", "review__interaction__team"
    )


def _cut(rows: QuerySet[Any], cursor: paging.Cursor | None, fields: Any, limit: int) -> list[Any]:
    if cursor is not None:
        rows = rows.filter(cursor.beyond(*fields))
    return list(rows.order_by(*paging.order(cursor, *fields))[:limit])


def _worded(
    moment: CountedMoment, turns: list[dict[str, Any]], results: Mapping[UUID | None, Any]
) -> CountedMoment:
    result = results.get(moment.prescore_id)
    scored, cast = scored_turns(result), cast_of(moment.interaction)
    answers = reply_turns(turns, moment)
    decides = deciding_turn(moment.counted.outcome, answers, result)

    drawn = {"cue", MARK_OF.get(moment.counted.outcome, "")}

    def words(index: int) -> tuple[Stretch, ...]:
        text = turns[index]["text"]
        spans = spans_of(scored.get(index), text)
        return quote(text, [span for span in spans if not moment.final or span.kind in drawn])

    return CountedMoment(
        moment.interaction,
        moment.cue_turn,
        moment.machine,
        moment.final,
        words(moment.cue_turn),
        tuple(Reply(cast.of(at).name, words(at), at == decides) for at in answers),
    )
