"""Calibration: several specialists read the same conversations blind, and compare."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from qa.organizations.models import Membership, Role
from qa.reviews.models import Review
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from scorecards.models import PreScore, ScorecardVersion
from transcripts.models import Interaction

NO_FEELING = "none"  # in the place of an outcome


class SessionQuerySet(TenantQuerySet["Session"]):
    def visible_to(self, actor: Actor) -> Self:
        """Specialists see the sessions that they take part in, managers all, agents none."""
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            return rows.none()
        if isinstance(actor, Membership) and actor.role == Role.SPECIALIST:
            part = Assignment.objects.filter(item__session=OuterRef("pk"), member=actor)
            return rows.filter(Exists(part))
        return rows


class Session(TenantModel):
    """One calibration: read blind, then discussed, then agreed on; agreed is for good."""

    class State(models.TextChoices):
        READING = "reading", gettext_lazy("In progress")
        DISCUSSING = "discussing", gettext_lazy("In discussion")
        AGREED = "agreed", gettext_lazy("Finalised")
        CALLED_OFF = "called_off", gettext_lazy("Cancelled")

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=State, default=State.READING)
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    due = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)  # when its results opened
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="calibration_agreed_by_someone",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-made_at", "-id"], name="calibration_newest"),
            models.Index(fields=["organization", "-agreed_at"], name="calibration_newly_agreed"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_reading(self) -> bool:
        return self.state == Session.State.READING

    @property
    def is_discussed(self) -> bool:
        return self.state == Session.State.DISCUSSING

    @property
    def is_agreed(self) -> bool:
        return self.state == Session.State.AGREED

    @property
    def is_open(self) -> bool:
        """True if its results are open to everybody who takes part."""
        return self.is_discussed or self.is_agreed


class Item(TenantModel):
    """One conversation of a session, with the pre-score and the card that all read it on."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="items")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="+")
    prescore = models.ForeignKey(PreScore, models.PROTECT, related_name="+")
    scorecard_version = models.ForeignKey(ScorecardVersion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "interaction"], name="calibration_item_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Assignment(TenantModel):
    """One member's reading of one item; without a review it was not read before the closing."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="readings")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, models.CASCADE, null=True, related_name="calibration")

    class Meta:
        db_table = "calibration_reading"
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="calibration_reading_once")
        ]
        indexes = [models.Index(fields=["member", "item"], name="calibration_of_member")]

    def __str__(self) -> str:
        return str(self.id)


class Comment(TenantModel):
    """What somebody says in the discussion of an item, or of one moment or question of it.

    `target` is empty, "moment:5" by the turn of the cue, or "answer:own_words" by the question.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    target = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Agreed(TenantModel):
    """What holds of one moment or question of an item, as a manager has recorded it.

    `target` as for comments. For a moment `value` is one of the five choices or NO_FEELING, and
    `emotion` the feeling; for a question it is the answer.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="agreed")
    target = models.CharField(max_length=120)
    value = models.CharField(max_length=200)
    emotion = models.CharField(max_length=20, blank=True)
    final = models.BooleanField(default=False)  # a trigger refuses changes from here on

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "target"], name="calibration_agreed_once")
        ]

    def __str__(self) -> str:
        return str(self.id)
