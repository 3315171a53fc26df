"""The engine "reader" 3.1: phrases first, then a small network for every turn that is not routine.

The phrases of the pack look at each turn (cues_v1). The gate holds back the routine turns in which
they found nothing. What is left is read by the network beside the words it answers, and both
opinions are weighed into calibrated probabilities (mixing.py). The network also points at the
words that carry each judgement (evidence.py).

Pure: the same turns and the same pack give the same pre-score, alone or among others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Final

from scorecards.empathy import inputs
from scorecards.empathy.cues_v1 import REMEMBERED_TURNS, score_turns
from scorecards.empathy.evidence import evidence
from scorecards.empathy.fitness import SWAPPED, assess, without_suspicion
from scorecards.empathy.gate import Gate
from scorecards.empathy.inputs import Input
from scorecards.empathy.matching import find
from scorecards.empathy.mixing import (
    EMOTIONS,
    Mixing,
    clearest,
    emotions,
    log_odds,
    read_mixing,
    said_by_phrases,
)
from scorecards.empathy.model import (
    AGENT,
    CUSTOMER,
    DISMISSED,
    EMPATHY,
    SYMPATHY_ONLY,
    Cue,
    EngineId,
    Fitness,
    Mark,
    PreScore,
    Response,
    ScoredTurn,
    TurnLike,
)
from scorecards.empathy.moments import pair, summed_up
from scorecards.empathy.network import MOST_BEFORE, Network, Prediction
from scorecards.empathy.pack import MARKS, Pack
from scorecards.empathy.roles import Roles
from scorecards.empathy.text import Prepared as Text
from scorecards.empathy.text import prepare_all

NAME: Final = "reader"
VERSION: Final = "3.1"
WEIGHTS: Final = Path(__file__).parent / "weights" / f"{NAME}-{VERSION}"
TURNS_AT_ONCE: Final = 1500
MOST_READ: Final = 300  # turns of one role that the network reads; no interaction has more
INTERACTIONS_AT_ONCE: Final = 100
FEW: Final = 3  # words beside generic ones that say nothing particular
MOST_CONTEXT: Final = 1000  # characters of what a turn answers that the gate looks at


@dataclass(frozen=True, slots=True)
class Prepared:
    """An interaction made ready: what the phrases found, and what the network could be asked.

    `pieces` holds the word pieces of each text.
    """

    fitness: Fitness
    texts: list[Text]
    turns: list[ScoredTurn]
    inputs: list[Input | None]
    pieces: dict[str, list[int]]


class Reader:
    """The engine with the weights of one folder."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.network, self.gate, self.roles = Network(folder), Gate(folder), Roles(folder)
        self._folder = folder
        self._mixing: Mixing | None = None

    @property
    def mixing(self) -> Mixing:
        if self._mixing is None:
            self._mixing = read_mixing(self._folder)
        return self._mixing

    def prescore_many(
        self, interactions: Iterable[tuple[Sequence[TurnLike], str | None]], pack: Pack
    ) -> Iterator[PreScore]:
        """Pre-score turns with their language, in order; equal turns nearby are read once."""
        waiting: list[Prepared] = []
        for turns, language in interactions:
            waiting.append(self.prepare(turns, pack, language))
            if (
                sum(len(one.turns) for one in waiting) >= TURNS_AT_ONCE
                or len(waiting) >= INTERACTIONS_AT_ONCE
            ):
                yield from self._finish(waiting, pack)
                waiting = []
        yield from self._finish(waiting, pack)

    def prepare(
        self, turns: Sequence[TurnLike], pack: Pack, language: str | None = None
    ) -> Prepared:
        """An interaction made ready for reading: fitness, phrases, and the network's inputs."""
        texts = prepare_all(turns)
        pieces = {text.low: self.network.pieces(text.low) for text in texts}
        fitness = assess(turns, texts, pack, language)
        said = [(turn.role, pieces[text.low]) for turn, text in zip(turns, texts, strict=True)]
        if fitness.scorable and self.roles.swapped(said):
            fitness = Fitness(False, (SWAPPED,))
        elif SWAPPED in fitness.reasons and self.roles.hold(
            self._beside_greetings(said, texts, pack)
        ):
            fitness = without_suspicion(fitness)
        scored = score_turns(turns, texts, pack)
        return Prepared(fitness, texts, scored, _inputs(turns, texts), pieces)

    def _beside_greetings(
        self, said: Sequence[tuple[str, list[int]]], texts: Sequence[Text], pack: Pack
    ) -> list[tuple[str, list[int]]]:
        """The turns without what agents say by rote, which a shop that is called says too."""
        pairs = zip(said, texts, strict=True)
        return [turn for turn, text in pairs if not find(pack.agent_phrases, text)]

    def outcome_confidence(self, outcome: str, responses: Sequence[Response]) -> float:
        """How likely the outcome of these responses is right, given that the cue is one."""
        absent = dict.fromkeys(MARKS, 1.0)
        for response in responses:
            for mark in MARKS:
                absent[mark] *= 1 - getattr(response, mark).presence
        cold = absent["empathy"]
        if outcome == EMPATHY:
            return self.mixing.outcome(1 - cold)
        if outcome == DISMISSED:
            return self.mixing.outcome(cold * (1 - absent["dismissal"]))
        cold *= absent["dismissal"]
        sorry = 1 - absent["sympathy"]
        return self.mixing.outcome(cold * (sorry if outcome == SYMPATHY_ONLY else 1 - sorry))

    def _finish(self, waiting: Sequence[Prepared], pack: Pack) -> Iterator[PreScore]:
        """Customers' turns first: every reply to a feeling is read, whatever the gate says."""
        judged = [list(prepared.turns) for prepared in waiting]
        for role in (CUSTOMER, AGENT):
            pairs = list(zip(waiting, judged, strict=True))
            asked = [self.worth_reading(role, *each, pack) for each in pairs]
            read = iter(self.network.read([one for each in asked for one in each.values()]))
            for (prepared, turns), each in zip(pairs, asked, strict=True):
                found = {index: next(read) for index in each}
                self._judge_all(role, prepared, turns, found, pack)
        for prepared, turns in zip(waiting, judged, strict=True):
            engine = EngineId(NAME, VERSION, pack.id)
            how_sure, texts = self.outcome_confidence, prepared.texts
            done = tuple(turns)
            yield summed_up(engine, prepared.fitness, done, pack, how_sure, texts=texts)

    def worth_reading(
        self, role: str, prepared: Prepared, turns: Sequence[ScoredTurn], pack: Pack
    ) -> dict[int, Input]:
        """What the network is asked of a role's turns: replies to feelings, what the gate opens."""
        moments = pair(turns, agent_turns=pack.response_turns) if role == AGENT else []
        replies = {reply for _, answers in moments for reply in answers}
        found: dict[int, Input] = {}
        for index, asked in enumerate(prepared.inputs):
            if asked is None or turns[index].role != role or not prepared.texts[index].words:
                continue
            if index in replies or self._opens(asked, prepared.texts[index], prepared, index):
                found[index] = asked
            if len(found) == MOST_READ:
                break
        return found

    def _judge_all(
        self,
        role: str,
        prepared: Prepared,
        turns: list[ScoredTurn],
        found: Mapping[int, list[Prediction]],
        pack: Pack,
    ) -> None:
        """Judge a role's turns in place; those without words, or too many, stay as phrases say."""
        last = max(found, default=0) if len(found) == MOST_READ else len(turns)
        for index, text in enumerate(prepared.texts[: last + 1]):
            if turns[index].role == role and text.words:
                turns[index] = self._judge(turns[index], text, found.get(index), pack)

    def _opens(self, asked: Input, text: Text, prepared: Prepared, index: int) -> bool:
        before = prepared.pieces.get(asked.before)
        if before is None:
            before = self.network.pieces(asked.before[-MOST_CONTEXT:])
        found = _found(prepared.turns[index])
        before = before[-MOST_BEFORE[asked.kind] :]
        return self.gate.opens(asked.kind, prepared.pieces[text.low], before, found)

    def _judge(
        self, turn: ScoredTurn, text: Text, readings: Sequence[Prediction] | None, pack: Pack
    ) -> ScoredTurn:
        """The turn as the network's readings have it; None for a turn that the gate held back."""
        if turn.role == CUSTOMER:
            return replace(turn, cue=self._cue(turn.cue, text, readings, pack))
        if turn.response is not None:
            return replace(turn, response=self._response(turn.response, text, readings, pack))
        return turn

    def _cue(
        self, found: Cue | None, text: Text, readings: Sequence[Prediction] | None, pack: Pack
    ) -> Cue | None:
        if not readings:
            return None
        reading = clearest(readings, "cue")
        weighing = self.mixing.questions["cue"]
        presence = weighing.probability(log_odds(reading, "cue"), said_by_phrases("cue", found))
        if presence < pack.decision["cue"]:
            return None
        shares = emotions(reading, found, self.mixing.emotion, self.mixing.rules)
        best = max(range(len(shares)), key=shares.__getitem__)
        emotion = EMOTIONS[best]
        phrases = found.evidence if found is not None and found.emotion == emotion else ()
        return Cue(
            emotion=emotion,
            confidence=round(presence * shares[best], 3),
            evidence=evidence("cue", reading, text, phrases, pack.reasons["cue"]),
            rule=NAME,
            presence=presence,
        )

    def _response(
        self, found: Response, text: Text, readings: Sequence[Prediction] | None, pack: Pack
    ) -> Response:
        if not readings:
            rare = self.mixing.routine
            quiet = {m: Mark(0, round(1 - rare[m], 3), presence=rare[m]) for m in MARKS}
            return Response(quiet["sympathy"], quiet["empathy"], quiet["dismissal"])
        marks = {mark: self._mark(mark, found, text, readings, pack) for mark in MARKS}
        _settle(marks, found)
        sorry = marks["sympathy"]
        apology = sorry.level > 0 and (found.apology or _says_sorry(text))
        return Response(sorry, marks["empathy"], marks["dismissal"], apology)

    def _mark(
        self, mark: str, found: Response, text: Text, readings: Sequence[Prediction], pack: Pack
    ) -> Mark:
        reading = clearest(readings, mark)
        presence = self._probability(mark, reading, found)
        if presence < pack.decision[mark]:
            return Mark(0, round(1 - presence, 3), (), NAME, presence)
        level, confidence, reason = 1, presence, mark
        if mark == "sympathy" and _says_sorry(text):
            reason = "apology"
        if mark == "empathy":
            specific = self._probability("specific", reading, found)
            pasted = _is_all_generic(found.empathy, text)
            level = 2 if specific >= pack.decision["specific"] and not pasted else 1
            confidence *= specific if level > 1 else 1 - specific
            reason = "empathy_specific" if level > 1 else "empathy_generic"
        phrases = getattr(found, mark).evidence
        spans = evidence(mark, reading, text, phrases, pack.reasons[reason])
        return Mark(level, round(confidence, 3), spans, NAME, presence)

    def _probability(self, question: str, reading: Prediction, found: Response) -> float:
        weighing = self.mixing.questions[question]
        phrases = said_by_phrases(question, found)
        return weighing.probability(log_odds(reading, question), phrases)


def _settle(marks: dict[str, Mark], found: Response) -> None:
    """One clause cannot both relate to a feeling and brush it aside.

    What the phrases found stands, or else the likelier mark.
    """
    relates, dismisses = marks["empathy"], marks["dismissal"]
    each = product(relates.evidence, dismisses.evidence)
    if not any(a.start < b.end and b.start < a.end for a, b in each):
        return
    weaker = min(("empathy", "dismissal"), key=lambda mark: marks[mark].presence)
    if found.empathy.level and not found.dismissal.level:
        weaker = "dismissal"
    likely = marks[weaker].presence
    marks[weaker] = Mark(0, round(1 - likely, 3), (), NAME, likely)


def _is_all_generic(found: Mark, text: Text) -> bool:
    """True if a turn says little beside generic words: it could be pasted under any message."""
    within = [text.words_between(span.start, span.end) for span in found.evidence]
    return found.level == 1 and len(text.words) - sum(map(len, within)) <= FEW


def _says_sorry(text: Text) -> bool:
    return "sorry" in text.low or "apolog" in text.low


def _found(turn: ScoredTurn) -> bool:
    """True if the phrases found anything."""
    response = turn.response
    return turn.cue is not None or (
        response is not None and any(getattr(response, mark).level for mark in MARKS)
    )


def _inputs(turns: Sequence[TurnLike], texts: Sequence[Text]) -> list[Input | None]:
    """What the network would be asked of each turn; None for turns that carry no judgement."""
    found: list[Input | None] = []
    heard: list[Text] = []
    answered: Text | None = None
    for turn, text in zip(turns, texts, strict=True):
        if text.reaction:
            found.append(None)
        elif turn.role == CUSTOMER:
            found.append(inputs.of_customer(answered, text))
            heard = [*heard[1 - REMEMBERED_TURNS :], text]
            answered = None
        elif turn.role == AGENT:
            found.append(inputs.of_agent(heard, text))
            answered = text
        else:
            found.append(None)
    return found
