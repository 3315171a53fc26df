"""The pre-score of the outer contract, as the API documents it."""

from typing import Any

from rest_framework import serializers

from scorecards.choices import UNSURE, Emotion, Outcome
from transcripts.formats import ROLES
from transcripts.models import Channel

EMOTIONS = tuple(Emotion.values)
FEELINGS = (*EMOTIONS, UNSURE)  # as filters take them
OUTCOMES = tuple(Outcome.values)
APOLOGIES = ("bare", "completed", "repeated")


class EngineSerializer(serializers.Serializer[Any]):
    """Which engine found it, under which definitions."""

    name = serializers.CharField()
    version = serializers.CharField()
    definitions = serializers.CharField()


class FitnessSerializer(serializers.Serializer[Any]):
    """Whether the interaction can be scored."""

    scorable = serializers.BooleanField()
    reasons = serializers.ListField(
        child=serializers.ChoiceField(
            choices=[
                "one_sided",
                "roles_swapped_suspected",
                "unknown_roles",
                "too_short",
                "unsupported_language",
                "automated_only",
            ]
        )
    )


class EvidenceSerializer(serializers.Serializer[Any]):
    """Where in the turn's text it shows."""

    confidence = serializers.FloatField(min_value=0, max_value=1)
    evidence = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0), min_length=2, max_length=2
        ),
        help_text="Half-open ranges of characters.",
    )


class FeltSerializer(serializers.Serializer[Any]):
    """How sure it is that there is a feeling, and of which kind. Older pre-scores lack both."""

    presence = serializers.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        help_text="The probability that there is a feeling at all, of whichever kind.",
    )
    kind_unsure = serializers.BooleanField(
        required=False,
        help_text="True where `emotion` is only the best guess: it then counts as no kind of "
        "feeling, in filters, rules and figures.",
    )


class CueSerializer(FeltSerializer, EvidenceSerializer):
    """The feeling that a customer's turn shows."""

    emotion = serializers.ChoiceField(choices=EMOTIONS)


class MarkSerializer(EvidenceSerializer):
    """How far an agent's turn goes."""

    level = serializers.IntegerField(min_value=0, max_value=2)


class ApologySerializer(serializers.Serializer[Any]):
    """One apology of a turn."""

    kind = serializers.ChoiceField(choices=APOLOGIES, help_text="What became of it.")
    evidence = EvidenceSerializer().fields["evidence"]


class ResponseSerializer(serializers.Serializer[Any]):
    """The three marks of an agent's turn."""

    sympathy = MarkSerializer()
    empathy = MarkSerializer()
    dismissal = MarkSerializer()
    apology = serializers.ChoiceField(
        choices=APOLOGIES,
        allow_null=True,
        required=False,
        help_text="What became of the turn's first apology, null where it has none. Pre-scores "
        "that are older than this field leave it out.",
    )
    apologies = ApologySerializer(
        many=True,
        required=False,
        help_text="Every apology of the turn. Pre-scores that are older than this field leave it "
        "out and count each turn as one apology.",
    )


class ScoredTurnSerializer(serializers.Serializer[Any]):
    """Customers' turns carry `cue` (null where none shows), agents' turns `response`."""

    index = serializers.IntegerField()
    role = serializers.ChoiceField(choices=ROLES)
    cue = CueSerializer(allow_null=True, required=False)
    response = ResponseSerializer(required=False)


class MomentSerializer(FeltSerializer):
    """A feeling and what became of it."""

    cue_turn = serializers.IntegerField()
    emotion = serializers.ChoiceField(choices=EMOTIONS)
    response_turns = serializers.ListField(child=serializers.IntegerField())
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    strength = serializers.IntegerField(min_value=0, max_value=2)
    apology_then_empathy = serializers.BooleanField()
    confidence = serializers.FloatField(min_value=0, max_value=1)


class VolunteeredSerializer(serializers.Serializer[Any]):
    """Empathy that no feeling asked for."""

    response_turn = serializers.IntegerField()
    strength = serializers.IntegerField(min_value=1, max_value=2)


class ApologiesSerializer(serializers.Serializer[Any]):
    """The sorry ledger: every apology is counted once, however many a turn has."""

    bare = serializers.IntegerField()
    completed = serializers.IntegerField()
    repeated = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Any]):
    """The mean over the moments; null, never 0, where there is nothing to score."""

    value = serializers.FloatField(allow_null=True)
    moments = serializers.IntegerField()


class PreScoreSerializer(serializers.Serializer[Any]):
    """What the machine found in one interaction, with its evidence and its confidence."""

    external_id = serializers.CharField(allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)
    engine = EngineSerializer()
    fitness = FitnessSerializer()
    turns = ScoredTurnSerializer(many=True)
    moments = MomentSerializer(many=True)
    volunteered = VolunteeredSerializer(many=True)
    apologies = ApologiesSerializer()
    score = ScoreSerializer()
