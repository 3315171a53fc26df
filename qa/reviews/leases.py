"""Tell specialists that a review they have in hand goes back to the queue soon."""

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from qa.notices.actions import notify
from qa.notices.models import Notice
from qa.organizations.models import Organization
from qa.reviews.models import Review
from qa.tenancy.base import Actor

WARNED: Final = timedelta(minutes=5)  # before the lease ends


def tell_ending(*, by: Actor) -> int:
    """Tell whoever's lease ends within WARNED, once; gives how many reviews that are."""
    now = timezone.now()
    ending = list(
        Review.objects.visible_to(by)
        .open()
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
            subject=review.pk,
            words="A review in your hands goes back to the queue in a few minutes.",
            address=reverse("review", kwargs={"slug": slug, "pk": review.pk}),
        )
    return len(ending)
