"""What a file leaves open: told by a person or remembered for its source, else asked.

    result = read(data, name, by=member, told=SourceAnswers(asks=True))
    result.asks        # questions that nobody has answered yet
    result.pushed      # read the cautious way where a question is open

Each question has a function that gives its Answer, or the Ask. Nothing here keeps anything:
preview and labels in a question are redacted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from qa.intake.asks import Answer, Ask, Known, answer_or_ask
from qa.intake.facts import NO_FACTS, Facts
from qa.intake.question_details import (
    column_details,
    format_details,
    label_words,
    piece_details,
    preview,
    table_head,
)
from qa.intake.role_question import settle_roles
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
from transcripts.formats.envelopes import unlabelled
from transcripts.formats.limits import UNLIMITED
from transcripts.formats.pieces import Piece, cut, turns_of
from transcripts.formats.registry import CLEAR_LEAD
from transcripts.formats.source import Source
from transcripts.models import RememberedAnswer
from transcripts.remembered import Key

READS_ANEW: Final = (Question.FORMAT, Question.COLUMNS)
ABOUT_SPEAKERS: Final = (Question.PIECES, Question.ROLES)
WORDS_KEPT: Final = 300


@dataclass(frozen=True, slots=True)
class SourceAnswers:
    """What the person who sends a file says of it. With `asks` they can be asked for more."""

    format: str | None = None
    channel: str | None = None
    answers: Mapping[Key, Any] = field(default_factory=dict)
    facts: Facts = NO_FACTS  # for what a file does not say
    remember: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A file as far as it could be read: what it holds, what was answered, what is still open."""

    parsed: Parsed
    pushed: tuple[Pushed, ...]
    answers: tuple[Answer, ...]
    asks: tuple[Ask, ...]
    recalled: tuple[RememberedAnswer, ...] = ()
    known: Known = field(default_factory=dict)  # the answers under which it was read
    form: Callable[[], dict[str, Any]] | None = None  # what is kept of it while it asks

    @property
    def preview(self) -> list[dict[str, str]]:
        return preview(self.pushed[0].as_settled) if self.pushed else []


Reader: TypeAlias = Callable[[Known], ReadResult]


@dataclass(frozen=True, slots=True)
class _File:
    """A file, and the format that it is read as; of a table, with its header and first row."""

    data: bytes
    name: str
    format: str
    header: list[str]
    first_row: list[str]

    @property
    def source(self) -> tuple[str, ...]:
        """What files of one source have in common."""
        return self.format, *self.header

    def source_words(self) -> str:
        """Describe the source to people."""
        told = {"format": gettext(FORMATS[self.format].title)}
        if not self.header:
            return gettext("%(format)s files") % told
        told["columns"] = ", ".join(map(label_words, self.header))
        return gettext("%(format)s files with the columns %(columns)s") % told


def read(
    data: bytes, name: str, *, by: Actor, told: SourceAnswers, limits: Limits = UNLIMITED
) -> ReadResult:
    """Read a file with all that is known of it. FormatError if it can't be read at all.

    It is read again until nothing more of what it leaves open is remembered.
    """
    reader = partial(read_once, data, name, told, by=by, limits=limits)
    return read_with_remembered(reader, told.answers, by=by)


def read_with_remembered(reader: Reader, told: Known, *, by: Actor) -> ReadResult:
    """Read with what was told and, one question leading to the next, what is remembered."""
    known = dict(told)
    recalled: list[RememberedAnswer] = []
    while True:
        result = reader(known)
        found = remembered.recall((ask.key for ask in result.asks), by=by)
        if not found:
            return replace(result, recalled=tuple(recalled), known=known)
        recalled += found
        known |= {(answer.question, answer.fingerprint): answer.value for answer in found}


def remember(result: ReadResult, told: SourceAnswers, *, by: Membership) -> None:
    """Keep the answers that a person just gave, as far as they fit other files of the source."""
    for answer in result.answers:
        if answer.words and answer.key in told.answers and answer.value not in ({}, [], None):
            words = answer.words()[:WORDS_KEPT]
            remembered.remember(by=by, key=answer.key, value=answer.value, words=words)


def read_once(
    data: bytes, name: str, told: SourceAnswers, known: Known, *, by: Actor, limits: Limits
) -> ReadResult:
    """Read a file with the answers that are known by now, and see what it still leaves open."""
    chosen, of_format = (told.format, None) if told.format else _format(data, name, known)
    file = _file(data, name, chosen)
    of_source = {question: find(file, known) for question, find in OF_SOURCE.items()}
    given = {q: point.value for q, point in of_source.items() if isinstance(point, Answer)}
    refusal: FormatError | None = None
    try:
        parsed = _parse(file, told.channel, given, limits)
    except FormatError as error:
        refusal = error
        parsed = Parsed(file.format, (), open=(error.question,) if error.question else ())
    stated = _as_cut(file, parsed) if given.get(Question.PIECES) else parsed.interactions
    pushed, of_roles = settle_roles(parsed, stated, known, by=by)
    if given.get(Question.PIECES):  # whose turns stay without a role was told as well
        of_roles = None
    asks = _to_ask([of_format, *map(of_source.get, parsed.open), of_roles])
    if refusal and (not asks or (refusal.question is Question.PIECES and not told.asks)):
        raise refusal
    points = (of_format, *of_source.values(), of_roles)
    answers = tuple(point for point in points if isinstance(point, Answer))
    return ReadResult(parsed, tuple(pushed), answers, asks)


def _to_ask(points: Iterable[Answer | Ask | None]) -> tuple[Ask, ...]:
    """Pick what is open; who speaks is asked once it is clear how the file is read."""
    asks = [point for point in points if isinstance(point, Ask)]
    if any(ask.question in READS_ANEW for ask in asks):
        asks = [ask for ask in asks if ask.question not in ABOUT_SPEAKERS]
    return tuple(asks)


def _file(data: bytes, name: str, format: str) -> _File:  # noqa: A002
    table = "csv" in FORMATS[format].extensions
    header, first_row = table_head(data, name) if table else ([], [])
    return _File(data, name, format, header, first_row)


def _parse(
    file: _File, channel: str | None, given: Mapping[Question, Any], limits: Limits
) -> Parsed:
    zone, places = given.get(Question.TIME_ZONE), given.get(Question.COLUMNS) or {}
    header = file.header
    answers = Answers(
        day_first=given.get(Question.DAY_FIRST),
        time_zone=ZoneInfo(zone) if zone else None,
        columns={meaning: header[at] for meaning, at in places.items() if at < len(header)},
        pieces=tuple(given.get(Question.PIECES) or ()),
    )
    parsed = parse(
        file.data,
        name=file.name,
        format=file.format,
        channel=channel or given.get(Question.CHANNEL),
        answers=answers,
        limits=limits,
    )
    return without_counter(parsed)


def _format(data: bytes, name: str, known: Known) -> tuple[str, Answer | Ask | None]:
    """Recognise a file's format; a person chooses where a second one fits nearly as well."""
    found = recognise(data, name)
    if found.clear:
        return found.format, None
    likely = _likely(found)
    point = answer_or_ask(
        Question.FORMAT,
        sorted(likely),
        known,
        words=lambda: gettext("%(formats)s: which it is") % {"formats": _either(sorted(likely))},
        details=partial(format_details, likely),
    )
    chosen = point.value if isinstance(point, Answer) else None
    return chosen if chosen in likely else found.format, point


def _either(formats: Iterable[str]) -> str:
    """Name formats of which a file is one."""
    first, *others = (gettext(FORMATS[name].title) for name in formats)
    for other in others:
        first = gettext("%(first)s or %(second)s") % {"first": first, "second": other}
    return first


def _likely(found: Recognition) -> dict[str, str]:
    """List the formats between which only a person can choose, best first, with the reasons."""
    near = [other for other in found.others if found.confidence - other.confidence < CLEAR_LEAD]
    return {found.format: found.reason} | {other.format: other.reason for other in near}


def _of_source(question: Question, file: _File, known: Known) -> Answer | Ask:
    """Find what belongs to the format and, of a table, its columns."""
    return answer_or_ask(question, file.source, known, words=file.source_words)


def _columns(file: _File, known: Known) -> Answer | Ask:
    """Find which column of a table holds what."""
    details = partial(column_details, file.header, file.first_row)
    return answer_or_ask(
        Question.COLUMNS, file.source, known, words=file.source_words, details=details
    )


def _pieces(file: _File, known: Known) -> Answer | Ask:
    """Find who speaks in each piece of a text. What was told of one file's pieces fits no other."""
    content = (file.format, sha256(file.data).hexdigest())
    other = any(question == Question.PIECES for question, _ in known)
    return answer_or_ask(
        Question.PIECES,
        content,
        known,
        details=lambda: {**piece_details(file.data, file.name), "other_file": other},
    )


OF_SOURCE: Final[Mapping[Question, Callable[[_File, Known], Answer | Ask]]] = {
    Question.CHANNEL: partial(_of_source, Question.CHANNEL),
    Question.DAY_FIRST: partial(_of_source, Question.DAY_FIRST),
    Question.TIME_ZONE: partial(_of_source, Question.TIME_ZONE),
    Question.COLUMNS: _columns,
    Question.PIECES: _pieces,
}


def pieces_of(data: bytes, name: str) -> tuple[Piece, ...]:
    """Cut a text without labels into the pieces that are told apart."""
    return cut(unlabelled(Source(data, name)))


def _as_cut(file: _File, parsed: Parsed) -> tuple[CanonicalInteraction, ...]:
    """Take a text as the file itself has it, so that it stays the same one however it is told."""
    pieces = pieces_of(file.data, file.name)
    turns = tuple(turn for piece in pieces for turn in turns_of([piece], ["unknown"]))
    return tuple(replace(interaction, turns=turns) for interaction in parsed.interactions)
