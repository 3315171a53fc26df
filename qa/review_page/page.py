"""The review page: one draft or confirmed review as its templates draw it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from qa.audit.models import AuditEvent
from qa.organizations.models import Membership
from qa.review_page.card_view import CardView
from qa.review_page.conversation_map import Map, draw
from qa.reviews.models import Decision, Review, ReviewMoment, ReviewStep
from qa.reviews.proposals import proposals
from qa.reviews.steps import last_step
from qa.reviews.trust import is_withheld, withheld
from scorecards.apologies import apologies_by_turn, explained, ledger
from scorecards.card import Scores
from scorecards.choices import choice_of
from scorecards.models import Moment
from scorecards.reading import (
    NoteLike,
    ReadTurn,
    Span,
    Stretch,
    next_replies,
    quote,
    read,
    scored_turns,
    spans_of,
)

QUOTE = 420


@dataclass(frozen=True, slots=True)
class MomentView:
    """One moment of the review: the machine's word and the person's, side by side."""

    number: int
    row: ReviewMoment
    withheld: bool = False  # the person has to choose; the pre-score is not trusted with this

    @property
    def cue_turn(self) -> int:
        return self.row.cue_turn

    @property
    def machine(self) -> Moment | None:
        return self.row.moment

    @property
    def final(self) -> ReviewMoment | None:
        """The person's word; None while it is pending and where it is "no feeling here"."""
        return self.row if self.row.outcome else None

    @property
    def pending(self) -> bool:
        return self.row.decision == Decision.PENDING

    @property
    def unset(self) -> bool:
        """Whether nothing may be filled in before the person has chosen."""
        return self.withheld and self.pending

    @property
    def rejected(self) -> bool:
        return self.row.decision == Decision.REJECTED

    @property
    def holds(self) -> Any:
        """What counts now: the person's word, else the machine's."""
        return self.final or self.row.moment

    @property
    def emotion(self) -> str:
        return str(self.holds.emotion)

    @property
    def refelt(self) -> bool:
        """Whether the person sees another feeling than the machine."""
        machine, final = self.machine, self.final
        return bool(machine and final and machine.emotion != final.emotion)

    @property
    def choice(self) -> str:
        return choice_of(self.final.outcome, self.final.strength) if self.final else ""

    @property
    def machine_choice(self) -> str:
        return choice_of(self.machine.outcome, self.machine.strength) if self.machine else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn quoted in the moment's panel."""

    index: int
    role: str
    who: str
    stretches: tuple[Stretch, ...]
    reasons: tuple[tuple[str, str], ...]  # (kind of evidence, why)


class HalfNoteLike(NoteLike, Protocol):
    """A note that is being written."""

    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class HalfNoteView:
    """A note that is being written, and the words that it is pinned to."""

    note: HalfNoteLike
    quote: str


class ReviewPage:
    """What the templates ask for. Reads two rows of its own: the moments, and nothing else."""

    def __init__(
        self,
        review: Review,
        *,
        by: Membership,
        notes: Iterable[NoteLike] = (),
        half_notes: Iterable[HalfNoteLike] = (),
        cue: int | None = None,
        adding: int | None = None,
        onward: bool = False,
    ) -> None:
        self.review, self.by = review, by
        self.interaction = review.interaction
        self.notes = list(notes)
        self._half_notes = half_notes
        self.editable = review.status == Review.Status.OPEN and review.specialist_id == by.pk
        self.confirmed = review.status == Review.Status.CONFIRMED
        self.hidden = review.hides_machine and (review.calibrates or not self.confirmed)
        self.blinded = self.hidden and not review.calibrates  # until it is committed
        self.result: Mapping[str, Any] = {} if self.hidden else review.prescore.result
        self.withheld = withheld(by) if self.editable else {}
        self.source: Sequence[Mapping[str, Any]] = review.interaction.transcript.turns
        rows = ReviewMoment.objects.visible_to(by).filter(review=review).select_related("moment")
        self.moments = [
            MomentView(n, row, bool(row.moment and is_withheld(row.moment, self.withheld)))
            for n, row in enumerate(rows.order_by("cue_turn"), 1)
        ]
        self.wanted = cue
        self.onward = onward
        self.adding = adding if self._may_add(adding) else None

    @cached_property
    def current(self) -> MomentView | None:
        """The moment in the panel: the one asked for, else the first that is not decided.

        With `onward` the one asked for is done with, and the next undecided one takes its place.
        """
        if self.adding is not None:
            return None
        asked = next((one for one in self.moments if one.cue_turn == self.wanted), None)
        first = self.moments[0] if self.moments else None
        if self.onward:
            return self.next_pending or asked or first
        return asked or self.next_pending or first

    @cached_property
    def next_pending(self) -> MomentView | None:
        """The next undecided moment after the one asked for, else the first of all."""
        open_ones = [one for one in self.moments if one.pending]
        after = (one for one in open_ones if one.cue_turn > (self.wanted or -1))
        return next(after, open_ones[0] if open_ones else None)

    @cached_property
    def previous(self) -> MomentView | None:
        """The moment before the current one."""
        return self._beside(-1)

    @cached_property
    def following(self) -> MomentView | None:
        """The moment after the current one."""
        return self._beside(1)

    @cached_property
    def undoable(self) -> str:
        """What `undo` takes back, in words: "moment 2", "3 moments", "2 answers", "a note"."""
        step = last_step(self.review, by=self.by) if self.editable else None
        if step is None:
            return ""
        if step.kind == ReviewStep.Kind.NOTE:
            return "the note"
        if step.kind == ReviewStep.Kind.ANSWERS:
            return "the answer" if len(step.questions) == 1 else f"{len(step.questions)} answers"
        numbers = {one.cue_turn: one.number for one in self.moments}
        if len(step.turns) > 1:
            return f"{len(step.turns)} moments"
        number = numbers.get(step.turns[0])
        return f"moment {number}" if number else "the moment taken away"

    @property
    def pending(self) -> int:
        return sum(one.pending for one in self.moments)

    @property
    def acceptable(self) -> int:
        """How many moments may be confirmed at once."""
        return sum(one.pending and not one.withheld for one in self.moments)

    @property
    def unanswered(self) -> int:
        return self.card.unfinished

    @cached_property
    def changed(self) -> list[MomentView]:
        """The moments on which the person and the machine differ."""
        return [one for one in self.moments if not one.pending and _differs(one)]

    @cached_property
    def card(self) -> CardView:
        """The scorecard; what is not decided yet counts as the machine has it."""
        counted = [one.holds for one in self.moments if not one.rejected]
        rows = [one.row for one in self.moments]
        return CardView(
            self.review.scorecard_version.body,
            self.review.answers,
            proposals=proposals(self.review, rows, self.withheld) if self.editable else {},
            moments=[(one.outcome, one.strength) for one in counted],
        )

    @property
    def scores(self) -> Scores:
        """The score as it stands."""
        return self.card.scores

    @cached_property
    def turns(self) -> list[ReadTurn]:
        """The transcript as people read it."""
        begun = {one.cue_turn: one for one in self.moments if not (one.rejected and self.confirmed)}
        return read(self.source, self.result, notes=self.notes, moments=begun)

    @cached_property
    def half_notes(self) -> dict[int, HalfNoteView]:
        """Notes that are being written, by their turn."""
        found = self._half_notes if self.editable else ()
        return {one.turn: HalfNoteView(one, self._words(one)) for one in found}

    def _words(self, one: NoteLike) -> str:
        return self.source[one.turn]["text"][one.start : one.end] if one.end else ""

    def turns_at(self, indices: Iterable[int]) -> list[ReadTurn]:
        """Some turns of the transcript, in order."""
        return [self.turns[index] for index in sorted(set(indices)) if index < len(self.turns)]

    @cached_property
    def cue(self) -> Said | None:
        """The customer's words of the current moment, or of the one that is being added."""
        at = self.adding if self.current is None else self.current.cue_turn
        return None if at is None else self._said(at)

    @cached_property
    def replies(self) -> list[Said]:
        """The agent's turns that answer the current moment."""
        return [self._said(index) for index in self.reply_turns]

    @cached_property
    def reply_turns(self) -> list[int]:
        """Where the agent answers: as the machine paired them, else the agent's next turns."""
        machine = self.current.machine if self.current else None
        if machine is not None:
            return [index for index in machine.response_turns if index < len(self.source)]
        cue = self.adding if self.current is None else self.current.cue_turn
        return [] if cue is None else next_replies(self.source, cue)

    @cached_property
    def apology(self) -> str:
        """What became of the apologies in the current moment: "bare", or "bare, repeated"."""
        return ", ".join(self._apologies)

    @property
    def apology_explained(self) -> str:
        """What these words mean."""
        return explained(self._apologies)

    @cached_property
    def _apologies(self) -> list[str]:
        found = apologies_by_turn(self.result)
        return list(dict.fromkeys(found[at] for at in self.reply_turns if at in found))

    @property
    def ledger(self) -> str:
        """Every apology of the conversation, in words."""
        return ledger(self.result)

    @property
    def ledger_explained(self) -> str:
        """What the words of the ledger mean."""
        return explained()

    @cached_property
    def map(self) -> Map:
        """Every turn as a stretch of a strip, as high as its text is long."""
        begun = {one.cue_turn: one for one in self.moments if not one.rejected}
        answered = {
            index: choice_of(one.holds.outcome, one.holds.strength)
            for one in begun.values()
            for index in self._replies_of(one)
        }
        return draw(self.source, {at: one.emotion for at, one in begun.items()}, answered)

    def _replies_of(self, one: MomentView) -> list[int]:
        if one.machine is not None:
            return list(one.machine.response_turns)
        return next_replies(self.source, one.cue_turn)

    def _said(self, index: int) -> Said:
        turn = self.source[index]
        spans = spans_of(self._scored.get(index))
        return Said(
            index=index,
            role=turn["role"],
            who=turn.get("speaker") or turn["role"].capitalize(),
            stretches=quote(turn["text"], spans, QUOTE),
            reasons=_reasons(spans),
        )

    @cached_property
    def _scored(self) -> dict[int, Mapping[str, Any]]:
        return scored_turns(self.result)

    def _beside(self, step: int) -> MomentView | None:
        at = self.current.number - 1 + step if self.current else -1
        return self.moments[at] if 0 <= at < len(self.moments) else None

    def _may_add(self, turn: int | None) -> bool:
        if turn is None or not self.editable or not 0 <= turn < len(self.source):
            return False
        taken = {one.cue_turn for one in self.moments}
        return self.source[turn]["role"] == "customer" and turn not in taken


def find(pk: UUID, *, by: Membership) -> Review | None:
    """The review with all that its page needs, in one query; None if there is none to see."""
    related = (
        "interaction__agent",
        "interaction__team",
        "interaction__transcript",
        "prescore",
        "scorecard_version",
        "specialist__user",
    )
    rows = Review.objects.visible_to(by).select_related(*related)
    return rows.defer("interaction__transcript__search").filter(pk=pk).first()


def was_here(pk: UUID, *, by: Membership) -> bool:
    """Whether such a review once existed: it was put back, or its time ran out."""
    events = AuditEvent.objects.visible_to(by).filter(target_type="reviews.review")
    return events.filter(target_id=str(pk)).exists()


def _differs(one: MomentView) -> bool:
    return one.row.decision != Decision.ACCEPTED


def _reasons(spans: Iterable[Span]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((span.kind, span.reason) for span in spans if span.reason))
