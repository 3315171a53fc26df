"""Redaction of a whole interaction: turns, subject, speaker labels, customer and metadata.

The agent stays named, for the review is about their work. The interaction's own external id stays
too: it is the key under which its source knows it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Customer, Json
from transcripts.redaction.finder import NameFinder, found_names, is_readable
from transcripts.redaction.introductions import Introduced, introduced
from transcripts.redaction.marks import ALWAYS, KINDS, MARK, Finds, words_of_each
from transcripts.redaction.names import NAME, Names
from transcripts.redaction.questions import answered
from transcripts.redaction.texts import MAX_PASSES, redact_text

_NAME_MARK: Final = f"[{NAME}]"
# Metadata keys, without case and punctuation, whose value is the customer's name.
_NAME_KEYS: Final = frozenset(
    f"{who}{what}"
    for who in ("customer", "client", "caller", "contact", "member", "patient", "visitor", "guest")
    for what in ("name", "firstname", "lastname", "fullname", "surname")
) | {"requestername", "cardholder", "cardholdername", "accountholder", "policyholder"}
_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W_a-zA-Z]+")
_LONG_NUMBER: Final = 10**6  # shorter numbers in metadata are counts and codes


def redact(
    interaction: CanonicalInteraction,
    kinds: Collection[str] = KINDS,
    *,
    find_names: NameFinder | None = None,
) -> tuple[CanonicalInteraction, dict[str, int]]:
    """The interaction with marks in place of personal data, and how many of each kind.

    Of `kinds`, what an organization does not list stays; card numbers never do. `find_names` is
    asked for names that the talk does not introduce.
    """
    cleaner = _Cleaner(interaction, ALWAYS | set(kinds), find_names)
    redacted = replace(
        interaction,
        customer=cleaner.customer(interaction.customer),
        subject=cleaner.text(interaction.subject) if interaction.subject else None,
        metadata=cleaner.metadata(interaction.metadata),
        turns=tuple(map(cleaner.turn, count(), interaction.turns, cleaner.asked)),
    )
    if cleaner.hears_more(redacted.turns):  # a mark has laid bare another introduction
        redacted, more = redact(redacted, kinds)
        cleaner.counts.update(more)
    return redacted, {kind: count for kind, count in cleaner.counts.items() if count}


class _Cleaner:
    """Redacts the parts of one interaction and counts what it finds."""

    def __init__(
        self,
        interaction: CanonicalInteraction,
        kinds: frozenset[str],
        find_names: NameFinder | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._kinds = kinds
        self.asked = tuple(answered(interaction.turns))
        self._finds = Finds(self.counts, kinds)
        texts = [turn.text for turn in interaction.turns]
        words = words_of_each(texts)
        names, own = [*_names(interaction)], [*_agents(interaction)]
        self._said = [
            redact_text(text, self.counts, kinds=kinds, asked=asked, words=held)
            for text, asked, held in zip(texts, self.asked, words, strict=True)
        ]
        self._introduced = self._introductions(interaction.turns, words) if NAME in kinds else {}
        if find_names and NAME in kinds and is_readable(interaction.language):
            self._add_found(interaction.turns, find_names)
        for index, found in self._introduced.items():
            for one in found:
                name = self._said[index][one.start : one.end]
                (own if one.own else names).append(name)
        self._names = Names(names, keep=own)
        self._names_said = self._names.may_be_in("\n".join(self._said))

    def text(self, said: str, lead: str = "", asked: str = "") -> str:
        """What is said, clean of both data and names; `lead` announces it and is not part of it."""
        for _ in range(MAX_PASSES):
            counts: Counter[str] = Counter()
            cleaned = redact_text(lead + said, counts, kinds=self._kinds, asked=asked)
            if not cleaned.startswith(lead):
                return self.text(said)
            if counts:
                self.counts.update(counts)
            cleaned = self._names.redact(cleaned.removeprefix(lead), self._finds)
            if cleaned == said:
                break
            said = cleaned
        return said

    def label(self, label: str) -> str:
        cleaned = redact_text(label, self.counts, kinds=self._kinds)
        return self._names.redact_label(cleaned, self._finds)

    def turn(self, index: int, turn: CanonicalTurn, asked: str) -> CanonicalTurn:
        speaker = self.label(turn.speaker) if turn.speaker else turn.speaker
        said = self._said[index]
        clean = self._without(self._introduced.get(index, ()), said)
        if self._names_said:
            clean = self._names.redact(clean, self._finds)
        if clean != said:
            clean = self.text(clean, asked=asked)
        if clean == turn.text and speaker == turn.speaker:
            return turn
        return replace(turn, text=clean, speaker=speaker)

    def _introductions(
        self, turns: tuple[CanonicalTurn, ...], words: list[frozenset[str]]
    ) -> dict[int, list[Introduced]]:
        """Where the talk introduces names, by turn; `words` are those of each turn as it came."""
        found = (
            introduced(said, turn.role, asked, held if said == turn.text else None)
            for said, turn, asked, held in zip(self._said, turns, self.asked, words, strict=True)
        )
        return {index: names for index, names in enumerate(found) if names}

    def _add_found(self, turns: tuple[CanonicalTurn, ...], find_names: NameFinder) -> None:
        """Take what the finder points at as introduced too, wherever somebody speaks."""
        spoken = [index for index, turn in enumerate(turns) if turn.role != "system"]
        names = found_names([self._said[index] for index in spoken], find_names)
        for index, found in zip(spoken, names, strict=True):
            if found:
                self._introduced[index] = [*self._introduced.get(index, ()), *found]

    def hears_more(self, turns: tuple[CanonicalTurn, ...]) -> bool:
        """Whether turns, now redacted, introduce names that they hid before."""
        return NAME in self._kinds and any(
            not one.own and not self._names.keeps(turn.text[one.start : one.end])
            for turn, said, asked in zip(turns, self._said, self.asked, strict=True)
            if turn.text != said
            for one in introduced(turn.text, turn.role, asked)
        )

    def _without(self, introduced: Iterable[Introduced], text: str) -> str:
        """The text with marks where it introduces names other than the agent's."""
        if not introduced:
            return text
        parts: list[str] = []
        position = 0
        for one in sorted(introduced, key=lambda one: (one.start, -one.end)):
            said = text[one.start : one.end]
            if not one.own and one.start >= position and not self._names.keeps(said):
                parts += [text[position : one.start], self._finds.mark(NAME, said)]
                position = one.end
        return "".join([*parts, text[position:]])

    def customer(self, customer: Customer | None) -> Customer | None:
        if customer is None:
            return None
        known_as = customer.external_id
        return replace(
            customer,
            external_id=self.label(known_as) if known_as else known_as,
            name=self._name(customer.name) if customer.name else customer.name,
        )

    def metadata(self, metadata: dict[str, Json]) -> dict[str, Json]:
        return {self.label(key): self._value(key, value) for key, value in metadata.items()}

    def _name(self, name: str) -> str:
        return name if name == _NAME_MARK else self._finds.mark(NAME, name)

    def _value(self, key: str, value: Json) -> Json:
        """A metadata value with all in it cleaned; nested no deeper than the formats let in."""
        if isinstance(value, str):
            named = _plain(key) in _NAME_KEYS and value.strip()
            return self._name(value) if named else self._announced(key, value)
        if isinstance(value, list):
            return [self._value(key, inner) for inner in value]
        if isinstance(value, dict):
            return self.metadata(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(key, value)
        return value

    def _announced(self, key: str, value: str) -> str:
        """A text that its key announces: the same digits are a phone or an order number."""
        if re.fullmatch(MARK, value):
            return value
        return self.text(value, lead=f"{' '.join(_KEY_WORD.findall(key))}: ")

    def _number(self, key: str, value: float) -> Json:
        if abs(value) < _LONG_NUMBER and "pin" not in _plain(key):
            return value
        shown = str(value)
        cleaned = self._announced(key, shown)
        return value if cleaned == shown else cleaned


def _names(interaction: CanonicalInteraction) -> Iterator[str]:
    """The customer's names as the source gives them."""
    if interaction.customer and interaction.customer.name:
        yield interaction.customer.name
    for turn in interaction.turns:
        if turn.role == "customer" and turn.speaker:
            yield turn.speaker
    yield from _names_in(interaction.metadata)


def _names_in(metadata: dict[str, Json]) -> Iterator[str]:
    for key, value in metadata.items():
        if isinstance(value, str) and _plain(key) in _NAME_KEYS:
            yield value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _names_in(inner)


def _agents(interaction: CanonicalInteraction) -> Iterator[str]:
    if interaction.agent and interaction.agent.name:
        yield interaction.agent.name
    for turn in interaction.turns:
        if turn.role in ("agent", "bot") and turn.speaker:
            yield turn.speaker


def _plain(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()
