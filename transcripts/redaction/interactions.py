"""Redaction of a whole interaction: turns, subject, speaker labels, customer and metadata.

The agent stays named, for the review is about their work. The interaction's own external id stays
too: it is the key under which its source knows it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final, TypeAlias

from transcripts.formats.labels import without_asides
from transcripts.formats.model import (
    CanonicalInteraction,
    CanonicalTurn,
    Customer,
    Json,
    SpeakingAgent,
)
from transcripts.redaction.finder import NameFinder, found_names, is_readable
from transcripts.redaction.introductions import Introduced, introduced
from transcripts.redaction.marks import ALWAYS, KINDS, MARK, Finds, words_of_each
from transcripts.redaction.names import NAME, Names, words_of
from transcripts.redaction.own_words import WORD, Curtain, OwnWords
from transcripts.redaction.talk import hear
from transcripts.redaction.texts import MAX_PASSES, redact_text
from transcripts.redaction.vocabulary import COMMON

_NAME_MARK: Final = f"[{NAME}]"
# Metadata keys, without case and punctuation, whose value is the customer's name.
_NAME_KEYS: Final = frozenset(
    f"{who}{what}"
    for who in ("customer", "client", "caller", "contact", "member", "patient", "visitor", "guest")
    for what in ("name", "firstname", "lastname", "fullname", "surname")
) | {"requestername", "cardholder", "cardholdername", "accountholder", "policyholder"}
_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W_a-zA-Z]+")
_ASIDE: Final = re.compile(r"([^(\[]*)[(\[]([^)\]]*)[)\]]\s*$")
_AT_ONCE: Final = 32  # interactions that are taken through the steps together
_LONG_NUMBER: Final = 10**6  # shorter numbers in metadata are counts and codes


Redacted: TypeAlias = tuple[CanonicalInteraction, dict[str, int]]


def redact(
    interaction: CanonicalInteraction,
    kinds: Collection[str] = KINDS,
    *,
    find_names: NameFinder | None = None,
    own: OwnWords | None = None,
) -> Redacted:
    """The interaction with marks in place of personal data, and how many of each kind.

    Of `kinds`, what an organization does not list stays; card numbers never do. `find_names` is
    asked for names that the talk does not introduce; `own` are words that an organization wants
    always taken out, or kept.
    """
    return redact_each([interaction], kinds, find_names=find_names, own=own)[0]


def redact_each(
    interactions: Sequence[CanonicalInteraction],
    kinds: Collection[str] = KINDS,
    *,
    find_names: NameFinder | None = None,
    own: OwnWords | None = None,
) -> list[Redacted]:
    """Each as `redact` gives it, in less time: some take one step, all of them, and then the next.

    So what a step reads, patterns and words, stays in the processor's cache meanwhile.
    """
    if own:
        return [_with_own(each, kinds, find_names, own) for each in interactions]
    clean: list[Redacted] = []
    for start in range(0, len(interactions), _AT_ONCE):
        some = interactions[start : start + _AT_ONCE]
        cleaners = [_Cleaner(interaction, ALWAYS | set(kinds), find_names) for interaction in some]
        for step in _STEPS:
            for cleaner in cleaners:
                step(cleaner)
        clean += [cleaner.redacted() for cleaner in cleaners]
    return clean


def _with_own(
    interaction: CanonicalInteraction,
    kinds: Collection[str],
    find_names: NameFinder | None,
    own: OwnWords,
) -> Redacted:
    """Redacted, with the organization's own words taken out and what it keeps left alone."""
    curtain = Curtain(own)
    clean, counts = redact(curtain.hide(interaction), kinds, find_names=find_names)
    if curtain.removed:
        counts[WORD] = curtain.removed
    return curtain.show(clean), counts


class _Cleaner:
    """Redacts the parts of one interaction, in the order of _STEPS, and counts what it finds."""

    def __init__(
        self,
        interaction: CanonicalInteraction,
        kinds: frozenset[str],
        find_names: NameFinder | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._interaction = interaction
        self._turns = interaction.turns
        self._kinds = kinds
        self._find_names = find_names
        self._finds = Finds(self.counts, kinds)
        self._clean_labels: set[str] = set()

    def read_words(self) -> None:
        """The words of each turn, which tell what may stand in it."""
        self._words = words_of_each([turn.text for turn in self._turns])

    def hear_talk(self) -> None:
        """Personal data but names go from what was said; what each turn was asked for."""
        heard = hear(self._turns, self._words, self.counts, self._kinds)
        self._said, self._asked, self._chains = heard.said, heard.asked, heard.chains

    def hear_introductions(self) -> None:
        """Where the talk introduces names, by turn, and where the finder sees some."""
        self._introduced: dict[int, list[Introduced]] = {}
        if NAME not in self._kinds:
            return
        for index, said in enumerate(self._said):
            turn = self._turns[index]
            words = self._words[index] if said == turn.text else None
            if found := introduced(said, turn.role, self._asked[index], words):
                self._introduced[index] = found
        for chain in self._chains:
            self._hear_together(chain)
        if self._find_names and is_readable(self._interaction.language):
            self._add_found(self._find_names)

    def gather_names(self) -> None:
        """All names that are known by now, the agent's own apart, and whether one is said."""
        names, own = [*_names(self._interaction)], [*_agents(self._interaction)]
        for index, found in self._introduced.items():
            for introduction in found:
                name = (
                    introduction.spelt or self._said[index][introduction.start : introduction.end]
                )
                (own if introduction.own else names).append(name)
        self._names = Names(names, keep=own)
        self._bare = {i: self._without(each, self._said[i]) for i, each in self._introduced.items()}
        left = [self._bare.get(index, said) for index, said in enumerate(self._said)]
        self._names_said = self._names.may_be_in("\n".join(left))

    def redact_rest(self) -> None:
        """Names go everywhere, and personal data from what surrounds the talk."""
        whole = self._interaction
        self._clean = replace(
            whole,
            customer=self.customer(whole.customer),
            subject=self.text(whole.subject) if whole.subject else None,
            metadata=self.metadata(whole.metadata),
            turns=tuple(map(self.turn, count(), whole.turns, self._asked)),
            agents=self.agents(whole.agents),
        )

    def redacted(self) -> Redacted:
        """What came of it; done again where a mark has laid bare another introduction."""
        clean = self._clean
        if self._hears_more(clean.turns):
            clean, more = redact(clean, self._kinds)
            self.counts.update(more)
        return clean, {kind: count for kind, count in self.counts.items() if count}

    def text(self, said: str, lead: str = "", asked: str = "", role: str = "") -> str:
        """What is said, clean of both data and names; `lead` announces it and is not part of it."""
        for _ in range(MAX_PASSES):
            counts: Counter[str] = Counter()
            cleaned = redact_text(lead + said, counts, kinds=self._kinds, asked=asked, role=role)
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
        """A speaker's label or the like, clean; one that was found to be so is not read again."""
        if label not in self._clean_labels:
            cleaned = self._label(label)
            if cleaned != label:
                return cleaned
            self._clean_labels.add(label)
        return label

    def _label(self, label: str) -> str:
        cleaned = redact_text(label, self.counts, kinds=self._kinds)
        return self._names.redact_label(cleaned, self._finds)

    def turn(self, index: int, turn: CanonicalTurn, asked: str) -> CanonicalTurn:
        speaker = self.label(turn.speaker) if turn.speaker else turn.speaker
        said = self._said[index]
        clean = self._bare.get(index, said)
        if self._names_said:
            clean = self._names.redact(clean, self._finds)
        if clean != said:
            clean = self.text(clean, asked=asked, role=turn.role)
        if clean == turn.text and speaker == turn.speaker:
            return turn
        return replace(turn, text=clean, speaker=speaker)

    def _hear_together(self, chain: tuple[int, ...]) -> None:
        """Names that turns introduce together which go on with one another."""
        texts = [self._said[index] for index in chain]
        first = self._turns[chain[0]]
        for name in introduced(" ".join(texts), first.role, self._asked[chain[0]]):
            start = 0
            for index, text in zip(chain, texts, strict=True):
                begin, end = max(name.start - start, 0), min(name.end - start, len(text))
                if begin < end and text[begin:end].strip():
                    self._introduced.setdefault(index, []).append(
                        Introduced(begin, end, own=name.own)
                    )
                start += len(text) + 1

    def _add_found(self, find_names: NameFinder) -> None:
        """Take what the finder points at as introduced too, wherever somebody speaks."""
        spoken = [index for index, turn in enumerate(self._turns) if turn.role != "system"]
        names = found_names([self._said[index] for index in spoken], find_names)
        for index, found in zip(spoken, names, strict=True):
            if found:
                self._introduced[index] = [*self._introduced.get(index, ()), *found]

    def _hears_more(self, turns: tuple[CanonicalTurn, ...]) -> bool:
        """True if turns, now redacted, introduce names that they hid before."""
        return NAME in self._kinds and any(
            not introduction.own
            and not self._names.keeps(turn.text[introduction.start : introduction.end])
            for turn, said, asked in zip(turns, self._said, self._asked, strict=True)
            if turn.text != said
            for introduction in introduced(turn.text, turn.role, asked)
        )

    def _without(self, introduced: Iterable[Introduced], text: str) -> str:
        """The text with marks where it introduces names other than the agent's."""
        if not introduced:
            return text
        parts: list[str] = []
        position = 0
        for introduction in sorted(
            introduced, key=lambda introduction: (introduction.start, -introduction.end)
        ):
            said = text[introduction.start : introduction.end]
            if (
                not introduction.own
                and introduction.start >= position
                and not self._names.keeps(said)
            ):
                parts += [text[position : introduction.start], self._finds.mark(NAME, said)]
                position = introduction.end
        return "".join([*parts, text[position:]])

    def agents(self, agents: tuple[SpeakingAgent, ...]) -> tuple[SpeakingAgent, ...]:
        """Their labels as the turns have them now; one that two of them would share is nobody's.

        What is found in them was counted in the turns.
        """
        counted = Counter(self.counts)
        clean = [
            replace(each, speakers=tuple(dict.fromkeys(map(self.label, each.speakers))))
            for each in agents
        ]
        self.counts.clear()
        self.counts.update(counted)
        owners = Counter(label.casefold() for each in clean for label in each.speakers)
        return tuple(
            replace(each, speakers=tuple(s for s in each.speakers if owners[s.casefold()] == 1))
            for each in clean
        )

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


_STEPS: Final = (
    _Cleaner.read_words,
    _Cleaner.hear_talk,
    _Cleaner.hear_introductions,
    _Cleaner.gather_names,
    _Cleaner.redact_rest,
)


def _names(interaction: CanonicalInteraction) -> Iterator[str]:
    """The customer's names as the source gives them."""
    if interaction.customer and interaction.customer.name:
        yield interaction.customer.name
    for speaker in dict.fromkeys(
        turn.speaker for turn in interaction.turns if turn.role == "customer"
    ):
        if speaker:
            yield _without_mood(without_asides(speaker))
    yield from _names_in(interaction.metadata)


def _without_mood(label: str) -> str:
    """A speaker's label without what stands in brackets beside a role: "CUSTOMER (crying)"."""
    found = _ASIDE.match(label)
    if not found or words_of(found[1]):
        return label
    aside = words_of(found[2])
    cased = label != label.upper()
    if len(aside) > 1 and cased and all(word[0].isupper() for word in aside):
        return label
    plain = aside[0].casefold() if aside else ""
    named = cased and plain and aside[0][0].isupper() and plain not in COMMON
    return label if named and not plain.endswith(("ing", "ed", "ly", "ous")) else found[1]


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
    for each in interaction.agents:
        yield from filter(None, (each.agent.name, *each.speakers))
    for turn in interaction.turns:
        if turn.role in ("agent", "bot") and turn.speaker:
            yield without_asides(turn.speaker)


def _plain(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()
