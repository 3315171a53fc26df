"""What concerns a member: told in the app, and by e-mail where they want it."""

from typing import Self

from django.db import models

from qa.organizations.models import Membership
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet


class NoticeQuerySet(TenantQuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """A member sees their own notices only."""
        rows = super().visible_to(actor)
        return rows.filter(member=actor) if isinstance(actor, Membership) else rows

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(TenantModel):
    """One thing that one member should know, and the page where it stands.

    `words` say what happened, without any text of a transcript or a person's name.
    """

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", "Feedback was shared with you"
        ACKNOWLEDGED = "acknowledged", "Feedback was read"
        DISPUTE_OPENED = "dispute_opened", "A dispute was opened"
        DISPUTE_DECIDED = "dispute_decided", "A dispute was decided"
        SCORE_CHANGED = "score_changed", "A score was corrected"
        ASSIGNED = "assigned", "Conversations were assigned to you"
        CALIBRATION = "calibration", "A calibration session wants you"
        REMINDER = "reminder", "Feedback waits to be read"
        LEASE_ENDING = "lease_ending", "A review goes back to the queue soon"
        AGREEMENT = "agreement", "The pre-score is trusted more or less than before"

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind)
    words = models.CharField(max_length=300)
    address = models.CharField(max_length=300)  # a path of this site, from the root
    # Telling the same thing again, while it is unread, changes nothing.
    subject = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "subject"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread_once",
            )
        ]
        indexes = [models.Index(fields=["member", "-created_at"], name="notice_newest")]

    def __str__(self) -> str:
        return str(self.id)


class Digest(models.TextChoices):
    """How often a member wants what they have not read by e-mail."""

    OFF = "off", "Never"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every Monday"


class NoticeChoiceQuerySet(TenantQuerySet["NoticeChoice"]):
    def visible_to(self, actor: Actor) -> Self:
        """A member sees their own choice only."""
        rows = super().visible_to(actor)
        return rows.filter(member=actor) if isinstance(actor, Membership) else rows


class NoticeChoice(TenantModel):
    """What a member has chosen; without a row nothing is mailed."""

    member = models.OneToOneField(Membership, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.OFF)
    # The first day of the last day or week that is done with: whoever moves it on sends the mail.
    digested_for = models.DateField()

    objects = NoticeChoiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "digest", "digested_for"], name="digest_due")
        ]

    def __str__(self) -> str:
        return str(self.id)
