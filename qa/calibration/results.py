"""What a session's pages show: always the same number of queries, however many read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.calibration.compare import Cell, Compared, Reader, Row, Seen, level_of
from qa.calibration.measures import Agreement, agreement
from qa.calibration.models import Agreed, Assignment, Comment, Item, Session
from qa.core import paging
from qa.organizations.access import MANAGERS
from qa.organizations.models import Membership
from qa.reviews.models import Decision, Review, ReviewMoment
from scorecards.card import Question, read_answers
from scorecards.choices import choice_of
from scorecards.models import Moment

SIZE = 25
FIELDS = ("made_at", "id")
RELATED = ("interaction__agent", "interaction__transcript", "prescore", "scorecard_version")
LABELS = {
    "cue": gettext_lazy("Feeling in this turn"),
    "emotion": gettext_lazy("Which feeling"),
    "outcome": gettext_lazy("Outcome"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The agreement on one label or question."""

    words: str
    kind: str  # what is counted, in a word: turns, feelings or answers
    found: Agreement


@dataclass(frozen=True, slots=True)
class ReaderStats:
    """How often one reader says otherwise than most."""

    name: str
    mine: bool
    done: int
    all: int
    moments: int
    moments_differ: int
    answers: int
    answers_differ: int


@dataclass(frozen=True, slots=True)
class Part:
    """One conversation of the session, and this member's own part in it."""

    item: Item
    own: Assignment | None
    done: int
    all: int
    compared: Compared | None

    @property
    def title(self) -> str:
        """ "Call with Dana Reyes"."""
        interaction = self.item.interaction
        channel = interaction.get_channel_display()
        if interaction.agent is None:
            return channel
        said = {"channel": channel, "name": interaction.agent.name}
        return _("%(channel)s with %(name)s") % said

    @property
    def own_done(self) -> bool:
        review = self.own.review if self.own else None
        return review is not None and review.status == Review.Status.CONFIRMED

    @property
    def to_read(self) -> Review | None:
        """The reading that this member has still to do."""
        review = self.own.review if self.own else None
        return review if review and review.status == Review.Status.OPEN else None


class SessionPage:
    """One session as this member may see it."""

    def __init__(self, session: Session, *, by: Membership, only: Item | None = None) -> None:
        self.session, self.by = session, by
        items = Item.objects.visible_to(by).filter(session=session).select_related(*RELATED)
        items = items.defer("interaction__transcript__search")
        self.readings = list(
            Assignment.objects.visible_to(by)
            .filter(item__session=session)
            .select_related("member__user", "review")
            .order_by("member__user__name", "member_id")
        )
        self.manages = by.role in MANAGERS
        own = [reading for reading in self.readings if reading.member_id == by.pk]
        self.own_left = sum(_open(reading) for reading in own)
        self.takes_part = bool(own)
        # Who reads sees nothing early, done or not: they could still tell the others.
        early = session.is_reading and self.manages and not self.takes_part
        self.shows = session.is_open or early
        rows = list(items.filter(pk=only.pk) if only else items)
        compared = _compare(rows, self.readings, by) if self.shows else {}
        self.parts = [_part(row, self.readings, by, compared.get(row.pk)) for row in rows]

    @property
    def done(self) -> int:
        return sum(_done(reading) for reading in self.readings)

    @property
    def all(self) -> int:
        return len(self.readings)

    @property
    def own(self) -> int:
        return sum(reading.member_id == self.by.pk for reading in self.readings)

    @property
    def compared(self) -> list[Compared]:
        return [part.compared for part in self.parts if part.compared is not None]

    @property
    def open_parts(self) -> int:
        """How many moments and questions of the session have no recorded result."""
        return sum(conversation.open_parts for conversation in self.compared)

    @property
    def people(self) -> list[ReaderStats]:
        """Everybody who reads, with how often they differ where results show."""
        found: dict[UUID, list[Assignment]] = defaultdict(list)
        for reading in self.readings:
            found[reading.member_id].append(reading)
        return [self._stats(pk, rows) for pk, rows in found.items()]

    @property
    def lines(self) -> list[Line]:
        """Agreement on moments, then on each question of the cards."""
        found = []
        for label, words in LABELS.items():
            units = [unit for conversation in self.compared for unit in conversation.units(label)]
            kind = _("turns") if label == "cue" else _("feelings")
            found.append(Line(str(words), kind, agreement(units)))
        return [*found, *(self._line(question) for question in self._questions())]

    def _line(self, question: Question) -> Line:
        cards = [
            conversation
            for conversation in self.compared
            if conversation.card.question(question.id) == question
        ]
        units = [card.answer_unit(question) for card in cards]
        return Line(question.text, _("answers"), agreement(units, level=level_of(question)))

    def _questions(self) -> list[Question]:
        every = [row.question for conversation in self.compared for row in conversation.questions]
        return list({(question.id, question.text): question for question in every}.values())

    def _stats(self, pk: UUID, rows: Sequence[Assignment]) -> ReaderStats:
        moments = _cells(
            pk, [row for conversation in self.compared for row in conversation.moments]
        )
        answers = _cells(
            pk, [row for conversation in self.compared for row in conversation.questions]
        )
        return ReaderStats(
            name=rows[0].member.user.name,
            mine=pk == self.by.pk,
            done=sum(_done(row) for row in rows),
            all=len(rows),
            moments=len(moments),
            moments_differ=sum(moment.differs for moment in moments),
            answers=len(answers),
            answers_differ=sum(answer.differs for answer in answers),
        )


def _cells(pk: UUID, rows: Iterable[Row]) -> list[Cell]:
    """What one reader says in these rows, where another one has judged them too."""
    compared = [row for row in rows if row.comparable]
    return [cell for row in compared for cell in row.cells if cell.reader.pk == pk]


def listed(by: Membership, query: QueryDict) -> paging.Page[Session]:
    """Sessions that this member may see, newest first; always two queries."""
    rows = Session.objects.visible_to(by).select_related("made_by__user")

    return paging.page(rows, *FIELDS, query=query, size=SIZE)


def progress(by: Membership, sessions: Sequence[Session]) -> dict[UUID, dict[str, int]]:
    """Of each session how much is read: in all, and of this member's own."""
    found: dict[UUID, dict[str, int]] = defaultdict(
        lambda: {"done": 0, "all": 0, "left": 0, "own": 0}
    )
    rows = Assignment.objects.visible_to(by).filter(
        item__session__in=[session.pk for session in sessions]
    )
    for pk, member, status in rows.values_list("item__session_id", "member_id", "review__status"):
        counts = found[pk]
        counts["all"] += 1
        counts["done"] += status == Review.Status.CONFIRMED
        counts["own"] += member == by.pk
        counts["left"] += member == by.pk and status == Review.Status.OPEN
    return found


def _compare(
    items: Sequence[Item], readings: Sequence[Assignment], by: Membership
) -> dict[UUID, Compared]:
    done = [reading for reading in readings if _done(reading)]
    moments: dict[Any, dict[int, Seen]] = defaultdict(dict)
    rows = ReviewMoment.objects.visible_to(by).filter(
        review__in=[reading.review_id for reading in done]
    )
    fields = ("cue_turn", "emotion", "outcome", "strength")
    kept = rows.exclude(decision__in=[Decision.REJECTED, Decision.PENDING])
    for pk, turn, emotion, *became in kept.values_list("review_id", *fields):
        moments[pk][turn] = Seen(emotion, choice_of(*became))
    found = Moment.objects.visible_to(by).filter(prescore__in=[item.prescore_id for item in items])
    for moment in found:
        choice = choice_of(moment.outcome, moment.strength)
        moments[moment.prescore_id][moment.cue_turn] = Seen(moment.felt, choice, moment.presence)
    agreed: dict[UUID, dict[str, Agreed]] = defaultdict(dict)
    for record in Agreed.objects.visible_to(by).filter(item__in=items):
        agreed[record.item_id][record.target] = record
    said: dict[UUID, list[Comment]] = defaultdict(list)
    for comment in (
        Comment.objects.visible_to(by).filter(item__in=items).select_related("author__user")
    ):
        said[comment.item_id].append(comment)
    return {
        item.pk: Compared(
            item,
            [_reader(reading, moments) for reading in done if reading.item_id == item.pk],
            machine=moments[item.prescore_id],
            agreed=agreed[item.pk],
            comments=said[item.pk],
        )
        for item in items
    }


def _reader(reading: Assignment, moments: Mapping[Any, Mapping[int, Seen]]) -> Reader:
    review = reading.review
    assert review is not None  # noqa: S101  it is done
    return Reader(
        pk=reading.member_id,
        name=reading.member.user.name,
        moments=moments[review.pk],
        answers=read_answers(review.answers),
        remark=review.summary,
    )


def _part(
    item: Item, readings: Sequence[Assignment], by: Membership, compared: Compared | None
) -> Part:
    here = [reading for reading in readings if reading.item_id == item.pk]
    own = next((reading for reading in here if reading.member_id == by.pk), None)
    return Part(item, own, sum(_done(reading) for reading in here), len(here), compared)


def _open(reading: Assignment) -> bool:
    return reading.review is not None and reading.review.status == Review.Status.OPEN


def _done(reading: Assignment) -> bool:
    return reading.review is not None and reading.review.status == Review.Status.CONFIRMED
