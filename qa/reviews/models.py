"""Reviews: what a specialist confirmed, beside and never over what the machine found."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa.organizations.models import Membership, Role
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from scorecards.choices import Emotion, Outcome
from scorecards.models import PreScore, ScorecardVersion
from transcripts.models import Interaction, Participation, handled_by


class ReviewQuerySet(TenantQuerySet["Review"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agents see confirmed regular reviews of interactions that they took part in only.

        Of readings for a calibration everybody sees their own: others' show in its results.
        """
        rows = super().visible_to(actor)
        if isinstance(actor, Membership):
            rows = rows.filter(~Q(kind=Review.Kind.CALIBRATION) | Q(specialist=actor))
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            own = rows.regular().confirmed().filter(handled_by([actor.agent_id], "interaction__"))
            return own if actor.agent_id else rows.none()
        return rows

    def regular(self) -> Self:
        """Keep reviews that score an interaction, and no other readings of it."""
        return self.filter(kind=Review.Kind.REGULAR)

    def open(self) -> Self:
        return self.filter(status=Review.Status.OPEN)

    def confirmed(self) -> Self:
        return self.filter(status=Review.Status.CONFIRMED)

    def counted(self) -> Self:
        """The one of each interaction that counts: confirmed, regular, and not corrected since."""
        return self.regular().confirmed().filter(superseded_by__isnull=True)


class Review(TenantModel):
    """One specialist's scoring of one interaction on one scorecard version.

    OPEN while it is leased to a specialist, CONFIRMED for good (a trigger refuses
    changes after that). An open review whose lease ran out may be taken over.
    A correction is a new review that supersedes the old one.

    A blind one hides the machine's answers until its specialist commits; what they
    said until then stays in `first_reading`.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", _("Review")
        SECOND = "second", _("Second review")
        CALIBRATION = "calibration", _("Calibration")

    class Status(models.TextChoices):
        OPEN = "open", _("In review")
        CONFIRMED = "confirmed", _("Confirmed")

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="reviews")
    prescore = models.ForeignKey(PreScore, models.PROTECT, related_name="+")
    scorecard_version = models.ForeignKey(ScorecardVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.REGULAR, db_default="regular")
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    specialist = models.ForeignKey(Membership, models.PROTECT, related_name="reviews")
    lease_until = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    active_s = models.PositiveIntegerField(default=0, db_default=0)  # seconds at work on it
    seen_at = models.DateTimeField(null=True)  # the last sign that its specialist is at work on it
    blind = models.BooleanField(default=False, db_default=False)
    committed_at = models.DateTimeField(null=True)  # when a blind one was shown the pre-score
    # [{"cue_turn", "emotion", "outcome", "strength"}] as a blind one saw them before that
    first_reading = models.JSONField(null=True)
    answers = models.JSONField(default=dict)  # see scorecards/card/answers.py
    summary = models.TextField(blank=True, max_length=4000)
    score = models.FloatField(null=True)  # the scorecard's, 0…100
    empathy_score = models.FloatField(null=True)  # over the confirmed moments, 0…100
    wants_second = models.BooleanField(default=False, db_default=False)  # drawn for another reading
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction"],
                condition=Q(supersedes__isnull=True, kind="regular"),
                name="review_one_per_interaction",
            ),
            models.UniqueConstraint(
                fields=["interaction"],
                condition=Q(kind="second"),
                name="review_one_second_reading",
            ),
            models.UniqueConstraint(
                fields=["interaction", "specialist"],
                condition=Q(kind="calibration"),
                name="review_one_calibration_each",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "-confirmed_at"], name="review_newest"),
            models.Index(fields=["specialist", "status"], name="review_of_specialist"),
            models.Index(
                fields=["organization", "confirmed_at"],
                condition=Q(wants_second=True),
                name="review_wants_second",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def hides_machine(self) -> bool:
        """True if its specialist may not see the pre-score yet.

        For a calibration it never shows in the reading itself, but in the session's results.
        """
        return self.calibrates or (self.blind and self.committed_at is None)

    @property
    def calibrates(self) -> bool:
        """True if it is a reading for a calibration, which counts for nobody's score."""
        return self.kind == Review.Kind.CALIBRATION


class Embargo(TenantModel):
    """A conversation of which a member may see no pre-score and no review for the time being.

    They read it for a calibration, or have read it; the row goes when its results are open.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="+")

    class Meta:
        db_table = "reviews_sealed"
        constraints = [
            models.UniqueConstraint(fields=["member", "interaction"], name="sealed_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Exposure(TenantModel):
    """A conversation of which a member has been shown the pre-score, or what others said.

    The row stays: a reading of theirs can't be blind any more. `read`: they had it open to judge
    it, and have not only looked at a page.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="+")
    read = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "reviews_shown"
        constraints = [models.UniqueConstraint(fields=["member", "interaction"], name="shown_once")]

    def __str__(self) -> str:
        return str(self.id)


class Decision(models.TextChoices):
    """What the specialist did with the machine's proposal."""

    PENDING = "pending", _("Not decided")
    ACCEPTED = "accepted", _("Confirmed")
    CHANGED = "changed", _("Changed")
    REJECTED = "rejected", _("No feeling here")
    ADDED = "added", _("Added by hand")


class Reason(models.TextChoices):
    """Why a person's answer differs from the machine's."""

    OTHER_WORDS = "other_words", _("Empathy in other words")
    WORDS_ONLY = "words_only", _("Empathetic words, but not meant that way")
    TONE = "tone", _("Sarcasm or tone")
    OTHER_FEELING = "other_feeling", _("The customer feels something else")
    NO_FEELING = "no_feeling", _("No feeling in this turn")
    REPLY_ELSEWHERE = "reply_elsewhere", _("The reply came in another turn")
    RECOGNITION = "recognition", _("The transcript is wrong here")
    BLIND = "blind", _("Scored before the pre-score was shown")
    OTHER = "other", _("Something else (see the note)")


# What a specialist may choose; the rest are said by what they did.
OFFERED = tuple(reason for reason in Reason if reason != Reason.BLIND)


class AnswerReason(models.TextChoices):
    """Why an answer to the scorecard differs from what the moments propose."""

    MEANING = "meaning", _("The numbers miss the point")
    ELSEWHERE = "elsewhere", _("Made up for elsewhere in the conversation")
    RECOGNITION = "recognition", _("The transcript is wrong here")
    EXCEPTION = "exception", _("An agreed exception")
    BLIND = "blind", _("Scored before the pre-score was shown")
    OTHER = "other", _("Something else (see the summary)")


OFFERED_FOR_ANSWERS = tuple(reason for reason in AnswerReason if reason != AnswerReason.BLIND)


class ReviewMoment(TenantModel):
    """One moment of a review: the machine's proposal, and the person's decision beside it.

    `moment` is null for a moment that the specialist added. Until it is decided,
    the person's columns are empty. `participation` says whose it is once the review is confirmed,
    where several agents handled the interaction; null is the interaction's own agent.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="moments")
    moment = models.ForeignKey("scorecards.Moment", models.PROTECT, null=True, related_name="+")
    cue_turn = models.PositiveIntegerField()
    decision = models.CharField(max_length=20, choices=Decision, default=Decision.PENDING)
    emotion = models.CharField(max_length=20, choices=Emotion, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    strength = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=30, choices=Reason, blank=True)
    decided_at = models.DateTimeField(null=True)
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ["cue_turn"]
        indexes = [
            models.Index(
                fields=["participation"],
                condition=Q(participation__isnull=False),
                name="review_moment_of_several",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "cue_turn"], name="review_moment_once"),
            models.CheckConstraint(
                condition=~Q(decision__in=["changed", "rejected"]) | ~Q(reason=""),
                name="review_moment_change_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["pending", "rejected"])
                | (~Q(outcome="") & ~Q(emotion="")),
                name="review_moment_decided_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReviewStep(TenantModel):
    """One step on a draft, with what it replaced, so that it can be taken back.

    `before` holds {"moments": {cue turn: columns, or null where there was none}, "answers":
    {question: answer or null}, "notes": [...]}, of what the step changed. The rows go when the
    review is submitted.
    """

    class Kind(models.TextChoices):
        MOMENTS = "moments", pgettext_lazy("undone", "decision")
        ANSWERS = "answers", pgettext_lazy("undone", "answer")
        NOTE = "note", pgettext_lazy("undone", "note")
        LOCK = "lock", pgettext_lazy("undone", "lock")

    review = models.ForeignKey(Review, models.CASCADE, related_name="steps")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    before = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "revision"], name="review_step_once")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def turns(self) -> list[int]:
        """The turns that it is about."""
        return sorted(
            [int(turn) for turn in self.before.get("moments", {})]
            + [note["turn"] for note in self.before.get("notes", [])]
        )

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that it answered."""
        return tuple(self.before.get("answers", {}))


class ReviewPolicy(TenantModel):
    """What an organization has set for its reviews; without a row the defaults hold.

    A label is withheld where people and the pre-score agree less than `threshold` (Cohen's
    kappa) on at least `least` blind judgements.
    """

    blind_percent = models.PositiveSmallIntegerField(default=0)
    second_percent = models.PositiveSmallIntegerField(default=0)  # read again by somebody else
    threshold = models.FloatField(default=0.6)
    least = models.PositiveIntegerField(default=30)
    dispute_days = models.PositiveSmallIntegerField(default=14)  # in which an agent may object
    # For so long a reviewer may take a submitted review back; 0: never.
    recall_minutes = models.PositiveSmallIntegerField(default=10, db_default=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="review_policy_once"),
            models.CheckConstraint(
                condition=Q(blind_percent__lte=100, second_percent__lte=100),
                name="review_policy_percent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Withheld(TenantModel):
    """A label that the machine is not trusted with just now, so it is not pre-filled.

    On blind readings its agreement with people fell below the threshold; the row goes
    when it has recovered. `label` is an outcome, or "cue" or "emotion" for all of them.
    """

    label = models.CharField(max_length=40)
    agreement = models.FloatField()  # Cohen's kappa, as measured
    compared = models.PositiveIntegerField()  # over how many blind judgements
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "label"], name="withheld_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


from qa.reviews.after_models import Amendment, LeftOut  # noqa: E402, F401  (found here)
