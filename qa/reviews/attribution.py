"""Whose each moment of a review is, where several agents handled the interaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, When

from qa.organizations.models import Membership
from qa.reviews.models import Decision, Review, ReviewMoment
from scorecards.attribution import deciding_turn
from scorecards.reading import next_replies
from transcripts.cast import Cast, Part, cast_of


def attribute(review: Review, *, by: Membership) -> None:
    """Store with each moment whose it is, before the review is confirmed for good."""
    cast = cast_of(review.interaction)
    if not cast.several:
        return
    turns, result = review.interaction.transcript.turns, review.prescore.result
    rows = ReviewMoment.objects.visible_to(by).filter(review=review).select_related("moment")
    for row in rows:
        row.participation = whose(row, cast, turns, result).row
        row.save(update_fields=["participation"])


def whose(
    row: ReviewMoment, cast: Cast, turns: Sequence[Mapping[str, Any]], result: Mapping[str, Any]
) -> Part:
    """The agent of the turn that decided, by the person's word where there is one."""
    found = row.moment
    replies = found.response_turns if found else next_replies(turns, row.cue_turn)
    outcome = row.outcome or (found.outcome if found else "")
    return cast.of(deciding_turn(outcome, replies, result))


def settled_parts(moments: Iterable[ReviewMoment], cast: Cast) -> dict[int, Part]:
    """Whose each moment of a confirmed review is, by the turn of its cue."""
    rows: dict[UUID | None, Part] = {part.row.pk: part for part in cast.parts if part.row}
    return {one.cue_turn: rows.get(one.participation_id, cast.main) for one in moments}


def counted_parts(moments: Iterable[ReviewMoment], cast: Cast) -> dict[int, Part]:
    """The same without the moments that were rejected."""
    return settled_parts([one for one in moments if one.decision != Decision.REJECTED], cast)


def settled_as(name: str) -> Case:
    """A moment's "agent" or "team" as an expression: its part's, else the interaction's."""
    own = F(f"review__interaction__{name}")
    return Case(When(participation__isnull=True, then=own), default=F(f"participation__{name}"))


def settled_is(name: str, value: UUID | None, own: str = "review__interaction__") -> Q:
    """The condition that a moment's "agent" or "team" is this one, or nobody's.

    `own` leads to the interaction: other rows with a participation are asked in the same way.
    """
    found = Q()
    for narrow, part in (
        ({"participation__isnull": True}, own),
        ({"participation__isnull": False}, "participation__"),
    ):
        wanted = {f"{part}{name}__isnull": True} if value is None else {f"{part}{name}": value}
        found |= Q(**narrow, **wanted)
    return found
