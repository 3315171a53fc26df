"""Rows of the list of conversations: how far each has come, and what may be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qa.interactions.queries import Hits
from qa.organizations.models import Membership
from qa.reviews.columns import group_of
from qa.reviews.lines import GRAVITY, titles
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.reviews.visibility import being_reread, hidden_among
from scorecards.models import FELT, Moment, PreScore
from transcripts.models import Interaction


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One row of a list of interactions."""

    interaction: Interaction
    scorable: bool
    reasons: Sequence[str]
    prescore: float | None
    outcomes: Sequence[tuple[str, int]]
    review: Review | None
    blind: bool = False  # what the machine found is not shown before the review
    reading: bool = False  # nor what others said: this member reads it again, or for a calibration
    hits: Sequence[tuple[str, bool]] = ()  # what was searched for, in its words
    title: str = ""  # what it is about
    quoted: bool = False  # which is what was said in it
    group: str = ""  # under which words it stands

    @property
    def waits(self) -> bool:
        return self.interaction.status == Interaction.Status.RECEIVED

    @property
    def failed(self) -> bool:
        return self.interaction.status == Interaction.Status.FAILED

    @property
    def confirmed(self) -> Review | None:
        settled = self.review is not None and self.review.status == Review.Status.CONFIRMED
        return self.review if settled else None


def interaction_rows(
    by: Membership,
    interactions: Sequence[Interaction],
    hits: Hits | None = None,
    *,
    group: str = "",
) -> list[InteractionRow]:
    """How far each of these has come; always the same number of queries."""
    ids = [interaction.pk for interaction in interactions]
    prescores, reviews = _prescores(by, ids), _reviews(by, ids)
    back, own = hidden_among(by, ids), being_reread(by, ids)
    # Of what is kept back nothing settled is told.
    reviews = {pk: one for pk, one in reviews.items() if pk not in back or not one.confirmed_at}
    moments = _moments(by, ids, reviews)
    told = {pk: found for pk, found in moments.items() if pk not in back}
    cues = {pk: min(found, key=lambda one: GRAVITY[one.felt]).turn for pk, found in told.items()}
    about = titles(by, interactions, cues)
    rows = []
    for interaction in interactions:
        pk, scored = interaction.pk, prescores.get(interaction.pk, {})
        hidden, (title, quoted) = pk in back, about[pk]
        rows.append(
            InteractionRow(
                interaction=interaction,
                scorable=scored.get("scorable", True),
                reasons=scored.get("result__fitness__reasons") or (),
                prescore=None if hidden else scored.get("score"),
                outcomes=[(one.outcome, one.strength) for one in told.get(pk, ())],
                review=reviews.get(pk),
                hits=(hits or {}).get(pk, ()),
                blind=hidden,
                reading=pk in own,
                title=title,
                quoted=quoted,
                group=group_of(group, interaction, reason=str(interaction.get_status_display())),
            )
        )
    return rows


def _prescores(by: Membership, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = PreScore.objects.visible_to(by).current().filter(interaction__in=ids)
    fields = ("interaction_id", "score", "scorable", "result__fitness__reasons")
    return {row["interaction_id"]: row for row in rows.values(*fields)}


def _reviews(by: Membership, ids: Sequence[UUID]) -> dict[UUID, Review]:
    rows = Review.objects.visible_to(by).regular().filter(interaction__in=ids)
    rows = rows.select_related("specialist__user").order_by("opened_at")
    return {review.interaction_id: review for review in rows}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A moment of a row, as it counts so far."""

    turn: int
    felt: str
    outcome: str
    strength: int


def _moments(
    by: Membership, ids: Sequence[UUID], reviews: dict[UUID, Review]
) -> dict[UUID, list[_Seen]]:
    settled = {
        review.pk: pk for pk, review in reviews.items() if review.status == Review.Status.CONFIRMED
    }
    found: dict[UUID, list[_Seen]] = {}
    unsettled = set(ids) - set(settled.values())
    machine = Moment.objects.visible_to(by).current().filter(interaction__in=unsettled)
    machine = machine.annotate(shown=FELT).order_by("cue_turn")
    seen = ("cue_turn", "shown", "outcome", "strength")
    for pk, *values in machine.values_list("interaction_id", *seen):
        found.setdefault(pk, []).append(_Seen(*values))
    people = ReviewMoment.objects.visible_to(by).filter(review__in=settled)
    kept = people.exclude(decision=Decision.REJECTED).order_by("cue_turn")
    for pk, *values in kept.values_list("review_id", "cue_turn", "emotion", "outcome", "strength"):
        found.setdefault(settled[pk], []).append(_Seen(*values))
    return found
