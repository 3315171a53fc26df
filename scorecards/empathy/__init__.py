"""The engine: turns in, a pre-score with its evidence out. Pure, no Django, no clock, no network.

A new engine is a file beside cues_v1.py and one entry in ENGINES; a released one is never edited.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

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
from scorecards.empathy.pack import Pack, PackError, read_pack

__all__ = [
    "DEFAULT_ENGINE",
    "DEFAULT_PACK",
    "ENGINES",
    "Apologies",
    "Cue",
    "Evidence",
    "Fitness",
    "Mark",
    "Moment",
    "Pack",
    "PackError",
    "PreScore",
    "Response",
    "Score",
    "ScoredTurn",
    "TurnLike",
    "Volunteered",
    "load_pack",
    "prescore",
    "prescore_many",
]

ENGINES: dict[str, Callable[..., PreScore]] = {
    "cues-1.0": cues_v1.prescore,
}
DEFAULT_ENGINE = "cues-1.0"
DEFAULT_PACK = Path(__file__).parent / "packs" / "codebook-1.toml"


def load_pack(path: Path | None = None) -> Pack:
    """Read a definition pack once in a process (the codebook by default). Raises PackError."""
    return _load((path or DEFAULT_PACK).resolve())


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
    return ENGINES[engine](turns, pack=pack, language=language)


def prescore_many(
    interactions: Iterable[Sequence[TurnLike]],
    *,
    pack: Pack,
    language: str | None = None,
    engine: str = DEFAULT_ENGINE,
) -> Iterator[PreScore]:
    """Pre-score a stream, one by one, in order; memory does not grow with its length."""
    for turns in interactions:
        yield prescore(turns, pack=pack, language=language, engine=engine)
