"""The only bridge between the database and the empathy engine."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from qa.organizations.models import Agent, Team
from qa.organizations.queries import redacted_kinds
from qa.tenancy.base import Actor, System
from qa.tenancy.context import tenant
from scorecards import empathy, in_use
from scorecards.attribution import deciding_turn, part_of_moment
from scorecards.in_use import EngineConfig
from scorecards.models import Moment, PreScore
from transcripts.cast import Cast, cast_of
from transcripts.formats import CanonicalInteraction
from transcripts.models import SCORED, Interaction
from transcripts.names_model import redact

logger = logging.getLogger(__name__)
Result = dict[str, Any]  # a pre-score with a reason for each evidence range


@dataclass(frozen=True, slots=True)
class _Turn:
    role: str
    text: str


def run_engine(interaction: Interaction) -> Result:
    """Pre-score an interaction's transcript by what its organization uses.

    Pure work: call it outside any transaction's lock. Raises DefinitionsUnusable.
    """
    (result,) = _run([interaction], in_use.engine_in_use(System(interaction.organization_id)))
    return result


def run_engine_many(
    interactions: Sequence[Interaction], maker: EngineConfig | None = None
) -> Iterator[tuple[Interaction, Result | None]]:
    """Pre-score several of one organization at once, outside any transaction.

    By what it uses, unless `maker` says otherwise. None for what the engine fails on, which takes
    no other with it: after a failure each is tried by itself. Raises DefinitionsUnusable.
    """
    if not interactions:
        return
    maker = maker or in_use.engine_in_use(System(interactions[0].organization_id))
    by_language: dict[str, list[Interaction]] = {}
    for interaction in interactions:
        by_language.setdefault(interaction.language, []).append(interaction)
    for alike in by_language.values():
        try:
            yield from list(zip(alike, _run(alike, maker), strict=True))
        except Exception:  # whatever a transcript does to the engine
            for interaction in alike:
                yield interaction, _run_alone(interaction, maker)


def _run_alone(interaction: Interaction, maker: EngineConfig) -> Result | None:
    try:
        (result,) = _run([interaction], maker)
    except Exception:
        logger.exception("pre-score failed interaction=%s", interaction.pk)
        return None
    return result


def _run(alike: Sequence[Interaction], maker: EngineConfig) -> list[Result]:
    """The results for interactions of one language, in order."""
    results = empathy.prescore_many(
        (_turns(interaction) for interaction in alike),
        pack=maker.pack,
        language=alike[0].language or None,
        engine=maker.engine,
    )
    return [result.to_dict(reasons=True) for result in results]


def _turns(interaction: Interaction) -> list[_Turn]:
    return [_Turn(turn["role"], turn["text"]) for turn in interaction.transcript.turns]


def preview(pushed: CanonicalInteraction, *, by: Actor) -> dict[str, Any]:
    """The contract's pre-score of an interaction as it would be kept: redacted. Stores nothing.

    It computes for seconds, so call it outside any transaction. Raises DefinitionsUnusable.
    """
    with tenant(by.organization_id):
        kinds = redacted_kinds(by)
    clean, _ = redact(pushed, kinds)
    config = in_use.engine_in_use(by)
    found = empathy.prescore(
        clean.turns, pack=config.pack, language=clean.language, engine=config.engine
    )
    return {"external_id": clean.external_id, "channel": clean.channel, **found.to_dict()}


@transaction.atomic
def keep_prescore(interaction: Interaction, result: Result, *, by: Actor) -> PreScore | None:
    """Write a pre-score and its moments once. None if somebody has done it meanwhile.

    Raises OtherDefinitions where it was made by what is not in use any more.
    """
    in_use.refuse_others(_version_key(result), by=by)
    row = _locked(interaction, by)
    if row is None or row.status != Interaction.Status.RECEIVED:
        return None
    prescore = _write(row, result, by)
    row.status = Interaction.Status.PRESCORED
    row.save(update_fields=["status"])
    return prescore


@transaction.atomic
def supersede(
    interaction: Interaction, result: Result, *, by: Actor
) -> tuple[PreScore, PreScore] | None:
    """Make this pre-score the current one, beside the old, which stays: (old, new).

    One that is here already by the same engine and definitions is only made current again.
    None if there is nothing to do: somebody was faster, or the content was replaced meanwhile.
    Raises OtherDefinitions where it was made by what is not in use any more.
    """
    in_use.refuse_others(_version_key(result), by=by)
    row = _locked(interaction, by)
    if row is None or row.status not in SCORED:
        return None
    kept = PreScore.objects.visible_to(by).filter(interaction=row)
    old = kept.current().get()
    same = kept.filter(**_version_key(result)).first()
    if same == old:
        return None
    kept.current().update(current=False)
    if same is None:
        return old, _write(row, result, by)
    kept.filter(pk=same.pk).update(current=True)
    same.current = True
    return old, same


def discard_prescores(interaction: Interaction, *, by: Actor) -> None:
    """Forget what was found in content that its source has replaced."""
    PreScore.objects.visible_to(by).filter(interaction=interaction).delete()


def _locked(interaction: Interaction, by: Actor) -> Interaction | None:
    """The row, locked; None if it is gone or its content was replaced while the engine read it.

    (Then its bell has rung again.)
    """
    row = Interaction.objects.visible_to(by).select_for_update().filter(pk=interaction.pk).first()
    return row if row and row.revision == interaction.revision else None


def _version_key(result: Result) -> in_use.Version:
    engine = result["engine"]
    return {
        "engine_version": f"{engine['name']}-{engine['version']}",
        "definitions": engine["definitions"],
    }


def _write(row: Interaction, result: Result, by: Actor) -> PreScore:
    prescore = PreScore.objects.create(
        organization_id=by.organization_id,
        interaction=row,
        **_version_key(result),
        result=result,
        score=result["score"]["value"],
        scorable=result["fitness"]["scorable"],
    )
    cast = cast_of(row)
    Moment.objects.bulk_create(_moment(prescore, row, one, cast) for one in result["moments"])
    return prescore


def _moment(prescore: PreScore, row: Interaction, found: dict[str, Any], cast: Cast) -> Moment:
    """The row of a moment, with the agent whose turn decided what became of it."""
    part = part_of_moment(found, cast, prescore.result)
    return Moment(
        organization_id=row.organization_id,
        prescore=prescore,
        interaction=row,
        agent_id=part.agent_id,
        team_id=part.team_id,
        channel=row.channel,
        started_at=row.started_at,
        cue_turn=found["cue_turn"],
        response_turns=found["response_turns"],
        emotion=found["emotion"],
        outcome=found["outcome"],
        strength=found["strength"],
        apology_then_empathy=found["apology_then_empathy"],
        confidence=found["confidence"],
        presence=found.get("presence"),
        kind_unsure=found.get("kind_unsure", False),
        engine_version=prescore.engine_version,
    )


def reattribute(row: Interaction, *, by: Actor) -> None:
    """Another agent was named: each moment of the machine's goes to whose turn decided."""
    cast = cast_of(row)
    moments = Moment.objects.visible_to(by).filter(interaction=row)
    if not cast.parts:
        moments.update(agent_id=cast.main.agent_id, team_id=cast.main.team_id)
        return
    found = list(moments.select_related("prescore"))
    for moment in found:
        turn = deciding_turn(moment.outcome, moment.response_turns, moment.prescore.result)
        moment.agent_id, moment.team_id = cast.of(turn).agent_id, cast.of(turn).team_id
    Moment.objects.bulk_update(found, ["agent", "team"])


def merge_agents(twin: Agent, *, into: Agent, by: Actor) -> None:
    """The moments of one agent are the other's."""
    Moment.objects.visible_to(by).filter(agent=twin).update(agent=into)


def merge_teams(team: Team, *, into: Team | None, by: Actor) -> None:
    """The moments of a team that closes count for another one, or for none."""
    Moment.objects.visible_to(by).filter(team=team).update(team=into)
