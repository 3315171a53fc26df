"""Tell specialists of reviews that go back to the queue soon."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.reviews.models import Review
from qa.tenancy.base import Actor

WARNED = timedelta(minutes=5)  # before the lease ends


def warn_of_ending(*, by: Actor) -> int:
    """Tell whoever has a review whose lease ends within five minutes, once for each lease.

    Any change of the draft renews the lease, so this is for drafts that were left alone.
    Gives how many leases are about to end.
    """
    now = timezone.now()
    leased = Review.objects.visible_to(by).open().exclude(kind=Review.Kind.CALIBRATION)
    ending = leased.filter(lease_until__gt=now, lease_until__lte=now + WARNED)
    found = list(ending.select_related("specialist__organization"))
    for one in found:
        slug = one.specialist.organization.slug
        notify(
            [one.specialist],
            by=by,
            kind=Notice.Kind.LEASE_ENDING,
            subject=f"{one.pk}:{one.lease_until:%Y%m%dT%H%M%S}",
            words="A review that you have open goes back to the queue soon. Go on with it to keep "
            "it.",
            address=reverse("review", kwargs={"slug": slug, "pk": one.pk}),
            once=True,
        )
    return len(found)
