"""Interactions, their transcripts, and the uploads that brought them."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Collate
from django.utils.translation import gettext, gettext_lazy

from qa.organizations.models import Agent, Membership, Role, Team
from qa.tenancy.base import Actor, TenantModel, TenantQuerySet
from transcripts.choices import Channel as Channel
from transcripts.choices import Unfit as Unfit
from transcripts.formats.remarks import named_values, remarks_of

# Who received the sample conversations (qa/first_steps/samples.py): no client has this label.
SAMPLE = "sample"
GIVEN = ("external_id", "customer_external_id", "customer_name", "subject", "metadata")


class Upload(TenantModel):
    """Files that a person or a client sent together."""

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(self.id)


class UploadedFileQuerySet(TenantQuerySet["UploadedFile"]):
    def listed(self) -> Self:
        """Those that nobody left out."""
        return self.filter(left_out_at=None)

    def counted_by(self, column: str) -> dict[str, int]:
        """Count them by one of their columns."""
        return dict(self.order_by().values_list(column).annotate(n=Count("pk")))


class UploadedFile(TenantModel):
    """One file of an upload and what became of it. Its bytes are never kept.

    Of a file that asks, what it holds is kept redacted for a day (KeptReading), with the questions
    and a preview. `source` is what such files have in common that one answer fits.
    """

    class Status(models.TextChoices):
        ACCEPTED = "accepted", gettext_lazy("Imported")
        PARTLY = "partly", gettext_lazy("Partly imported")
        DUPLICATE = "duplicate", gettext_lazy("Already imported")
        REFUSED = "refused", gettext_lazy("Rejected")
        ASKS = "asks", gettext_lazy("Needs your answer")

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=Status)
    faults = models.JSONField(default=list)  # [{"line": 7, "path": "turns[3].role", "message": …}]
    redacted = models.JSONField(default=dict)  # {"CARD": 1}
    summary = models.JSONField(default=dict)  # what the file holds: see qa/intake/tally.py
    source = models.CharField(max_length=64, blank=True)
    left_out_at = models.DateTimeField(null=True)  # dismissed: no longer in the list
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadedFileQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="uploaded_file_newest"),
            models.Index(
                fields=["organization", "source"],
                condition=Q(status="asks"),
                name="uploaded_file_asks",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class KeptReading(TenantModel):
    """What a file that asks holds, redacted, until it is answered or a day is over.

    `content` is compressed JSON: see qa/intake/kept.py.
    """

    file = models.OneToOneField(UploadedFile, models.CASCADE, related_name="kept")
    content = models.BinaryField()
    kept_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)


class RememberedAnswer(TenantModel):
    """What a person answered about a source's files, applied to the next ones like it.

    The source is known by a keyed hash only; `words` describes it without personal data.
    """

    question = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    value = models.JSONField()
    words = models.CharField(max_length=300)
    answered_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "question", "fingerprint"], name="answer_once_a_source"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SavedViewQuerySet(TenantQuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> Self:
        """A member's own, and those that were shared with everyone."""
        rows = super().visible_to(actor)
        if isinstance(actor, Membership):
            return rows.filter(Q(owner=actor) | Q(shared=True))
        return rows


class SavedView(TenantModel):
    """A member's filters of a list under a name: of all interactions, or of the queue."""

    owner = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)  # as in the address, known filters only
    shared = models.BooleanField(default=False)
    of = models.CharField(max_length=20, default="interactions", db_default="interactions")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "of", "name"], name="saved_view_once_a_name")
        ]

    def __str__(self) -> str:
        return str(self.id)


class InteractionQuerySet(TenantQuerySet["Interaction"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agents see what they took part in; everyone else their organization's."""
        rows = super().visible_to(actor)
        if isinstance(actor, Membership) and actor.role == Role.AGENT:
            own = handled_by([actor.agent_id])
            return rows.filter(own) if actor.agent_id else rows.none()
        return rows

    def received(self) -> Self:
        return self.filter(status=Interaction.Status.RECEIVED)

    def due_for_sweep(self, before: datetime, limit: int) -> Self:
        """Give rows that still wait and were last enqueued too long ago, oldest first."""
        return self.received().filter(rung_at__lt=before).order_by("rung_at")[:limit]

    def matching(self, words: str) -> Self:
        """Full-text search in the redacted turns, in web-search syntax."""
        return self.filter(
            transcript__search=SearchQuery(words, search_type="websearch", config="simple")
        )

    def of_agent(self, known: str) -> Self:
        """By the agent's id here or in its source."""
        named = Q(external_id=known) | Q(merged__external_id=known) | _own_id("pk", known)
        return self.filter(handled_by(Agent.objects.filter(named).values("pk")))

    def of_team(self, known: str) -> Self:
        """By the team's id or name."""
        return self.filter(Q(team__name=known) | _own_id("team", known))

    def for_api_list(self) -> Self:
        """With what a list of the API shows, and without the transcript."""
        return self.select_related("agent__team", "team").prefetch_related(
            "participations__agent__team"
        )

    def for_api(self) -> Self:
        """With everything that the API shows of one interaction."""
        return self.for_api_list().select_related("transcript")

    def for_lists(self) -> Self:
        """Newest first, with what a row shows and without the transcript."""
        rows = self.select_related("agent", "team").prefetch_related("participations__agent")
        return rows.order_by("-started_at", "-id")


def handled_by(agents: Any, interaction: str = "") -> Q:
    """The condition that one of these agents took part, as the only one or among several.

    `interaction` is the prefix that leads to the interaction. By ids of both kinds together, for
    an index finds each kind.
    """
    own = Interaction.objects.filter(agent__in=agents).values("pk")
    shared = Participation.objects.filter(agent__in=agents).values("interaction")
    return Q(**{f"{interaction}pk__in": own.union(shared)})


def _own_id(relation: str, text: str) -> Q:
    try:
        return Q(**{relation: UUID(text)})
    except ValueError:
        return Q(pk__in=[])


class Interaction(TenantModel):
    """One call, e-mail thread, chat or video meeting. The row is the pre-scoring job."""

    class Status(models.TextChoices):
        RECEIVED = "received", gettext_lazy("Waiting for its pre-score")
        PRESCORED = "prescored", gettext_lazy("Pre-scored")
        REVIEWED = "reviewed", gettext_lazy("Reviewed")
        FAILED = "failed", gettext_lazy("Failed")

    source = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=200, null=True)  # noqa: DJ001  (unique unless null)
    content_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel)
    started_at = models.DateTimeField()
    started_at_known = models.BooleanField(default=True)
    duration_s = models.FloatField(null=True)
    language = models.CharField(max_length=35, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, related_name="interactions")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="interactions")
    customer_external_id = models.CharField(max_length=200, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(default=dict)
    redacted = models.JSONField(default=dict)
    turn_count = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)
    received_from = models.CharField(max_length=80)
    file = models.ForeignKey(UploadedFile, models.SET_NULL, null=True, related_name="interactions")
    status = models.CharField(max_length=20, choices=Status, default=Status.RECEIVED)
    rung_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)  # rises with each new reading
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    # What its source gave, in lower case, of which people look for parts: see migration 0010.
    sought = models.GeneratedField(
        expression=models.Func(*map(F, GIVEN), function="heard_sought"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="interaction_source_unique",
            ),
            models.UniqueConstraint(
                fields=["organization", "content_hash"],
                condition=Q(external_id__isnull=True),
                name="interaction_content_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-started_at", "-id"], name="interaction_newest"),
            models.Index(fields=["organization", "-id"], name="interaction_latest"),
            # By bytes, so that the first letters of an id are looked up whatever the collation.
            models.Index(
                F("organization"), Collate("external_id", "C"), name="interaction_by_external_id"
            ),
            models.Index(
                fields=["organization", "agent", "-started_at"], name="interaction_of_agent"
            ),
            models.Index(
                fields=["organization", "rung_at"],
                condition=Q(status="received"),
                name="interaction_waiting",
            ),
            models.Index(
                fields=["organization", "received_at", "id"],
                condition=Q(status="prescored"),
                name="interaction_queue",
            ),
            # Read newest first without the rows: a part of a text can be no condition of an index
            # behind row-level security (ADR 45).
            models.Index(
                fields=["organization", "-started_at", "-id"],
                include=["sought", "file"],
                name="interaction_sought",
            ),
            models.Index(
                fields=["organization", "-started_at", "-id"],
                condition=Q(status="failed"),
                name="interaction_failed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def given(self) -> list[tuple[str, str]]:
        """What the source gave in its metadata, as names and values."""
        return named_values(self.metadata)

    @property
    def is_sample(self) -> bool:
        """True if it is one of the invented conversations that a newcomer tries things with."""
        return self.received_from == SAMPLE

    @property
    def why_failed(self) -> str:
        """`failure` in the reader's language."""
        return gettext(self.failure)

    @property
    def reading_remarks(self) -> list[str]:
        """What the reader of its file set aside or decided."""
        return [gettext(remark) for remark in remarks_of(self.metadata)]


class Participation(TenantModel):
    """One agent's part in an interaction that several handled: the turns in which they speak.

    There is none where one agent has it all. The first one's agent is the interaction's own. Of a
    part without an agent it is known only that it is none of the others'.
    """

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="participations")
    position = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(
        Agent, models.SET_NULL, null=True, db_index=False, related_name="participations"
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    turns = models.JSONField()  # indices, in order

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "position"], name="participation_in_order"
            )
        ]
        indexes = [models.Index(fields=["agent", "interaction"], name="participation_of_agent")]

    def __str__(self) -> str:
        return str(self.id)


class Transcript(TenantModel):
    """All turns of one interaction as one JSON value: one row read for a review page."""

    interaction = models.OneToOneField(Interaction, models.CASCADE, related_name="transcript")
    turns = models.JSONField()
    search = models.GeneratedField(
        expression=models.Func(F("turns"), function="heard_words"),  # see migration 0006
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["search"], name="transcript_search")]

    def __str__(self) -> str:
        return str(self.id)


class IdempotentAnswer(TenantModel):
    """The first answer to a push with an Idempotency-Key, replayed for 24 hours."""

    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="idempotency_key_unique")
        ]

    def __str__(self) -> str:
        return str(self.id)


SCORED = (Interaction.Status.PRESCORED, Interaction.Status.REVIEWED)  # there is a pre-score
