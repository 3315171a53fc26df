"""What the queue shows: what waits and why, what is in review, what is not ready yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone

from qa.core import paging
from qa.core import sorting as core_sorting
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership, Role, Team
from qa.reviews import columns, second
from qa.reviews.counted_moments import became
from qa.reviews.exposure import embargoes_of
from qa.reviews.models import Review
from qa.reviews.queue import available_for_second, in_queue
from qa.reviews.queue_rows import Row, queue_rows, waiting_for
from qa.reviews.queue_sorting import COLUMNS, GROUPS, OLDEST
from qa.reviews.visibility import hidden_in_summaries
from qa.sampling import queries as sampling
from scorecards.models import Moment, PreScore
from transcripts.cast import WITH_AGENTS
from transcripts.models import Interaction, InteractionQuerySet

SIZE = 25
ASIDE = 20  # rows shown of those that wait for the worker, and of those that failed
TEAMS = 50
COLLEAGUES = 500
MOST = 20_000  # beyond this the total says "20,000+" instead of counting
MANY = 100  # beyond this the queue says "100+" instead of counting
KEY = (paging.moment, UUID)
KEY_SAMPLED = (int, paging.moment, UUID)

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
class Part:
    """Which conversations one page of the queue shows, and where the others are."""

    ids: Sequence[UUID]
    next_url: str
    previous_url: str = ""
    first: bool = True
    more_own: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue."""

    rows: Sequence[Row]
    aside: Sequence[Row]  # failed, and waiting for the worker; on the first page
    in_hand: Review | None
    left: str
    total: str
    teams: Sequence[Team]
    part: Part
    second: bool  # whether a second reading waits for this specialist, or is in hand
    calibrations: int  # readings for calibrations that this specialist has still to do
    sampled: bool  # whether rules pick what is here
    colleagues: Sequence[Membership]  # to whom this member may assign conversations
    headings: Sequence[columns.Heading]
    sorting: columns.Sorting

    @property
    def first(self) -> bool:
        return self.part.first

    @property
    def anything(self) -> bool:
        """True if there is something to filter or to take, here or on another page."""
        return bool(self.rows or self.aside or self.in_hand or not self.first)

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
    sorting = columns.asked(query, COLUMNS, GROUPS)
    rows = listed(by, filters, sampled=sampled)
    if sorting.any:
        part = _sorted(rows, by, sorting, query)
    else:
        part = _in_order(rows, by, filters, query, sampled=sampled)
    mine = Review.objects.visible_to(by).open().filter(specialist=by)
    in_hand = mine.regular().select_related("interaction__agent").order_by("opened_at")
    return Queue(
        rows=queue_rows(by, _loaded(by, part.ids), group=sorting.group),
        aside=_aside(by) if part.first and not sorting.any else [],
        in_hand=in_hand.first(),
        second=part.first and (second.in_hand(by) is not None or available_for_second(by).exists()),
        left=left(by),
        total=_total(rows),
        teams=list(Team.objects.visible_to(by).order_by("name")[:TEAMS]),
        part=part,
        calibrations=mine.filter(kind=Review.Kind.CALIBRATION).count(),
        sampled=sampled,
        colleagues=colleagues(by),
        headings=columns.headings(COLUMNS, sorting, query),
        sorting=sorting,
    )


def _sorted(
    rows: InteractionQuerySet, by: Membership, sorting: columns.Sorting, query: QueryDict
) -> Part:
    keys = columns.keys_of(sorting, COLUMNS, by=by, tail=OLDEST)
    page = core_sorting.page(rows, keys, query=query, size=SIZE)
    ids = [row[0] for row in page.rows]
    return Part(ids, page.older_url, page.newer_url, first=not page.newer_url)


def _in_order(
    rows: InteractionQuerySet,
    by: Membership,
    filters: QueueFilter,
    query: QueryDict,
    *,
    sampled: bool,
) -> Part:
    """What is this member's own first, then the others in the queue's own order."""
    cursor = paging.read(query, *(KEY_SAMPLED if sampled else KEY))
    order = sampling.ORDER if sampled else sampling.BY_AGE
    first = cursor is None or not cursor.newer
    own: list[UUID] = []
    if filters.whose not in {"assigned", "others"}:
        if first:
            own = list(rows.filter(place__assigned_to=by).values_list("pk", flat=True)[:SIZE])
        rows = sampling.unassigned(rows, by)
    if cursor is not None and cursor.newer:
        rows = rows.filter(cursor.beyond(*order))
    page = list(rows.values_list("pk", *order)[: SIZE + 1])
    after = _after(query, page[SIZE - 1][1:]) if len(page) > SIZE else ""
    ids = [*own, *(row[0] for row in page[:SIZE])]
    return Part(ids, after, first=cursor is None, more_own=len(own) == SIZE)


def _loaded(by: Membership, ids: Sequence[UUID]) -> list[Interaction]:
    """These conversations in this order, with what a row shows of them."""
    rows = Interaction.objects.visible_to(by).select_related(
        "agent", "team", "place__assigned_to__user"
    )
    found = rows.prefetch_related(WITH_AGENTS).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _total(rows: InteractionQuerySet) -> str:
    """How many rows there are in all, counted up to a limit."""
    number = rows.order_by().values("pk")[: MOST + 1].count()
    return f"{intcomma(MOST)}+" if number > MOST else intcomma(number)


def colleagues(by: Membership) -> list[Membership]:
    """To whom this member may assign conversations."""
    if by.role not in MANAGERS:
        return []
    people = Membership.objects.visible_to(by).exclude(role=Role.AGENT)
    return list(people.select_related("user").order_by("user__name", "id")[:COLLEAGUES])


def left(by: Membership) -> str:
    """How many interactions wait for this specialist, counted up to a limit."""
    number = in_queue(by).order_by().values("pk")[:MANY].count()
    return f"{MANY}+" if number == MANY else str(number)


def listed(by: Membership, filters: QueueFilter, *, sampled: bool) -> InteractionQuerySet:
    """All that the queue's pages show, in its own order: where rules pick, what they picked."""
    return sampling.in_queue(shown(by, filters), sampled=sampled)


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


def _aside(by: Membership) -> list[Row]:
    rows = Interaction.objects.visible_to(by).select_related("agent", "team")
    rows = rows.prefetch_related(WITH_AGENTS)
    failed = rows.filter(status=Interaction.Status.FAILED).order_by("-started_at", "-id")
    received = rows.received().order_by("rung_at")
    return [
        Row(interaction, interaction.status, waiting_for(interaction.received_at))
        for interaction in (*failed[:ASIDE], *received[:ASIDE])
    ]


def _after(query: QueryDict, values: Sequence[Any]) -> str:
    other = query.copy()
    other.pop("older", None)
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    other["newer"] = paging.SEPARATOR.join(texts)
    return f"?{other.urlencode()}"
