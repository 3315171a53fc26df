"""What an organization has set for feedback: what is shared unasked, when agents are reminded."""

from django.db import transaction

from qa.audit import actions as audit
from qa.coaching.models import FeedbackPolicy
from qa.organizations.models import Membership
from qa.reviews.policy import change_policy
from qa.tenancy.base import Actor


def feedback_policy_of(by: Actor) -> FeedbackPolicy:
    """What the organization has set; the defaults, not stored, where it has set nothing."""
    found = FeedbackPolicy.objects.visible_to(by).first()
    return found or FeedbackPolicy(organization_id=by.organization_id)


@transaction.atomic
def set_feedback_policy(
    *,
    by: Membership,
    dispute_days: int,
    share_from: float | None,
    remind_days: int,
    recall_minutes: int | None = None,
) -> FeedbackPolicy:
    """Say how long agents may object, from how sure on pre-scores are shared, when to remind.

    `recall_minutes`, if given, is how long reviewers may take back what they submitted.
    """
    windows = {"dispute_days": dispute_days}
    if recall_minutes is not None:
        windows["recall_minutes"] = recall_minutes
    change_policy(by, windows)
    values = {"share_from": share_from, "remind_days": remind_days}
    held = feedback_policy_of(by)
    before = {name: getattr(held, name) for name in values}
    found, _ = FeedbackPolicy.objects.update_or_create(
        organization_id=by.organization_id, defaults=values
    )
    audit.record(by, "feedback.policy_set", found, audit.changes(before, values))
    return found
