"""Coaching notes on a review, and the agent's word that it was read."""

from django.db import models
from django.db.models import F, Q

from qa.organizations.models import Membership
from qa.reviews.models import Review
from qa.tenancy.base import TenantModel


class CoachingNote(TenantModel):
    """Advice to the agent, pinned to words of a turn (half-open character range) or to the turn."""

    class Kind(models.TextChoices):
        PRAISE = "praise", "Praise"
        SUGGESTION = "suggestion", "Suggestion"

    review = models.ForeignKey(Review, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    turn = models.PositiveIntegerField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["turn", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")),
                name="note_range_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Acknowledgement(TenantModel):
    """The agent has read a review; once, with an answer if they like."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="acknowledgement")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, max_length=2000)

    def __str__(self) -> str:
        return str(self.id)
