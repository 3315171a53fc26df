"""Labelled material as examples: one turn, what it answers, and what readers said of it.

Sources: the pairs and interactions in texts/ (written for this project by the codebook), the
labelled pairs of the shared gold folder, exchanges of open sources that were labelled for this
project (labels/talk.jsonl names them by number; their words stay where they are), and GoEmotions
(Google Research, CC BY 4.0) for feelings in general.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scorecards.empathy import inputs
from scorecards.empathy.inputs import CUE, RESPONSE, Input
from scorecards.empathy.mixing import EMOTIONS
from scorecards.empathy.model import AGENT, CUSTOMER, NO_CUE
from scorecards.empathy.pack import MARKS
from scorecards.empathy.text import Prepared, prepare

TEXTS: Final = Path(__file__).parent / "texts"
WEIGHT_OF: Final = {"": 1.0, "hint": 1.0, "random": 3.0}  # by how a pair was picked
LABELS: Final = Path(__file__).parent / "labels" / "talk.jsonl"
LATER: Final = LABELS.with_name("later.jsonl")  # only the last pass of training sees them
SHARED: Final = Path(__file__).resolve().parents[4] / "shared"
ALL: Final = (*EMOTIONS, NO_CUE)
COLUMNS: Final = (CUE, *MARKS)  # what a word may carry, in the order of the network's output
FEELINGS: Final = 28  # of GoEmotions
_PUNCTUATION: Final = re.compile(
    r"[.,;:!?\"()\u2026\u2013\u2014]|(?<!\w)'|'(?!\w)|(?<!\w)-|-(?!\w)"
)


@dataclass(slots=True)
class Example:
    """One turn to learn from.

    Shares of readers: `emotion` (12) for a customer's turn; `sympathy`, `empathy` (3 levels) and
    `dismissal` for an agent's; `feelings` (28) for a message of GoEmotions. `spans` are ranges of
    the turn by column, None where nobody pointed at words. `labels` is the majority. `weight` is
    how many turns of its source an example stands for: pairs that were picked for words of feeling
    stand for few, those picked at random for many.
    """

    source: str
    group: str
    channel: str
    input: Input
    turns: tuple[tuple[str, str], ...] = ()
    emotion: list[float] | None = None
    marks: tuple[float, list[float], float] | None = None
    feelings: list[float] | None = None
    spans: dict[int, list[tuple[int, int]]] | None = None
    labels: dict[str, Any] = field(default_factory=dict)
    weight: float = 1.0

    @property
    def carries(self) -> bool:
        """True if readers found a cue or a mark."""
        if self.input.kind == CUE:
            return bool(self.labels["emotion"] != NO_CUE)
        return any(self.labels[mark] > 0 for mark in MARKS)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns as (role, text), and the source they are from."""

    source: str
    turns: tuple[tuple[str, str], ...]


def written(paths: Sequence[Path] | None = None) -> Iterator[Example]:
    """The project's own texts."""
    for path in paths or sorted(TEXTS.glob("*.jsonl")):
        for record in _lines(path):
            yield from _examples(record, path.stem)


def gold(name: str) -> Iterator[Example]:
    """The labelled pairs or interactions of shared/gold/NAME.jsonl."""
    for record in _lines(SHARED / "gold" / f"{name}.jsonl"):
        yield from _examples(record, name)


def talk(labels: Path = LABELS) -> Iterator[Example]:
    """The turns of the exchanges of shared/data/talk that were labelled for this project."""
    for exchange in exchanges(labels):
        yield from _examples(exchange, exchange["source"])


def exchanges(labels: Path = LABELS) -> Iterator[dict[str, Any]]:
    """These exchanges with their labels."""
    labelled = {record["id"]: record for record in _lines(labels)}
    for exchange in pool():
        if exchange["id"] in labelled:
            yield {**exchange, **labelled[exchange["id"]]}


def unlabelled() -> Iterator[Example]:
    """The turns of the pool; their labels are empty and mean nothing."""
    nothing = {"emotion": NO_CUE, **dict.fromkeys(MARKS, 0)}
    for exchange in pool():
        yield from _examples({**exchange, "labels": nothing}, exchange["source"])


def pool() -> Iterator[dict[str, Any]]:
    """The exchanges of shared/data/talk, without labels."""
    path = SHARED / "data" / "talk" / "unlabelled.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def conversations() -> Iterator[Conversation]:
    """All that is known of who said what, labelled or not, each turn of a conversation once."""
    found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for record in pool():
        turns = found.setdefault((record["source"], record["conversation"]), {})
        turns.update(dict.fromkeys(_turns(record)))
    files = [*sorted(TEXTS.glob("*.jsonl")), SHARED / "gold" / "dev.jsonl"]
    for path in files:
        for number, record in enumerate(_lines(path)):
            turns = found.setdefault((path.stem.partition("-")[0], f"{path.stem} {number}"), {})
            turns.update(dict.fromkeys(_turns(record)))
    for (source, _), said in found.items():
        yield Conversation(source, tuple(said))


def _turns(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Customers' and agents' turns of a pair or an interaction."""
    if "turns" in record:
        told = [(turn["role"], turn["text"]) for turn in record["turns"]]
    else:
        parts = (turn.partition(": ") for turn in record.get("context") or [])
        told = [(role, said) for role, _, said in parts]
        told += [(role, record[role]) for role in (CUSTOMER, AGENT) if record.get(role)]
    return [turn for turn in told if turn[0] in {CUSTOMER, AGENT}]


def feelings() -> Iterator[Example]:
    """The training part of GoEmotions, shuffled."""
    path = SHARED / "data" / "goemotions" / "train.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(lines)  # noqa: S311
    for line in lines:
        said, numbers, _ = line.split("\t")
        marked = {int(number) for number in numbers.split(",")}
        yield Example(
            source="goemotions",
            group="",
            channel="",
            input=Input(CUE, "", prepare(said).low),
            feelings=[float(at in marked) for at in range(FEELINGS)],
        )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _examples(record: dict[str, Any], source: str) -> Iterator[Example]:
    if "turns" in record:
        yield from _of_interaction(record, source)
    else:
        yield from _of_pair(record, source)


def _of_interaction(record: dict[str, Any], source: str) -> Iterator[Example]:
    expected = record.get("expected", record)
    group = str(record.get("id") or record.get("external_id"))
    history: list[tuple[str, str]] = []
    for at, turn in enumerate(record["turns"]):
        history.append((turn["role"], turn["text"]))
        if turn["role"] == CUSTOMER:
            reader = {"emotion": expected["cues"].get(str(at), NO_CUE)}
        elif turn["role"] == AGENT:
            levels = expected["responses"].get(str(at), [0, 0, 0])
            reader = dict(zip(MARKS, levels, strict=True))
        else:
            continue
        words = record.get("words")
        pointed = None if words is None else words.get(str(at), {})
        yield _example((source, group, record["channel"]), history[-4:], [reader], pointed)


def _of_pair(record: dict[str, Any], source: str) -> Iterator[Example]:
    readers = [*record.get("readers", []), record["labels"]]
    context = record.get("context") or []
    parts = (one.partition(": ") for one in context)
    said = [(role, text) for role, _, text in parts if role in {CUSTOMER, AGENT}]
    first = context[0] if context else record.get(CUSTOMER, "")
    place = (record.get("source", source), record.get("conversation", first), record["channel"])
    for role in (CUSTOMER, AGENT):
        if record.get(role):
            said.append((role, record[role]))
            example = _example(place, said[-4:], readers, record.get("words"))
            example.weight = record.get("weight", WEIGHT_OF[record.get("picked", "")])
            yield example


def _example(
    place: tuple[str, str, str],
    history: Sequence[tuple[str, str]],
    readers: Sequence[dict[str, Any]],
    words: dict[str, list[str]] | None,
) -> Example:
    """The last turn of `history` with what the readers said of it."""
    role, said = history[-1]
    text = prepare(said)
    found = Example(*place, _input(role, history, text), tuple(history))
    found.labels = dict(readers[-1])
    if role == CUSTOMER:
        found.emotion = _share([ALL.index(reader["emotion"]) for reader in readers], len(ALL))
        columns: tuple[str, ...] = (CUE,)
    else:
        sympathy, dismissal = (
            sum(reader[mark] > 0 for reader in readers) / len(readers)
            for mark in ("sympathy", "dismissal")
        )
        found.marks = (sympathy, _share([reader["empathy"] for reader in readers], 3), dismissal)
        columns = MARKS
    if words is not None:
        found.spans = {COLUMNS.index(name): _ranges(said, words.get(name, [])) for name in columns}
    return found


def _input(role: str, history: Sequence[tuple[str, str]], text: Prepared) -> Input:
    if role == CUSTOMER:
        before = history[-2] if len(history) > 1 else ("", "")
        return inputs.of_customer(prepare(before[1]) if before[0] == AGENT else None, text)
    heard = [prepare(said) for who, said in history[:-1] if who == CUSTOMER]
    return inputs.of_agent(heard[-2:], text)


def without_punctuation(given: Input) -> Input:
    """The same words as a recogniser without punctuation writes them; ranges stay true."""
    return Input(given.kind, _bare(given.before), _bare(given.said))


def _bare(text: str) -> str:
    return _PUNCTUATION.sub(" ", text)


def _share(chosen: Sequence[int], values: int) -> list[float]:
    return [chosen.count(value) / len(chosen) for value in range(values)]


def _ranges(said: str, quotes: Sequence[str]) -> list[tuple[int, int]]:
    places = ((said.find(quote), len(quote)) for quote in quotes)
    return [(start, start + length) for start, length in places if start >= 0]


__all__ = ["ALL", "COLUMNS", "FEELINGS", "RESPONSE", "Example", "feelings", "gold", "written"]
