"""How long specialists need for a review."""

from django.db.models import Aggregate, FloatField

from qa.dashboards.scope import Scope
from qa.organizations.models import Membership
from qa.reviews.models import Review
from transcripts.filters import ScopeFilter


class Median(Aggregate):
    """The middle value, as PostgreSQL computes it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def median_review_time(by: Membership, scope: Scope) -> float | None:
    """Seconds of work on a confirmed review of the period's interactions; None if there is none.

    A correction is no work of its own, and reviews that came in without a page took no time.
    """
    narrowed = (scope.agent, scope.team, scope.channel)
    filters = ScopeFilter(scope.start, scope.end, *narrowed, scope.calendar.zone)
    rows = (
        Review.objects.visible_to(by)
        .regular()
        .confirmed()
        .filter(filters.condition("interaction__"), supersedes__isnull=True, active_s__gt=0)
    )
    median: float | None = rows.aggregate(median=Median("active_s"))["median"]
    return median
