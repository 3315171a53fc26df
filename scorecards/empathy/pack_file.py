"""Definition packs from files: NAME.toml, with NAME.calibration.json beside it where there is one.

Compiles a pack and refuses one that is not sound. The keys are described at the head of
packs/codebook-1.toml. Every fault is named with its place in the file ("cues[3].say[0]"), all of
them at once.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scorecards.empathy.model import NO_CUE
from scorecards.empathy.pack import (
    MARKS,
    Calibration,
    Context,
    Emotion,
    Group,
    Index,
    Pack,
    PackError,
    Scale,
    Source,
    scale_of,
)
from scorecards.empathy.phrases import Phrase, PhraseError, compile_phrase

WEIGHTS = ("empathy_specific", "empathy_generic", "sympathy_only", "missed", "dismissed")
SIGNALS = ("shouting", "exclaiming", "insisting")
DECISIONS = ("cue", *MARKS, "specific", "kind")
REASONS = ("cue", "apology", "sympathy", "empathy_generic", "empathy_specific", "dismissal")
MOST_BYTES = 1_000_000  # of a file; the codebook has 71,000


def read_pack(path: Path) -> Pack:
    """Read and compile a pack. Raises PackError."""
    source = read_source(path)
    return parse_pack(source.text, source.calibration, path.name)


def read_source(path: Path) -> Source:
    """Read the text of a pack and of its calibration table. Raises PackError."""
    beside = path.with_suffix(".calibration.json")
    return Source(_text(path), _text(beside) if beside.exists() else "")


def parse_pack(text: str, calibration: str = "", name: str = "pack") -> Pack:
    """Compile a pack from the text of its file. Raises PackError."""
    return build_pack(
        _table(text, name),
        calibration=_calibration(calibration, name),
        name=name,
        source=Source(text, calibration),
    )


def parse_scale(text: str, name: str = "pack") -> Scale:
    """Read the scale of a pack from the text of its file. Raises PackError."""
    return build_scale(_table(text, name), name=name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PackError(f"{path.name}: is larger than {MOST_BYTES:,} bytes")
        text = data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from error
    return text.replace("\r\n", "\n")  # the same file on another system is the same pack


def _table(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError(f"{name}: {error}") from error


def _calibration(text: str, name: str) -> Calibration:
    """Without a table every confidence is one half: nothing is known."""
    if not text:
        return Calibration()
    try:
        learned = json.loads(text)
        rules = {str(key): _share(share) for key, share in learned["rules"].items()}
        values = {str(key): _share(share) for key, share in learned["values"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        beside = Path(name).with_suffix(".calibration.json").name
        raise PackError(f"{beside}: is not a calibration table") from error
    return Calibration(rules, values)


def _share(value: Any) -> float:
    if not 0 <= (share := float(value)) <= 1:
        raise ValueError(value)
    return share


def build_pack(
    data: Mapping[str, Any],
    *,
    calibration: Calibration,
    name: str = "pack",
    source: Source | None = None,
) -> Pack:
    """Check and compile the content of a pack file. Raises PackError with every fault."""
    reader = _Reader(data)
    pack = reader.pack(calibration, source)
    reader.refuse_faults(name)
    return pack


def build_scale(data: Mapping[str, Any], *, name: str = "pack") -> Scale:
    """Read the scale alone, whatever else is wrong with a pack by now. Raises PackError."""
    reader = _Reader(data)
    scale = scale_of(reader.weights(), reader.emotions())
    reader.refuse_faults(name)
    return scale


class _Reader:
    """Walks the file once, collects faults, builds the parts."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.used: set[str] = set()

    def refuse_faults(self, name: str) -> None:
        if self.faults:
            raise PackError(f"{name}: " + "; ".join(self.faults))

    def weights(self) -> Mapping[str, float]:
        return self.numbers("weights", WEIGHTS, 0.0, 100.0)

    def pack(self, calibration: Calibration, source: Source | None) -> Pack:
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
            weights=self.weights(),
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
            source=source,
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
