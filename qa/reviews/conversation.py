"""A review's conversation as pages quote it: its moments, and the words around each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from qa.organizations.models import Membership
from qa.reviews.attribution import whose
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.settled_gestures import settled_evidence
from scorecards.choices import UNSURE, Emotion, choice_of
from scorecards.models import Moment
from scorecards.reading import (
    Span,
    Stretch,
    next_replies,
    quote,
    scored_turns,
    spans_of,
)
from transcripts.cast import Cast, cast_of

QUOTE = 420


@dataclass(frozen=True, slots=True)
class MomentView:
    """One moment of the review: the machine's word and the person's, side by side."""

    number: int
    row: ReviewMoment
    withheld: bool = False  # the person has to choose; the pre-score is not trusted with this
    whose: str = ""  # the agent's name, where several took part

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
        """True if nothing may be filled in before the person has chosen."""
        return self.withheld and self.pending

    @property
    def rejected(self) -> bool:
        return self.row.decision == Decision.REJECTED

    @property
    def counted(self) -> Any:
        """What counts now: the person's word, else the machine's."""
        return self.final or self.row.moment

    @property
    def guess(self) -> str:
        """The feeling that the form is filled in with: the machine's best guess where unsure."""
        return str(self.counted.emotion)

    @property
    def emotion(self) -> str:
        """The person's word, else the machine's, which may be unsure."""
        if self.final is None and self.machine is not None:
            return self.machine.felt
        return self.guess

    @property
    def feeling(self) -> str:
        """The feeling in a word or two."""
        if self.emotion == UNSURE:
            return gettext("kind unsure")
        return str(Emotion(self.emotion).label).lower()

    @property
    def presence(self) -> float | None:
        """How sure the machine is that there is a feeling."""
        return self.machine.presence if self.machine else None

    @property
    def refelt(self) -> bool:
        """True if the person sees another feeling than the machine."""
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


class ConversationView:
    """One review's moments with the customer's words and the replies of the current one.

    Reads one set of rows of its own: the moments.
    """

    def __init__(self, review: Review, *, by: Membership, cue: int | None = None) -> None:
        self.review, self.by = review, by
        self.confirmed = review.status == Review.Status.CONFIRMED
        self.hidden = review.hides_machine and (review.calibrates or not self.confirmed)
        self.result: Mapping[str, Any] = {} if self.hidden else review.prescore.result
        self.source: Sequence[Mapping[str, Any]] = review.interaction.transcript.turns
        self.wanted = cue

    @cached_property
    def moments(self) -> list[MomentView]:
        """Every moment of the review, in the order of the conversation."""
        rows = ReviewMoment.objects.visible_to(self.by).filter(review=self.review)
        ordered = rows.select_related("moment").order_by("cue_turn")
        return [self.view_of(number, row) for number, row in enumerate(ordered, 1)]

    def view_of(self, number: int, row: ReviewMoment) -> MomentView:
        """One row as pages show it."""
        return MomentView(number, row, whose=self.whose(row))

    def whose(self, row: ReviewMoment) -> str:
        """The agent whose moment it is as decided so far; nothing where one has it all."""
        if not self.cast.several:
            return ""
        return whose(row, self.cast, self.source, self.result).name

    @cached_property
    def cast(self) -> Cast:
        """The agents who took part."""
        return cast_of(self.review.interaction)

    @cached_property
    def current(self) -> MomentView | None:
        """The moment that was asked for."""
        return next((moment for moment in self.moments if moment.cue_turn == self.wanted), None)

    @property
    def cue_turn(self) -> int | None:
        """Where the current moment begins."""
        return self.current.cue_turn if self.current else None

    @cached_property
    def cue(self) -> Said | None:
        """The customer's words of the current moment."""
        return None if self.cue_turn is None else self._said(self.cue_turn)

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
        return [] if self.cue_turn is None else next_replies(self.source, self.cue_turn)

    def _said(self, index: int) -> Said:
        turn = self.source[index]
        spans = spans_of(self._scored.get(index), turn["text"])
        return Said(
            index=index,
            role=turn["role"],
            who=turn.get("speaker") or turn["role"].capitalize(),
            stretches=quote(turn["text"], spans, QUOTE),
            reasons=_reasons(spans),
        )

    @cached_property
    def _scored(self) -> dict[int, Mapping[str, Any]]:
        return scored_turns(self.marked)

    @cached_property
    def marked(self) -> Mapping[str, Any]:
        """The pre-score with the evidence that is drawn: once confirmed, what people left of it."""
        if not self.confirmed or self.hidden:
            return self.result
        return settled_evidence(self.review, [one.row for one in self.moments], self.source)


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


def _reasons(spans: Iterable[Span]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((span.kind, span.reason) for span in spans if span.reason))
