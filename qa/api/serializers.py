"""The API's words for interactions and uploads: what it takes, what it answers, as documented."""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from qa.api.agent_serializers import (
    AgentPartSerializer,
    AgentSerializer,
    KnownAgentSerializer,
    SpeakingAgentSerializer,
    agent_id,
    agent_part,
    known_agent,
    known_agents,
)
from qa.api.options import PageOptions, Plain
from qa.api.prescore_serializers import EMOTIONS, FEELINGS, OUTCOMES, PreScoreSerializer
from qa.reviews.attribution import counted_parts, settled_parts
from qa.reviews.settled_gestures import settled_gestures
from scorecards.attribution import deeds
from transcripts.cast import Cast, cast_of
from transcripts.formats import FORMATS, ROLES
from transcripts.formats.model import iso
from transcripts.models import Channel, Interaction, UploadedFile

MAX_WORDS = 400
UPLOAD_STATES = ["processing", "done"]


class PushOptions(Plain):
    """How an interaction is pushed."""

    dry_run = serializers.BooleanField(
        default=False, help_text="Answer with the pre-score and store nothing."
    )
    on_conflict = serializers.ChoiceField(
        choices=["refuse", "replace"],
        default="refuse",
        help_text=(
            "What to do where this source and external_id are here with other content. "
            "`replace` is refused once a review is confirmed."
        ),
    )


class BulkOptions(Plain):
    """How lines are pushed."""

    dry_run = serializers.BooleanField(
        default=False, help_text="Answer with what would become of the lines and store nothing."
    )
    on_conflict = serializers.ChoiceField(
        choices=["refuse"],
        default="refuse",
        help_text="A line that is here with other content is always rejected.",
        error_messages={
            "invalid_choice": "can only be refuse here; to replace an interaction, push it by "
            "itself to /interactions/?on_conflict=replace"
        },
    )


class UploadQuery(Plain):
    """How files are uploaded."""

    dry_run = serializers.BooleanField(
        default=False,
        help_text="Answer with what would become of each file and store nothing.",
    )


class UploadOptions(Plain):
    """What the sender knows of all the files."""

    format = serializers.ChoiceField(
        choices=list(FORMATS), required=False, help_text="Where absent, told from the content."
    )
    channel = serializers.ChoiceField(
        choices=Channel.choices, required=False, help_text="For files that don't say it."
    )


class InteractionFilters(PageOptions):
    """What a list of interactions can be narrowed by; several narrow it further."""

    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    agent = serializers.CharField(
        max_length=200, required=False, help_text="The agent's id here, or in the source."
    )
    team = serializers.CharField(
        max_length=200, required=False, help_text="The team's id here, or its name."
    )
    status = serializers.ChoiceField(choices=Interaction.Status.choices, required=False)
    started_after = serializers.DateTimeField(required=False, help_text="At this time or later.")
    started_before = serializers.DateTimeField(required=False, help_text="Before this time.")
    q = serializers.CharField(
        max_length=MAX_WORDS,
        required=False,
        help_text="Whole words of the turns, in web-search syntax.",
    )
    outcome = serializers.ChoiceField(
        choices=OUTCOMES,
        required=False,
        help_text="With a moment of this outcome: as people settled it, else by the pre-score.",
    )
    emotion = serializers.ChoiceField(
        choices=FEELINGS,
        required=False,
        help_text="With a moment of this feeling: as people settled it, else by the pre-score. "
        "`unsure`: of a kind that the pre-score is not sure of.",
    )


class TurnSerializer(serializers.Serializer[Any]):
    """One stretch of text by one speaker."""

    role = serializers.ChoiceField(choices=ROLES)
    text = serializers.CharField(max_length=100_000)
    speaker = serializers.CharField(allow_null=True, required=False, max_length=200)
    started_s = serializers.FloatField(allow_null=True, required=False, min_value=0)
    ended_s = serializers.FloatField(allow_null=True, required=False, min_value=0)
    sent_at = serializers.DateTimeField(allow_null=True, required=False)


class CustomerSerializer(serializers.Serializer[Any]):
    """The other side, as the source names them. The name is redacted before it is kept."""

    external_id = serializers.CharField(allow_null=True, required=False, max_length=200)
    name = serializers.CharField(allow_null=True, required=False, max_length=200)


class CanonicalInteractionSerializer(serializers.Serializer[Any]):
    """One call, e-mail thread, chat or video meeting. Unknown keys are refused."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    turns = TurnSerializer(many=True)
    external_id = serializers.CharField(
        allow_null=True, required=False, max_length=200, help_text="Its id in the source."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # the contract's name
        allow_null=True, required=False, max_length=200, help_text="The system it comes from."
    )
    started_at = serializers.DateTimeField(allow_null=True, required=False)
    duration_s = serializers.FloatField(allow_null=True, required=False, min_value=0)
    language = serializers.CharField(allow_null=True, required=False, max_length=35)
    subject = serializers.CharField(allow_null=True, required=False, max_length=1000)
    agent = AgentSerializer(
        allow_null=True, required=False, help_text="Of several: the one whose it is first of all."
    )
    agents = SpeakingAgentSerializer(
        many=True,
        allow_null=True,
        required=False,
        help_text="Where several took part, as after a transfer: who speaks under which label.",
    )
    customer = CustomerSerializer(allow_null=True, required=False)
    metadata = serializers.DictField(allow_null=True, required=False, help_text="Free data.")


class ReceiptSerializer(serializers.Serializer[Any]):
    """The interaction's id, and how far it has come."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Interaction.Status.choices)


class InteractionSerializer(serializers.Serializer[Interaction]):
    """An interaction as lists show it, redacted."""

    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    channel = serializers.ChoiceField(choices=Channel.choices)
    status = serializers.ChoiceField(choices=Interaction.Status.choices)
    failure = serializers.CharField(allow_null=True, help_text="Why it could not be pre-scored.")
    started_at = serializers.DateTimeField(allow_null=True)
    duration_s = serializers.FloatField(allow_null=True)
    language = serializers.CharField(allow_null=True)
    subject = serializers.CharField(allow_null=True)
    agent = KnownAgentSerializer(allow_null=True)
    agents = KnownAgentSerializer(
        many=True, help_text="All who took part, `agent` first; more than one after a transfer."
    )
    team = serializers.CharField(allow_null=True, help_text="The agent's team at that time.")
    customer = CustomerSerializer()
    metadata = serializers.DictField()
    redacted = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many items of each kind were redacted."
    )
    turn_count = serializers.IntegerField()
    received_at = serializers.DateTimeField()

    def to_representation(self, row: Interaction) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "external_id": row.external_id,
            "source": row.source or None,
            "channel": row.channel,
            "status": row.status,
            "failure": row.failure or None,
            "started_at": iso(row.started_at) if row.started_at_known else None,
            "duration_s": row.duration_s,
            "language": row.language or None,
            "subject": row.subject or None,
            "agent": row.agent and known_agent(row.agent),
            "agents": known_agents(cast_of(row)),
            "team": row.team and row.team.name,
            "customer": {
                "external_id": row.customer_external_id or None,
                "name": row.customer_name or None,
            },
            "metadata": row.metadata,
            "redacted": row.redacted,
            "turn_count": row.turn_count,
            "received_at": iso(row.received_at),
        }


class InteractionListSerializer(serializers.Serializer[Any]):
    """One page, newest arrivals first."""

    next = serializers.URLField(allow_null=True, help_text="The older page.")
    previous = serializers.URLField(allow_null=True, help_text="The newer page.")
    results = InteractionSerializer(many=True)


DECISIONS = ("accepted", "changed", "rejected", "added")


class ReviewedMomentSerializer(serializers.Serializer[Any]):
    """A moment as the specialist settled it; the three are null where they saw no feeling."""

    cue_turn = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=DECISIONS)
    emotion = serializers.ChoiceField(choices=EMOTIONS, allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES, allow_null=True)
    strength = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    agent = serializers.UUIDField(
        allow_null=True, help_text="Whose it is; null where that is nobody who is known."
    )


class ReviewSerializer(serializers.Serializer[Any]):
    """The confirmed review."""

    id = serializers.UUIDField()
    confirmed_at = serializers.DateTimeField()
    score = serializers.FloatField(allow_null=True, help_text="The scorecard's, 0 to 100.")
    empathy_score = serializers.FloatField(allow_null=True, help_text="Over the moments, 0 to 100.")
    moments = ReviewedMomentSerializer(many=True)


class InteractionDetailSerializer(InteractionSerializer):
    """An interaction with its turns, its pre-score and its confirmed review."""

    agents = AgentPartSerializer(
        many=True, help_text="All who took part, `agent` first, and what is theirs."
    )
    turns = TurnSerializer(many=True)
    prescore = PreScoreSerializer(allow_null=True)
    review = ReviewSerializer(allow_null=True)

    def to_representation(self, row: Interaction) -> dict[str, Any]:
        reviews = [
            review
            for review in row.reviews.all()
            if review.confirmed_at and review.kind == "regular"
        ]
        prescore = row.prescores.current().first()
        settled = max(reviews, key=attrgetter("confirmed_at"), default=None)
        cast, turns = cast_of(row), row.transcript.turns
        result = prescore.result if prescore else None
        whose = counted_parts(settled.moments.all(), cast) if settled else None
        said = settled_gestures(settled, settled.moments.all(), turns) if settled else None
        found = deeds(cast, turns, result, whose, said)
        return {
            **super().to_representation(row),
            "agents": [agent_part(one) for one in found],
            "turns": turns,
            "prescore": prescore and _prescore(row, prescore.result),
            "review": settled and _review(settled, cast),
        }


class RecordsSerializer(serializers.Serializer[Any]):
    """How many interactions of a file there are of each kind."""

    received = serializers.IntegerField(help_text="New ones, kept.")
    duplicates = serializers.IntegerField(help_text="Here already with the same content.")
    refused = serializers.IntegerField(help_text="See `errors`.")
    waiting = serializers.IntegerField(help_text="Of those kept: not pre-scored yet.")
    failed = serializers.IntegerField(help_text="Of those kept: could not be pre-scored.")


class FileFaultSerializer(serializers.Serializer[Any]):
    """One thing wrong in a file."""

    line = serializers.IntegerField(allow_null=True)
    path = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class FileSerializer(serializers.Serializer[Any]):
    """One file, what it was recognised as, and how far its interactions have come."""

    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    status = serializers.ChoiceField(choices=UploadedFile.Status.choices)
    format = serializers.CharField(allow_null=True)
    channels = serializers.ListField(child=serializers.ChoiceField(choices=Channel.choices))
    turns = serializers.IntegerField()
    interactions = RecordsSerializer()
    interaction_ids = serializers.ListField(
        child=serializers.UUIDField(), help_text="The first of them, up to 20."
    )
    redacted = serializers.DictField(child=serializers.IntegerField())
    errors = FileFaultSerializer(many=True)  # type: ignore[assignment]  # the contract's name
    notes = serializers.ListField(child=serializers.CharField())

    def to_representation(self, interaction: Any) -> dict[str, Any]:
        file, held = interaction.file, interaction.file.summary
        return {
            "name": file.name,
            "size": file.size,
            "status": file.status,
            "format": file.format or None,
            "channels": held.get("channels", []),
            "turns": held.get("turns", 0),
            "interactions": {
                "received": held.get("received", 0),
                "duplicates": held.get("duplicates", 0),
                "refused": held.get("refused", 0),
                "waiting": interaction.waiting,
                "failed": interaction.failed,
            },
            "interaction_ids": held.get("interactions", []),
            "redacted": file.redacted,
            "errors": file.faults,
            "notes": held.get("notes", []),
        }


class UploadSerializer(serializers.Serializer[Any]):
    """Files that came in together. `done` once none of their interactions waits."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=UPLOAD_STATES)
    files = FileSerializer(many=True)


class UploadPreviewSerializer(serializers.Serializer[Any]):
    """What would become of files, as in an upload; ids only of what is here already."""

    files = FileSerializer(many=True)


def _prescore(row: Interaction, result: dict[str, Any]) -> dict[str, Any]:
    """A stored pre-score in the contract's form: without the reasons that pages show."""
    return {
        "external_id": row.external_id,
        "channel": row.channel,
        **result,
        "turns": [_without_reasons(turn) for turn in result["turns"]],
    }


def _without_reasons(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_reasons(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_reasons(inner) for key, inner in value.items() if key != "reasons"}


def _review(review: Any, cast: Cast) -> dict[str, Any]:
    whose = settled_parts(review.moments.all(), cast)
    return {
        "id": str(review.pk),
        "confirmed_at": iso(review.confirmed_at),
        "score": review.score,
        "empathy_score": review.empathy_score,
        "moments": [
            {
                "cue_turn": moment.cue_turn,
                "decision": moment.decision,
                "emotion": moment.emotion or None,
                "outcome": moment.outcome or None,
                "strength": moment.strength if moment.outcome else None,
                "reason": moment.reason or None,
                "agent": agent_id(whose.get(moment.cue_turn)),
            }
            for moment in review.moments.all()
        ],
    }
