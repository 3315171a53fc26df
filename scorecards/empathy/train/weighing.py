"""Gate and mixing, fitted on what the network says of material that it was not trained on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from scorecards.empathy import load_pack
from scorecards.empathy.cues_v1 import score_turns
from scorecards.empathy.gold import Turn
from scorecards.empathy.inputs import CUE, RESPONSE
from scorecards.empathy.mixing import (
    EMOTIONS,
    QUESTIONS,
    Mixing,
    Weighing,
    clearest,
    emotion_log_shares,
    group_of,
    log_odds,
    said_by_phrases,
)
from scorecards.empathy.model import NO_CUE, Cue, Response
from scorecards.empathy.network import Network, Prediction
from scorecards.empathy.pack import MARKS
from scorecards.empathy.text import prepare
from scorecards.empathy.train.material import Example

LEAN: Final = 5.0  # a group of phrases seen so often weighs as much as all of them
POINTS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(slots=True)
class Seen:
    """An example with what the network and the phrases make of it."""

    example: Example
    readings: list[Prediction]
    phrases: Cue | Response | None

    @property
    def text(self) -> str:
        """The turn as the gate sees it."""
        return prepare(self.example.turns[-1][1]).low

    @property
    def by_phrases(self) -> bool:
        """True if the phrases found a cue or a mark."""
        if isinstance(self.phrases, Response):
            return any(getattr(self.phrases, mark).level for mark in MARKS)
        return self.phrases is not None

    def answer(self, question: str) -> bool:
        """What readers said."""
        labels = self.example.labels
        if question == CUE:
            return bool(labels["emotion"] != NO_CUE)
        if question == "specific":
            return bool(labels["empathy"] > 1)
        return bool(labels[question] > 0)

    def asked(self, question: str) -> bool:
        """True if the question makes sense here."""
        if (question == CUE) != (self.example.input.kind == CUE):
            return False
        return question != "specific" or self.example.labels["empathy"] > 0


def look(examples: Sequence[Example], folder: Path) -> list[Seen]:
    """Read every example with the network of a folder, and with the phrases of the pack."""
    read = Network(folder).read([example.input for example in examples])
    return [Seen(one, found, phrases(one)) for one, found in zip(examples, read, strict=True)]


def likeliest(seen: Seen, mixing: Mixing) -> float:
    """The probability of the likeliest cue or mark, after mixing."""
    asked = [name for name in (CUE, *MARKS) if (name == CUE) == (seen.example.input.kind == CUE)]
    return max(mixing.questions[name].probability(*_numbers(name, seen)) for name in asked)


def phrases(example: Example) -> Cue | Response | None:
    turns = [Turn(*turn) for turn in example.turns]
    last = score_turns(turns, [prepare(turn.text) for turn in turns], load_pack())[-1]
    return last.cue or last.response


def weigh(seen: Sequence[Seen]) -> dict[str, Any]:
    """The content of reader.json, `routine` left out."""
    fitted = {question: _question(question, seen) for question in QUESTIONS}
    rules = _rules(seen)
    return {
        "questions": {name: _stored(one) for name, one in fitted.items()},
        "emotion": _stored(_emotion(seen, rules)),
        "rules": rules,
        "outcomes": _outcomes(seen, fitted),
    }


def _stored(weighing: Weighing) -> dict[str, float]:
    return {name: round(getattr(weighing, name), 4) for name in ("network", "phrases", "bias")}


def _question(question: str, seen: Sequence[Seen]) -> Weighing:
    asked = [one for one in seen if one.asked(question)]
    found = [_numbers(question, one) for one in asked]
    model = LogisticRegression(C=10.0).fit(
        found, [one.answer(question) for one in asked], [one.example.weight for one in asked]
    )
    network, phrases = (float(weight) for weight in model.coef_[0])
    return Weighing(network, phrases, float(model.intercept_[0]))


def _numbers(question: str, seen: Seen) -> tuple[float, float]:
    reading = clearest(seen.readings, "empathy" if question == "specific" else question)
    return log_odds(reading, question), said_by_phrases(question, seen.phrases)


def _rules(seen: Sequence[Seen]) -> dict[str, float]:
    """Log-odds that a group of phrases is right about the feeling; few cases lean on all."""
    right: dict[str, list[bool]] = {}
    for one in seen:
        if isinstance(one.phrases, Cue) and one.answer(CUE):
            told = one.phrases.emotion == one.example.labels["emotion"]
            right.setdefault(group_of(one.phrases), []).append(told)
    of_all = float(np.mean([told for group in right.values() for told in group]))
    shares = {
        name: (sum(told) + LEAN * of_all) / (len(told) + LEAN) for name, told in right.items()
    }
    return {name: round(float(np.log(s / (1 - s))), 3) for name, s in sorted(shares.items())}


def _emotion(seen: Sequence[Seen], rules: dict[str, float]) -> Weighing:
    """Temperature of the network's feelings and weight of the phrases', by likelihood."""
    shown = [one for one in seen if one.asked(CUE) and one.answer(CUE)]
    right = [EMOTIONS.index(one.example.labels["emotion"]) for one in shown]

    def loss(weights: NDArray[np.float64]) -> float:
        weighing = Weighing(*map(float, weights))
        chosen = zip(shown, right, strict=True)
        return -float(np.mean([_feelings(one, weighing, rules)[at] for one, at in chosen]))

    best = minimize(loss, np.array([1.0, 0.5, 0.5]), method="Nelder-Mead").x
    return Weighing(*map(float, best))


def _feelings(seen: Seen, weighing: Weighing, rules: dict[str, float]) -> list[float]:
    found = seen.phrases if isinstance(seen.phrases, Cue) else None
    return emotion_log_shares(clearest(seen.readings, CUE), found, weighing, rules)


def _outcomes(seen: Sequence[Seen], fitted: dict[str, Weighing]) -> list[tuple[float, float]]:
    """(computed, right): how often an outcome was right that was computed to be so likely."""
    computed, right, weights = [], [], []
    for one in seen:
        if one.example.input.kind != RESPONSE:
            continue
        chance = {mark: fitted[mark].probability(*_numbers(mark, one)) for mark in MARKS}
        said = _outcome({mark: chance[mark] >= 0.5 for mark in MARKS})
        cold, calm = 1 - chance["empathy"], 1 - chance["dismissal"]
        likely = {
            "empathy": chance["empathy"],
            "dismissed": cold * chance["dismissal"],
            "sympathy_only": cold * calm * chance["sympathy"],
            "missed": cold * calm * (1 - chance["sympathy"]),
        }
        computed.append(likely[said])
        right.append(said == _outcome({mark: one.answer(mark) for mark in MARKS}))
        weights.append(one.example.weight)
    logits = _logit(np.array(computed))[:, None]
    model = LogisticRegression(C=10.0).fit(logits, right, weights)
    curve = model.predict_proba(_logit(np.array(POINTS))[:, None])[:, 1]
    return [(at, round(float(share), 4)) for at, share in zip(POINTS, curve, strict=True)]


def _outcome(marks: dict[str, bool]) -> str:
    if marks["empathy"]:
        return "empathy"
    if marks["dismissal"]:
        return "dismissed"
    return "sympathy_only" if marks["sympathy"] else "missed"


def _logit(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(shares, 0.01, 0.99)
    return np.asarray(np.log(held / (1 - held)))


def write(found: dict[str, Any], folder: Path) -> None:
    """reader.json of a folder of weights."""
    (folder / "reader.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
