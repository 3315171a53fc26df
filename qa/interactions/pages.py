"""How far one interaction has come: pre-score, moments as settled so far, review."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from qa.organizations.models import Membership
from qa.reviews import second
from qa.reviews.attribution import settled_parts
from qa.reviews.exposure import embargoes_of, record_exposure
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.queue import available_to
from qa.reviews.settled_gestures import settled_evidence, settled_gestures
from qa.reviews.visibility import is_hidden_on_own_page, open_rereadings
from scorecards.apologies import explained, in_words, ledger
from scorecards.attribution import Deeds, deeds, gestures_by_agent
from scorecards.gestures import Found, Quoted, quoted
from scorecards.models import Moment, PreScore
from scorecards.reading import ReadTurn, read
from scorecards.set_aside import SetAside, set_aside
from scorecards.set_aside import in_words as in_short
from transcripts.cast import UNKNOWN, Cast, cast_of
from transcripts.models import Interaction, Participation


@dataclass(frozen=True, slots=True)
class SettledMoment:
    """A moment of one interaction: the machine's word, the person's, or both."""

    cue_turn: int
    machine: Moment | None
    final: ReviewMoment | None
    whose: str = ""  # the agent's name, where several took part

    @property
    def emotion(self) -> str:
        """The person's word; without one the machine's, which may be unsure."""
        if self.final is not None:
            return str(self.final.emotion)
        return self.machine.felt if self.machine else ""

    @property
    def presence(self) -> float | None:
        """How sure the machine is that there is a feeling."""
        return self.machine.presence if self.machine else None


class InteractionPage:
    """One interaction with all that its page shows."""

    def __init__(self, interaction: Interaction, *, by: Membership) -> None:
        self.interaction = interaction
        self.by = by

    @cached_property
    def prescore(self) -> PreScore | None:
        """What is shown: what the confirmed review was made on, else the current one."""
        if self.hidden:
            return None
        if self.confirmed:
            return next(
                prescore for prescore in self.history if prescore.pk == self.review_prescore
            )
        return next((prescore for prescore in self.history if prescore.current), None)

    @cached_property
    def history(self) -> list[PreScore]:
        """Every pre-score, newest first."""
        rows = PreScore.objects.visible_to(self.by).filter(interaction=self.interaction)
        return list(rows.order_by("-created_at", "-id"))

    @cached_property
    def hidden(self) -> bool:
        """True if this member reads it for themself first, and sees the results only then."""
        return is_hidden_on_own_page(self.by, self.interaction)

    @cached_property
    def in_reading(self) -> Review | None:
        """The second reading of it, or the one for a calibration, that this member has open."""
        return open_rereadings(self.by).filter(interaction=self.interaction).first()

    @cached_property
    def embargoed(self) -> bool:
        """True if this member reads it, or has read it, for a calibration that is not open yet."""
        return embargoes_of(self.by).filter(interaction=self.interaction).exists()

    @property
    def review_prescore(self) -> UUID | None:
        """Which pre-score the review is made on."""
        return self.review.prescore_id if self.review else None

    @cached_property
    def review(self) -> Review | None:
        if self.in_reading or self.embargoed:
            return None  # nor may they see what it says
        rows = Review.objects.visible_to(self.by).regular().filter(interaction=self.interaction)
        return rows.select_related("specialist__user").order_by("-opened_at").first()

    @property
    def confirmed(self) -> Review | None:
        settled = self.review is not None and self.review.status == Review.Status.CONFIRMED
        return self.review if settled else None

    @property
    def may_take(self) -> bool:
        """True if this member can review it now: waiting or theirs, and not their own work."""
        if self.interaction.status != Interaction.Status.PRESCORED or self.embargoed:
            return False
        return available_to(self.by).filter(pk=self.interaction.pk).exists()

    @property
    def in_other_hands(self) -> bool:
        review = self.review
        return (
            review is not None
            and review.status == Review.Status.OPEN
            and review.specialist_id != self.by.pk
            and review.lease_until > timezone.now()
        )

    @cached_property
    def moments(self) -> list[SettledMoment]:
        """The moments that count, in the order of the conversation."""
        if self.confirmed:
            rows = ReviewMoment.objects.visible_to(self.by).filter(review=self.confirmed)
            kept = rows.exclude(decision=Decision.REJECTED).select_related(
                "moment", "participation__agent"
            )
            return [
                SettledMoment(final.cue_turn, final.moment, final, self._whose(final.participation))
                for final in kept
            ]
        if self.prescore is None:
            return []
        found = Moment.objects.visible_to(self.by).filter(prescore=self.prescore)
        seen = found.select_related("agent").order_by("cue_turn")
        return [
            SettledMoment(moment.cue_turn, moment, None, self._whose(moment)) for moment in seen
        ]

    def _whose(self, holder: Moment | Participation | None) -> str:
        """Whose a moment is in words; nothing where one agent has it all."""
        if not self.cast.several:
            return ""
        agent = (holder or self.interaction).agent
        return agent.name if agent else str(UNKNOWN)

    @cached_property
    def cast(self) -> Cast:
        """The agents who took part."""
        return cast_of(self.interaction)

    @cached_property
    def deeds(self) -> list[Deeds]:
        """What is whose, where several took part and their moments may be told."""
        if not self.cast.several or self.prescore is None:
            return []
        turns, whose = self.interaction.transcript.turns, None
        if self.confirmed:
            finals = [moment.final for moment in self.moments if moment.final]
            whose = settled_parts(finals, self.cast)
        return deeds(self.cast, turns, self.prescore.result, whose, self._said)

    @cached_property
    def turns(self) -> list[ReadTurn]:
        """The transcript as people read it."""
        begun = {moment.cue_turn: moment for moment in self.moments}
        result: Mapping[str, Any] | None = self.prescore.result if self.prescore else None
        turns = self.interaction.transcript.turns
        if self.confirmed and result:
            result = settled_evidence(self.confirmed, self._decided, turns)
        return read(turns, result, moments=begun, asides=self.asides)

    @cached_property
    def asides(self) -> dict[int, tuple[SetAside, ...]]:
        """What of each turn is not scored."""
        one = self.interaction
        return set_aside(one.transcript.turns, one.metadata, one.channel)

    @property
    def asides_in_words(self) -> list[str]:
        return in_short(self.asides)

    @property
    def result(self) -> dict[str, Any]:
        return self.prescore.result if self.prescore else {}

    @cached_property
    def gestures(self) -> list[Quoted]:
        """Volunteered empathy and apologies in their words, as settled so far."""
        turns = self.interaction.transcript.turns
        return [quoted(one, turns) for one in self._said]

    @cached_property
    def _said(self) -> list[Found]:
        if not self.confirmed:
            return gestures_by_agent(self.result, self.cast)
        return settled_gestures(self.confirmed, self._decided, self.interaction.transcript.turns)

    @cached_property
    def _decided(self) -> list[ReviewMoment]:
        rows = ReviewMoment.objects.visible_to(self.by).filter(review=self.confirmed)
        return list(rows.select_related("moment"))

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


def record_page_shown(reading: InteractionPage) -> None:
    """Record that the member is shown what the pre-score found, or what a review says.

    Whatever the share of blind reviews is just now: it may be raised before this one is reviewed.
    """
    if reading.hidden:
        return
    if reading.confirmed:
        second.note_look(reading.interaction, by=reading.by)
    elif reading.prescore:
        record_exposure([reading.interaction.pk], by=reading.by)
