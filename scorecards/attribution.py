"""Which turn decided what became of a feeling, and what is one agent's of a pre-score.

The engine reads a conversation as a whole; whose its findings are is told here, beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from scorecards.apologies import apologies, in_words
from scorecards.choices import APOLOGIES, VOLUNTEERED, GestureKind
from scorecards.gestures import Found, gestures
from scorecards.reading import scored_turns
from transcripts.cast import Cast, Part

MARK_OF = {"empathy": "empathy", "sympathy_only": "sympathy", "dismissed": "dismissal"}


def deciding_turn(
    outcome: str, replies: Sequence[int], result: Mapping[str, Any] | None
) -> int | None:
    """The reply that an outcome rests on: the one with the strongest mark of it.

    Of several dismissals the last decides, of other marks the first. Where none has such a mark,
    as with a missed feeling or where a person sees otherwise, it is the first that should have
    answered. None without a reply.
    """
    mark, scored = MARK_OF.get(outcome, ""), scored_turns(result)
    levels = {at: _level(scored.get(at), mark) for at in replies}
    best = max(levels.values(), default=0)
    marked = [at for at in replies if best and levels[at] == best]
    if marked:
        return marked[-1] if outcome == "dismissed" else marked[0]
    return replies[0] if replies else None


def part_of_moment(moment: Mapping[str, Any], cast: Cast, result: Mapping[str, Any] | None) -> Part:
    """Whose a moment of a pre-score is: the agent's whose turn decided."""
    return cast.of(deciding_turn(moment["outcome"], moment["response_turns"], result))


def without_colleagues(
    result: Mapping[str, Any] | None, cast: Cast, agent_id: UUID | None
) -> Mapping[str, Any] | None:
    """A pre-score as one agent reads it: what is marked in the other agents' turns is theirs."""
    if not (result and cast.several):
        return result
    kept = [
        turn
        for turn in result["turns"]
        if turn["role"] != "agent" or cast.of(turn["index"]).agent_id == agent_id
    ]
    return {**result, "turns": kept}


@dataclass(frozen=True, slots=True)
class Deeds:
    """What of an interaction is one agent's: their turns, moments (by the cue), and ledger."""

    part: Part
    turns: list[int]
    moments: list[int]
    volunteered: list[int]
    apologies: dict[str, int] | None

    @property
    def apologies_in_words(self) -> str:
        """ "1 bare, 2 repeated"; nothing where there are none."""
        return in_words(self.apologies or {})


def deeds(
    cast: Cast,
    turns: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any] | None,
    moments: Mapping[int, Part] | None = None,
    said: Sequence[Found] | None = None,
) -> list[Deeds]:
    """What is each agent's who is known.

    `moments` by their cue, and the gestures that were `said`, where people have settled them.
    """
    whose = moments_by_part(cast, result) if moments is None else moments
    said = gestures_by_agent(result, cast) if said is None else said
    counted = apologies(result) is not None
    spoken = [at for at, turn in enumerate(turns) if turn["role"] == "agent"]
    found = []
    for part in cast.known:
        theirs = [at for at in spoken if cast.of(at).agent_id == part.agent_id]
        begun = sorted(at for at, one in whose.items() if one.agent_id == part.agent_id)
        own = [one for one in said if cast.of(one.turn).agent_id == part.agent_id]
        offered = [one.turn for one in own if one.kind in VOLUNTEERED]
        found.append(Deeds(part, theirs, begun, offered, _ledger(own) if counted else None))
    return found


def moments_by_part(cast: Cast, result: Mapping[str, Any] | None) -> dict[int, Part]:
    """Whose each moment of a pre-score is, by the turn of its cue."""
    found = (result or {}).get("moments", [])
    return {one["cue_turn"]: part_of_moment(one, cast, result) for one in found}


def gestures_by_agent(result: Mapping[str, Any] | None, cast: Cast) -> list[Found]:
    """The gestures of a pre-score, each agent's apologies told apart from the others'."""
    return told_apart(gestures(result or {}), cast)


def told_apart(found: Sequence[Found], cast: Cast) -> list[Found]:
    """Of several agents, each one's first apology that stays by itself is bare."""
    if not cast.several:
        return list(found)
    began: set[UUID | None] = set()
    return [_own_kind(one, cast.of(one.turn).agent_id, began) for one in found]


def _own_kind(said: Found, agent_id: UUID | None, began: set[UUID | None]) -> Found:
    """`began` are the agents with a bare apology so far."""
    if said.kind not in (GestureKind.BARE, GestureKind.REPEATED):
        return said
    kind = GestureKind.REPEATED if agent_id in began else GestureKind.BARE
    began.add(agent_id)
    return replace(said, kind=kind)


def _ledger(found: Iterable[Found]) -> dict[str, int]:
    kinds = [one.kind for one in found]
    return {kind.value: kinds.count(kind) for kind in APOLOGIES}


def _level(scored: Mapping[str, Any] | None, mark: str) -> int:
    found = ((scored or {}).get("response") or {}).get(mark) or {}
    return int(found.get("level", 0))
