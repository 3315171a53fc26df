"""Conversations as a table for a spreadsheet: those that were chosen, or all that match."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from qa.interactions.listing import InteractionRow, interaction_rows
from qa.organizations.models import Membership
from qa.reviews.visibility import record_listed
from scorecards.choices import CHOICE_WORDS, choice_of
from transcripts.models import Interaction

BATCH: Final = 500
HEADER: Final = (
    gettext_noop("id"),
    gettext_noop("source"),
    gettext_noop("id in the source"),
    gettext_noop("channel"),
    gettext_noop("subject"),
    gettext_noop("agent"),
    gettext_noop("team"),
    gettext_noop("customer"),
    gettext_noop("started"),
    gettext_noop("received"),
    gettext_noop("seconds"),
    gettext_noop("turns"),
    gettext_noop("language"),
    gettext_noop("status"),
    gettext_noop("reviewer"),
    gettext_noop("score"),
    gettext_noop("pre-score"),
    gettext_noop("metadata"),
)


def header() -> list[str]:
    """The names of the columns, in the reader's language."""
    return [*(gettext(name) for name in HEADER), *(str(word) for word in CHOICE_WORDS.values())]


def lines(ids: Sequence[UUID], *, by: Membership) -> Iterator[list[Any]]:
    """A line for each of these, in this order; what this member may not know yet stays empty."""
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        found = Interaction.objects.visible_to(by).for_lists().in_bulk(some)
        rows = interaction_rows(by, [found[pk] for pk in some if pk in found])
        record_listed([row.interaction.pk for row in rows if not row.blind], by=by)
        yield from (_line(row) for row in rows)


def _line(row: InteractionRow) -> list[Any]:
    one, review = row.interaction, row.confirmed
    counts = Counter(choice_of(outcome, strength) for outcome, strength in row.outcomes)
    told = not row.blind and one.status in {"prescored", "reviewed"}
    return [
        str(one.pk),
        one.source,
        one.external_id or "",
        str(one.get_channel_display()),
        one.subject,
        one.agent.name if one.agent else "",
        one.team.name if one.team else "",
        one.customer_external_id or one.customer_name,
        _time(one.started_at) if one.started_at_known else "",
        _time(one.received_at),
        one.duration_s if one.duration_s is not None else "",
        one.turn_count,
        one.language,
        str(one.get_status_display()),
        review.specialist.user.name if review else "",
        review.score if review and review.score is not None else "",
        row.prescore if row.prescore is not None else "",
        json.dumps(dict(one.given), ensure_ascii=False) if one.given else "",
        *(counts[key] if told else "" for key in CHOICE_WORDS),
    ]


def _time(value: Any) -> str:
    return localtime(value).isoformat(timespec="seconds")
