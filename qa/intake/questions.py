"""What a file leaves open: told by a person or remembered for its source, else asked.

    reading = read(data, name, by=member)
    reading.asks        # questions that nobody has answered yet
    reading.parsed      # read the cautious way where a question is open

A question goes with the fingerprint of its source, so that an answer fits only files like the one
it was given for. Nothing here keeps anything: preview and labels in a question are redacted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.crypto import salted_hmac

from qa.intake.question_details import (
    NAMELESS,
    SPEAKERS,
    column_details,
    label_words,
    piece_details,
    preview,
    role_details,
    table_head,
)
from qa.organizations import known_agents
from qa.organizations.models import Membership
from qa.tenancy.base import Actor
from transcripts import remembered
from transcripts.formats import (
    FORMATS,
    Answers,
    CanonicalInteraction,
    FormatError,
    Limits,
    Parsed,
    Pushed,
    Question,
    Recognition,
    parse,
    recognise,
)
from transcripts.formats.counters import without_counter
from transcripts.formats.limits import UNLIMITED
from transcripts.formats.pieces import cut, turns_of
from transcripts.formats.registry import CLEAR_LEAD
from transcripts.formats.roles import assign_roles
from transcripts.formats.source import Source
from transcripts.models import RememberedAnswer
from transcripts.remembered import Key

READS_ANEW: Final = (Question.FORMAT, Question.COLUMNS)  # speakers are asked for after these
WORDS_KEPT: Final = 300
SIDES: Final = {"customer", "agent"}
SHOWN: Final = ("agent", "bot", "system")  # roles whose speakers may be named


@dataclass(frozen=True, slots=True)
class Told:
    """What the person who sends a file says of it. With `asks` they can be asked for more."""

    format: str | None = None
    channel: str | None = None
    answers: Mapping[Key, Any] = field(default_factory=dict)
    remember: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One open question about one file, with what the person needs to answer it."""

    question: Question
    fingerprint: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.question.value, self.fingerprint

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question.value, "fingerprint": self.fingerprint, **self.details}


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as far as it could be read. `stated` has the roles that the file itself states."""

    parsed: Parsed
    stated: tuple[CanonicalInteraction, ...]
    asks: tuple[Ask, ...] = ()
    words: Mapping[Key, str] = field(default_factory=dict)
    recalled: tuple[RememberedAnswer, ...] = ()

    @property
    def preview(self) -> list[dict[str, str]]:
        return preview(self.parsed)


def read(data: bytes, name: str, *, by: Actor, told: Told, limits: Limits = UNLIMITED) -> Reading:
    """Read a file with all that is known of it. FormatError if it can't be read at all."""
    file = _File(data, name, limits)
    answers = dict(told.answers)
    recalled: list[RememberedAnswer] = []
    for _ in Question:
        reading = _Attempt(file, by, told, answers).reading()
        found = remembered.recall([ask.key for ask in reading.asks], by=by) if reading.asks else []
        if not found:
            break
        recalled += found
        answers |= {(one.question, one.fingerprint): one.value for one in found}
    return replace(reading, recalled=tuple(recalled))


def remember(reading: Reading, told: Told, *, by: Membership) -> None:
    """Keep the answers that a person just gave, as far as they fit other files of the source."""
    for key, value in told.answers.items():
        if key in reading.words and value not in ({}, [], None):
            words = reading.words[key][:WORDS_KEPT]
            remembered.remember(by=by, key=key, value=value, words=words)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is read, as often as it takes."""

    data: bytes
    name: str
    limits: Limits


class _Attempt:
    """One reading of a file under certain answers."""

    def __init__(self, file: _File, by: Actor, told: Told, answers: Mapping[Key, Any]) -> None:
        self.data, self.name, self.limits = file.data, file.name, file.limits
        self.by = by
        self.told, self.answers = told, answers
        self.asks: list[Ask] = []
        self.words: dict[Key, str] = {}
        self.format = told.format or self._format()
        table = "csv" in FORMATS[self.format].extensions
        self.head = table_head(self.data, self.name) if table else [[], []]
        self.basis = (self.format, *self.head[0])

    def reading(self) -> Reading:
        try:
            parsed = without_counter(self._parse())
        except FormatError as error:
            if error.question is Question.COLUMNS:
                self._ask_of_source(error.question)
            if error.question is Question.PIECES:
                self._ask_for_pieces(error)
            if not self.asks:
                raise
            return Reading(Parsed(self.format, ()), (), tuple(self.asks), self.words)
        for question in parsed.open:
            if question is not Question.ROLES:
                self._ask_of_source(question)
        stated = parsed.interactions if self._pieces() is None else self._as_cut(parsed)
        if not any(ask.question in READS_ANEW for ask in self.asks):
            parsed = self._with_roles(parsed)
        return Reading(parsed, stated, tuple(self.asks), self.words)

    def _format(self) -> str:
        found = recognise(self.data, self.name)
        if found.clear:
            return found.format
        likely = _likely(found)
        details = {
            "choices": [
                {"value": name, "words": FORMATS[name].title, "reason": reason}
                for name, reason in likely.items()
            ]
        }
        titles = " or ".join(FORMATS[name].title for name in sorted(likely))
        key = self._ask(Question.FORMAT, sorted(likely), f"{titles}: which it is", details)
        answer = self.answers.get(key)
        return answer if answer in likely else found.format

    def _parse(self) -> Parsed:
        zone = self._of_source(Question.TIME_ZONE)
        places = self._of_source(Question.COLUMNS) or {}
        header = self.head[0]
        answers = Answers(
            day_first=self._of_source(Question.DAY_FIRST),
            time_zone=ZoneInfo(zone) if zone else None,
            columns={meaning: header[at] for meaning, at in places.items() if at < len(header)},
            pieces=tuple(self._pieces() or ()),
        )
        channel = self.told.channel or self._of_source(Question.CHANNEL)
        return parse(
            self.data,
            name=self.name,
            format=self.format,
            channel=channel,
            answers=answers,
            limits=self.limits,
        )

    def _of_source(self, question: Question) -> Any:
        """The answer to a question that belongs to the format and, of a table, its columns."""
        key = question.value, _fingerprint(question, self.basis)
        if key in self.answers:
            self.words[key] = self._source_words()
        return self.answers.get(key)

    def _ask_of_source(self, question: Question) -> None:
        details = column_details(self.head) if question is Question.COLUMNS else {}
        self._ask(question, self.basis, self._source_words(), details)

    def _pieces(self) -> list[str] | None:
        """Who speaks in each piece of this very file, as a person told."""
        if not any(question == Question.PIECES for question, _ in self.answers):
            return None
        return self.answers.get((Question.PIECES.value, self._content()))

    def _content(self) -> str:
        """Of this file alone: what was told of its pieces fits no other, and is not remembered."""
        return _fingerprint(Question.PIECES, (self.format, sha256(self.data).hexdigest()))

    def _ask_for_pieces(self, refusal: FormatError) -> None:
        """Ask who speaks in each piece of a text, where there is somebody who can say it."""
        if not self.told.asks:
            raise refusal
        if any(ask.question in READS_ANEW for ask in self.asks):
            return  # first things first
        other = any(question == Question.PIECES for question, _ in self.told.answers)
        details = {**piece_details(self.data, self.name), "other_file": other}
        self.asks.append(Ask(Question.PIECES, self._content(), details))

    def _as_cut(self, parsed: Parsed) -> tuple[CanonicalInteraction, ...]:
        """A text as the file itself has it, so that it stays the same one however it is told."""
        pieces = cut(Source(self.data, self.name).text)
        turns = tuple(turn for one in pieces for turn in turns_of([one], ["unknown"]))
        return tuple(replace(one, turns=turns) for one in parsed.interactions)

    def _source_words(self) -> str:
        words = f"{FORMATS[self.format].title} files"
        if self.head[0]:
            words += f" with the columns {', '.join(label_words(name) for name in self.head[0])}"
        return words

    def _with_roles(self, parsed: Parsed) -> Parsed:
        """With the roles that a person told, and those of the organization's own agents."""
        speakers = _without_role(parsed.interactions)
        sources = [_source(label) for label in speakers]
        key = Question.ROLES.value, _fingerprint(Question.ROLES, (parsed.format, *sources))
        told = self.answers.get(key)
        if told is not None and len(told) == len(speakers):
            parsed = assign_roles(parsed, dict(zip(speakers, told, strict=True)))
            if len(set(zip(sources, told, strict=True))) == len(set(sources)):
                self.words[key] = _speaker_words(parsed.format, zip(speakers, told, strict=True))
        pushed = [Pushed(one, one) for one in parsed.interactions]
        settled = [each.as_settled for each in known_agents.settle(pushed, by=self.by)]
        if any(speakers) and told is None and any(_lacks_a_side(one) for one in settled):
            self.asks.append(Ask(Question.ROLES, key[1], role_details(settled, speakers)))
        return replace(parsed, interactions=tuple(settled))

    def _ask(
        self, question: Question, basis: Sequence[str], words: str, details: dict[str, Any]
    ) -> Key:
        """Ask, unless it is answered."""
        ask = Ask(question, _fingerprint(question, basis), details)
        self.words[ask.key] = words
        if ask.key not in self.answers:
            self.asks.append(ask)
        return ask.key


def _likely(found: Recognition) -> dict[str, str]:
    """The formats between which only a person can choose, best first, with the reasons."""
    near = [one for one in found.others if found.confidence - one.confidence < CLEAR_LEAD]
    return {found.format: found.reason} | {one.format: one.reason for one in near}


def _without_role(interactions: Sequence[CanonicalInteraction]) -> list[str]:
    """The labels of the speakers whose role the file does not state, in an order of their own.

    The order is that of their sources, so that it is the same in the next file of the source.
    """
    labels = {
        (turn.speaker or "").strip()
        for one in interactions
        for turn in one.turns
        if turn.role == "unknown"
    }
    return sorted(labels, key=lambda label: (_source(label), label))


def _source(label: str) -> str:
    """What of a label is the same in a source's next file: of an address, its domain."""
    bare = " ".join(label.casefold().split())
    return f"@{bare.rpartition('@')[2].rstrip('>')}" if "@" in bare else bare


def _lacks_a_side(one: CanonicalInteraction) -> bool:
    """Whether a named speaker may be the customer or the agent that is missing."""
    there = {turn.role for turn in one.turns}
    named = any(turn.role == "unknown" and (turn.speaker or "").strip() for turn in one.turns)
    return named and not there >= SIDES


def _fingerprint(question: Question, basis: Sequence[str]) -> str:
    """A keyed hash: what a source's files have in common can't be guessed back from it."""
    text = "\n".join([question.value, *(part.strip().casefold() for part in basis)])
    return salted_hmac("source of files", text, algorithm="sha256").hexdigest()


def _speaker_words(format: str, told: Iterable[tuple[str, str]]) -> str:  # noqa: A002
    """A source described by its speakers, the customers' names left out."""
    known = [
        f"{label_words(label) or NAMELESS} ({role})" if role in SHOWN else f"a speaker ({role})"
        for label, role in told
    ]
    return f"{FORMATS[format].title} files with {', '.join(known[:SPEAKERS])}"
