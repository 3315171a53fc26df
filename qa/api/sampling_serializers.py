"""How sampling rules look in JSON, and how JSON becomes what the form of a rule takes."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from qa.api.options import Known
from qa.api.prescore_serializers import FEELINGS, OUTCOMES
from qa.sampling.conditions import RANGES
from qa.sampling.models import Kind, Rule
from qa.sampling.simulation import Simulation
from qa.sampling.waiting import QueueChange, Waiting
from transcripts.models import Channel

LIMITS = {
    "per_agent_week": "per_week",
    "per_team_week": "per_team",
    "per_day": "per_day",
    "per_week": "in_week",
}
KINDS = tuple(Kind.values)
PLAIN = (
    "name",
    "channels",
    "teams",
    "percent",
    "days",
    "drawing",
    "priority",
    "assignment",
    "return_days",
)


class RangeSerializer(Known):
    """Both ends are in it; either may be left out."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.IntegerField(required=False) for name in ("from", "to")}


class MetadataSerializer(Known):
    """A field of the metadata, and the values of which any will do."""

    key = serializers.RegexField(r"^[^=\r\n]+$", max_length=200)
    values = serializers.ListField(
        child=serializers.RegexField(r"^[^,\r\n]+$", max_length=200), allow_empty=False
    )


class ConditionsSerializer(Known):
    """What must hold of a conversation, all of it; of several values of one, any will do."""

    agents = serializers.ListField(child=serializers.UUIDField(), required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    metadata = MetadataSerializer(many=True, required=False)
    words = serializers.CharField(max_length=200, required=False)
    turns = RangeSerializer(required=False)
    minutes = RangeSerializer(required=False)
    score = RangeSerializer(required=False, help_text="Of the pre-score.")
    emotions = serializers.ListField(
        child=serializers.ChoiceField(choices=FEELINGS), required=False
    )
    outcomes = serializers.ListField(
        child=serializers.ChoiceField(choices=OUTCOMES), required=False
    )
    certainty = RangeSerializer(
        required=False, help_text="In per cent; of the same moment as emotions and outcomes."
    )
    new_days = serializers.IntegerField(
        required=False, help_text="Within so many days of the agent's first conversation."
    )


class LimitsSerializer(Known):
    """How many at most."""

    per_agent_week = serializers.IntegerField(required=False, allow_null=True)
    per_team_week = serializers.IntegerField(required=False, allow_null=True)
    per_day = serializers.IntegerField(required=False, allow_null=True)
    per_week = serializers.IntegerField(required=False, allow_null=True)


class RuleWriteSerializer(Known):
    """A rule as it is sent."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(
        choices=KINDS,
        default=Kind.COMPOSED,
        help_text="`composed` goes by `conditions`; the others have one condition each.",
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices), default=list
    )
    teams = serializers.ListField(child=serializers.UUIDField(), default=list)
    conditions = ConditionsSerializer(default=dict, help_text="Of `composed`.")
    drawing = serializers.ChoiceField(
        choices=Rule.Drawing.values,
        default=Rule.Drawing.ARRIVAL,
        help_text="Of `composed`: as conversations arrive, or at random when the week ends.",
    )
    percent = serializers.FloatField(required=False, allow_null=True, help_text="A random share.")
    limits = LimitsSerializer(default=dict)
    confidence_below = serializers.FloatField(
        required=False, help_text="Of `low_confidence`, in per cent."
    )
    days = serializers.IntegerField(required=False, help_text="Of `new_agent` and `disputed`.")
    priority = serializers.IntegerField(default=int(Rule.Priority.NORMAL))
    assignment = serializers.ChoiceField(
        choices=Rule.Assignment.values, default=Rule.Assignment.SHARED
    )
    reviewers = serializers.ListField(child=serializers.UUIDField(), default=list)
    return_days = serializers.IntegerField(default=3)


class RuleChangeSerializer(RuleWriteSerializer):
    """What is to change. The kind stays; `conditions` and `limits` are replaced as a whole."""

    kind = None  # type: ignore[assignment]


class RuleSerializer(RuleWriteSerializer):
    """A rule, and what it does in a sentence."""

    id = serializers.UUIDField()
    on = serializers.BooleanField()
    sentence = serializers.CharField()
    picked_lately = serializers.IntegerField(help_text="In the last four weeks.")


class RuleListSerializer(serializers.Serializer[Any]):
    """One page, newest first."""

    next = serializers.URLField(allow_null=True, help_text="The older page.")
    previous = serializers.URLField(allow_null=True, help_text="The newer page.")
    results = RuleSerializer(many=True)


class SwitchSerializer(Known):
    """On or off, and what becomes of the conversations that this moves."""

    on = serializers.BooleanField()
    waiting = serializers.ChoiceField(
        choices=Waiting.values,
        help_text="Switching on: `keep` what waits in the queue, or `let_go`. Switching off: "
        "`let_in` what no rule has picked, or `leave_out`. What somebody has begun or has been "
        "assigned stays in any case.",
    )
    look_back = serializers.BooleanField(
        default=False, help_text="Switching on: pick from the last weeks too."
    )


class LineSerializer(serializers.Serializer[Any]):
    """How many would have been picked, week by week, and of how many."""

    name = serializers.CharField()
    weeks = serializers.ListField(child=serializers.IntegerField())
    picked = serializers.IntegerField()
    seen = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What a rule would have picked in the last four full weeks, and what switching it moves."""

    weeks = serializers.ListField(child=serializers.DateField(), help_text="Their first days.")
    picked = serializers.IntegerField()
    seen = serializers.IntegerField()
    agents = LineSerializer(many=True)
    channels = LineSerializer(many=True)
    reviewers = serializers.IntegerField(help_text="Who would share the work.")
    per_reviewer_week = serializers.FloatField()
    interactions = serializers.ListField(
        child=serializers.UUIDField(), help_text="The newest of those picked."
    )
    leaving_queue = serializers.IntegerField(
        help_text="Would leave the queue on switching on, unless kept."
    )
    coming_into_queue = serializers.IntegerField(
        help_text="Would come into the queue on switching off, unless left out."
    )


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule's values as they are sent and given."""
    shown: dict[str, Any] = {name: getattr(rule, name) for name in PLAIN}
    shown["teams"] = [str(pk) for pk in rule.teams]
    shown["kind"] = rule.kind
    shown["conditions"] = rule.conditions
    shown["limits"] = {name: getattr(rule, field) for name, field in LIMITS.items()}
    shown["confidence_below"] = None if rule.below is None else round(rule.below * 100, 2)
    shown["reviewers"] = [str(pk) for pk in rule.specialists]
    return shown


def preview_json(found: Simulation, change: QueueChange) -> dict[str, Any]:
    """A simulation as JSON."""
    shown = {name: getattr(found, name) for name in ("weeks", "picked", "seen", "reviewers")}
    for name in ("agents", "channels"):
        shown[name] = [LineSerializer(line).data for line in getattr(found, name)]
    return {
        **shown,
        "per_reviewer_week": round(found.each, 2),
        "interactions": [str(row.interaction.pk) for row in found.rows],
        "leaving_queue": change.leaving,
        "coming_into_queue": change.coming,
    }


def form_data(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, as the form of a rule takes it."""
    data = {name: given.get(name) for name in PLAIN}
    data["below"] = given.get("confidence_below")
    data["specialists"] = given.get("reviewers")
    data |= {field: given.get("limits", {}).get(name) for name, field in LIMITS.items()}
    said = given.get("conditions", {})
    data |= {name: said.get(name) for name in ("agents", "words", "emotions", "outcomes")}
    data["new_days"] = said.get("new_days")
    data["languages"] = ", ".join(said.get("languages", ()))
    data["metadata"] = "\n".join(
        f"{field['key']} = {', '.join(field['values'])}" for field in said.get("metadata", ())
    )
    for name in RANGES:
        for side in ("from", "to"):
            data[f"{name}_{side}"] = said.get(name, {}).get(side)
    return {name: _plain(value) for name, value in data.items() if value is not None}


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else value


def path_of(field: str) -> str:
    """Where in the JSON the value of a field of the form stands."""
    name, _underscore, side = field.rpartition("_")
    if name in RANGES and side in {"from", "to"}:
        return f"conditions.{name}.{side}"
    limits = {to: f"limits.{name}" for name, to in LIMITS.items()}
    others = {"below": "confidence_below", "specialists": "reviewers", "__all__": "conditions"}
    known = PLAIN + tuple(others)
    return (
        limits.get(field)
        or others.get(field)
        or (field if field in known else f"conditions.{field}")
    )
