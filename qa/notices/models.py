"""What concerns a member: told in the app, and by e-mail where they want it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

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

    `facts` hold ids and values, and no text of a transcript or a customer's name: they are put
    into words when somebody reads them (qa/inbox). Rows of releases before have `words` instead.
    """

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", _("Feedback was shared with you")
        ACKNOWLEDGED = "acknowledged", _("Your feedback was read")
        REPLY = "reply", _("Somebody replied to feedback")
        DISPUTE_OPENED = "dispute_opened", _("A review was disputed")
        DISPUTE_DECIDED = "dispute_decided", _("A dispute was decided")
        SCORE_CHANGED = "score_changed", _("A review was corrected")
        ASSIGNED = "assigned", _("Conversations were assigned to you")
        CALIBRATION = "calibration", _("A calibration session changed")
        REMINDER = "reminder", _("Something is waiting to be read")
        LEASE_ENDING = "lease_ending", _("A review returns to the queue soon")
        HANDED_OVER = "handed_over", _("Conversations have changed agents")
        AGREEMENT = "agreement", _("What is pre-filled in reviews changed")

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind)
    facts = models.JSONField(null=True)
    words = models.CharField(max_length=300, blank=True, default="", db_default="")
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

    OFF = "off", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every Monday")


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
