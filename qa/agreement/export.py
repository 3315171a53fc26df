"""Confirmed reviews as JSON lines, with their conversations: to measure an engine on them.

`manage.py evaluate` reads them (scorecards/empathy/reviewed.py says what a line holds). Nobody is
named in a line: turns have their roles and their texts as stored, redacted.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from qa.audit import actions as audit
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review, ReviewMoment, ReviewQuerySet
from qa.reviews.visibility import hidden_in_lists, record_listed
from qa.tenancy.base import Actor

BATCH: Final = 200
MOST: Final = 5_000  # of one download; the command writes all
RELATED: Final = ("interaction__transcript", "prescore", "left_out")
UNUSED: Final = ("prescore__result", "interaction__transcript__search")

Write = Callable[[str], object]


@transaction.atomic
def export_reviews(
    write: Write, *, organization: Organization, by: Actor, most: int | None = None
) -> int:
    """Write the confirmed reviews that count, the newest first; gives how many.

    What is hidden from a member in lists is not in their file, and what is in it counts as shown
    to them.
    """
    ids = list(_exported(by).order_by("-confirmed_at", "-pk").values_list("pk", flat=True)[:most])
    for start in range(0, len(ids), BATCH):
        _write_batch(write, ids[start : start + BATCH], by)
    audit.record(by, "reviews.exported", organization, {"reviews": len(ids)})
    return len(ids)


def _exported(by: Actor) -> ReviewQuerySet:
    rows = Review.objects.visible_to(by).counted()
    if isinstance(by, Membership):
        rows = rows.exclude(hidden_in_lists(by, "interaction__"))
    return rows


def _write_batch(write: Write, ids: Sequence[UUID], by: Actor) -> None:
    rows = Review.objects.visible_to(by).select_related(*RELATED).defer(*UNUSED)
    found = rows.prefetch_related("moments").in_bulk(ids)
    for pk in ids:
        write(json.dumps(_line(found[pk])) + "\n")
    if isinstance(by, Membership):
        record_listed([one.interaction_id for one in found.values()], by=by)


def _line(review: Review) -> dict[str, Any]:
    interaction, made_on = review.interaction, review.prescore
    blind = review.blind and getattr(review, "left_out", None) is None
    return {
        "review": str(review.pk),
        "interaction": str(review.interaction_id),
        "channel": interaction.channel,
        "language": interaction.language or None,
        "confirmed_at": review.confirmed_at and review.confirmed_at.isoformat(),
        "blind": blind,
        "corrected": review.supersedes_id is not None,
        "prescore": {"engine": made_on.engine_version, "definitions": made_on.definitions},
        "turns": [
            {"role": turn["role"], "text": turn["text"]} for turn in interaction.transcript.turns
        ],
        "moments": [_moment(moment) for moment in review.moments.all()],
        "first_reading": review.first_reading if blind else None,
    }


def _moment(moment: ReviewMoment) -> dict[str, Any]:
    return {
        "cue_turn": moment.cue_turn,
        "decision": moment.decision,
        "emotion": moment.emotion or None,
        "outcome": moment.outcome or None,
        "strength": moment.strength if moment.outcome else None,
        "reason": moment.reason or None,
    }
