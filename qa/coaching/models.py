"""Coaching notes on a review, automatic feedback, and the agent's word that it was read."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qa.organizations.models import Agent, Membership, Role
from qa.reviews.models import Review
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from scorecards.models import PreScore
from transcripts.models import Interaction


class CoachingNote(TenantModel):
    """Advice to the agent, pinned to words of a turn (half-open character range) or to the turn."""

    class Kind(models.TextChoices):
        PRAISE = "praise", _("Praise")
        SUGGESTION = "suggestion", _("Suggestion")

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


class NoteDraft(TenantModel):
    """A note while it is being written: kept so that a closed lid loses nothing.

    One for each turn of a review. It is shown to its specialist alone, and goes when the note is
    saved or discarded, or the review put back.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="half_notes")
    turn = models.PositiveIntegerField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=20, choices=CoachingNote.Kind, blank=True)
    text = models.TextField(max_length=4000)
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "coaching_halfnote"
        constraints = [
            models.UniqueConstraint(fields=["review", "turn"], name="half_note_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")),
                name="half_note_range_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoteTemplate(TenantModel):
    """Words that an organization offers for notes, under a name to find them by."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=CoachingNote.Kind)
    text = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="note_template_once")
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


class FeedbackReply(TenantModel):
    """One message about a review between one of its agents and the reviewer or a manager.

    `agent` says whose thread it stands in, whoever wrote it; `note` what it answers, if a note.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="replies")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    note = models.ForeignKey(CoachingNote, models.CASCADE, null=True, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class FeedbackPolicy(TenantModel):
    """What an organization has set for feedback; without a row the defaults hold."""

    # Pre-scores at least so sure are shared with their agents; null: none is.
    share_from = models.FloatField(null=True)
    remind_days = models.PositiveSmallIntegerField(default=7)  # 0: nobody is reminded

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="feedback_policy_once"),
            models.CheckConstraint(
                condition=Q(share_from__isnull=True) | Q(share_from__range=(0, 1)),
                name="feedback_policy_share_is_a_probability",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SharedPreScoreQuerySet(TenantQuerySet["SharedPreScore"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agents see their own, specialists none: what they will judge is not theirs to read."""
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            return rows.filter(agent_id=actor.agent_id) if actor.agent_id else rows.none()
        if isinstance(actor, Membership) and actor.role == Role.SPECIALIST:
            return rows.none()
        return rows

    def unreviewed(self) -> Self:
        """Keep pre-scores that no review has taken the place of."""
        done = Review.objects.filter(organization_id=OuterRef("organization_id")).counted()
        return self.filter(~Exists(done.filter(interaction=OuterRef("interaction"))))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class SharedPreScore(TenantModel):
    """Automatic feedback: a pre-score that its agent may read though no person has confirmed it.

    It stays the pre-score that was shared, also where another has become current since. Of several
    agents each has a row, and reads what is theirs.
    """

    prescore = models.ForeignKey(PreScore, models.CASCADE, db_index=False, related_name="shared")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = SharedPreScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescore", "agent"], name="shared_once_an_agent")
        ]
        indexes = [
            models.Index(fields=["agent", "-shared_at", "-id"], name="shared_with_agent"),
            models.Index(fields=["organization", "-shared_at", "-id"], name="shared_newest"),
        ]

    def __str__(self) -> str:
        return str(self.id)
