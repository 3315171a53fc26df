"""What is kept of a file that asks, read with the answers that there are.

    result = answered.read(form, told=told, by=member, limits=limits)

As questions.read, but of a form (answerable.py) in the place of the file itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext

from qa.core.errors import Fault
from qa.intake import answerable, kept_readings, kept_tables
from qa.intake.asks import Answer, Ask, Known
from qa.intake.kept import Form
from qa.intake.kept_readings import FileNeededError
from qa.intake.questions import ReadResult, SourceAnswers, read_once, read_with_remembered
from qa.intake.role_question import speaker_words
from qa.organizations import known_agents
from qa.tenancy.base import Actor
from transcripts.formats import CanonicalInteraction, FormatError, Limits, Parsed, Pushed, Question
from transcripts.formats.pieces import Piece, turns_of
from transcripts.formats.settling import settled
from transcripts.remembered import Key

TABLE: Final = "kept.csv"


def read(form: Form, *, told: SourceAnswers, by: Actor, limits: Limits) -> ReadResult:
    """Read a form with what was told and what is remembered.

    FormatError where the file is refused under these answers, FileNeededError where they need it.
    """
    reader = partial(_read, form, told=told, by=by, limits=limits)
    return read_with_remembered(reader, told.answers, by=by)


def _read(
    form: Form, known: Known, *, told: SourceAnswers, by: Actor, limits: Limits
) -> ReadResult:
    if form["kind"] == "file":
        raise FileNeededError(form["reason"])
    if form["kind"] == "refused":
        faults = [Fault(path, message) for path, message in form["faults"]]
        raise FormatError(form["reason"], line=form["line"], field=form["field"], faults=faults)
    if form["kind"] == "table":
        return _of_table(form, known, told=told, by=by, limits=limits)
    if form["kind"] == "several":
        return _of_several(form, known, told=told, by=by, limits=limits)
    return _of_reading(form, known, by=by)


def _of_several(
    form: Form, known: Known, *, told: SourceAnswers, by: Actor, limits: Limits
) -> ReadResult:
    """Read the form that was made for this answer."""
    ask = Ask.from_dict(form["ask"])
    if ask.key not in known:
        return ReadResult(Parsed("", ()), (), (), (ask,))
    under = next((each for answer, each in form["answers"] if answer == known[ask.key]), None)
    if under is None:
        raise FileNeededError("answer")
    result = _read(under, known, told=told, by=by, limits=limits)
    if any(answer.key == ask.key for answer in result.answers):
        return result
    words = _words_of(under, ask.key)
    return replace(result, answers=(*result.answers, Answer(ask.key, known[ask.key], words)))


def _of_table(
    form: Form, known: Known, *, told: SourceAnswers, by: Actor, limits: Limits
) -> ReadResult:
    """Read the redacted table as the file itself would be read."""
    ask = Ask.from_dict(form["ask"])
    if ask.key not in known:
        return ReadResult(Parsed(form["format"], ()), (), (), (ask,))
    kept_tables.refuse_masked(form, known[ask.key])
    data = form["text"].encode()
    as_table = replace(told, format=form["format"])
    result = read_once(data, TABLE, as_table, known, by=by, limits=limits)
    make = partial(answerable.build, data, TABLE, told=as_table, known=known, by=by)
    make = partial(make, limits=limits, marked=True)
    return replace(result, pushed=tuple(map(kept_readings.marked, result.pushed)), form=make)


def _of_reading(form: Form, known: Known, *, by: Actor) -> ReadResult:
    """Put what was told of zones, pieces and speakers into interactions that were read before."""
    asks = {ask.question: ask for ask in map(Ask.from_dict, form["asks"])}
    labels = _labels(form)
    length = {Question.PIECES: len(form["lines"]), Question.ROLES: len(labels)}
    there = {
        question: known[ask.key]
        for question, ask in asks.items()
        if ask.key in known and (question not in length or len(known[ask.key]) == length[question])
    }
    pieces, roles = there.get(Question.PIECES), there.get(Question.ROLES)
    pushed = []
    for each in form["interactions"]:
        one = kept_readings.from_json(each, there.get(Question.TIME_ZONE))
        one = kept_readings.with_roles(one, each["voices"], roles) if roles is not None else one
        pushed.append(_told_apart(one, form, pieces) if pieces else one)
    pushed = known_agents.settle(pushed, by=by)
    parsed = Parsed(
        form["format"],
        tuple(each.as_settled for each in pushed),
        kept_readings.errors_from_json(form["errors"]),
        tuple(form["notes"]),
    )
    answers = [
        Answer(asks[question].key, value, _words_of(form, asks[question].key))
        for question, value in there.items()
        if question is not Question.ROLES
    ]
    if roles is not None:
        answers.append(_answer_of_roles(form, asks[Question.ROLES], roles, labels))
    still = tuple(ask for question, ask in asks.items() if question not in there)
    return ReadResult(parsed, tuple(pushed), tuple(answers), still)


def _told_apart(pushed: Pushed, form: Form, told: Sequence[str]) -> Pushed:
    """Make turns of the pieces of a text."""
    pieces = [
        Piece(turn.text, line)
        for turn, line in zip(pushed.as_stated.turns, form["lines"], strict=True)
    ]
    turns = turns_of(pieces, told)
    if not turns:
        raise FormatError(gettext("has had every piece left out, so there is nothing to import"))
    talk: CanonicalInteraction = replace(pushed.as_settled, turns=turns)
    (whole,) = settled(Parsed(form["format"], (talk,))).interactions
    return kept_readings.marked(replace(pushed, as_settled=whole))


def _labels(form: Form) -> list[str]:
    """List the speakers to be told apart as they are redacted, by their numbers."""
    found: dict[int, str] = {}
    for each in form["interactions"]:
        for turn, voice in zip(each["settled"]["turns"], each["voices"], strict=True):
            if voice is not None:
                found.setdefault(voice, (turn["speaker"] or "").strip())
    return [found.get(number, "") for number in range(form["speakers"])]


def _answer_of_roles(form: Form, ask: Ask, roles: Sequence[str], labels: Sequence[str]) -> Answer:
    """The answer about speakers; it fits other files where it holds for all of a source."""
    groups = form["groups"]
    alike = groups and len(set(zip(groups, roles, strict=True))) == len(set(groups))
    told = list(zip(labels, roles, strict=True))
    words = partial(speaker_words, form["format"], told) if alike else None
    return Answer(ask.key, roles, words)


def _words_of(form: Mapping[str, Any], key: Key) -> partial[str] | None:
    words = form.get("words", {}).get(key[0])
    return partial(str, words) if words else None
