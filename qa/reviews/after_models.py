"""Rows about reviews that are submitted: what is said of them later, beside them."""

from django.db import models

from qa.organizations.models import Membership
from qa.tenancy.base import TenantModel


class LeftOut(TenantModel):
    """A blind reading that does not count in agreement: its lock was pressed by mistake.

    The reading itself stays as it is. The row goes when a manager counts it again.
    """

    review = models.OneToOneField("reviews.Review", models.CASCADE, related_name="left_out")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


class Amendment(TenantModel):
    """Why a review was corrected, by whom, and what differs from the version before it.

    A correction that a dispute led to has no such row: the dispute says all of it. `changes` hold
    [{"part": "moment", "turn", "before", "after"}, {"part": "answer", "question", …}, …].
    """

    review = models.OneToOneField("reviews.Review", models.CASCADE, related_name="amendment")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    changes = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
