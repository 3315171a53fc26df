"""Disputes: an agent's objection to one answer, moment or note of a review, and its decision."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet


class DisputeQuerySet(TenantQuerySet["Dispute"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agents see their own, specialists those of their reviews, managers all."""
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            return rows.filter(opened_by=actor)
        if isinstance(actor, Membership) and actor.role == Role.SPECIALIST:
            return rows.filter(review__specialist=actor)
        return rows

    def open(self) -> Self:
        return self.filter(status=Dispute.Status.OPEN)


class Dispute(TenantModel):
    """One objection. What is upheld leads to a corrected review, a new version of the old one.

    `target` names what it is about: "moment:5" by the turn of the cue, "answer:own_words" by the
    question, or "note:" and its id.
    """

    class Kind(models.TextChoices):
        MOMENT = "moment", _("A moment")
        ANSWER = "answer", _("An answer")
        NOTE = "note", _("A note")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("not decided", "Open")
        UPHELD = "upheld", _("Upheld")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    review = models.ForeignKey(Review, models.PROTECT, related_name="disputes")
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    target = models.CharField(max_length=120)
    words = models.TextField(max_length=2000)
    # The outcome or the answer that the agent proposes instead; empty where they say none.
    proposed = models.CharField(max_length=200, blank=True, default="", db_default="")
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, max_length=2000)
    corrected = models.OneToOneField(Review, models.PROTECT, null=True, related_name="+")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "target"], condition=Q(status="open"), name="dispute_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["upheld", "declined"])
                | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="dispute_decided_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "-opened_at"], name="dispute_newest")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def decided(self) -> bool:
        """True if a manager has upheld or declined it."""
        return self.status in {Dispute.Status.UPHELD, Dispute.Status.DECLINED}

    @property
    def kind(self) -> str:
        """What it is about: a moment, an answer or a note."""
        return self.target.partition(":")[0]

    @property
    def key(self) -> str:
        """Which one: the turn of the cue, the question's id, or the note's."""
        return self.target.partition(":")[2]


class DecisionRead(TenantModel):
    """The agent has read how their dispute was decided; once."""

    dispute = models.OneToOneField(Dispute, models.CASCADE, related_name="read")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)
