"""Blind readings that were locked without a moment, and which of them do not count.

The lock of a reading is one key, and until it asked, one that was pressed by mistake said "no
feeling here" to all that the pre-score found. A manager can leave such a reading out of agreement,
and count it again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from qa.agreement.actions import weigh
from qa.agreement.judgements import DAYS
from qa.audit import actions as audit
from qa.core import paging
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership
from qa.reviews.after_models import LeftOut
from qa.reviews.models import Review, ReviewQuerySet
from qa.reviews.visibility import hidden_in_lists, record_listed
from scorecards.models import Moment
from transcripts.cast import WITH_AGENTS

SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class EmptyReading:
    """One such reading: what the pre-score found, and whether it counts."""

    review: Review
    found: int
    left_out: LeftOut | None


def empty_readings(by: Membership) -> ReviewQuerySet:
    """Submitted blind readings without a moment, of a year, where the pre-score found some.

    Less what the member reads blind, or for a calibration, just now.
    """
    since = timezone.now() - timedelta(days=DAYS)
    rows = Review.objects.visible_to(by).regular().confirmed().filter(supersedes__isnull=True)
    rows = rows.filter(blind=True, first_reading=[], confirmed_at__gte=since)
    found = Moment.objects.visible_to(by).filter(prescore=OuterRef("prescore"))
    rows = rows.filter(Exists(found), prescore__scorable=True)
    return rows.exclude(hidden_in_lists(by, "interaction__"))


def listed(by: Membership, query: QueryDict) -> paging.Page[EmptyReading]:
    """A page of them, newest first."""
    related = ("interaction__agent", "specialist__user", "left_out__by__user")
    rows = empty_readings(by).select_related(*related)
    rows = rows.prefetch_related(f"interaction__{WITH_AGENTS}")
    page = paging.page(rows, "confirmed_at", "id", query=query, size=SIZE)
    record_listed([row.interaction_id for row in page.rows], by=by)
    moments = Moment.objects.visible_to(by).filter(prescore__in=[r.prescore_id for r in page.rows])
    counts = dict(moments.values_list("prescore").annotate(n=Count("pk")).order_by())
    return page.map(
        lambda row: EmptyReading(row, counts[row.prescore_id], getattr(row, "left_out", None))
    )


@transaction.atomic
def leave_out(review: Review, *, by: Membership, reason: str) -> LeftOut:
    """Leave an empty blind reading out of agreement; the labels are weighed anew."""
    if not empty_readings(by).filter(pk=review.pk).exists():
        raise Refused(_("Only a blind review that was locked without a moment can be left out."))
    if not reason.strip():
        raise Refused(_("Say why this review shouldn’t count."))
    try:
        with transaction.atomic():
            made = LeftOut.objects.create(
                organization_id=by.organization_id, review=review, by=by, reason=reason.strip()
            )
    except IntegrityError:
        raise Conflict(_("This review is already left out.")) from None
    audit.record(by, "agreement.left_out", review, {})
    weigh(by=by, afresh=True)
    return made


@transaction.atomic
def count_again(review: Review, *, by: Membership) -> None:
    """Count a reading that was left out again; the labels are weighed anew."""
    removed, _rows = LeftOut.objects.visible_to(by).filter(review=review).delete()
    if not removed:
        raise Conflict(_("This review already counts."))
    audit.record(by, "agreement.counted_again", review, {})
    weigh(by=by, afresh=True)
