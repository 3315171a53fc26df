"""What an entry of the trail is made of: a sentence for each kind of action, and its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise


class Names(Protocol):
    """The names of rows, by their model and id."""

    def text_of(self, model: str, pk: str) -> str: ...


Words = Callable[[Any, Names], str]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an event: what it is called, and how it is put into words."""

    label: Promise
    words: Words


Moves = tuple[tuple[str, str, Value], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one kind of action.

    `values` are put into words by their names in the event's data, alone or, where the data hold
    what they were and are (`audit.changes`), as a change. `moves` are changes that lie in two
    values of the data: (before, after, what it is).
    """

    said: Promise
    values: Mapping[str, Value] = field(default_factory=dict)
    moves: Moves = ()


def moved(words: Words, label: Promise, *, before: str = "from", after: str = "to") -> Moves:
    """Return the only move of an entry."""
    return ((before, after, Value(label, words)),)
