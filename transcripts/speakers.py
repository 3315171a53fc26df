"""Who speaks: swap customer and agent, or give single turns another role, after intake.

Call `pipeline.reassign`, which also has the interaction scored anew.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.core.errors import Refused
from qa.organizations.queries import own_words, redacted_kinds
from qa.tenancy.base import Actor
from transcripts.formats import ROLES, CanonicalInteraction, CanonicalTurn, SpeakingAgent
from transcripts.formats import Agent as NamedAgent
from transcripts.formats import Customer as NamedCustomer
from transcripts.models import Interaction, Transcript
from transcripts.names_model import redact

OTHER_SIDE = {"customer": "agent", "agent": "customer"}


@transaction.atomic
def reassign(
    interaction_id: UUID, *, by: Actor, roles: Mapping[int, str] | None = None
) -> Interaction:
    """Give turns other roles, by index; without `roles`, customer and agent change places.

    What the new roles tell of the customer is redacted too. `content_hash` stays: the source may
    push the same content again and is answered with this interaction.
    """
    row = Interaction.objects.visible_to(by).select_for_update().get(pk=interaction_id)
    transcript = Transcript.objects.visible_to(by).defer("search").get(interaction=row)
    given = _swapped(transcript.turns) if roles is None else dict(roles)
    _refuse_unknown(given, len(transcript.turns))
    changed = {n: role for n, role in given.items() if transcript.turns[n]["role"] != role}
    if not changed:
        return row
    _rewrite(row, transcript, changed, by=by)
    if roles is None:
        audit.record(by, "interaction.speakers_swapped", row, {"turns": len(changed)})
    else:
        audit.record(by, "interaction.roles_changed", row, {"turns": len(changed)})
    return row


def _rewrite(
    row: Interaction, transcript: Transcript, changed: Mapping[int, str], *, by: Actor
) -> None:
    for index, role in changed.items():
        transcript.turns[index]["role"] = role
    clean, found = redact(_canonical(row, transcript.turns), redacted_kinds(by), own_words(by))
    Transcript.objects.visible_to(by).filter(pk=transcript.pk).update(
        turns=[turn.to_dict() for turn in clean.turns]
    )
    row.subject, row.metadata = clean.subject or "", clean.metadata
    row.redacted = dict(Counter(row.redacted) + Counter(found))
    row.status, row.attempts, row.failure = Interaction.Status.RECEIVED, 0, ""
    row.revision += 1
    row.save(
        update_fields=[
            "subject",
            "metadata",
            "redacted",
            "status",
            "attempts",
            "failure",
            "revision",
        ]
    )


def _swapped(turns: list[dict[str, Any]]) -> dict[int, str]:
    return {
        index: OTHER_SIDE[turn["role"]]
        for index, turn in enumerate(turns)
        if turn["role"] in OTHER_SIDE
    }


def _refuse_unknown(given: Mapping[int, str], count: int) -> None:
    if not given:
        raise Refused(
            _("Neither a customer nor an agent speaks here, so there is nothing to swap.")
        )
    if not all(0 <= index < count and role in ROLES for index, role in given.items()):
        raise Refused(_("There is no such turn or role."))


def _canonical(row: Interaction, turns: list[dict[str, Any]]) -> CanonicalInteraction:
    """The stored interaction, to be redacted once more under its new roles."""
    agent = NamedAgent(row.agent.external_id, row.agent.name) if row.agent else None
    others = row.participations.select_related("agent")
    there = [part.agent for part in others if part.agent and part.agent_id != row.agent_id]
    return CanonicalInteraction(
        channel=row.channel,
        turns=tuple(_turn(turn) for turn in turns),
        external_id=row.external_id,
        subject=row.subject or None,
        agent=agent,
        customer=NamedCustomer(row.customer_external_id or None, row.customer_name or None),
        metadata=row.metadata,
        agents=tuple(SpeakingAgent(NamedAgent(one.external_id, one.name)) for one in there),
    )


def _turn(turn: dict[str, Any]) -> CanonicalTurn:
    sent_at = datetime.fromisoformat(turn["sent_at"]) if turn.get("sent_at") else None
    return CanonicalTurn(**{**turn, "sent_at": sent_at})
