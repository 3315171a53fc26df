"""The engine "cues" 1.0: phrases, particulars and pairing, all defined by the pack.

Pure: the same turns and the same pack always give the same pre-score. Nothing is kept between
calls, so any number of threads may share a pack.
"""

from collections.abc import Iterable, Iterator, Sequence

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
from scorecards.empathy.moments import summed_up
from scorecards.empathy.pack import Pack
from scorecards.empathy.responses import CustomerContext, find_response
from scorecards.empathy.text import Prepared, prepare_all

NAME = "cues"
VERSION = "1.0"
REMEMBERED_TURNS = 2  # customer's turns that an agent's turn is read against


def prescore(turns: Sequence[TurnLike], *, pack: Pack, language: str | None = None) -> PreScore:
    """Pre-score one interaction. `language` is a language tag, None where it is not known."""
    texts = prepare_all(turns)
    engine = EngineId(NAME, VERSION, pack.id)
    fitness = assess(turns, texts, pack, language)
    scored = tuple(score_turns(turns, texts, pack))
    return summed_up(engine, fitness, scored, pack, texts=texts)


def prescore_many(
    interactions: Iterable[tuple[Sequence[TurnLike], str | None]], pack: Pack
) -> Iterator[PreScore]:
    """Pre-score turns with their language, one by one, in order."""
    for turns, language in interactions:
        yield prescore(turns, pack=pack, language=language)


def score_turns(
    turns: Sequence[TurnLike], texts: Sequence[Prepared], pack: Pack
) -> list[ScoredTurn]:
    """What the phrases find in each turn."""
    scored: list[ScoredTurn] = []
    recent: list[tuple[Prepared, Cue | None]] = []
    for index, (turn, text) in enumerate(zip(turns, texts, strict=True)):
        if text.reaction:
            scored.append(ScoredTurn(index, turn.role))
        elif turn.role == CUSTOMER:
            cue = find_cue(text, pack)
            recent = [*recent[1 - REMEMBERED_TURNS :], (text, cue)]
            scored.append(ScoredTurn(index, turn.role, cue=cue))
        elif turn.role == AGENT:
            heard = CustomerContext(tuple(t for t, _ in recent), tuple(c for _, c in recent))
            response = find_response(text, heard, pack)
            scored.append(ScoredTurn(index, turn.role, response=response))
        else:
            scored.append(ScoredTurn(index, turn.role))
    return scored
