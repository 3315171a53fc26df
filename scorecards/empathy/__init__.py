"""The engine: turns in, a pre-score with its evidence out. Pure, no Django, no clock, no network.

A new engine is a file beside reader.py and one entry in ENGINES; a released one is never edited.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import TypeAlias

from scorecards.empathy import cues_v1
from scorecards.empathy.model import (
    Apologies,
    Cue,
    Evidence,
    Fitness,
    Mark,
    Moment,
    PreScore,
    Response,
    Score,
    ScoredTurn,
    TurnLike,
    Volunteered,
)
from scorecards.empathy.moments import rule_confidence
from scorecards.empathy.pack import Pack, PackError, Scale, Source
from scorecards.empathy.pack_file import parse_pack, parse_scale, read_pack
from scorecards.empathy.reader import Reader

__all__ = [
    "DEFAULT_ENGINE",
    "DEFAULT_PACK",
    "ENGINES",
    "PACKS",
    "Apologies",
    "Asked",
    "Cue",
    "Engine",
    "Evidence",
    "Fitness",
    "Mark",
    "Moment",
    "Pack",
    "PackError",
    "PreScore",
    "Response",
    "Scale",
    "Score",
    "ScoredTurn",
    "Source",
    "TurnLike",
    "Volunteered",
    "load_pack",
    "parse_pack",
    "parse_scale",
    "prescore",
    "prescore_many",
    "shipped",
]

# An interaction's turns and its language tag, None where the language is not known.
Asked: TypeAlias = tuple[Sequence[TurnLike], str | None]


@dataclass(frozen=True, slots=True)
class Engine:
    """One released engine: how it pre-scores, and how sure it is of an outcome."""

    prescore_many: Callable[[Iterable[Asked], Pack], Iterator[PreScore]]
    outcome_confidence: Callable[[str, Sequence[Response], Pack], float]


def engine_of(reader: Reader) -> Engine:
    """The engine "reader" with the weights of one folder."""
    return Engine(
        reader.prescore_many,
        lambda outcome, responses, _: reader.outcome_confidence(outcome, responses),
    )


ENGINES: dict[str, Engine] = {
    "cues-1.0": Engine(cues_v1.prescore_many, rule_confidence),
    "reader-3.1": engine_of(Reader()),
}
DEFAULT_ENGINE = "reader-3.1"
PACKS = Path(__file__).parent / "packs"
DEFAULT_PACK = PACKS / "codebook-1.toml"


def load_pack(path: Path | None = None) -> Pack:
    """Read a definition pack once in a process (the codebook by default). Raises PackError."""
    return _load((path or DEFAULT_PACK).resolve())


@cache
def shipped() -> frozenset[str]:
    """The ids of Heard's own packs, the present one and earlier ones: their files' names."""
    return frozenset(path.stem for path in PACKS.glob("*.toml"))


@cache
def _load(path: Path) -> Pack:
    return read_pack(path)


def prescore(
    turns: Sequence[TurnLike],
    *,
    pack: Pack,
    language: str | None = None,
    engine: str = DEFAULT_ENGINE,
) -> PreScore:
    """Pre-score one interaction. KeyError for an engine that does not exist."""
    return next(ENGINES[engine].prescore_many([(turns, language)], pack))


def prescore_many(
    interactions: Iterable[Sequence[TurnLike]],
    *,
    pack: Pack,
    language: str | None = None,
    languages: Iterable[str | None] | None = None,
    engine: str = DEFAULT_ENGINE,
) -> Iterator[PreScore]:
    """Pre-score a stream, in order; memory does not grow with its length.

    `languages` holds each interaction's language, `language` that of all. Several interactions
    are looked at together, which is quicker than one by one.
    """
    each = repeat(language) if languages is None else languages
    asked = zip(interactions, each, strict=False)
    yield from ENGINES[engine].prescore_many(asked, pack)
