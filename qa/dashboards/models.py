"""Small tables that dashboards read, kept current by the steps that change the truth."""

from django.db import models

from qa.organizations.models import Agent, Team
from qa.tenancy.base import TenantModel
from scorecards.choices import Emotion, Outcome
from transcripts.models import Channel


class DailyMoments(TenantModel):
    """How many moments of one kind an agent had on one day (UTC), as settled so far.

    A confirmed review's decision counts where there is one, else the pre-score.
    """

    day = models.DateField()
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    emotion = models.CharField(max_length=20, choices=Emotion)
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
    """How many interactions an agent had on one day (UTC), and how far they have come."""

    day = models.DateField()
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    interactions = models.IntegerField()
    scorable = models.IntegerField()
    reviewed = models.IntegerField()

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
