"""For whom a conversation waits: in turn or by load, never somebody's own or an excluded one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization, Role
from qa.sampling.models import Exclusion, QueueEntry, Rule
from qa.tenancy.base import Actor
from transcripts.cast import WITH_AGENTS, cast_of
from transcripts.models import Interaction


class ReviewBars:
    """What each of some members must not review.

    Of many interactions prefetch `WITH_AGENTS` (transcripts/cast.py).
    """

    def __init__(self, members: Sequence[Membership], *, by: Actor) -> None:
        self._own = {member.pk: member.agent_id for member in members if member.agent_id}
        rows = Exclusion.objects.visible_to(by).filter(member__in=members)
        found: Any = rows.values_list("member_id", "agent_id", "team_id")
        self._excluded = {(member, pk) for member, *both in found for pk in both if pk}

    def own(self, member: Membership, interaction: Interaction) -> bool:
        """True if it is the member's own conversation, or they took part in it."""
        own = self._own.get(member.pk)
        return own is not None and own in cast_of(interaction).agent_ids

    def excluded(self, member: Membership, interaction: Interaction) -> bool:
        """True if the member is excluded from its agent or team, or from one of several."""
        there = [(interaction.agent_id, interaction.team_id)]
        there += [(part.agent_id, part.team_id) for part in cast_of(interaction).parts]
        return any(one and (member.pk, one) in self._excluded for both in there for one in both)

    def any(self, member: Membership, interaction: Interaction) -> bool:
        """True if the member must not review it, for either reason."""
        return self.own(member, interaction) or self.excluded(member, interaction)


def assign_picks(rule: Rule, interactions: Iterable[Interaction], *, by: Actor) -> None:
    """Assign what waits for nobody yet, as the rule says; what nobody may review stays shared."""
    rule = Rule.objects.visible_to(by).select_for_update().get(pk=rule.pk)
    people = Membership.objects.visible_to(by).filter(pk__in=rule.specialists)
    members = list(people.exclude(role=Role.AGENT).order_by("id"))
    barred, loads = ReviewBars(members, by=by), _loads(members, by)
    returns_at = timezone.now() + timedelta(days=rule.return_days)
    given: dict[UUID, Membership] = {}
    interactions = list(interactions)
    prefetch_related_objects(interactions, WITH_AGENTS)
    for interaction in interactions:
        may = [member for member in members if not barred.any(member, interaction)]
        chosen = _choose(rule, may, loads)
        if chosen is None:
            continue
        free = QueueEntry.objects.visible_to(by).filter(interaction=interaction, assigned_to=None)
        if free.update(assigned_to=chosen, returns_at=returns_at):
            loads[chosen.pk] += 1
            rule.last_assigned = chosen.pk
            given[chosen.pk] = chosen
    rule.save(update_fields=["last_assigned"])
    for member in given.values():
        tell_assigned(member, by=by)


def tell_assigned(member: Membership, *, by: Actor) -> None:
    """Tell a member how many conversations wait for them by now, in one notice until it is read."""
    number = QueueEntry.objects.visible_to(by).filter(assigned_to=member).count()
    slug = Organization.objects.visible_to(by).values_list("slug", flat=True).get()
    notify(
        [member],
        by=by,
        kind=Notice.Kind.ASSIGNED,
        subject=member.pk,
        facts={"event": "queue.assigned", "number": number},
        address=reverse("queue", kwargs={"slug": slug}) + "?whose=assigned",
        instead=True,
    )


def _choose(rule: Rule, members: Sequence[Membership], loads: Counter[UUID]) -> Membership | None:
    if not members:
        return None
    if rule.assignment == Rule.Assignment.LOAD:
        return min(members, key=lambda member: loads[member.pk])
    last = rule.last_assigned
    return next((member for member in members if last is None or member.pk > last), members[0])


def _loads(members: Sequence[Membership], by: Actor) -> Counter[UUID]:
    rows = QueueEntry.objects.visible_to(by).filter(assigned_to__in=members).values("assigned_to")
    counted = rows.annotate(number=Count("pk")).values_list("assigned_to", "number")
    return Counter(dict(counted))
