"""Scorecards and their published versions; pre-scores and the moments in them."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from qa.organizations.models import Agent, Membership, Role, Team
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from scorecards.choices import UNSURE, Emotion, Outcome
from transcripts.models import Channel, Interaction


class ScorecardQuerySet(TenantQuerySet["Scorecard"]):
    def in_use(self) -> Self:
        """Keep cards that were not archived."""
        return self.filter(archived=False)


class Scorecard(TenantModel):
    """A named card; what is asked stands in its versions.

    A new review takes the card of its channel, else the `general` one; always the newest
    published version. `draft` is what will be the next version, null while nothing was changed;
    `revision` counts its changes, so that two tabs do not write over each other.
    """

    name = models.CharField(max_length=200)
    general = models.BooleanField(default=False, db_default=False)
    channels = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    archived = models.BooleanField(default=False, db_default=False)
    draft = models.JSONField(null=True)  # see scorecards/card/shape.py
    revision = models.PositiveIntegerField(default=0, db_default=0)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="scorecard_name_unique"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(general=True), name="scorecard_one_general"
            ),
            models.CheckConstraint(
                condition=~Q(general=True, archived=True), name="scorecard_general_in_use"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ScorecardVersion(TenantModel):
    """One published, immutable state of a card (a trigger refuses changes)."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()  # see scorecards/card/shape.py
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "scorecard", "number"], name="scorecard_number_unique"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DefinitionPack(TenantModel):
    """A definition pack of the organization's own, as it was put to use.

    Never changed (a trigger refuses): pre-scores and reviews are read by it for as long as they
    are there. `definitions` is the pack's own id.
    """

    definitions = models.CharField(max_length=60)
    text = models.TextField()  # the TOML file
    calibration = models.TextField(default="", blank=True)  # the JSON file beside it, if any
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "definitions"], name="definition_pack_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class EngineInUse(TenantModel):
    """What an organization's interactions are scored by, where that isn't all as Heard has it.

    Without a row: Heard's default engine under Heard's own pack, whichever these are by now. An
    empty `engine` is the default one too, and without `pack` it is Heard's own.
    """

    engine = models.CharField(max_length=60, default="", blank=True)
    pack = models.ForeignKey(DefinitionPack, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="engine_in_use_once"),
            models.CheckConstraint(
                condition=~Q(engine="", pack=None), name="engine_in_use_says_something"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PreScoreQuerySet(TenantQuerySet["PreScore"]):
    def current(self) -> Self:
        """The one of each interaction that counts; the others are its history."""
        return self.filter(current=True)

    def unfit(self, reason: str) -> Self:
        """Not scorable, for this reason among others."""
        return self.filter(scorable=False, result__fitness__reasons__contains=[reason])


class PreScore(TenantModel):
    """What one engine under one definition pack found in one interaction.

    Never changed (a trigger refuses), but for which one of the interaction is `current`.
    """

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="prescores")
    engine_version = models.CharField(max_length=60)
    definitions = models.CharField(max_length=60)
    result = models.JSONField()  # contract.md's pre-score, with a reason for each evidence range
    score = models.FloatField(null=True)
    scorable = models.BooleanField()
    current = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PreScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "engine_version", "definitions"], name="prescore_once"
            ),
            models.UniqueConstraint(
                fields=["interaction"], condition=Q(current=True), name="prescore_one_current"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


# The feeling of a moment as it counts: one of unsure kind is a value of its own.
FELT = Case(When(kind_unsure=True, then=Value(UNSURE)), default=F("emotion"))


def shows(emotion: str, moment: str = "") -> Q:
    """The condition that a moment shows this feeling, or UNSURE; `moment` leads to its fields."""
    if emotion == UNSURE:
        return Q(**{f"{moment}kind_unsure": True})
    return Q(**{f"{moment}emotion": emotion, f"{moment}kind_unsure": False})


class MomentQuerySet(TenantQuerySet["Moment"]):
    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            return rows.filter(agent_id=actor.agent_id) if actor.agent_id else rows.none()
        return rows

    def current(self) -> Self:
        """Keep moments of the pre-scores that count."""
        return self.filter(prescore__current=True)


class Moment(TenantModel):
    """One moment as the machine saw it: a row, because lists and dashboards count them.

    `confidence` is that of the outcome, `presence` that there is a feeling (null: not kept then).
    Where `kind_unsure`, `emotion` is only the best guess and counts as no kind of feeling.
    """

    prescore = models.ForeignKey(PreScore, models.CASCADE, related_name="moments")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="moments")
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    started_at = models.DateTimeField()
    cue_turn = models.PositiveIntegerField()
    response_turns = models.JSONField(default=list)
    emotion = models.CharField(max_length=20, choices=Emotion)
    outcome = models.CharField(max_length=20, choices=Outcome)
    strength = models.PositiveSmallIntegerField()
    apology_then_empathy = models.BooleanField(default=False)
    confidence = models.FloatField()
    presence = models.FloatField(null=True)
    kind_unsure = models.BooleanField(default=False, db_default=False)
    engine_version = models.CharField(max_length=60)

    objects = MomentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prescore", "cue_turn"], name="moment_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="outcome_known"),
            models.CheckConstraint(condition=Q(emotion__in=Emotion.values), name="emotion_known"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "agent", "outcome", "-started_at"], name="moment_of_agent"
            ),
            models.Index(fields=["interaction", "cue_turn"], name="moment_in_interaction"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def felt(self) -> str:
        """The feeling as it counts: its kind, or UNSURE."""
        return UNSURE if self.kind_unsure else str(self.emotion)
