"""What the queue shows: what waits and why, what is in review, what is not ready yet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

from qa.core import paging
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership, Role, Team
from qa.reviews import second
from qa.reviews.counted_moments import became
from qa.reviews.exposure import embargoes_of
from qa.reviews.models import Review
from qa.reviews.queue import available_for_second, in_queue
from qa.reviews.visibility import hidden_in_summaries
from qa.sampling import queries as sampling
from scorecards.choices import UNSURE, Emotion
from scorecards.models import Moment, PreScore
from transcripts.cast import WITH_AGENTS
from transcripts.models import Interaction, InteractionQuerySet

SIZE = 25
ASIDE = 20  # rows shown of those that wait for the worker, and of those that failed
TEAMS = 50
COLLEAGUES = 500
MANY = 100  # beyond this the queue says "100+" instead of counting
KEY = (paging.moment, UUID)
KEY_SAMPLED = (int, paging.moment, UUID)
# A customer's strongest feeling is the first of these: what an agent ought to answer first.
GRAVITY = {
    feeling: place
    for place, feeling in enumerate(
        (
            Emotion.ANGER,
            Emotion.FEAR,
            Emotion.SADNESS,
            Emotion.SUSPICION,
            Emotion.FRUSTRATION,
            Emotion.DISAPPOINTMENT,
            Emotion.CONFUSION,
            Emotion.EXCITEMENT,
            Emotion.HAPPINESS,
            Emotion.RELIEF,
            Emotion.SURPRISE,
            UNSURE,
        )
    )
}


# "free": nobody has it; "mine": I have; the others by assignment.
WHOSE = ("free", "mine", "assigned", "others")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which rows of the queue: every condition that is not empty must hold."""

    channel: str = ""
    team: UUID | None = None
    outcome: str = ""
    scorable: str = ""  # "yes" or "no"
    reason: str = ""  # why it is not scored, one of transcripts.models.Unfit
    whose: str = ""  # one of WHOSE

    @property
    def any(self) -> bool:
        return any((self.channel, self.team, self.outcome, self.scorable, self.reason, self.whose))


@dataclass(frozen=True, slots=True)
class Row:
    """One interaction of the queue, and what can be done with it."""

    interaction: Interaction
    state: str  # "received", "failed", "free", "mine" or "taken"
    age: str
    scorable: bool = True
    reasons: Sequence[str] = ()
    score: float | None = None
    feeling: str = ""
    outcomes: Sequence[tuple[str, int]] = ()
    review: Review | None = None
    blind: bool = False  # what the machine found is not shown before its review
    why: Sequence[str] = ()  # it is in the queue, in words
    holder: Membership | None = None  # to whom it was assigned


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue."""

    rows: Sequence[Row]
    aside: Sequence[Row]  # failed, and waiting for the worker; on the first page
    in_hand: Review | None
    left: str
    teams: Sequence[Team]
    next_url: str
    first: bool
    second: bool  # whether a second reading waits for this specialist, or is in hand
    calibrations: int  # readings for calibrations that this specialist has still to do
    sampled: bool  # whether rules pick what is here
    more_own: bool  # whether more was assigned to this specialist than is shown
    colleagues: Sequence[Membership]  # to whom this member may assign conversations

    @property
    def in_hand_shown(self) -> bool:
        return any(row.state == "mine" for row in self.rows)

    @property
    def reasoned(self) -> bool:
        """True if there is anything to say of why the rows are here."""
        return self.sampled or any(row.why for row in self.rows)

    @property
    def arriving(self) -> bool:
        return any(row.state == "received" for row in self.aside)


def queue_page(by: Membership, filters: QueueFilter, query: QueryDict) -> Queue:
    """Always the same number of queries, however many rows."""
    sampled = sampling.is_sampled(by)
    cursor = paging.read(query, *(KEY_SAMPLED if sampled else KEY))
    rows = sampling.in_queue(shown(by, filters), sampled=sampled)
    rows = rows.select_related("agent", "team", "place__assigned_to__user")
    rows = rows.prefetch_related(WITH_AGENTS)
    first = cursor is None or not cursor.newer
    own: list[Interaction] = []
    if filters.whose not in {"assigned", "others"}:
        own = list(rows.filter(place__assigned_to=by)[:SIZE]) if first else []
        rows = rows.filter(place__assigned_to__isnull=True)
    if cursor is not None and cursor.newer:
        rows = rows.filter(cursor.beyond(*(sampling.ORDER if sampled else sampling.BY_AGE)))
    page = list(rows[: SIZE + 1])
    mine = Review.objects.visible_to(by).open().filter(specialist=by)
    in_hand = mine.regular()
    return Queue(
        rows=_rows(by, [*own, *page[:SIZE]]),
        aside=[] if cursor else _aside(by),
        in_hand=in_hand.select_related("interaction__agent").order_by("opened_at").first(),
        second=not cursor and (second.in_hand(by) is not None or available_for_second(by).exists()),
        left=left(by),
        teams=list(Team.objects.visible_to(by).order_by("name")[:TEAMS]),
        next_url=_after(query, page[SIZE - 1], sampled) if len(page) > SIZE else "",
        first=cursor is None,
        calibrations=mine.filter(kind=Review.Kind.CALIBRATION).count(),
        sampled=sampled,
        more_own=len(own) == SIZE,
        colleagues=colleagues(by),
    )


def colleagues(by: Membership) -> list[Membership]:
    """To whom this member may assign conversations."""
    if by.role not in MANAGERS:
        return []
    people = Membership.objects.visible_to(by).exclude(role=Role.AGENT)
    return list(people.select_related("user").order_by("user__name", "id")[:COLLEAGUES])


def left(by: Membership) -> str:
    """How many interactions wait for this specialist, counted up to a limit."""
    number = len(in_queue(by).values_list("pk")[:MANY])
    return f"{MANY}+" if number == MANY else str(number)


def shown(by: Membership, filters: QueueFilter) -> InteractionQuerySet:
    """Pre-scored interactions that are not reviewed yet, also those that others have taken."""
    rows = Interaction.objects.visible_to(by).filter(status=Interaction.Status.PRESCORED)
    rows = rows.exclude(pk__in=embargoes_of(by).values("interaction"))
    others = sampling.for_others(by)
    rows = sampling.allowed(rows, by).filter(others if filters.whose == "others" else ~others)
    return narrow(rows, by, filters)


def narrow(rows: InteractionQuerySet, by: Membership, filters: QueueFilter) -> InteractionQuerySet:
    """Only the rows for which every condition holds."""
    reviews = Review.objects.visible_to(by).regular().open()
    reviews = reviews.filter(interaction=OuterRef("pk"))
    scored = PreScore.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.team:
        rows = rows.filter(team_id=filters.team)
    if filters.whose == "mine":
        rows = rows.filter(Exists(reviews.filter(specialist=by)))
    if filters.whose == "free":
        rows = rows.exclude(Exists(reviews.filter(lease_until__gt=timezone.now())))
    if filters.whose == "assigned":
        rows = rows.filter(place__assigned_to=by)
    if filters.scorable:
        rows = rows.filter(Exists(scored.filter(scorable=filters.scorable == "yes")))
    if filters.reason:
        rows = rows.filter(Exists(scored.unfit(filters.reason)))
    if filters.outcome:  # which a blind review would give away
        found = Moment.objects.visible_to(by).current().filter(became(filters.outcome))
        rows = rows.filter(
            ~hidden_in_summaries(by), Exists(found.filter(interaction=OuterRef("pk")))
        )
    return rows


def _rows(by: Membership, page: Sequence[Interaction]) -> list[Row]:
    ids = [interaction.pk for interaction in page]
    prescores = _prescores(by, ids)
    moments = _moments(by, [found["pk"] for found in prescores.values()])
    taken = Review.objects.visible_to(by).regular().open().select_related("specialist__user")
    reviews = {review.interaction_id: review for review in taken.filter(interaction__in=ids)}
    kept = Interaction.objects.visible_to(by).filter(hidden_in_summaries(by), pk__in=ids)
    back = set(kept.values_list("pk", flat=True))
    why = sampling.reasons(by, ids, hidden=back)
    return [
        replace(
            _blind_row(by, interaction, reviews.get(interaction.pk))
            if interaction.pk in back
            else _row(
                by,
                interaction,
                prescores[interaction.pk],
                moments.get(interaction.pk, []),
                reviews.get(interaction.pk),
            ),
            why=why.get(interaction.pk, ()),
            holder=_holder(interaction),
        )
        for interaction in page
        if interaction.pk in prescores
    ]


def _holder(interaction: Interaction) -> Membership | None:
    place = getattr(interaction, "place", None)
    return place.assigned_to if place else None


def _blind_row(by: Membership, interaction: Interaction, review: Review | None) -> Row:
    age = _age(interaction.received_at)
    return Row(interaction, _state(by, review), age, review=review, blind=True)


def _row(
    by: Membership,
    interaction: Interaction,
    prescore: dict[str, Any],
    moments: Sequence[Moment],
    review: Review | None,
) -> Row:
    strongest = min((moment.felt for moment in moments), key=GRAVITY.__getitem__, default="")
    return Row(
        interaction=interaction,
        state=_state(by, review),
        age=_age(interaction.received_at),
        scorable=prescore["scorable"],
        reasons=prescore["result__fitness__reasons"] or (),
        score=prescore["score"],
        feeling=strongest,
        outcomes=[(moment.outcome, moment.strength) for moment in moments],
        review=review,
    )


def _state(by: Membership, review: Review | None) -> str:
    if review is None:
        return "free"
    if review.specialist_id == by.pk:
        return "mine"
    return "taken" if review.lease_until > timezone.now() else "free"


def _prescores(by: Membership, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = PreScore.objects.visible_to(by).current().filter(interaction__in=ids)
    fields = ("pk", "interaction_id", "scorable", "score", "result__fitness__reasons")
    return {row["interaction_id"]: row for row in rows.values(*fields)}


def _moments(by: Membership, prescores: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    found: dict[UUID, list[Moment]] = {}
    rows = Moment.objects.visible_to(by).filter(prescore__in=prescores).order_by("cue_turn")
    for row in rows:
        found.setdefault(row.interaction_id, []).append(row)
    return found


def _aside(by: Membership) -> list[Row]:
    rows = Interaction.objects.visible_to(by).select_related("agent", "team")
    rows = rows.prefetch_related(WITH_AGENTS)
    failed = rows.filter(status=Interaction.Status.FAILED).order_by("-started_at", "-id")
    received = rows.received().order_by("rung_at")
    return [
        Row(interaction=interaction, state=interaction.status, age=_age(interaction.received_at))
        for interaction in (*failed[:ASIDE], *received[:ASIDE])
    ]


def _age(since: datetime) -> str:
    """How long ago in its largest unit: "3 hours"; "just now" within the first minute."""
    age = timesince(since, depth=1)
    return gettext("just now") if age.startswith("0") else age


def _after(query: QueryDict, last: Interaction, sampled: bool) -> str:
    other = query.copy()
    other.pop("older", None)
    place = [str(last.place.priority)] if sampled else []
    other["newer"] = paging.SEPARATOR.join([*place, last.received_at.isoformat(), str(last.pk)])
    return f"?{other.urlencode()}"
