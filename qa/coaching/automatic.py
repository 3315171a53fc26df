"""Automatic feedback: pre-scores that agents may read though no person has confirmed them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.coaching.actions import log_ins
from qa.coaching.models import SharedPreScore, SharedPreScoreQuerySet
from qa.coaching.policy import feedback_policy_of
from qa.core import paging
from qa.core.errors import Conflict
from qa.notices.actions import mark_read_about, notify, rename_subject, take_back
from qa.notices.models import Notice
from qa.organizations.models import Agent, Membership
from qa.tenancy.base import Actor, System
from scorecards.attribution import part_of_moment, without_colleagues
from scorecards.models import PreScore
from scorecards.reading import ReadTurn, felt, read, without_mark
from transcripts.cast import Cast, cast_of
from transcripts.models import Interaction

HOME_SHOWN = 5
SIZE = 25
FIELDS = ("shared_at", "id")


@dataclass(frozen=True, slots=True)
class Automatic:
    """One pre-score as its agent reads it."""

    shared: SharedPreScore
    moments: Sequence[Any]
    turns: Sequence[ReadTurn]


def share_prescore(prescore: PreScore, *, by: Actor) -> list[SharedPreScore]:
    """Let its agents read a pre-score, where the organization shares such sure ones.

    Every moment of an agent must be as sure as that, and there must be one. The audit trail has
    the setting, not each pre-score that falls under it.
    """
    share_from = feedback_policy_of(by).share_from
    if share_from is None or not (prescore.scorable and prescore.result["moments"]):
        return []
    cast = cast_of(prescore.interaction)
    sure = [
        agent for agent in cast.agent_ids if _least_sure(prescore.result, cast, agent) >= share_from
    ]
    return [_share(prescore, agent, by=by) for agent in log_ins(*sure, by=by)]


def _least_sure(result: Mapping[str, Any], cast: Cast, agent_id: UUID) -> float:
    moments = _moments_of(result, cast, agent_id)
    return min((float(moment["confidence"]) for moment in moments), default=-1.0)


def _moments_of(result: Mapping[str, Any], cast: Cast, agent_id: UUID) -> list[dict[str, Any]]:
    return [
        moment
        for moment in result["moments"]
        if part_of_moment(moment, cast, result).agent_id == agent_id
    ]


def _share(prescore: PreScore, agent: Membership, *, by: Actor) -> SharedPreScore:
    shared, new = SharedPreScore.objects.get_or_create(
        organization_id=by.organization_id,
        prescore=prescore,
        agent=agent.agent,
        defaults={"interaction": prescore.interaction},
    )
    notify(
        [agent] if new else [],
        by=by,
        kind=Notice.Kind.FEEDBACK,
        subject=shared.agent_id,
        facts={"event": "prescore.shared"},
        address=reverse("automatic", kwargs={"slug": agent.organization.slug}),
    )
    return shared


def hand_over(interaction: Interaction, *, by: Actor, lost: Iterable[UUID]) -> None:
    """A pre-score that was shared with these agents is not for them; who is new gets it."""
    system = System(by.organization_id)  # specialists see none of these rows
    gone = set(lost)
    rows = SharedPreScore.objects.visible_to(system).filter(interaction=interaction)
    rows.filter(agent_id__in=gone).delete()
    for member in log_ins(*gone, by=by):
        if member.agent_id and not SharedPreScore.objects.visible_to(member).unread().exists():
            take_back([member], by=by, subject=member.agent_id)
    current = PreScore.objects.visible_to(system).current().filter(interaction=interaction)
    if interaction.status != Interaction.Status.PRESCORED:
        return
    if prescore := current.select_related("interaction").first():
        share_prescore(prescore, by=system)


def merge_agents(twin: Agent, *, into: Agent, by: Actor) -> None:
    """What was shared with one agent is the other's to read; once, where both had it."""
    rows = SharedPreScore.objects.visible_to(by)
    both = rows.filter(agent=into).values("prescore")
    rows.filter(agent=twin, prescore__in=both).delete()
    rows.filter(agent=twin).update(agent=into)
    rename_subject(twin.pk, into.pk, by=by)


@transaction.atomic
def acknowledge_prescore(shared: SharedPreScore, *, by: Membership) -> SharedPreScore:
    """The agent says that they have read it; once."""
    mine = SharedPreScore.objects.visible_to(by).unread().filter(pk=shared.pk)
    if not mine.update(read_at=timezone.now()):
        raise Conflict(_("You’ve already marked this as read."))
    mark_read_about(shared.agent_id, by=by)
    shared.refresh_from_db()
    audit.record(by, "prescore.acknowledged", shared, {"interaction": str(shared.interaction_id)})
    return shared


def for_home(by: Membership) -> list[SharedPreScore]:
    """What the agent has not read yet, newest first."""
    return list(_rows(by).unread().order_by(*paging.order(None, *FIELDS))[:HOME_SHOWN])


def listed(by: Membership, query: QueryDict) -> paging.Page[SharedPreScore]:
    """All that was shared with this agent and that no person has reviewed since."""
    rows = _rows(by)

    return paging.page(rows, *FIELDS, query=query, size=SIZE)


def found(by: Membership) -> QuerySet[SharedPreScore]:
    """What this agent was shown, with all that its page needs, reviewed since or not."""
    rows = SharedPreScore.objects.visible_to(by)
    related = rows.select_related("interaction__transcript", "interaction__agent", "prescore")
    return related.defer("interaction__transcript__search")


def reading(shared: SharedPreScore) -> Automatic:
    """The transcript with the evidence, and each moment of the agent's as the machine saw it.

    But for dismissals: only a person may tell an agent that they brushed a feeling aside.
    """
    result, cast = shared.prescore.result, cast_of(shared.interaction)
    moments = [
        _moment(moment)
        for moment in _moments_of(result, cast, shared.agent_id)
        if moment["outcome"] != "dismissed"
    ]
    turns = read(
        shared.interaction.transcript.turns,
        without_mark("dismissal", without_colleagues(result, cast, shared.agent_id)),
        moments={moment.cue_turn: moment for moment in moments},
    )
    return Automatic(shared, moments, turns)


def _moment(moment: dict[str, Any]) -> SimpleNamespace:
    """As templates/_turns.html takes it: the machine's word, nobody's decision."""
    return SimpleNamespace(
        cue_turn=moment["cue_turn"],
        emotion=felt(moment),
        presence=moment.get("presence"),
        machine=SimpleNamespace(**moment),
        final=None,
    )


def _rows(by: Membership) -> SharedPreScoreQuerySet:
    return SharedPreScore.objects.visible_to(by).unreviewed().select_related("interaction")
