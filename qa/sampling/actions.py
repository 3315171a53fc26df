"""Keep rules, let them pick, and keep the places in the queue."""

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Conflict, Refused
from qa.organizations.calendar import Calendar, calendar_of
from qa.organizations.models import Agent, Membership, Role
from qa.sampling import draws, quotas
from qa.sampling.assignment import assign_picks
from qa.sampling.conditions import rename_agent
from qa.sampling.draws import Drawn, FrameRow, Key
from qa.sampling.models import (
    BY_HAND,
    RANDOM,
    WEEKLY,
    Exclusion,
    Kind,
    Pick,
    QueueEntry,
    Rule,
    Stratum,
)
from qa.sampling.queries import LOOK_BACK, in_queue
from qa.sampling.selection import frame_rows, matching
from qa.sampling.waiting import WHEN_OFF, Waiting, keep_waiting, unpicked
from qa.tenancy import locks
from qa.tenancy.base import Actor
from scorecards.models import PreScore
from transcripts.models import Interaction, InteractionQuerySet, handled_by

GRACE: Final = timedelta(hours=1)  # after a week is over, for what still waits for its pre-score
AT_ONCE: Final = 1000  # rows of a statement


@transaction.atomic
def create_rule(*, by: Actor, kind: str, name: str, **values: Any) -> Rule:
    """A new rule, switched off, with a seed of its own."""
    rule = new_rule(by=by, kind=kind, name=name, **values)
    _save(rule)
    audit.record(by, "rule.created", rule, {"kind": kind})
    return rule


def new_rule(*, by: Actor, **values: Any) -> Rule:
    """A rule that is not kept yet."""
    return Rule(organization_id=by.organization_id, seed=secrets.randbits(63), **values)


@transaction.atomic
def change_rule(rule: Rule, *, by: Actor, **values: Any) -> Rule:
    """Other values; what was picked stays as it was, with the probability it had."""
    rule = Rule.objects.visible_to(by).select_for_update().get(pk=rule.pk)
    before = {name: getattr(rule, name) for name in values}
    for name, value in values.items():
        setattr(rule, name, value)
    _save(rule)
    changed = audit.changes(_told(before), _told(values))
    audit.record(by, "rule.changed", rule, changed)
    return rule


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the trail keeps them: agents by themselves, the other conditions as one text."""
    if "conditions" not in values:
        return values
    rest = dict(values["conditions"])
    agents = rest.pop("agents", [])
    return {**values, "agents": agents, "conditions": json.dumps(rest, sort_keys=True)}


def _save(rule: Rule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "rule_name_unique" not in str(error):
            raise
        raise Conflict(_("A rule with this name already exists.")) from None


@transaction.atomic
def switch_on(
    rule: Rule,
    *,
    by: Actor,
    look_back: bool,
    waiting: str = Waiting.LET_GO,
    begun: InteractionQuerySet | None = None,
) -> Rule:
    """Let a rule pick: from now on, and, with `look_back`, also from the last weeks.

    If it is the first that is on, what waits and is not picked leaves the queue, unless it is to
    be kept; what somebody has `begun` stays. The draw itself is done by `draw`, so that no page
    waits for it.
    """
    _lock_sampling(by, alone=True)
    rule = Rule.objects.visible_to(by).select_for_update().get(pk=rule.pk)
    if rule.on:
        raise Conflict(_("This rule is already on."))
    rule.on, rule.caught_up = True, False
    rule.begins = first_moment(rule, look_back=look_back, by=by)
    told: dict[str, Any] = {"look_back": look_back}
    if not Rule.objects.visible_to(by).on().exists():
        rows = unpicked(by)
        if waiting != Waiting.KEEP:
            rows = rows.filter(pk__in=begun.values("pk")) if begun is not None else rows.none()
        told["waiting"] = Waiting.KEEP if waiting == Waiting.KEEP else Waiting.LET_GO
        told["kept"] = keep_waiting(in_queue(rows, sampled=False), by=by)
    rule.save(update_fields=["on", "caught_up", "begins"])
    audit.record(by, "rule.switched_on", rule, told)
    return rule


@transaction.atomic
def switch_off(
    rule: Rule,
    *,
    by: Actor,
    waiting: str = Waiting.LET_IN,
    begun: InteractionQuerySet | None = None,
) -> Rule:
    """Stop picking. What was picked stays in the queue.

    If it was the last that was on, everything that waits comes into the queue, unless what is
    there by now is to be left out; what somebody has `begun` is not.
    """
    if waiting not in WHEN_OFF:
        raise Refused(
            _("Choose whether the other conversations come into the queue or stay out of it.")
        )
    _lock_sampling(by, alone=True)
    rule = Rule.objects.visible_to(by).select_for_update().get(pk=rule.pk)
    if not rule.on:
        raise Conflict(_("This rule is already off."))
    rule.on, rule.ended_at, rule.left_out = False, timezone.now(), False
    told = {}
    if not Rule.objects.visible_to(by).on().exclude(pk=rule.pk).exists():
        told = {"waiting": waiting}
        rule.left_out = waiting == Waiting.LEAVE_OUT
        if rule.left_out and begun is not None:
            keep_waiting(unpicked(by).filter(pk__in=begun.values("pk")), by=by)
        if not rule.left_out:
            Rule.objects.visible_to(by).filter(left_out=True).update(left_out=False)
    rule.save(update_fields=["on", "ended_at", "left_out"])
    audit.record(by, "rule.switched_off", rule, told)
    return rule


@transaction.atomic
def remove_rule(rule: Rule, *, by: Actor) -> None:
    """Remove a rule that has never picked anything."""
    if rule.left_out:
        raise Refused(
            _(
                "Conversations stayed out of the queue when this rule was turned off. "
                "Turn it on and off again to let them in, then remove it."
            )
        )
    if Pick.objects.visible_to(by).filter(rule=rule).exists():
        raise Refused(
            _(
                "This rule has picked conversations and is part of your figures. "
                "Turn it off instead."
            )
        )
    audit.record(by, "rule.removed", rule, {"kind": rule.kind})
    rule.delete()


def first_moment(rule: Rule, *, look_back: bool, by: Actor) -> datetime:
    """From when on a rule that is switched on now looks at what arrives.

    A share looks at nothing twice, which would double its chance: not at what came before it was
    switched off. Of the others the weeks that were drawn, and what was picked, are known.
    """
    now = timezone.now()
    calendar = calendar_of(by)
    begins = calendar.midnight(calendar.week_at(now - LOOK_BACK)) if look_back else now
    if rule.shares and rule.ended_at:
        return max(begins, rule.ended_at)
    return begins


def pick(prescore: PreScore, *, by: Actor) -> None:
    """Let every rule look at a conversation that has just got its pre-score.

    In the transaction that keeps the pre-score: so it is either looked at here or, if a rule is
    being switched on meanwhile, by `draw`, and never by both.
    """
    _lock_sampling(by, alone=False)
    interaction, calendar = prescore.interaction, calendar_of(by)
    for rule in Rule.objects.visible_to(by).at_once().order_by("id"):
        if rule.shares and interaction.revision:
            continue  # it was looked at when it came; a second look would double its chance
        if rule.limits:  # counted by one at a time
            Rule.objects.visible_to(by).select_for_update(no_key=True).get(pk=rule.pk)
        rows = frame_rows(matching(rule, by=by).filter(pk=interaction.pk), calendar)
        if rows:
            _keep(rule, _drawn(rule, rows, by=by), by=by)


def draw(*, by: Actor) -> None:
    """Let rules that were switched on look at what is here, and draw the weekly numbers.

    Run often; whatever was drawn is not drawn again.
    """
    calendar = calendar_of(by)
    last = calendar.week_at(timezone.now() - GRACE) - timedelta(weeks=1)
    number = WEEKLY & (Q(drawn_to__isnull=True) | Q(drawn_to__lt=last))
    for rule in Rule.objects.visible_to(by).on().filter(Q(caught_up=False) | number).order_by("id"):
        with transaction.atomic():
            _lock_sampling(by, alone=True)
            locked = Rule.objects.visible_to(by).on().select_for_update().filter(pk=rule.pk).first()
            if locked is not None:
                _catch_up(locked, last, calendar, by)


def _catch_up(rule: Rule, last: date, calendar: Calendar, by: Actor) -> None:
    rows = matching(rule, by=by).order_by("received_at", "id")
    if rule.weekly:
        end = calendar.midnight(last + timedelta(weeks=1))
        rows = rows.filter(received_at__lt=end)
        if rule.drawn_to:
            after = calendar.midnight(rule.drawn_to + timedelta(weeks=1))
            rows = rows.filter(received_at__gte=after)
        rule.drawn_to = max(last, rule.drawn_to or last)
    elif rule.caught_up:
        return
    _keep(rule, _drawn(rule, frame_rows(rows, calendar), by=by), by=by)
    rule.caught_up = True
    rule.save(update_fields=["caught_up", "drawn_to"])


def _drawn(rule: Rule, rows: Sequence[FrameRow], *, by: Actor) -> list[Drawn]:
    """Draw the rows that the rule picks; the strata remember what was seen."""
    if rule.kind == Kind.NUMBER:
        return draws.by_number(rows, seed=rule.seed, number=rule.per_week or 0)
    if rule.kind == Kind.COMPOSED and not rule.shares:
        return quotas.drawn(rule, rows, taken=quotas.taken(rule, rows, by=by))
    if not rule.shares and rule.per_week is None:
        return [(row, None) for row in rows]
    strata = _strata(rule, rows, by)
    if rule.shares:
        due = {key: stratum.due for key, stratum in strata.items()}
        drawn = draws.by_share(rows, seed=rule.seed, share=(rule.percent or 0) / 100, due=due)
        for key, total in due.items():
            strata[key].due = total
    else:
        taken = {key[:2]: stratum.picked for key, stratum in strata.items()}
        drawn = draws.at_most(rows, number=rule.per_week or 0, taken=taken)
    if rule.kind == Kind.COMPOSED:
        fits = [row for row, _chance in drawn]
        taken_before = quotas.taken(rule, fits, by=by)
        drawn = draws.within(fits, limits=rule.limits, taken=taken_before)
    for row in rows:
        strata[_stratum(rule, row)].seen += 1
    for row, _chance in drawn:
        strata[_stratum(rule, row)].picked += 1
    Stratum.objects.bulk_update(strata.values(), ["due", "seen", "picked"], batch_size=AT_ONCE)
    return drawn


def _stratum(rule: Rule, row: FrameRow) -> Key:
    return row.week, row.agent_id, row.channel if rule.shares else ""


def _strata(rule: Rule, rows: Iterable[FrameRow], by: Actor) -> dict[Key, Stratum]:
    """The strata of these rows, locked."""
    keys = {_stratum(rule, row) for row in rows}
    Stratum.objects.bulk_create(
        [
            Stratum(organization_id=by.organization_id, rule=rule, week=w, agent_id=a, channel=c)
            for w, a, c in sorted(keys, key=str)
        ],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    found = Stratum.objects.visible_to(by).filter(rule=rule, week__in={key[0] for key in keys})
    if len(keys) == 1:
        ((_, agent, channel),) = keys
        found = found.filter(agent=agent, channel=channel)
    locked = found.select_for_update().order_by("id")
    return {
        key: stratum
        for stratum in locked
        if (key := (stratum.week, stratum.agent_id, stratum.channel)) in keys
    }


def _keep(rule: Rule, drawn: Sequence[Drawn], *, by: Actor) -> None:
    for start in range(0, len(drawn), AT_ONCE):
        part = drawn[start : start + AT_ONCE]
        Pick.objects.bulk_create(
            [_pick(by, row.id, rule.kind, rule=rule, probability=chance) for row, chance in part],
            ignore_conflicts=True,
        )
        waiting = Interaction.objects.visible_to(by).filter(
            pk__in=[row.id for row, _ in part], status=Interaction.Status.PRESCORED
        )
        enter(list(waiting.order_by("received_at", "id")), priority=rule.priority, by=by)
        if rule.assignment != Rule.Assignment.SHARED:
            assign_picks(rule, waiting.order_by("received_at", "id"), by=by)


def _pick(by: Actor, interaction_id: Any, why: str, **values: Any) -> Pick:
    return Pick(
        organization_id=by.organization_id, interaction_id=interaction_id, why=why, **values
    )


def enter(interactions: Sequence[Interaction], *, priority: int, by: Actor) -> None:
    """Give these a place in the queue; the more urgent of two priorities holds."""
    QueueEntry.objects.bulk_create(
        [
            QueueEntry(
                organization_id=by.organization_id,
                interaction=interaction,
                priority=priority,
                since=interaction.received_at,
            )
            for interaction in interactions
        ],
        ignore_conflicts=True,
    )
    places = QueueEntry.objects.visible_to(by).filter(interaction__in=interactions)
    places.filter(priority__gt=priority).update(priority=priority)


def assign_by_hand(
    interactions: Sequence[Interaction], *, to: Membership | None, days: int, by: Membership
) -> None:
    """Let these wait for this specialist, or for everyone. Who may is the caller's to see to."""
    picks = [_pick(by, interaction.pk, BY_HAND) for interaction in interactions]
    Pick.objects.bulk_create(picks, ignore_conflicts=True)
    enter(interactions, priority=Rule.Priority.NORMAL, by=by)
    QueueEntry.objects.visible_to(by).filter(interaction__in=interactions).update(
        assigned_to=to, returns_at=timezone.now() + timedelta(days=days) if to else None
    )


def give_back(member: Membership, *, by: Actor) -> None:
    """Let everyone have what waits for a member who can't review it any more.

    An agent and who has left review nothing, and nobody their own conversations.
    """
    places = QueueEntry.objects.visible_to(by).filter(assigned_to=member)
    if member.role != Role.AGENT and member.ended_at is None:
        agent = member.agent_id
        own = handled_by([agent], "interaction__") if agent else Q(pk__in=[])
        places = places.filter(own)
    places.update(assigned_to=None, returns_at=None)


def leave(interaction: Interaction, *, by: Actor) -> None:
    """It is reviewed: its place in the queue goes, the picks stay."""
    QueueEntry.objects.visible_to(by).filter(interaction=interaction).delete()


def forget(interaction: Interaction, *, by: Actor) -> None:
    """Its content has changed: what was picked for what stood in it goes."""
    picks = Pick.objects.visible_to(by).filter(interaction=interaction)
    dropped, _each = picks.exclude(why__in=[*RANDOM, BY_HAND]).delete()
    if dropped and not picks.exists():  # without any pick it was kept, not picked
        leave(interaction, by=by)


def merge_agents(twin: Agent, *, into: Agent, by: Actor) -> None:
    """Two agents are one: what rules have seen of them adds up, and who is barred from either."""
    _lock_sampling(by, alone=True)
    strata = Stratum.objects.visible_to(by)
    for row in strata.filter(agent=twin):
        same = {"rule": row.rule_id, "week": row.week, "channel": row.channel}
        there = strata.filter(agent=into, **same).update(
            seen=F("seen") + row.seen, due=F("due") + row.due, picked=F("picked") + row.picked
        )
        if there:
            row.delete()
    strata.filter(agent=twin).update(agent=into)
    rename_agent(twin, into=into, by=by)
    barred = Exclusion.objects.visible_to(by)
    both = barred.filter(agent=into).values("member")
    barred.filter(agent=twin, member__in=both).delete()
    barred.filter(agent=twin).update(agent=into)


def _lock_sampling(by: Actor, *, alone: bool) -> None:
    """Let many pick at once, but none while one draws for them all, until the transaction ends."""
    locks.acquire("sampling", by=by, shared=not alone)
