"""Confirmed reviews as the API gives them."""

from typing import Any

from rest_framework import serializers

from qa.api.agent_serializers import agent_id
from qa.api.options import PageOptions
from qa.api.prescore_serializers import EMOTIONS, OUTCOMES
from qa.api.serializers import DECISIONS
from qa.coaching.models import CoachingNote
from qa.reviews.attribution import settled_parts
from qa.reviews.models import AnswerReason, Decision, Reason, Review, ReviewMoment
from scorecards import card
from transcripts.cast import cast_of
from transcripts.models import Channel


class ReviewFilters(PageOptions):
    """What a list of reviews can be narrowed by; several narrow it further."""

    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    agent = serializers.UUIDField(required=False, help_text="The agent's id here.")
    specialist = serializers.UUIDField(required=False, help_text="The member's id.")
    confirmed_after = serializers.DateTimeField(required=False)
    confirmed_before = serializers.DateTimeField(required=False)
    superseded = serializers.BooleanField(
        default=False, help_text="Also versions that were corrected since."
    )


class NamedSerializer(serializers.Serializer[Any]):
    """Somebody by id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class UsedCardSerializer(serializers.Serializer[Any]):
    """The version of the scorecard that was used."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.IntegerField()


class AnswerSerializer(serializers.Serializer[Any]):
    """One question and its answer."""

    question = serializers.CharField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(card.KINDS))
    answer = serializers.CharField(
        allow_null=True, help_text="yes, no, na, a step or option counted from 1, a number, text."
    )
    answer_words = serializers.CharField(allow_null=True, help_text="The answer as people read it.")
    points = serializers.FloatField(
        allow_null=True, help_text="What it brings, 0 to 100; null for N/A and free text."
    )
    cause = serializers.CharField(allow_null=True, help_text="Why it is low.")
    proposed = serializers.CharField(
        allow_null=True, help_text="What the moments proposed; null where nothing was."
    )
    reason = serializers.ChoiceField(
        choices=AnswerReason.choices, allow_null=True, help_text="Why it differs from that."
    )


class FoundSerializer(serializers.Serializer[Any]):
    """What the pre-score said of a moment."""

    emotion = serializers.ChoiceField(choices=EMOTIONS)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    strength = serializers.IntegerField(min_value=0, max_value=2)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    kind_unsure = serializers.BooleanField(help_text="True where the emotion is a best guess.")


class DecidedSerializer(serializers.Serializer[Any]):
    """One moment as the person decided it, and what the pre-score said of it."""

    cue_turn = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=DECISIONS)
    emotion = serializers.ChoiceField(choices=EMOTIONS, allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES, allow_null=True)
    strength = serializers.IntegerField(allow_null=True)
    reason = serializers.ChoiceField(choices=Reason.choices, allow_null=True)
    agent = serializers.UUIDField(
        allow_null=True, help_text="Whose it is; null where that is nobody who is known."
    )
    prescore = FoundSerializer(allow_null=True)


class NoteSerializer(serializers.Serializer[Any]):
    """A coaching note and what it is pinned to."""

    turn = serializers.IntegerField()
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)
    kind = serializers.ChoiceField(choices=CoachingNote.Kind.choices)
    text = serializers.CharField()
    by = NamedSerializer()


class ConfirmedReviewSerializer(serializers.Serializer[Any]):
    """A confirmed review: who said what, and what differs from the pre-score."""

    id = serializers.UUIDField()
    interaction = serializers.UUIDField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    agent = NamedSerializer(allow_null=True)
    agents = NamedSerializer(
        many=True, help_text="All who took part, `agent` first; more than one after a transfer."
    )
    specialist = NamedSerializer()
    scorecard = UsedCardSerializer()
    confirmed_at = serializers.DateTimeField()
    score = serializers.FloatField(allow_null=True, help_text="The scorecard's, 0 to 100.")
    empathy_score = serializers.FloatField(allow_null=True, help_text="Over the moments, 0 to 100.")
    seconds_spent = serializers.IntegerField(help_text="At work on it, without pauses.")
    blind = serializers.BooleanField(help_text="Judged before the pre-score was shown.")
    changed = serializers.IntegerField(help_text="Moments that differ from the pre-score.")
    supersedes = serializers.UUIDField(allow_null=True, help_text="The version it corrects.")
    superseded_by = serializers.UUIDField(
        allow_null=True, help_text="The version that corrects it."
    )
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    summary = serializers.CharField(allow_blank=True)
    answers = AnswerSerializer(many=True)
    moments = DecidedSerializer(many=True)
    notes = NoteSerializer(many=True)

    def to_representation(self, row: Review) -> dict[str, Any]:
        moments = list(row.moments.all())
        newer, read = getattr(row, "superseded_by", None), getattr(row, "acknowledgement", None)
        agent, version = row.interaction.agent, row.scorecard_version
        cast = cast_of(row.interaction)
        whose = settled_parts(moments, cast)
        return {
            "id": str(row.pk),
            "interaction": str(row.interaction_id),
            "channel": row.interaction.channel,
            "agent": {"id": str(agent.pk), "name": agent.name} if agent else None,
            "agents": [{"id": str(part.agent_id), "name": part.name} for part in cast.known],
            "specialist": {"id": str(row.specialist_id), "name": row.specialist.user.name},
            "scorecard": {
                "id": str(version.scorecard_id),
                "name": version.body["name"],
                "version": version.number,
            },
            "confirmed_at": row.confirmed_at,
            "score": row.score,
            "empathy_score": row.empathy_score,
            "seconds_spent": row.active_s,
            "blind": row.blind,
            "changed": sum(moment.decision != Decision.ACCEPTED for moment in moments),
            "supersedes": row.supersedes_id and str(row.supersedes_id),
            "superseded_by": newer and str(newer.pk),
            "acknowledged_at": read and read.at,
            "summary": row.summary,
            "answers": _answers(row),
            "moments": [
                {**_moment(moment), "agent": agent_id(whose.get(moment.cue_turn))}
                for moment in moments
            ],
            "notes": [_note(note) for note in row.notes.all()],
        }


class ConfirmedReviewListSerializer(serializers.Serializer[Any]):
    """One page, newest first."""

    next = serializers.URLField(allow_null=True, help_text="The older page.")
    previous = serializers.URLField(allow_null=True, help_text="The newer page.")
    results = ConfirmedReviewSerializer(many=True)


def _answers(row: Review) -> list[dict[str, Any]]:
    read, given = card.read(row.scorecard_version.body), card.read_answers(row.answers)
    return [_answer(question, given.get(question.id)) for question in card.asked(read, given)]


def _answer(question: card.Question, given: card.Answer | None) -> dict[str, Any]:
    return {
        "question": question.id,
        "text": question.text,
        "kind": question.kind,
        "answer": given.value if given else None,
        "answer_words": question.word(given.value) if given else None,
        "points": card.points(question, given.value) if given else None,
        "cause": (given and given.cause) or None,
        "proposed": (given and given.proposed) or None,
        "reason": (given and given.reason) or None,
    }


def _moment(moment: ReviewMoment) -> dict[str, Any]:
    found = moment.moment
    return {
        "cue_turn": moment.cue_turn,
        "decision": moment.decision,
        "emotion": moment.emotion or None,
        "outcome": moment.outcome or None,
        "strength": moment.strength if moment.outcome else None,
        "reason": moment.reason or None,
        "prescore": found
        and {
            "emotion": found.emotion,
            "outcome": found.outcome,
            "strength": found.strength,
            "confidence": found.confidence,
            "kind_unsure": found.kind_unsure,
        },
    }


def _note(note: CoachingNote) -> dict[str, Any]:
    return {
        "turn": note.turn,
        "start": note.start,
        "end": note.end,
        "kind": note.kind,
        "text": note.text,
        "by": {"id": str(note.author_id), "name": note.author.user.name},
    }
