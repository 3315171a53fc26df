"""The review page: one draft or confirmed review as its templates draw it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa.audit.models import AuditEvent
from qa.coaching.models import NoteDraft
from qa.organizations.models import Membership
from qa.review_page.conversation_map import Map, draw
from qa.reviews.card_view import CardView
from qa.reviews.conversation import ConversationView, MomentView
from qa.reviews.models import Decision, Review, ReviewMoment, ReviewStep
from qa.reviews.policy import is_withheld, withheld
from qa.reviews.proposals import proposals, weights_of
from qa.reviews.settled_gestures import settled_gestures
from qa.reviews.steps import last_step
from scorecards.apologies import apologies, explained, in_words, ledger
from scorecards.attribution import gestures_by_agent
from scorecards.card import Scores
from scorecards.choices import choice_of
from scorecards.gestures import Quoted, quoted
from scorecards.reading import (
    NoteLike,
    ReadTurn,
    next_replies,
    read,
)
from scorecards.set_aside import set_aside
from transcripts.cast import cast_of


@dataclass(frozen=True, slots=True)
class NoteDraftView:
    """A note that is being written, and the words that it is pinned to."""

    note: NoteDraft
    quote: str


@dataclass(frozen=True, slots=True)
class OpenPart:
    """The first thing that a review lacks before it can be submitted, and where it stands."""

    kind: str  # "moment", "question" or "note"
    words: str
    address: str


class ReviewPage(ConversationView):
    """What the templates ask for. Reads two rows of its own: the moments, and nothing else."""

    def __init__(
        self,
        review: Review,
        *,
        by: Membership,
        notes: Iterable[NoteLike] = (),
        note_drafts: Iterable[NoteDraft] = (),
        cue: int | None = None,
        adding: int | None = None,
        onward: bool = False,
    ) -> None:
        super().__init__(review, by=by, cue=cue)
        self.interaction = review.interaction
        self.notes = list(notes)
        self._note_drafts = note_drafts
        self.editable = review.status == Review.Status.OPEN and review.specialist_id == by.pk
        self.blinded = self.hidden and not review.calibrates  # until it is committed
        self.withheld = withheld(by) if self.editable else {}
        self.onward = onward
        self.adding = adding if self._may_add(adding) else None

    def view_of(self, number: int, row: ReviewMoment) -> MomentView:
        """One row as the page shows it: withheld where the pre-score is not trusted with it."""
        held = bool(row.moment and is_withheld(row.moment, self.withheld))
        return MomentView(number, row, held, self.whose(row))

    @property
    def cue_turn(self) -> int | None:
        """Where the current moment begins, or the one that is being added."""
        return self.adding if self.current is None else self.current.cue_turn

    @cached_property
    def current(self) -> MomentView | None:
        """The moment in the panel: the one asked for, else the first that is not decided.

        With `onward` the one asked for is done with, and the next undecided one takes its place.
        """
        if self.adding is not None:
            return None
        asked = next((moment for moment in self.moments if moment.cue_turn == self.wanted), None)
        first = self.moments[0] if self.moments else None
        if self.onward:
            return self.next_pending or asked or first
        return asked or self.next_pending or first

    @cached_property
    def next_pending(self) -> MomentView | None:
        """The next undecided moment after the one asked for, else the first of all."""
        open_ones = [moment for moment in self.moments if moment.pending]
        after = (moment for moment in open_ones if moment.cue_turn > (self.wanted or -1))
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
        """What the undo button says: "Undo moment 2", "Undo 2 answers"; empty where nothing is."""
        step = last_step(self.review, by=self.by) if self.editable else None
        if step is None:
            return ""
        if step.kind == ReviewStep.Kind.LOCK:
            return _("Undo lock")
        if step.kind == ReviewStep.Kind.NOTE:
            return _("Undo note")
        if step.kind == ReviewStep.Kind.ANSWERS:
            n = len(step.questions)
            return ngettext("Undo answer", "Undo %(n)s answers", n) % {"n": n}
        numbers = {moment.cue_turn: moment.number for moment in self.moments}
        if len(step.turns) > 1:
            n = len(step.turns)
            return ngettext("Undo %(n)s moment", "Undo %(n)s moments", n) % {"n": n}
        number = numbers.get(step.turns[0])
        return _("Undo moment %(number)s") % {"number": number} if number else _("Undo removal")

    @property
    def pending(self) -> int:
        return sum(moment.pending for moment in self.moments)

    @property
    def acceptable(self) -> int:
        """How many moments may be confirmed at once."""
        return sum(moment.pending and not moment.withheld for moment in self.moments)

    @property
    def unanswered(self) -> int:
        return self.card.unfinished

    @property
    def ready(self) -> bool:
        """True if nothing is missing: a note that is half written is."""
        return not (self.blinded or self.pending or self.unanswered or self.note_drafts)

    @property
    def open_part(self) -> OpenPart | None:
        """What to do first before the review can be submitted."""
        if (moment := next((one for one in self.moments if one.pending), None)) is not None:
            words = _("Go to moment %(number)s") % {"number": moment.number}
            return OpenPart("moment", words, f"?moment={moment.cue_turn}#moment")
        if (view := next((q for q in self.card.questions.values() if q.lacks), None)) is not None:
            words = _("Go to “%(question)s”") % {"question": view.question.text}
            return OpenPart("question", words, f"#place-{view.id}")
        if (turn := min(self.note_drafts, default=None)) is not None:
            words = _("Go to the note on turn %(turn)s") % {"turn": turn + 1}
            return OpenPart("note", words, f"#turn-{turn}")
        return None

    @cached_property
    def changed(self) -> list[MomentView]:
        """The moments on which the person and the machine differ."""
        return [moment for moment in self.moments if not moment.pending and _differs(moment)]

    @cached_property
    def card(self) -> CardView:
        """The scorecard; what is not decided yet counts as the machine has it."""
        counted = [moment.counted for moment in self.moments if not moment.rejected]
        rows = [moment.row for moment in self.moments]
        return CardView(
            self.review.scorecard_version.body,
            self.review.answers,
            weights=weights_of(self.review),
            proposals=proposals(self.review, rows, self.withheld) if self.editable else {},
            moments=[(moment.outcome, moment.strength) for moment in counted],
        )

    @property
    def scores(self) -> Scores:
        """The score as it stands."""
        return self.card.scores

    @cached_property
    def turns(self) -> list[ReadTurn]:
        """The transcript as people read it."""
        begun = {
            moment.cue_turn: moment
            for moment in self.moments
            if not (moment.rejected and self.confirmed)
        }
        one = self.interaction
        asides = set_aside(self.source, one.metadata, one.channel)
        return read(self.source, self.marked, notes=self.notes, moments=begun, asides=asides)

    @cached_property
    def note_drafts(self) -> dict[int, NoteDraftView]:
        """Notes that are being written, by their turn."""
        found = self._note_drafts if self.editable else ()
        return {draft.turn: NoteDraftView(draft, self._words(draft)) for draft in found}

    def _words(self, draft: NoteDraft) -> str:
        return self.source[draft.turn]["text"][draft.start : draft.end] if draft.end else ""

    def turns_at(self, indices: Iterable[int]) -> list[ReadTurn]:
        """Some turns of the transcript, in order."""
        return [self.turns[index] for index in sorted(set(indices)) if index < len(self.turns)]

    @cached_property
    def apology(self) -> str:
        """What became of the apologies in the current moment: "1 bare, 2 repeated"."""
        return in_words(self._apologies)

    @property
    def apology_explained(self) -> str:
        """What these words mean."""
        return explained(self._apologies)

    @cached_property
    def _apologies(self) -> Counter[str]:
        answers = set(self.reply_turns)
        return Counter(one.kind for one in apologies(self.result) or () if one.turn in answers)

    @cached_property
    def gestures(self) -> list[Quoted]:
        """Volunteered empathy and apologies in their words; none while the pre-score is hidden."""
        found = gestures_by_agent(self.result, cast_of(self.interaction))
        if self.confirmed and not self.hidden:
            found = settled_gestures(self.review, [one.row for one in self.moments], self.source)
        return [quoted(one, self.source) for one in found]

    @property
    def volunteers(self) -> bool:
        """True if the agent volunteered empathy."""
        return any(not one.apology for one in self.gestures)

    @property
    def ledger(self) -> str:
        """Every apology of the conversation, in words."""
        kinds = Counter(one.kind for one in self.gestures if one.apology)
        return in_words(kinds) or ledger(self.result)

    @property
    def ledger_explained(self) -> str:
        """What the words of the ledger mean."""
        return explained()

    @cached_property
    def map(self) -> Map:
        """Every turn as a stretch of a strip, as high as its text is long."""
        begun = {moment.cue_turn: moment for moment in self.moments if not moment.rejected}
        answered = {
            index: choice_of(moment.counted.outcome, moment.counted.strength)
            for moment in begun.values()
            for index in self._replies_of(moment)
        }
        return draw(self.source, {at: moment.emotion for at, moment in begun.items()}, answered)

    def _replies_of(self, moment: MomentView) -> list[int]:
        if moment.machine is not None:
            return list(moment.machine.response_turns)
        return next_replies(self.source, moment.cue_turn)

    def _beside(self, step: int) -> MomentView | None:
        at = self.current.number - 1 + step if self.current else -1
        return self.moments[at] if 0 <= at < len(self.moments) else None

    def _may_add(self, turn: int | None) -> bool:
        if turn is None or not self.editable or not 0 <= turn < len(self.source):
            return False
        taken = {moment.cue_turn for moment in self.moments}
        return self.source[turn]["role"] == "customer" and turn not in taken


def was_here(pk: UUID, *, by: Membership) -> bool:
    """True if such a review once existed: it was put back, or its time ran out."""
    events = AuditEvent.objects.visible_to(by).filter(target_type="reviews.review")
    return events.filter(target_id=str(pk)).exists()


def _differs(moment: MomentView) -> bool:
    return moment.row.decision != Decision.ACCEPTED
