"""One question about one file: answered by a person, remembered for the file's source, or open.

A question goes with the fingerprint of its source, so that an answer fits only files like the one
it was given for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from django.utils.crypto import salted_hmac

from transcripts.formats import Question
from transcripts.remembered import Key

Known: TypeAlias = Mapping[Key, Any]  # the answers that there are


@dataclass(frozen=True, slots=True)
class Ask:
    """An open question. `details` are what a person needs to answer it, worked out when asked."""

    question: Question
    fingerprint: str
    details: Callable[[], dict[str, Any]] = dict

    @property
    def key(self) -> Key:
        return self.question.value, self.fingerprint

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question.value, "fingerprint": self.fingerprint, **self.details()}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Ask again what a row or a kept reading asks."""
        return cls(Question(kept["question"]), kept["fingerprint"], lambda: dict(kept))


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for a question. `words` describe its source; None where it fits no other file."""

    key: Key
    value: Any
    words: Callable[[], str] | None = None


def answer_or_ask(
    question: Question,
    source: Sequence[str],
    known: Known,
    *,
    words: Callable[[], str] | None = None,
    details: Callable[[], dict[str, Any]] = dict,
) -> Answer | Ask:
    """Find what is known of a question about a source, else ask it."""
    ask = Ask(question, _fingerprint(question, source), details)
    return Answer(ask.key, known[ask.key], words) if ask.key in known else ask


def _fingerprint(question: Question, source: Sequence[str]) -> str:
    """Hash with a key: what a source's files have in common can't be guessed back from it."""
    text = "\n".join([question.value, *(part.strip().casefold() for part in source)])
    return salted_hmac("source of files", text, algorithm="sha256").hexdigest()
