"""How much one file may hold where somebody waits while it is read.

Readers that may meet very many conversations or turns ask while they read, so that the refusal
comes at the first one too many and not after the last.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.errors import FormatError
from transcripts.formats.model import CanonicalInteraction

Turn = TypeVar("Turn")
INTERACTIONS: Final = gettext_noop("holds more than %(most)s interactions")
TURNS: Final = gettext_noop("holds more than %(most)s turns")
CHARACTERS: Final = gettext_noop("holds more than %(most)s characters of talk")
RECORDS: Final = gettext_noop("holds more than %(most)s records")


class TooMuchError(FormatError):
    """A file holds more than it may; none of it is taken, whatever part is at fault."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a file may hold; `instead` says what a person can do with a larger one."""

    interactions: int = sys.maxsize
    turns: int = sys.maxsize
    characters: int = sys.maxsize
    records: int = sys.maxsize  # JSON lines, or elements of a list, whatever they are
    instead: str = ""

    def check(
        self, *, interactions: int = 0, turns: int = 0, characters: int = 0, records: int = 0
    ) -> None:
        """TooMuchError if so many are too many."""
        for found, most, message in (
            (interactions, self.interactions, INTERACTIONS),
            (turns, self.turns, TURNS),
            (characters, self.characters, CHARACTERS),
            (records, self.records, RECORDS),
        ):
            if found > most:
                raise TooMuchError(_(message) % {"most": grouped(most)} + self.instead)

    def turns_of(self, turns: Iterable[Turn]) -> Iterator[Turn]:
        """Yield interactions one by one, and refuse them once they are too many."""
        for place, turn in enumerate(turns, start=1):
            self.check(turns=place)
            yield turn


UNLIMITED: Final = Limits()


class Count:
    """What has been read of a file so far, held against its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.interactions = self.turns = self.characters = 0

    def take(self, interactions: Iterable[CanonicalInteraction]) -> None:
        """Count interactions, with all that they hold."""
        for interaction in interactions:
            texts = [len(turn.text) for turn in interaction.turns]
            self.add(interactions=1, turns=len(texts), characters=sum(texts))

    def add(self, *, interactions: int = 0, turns: int = 0, characters: int = 0) -> None:
        """Count a few more."""
        self.interactions += interactions
        self.turns += turns
        self.characters += characters
        self.limits.check(
            interactions=self.interactions, turns=self.turns, characters=self.characters
        )
