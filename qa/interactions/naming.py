"""Conversations whose agent is about to be named: whose they are, and what will follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from qa.coaching.models import Acknowledgement
from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from transcripts.cast import WITH_AGENTS, Part, cast_of
from transcripts.handling import seats
from transcripts.models import Interaction

MOST: Final = 500  # conversations that can be given away at once


@dataclass(frozen=True, slots=True)
class Named:
    """One conversation, and the part of it that is given to somebody."""

    interaction: Interaction
    part: Part
    review: bool  # confirmed: whoever gets the conversation reads it
    reader: bool  # the agent signs in, and reads it so far
    read: bool  # and has said so

    @property
    def pk(self) -> UUID:
        return self.interaction.pk

    @property
    def agent(self) -> str:
        """The agent's name; empty where nobody is known."""
        return self.part.name if self.part.agent_id else ""


def named_rows(ids: Sequence[UUID], *, by: Membership, place: int = 0) -> list[Named]:
    """These conversations in the order given, without those that have no such part."""
    rows = Interaction.objects.visible_to(by).filter(pk__in=ids)
    found = rows.select_related("agent", "team").prefetch_related(WITH_AGENTS).in_bulk()
    reviews = Review.objects.visible_to(by).counted().filter(interaction__in=ids)
    read = Acknowledgement.objects.visible_to(by).filter(review__in=reviews)
    of_review = dict(reviews.values_list("interaction_id", "pk"))
    acknowledged = set(read.values_list("review_id", flat=True))
    readers = set(
        Membership.objects.visible_to(by)
        .filter(role=Role.AGENT, agent__isnull=False)
        .filter(agent__in=[row.agent_id for row in found.values() if row.agent_id])
        .values_list("agent_id", flat=True)
    )
    named = []
    for row in (found[pk] for pk in ids if pk in found):
        seat = next((one for one in seats(cast_of(row)) if one.place == place), None)
        if seat is not None:
            review = of_review.get(row.pk)
            reader = review is not None and seat.part.agent_id in readers
            named.append(Named(row, seat.part, review is not None, reader, review in acknowledged))
    return named
