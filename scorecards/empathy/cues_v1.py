"""The engine "cues" 1.0: phrases, particulars and pairing, all defined by the pack.

Pure: the same turns and the same pack always give the same pre-score. Nothing is kept between
calls, so any number of threads may share a pack.
"""

from collections.abc import Sequence

from scorecards.empathy.cues import find_cue
from scorecards.empathy.fitness import assess
from scorecards.empathy.model import (
    AGENT,
    CUSTOMER,
    Cue,
    EngineId,
    PreScore,
    ScoredTurn,
    TurnLike,
)
from scorecards.empathy.moments import count_apologies, find_moments, find_volunteered, score_of
from scorecards.empathy.pack import Pack
from scorecards.empathy.responses import Heard, find_response
from scorecards.empathy.text import Prepared, prepare

NAME = "cues"
VERSION = "1.0"
REMEMBERED_TURNS = 2  # customer's turns that an agent's turn is read against


def prescore(turns: Sequence[TurnLike], *, pack: Pack, language: str | None = None) -> PreScore:
    """Pre-score one interaction. `language` is a language tag, None where it is not known."""
    texts = [prepare(turn.text) for turn in turns]
    engine = EngineId(NAME, VERSION, pack.id)
    fitness = assess(turns, texts, pack, language)
    scored = tuple(_score_turns(turns, texts, pack))
    if not fitness.scorable:
        return PreScore(engine, fitness, scored)
    moments = find_moments(scored, pack)
    return PreScore(
        engine=engine,
        fitness=fitness,
        turns=scored,
        moments=moments,
        volunteered=find_volunteered(scored, moments),
        apologies=count_apologies(scored, moments),
        score=score_of(moments, pack.weights),
    )


def _score_turns(
    turns: Sequence[TurnLike], texts: Sequence[Prepared], pack: Pack
) -> list[ScoredTurn]:
    scored: list[ScoredTurn] = []
    recent: list[tuple[Prepared, Cue | None]] = []
    for index, (turn, text) in enumerate(zip(turns, texts, strict=True)):
        if turn.role == CUSTOMER:
            cue = find_cue(text, pack)
            recent = [*recent[1 - REMEMBERED_TURNS :], (text, cue)]
            scored.append(ScoredTurn(index, turn.role, cue=cue))
        elif turn.role == AGENT:
            heard = Heard(tuple(t for t, _ in recent), tuple(c for _, c in recent))
            response = find_response(text, heard, pack)
            scored.append(ScoredTurn(index, turn.role, response=response))
        else:
            scored.append(ScoredTurn(index, turn.role))
    return scored
