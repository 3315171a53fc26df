"""How long a review stays in a specialist's hands, and the time they spend on it."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import DurationField, ExpressionWrapper, F, IntegerField
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Least
from django.urls import reverse
from django.utils import timezone

from qa.errors import Conflict
from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Membership, Organization
from qa.reviews.models import Review
from qa.tenancy.base import Actor

LEASE: Final = timedelta(minutes=30)
WARNED: Final = timedelta(minutes=5)  # before the lease ends
IDLE: Final = 60  # seconds between two signs of work that count at most


def tell_ending(*, by: Actor) -> int:
    """Tell whoever's lease ends within WARNED, once for each lease; gives how many end.

    Any sign of work renews the lease, so this is for drafts that were left alone.
    """
    now = timezone.now()
    ending = list(
        Review.objects.visible_to(by)
        .open()
        .exclude(kind=Review.Kind.CALIBRATION)  # theirs until the reading is closed
        .filter(lease_until__gt=now, lease_until__lte=now + WARNED)
        .select_related("specialist")
    )
    if not ending:
        return 0
    slug = Organization.objects.visible_to(by).values_list("slug", flat=True).get()
    for review in ending:
        notify(
            [review.specialist],
            by=by,
            kind=Notice.Kind.LEASE_ENDING,
            subject=f"{review.pk}:{review.lease_until:%Y%m%dT%H%M%S}",
            words="A review in your hands goes back to the queue in a few minutes.",
            address=reverse("review", kwargs={"slug": slug, "pk": review.pk}),
            once=True,
        )
    return len(ending)


def note_presence(review: Review, *, by: Membership) -> bool:
    """A sign that the specialist is at work on their draft; False if it is theirs no more."""
    mine = Review.objects.visible_to(by).open().filter(pk=review.pk, specialist=by)
    return bool(mine.update(**at_work()))


def refuse_ended(review: Review, *, by: Membership) -> None:
    """Refuse to submit what lay idle until its lease ran out; it is theirs again, to look over."""
    idle = Review.objects.visible_to(by).open().filter(pk=review.pk, specialist=by)
    idle = idle.exclude(kind=Review.Kind.CALIBRATION).filter(lease_until__lte=timezone.now())
    if idle.update(**at_work()):
        raise Conflict(
            "The time for this review had run out. Nobody has taken it meanwhile, so it is yours "
            "again: look it over and submit once more."
        )


def at_work() -> dict[str, Any]:
    """What every sign of work writes: the lease goes on, and the time since the last one counts.

    Up to IDLE of it: a longer pause is not work.
    """
    now = timezone.now()
    since = Extract(ExpressionWrapper(now - F("seen_at"), DurationField()), "epoch")
    spent = Coalesce(Least(Cast(since, IntegerField()), IDLE), 0)
    return {
        "lease_until": now + LEASE,
        "seen_at": now,
        "active_s": F("active_s") + Greatest(spent, 0),
    }
