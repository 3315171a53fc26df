"""One conversation of a session as all its readers have it, side by side. Reads nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from qa.agreement.alpha import Level
from qa.calibration.measures import Unit, majority
from qa.calibration.models import NO_FEELING, Agreed, Comment, Item
from scorecards import card
from scorecards.card import NA, Answer, Question
from scorecards.card.answers import as_number
from scorecards.reading import Stretch, next_replies, quote, scored_turns, spans_of

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees in one turn: a feeling and what became of it, or nothing."""

    emotion: str = ""  # the pre-score's may be UNSURE
    choice: str = NO_FEELING
    presence: float | None = None  # how sure the pre-score is that there is a feeling

    @property
    def none(self) -> bool:
        return self.choice == NO_FEELING


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has submitted their reading of this conversation."""

    pk: UUID
    name: str
    moments: Mapping[int, Seen]
    answers: Mapping[str, Answer]
    remark: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One reader's word, and whether it differs from what most say."""

    reader: Reader
    seen: Seen = Seen()
    word: str = ""
    cause: str = ""
    differs: bool = False
    refelt: bool = False  # the same outcome, another feeling


@dataclass(frozen=True, slots=True)
class Row:
    """One moment or question with everybody's word."""

    target: str
    cells: Sequence[Cell]
    most: str  # what more than half say; empty where they are split
    emotion: str = ""  # the feeling that more than half see
    agreed: Agreed | None = None
    comments: Sequence[Comment] = ()

    @property
    def comparable(self) -> bool:
        """True if at least two have judged it: one word alone differs from nothing."""
        return len(self.cells) > 1

    @property
    def split(self) -> bool:
        return self.comparable and not self.most

    @property
    def felt_apart(self) -> bool:
        """True if several feelings are seen, none of them by more than half."""
        return not self.emotion and len({cell.seen.emotion for cell in self.cells} - {""}) > 1

    @property
    def same(self) -> bool:
        """True if several have judged it, and alike."""
        apart = self.felt_apart or any(cell.differs or cell.refelt for cell in self.cells)
        return bool(self.most) and not apart


@dataclass(frozen=True, slots=True)
class MomentRow(Row):
    """A turn in which somebody sees a feeling."""

    turn: int = 0
    words: tuple[Stretch, ...] = ()
    replies: tuple[tuple[Stretch, ...], ...] = ()
    machine: Seen = Seen()

    @property
    def value(self) -> str:
        """What the form of the result is filled in with."""
        return self.agreed.value if self.agreed else self.most

    @property
    def feeling(self) -> str:
        """The feeling that the form of the result is filled in with."""
        return self.agreed.emotion if self.agreed else self.emotion

    @property
    def held(self) -> Seen:
        return Seen(self.agreed.emotion, self.agreed.value) if self.agreed else Seen()


@dataclass(frozen=True, slots=True)
class QuestionRow(Row):
    """A question of the card; the pre-score says nothing of these."""

    question: Question = field(default_factory=lambda: Question("", ""))

    @property
    def value(self) -> str:
        """What the form of the result is filled in with."""
        return self.agreed.value if self.agreed else self.most

    @property
    def held(self) -> str:
        return self.question.word(self.agreed.value) if self.agreed else ""

    @property
    def most_word(self) -> str:
        return self.question.word(self.most)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be recorded, with its word; none for numbers."""
        chosen = [(option.value, option.label) for option in self.question.options]
        return [*chosen, (NA, "N/A")] if self.question.na and chosen else chosen


class Compared:
    """An item and its readers."""

    def __init__(
        self,
        item: Item,
        readers: Sequence[Reader],
        *,
        machine: Mapping[int, Seen],
        agreed: Mapping[str, Agreed],
        comments: Sequence[Comment] = (),
    ) -> None:
        self.item, self.readers, self.machine, self.agreed = item, readers, machine, agreed
        self._comments = comments
        self.card = card.read(item.scorecard_version.body)
        self.turns: Sequence[Mapping[str, Any]] = item.interaction.transcript.turns

    @cached_property
    def moments(self) -> list[MomentRow]:
        """Every turn in which a reader sees a feeling, in the order of the conversation."""
        turns = sorted({turn for reader in self.readers for turn in reader.moments})
        return [self._moment(turn) for turn in turns]

    @cached_property
    def questions(self) -> list[QuestionRow]:
        """Every question that somebody has answered, but for free text."""
        rows = [
            self._question(question)
            for question in self.card.questions
            if question.kind != card.shape.TEXT
        ]
        return [row for row in rows if row.cells]

    @property
    def rows(self) -> list[Row]:
        return [*self.moments, *self.questions]

    @property
    def open_parts(self) -> int:
        """How many moments and questions have no recorded result."""
        return sum(row.agreed is None for row in self.rows)

    @property
    def comparable(self) -> bool:
        """True if at least two have read it."""
        return len(self.readers) > 1

    @property
    def compared_rows(self) -> list[Row]:
        """The moments and questions that at least two have judged."""
        return [row for row in self.rows if row.comparable]

    @property
    def differing(self) -> int:
        """How many of these are not seen alike by all."""
        return sum(not row.same for row in self.compared_rows)

    @property
    def machine_alone(self) -> list[tuple[int, Seen, tuple[Stretch, ...]]]:
        """Feelings that the pre-score found, and no reader."""
        told = {turn for reader in self.readers for turn in reader.moments}
        return [
            (turn, seen, self._words(turn))
            for turn, seen in sorted(self.machine.items())
            if turn not in told and turn < len(self.turns)
        ]

    @property
    def remarks(self) -> list[Reader]:
        return [reader for reader in self.readers if reader.remark]

    @property
    def comments(self) -> list[Comment]:
        """What was said of the conversation as a whole."""
        return self._about("")

    def units(self, label: str) -> list[Unit]:
        """What was judged, for "cue", "emotion" or "outcome"."""
        place = self.item.position
        if label == "cue":
            return [
                Unit(
                    place,
                    {reader.pk: YES if turn in reader.moments else NO for reader in self.readers},
                )
                for turn, said in enumerate(self.turns)
                if said["role"] == "customer"
            ]
        found = []
        for turn in sorted({turn for reader in self.readers for turn in reader.moments}):
            seen = {reader.pk: reader.moments.get(turn, Seen()) for reader in self.readers}
            if label == "emotion":
                found.append(
                    Unit(place, {pk: choice.emotion or NO_FEELING for pk, choice in seen.items()})
                )
            else:
                both = {pk: reading.choice for pk, reading in seen.items() if not reading.none}
                found.append(Unit(place, both))
        return found

    def answer_unit(self, question: Question) -> Unit:
        """One question of this conversation; N/A is no step of a scale and no number."""
        said: dict[Any, str | float] = {}
        numeric = level_of(question) != "nominal"
        for reader in self.readers:
            given = reader.answers.get(question.id)
            if given is None:
                continue
            number = as_number(given.value) if numeric and given.value != NA else None
            if number is not None:
                said[reader.pk] = number
            elif not numeric:
                said[reader.pk] = given.value
        return Unit(self.item.position, said)

    def _moment(self, turn: int) -> MomentRow:
        seen = [reader.moments.get(turn, Seen()) for reader in self.readers]
        most = str(majority([reading.choice for reading in seen]) or "")
        feeling = str(majority([reading.emotion for reading in seen if not reading.none]) or "")
        cells = [
            Cell(
                reader,
                reading,
                differs=bool(most) and reading.choice != most,
                refelt=bool(feeling)
                and reading.choice == most
                and reading.emotion not in {"", feeling},
            )
            for reader, reading in zip(self.readers, seen, strict=True)
        ]
        target = f"moment:{turn}"
        return MomentRow(
            target,
            cells,
            most,
            feeling,
            self.agreed.get(target),
            self._about(target),
            turn=turn,
            words=self._words(turn),
            replies=tuple(self._words(index) for index in next_replies(self.turns, turn)),
            machine=self.machine.get(turn, Seen()),
        )

    def _question(self, question: Question) -> QuestionRow:
        given = [
            (reader, reader.answers[question.id])
            for reader in self.readers
            if question.id in reader.answers
        ]
        most = str(majority([answer.value for _, answer in given]) or "")
        cells = [
            Cell(
                reader,
                word=question.word(answer.value),
                cause=answer.cause,
                differs=bool(most) and answer.value != most,
            )
            for reader, answer in given
        ]
        target = f"answer:{question.id}"
        held, said = self.agreed.get(target), self._about(target)
        return QuestionRow(target, cells, most, "", held, said, question=question)

    def _about(self, target: str) -> list[Comment]:
        return [comment for comment in self._comments if comment.target == target]

    def _words(self, turn: int) -> tuple[Stretch, ...]:
        text = self.turns[turn]["text"]
        return quote(text, spans_of(self._scored.get(turn), text))

    @cached_property
    def _scored(self) -> dict[int, Mapping[str, Any]]:
        return scored_turns(self.item.prescore.result)


def level_of(question: Question) -> Level:
    """How answers to this kind of question are compared."""
    if question.kind == card.shape.SCALE:
        return "ordinal"
    return "interval" if question.kind == card.shape.NUMBER else "nominal"
