"""Small tables that dashboards read, kept current by the steps that change the truth."""

from typing import Self

from django.db import models

from qa.organizations.models import Agent, Membership, Role, Team
from qa.reviews.attribution import settled_is
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from scorecards.choices import FEELINGS, GestureKind, Outcome
from transcripts.models import Channel, Interaction, Participation


class DailyMoments(TenantModel):
    """How many moments of one kind an agent had on one day (the organization's), as settled so far.

    A confirmed review's decision counts where there is one, else the pre-score. A feeling of which
    the pre-score is unsure what kind it is counts as a kind of its own.
    """

    day = models.DateField()
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    emotion = models.CharField(max_length=20, choices=FEELINGS)
    outcome = models.CharField(max_length=20, choices=Outcome)
    strength = models.PositiveSmallIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "day",
                    "agent",
                    "team",
                    "channel",
                    "emotion",
                    "outcome",
                    "strength",
                ],
                name="daily_moments_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DailyInteractions(TenantModel):
    """How many interactions an agent had on one day (the organization's), and how far they came.

    An interaction counts once, for its own agent. For every other agent who took part it counts
    in the `joined` columns, which stand in that agent's own numbers and in nobody's sum.
    """

    day = models.DateField()
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    interactions = models.IntegerField()
    scorable = models.IntegerField()
    reviewed = models.IntegerField()
    joined = models.IntegerField(default=0, db_default=0)
    joined_scorable = models.IntegerField(default=0, db_default=0)
    joined_reviewed = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "day", "agent", "team", "channel"],
                name="daily_interactions_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class GestureQuerySet(TenantQuerySet["Gesture"]):
    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            own = rows.filter(settled_is("agent", actor.agent_id, "interaction__"))
            return own if actor.agent_id else rows.none()
        return rows


class Gesture(TenantModel):
    """Volunteered empathy, or one apology, in an agent's turn, as settled so far.

    Its numbers are counted, and its lists shown, from these rows alone. What a confirmed review
    says of the moments counts where there is one, else the pre-score.
    """

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="gestures")
    # Whose it is, where several agents took part; else it is the interaction's own agent's.
    participation = models.ForeignKey(
        Participation, models.CASCADE, null=True, db_index=False, related_name="+"
    )
    started_at = models.DateTimeField()  # of the interaction: lists go by it
    turn = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=GestureKind)
    spans = models.JSONField(default=list)  # half-open ranges of the turn's text

    objects = GestureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-started_at", "-id"], name="gesture_newest"),
            models.Index(
                fields=["participation"],
                condition=models.Q(participation__isnull=False),
                name="gesture_of_several",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CoverageTarget(TenantModel):
    """How many conversations of each agent an organization means to review a month."""

    per_month = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="coverage_target_once")
        ]

    def __str__(self) -> str:
        return str(self.id)
