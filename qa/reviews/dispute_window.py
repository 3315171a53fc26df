"""For how many days after a review was submitted its agent may dispute it.

It is a setting of the organization, and stands with the review's other settings in `policy.py`.
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from qa.reviews.models import Review, ReviewPolicy
from qa.reviews.policy import change_policy, policy_of
from qa.tenancy.base import Actor

LEAST_DAYS: Final = 0  # nobody may dispute anything
MOST_DAYS: Final = 365


def set_dispute_days(days: int, *, by: Actor) -> ReviewPolicy:
    """Say for how many days after a review was submitted its agent may object."""
    return change_policy(by, {"dispute_days": days})


def dispute_until(review: Review, *, by: Actor) -> datetime:
    """Until when the agent may object to a review that was submitted."""
    submitted = review.confirmed_at or timezone.now()
    return submitted + timedelta(days=policy_of(by).dispute_days)
