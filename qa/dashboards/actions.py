"""Keep the tables of dashboards in step with pre-scores and reviews.

The daily tables by adding differences, the gestures of an interaction by writing them anew.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg2.extras import execute_values

from qa.dashboards.models import DailyInteractions, DailyMoments, Gesture
from qa.organizations import calendar
from qa.organizations.models import Agent, Team
from qa.reviews.attribution import settled_as
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.settled_gestures import settled_gestures
from qa.tenancy import locks
from qa.tenancy.base import Actor, new_id
from scorecards.attribution import gestures_by_agent
from scorecards.gestures import Found
from scorecards.models import FELT, Moment, PreScore
from transcripts.cast import cast_of
from transcripts.models import Interaction

# Of a moment: agent, team, emotion or UNSURE, outcome, strength.
Kind = tuple[UUID | None, UUID | None, str, str, int]

MOMENT_COLUMNS = (
    *("day", "channel", "agent_id", "team_id"),
    *("emotion", "outcome", "strength", "count"),
)
WORK_COLUMNS = (
    *("day", "channel", "agent_id", "team_id", "interactions", "scorable", "reviewed"),
    *("joined", "joined_scorable", "joined_reviewed"),
)
ADD_MOMENTS = """
INSERT INTO dashboards_dailymoments AS t
    (id, organization_id, day, channel, agent_id, team_id, emotion, outcome, strength, count)
VALUES %s
ON CONFLICT (organization_id, day, agent_id, team_id, channel, emotion, outcome, strength)
DO UPDATE SET count = t.count + EXCLUDED.count
"""
ADD_INTERACTIONS = """
INSERT INTO dashboards_dailyinteractions AS t
    (id, organization_id, day, channel, agent_id, team_id, interactions, scorable, reviewed,
     joined, joined_scorable, joined_reviewed)
VALUES %s
ON CONFLICT (organization_id, day, agent_id, team_id, channel)
DO UPDATE SET interactions = t.interactions + EXCLUDED.interactions,
              scorable = t.scorable + EXCLUDED.scorable,
              reviewed = t.reviewed + EXCLUDED.reviewed,
              joined = t.joined + EXCLUDED.joined,
              joined_scorable = t.joined_scorable + EXCLUDED.joined_scorable,
              joined_reviewed = t.joined_reviewed + EXCLUDED.joined_reviewed
"""


def count(prescore: PreScore, *, by: Actor) -> None:
    """A new pre-score: its interaction and moments enter the tables."""
    take_turn(by)
    interaction = prescore.interaction
    _add_interaction(interaction, interactions=1, scorable=int(prescore.scorable))
    _add_moments(interaction, _found(interaction, by))
    _write_gestures(interaction, _machines(prescore), by)


def recount(old: PreScore, new: PreScore, *, by: Actor) -> None:
    """Another pre-score has become current: the tables move by what differs.

    Where a review is confirmed, the person's moments stay as they are.
    """
    take_turn(by)
    interaction = new.interaction
    if old.scorable != new.scorable:
        _add_interaction(interaction, scorable=int(new.scorable) - int(old.scorable))
    if not Review.objects.visible_to(by).counted().filter(interaction=interaction).exists():
        delta = _found(interaction, by)
        delta.subtract(_seen(Moment.objects.visible_to(by).filter(prescore=old)))
        _add_moments(interaction, delta)
        _write_gestures(interaction, _machines(new), by)


def settle(review: Review, *, by: Actor) -> None:
    """A confirmed review: the person's moments take the place of the machine's."""
    take_turn(by)
    interaction = review.interaction
    delta = _confirmed(review, by)
    delta.subtract(_found(interaction, by))
    _add_interaction(interaction, reviewed=1)
    _add_moments(interaction, delta)
    _write_gestures(interaction, _settled(review, by), by)


def unsettle(review: Review, *, by: Actor) -> None:
    """A review that is about to be taken back: the machine's moments count again."""
    take_turn(by)
    interaction = review.interaction
    delta = _found(interaction, by)
    delta.subtract(_confirmed(review, by))
    _add_interaction(interaction, reviewed=-1)
    _add_moments(interaction, delta)
    current = PreScore.objects.visible_to(by).current().filter(interaction=interaction).first()
    _write_gestures(interaction, _machines(current) if current else (), by)


def resettle(old: Review, new: Review, *, by: Actor) -> None:
    """A corrected review: its moments take the place of the old version's."""
    take_turn(by)
    delta = _confirmed(new, by)
    delta.subtract(_confirmed(old, by))
    _add_moments(new.interaction, delta)
    _write_gestures(new.interaction, _settled(new, by), by)


def forget(interaction: Interaction, *, by: Actor) -> None:
    """An interaction that was counted and will be scored anew leaves the tables."""
    take_turn(by)
    prescore = PreScore.objects.visible_to(by).current().filter(interaction=interaction).first()
    if prescore is None:
        return
    _add_interaction(interaction, interactions=-1, scorable=-int(prescore.scorable))
    _add_moments(interaction, {kind: -n for kind, n in _found(interaction, by).items()})
    _write_gestures(interaction, (), by)


def leave(interactions: Sequence[Interaction], *, by: Actor) -> None:
    """Interactions that are about to be another agent's leave the tables, reviewed or not.

    `enter` puts them back. Until then nobody else counts anything, so lock their rows before.
    """
    take_turn(by, alone=True)
    for interaction in interactions:
        _count_as_it_stands(interaction, by, -1)


def enter(interactions: Sequence[Interaction], *, by: Actor) -> None:
    """They come back as the agent's whose they are now; call it with rows read anew."""
    for interaction in interactions:
        _count_as_it_stands(interaction, by, 1)


def merge_agents(twin: Agent, *, into: Agent, by: Actor) -> None:
    """What is counted for one agent is counted for the other. Between `leave` and `enter`.

    Interactions in which both took part must have left the tables.
    """
    _recount_as("agent_id", twin.pk, into.pk, by)


def merge_teams(team: Team, *, into: Team | None, by: Actor) -> None:
    """What is counted for a team that closes is counted for another one, or for none."""
    take_turn(by, alone=True)
    _recount_as("team_id", team.pk, into.pk if into else None, by)


def _recount_as(column: str, before: UUID, now: UUID | None, by: Actor) -> None:
    """Add the rows that have this value to those that have the other one."""
    tables: tuple[tuple[type[DailyMoments | DailyInteractions], str, tuple[str, ...]], ...] = (
        (DailyMoments, ADD_MOMENTS, MOMENT_COLUMNS),
        (DailyInteractions, ADD_INTERACTIONS, WORK_COLUMNS),
    )
    for model, statement, columns in tables:
        found = model.objects.visible_to(by).filter(**{column: before})
        rows = [{**row, column: now} for row in found.values(*columns)]
        values = sorted((tuple(row[name] for name in columns) for row in rows), key=str)
        upsert(statement, [(new_id(), by.organization_id, *row) for row in values])
        found.delete()


def _count_as_it_stands(interaction: Interaction, by: Actor, times: int) -> None:
    """Count an interaction with what is settled of it; with -1, take it out."""
    prescore = PreScore.objects.visible_to(by).current().filter(interaction=interaction).first()
    if prescore is None:
        return
    review = Review.objects.visible_to(by).counted().filter(interaction=interaction).first()
    moments = _confirmed(review, by) if review else _found(interaction, by)
    _add_interaction(
        interaction,
        interactions=times,
        scorable=times * int(prescore.scorable),
        reviewed=times * int(review is not None),
    )
    _add_moments(interaction, {kind: times * n for kind, n in moments.items()})
    if times > 0:
        found = _settled(review, by) if review else _machines(prescore)
        _write_gestures(interaction, found, by)


@transaction.atomic
def rebuild(*, by: Actor) -> None:
    """Compute the tables from nothing; gives what the steps above have added up."""
    take_turn(by, alone=True)
    DailyMoments.objects.visible_to(by).delete()
    DailyInteractions.objects.visible_to(by).delete()
    Gesture.objects.visible_to(by).delete()
    scored = PreScore.objects.visible_to(by).current().select_related("interaction__organization")
    for prescore in scored.iterator():
        count(prescore, by=by)
    for review in (
        Review.objects.visible_to(by).counted().select_related("interaction__organization")
    ):
        settle(review, by=by)


def take_turn(by: Actor, *, alone: bool = False) -> None:
    """Until this transaction ends, a rebuild waits for the steps above, and they for a rebuild."""
    locks.acquire("dashboards", by=by, shared=not alone)


def _found(interaction: Interaction, by: Actor) -> Counter[Kind]:
    return _seen(Moment.objects.visible_to(by).current().filter(interaction=interaction))


def _confirmed(review: Review, by: Actor) -> Counter[Kind]:
    rows = ReviewMoment.objects.visible_to(by).filter(review=review)
    kept = rows.exclude(decision__in=[Decision.PENDING, Decision.REJECTED])
    whose = kept.annotate(agent_id=settled_as("agent"), team_id=settled_as("team"))
    return Counter(whose.values_list("agent_id", "team_id", "emotion", "outcome", "strength"))


def _machines(prescore: PreScore) -> list[Found]:
    return gestures_by_agent(prescore.result, cast_of(prescore.interaction))


def _settled(review: Review, by: Actor) -> list[Found]:
    rows = ReviewMoment.objects.visible_to(by).filter(review=review).select_related("moment")
    return settled_gestures(review, rows, review.interaction.transcript.turns)


def _write_gestures(interaction: Interaction, found: Iterable[Found], by: Actor) -> None:
    """Put these in the place of the interaction's gestures; its row is locked by who calls."""
    cast = cast_of(interaction)
    Gesture.objects.visible_to(by).filter(interaction=interaction).delete()
    Gesture.objects.bulk_create(
        Gesture(
            organization_id=by.organization_id,
            interaction=interaction,
            participation=cast.of(one.turn).row,
            started_at=interaction.started_at,
            turn=one.turn,
            kind=one.kind,
            spans=one.spans,
        )
        for one in found
    )


def _seen(rows: QuerySet[Moment]) -> Counter[Kind]:
    felt = rows.annotate(felt_as=FELT)
    return Counter(felt.values_list("agent_id", "team_id", "felt_as", "outcome", "strength"))


def _place(interaction: Interaction) -> tuple[UUID, date, str]:
    # Read once the turn is taken (take_turn): the zone changes with a recount only.
    day = calendar.of(interaction.organization).day_of(interaction.started_at)
    return interaction.organization_id, day, interaction.channel


def _add_moments(interaction: Interaction, delta: Mapping[Kind, int]) -> None:
    place = _place(interaction)
    # In one order everywhere, so that two workers never wait for each other crosswise.
    kinds = sorted(delta.items(), key=lambda one: tuple(map(str, one[0])))
    rows = [(new_id(), *place, *kind, n) for kind, n in kinds if n]
    upsert(ADD_MOMENTS, rows)


def _add_interaction(
    interaction: Interaction, *, interactions: int = 0, scorable: int = 0, reviewed: int = 0
) -> None:
    place, numbers, none = _place(interaction), (interactions, scorable, reviewed), (0, 0, 0)
    own = (interaction.agent_id, interaction.team_id)
    rows = [(*own, *numbers, *none)]
    for part in cast_of(interaction).known:
        if part.agent_id != interaction.agent_id:
            rows.append((part.agent_id, part.team_id, *none, *numbers))
    # In one order everywhere here too.
    upsert(ADD_INTERACTIONS, [(new_id(), *place, *row) for row in sorted(rows, key=str)])


def upsert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Add these rows to a daily table, by ADD_MOMENTS or ADD_INTERACTIONS."""
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor, statement, rows)
