"""The sorry ledger: every apology in the words of an agent, and what became of it.

A turn apologizes where the engine says so; how often it does is read off the pack's phrases, so
that the number does not hang on where an engine draws the line around its evidence. What the pack
lets hang on the customer ("sorry for the wait") is an apology in an answer to a feeling.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

from scorecards.empathy.matching import find, merged, without
from scorecards.empathy.model import (
    BARE,
    COMPLETED,
    REPEATED,
    Apology,
    Evidence,
    Moment,
    Response,
    ScoredTurn,
)
from scorecards.empathy.pack import Pack
from scorecards.empathy.responses import unquoted
from scorecards.empathy.text import Prepared


def find_apologies(
    turns: Sequence[ScoredTurn], texts: Sequence[Prepared], moments: Sequence[Moment], pack: Pack
) -> dict[int, tuple[Apology, ...]]:
    """The apologies of each turn that has any.

    Completed: empathy in the same turn, or later in the same moment. Of the others the first of
    the interaction is bare, every later one repeated.
    """
    moment_of = {at: moment for moment in moments for at in moment.response_turns}
    responses = {turn.index: turn.response for turn in turns if turn.response is not None}
    alone = chain([BARE], repeat(REPEATED))
    found: dict[int, tuple[Apology, ...]] = {}
    for at, response in responses.items():
        if not response.apology:
            continue
        answers = at in moment_of
        later = [n for n in moment_of[at].response_turns if n >= at] if answers else [at]
        kinds = repeat(COMPLETED) if _any_empathy(responses, later) else alone
        words = apologies_in(texts[at], pack, answers=answers) or [response.sympathy.evidence[:1]]
        found[at] = tuple(Apology(next(kinds), one) for one in words)
    return found


def apologies_in(text: Prepared, pack: Pack, *, answers: bool) -> list[tuple[Evidence, ...]]:
    """The words of each apology of a turn, those that overlap being one.

    `answers` tells whether the turn answers a feeling. None where no phrase of the pack fits: the
    words that carry the turn's sympathy are then its one apology.
    """
    sorry = [
        hit
        for hit in find(pack.responses, text)
        if hit.group.apology and (answers or not hit.group.when_customer)
    ]
    procedure = [
        hit
        for hit in find(pack.neutral_responses, text)
        if not (answers and hit.group.unless_customer)
    ]
    return [(Evidence(*span),) for span in merged(unquoted(without(sorry, procedure), text))]


def _any_empathy(responses: Mapping[int, Response], turns: Sequence[int]) -> bool:
    return any(responses[at].empathy.level > 0 for at in turns)
