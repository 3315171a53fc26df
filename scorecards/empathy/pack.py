"""Definition packs: the codebook as data. Reads a TOML file and refuses one that is not sound.

The keys of a pack are described at the head of packs/codebook-1.toml. Every fault of a file is
named with its place in the file ("cues[3].say[0]"), all of them at once.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scorecards.empathy.model import NO_CUE
from scorecards.empathy.phrases import Phrase, PhraseError, compile_phrase

MARKS = ("sympathy", "empathy", "dismissal")
WEIGHTS = ("empathy_specific", "empathy_generic", "sympathy_only", "missed", "dismissed")
SIGNALS = ("shouting", "exclaiming", "insisting")
DECISIONS = ("cue", *MARKS, "specific", "kind")
REASONS = ("cue", "apology", "sympathy", "empathy_generic", "empathy_specific", "dismissal")


class PackError(ValueError):
    """A definition pack that cannot be used; the message lists every fault with its place."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """One value of the cue: what it is called, what customers show, and an example."""

    value: str
    label: str
    shows: str
    example: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that say the same. `about` is an emotion (cues) or a mark (responses)."""

    name: str
    about: str
    reason: str
    points: float
    level: int
    negation: bool
    apology: bool
    when_customer: str
    unless_customer: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Groups, and for each word key the (group, phrase) pairs worth trying."""

    groups: tuple[Group, ...]
    by_key: Mapping[str, tuple[tuple[int, Phrase], ...]]
    always: tuple[tuple[int, Phrase], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Something a customer may have said or shown that an agent's words depend on."""

    name: str
    emotions: frozenset[str]
    index: Index


@dataclass(frozen=True, slots=True)
class Calibration:
    """Share of right judgements by value and rule, and by value for rules that were never seen.

    Values are "cue:1" (there is a feeling), "emotion:anger" and so on, "sympathy:0",
    "sympathy:1" and so on for each mark, and "outcome:missed" and so on. Made by calibrate.py.
    """

    rules: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)

    def confidence(self, value: str, rule: str) -> float:
        """Calibrated probability that `value`, stated because of `rule`, is right."""
        known = self.rules.get(f"{value}|{rule}", self.values.get(value, 0.5))
        return round(known, 3)


@dataclass(frozen=True, slots=True)
class Pack:
    """A definition pack, checked and compiled. Immutable, shared by all threads."""

    id: str
    title: str
    language: str
    emotions: tuple[Emotion, ...]
    marks: Mapping[str, Mapping[str, Any]]
    weights: Mapping[str, float]
    response_turns: int
    same_turn: str
    thresholds: Mapping[str, float]
    decision: Mapping[str, float]
    reasons: Mapping[str, str]
    signals: Mapping[str, float]
    common_words: frozenset[str]
    language_words: frozenset[str]
    emoji: Mapping[str, int]
    cues: Index
    responses: Index
    neutral_cues: Index
    neutral_responses: Index
    agent_phrases: Index
    contexts: Mapping[str, Context]
    calibration: Calibration

    @property
    def positive(self) -> frozenset[str]:
        return frozenset(emotion.value for emotion in self.emotions if emotion.positive)


def read_pack(path: Path) -> Pack:
    """Read and compile a pack, with `NAME.calibration.json` beside it. Raises PackError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from error
    calibration = _read_calibration(path.with_suffix(".calibration.json"))
    return build_pack(data, calibration=calibration, name=path.name)


def _read_calibration(path: Path) -> Calibration:
    """Without such a file every confidence is one half: nothing is known."""
    if not path.exists():
        return Calibration()
    try:
        learned = json.loads(path.read_text(encoding="utf-8"))
        rules = {str(key): float(share) for key, share in learned["rules"].items()}
        values = {str(key): float(share) for key, share in learned["values"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackError(f"{path.name}: is not a calibration table") from error
    return Calibration(rules, values)


def build_pack(data: Mapping[str, Any], *, calibration: Calibration, name: str = "pack") -> Pack:
    """Check and compile the content of a pack file. Raises PackError with every fault."""
    reader = _Reader(data)
    pack = reader.pack(calibration)
    if reader.faults:
        raise PackError(f"{name}: " + "; ".join(reader.faults))
    return pack


class _Reader:
    """Walks the file once, collects faults, builds the parts."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.used: set[str] = set()

    def pack(self, calibration: Calibration) -> Pack:
        known = {"schema", "pack", "emotions", "marks", "weights", "responses_of_a_cue"}
        known |= {"thresholds", "signals", "words", "particulars", "fitness", "cues", "responses"}
        known |= {"neutral", "contexts", "decision", "reasons"}
        self.faults += [f"unknown key {key}" for key in self.data if key not in known]
        if repr(self.data.get("schema")) != "1":
            self.faults.append("schema: must be 1")
        self.words = {k: self.strings(v, f"words.{k}") for k, v in self.table("words").items()}
        emotions = self.emotions()
        values = {emotion.value for emotion in emotions}
        cues = self.index("cues", "emotion", values | {NO_CUE})
        head, answer = self.table("pack"), self.table("responses_of_a_cue")
        return Pack(
            id=self.text(head, "id", "pack"),
            title=self.text(head, "title", "pack"),
            language=self.text(head, "language", "pack"),
            emotions=emotions,
            marks=self.marks(),
            weights=self.numbers("weights", WEIGHTS, 0.0, 100.0),
            response_turns=int(
                self.number(answer, "agent_turns", "responses_of_a_cue", low=1, high=10)
            ),
            same_turn=self.choice(answer, "same_turn", ("empathy", "dismissed")),
            thresholds=self.numbers("thresholds", ("cue", "rest", *MARKS, "specific"), 0.0, 10.0),
            decision=self.numbers("decision", DECISIONS, 0.0, 1.0, kind=0.5),
            reasons={key: self.text(self.table("reasons"), key, "reasons") for key in REASONS},
            signals=self.numbers("signals", SIGNALS, 0.0, 10.0),
            common_words=self.split("particulars", "ignore"),
            language_words=self.split("fitness", "language_words"),
            emoji=self.emoji(cues),
            cues=cues,
            responses=self.index("responses", "mark", set(MARKS)),
            neutral_cues=self.index("neutral", "of", {"cue"}, only="cue"),
            neutral_responses=self.index("neutral", "of", set(MARKS), only=MARKS),
            agent_phrases=self.plain("fitness", "agent_says"),
            contexts=self.contexts(values),
            calibration=calibration,
        )

    def emotions(self) -> tuple[Emotion, ...]:
        found = []
        for at, entry in enumerate(self.tables("emotions")):
            place = f"emotions[{at}]"
            found.append(
                Emotion(
                    value=self.text(entry, "value", place),
                    label=self.text(entry, "label", place),
                    shows=self.text(entry, "shows", place),
                    example=self.text(entry, "example", place),
                    positive=self.flag(entry, "positive", place, default=False),
                )
            )
        if len({emotion.value for emotion in found}) != len(found) or not found:
            self.faults.append("emotions: must be a list of different values")
        return tuple(found)

    def marks(self) -> Mapping[str, Mapping[str, Any]]:
        table = self.table("marks")
        self.faults += [f"marks: unknown key {key}" for key in table if key not in MARKS]
        found = {}
        for mark in MARKS:
            entry = table.get(mark)
            entry = entry if isinstance(entry, dict) else {}
            found[mark] = {
                "means": self.text(entry, "means", f"marks.{mark}"),
                "examples": self.strings(entry.get("examples"), f"marks.{mark}.examples"),
                "not_examples": self.strings(
                    entry.get("not_examples"), f"marks.{mark}.not_examples"
                ),
            }
        return found

    def index(
        self, section: str, about: str, allowed: set[str], *, only: str | Sequence[str] = ()
    ) -> Index:
        """The groups of a section, compiled. `only` picks the groups of some values."""
        groups = []
        for at, entry in enumerate(self.tables(section)):
            place = f"{section}[{at}]"
            value = self.text(entry, about, place)
            if only and value not in only:
                if value not in {"cue", *MARKS}:
                    self.faults.append(f"{place}.{about}: {value!r} is not known")
                continue
            if value not in allowed:
                self.faults.append(f"{place}.{about}: {value!r} is not known")
            groups.append(self.group(entry, value, place))
        return _indexed(groups)

    def group(self, entry: Mapping[str, Any], about: str, place: str) -> Group:
        known = {"emotion", "mark", "of", "name", "reason", "points", "level", "negation"}
        known |= {"apology", "when_customer", "unless_customer", "say", "emoji"}
        self.faults += [f"{place}: unknown key {key}" for key in entry if key not in known]
        name = f"{about}.{self.text(entry, 'name', place)}"
        unique = f"{place.partition('[')[0]} {name}"
        if unique in self.used:
            self.faults.append(f"{place}.name: {name!r} is used twice")
        self.used.add(unique)
        return Group(
            name=name,
            about=about,
            reason="" if "of" in entry else self.text(entry, "reason", place),
            points=self.number(entry, "points", place, low=-5, high=5, default=1.0),
            level=int(self.number(entry, "level", place, low=1, high=2, default=1)),
            negation=self.flag(entry, "negation", place, default=True),
            apology=self.flag(entry, "apology", place, default=False),
            when_customer=self.context_name(entry, "when_customer", place),
            unless_customer=self.context_name(entry, "unless_customer", place),
            phrases=self.phrases(entry.get("say", []), f"{place}.say"),
        )

    def context_name(self, entry: Mapping[str, Any], key: str, place: str) -> str:
        name = str(entry.get(key, ""))
        if name and name not in {str(c.get("name")) for c in self.tables("contexts")}:
            self.faults.append(f"{place}.{key}: there is no context {name!r}")
        return name

    def phrases(self, value: object, place: str) -> tuple[Phrase, ...]:
        found = []
        for at, source in enumerate(self.strings(value, place)):
            try:
                found.append(compile_phrase(source, self.words))
            except PhraseError as error:
                self.faults.append(f"{place}[{at}]: {error}")
        return tuple(found)

    def contexts(self, values: set[str]) -> Mapping[str, Context]:
        found = {}
        for at, entry in enumerate(self.tables("contexts")):
            place = f"contexts[{at}]"
            name = self.text(entry, "name", place)
            emotions = frozenset(self.strings(entry.get("emotions", []), f"{place}.emotions"))
            self.faults += [f"{place}.emotions: no emotion {e!r}" for e in emotions - values]
            phrases = self.phrases(entry.get("say", []), f"{place}.say")
            found[name] = Context(name, emotions, _indexed([_plain_group(name, phrases)]))
        return found

    def plain(self, section: str, key: str) -> Index:
        return _indexed([_plain_group(key, self.phrases(self.table(section).get(key), key))])

    def emoji(self, cues: Index) -> Mapping[str, int]:
        """Each emoji of the cue groups, and the number of its group."""
        found = {}
        for at, entry in enumerate(self.tables("cues")):
            for sign in str(entry.get("emoji", "")).split():
                if len(sign) > 1 or at >= len(cues.groups):
                    self.fault(f"cues[{at}].emoji: must be single signs, with spaces between")
                found[sign] = at
        return found

    def split(self, section: str, key: str) -> frozenset[str]:
        return frozenset(self.text(self.table(section), key, section).split())

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.data.get(key)
        if not isinstance(value, dict):
            self.fault(f"{key}: must be a table")
            return {}
        return value

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        value = self.data.get(key)
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault(f"{key}: must be a list of tables")
            return []
        return value

    def strings(self, value: object, place: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.fault(f"{place}: must be a list of texts")
            return []
        return value

    def text(self, entry: Mapping[str, Any], key: str, place: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{place}.{key}: must be a text")
            return ""
        return value

    def choice(self, entry: Mapping[str, Any], key: str, allowed: Sequence[str]) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or value not in allowed:
            self.fault(f"{key}: must be one of {', '.join(allowed)}")
        return str(value)

    def flag(self, entry: Mapping[str, Any], key: str, place: str, *, default: bool) -> bool:
        value = entry.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{place}.{key}: must be true or false")
        return bool(value)

    def number(
        self,
        entry: Mapping[str, Any],
        key: str,
        place: str,
        *,
        low: float,
        high: float,
        default: float | None = None,
    ) -> float:
        value = entry.get(key, default)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not low <= value <= high
        ):
            self.fault(f"{place}.{key}: must be a number from {low:g} to {high:g}")
            return low
        return float(value)

    def numbers(
        self, section: str, keys: Sequence[str], low: float, high: float, **defaults: float
    ) -> Mapping[str, float]:
        table = {**defaults, **self.table(section)}
        self.faults += [f"{section}: unknown key {key}" for key in table if key not in keys]
        return {key: self.number(table, key, section, low=low, high=high) for key in keys}

    def fault(self, message: str) -> None:
        if message not in self.faults:
            self.faults.append(message)


def _plain_group(name: str, phrases: tuple[Phrase, ...]) -> Group:
    return Group(name, name, name, 1.0, 1, False, False, "", "", phrases)


def _indexed(groups: Sequence[Group]) -> Index:
    by_key: dict[str, list[tuple[int, Phrase]]] = {}
    always: list[tuple[int, Phrase]] = []
    for number, group in enumerate(groups):
        for phrase in group.phrases:
            for key in phrase.keys:
                by_key.setdefault(key, []).append((number, phrase))
            if not phrase.keys:
                always.append((number, phrase))
    return Index(tuple(groups), {k: tuple(v) for k, v in by_key.items()}, tuple(always))
