"""From marks to moments: pairing, outcomes, volunteered empathy, the sorry ledger, the score."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from scorecards.empathy.ledger import find_apologies
from scorecards.empathy.model import (
    CUSTOMER,
    DISMISSED,
    EMPATHY,
    MISSED,
    SYMPATHY_ONLY,
    Apologies,
    Apology,
    EngineId,
    Fitness,
    Moment,
    PreScore,
    Response,
    Score,
    ScoredTurn,
    Volunteered,
)
from scorecards.empathy.pack import Pack
from scorecards.empathy.text import Prepared

SPECIFIC = 2

# How likely an outcome is right that was drawn from these responses, given that the cue is one.
OutcomeConfidence: TypeAlias = Callable[[str, Sequence[Response]], float]


def pair(turns: Sequence[ScoredTurn], *, agent_turns: int) -> list[tuple[int, tuple[int, ...]]]:
    """Each cue with the agent's next turns before the customer's next cue.

    A cue that no agent's turn follows before the next cue gave the agent no opportunity: it makes
    no moment of its own.
    """
    pairs: list[tuple[int, list[int]]] = []
    for turn in turns:
        if turn.role == CUSTOMER and turn.cue is not None:
            pairs.append((turn.index, []))
        elif turn.response is not None and pairs and len(pairs[-1][1]) < agent_turns:
            pairs[-1][1].append(turn.index)
    return [(cue, tuple(answers)) for cue, answers in pairs if answers]


def outcome_of(marks: Sequence[tuple[int, int, int]], *, same_turn: str = EMPATHY) -> str:
    """What a moment comes to, by the marks (sympathy, empathy, dismissal) of its responses.

    `same_turn` settles one turn that both relates to the feeling and dismisses it.
    """
    relates = [at for at, (_, empathy, _) in enumerate(marks) if empathy]
    dismisses = [at for at, (_, _, dismissal) in enumerate(marks) if dismissal]
    if relates and dismisses and relates[-1] == dismisses[-1]:
        return same_turn
    if relates and (not dismisses or dismisses[-1] < relates[-1]):
        return EMPATHY
    if dismisses:
        return DISMISSED
    return SYMPATHY_ONLY if any(sympathy for sympathy, _, _ in marks) else MISSED


def apology_then_empathy(marks: Sequence[tuple[int, int, int]]) -> bool:
    """True if sympathy came before empathy or with it."""
    first = next((at for at, mark in enumerate(marks) if mark[0]), None)
    return first is not None and any(mark[1] for mark in marks[first:])


def find_moments(
    turns: Sequence[ScoredTurn], pack: Pack, confidence: OutcomeConfidence | None = None
) -> tuple[Moment, ...]:
    """The moments of an interaction, in the order of their cues.

    Without `confidence`, that of an outcome is read from the pack's table of rules.
    """
    how_sure = confidence or (lambda outcome, found: rule_confidence(outcome, found, pack))
    by_index = {turn.index: turn for turn in turns}
    found = []
    for cue_turn, answers in pair(turns, agent_turns=pack.response_turns):
        cue = by_index[cue_turn].cue
        responses = [r for at in answers if (r := by_index[at].response) is not None]
        if cue is None or not responses:
            continue
        marks = [marks_of(response) for response in responses]
        outcome = outcome_of(marks, same_turn=pack.same_turn)
        relates = outcome == EMPATHY
        found.append(
            Moment(
                cue_turn=cue_turn,
                emotion=cue.emotion,
                response_turns=answers,
                outcome=outcome,
                strength=max(mark[1] for mark in marks) if relates else 0,
                apology_then_empathy=relates and apology_then_empathy(marks),
                confidence=round(cue.presence * how_sure(outcome, responses), 3),
                presence=cue.presence,
                kind_unsure=cue.kind_unsure,
            )
        )
    return tuple(found)


def marks_of(response: Response) -> tuple[int, int, int]:
    return response.sympathy.level, response.empathy.level, response.dismissal.level


def rule_confidence(outcome: str, responses: Sequence[Response], pack: Pack) -> float:
    """The share of right outcomes among those that rested on the same rule."""
    rule = deciding_rule(responses, outcome)
    return pack.calibration.confidence(f"outcome:{outcome}", rule)


def deciding_rule(responses: Sequence[Response], outcome: str) -> str:
    """Which rule an outcome rests on: that of its strongest mark, or of the absence of empathy."""
    if outcome == EMPATHY:
        return max((r.empathy for r in responses), key=lambda mark: mark.level).rule
    if outcome == DISMISSED:
        return next(r.dismissal.rule for r in responses if r.dismissal.level)
    if outcome == SYMPATHY_ONLY:
        return next(r.sympathy.rule for r in responses if r.sympathy.level)
    return responses[0].empathy.rule


def find_volunteered(
    turns: Sequence[ScoredTurn], moments: Sequence[Moment]
) -> tuple[Volunteered, ...]:
    """Empathy in agents' turns outside every moment."""
    inside = {at for moment in moments for at in moment.response_turns}
    return tuple(
        Volunteered(turn.index, turn.response.empathy.level)
        for turn in turns
        if turn.response is not None and turn.response.empathy.level and turn.index not in inside
    )


def score_of(moments: Sequence[Moment], weights: Mapping[str, float]) -> Score:
    """The mean weight of the moments, to two decimals; None without moments."""
    if not moments:
        return Score(None, 0)
    total = sum(weights[_weight_name(moment)] for moment in moments)
    return Score(round(total / len(moments), 2), len(moments))


def _weight_name(moment: Moment) -> str:
    if moment.outcome != EMPATHY:
        return moment.outcome
    return "empathy_specific" if moment.strength >= SPECIFIC else "empathy_generic"


def summed_up(
    engine: EngineId,
    fitness: Fitness,
    turns: tuple[ScoredTurn, ...],
    pack: Pack,
    confidence: OutcomeConfidence | None = None,
    *,
    texts: Sequence[Prepared],
) -> PreScore:
    """The pre-score of an interaction from its scored turns; no moments where it is not fit.

    `texts` are the words of the turns, in which apologies are counted.
    """
    turns = tuple(_with_doubt(turn, pack) for turn in turns)
    if not fitness.scorable:
        return PreScore(engine, fitness, turns)
    moments = find_moments(turns, pack, confidence)
    ledger = find_apologies(turns, texts, moments, pack)
    return PreScore(
        engine=engine,
        fitness=fitness,
        turns=tuple(_with_ledger(turn, ledger) for turn in turns),
        moments=moments,
        volunteered=find_volunteered(turns, moments),
        apologies=Apologies(**Counter(one.kind for said in ledger.values() for one in said)),
        score=score_of(moments, pack.weights),
    )


def _with_doubt(turn: ScoredTurn, pack: Pack) -> ScoredTurn:
    """The turn with whether the kind of its feeling is unsure: its share of all kinds is low."""
    cue = turn.cue
    if cue is None or cue.confidence >= pack.decision["kind"] * cue.presence:
        return turn
    return replace(turn, cue=replace(cue, kind_unsure=True))


def _with_ledger(turn: ScoredTurn, ledger: Mapping[int, tuple[Apology, ...]]) -> ScoredTurn:
    """The turn with its apologies."""
    if turn.response is None or turn.index not in ledger:
        return turn
    return replace(turn, response=replace(turn.response, apologies=ledger[turn.index]))
