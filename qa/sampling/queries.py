"""Reads of sampling: what waits for whom, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from qa.organizations.models import Agent, Membership, Team
from qa.sampling import words
from qa.sampling.models import BY_HAND, RANDOM, Exclusion, Pick, QueueEntry, Rule
from qa.tenancy.base import Actor
from transcripts.models import InteractionQuerySet, Participation

SHOWN = 25  # of what a rule picked
LOOK_BACK: Final = timedelta(weeks=4)
BY_AGE = ("received_at", "id")
ORDER = ("place__priority", "place__since", "place__interaction_id")


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """A rule, and what it does in words."""

    rule: Rule
    sentence: str
    goes_to: str
    picked: int = 0  # in the last weeks


def rule_summaries(rules: Sequence[Rule], *, by: Actor) -> list[RuleSummary]:
    """The rules in words; always as many queries, however many rules."""
    teams = dict(Team.objects.visible_to(by).values_list("pk", "name"))
    named = {pk for rule in rules for pk in rule.specialists}
    people = Membership.objects.visible_to(by).filter(pk__in=named)
    members = dict(people.values_list("pk", "user__name"))
    lately = Pick.objects.visible_to(by).filter(
        rule__in=rules, picked_at__gte=timezone.now() - LOOK_BACK
    )
    of = {pk for rule in rules for pk in rule.conditions.get("agents", ())}
    known = Agent.objects.visible_to(by).filter(pk__in=of).values_list("pk", "name")
    agents = {str(pk): name for pk, name in known}
    counts = dict(lately.values_list("rule").annotate(number=Count("pk")))
    return [
        RuleSummary(
            rule,
            words.sentence(rule, teams, agents),
            words.goes_to(rule, members),
            counts.get(rule.pk, 0),
        )
        for rule in rules
    ]


def newest_picks(rule: Rule, *, by: Actor, hidden: Q | None = None) -> list[Pick]:
    """What a rule picked last, newest first, with who is to review it.

    What a targeted rule finds tells what the pre-score says: those of which `hidden` holds (of
    a pick's interaction) are left out.
    """
    rows = Pick.objects.visible_to(by).filter(rule=rule)
    if hidden is not None and not rule.random:
        rows = rows.exclude(hidden)
    around = rows.select_related("interaction__agent", "interaction__place__assigned_to__user")
    return list(around.order_by("-picked_at", "-id")[:SHOWN])


def is_sampled(by: Actor) -> bool:
    """True if rules decide what is in the queue; with none on, all that is pre-scored is."""
    return Rule.objects.visible_to(by).on().exists()


def allowed(rows: InteractionQuerySet, by: Membership) -> InteractionQuerySet:
    """Without the member's own conversations, and without those they are excluded from.

    Own are also those of others in which they took part; the same holds of exclusions. These are
    few or none, so they are looked up first: PostgreSQL then reads only the rows of one page.
    """
    excluded = list(Exclusion.objects.visible_to(by).filter(member=by))
    agents = {one.agent_id for one in excluded if one.agent_id}
    agents |= {by.agent_id} if by.agent_id else set()
    teams = {one.team_id for one in excluded if one.team_id}
    if not agents and not teams:
        return rows
    theirs = Q(agent__in=agents) | Q(team__in=teams)
    parts = Participation.objects.visible_to(by).filter(theirs, interaction=OuterRef("pk"))
    alone = Q(agent__isnull=False, agent__in=agents) | Q(team__isnull=False, team__in=teams)
    return rows.filter(~alone, ~Exists(parts))


def for_others(by: Membership) -> Q:
    """Of interactions those that were assigned to somebody else."""
    places = QueueEntry.objects.visible_to(by).filter(interaction=OuterRef("pk"))
    return Q(Exists(places.filter(~Q(assigned_to=by), assigned_to__isnull=False)))


def unassigned(rows: InteractionQuerySet, by: Membership) -> InteractionQuerySet:
    """Keep those that nobody has been given.

    Asked as an absence and not across a join, which PostgreSQL takes for very few rows, and then
    sorts all of them instead of reading the first ones in order.
    """
    given = QueueEntry.objects.visible_to(by).filter(assigned_to__isnull=False)
    return rows.filter(~Exists(given.filter(interaction=OuterRef("pk"))))


def in_queue(rows: InteractionQuerySet, *, sampled: bool) -> InteractionQuerySet:
    """Keep rows in the queue, in its order: by priority and age where rules pick, else by age.

    Without rules that is all but what was left out when the last of them was switched off.
    """
    if sampled:
        return rows.filter(place__isnull=False).order_by(*ORDER)
    ended = Rule.objects.filter(
        organization=OuterRef("organization"),
        on=False,
        left_out=True,
        ended_at__gte=OuterRef("received_at"),
    )
    return rows.filter(Q(place__isnull=False) | ~Exists(ended)).order_by(*BY_AGE)


def reasons(
    by: Actor, interactions: Iterable[UUID], *, hidden: Iterable[UUID]
) -> dict[UUID, list[str]]:
    """Why each of these was picked, in words.

    Of those that are `hidden`, because they are to be judged blind, no word tells what the
    pre-score found.
    """
    hidden = set(hidden)
    found: dict[UUID, list[str]] = {}
    rows = Pick.objects.visible_to(by).filter(interaction__in=interactions).order_by("picked_at")
    for row in rows:
        tells = row.why not in {*RANDOM, BY_HAND}
        why = "Targeted" if tells and row.interaction_id in hidden else row.get_why_display()
        said = found.setdefault(row.interaction_id, [])
        if why not in said:
            said.append(why)
    return found
