"""What an organization has set for its reviews: how many are blind, and what that withholds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from qa.audit import actions as audit
from qa.reviews.models import Review, ReviewPolicy
from qa.tenancy.base import Actor
from transcripts.models import Interaction

_HUNDREDTHS = 10_000


def policy_of(by: Actor) -> ReviewPolicy:
    """What the organization has set; the defaults, not stored, where it has set nothing."""
    found = ReviewPolicy.objects.visible_to(by).first()
    return found or ReviewPolicy(organization_id=by.organization_id)


@transaction.atomic
def set_policy(
    *, by: Actor, blind_percent: int, threshold: float, least: int, second_percent: int = 0
) -> ReviewPolicy:
    """Say which share of reviews is blind and which is read twice, and when a label is withheld."""
    values = {
        "blind_percent": blind_percent,
        "second_percent": second_percent,
        "threshold": threshold,
        "least": least,
    }
    return _set(by, values)


@transaction.atomic
def set_dispute_days(days: int, *, by: Actor) -> ReviewPolicy:
    """Say for how many days after a review was submitted its agent may object."""
    return _set(by, {"dispute_days": days})


def _set(by: Actor, values: dict[str, Any]) -> ReviewPolicy:
    found, _ = ReviewPolicy.objects.update_or_create(
        organization_id=by.organization_id, defaults=values
    )
    audit.record(by, "reviews.policy_set", found, values)
    return found


def dispute_until(review: Review, *, by: Actor) -> datetime:
    """Until when the agent may object to a review that was submitted."""
    submitted = review.confirmed_at or timezone.now()
    return submitted + timedelta(days=policy_of(by).dispute_days)


def kept_back(by: Actor, waiting: Iterable[Interaction]) -> set[UUID]:
    """Of interactions that wait for a review those whose pre-score is not to be seen before."""
    percent = policy_of(by).blind_percent
    return {one.pk for one in waiting if percent and is_drawn(one.pk, percent)}


def is_drawn(interaction_id: UUID, percent: int, purpose: str = "blind") -> bool:
    """Whether a review of this interaction is a blind one, or one that is read twice.

    Drawn by a keyed hash: nobody can tell it from the id, and putting an interaction back and
    taking it again does not draw anew.
    """
    digest = salted_hmac(f"qa.reviews.{purpose}", str(interaction_id), algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big") % _HUNDREDTHS < percent * 100
