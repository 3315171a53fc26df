"""Which conversations people are asked to review: rules, what they picked, and for whom."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy

from qa.organizations.models import Agent, Membership, Team
from qa.tenancy.base import TenantModel, TenantQuerySet
from transcripts.models import Channel, Interaction


class Kind(models.TextChoices):
    """What a rule looks for; the words are why a conversation is in the queue."""

    SHARE = "share", gettext_lazy("Random share")
    NUMBER = "number", gettext_lazy("Random per agent")
    MISSED_ANGER = "missed_anger", gettext_lazy("Missed anger")
    DISMISSED = "dismissed", gettext_lazy("Dismissed feeling")
    LOW_CONFIDENCE = "low_confidence", gettext_lazy("Low confidence")
    DISPUTED = "disputed", gettext_lazy("Agent with disputes")
    NEW_AGENT = "new_agent", gettext_lazy("New agent")
    UNFIT = "unfit", gettext_lazy("Couldn't be scored")
    COMPOSED = "composed", gettext_lazy("Custom rule")


RANDOM = (Kind.SHARE, Kind.NUMBER)
BY_HAND = "by_hand"
WEEKLY = Q(kind=Kind.NUMBER) | Q(kind=Kind.COMPOSED, drawing="week")  # drawn when a week is over


class RuleQuerySet(TenantQuerySet["Rule"]):
    def on(self) -> Self:
        return self.filter(on=True)

    def at_once(self) -> Self:
        """Keep rules that look at a conversation as soon as it has its pre-score."""
        return self.on().filter(caught_up=True).exclude(WEEKLY)

    def in_order(self) -> Self:
        """What is on first, then by priority and name."""
        return self.order_by("-on", "priority", "name")


class Rule(TenantModel):
    """One way in which conversations get into the queue.

    `caught_up` is false between switching on and the first draw, which looks at what is here
    already, back to `begins`; from then on each conversation is looked at as it comes.

    Of COMPOSED `conditions` says what must hold (qa/sampling/conditions.py).
    """

    class Priority(models.IntegerChoices):
        FIRST = 1, gettext_lazy("First")
        NORMAL = 2, gettext_lazy("Normal")
        LAST = 3, gettext_lazy("Last")

    class Assignment(models.TextChoices):
        SHARED = "shared", gettext_lazy("Shared queue")
        TURNS = "turns", gettext_lazy("Round robin")
        LOAD = "load", gettext_lazy("Least busy")

    class Drawing(models.TextChoices):
        ARRIVAL = "arrival", gettext_lazy("As they arrive")
        WEEK = "week", gettext_lazy("At random, when the week ends")

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)
    on = models.BooleanField(default=False)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), default=list)
    teams = ArrayField(models.UUIDField(), default=list)
    conditions = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    drawing = models.CharField(
        max_length=10, choices=Drawing, default=Drawing.ARRIVAL, db_default=Drawing.ARRIVAL
    )
    percent = models.FloatField(null=True)  # of SHARE, and of COMPOSED where it draws a share
    per_week = models.PositiveSmallIntegerField(null=True)  # for each agent; else at most so many
    per_team = models.PositiveSmallIntegerField(null=True)  # of COMPOSED: of each team in a week
    per_day = models.PositiveSmallIntegerField(null=True)  # of COMPOSED: of all in a day
    in_week = models.PositiveSmallIntegerField(null=True)  # of COMPOSED: of all in a week
    below = models.FloatField(null=True)  # of LOW_CONFIDENCE
    days = models.PositiveSmallIntegerField(null=True)  # of NEW_AGENT and DISPUTED
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    assignment = models.CharField(max_length=10, choices=Assignment, default=Assignment.SHARED)
    specialists = ArrayField(models.UUIDField(), default=list)
    return_days = models.PositiveSmallIntegerField(default=3)
    seed = models.BigIntegerField()  # of everything it draws
    last_assigned = models.UUIDField(null=True)
    begins = models.DateTimeField(null=True)  # looks at nothing that arrived before
    caught_up = models.BooleanField(default=False)
    drawn_to = models.DateField(null=True)  # of NUMBER: first day of the last week drawn from
    ended_at = models.DateTimeField(null=True)  # when it was switched off last
    # What had come by then and was not picked was left out of the queue of a time without rules.
    left_out = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="rule_name_unique"),
            models.CheckConstraint(
                condition=~Q(kind="share") | Q(percent__gt=0, percent__lte=100),
                name="rule_share_has_percent",
            ),
            models.CheckConstraint(
                condition=~Q(kind="number") | Q(per_week__gte=1), name="rule_number_has_number"
            ),
            models.CheckConstraint(
                condition=~Q(kind="low_confidence") | Q(below__gt=0, below__lte=1),
                name="rule_confidence_has_limit",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["new_agent", "disputed"]) | Q(days__gte=1),
                name="rule_period_has_days",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def random(self) -> bool:
        """True if its picks stand for all conversations, and not for the conspicuous ones."""
        return self.kind in RANDOM

    @property
    def weekly(self) -> bool:
        """True if it draws when a week is over, and not as conversations come."""
        composed = self.kind == Kind.COMPOSED and self.drawing == self.Drawing.WEEK
        return composed or self.kind == Kind.NUMBER

    @property
    def shares(self) -> bool:
        """True if it draws a share of what comes, and so must look at nothing twice."""
        composed = self.kind == Kind.COMPOSED and not self.weekly and self.percent is not None
        return composed or self.kind == Kind.SHARE

    @property
    def limits(self) -> dict[str, int]:
        """How many at most, of a custom rule: of each agent, team, day and week."""
        given = {"agent": self.per_week, "team": self.per_team}
        given |= {"day": self.per_day, "week": self.in_week}
        return {name: number for name, number in given.items() if number is not None}


class Stratum(TenantModel):
    """What a rule has seen of one agent (of SHARE: on one channel) in one week."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+")
    week = models.DateField()  # its first day, as the organization's weeks begin
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=10, blank=True)
    seen = models.PositiveIntegerField(default=0)
    due = models.FloatField(default=0)  # of SHARE: the sum of the probabilities so far
    picked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "week", "agent", "channel"],
                nulls_distinct=False,
                name="stratum_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class PickQuerySet(TenantQuerySet["Pick"]):
    def random(self) -> Self:
        """Keep random picks: they stand for all conversations, each with its probability."""
        return self.filter(probability__isnull=False)


class Pick(TenantModel):
    """A conversation that a rule, or a person, wants reviewed, and why. Never changed.

    `probability`: with which it was drawn; null where it was not drawn at random.
    """

    WHY: ClassVar = (*Kind.choices, (BY_HAND, gettext_lazy("Assigned by a manager")))

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="picks")
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="picks")
    why = models.CharField(max_length=20, choices=WHY)
    probability = models.FloatField(null=True)
    picked_at = models.DateTimeField(auto_now_add=True)

    objects = PickQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "rule"], nulls_distinct=False, name="pick_once_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__gt=0, probability__lte=1),
                name="pick_probability_is_one",
            ),
        ]
        indexes = [models.Index(fields=["rule", "-picked_at"], name="pick_of_rule")]

    def __str__(self) -> str:
        return str(self.id)


class QueueEntry(TenantModel):
    """The place in the queue of a conversation that was picked; gone when it is reviewed.

    However many rules picked it, it waits once: with the highest priority, for one specialist at
    most. `returns_at` is when it goes back to everyone, unless they are at work on it.
    """

    interaction = models.OneToOneField(Interaction, models.CASCADE, related_name="place")
    priority = models.PositiveSmallIntegerField()
    since = models.DateTimeField()  # when the conversation arrived
    assigned_to = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    returns_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sampling_place"
        indexes = [
            models.Index(
                fields=["organization", "priority", "since", "interaction"], name="place_in_order"
            ),
            models.Index(
                fields=["assigned_to", "priority", "since", "interaction"],
                condition=Q(assigned_to__isnull=False),
                name="place_of_specialist",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Exclusion(TenantModel):
    """A member who reviews nothing of an agent, or of a whole team."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="exclusions")
    agent = models.ForeignKey(Agent, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "agent", "team"], nulls_distinct=False, name="exclusion_once"
            ),
            models.CheckConstraint(
                condition=Q(agent__isnull=False, team__isnull=True)
                | Q(agent__isnull=True, team__isnull=False),
                name="exclusion_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
