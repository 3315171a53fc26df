"""The engine "reader" 2.1: phrases first, then a small network for every turn that is not routine.

The phrases of the pack look at each turn (cues_v1). The gate holds back the routine turns in which
they found nothing. What is left is read by the network beside the words it answers, and both
opinions are weighed into calibrated probabilities (mixing.py). The network also points at the
words that carry each judgement (evidence.py).

Pure: the same turns and the same pack give the same pre-score, alone or among others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from scorecards.empathy import inputs
from scorecards.empathy.cues_v1 import REMEMBERED_TURNS, score_turns
from scorecards.empathy.evidence import evidence
from scorecards.empathy.fitness import assess
from scorecards.empathy.gate import Gate
from scorecards.empathy.inputs import Input
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
from scorecards.empathy.moments import summed_up
from scorecards.empathy.network import Network, Prediction
from scorecards.empathy.pack import MARKS, Pack
from scorecards.empathy.text import Prepared as Text
from scorecards.empathy.text import prepare

NAME: Final = "reader"
VERSION: Final = "2.1"
WEIGHTS: Final = Path(__file__).parent / "weights" / f"{NAME}-{VERSION}"
TURNS_AT_ONCE: Final = 1500
MOST_READ: Final = 600  # turns of one interaction that the network reads; none in life has more
INTERACTIONS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Prepared:
    """An interaction made ready: what the phrases found, and what the network could be asked."""

    fitness: Fitness
    texts: list[Text]
    turns: list[ScoredTurn]
    inputs: list[Input | None]


class Reader:
    """The engine with the weights of one folder."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.network, self.gate = Network(folder), Gate(folder)
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

    @staticmethod
    def prepare(turns: Sequence[TurnLike], pack: Pack, language: str | None = None) -> Prepared:
        """An interaction made ready for reading: fitness, phrases, and the network's inputs."""
        texts = [prepare(turn.text) for turn in turns]
        fitness = assess(turns, texts, pack, language)
        return Prepared(fitness, texts, score_turns(turns, texts, pack), _inputs(turns, texts))

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
        asked = [
            (number, index, one)
            for number, prepared in enumerate(waiting)
            for index, one in islice(self.worth_reading(prepared), MOST_READ)
        ]
        read = self.network.read([one for _, _, one in asked])
        readings: list[dict[int, list[Prediction]]] = [{} for _ in waiting]
        for (number, index, _), found in zip(asked, read, strict=True):
            readings[number][index] = found
        for prepared, found_in in zip(waiting, readings, strict=True):
            turns = tuple(
                self._judge(turn, prepared.texts[turn.index], found_in.get(turn.index), pack)
                for turn in prepared.turns
            )
            engine = EngineId(NAME, VERSION, pack.id)
            how_sure, texts = self.outcome_confidence, prepared.texts
            yield summed_up(engine, prepared.fitness, turns, pack, how_sure, texts=texts)

    def worth_reading(self, prepared: Prepared) -> Iterator[tuple[int, Input]]:
        """The turns in which the phrases found something or the gate suspects something."""
        for index, one in enumerate(prepared.inputs):
            if one is None or not prepared.texts[index].words:
                continue
            turn = prepared.turns[index]
            if _found(turn) or self.gate.opens(one, self.network.pieces(one.said)):
                yield index, one

    def _judge(
        self, turn: ScoredTurn, text: Text, readings: Sequence[Prediction] | None, pack: Pack
    ) -> ScoredTurn:
        if not readings and _found(turn):
            return turn  # emoji without words, or more turns than the network reads
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
            level = 2 if specific >= pack.decision["specific"] else 1
            confidence *= specific if level > 1 else 1 - specific
            reason = "empathy_specific" if level > 1 else "empathy_generic"
        phrases = getattr(found, mark).evidence
        spans = evidence(mark, reading, text, phrases, pack.reasons[reason])
        return Mark(level, round(confidence, 3), spans, NAME, presence)

    def _probability(self, question: str, reading: Prediction, found: Response) -> float:
        weighing = self.mixing.questions[question]
        phrases = said_by_phrases(question, found)
        return weighing.probability(log_odds(reading, question), phrases)


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
        if turn.role == CUSTOMER:
            found.append(inputs.of_customer(answered, text))
            heard = [*heard[1 - REMEMBERED_TURNS :], text]
            answered = None
        elif turn.role == AGENT:
            found.append(inputs.of_agent(heard, text))
            answered = text
        else:
            found.append(None)
    return found
