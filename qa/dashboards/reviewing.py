"""The reviewers' work: how much, how long, what was disputed of it, and what still waits."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.dashboards.coverage import confirmed_between
from qa.dashboards.review_time import Median
from qa.dashboards.scope import Scope
from qa.disputes.models import Dispute
from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.sampling import queries as sampling
from transcripts.models import Interaction

# Days that a conversation has waited: from, to, and how it is said.
AGES: Final[tuple[tuple[int, int | None, Promise], ...]] = (
    (0, 1, _("Less than a day")),
    (1, 3, _("1 to 3 days")),
    (3, 7, _("3 to 7 days")),
    (7, 14, _("1 to 2 weeks")),
    (14, None, _("More than 2 weeks")),
)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What one member did in a period."""

    member: Membership
    reviews: int
    second: int  # conversations read again
    median: float | None  # seconds of work on a review
    disputes: Counter[str]  # opened in the period, by what became of them

    @property
    def disputed(self) -> int:
        """How many disputes were opened and not taken back."""
        return sum(self.disputes.values()) - self.disputes[Dispute.Status.WITHDRAWN]

    @property
    def decided(self) -> int:
        """How many of them a manager has decided."""
        return self.disputes[Dispute.Status.UPHELD] + self.disputes[Dispute.Status.DECLINED]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Conversations that wait for a review, of one band of ages."""

    words: Promise
    total: int
    assigned: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """All that waits, by age, and since when the oldest does."""

    bands: list[Waiting]
    oldest: datetime | None

    @property
    def total(self) -> int:
        return sum(band.total for band in self.bands)


def reviewers(by: Membership, scope: Scope) -> list[Reviewer]:
    """Everyone who submitted a review in the period or was disputed in it, by name."""
    rows = confirmed_between(by, scope.start, scope.end, scope.calendar).order_by()
    timed = Median("active_s", filter=Q(active_s__gt=0))
    first = rows.regular().values_list("specialist").annotate(total=Count("pk"), time=timed)
    regular = {pk: (total, time) for pk, total, time in first}
    again = rows.filter(kind=Review.Kind.SECOND).values_list("specialist")
    second: dict[Any, int] = dict(again.annotate(total=Count("pk")))
    disputed = _disputes(by, scope)
    people = Membership.objects.visible_to(by, former=True).select_related("user")
    people = people.filter(pk__in={*regular, *second, *disputed})
    found = [
        Reviewer(
            member,
            regular.get(member.pk, (0, None))[0],
            second.get(member.pk, 0),
            regular.get(member.pk, (0, None))[1],
            disputed.get(member.pk, Counter()),
        )
        for member in people
    ]
    return sorted(found, key=lambda one: one.member.user.name.casefold())


def _disputes(by: Membership, scope: Scope) -> dict[Any, Counter[str]]:
    start = scope.calendar.midnight(scope.start)
    after = scope.calendar.midnight(scope.end + timedelta(days=1))
    rows = Dispute.objects.visible_to(by).filter(opened_at__gte=start, opened_at__lt=after)
    told = rows.order_by().values_list("review__specialist", "status").annotate(total=Count("pk"))
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for member, status, total in told:
        found[member][status] += total
    return found


def backlog(by: Membership) -> Backlog:
    """What is in the queue and in nobody's hands, by how long ago it came in."""
    now = timezone.now()
    taken = (
        Review.objects.visible_to(by)
        .regular()
        .filter(lease_until__gt=now, interaction=OuterRef("pk"))
    )
    rows = Interaction.objects.visible_to(by).filter(
        ~Exists(taken), status=Interaction.Status.PRESCORED
    )
    rows = sampling.in_queue(rows, sampled=sampling.is_sampled(by)).order_by()
    counts: dict[str, Any] = {"oldest": Min("received_at")}
    for place, (least, most, _words) in enumerate(AGES):
        aged = Q(received_at__lte=now - timedelta(days=least)) if least else Q()
        aged &= Q(received_at__gt=now - timedelta(days=most)) if most else Q()
        counts[f"all_{place}"] = Count("pk", filter=aged)
        assigned = aged & Q(place__assigned_to__isnull=False)
        counts[f"assigned_{place}"] = Count("pk", filter=assigned)
    told = rows.aggregate(**counts)
    bands = [
        Waiting(words, told[f"all_{place}"], told[f"assigned_{place}"])
        for place, (_least, _most, words) in enumerate(AGES)
    ]
    return Backlog(bands, told["oldest"])
