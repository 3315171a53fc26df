"""Which conversations a rule looks at, and which of them it means."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import DurationField, Exists, OuterRef, Value

from qa.organizations.calendar import Calendar
from qa.sampling.conditions import narrow, of_new_agents
from qa.sampling.draws import FrameRow
from qa.sampling.models import Kind, Pick, Rule
from qa.tenancy.base import Actor
from scorecards.choices import Emotion, Outcome
from scorecards.models import Moment, PreScore, shows
from transcripts.models import SCORED, Interaction, InteractionQuerySet

Status = Interaction.Status


def frame(rule: Rule, *, by: Actor) -> InteractionQuerySet:
    """What the rule looks at: pre-scored, reviewed or not, of its channels and teams."""
    scored = PreScore.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    fit = scored.filter(scorable=rule.kind != Kind.UNFIT)
    rows = Interaction.objects.visible_to(by).filter(Exists(fit), status__in=SCORED)
    if rule.channels:
        rows = rows.filter(channel__in=rule.channels)
    if rule.teams:
        rows = rows.filter(team__in=rule.teams)
    return rows.filter(received_at__gte=rule.begins) if rule.begins else rows


def matching(rule: Rule, *, by: Actor) -> InteractionQuerySet:
    """What the rule wants of those and has not picked; a random one wants any, and draws."""
    rows = wanted(rule, frame(rule, by=by), by=by)
    if rule.random:
        return rows
    picked = Pick.objects.visible_to(by).filter(rule=rule, interaction=OuterRef("pk"))
    return rows.filter(~Exists(picked))


def wanted(rule: Rule, rows: InteractionQuerySet, *, by: Actor) -> InteractionQuerySet:
    """What the rule wants of these, picked already or not."""
    moments = Moment.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    match rule.kind:
        case Kind.MISSED_ANGER:
            missed = moments.filter(shows(Emotion.ANGER), outcome=Outcome.MISSED)
            return rows.filter(Exists(missed))
        case Kind.DISMISSED:
            return rows.filter(Exists(moments.filter(outcome=Outcome.DISMISSED)))
        case Kind.LOW_CONFIDENCE:
            return rows.filter(Exists(moments.filter(confidence__lt=rule.below)))
        case Kind.COMPOSED:
            return narrow(rows, rule.conditions, by=by)
    condition = CONDITIONS.get(Kind(rule.kind))
    return condition(rows, rule, by) if condition else rows


def frame_rows(
    rows: InteractionQuerySet, calendar: Calendar, *, moment: str = "received_at"
) -> list[FrameRow]:
    """The rows as draws see them, in the weeks of this calendar."""
    columns: Any = rows.values_list("id", "agent_id", "channel", moment, "status", "team_id")
    return [
        FrameRow(pk, agent, channel, arrived, status, calendar, team)
        for pk, agent, channel, arrived, status, team in columns
    ]


def days_of(rule: Rule) -> Value:
    """Return how far back the rule looks, for a query."""
    return Value(timedelta(days=rule.days or 0), output_field=DurationField())


Condition = Callable[[InteractionQuerySet, Rule, Actor], InteractionQuerySet]
# What kinds of rule want beyond this package's own rows; apps above add theirs when they are ready.
CONDITIONS: dict[Kind, Condition] = {
    Kind.NEW_AGENT: lambda rows, rule, by: of_new_agents(rows, rule.days or 0, by=by)
}
