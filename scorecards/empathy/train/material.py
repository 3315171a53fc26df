"""Labelled material as examples: one turn, what it answers, and what readers said of it.

Sources: the pairs and interactions in texts/ (written for this project by the codebook), the
labelled pairs of the shared gold folder, and GoEmotions (Google Research, CC BY 4.0) for feelings
in general.
"""

import json
import random
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
SHARED: Final = Path(__file__).resolve().parents[4] / "shared"
ALL: Final = (*EMOTIONS, NO_CUE)
COLUMNS: Final = (CUE, *MARKS)  # what a word may carry, in the order of the network's output
FEELINGS: Final = 28  # of GoEmotions


@dataclass(slots=True)
class Example:
    """One turn to learn from.

    Shares of readers: `emotion` (12) for a customer's turn; `sympathy`, `empathy` (3 levels) and
    `dismissal` for an agent's; `feelings` (28) for a message of GoEmotions. `spans` are ranges of
    the turn by column, None where nobody pointed at words. `labels` is the majority.
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


def written(paths: Sequence[Path] | None = None) -> Iterator[Example]:
    """The project's own texts."""
    for path in paths or sorted(TEXTS.glob("*.jsonl")):
        for record in _lines(path):
            yield from _examples(record, path.stem)


def gold(name: str) -> Iterator[Example]:
    """The labelled pairs or interactions of shared/gold/NAME.jsonl."""
    for record in _lines(SHARED / "gold" / f"{name}.jsonl"):
        yield from _examples(record, name)


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
        yield _example((source, group, record["channel"]), history[-4:], [reader], None)


def _of_pair(record: dict[str, Any], source: str) -> Iterator[Example]:
    readers = [*record.get("readers", []), record["labels"]]
    context = record.get("context") or []
    parts = (one.partition(": ") for one in context)
    said = [(role, text) for role, _, text in parts if role in {CUSTOMER, AGENT}]
    group = context[0] if context else record.get(CUSTOMER, "")
    words = record.get("words")
    for role in (CUSTOMER, AGENT):
        if record.get(role):
            said.append((role, record[role]))
            yield _example((source, group, record["channel"]), said[-4:], readers, words)


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


def _share(chosen: Sequence[int], values: int) -> list[float]:
    return [chosen.count(value) / len(chosen) for value in range(values)]


def _ranges(said: str, quotes: Sequence[str]) -> list[tuple[int, int]]:
    places = ((said.find(quote), len(quote)) for quote in quotes)
    return [(start, start + length) for start, length in places if start >= 0]


__all__ = ["ALL", "COLUMNS", "FEELINGS", "RESPONSE", "Example", "feelings", "gold", "written"]
