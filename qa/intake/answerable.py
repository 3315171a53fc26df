"""A file that asks, in a form that is redacted and can still take any answer.

    form = answerable.build(data, name, told=told, known=known, by=member, limits=limits)

A form is one of these, as JSON:

    several   a question with few answers: for each of them a form
    reading   interactions, for questions about speakers and zones, and what they ask
    table     a table of which nobody has said yet what its columns hold: every cell redacted
    refused   what the file is refused for, where it is read under such an answer
    file      nothing: an answer can only be taken with the file at hand, and why

Whoever answers, at once or a day later, answers the form. So the same answer gives the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings

from qa.core.errors import DomainError
from qa.intake import kept, kept_readings, kept_tables
from qa.intake.asks import Ask, Known
from qa.intake.kept import Form
from qa.intake.kept_readings import BESIDE, CLOCK, FileNeededError
from qa.intake.questions import ReadResult, SourceAnswers, pieces_of, read_once
from qa.intake.role_question import source_of, speakers_without_role
from qa.tenancy.base import Actor
from transcripts.formats import FormatError, Limits, Pushed, Question
from transcripts.models import Channel

FEW: Final[Mapping[Question, Sequence[Any]]] = {
    Question.CHANNEL: Channel.values,
    Question.DAY_FIRST: (True, False),
}


@dataclass(slots=True)
class _File:
    """A file on its way into a form, and how much may still be redacted for it."""

    data: bytes
    name: str
    told: SourceAnswers
    by: Actor
    limits: Limits
    left: int
    marked: bool

    def read(self, known: Known) -> ReadResult:
        """Read it; of one that is redacted by now, what was taken out is counted by its marks."""
        result = read_once(self.data, self.name, self.told, known, by=self.by, limits=self.limits)
        if self.marked:
            return replace(result, pushed=tuple(map(kept_readings.marked, result.pushed)))
        return result

    def spend(self, characters: int) -> None:
        """FileNeededError where answers would make too many readings of a long file."""
        self.left -= characters
        if self.left < 0:
            raise FileNeededError("size")


def build(
    data: bytes,
    name: str,
    *,
    told: SourceAnswers,
    known: Known,
    by: Actor,
    limits: Limits,
    marked: bool = False,
) -> Form:
    """Make the form of a file that asks under the answers that are known."""
    file = _File(data, name, told, by, limits, settings.MAX_FILE_CHARACTERS, marked)
    try:
        form = _form(file, dict(known))
    except FileNeededError as error:
        form = needed(error)
    return form if kept.fits(form) else needed(FileNeededError("size"))


def needed(error: FileNeededError) -> Form:
    """Make the form that keeps nothing."""
    return {"kind": "file", "reason": error.reason}


def _form(file: _File, known: Known) -> Form:
    try:
        result = file.read(known)
    except FormatError as error:
        return _refused(error)
    asks = {ask.question: ask for ask in result.asks}
    if ask := asks.get(Question.FORMAT):
        return _several(file, known, ask, [one["value"] for one in ask.details()["choices"]])
    if ask := asks.get(Question.COLUMNS):
        table = kept_tables.to_json(file.data, file.name, spend=file.spend, by=file.by)
        return {"kind": "table", "format": result.parsed.format, "ask": ask.to_dict(), **table}
    for question, answers in FEW.items():
        if ask := asks.get(question):
            return _several(file, known, ask, answers)
    return _reading(file, known, result)


def _several(file: _File, known: Known, ask: Ask, answers: Sequence[Any]) -> Form:
    """A form for each answer; where one of them needs the file, only that one says so."""
    forms = []
    for answer in answers:
        try:
            form = _form(file, {**known, ask.key: answer})
        except FileNeededError as error:
            form = needed(error)
        forms.append([answer, form])
    return {"kind": "several", "ask": ask.to_dict(), "answers": forms}


def _reading(file: _File, known: Known, result: ReadResult) -> Form:
    """Interactions as they are read so far, with what a told role, zone or piece acts on."""
    asks = {ask.question: ask for ask in result.asks}
    if ask := asks.get(Question.PIECES):
        number = len(ask.details()["pieces"])
        result = file.read({**known, ask.key: ["unknown"] * number})
        known = {**known, ask.key: ["unknown"] * number}
        asks |= {ask.question: ask for ask in result.asks}
    pushed, zoneless = result.pushed, [kept_readings.Zoneless()] * len(result.pushed)
    words = _words(result)
    if ask := asks.get(Question.TIME_ZONE):
        there = file.read({**known, ask.key: CLOCK.key})
        beside = file.read({**known, ask.key: BESIDE.key})
        pushed, words = there.pushed, {**words, **_words(there)}
        zoneless = kept_readings.zoneless_of(pushed, beside.pushed)
        result, asks = there, {**asks, **{ask.question: ask for ask in there.asks}}
    elif Question.PIECES in asks:
        pushed = tuple(kept_readings.with_pieces_apart(each, by=file.by) for each in pushed)
    speakers = _speakers(pushed) if Question.ROLES in asks else []
    if speakers:
        kept_readings.refuse_mail_in_mail(each.as_settled for each in pushed)
    file.spend(sum(len(turn.text) for each in pushed for turn in each.as_settled.turns))
    return {
        "kind": "reading",
        "format": result.parsed.format,
        "notes": list(result.parsed.notes),
        "errors": kept_readings.errors_to_json(result.parsed.errors),
        "asks": [ask.to_dict() for ask in asks.values()],
        "words": words,
        "speakers": len(speakers),
        "groups": _groups(speakers),
        "interactions": kept_readings.to_json(pushed, speakers, zoneless, by=file.by),
        "lines": _lines(file) if Question.PIECES in asks else [],
    }


def _speakers(pushed: Sequence[Pushed]) -> list[str]:
    """List the speakers by their places in the answer: those without a role in the file itself."""
    return speakers_without_role([each.as_stated for each in pushed])


def _groups(speakers: Sequence[str]) -> list[int]:
    """Number speakers whom other files of the source name alike; none of it without a name."""
    sources = [source_of(label) for label in speakers]
    return [sources.index(source) for source in sources] if any(sources) else []


def _lines(file: _File) -> list[int]:
    """Number the lines in which the pieces of a text stand."""
    return [piece.line for piece in pieces_of(file.data, file.name)]


def _words(result: ReadResult) -> dict[str, str]:
    """Describe the source of each answer that fits other files too."""
    return {
        answer.key[0]: answer.words()
        for answer in result.answers
        if answer.words and answer.key[0] != Question.ROLES
    }


def _refused(error: DomainError) -> Form:
    faults = [[fault.path, fault.message] for fault in error.faults]
    reason = error.reason if isinstance(error, FormatError) else error.message
    line, field = (error.line, error.field) if isinstance(error, FormatError) else (None, None)
    return {"kind": "refused", "reason": reason, "line": line, "field": field, "faults": faults}
