"""Count the daily tables by the days of another time zone, from what they count.

    time_zone is changed ── a message, or the sweep ──▶ recount ── days_zone follows

Until then figures, and the lists behind them, keep the days that they were counted by, all of
them; so no page shows days of two kinds. Nothing but the day of a row changes.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from qa.dashboards.actions import (
    ADD_INTERACTIONS,
    ADD_MOMENTS,
    take_turn,
    upsert,
)
from qa.dashboards.models import DailyInteractions, DailyMoments
from qa.organizations.models import Organization
from qa.reviews.attribution import settled_as
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.tenancy.base import Actor, new_id
from scorecards.models import FELT, Moment, PreScore
from transcripts.models import Participation

Row = tuple[Any, ...]


@transaction.atomic
def recount(*, by: Actor) -> bool:
    """Count by the days of the organization's time zone. False if they are counted by it."""
    take_turn(by, alone=True)
    organization = Organization.objects.visible_to(by).select_for_update(no_key=True).get()
    if organization.closed_at or organization.days_zone == organization.time_zone:
        return False
    zone = ZoneInfo(organization.time_zone)
    DailyMoments.objects.visible_to(by).delete()
    DailyInteractions.objects.visible_to(by).delete()
    for statement, rows in (
        (ADD_MOMENTS, _moments(by, zone)),
        (ADD_INTERACTIONS, _work(by, zone)),
    ):
        ordered = sorted(rows.items(), key=str)
        upsert(statement, [(new_id(), by.organization_id, *key, *n) for key, n in ordered])
    organization.days_zone = organization.time_zone
    organization.save(update_fields=["days_zone"])
    return True


def _moments(by: Actor, zone: ZoneInfo) -> dict[Row, Row]:
    """Day, channel, agent, team, feeling, outcome and strength, with how many there are."""
    reviewed = Review.objects.visible_to(by).counted()
    machine = Moment.objects.visible_to(by).current()
    machine = machine.filter(~Exists(reviewed.filter(interaction=OuterRef("interaction"))))
    people = ReviewMoment.objects.visible_to(by).filter(review__in=reviewed)
    people = people.exclude(decision__in=[Decision.PENDING, Decision.REJECTED])
    found: Counter[Row] = Counter()
    for rows, prefix, agent, team, felt in (
        (machine, "interaction__", F("agent"), F("team"), FELT),
        (people, "review__interaction__", settled_as("agent"), settled_as("team"), F("emotion")),
    ):
        day = TruncDate(f"{prefix}started_at", tzinfo=zone)
        told = rows.order_by().annotate(day=day, whose=agent, of_team=team, felt_as=felt)
        kind = ("day", f"{prefix}channel", "whose", "of_team", "felt_as", "outcome", "strength")
        groups = told.values_list(*kind).annotate(total=Count("pk"))
        found.update({tuple(row[:-1]): row[-1] for row in groups})
    return {kind: (total,) for kind, total in found.items()}


def _work(by: Actor, zone: ZoneInfo) -> dict[Row, Row]:
    """Day, channel, agent and team, with the six numbers of the table."""
    reviewed = Review.objects.visible_to(by).counted()
    scored = PreScore.objects.visible_to(by).current().order_by()
    told = scored.annotate(
        day=TruncDate("interaction__started_at", tzinfo=zone),
        settled=Exists(reviewed.filter(interaction=OuterRef("interaction"))),
    )
    place = ("day", "interaction__channel", "interaction__agent_id", "interaction__team_id")
    groups = told.values_list(*place).annotate(
        all=Count("pk"),
        could=Count("pk", filter=Q(scorable=True)),
        done=Count("pk", filter=Q(settled=True)),
    )
    found = {tuple(row[:4]): (*row[4:], 0, 0, 0) for row in groups}
    for key, joined in _joined(by, told):
        own = found.get(key, (0,) * 6)
        found[key] = (*own[:3], *(a + b for a, b in zip(own[3:], joined, strict=True)))
    return found


def _joined(by: Actor, told: Any) -> Iterator[tuple[Row, Row]]:
    """For each agent who took part in somebody else's: where it counts, and as what."""
    rows = Participation.objects.visible_to(by).filter(agent__isnull=False)
    parts = rows.order_by("interaction_id", "position").values_list(
        "interaction_id", "interaction__agent_id", "agent_id", "team_id"
    )
    first: dict[tuple[Any, Any], Any] = {}
    for interaction, own, agent, team in parts:
        if agent != own:
            first.setdefault((interaction, agent), team)
    taken = told.filter(interaction__in=rows.values("interaction"))
    columns = taken.values_list(
        "interaction_id", "day", "interaction__channel", "scorable", "settled"
    )
    facts = {row[0]: row[1:] for row in columns}
    for (interaction, agent), team in first.items():
        if interaction in facts:
            day, channel, scorable, settled = facts[interaction]
            yield (day, channel, agent, team), (1, int(scorable), int(settled))
