"""Rows of the queue: each with what the machine found, or without, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

from qa.organizations.models import Membership
from qa.reviews.columns import group_of
from qa.reviews.lines import GRAVITY, titles
from qa.reviews.models import Review
from qa.reviews.visibility import hidden_in_summaries
from qa.sampling import queries as sampling
from scorecards.models import Moment, PreScore
from transcripts.models import Interaction


@dataclass(frozen=True, slots=True)
class Row:
    """One interaction of the queue, and what can be done with it."""

    interaction: Interaction
    state: str  # "received", "failed", "free", "mine" or "taken"
    age: str
    scorable: bool = True
    reasons: Sequence[str] = ()
    score: float | None = None
    feeling: str = ""
    outcomes: Sequence[tuple[str, int]] = ()
    review: Review | None = None
    blind: bool = False  # what the machine found is not shown before its review
    why: Sequence[str] = ()  # it is in the queue, in words
    holder: Membership | None = None  # to whom it was assigned
    title: str = ""  # what it is about
    quoted: bool = False  # which is what was said in it
    group: str = ""  # under which words it stands

    @property
    def reason(self) -> str:
        """Why it is here, in short."""
        return self.why[0] if self.why else ""


def queue_rows(by: Membership, page: Sequence[Interaction], *, group: str = "") -> list[Row]:
    """Each of these as a row; always the same number of queries."""
    ids = [interaction.pk for interaction in page]
    prescores = _prescores(by, ids)
    kept = Interaction.objects.visible_to(by).filter(hidden_in_summaries(by), pk__in=ids)
    back = set(kept.values_list("pk", flat=True))
    moments = _moments(by, [found["pk"] for found in prescores.values()])
    strongest = {
        pk: min(found, key=lambda moment: GRAVITY[moment.felt])
        for pk, found in moments.items()
        if pk not in back
    }
    about = titles(by, page, {pk: moment.cue_turn for pk, moment in strongest.items()})
    taken = Review.objects.visible_to(by).regular().open().select_related("specialist__user")
    reviews = {review.interaction_id: review for review in taken.filter(interaction__in=ids)}
    why = sampling.reasons(by, ids, hidden=back)
    rows = []
    for interaction in page:
        if interaction.pk not in prescores:
            continue
        review = reviews.get(interaction.pk)
        row = Row(
            interaction=interaction,
            state=_state(by, review),
            age=waiting_for(interaction.received_at),
            review=review,
            why=why.get(interaction.pk, ()),
            holder=_holder(interaction),
            title=about[interaction.pk][0],
            quoted=about[interaction.pk][1],
            blind=interaction.pk in back,
        )
        if not row.blind:
            found, felt = prescores[interaction.pk], strongest.get(interaction.pk)
            row = _with_results(row, found, moments.get(interaction.pk, []), felt)
        label = row.reason or gettext("No reason given")
        rows.append(replace(row, group=group_of(group, interaction, reason=label)))
    return rows


def _holder(interaction: Interaction) -> Membership | None:
    place = getattr(interaction, "place", None)
    return place.assigned_to if place else None


def _with_results(
    row: Row, prescore: dict[str, Any], moments: Sequence[Moment], strongest: Moment | None
) -> Row:
    return replace(
        row,
        scorable=prescore["scorable"],
        reasons=prescore["result__fitness__reasons"] or (),
        score=prescore["score"],
        feeling=strongest.felt if strongest else "",
        outcomes=[(moment.outcome, moment.strength) for moment in moments],
    )


def _state(by: Membership, review: Review | None) -> str:
    if review is None:
        return "free"
    if review.specialist_id == by.pk:
        return "mine"
    return "taken" if review.lease_until > timezone.now() else "free"


def _prescores(by: Membership, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = PreScore.objects.visible_to(by).current().filter(interaction__in=ids)
    fields = ("pk", "interaction_id", "scorable", "score", "result__fitness__reasons")
    return {row["interaction_id"]: row for row in rows.values(*fields)}


def _moments(by: Membership, prescores: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    found: dict[UUID, list[Moment]] = {}
    rows = Moment.objects.visible_to(by).filter(prescore__in=prescores).order_by("cue_turn")
    rows = rows.only("interaction_id", "cue_turn", "outcome", "strength", "emotion", "kind_unsure")
    for row in rows:
        found.setdefault(row.interaction_id, []).append(row)
    return found


def waiting_for(since: datetime) -> str:
    """How long ago in its largest unit: "3 hours"; "just now" within the first minute."""
    age = timesince(since, depth=1)
    return gettext("just now") if age.startswith("0") else age
