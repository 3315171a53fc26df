"""The only bridge between the database and the empathy engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from qa.organizations.queries import redacted_kinds
from qa.tenancy.base import Actor
from scorecards import empathy
from scorecards.card import STARTER
from scorecards.models import Moment, PreScore, Scorecard, ScorecardVersion
from transcripts.formats import CanonicalInteraction
from transcripts.models import Interaction
from transcripts.names_model import redact


@dataclass(frozen=True, slots=True)
class _Turn:
    role: str
    text: str


def run_engine(interaction: Interaction) -> dict[str, Any]:
    """Pre-score an interaction's transcript. Pure work: call it outside any transaction's lock."""
    turns = [_Turn(turn["role"], turn["text"]) for turn in interaction.transcript.turns]
    result = empathy.prescore(
        turns, pack=empathy.load_pack(), language=interaction.language or None
    )
    return result.to_dict(reasons=True)


def preview(pushed: CanonicalInteraction, *, by: Actor) -> dict[str, Any]:
    """The contract's pre-score of an interaction as it would be kept: redacted. Stores nothing."""
    clean, _ = redact(pushed, redacted_kinds(by))
    found = empathy.prescore(clean.turns, pack=empathy.load_pack(), language=clean.language)
    return {"external_id": clean.external_id, "channel": clean.channel, **found.to_dict()}


@transaction.atomic
def keep_prescore(
    interaction: Interaction, result: dict[str, Any], *, by: Actor
) -> PreScore | None:
    """Write a pre-score and its moments once. None if somebody has done it meanwhile."""
    row = Interaction.objects.visible_to(by).select_for_update().filter(pk=interaction.pk).first()
    if row is None or row.status != Interaction.Status.RECEIVED:
        return None
    if row.revision != interaction.revision:
        return None  # replaced while the engine was reading: its bell has rung again
    prescore = PreScore.objects.create(
        organization_id=by.organization_id,
        interaction=row,
        engine_version=f"{result['engine']['name']}-{result['engine']['version']}",
        definitions=result["engine"]["definitions"],
        result=result,
        score=result["score"]["value"],
        scorable=result["fitness"]["scorable"],
    )
    Moment.objects.bulk_create(_moment(prescore, row, one) for one in result["moments"])
    row.status = Interaction.Status.PRESCORED
    row.save(update_fields=["status"])
    return prescore


def outcome_weights() -> Mapping[str, float]:
    """The points of each outcome, from the definition pack."""
    return empathy.load_pack().weights


def discard_prescores(interaction: Interaction, *, by: Actor) -> None:
    """Forget what was found in content that its source has replaced."""
    PreScore.objects.visible_to(by).filter(interaction=interaction).delete()


def _moment(prescore: PreScore, row: Interaction, found: dict[str, Any]) -> Moment:
    return Moment(
        organization_id=row.organization_id,
        prescore=prescore,
        interaction=row,
        agent_id=row.agent_id,
        team_id=row.team_id,
        channel=row.channel,
        started_at=row.started_at,
        cue_turn=found["cue_turn"],
        response_turns=found["response_turns"],
        emotion=found["emotion"],
        outcome=found["outcome"],
        strength=found["strength"],
        apology_then_empathy=found["apology_then_empathy"],
        confidence=found["confidence"],
        engine_version=prescore.engine_version,
    )


def default_card(*, by: Actor) -> ScorecardVersion:
    """The newest version of the organization's card; the starter card the first time."""
    newest = ScorecardVersion.objects.visible_to(by).order_by("-number").first()
    if newest is not None:
        return newest
    card, _ = Scorecard.objects.get_or_create(
        organization_id=by.organization_id, name=STARTER["name"]
    )
    version, _ = ScorecardVersion.objects.get_or_create(
        organization_id=by.organization_id, scorecard=card, number=1, defaults={"body": STARTER}
    )
    return version
