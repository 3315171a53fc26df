"""What must hold of a conversation for a custom rule, stored as data. All of it must.

    agents     ids; one of them took part
    languages  "en" is also "en-GB"
    metadata   [{"key": "queue", "values": ["returns", "refunds"]}]; one of the values
    words      said by anybody, in web-search syntax
    turns, minutes, score   {"from": 0, "to": 40}; either may be missing
    emotions, outcomes, certainty   of one and the same moment; certainty in per cent
    new_days   within so many days of the agent's first conversation

Channels and teams are the rule's own fields, as of every kind of rule.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db.models import DurationField, Exists, F, Min, OuterRef, Q, Value

from qa.organizations.models import Agent
from qa.sampling.models import Rule
from qa.tenancy.base import Actor
from scorecards.models import Moment, PreScore, shows
from transcripts.models import Interaction, InteractionQuerySet, handled_by

Conditions = Mapping[str, Any]
NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
RANGES: Final = ("turns", "minutes", "score", "certainty")


def narrow(rows: InteractionQuerySet, given: Conditions, *, by: Actor) -> InteractionQuerySet:
    """Keep those of which every condition holds."""
    if agents := given.get("agents"):
        rows = rows.filter(handled_by(agents))
    if languages := given.get("languages"):
        rows = rows.filter(_any(_language(code) for code in languages))
    for field in given.get("metadata", ()):
        rows = rows.filter(_any(_holds(field["key"], value) for value in field["values"]))
    if words := given.get("words"):
        rows = rows.matching(words)
    rows = rows.filter(_between("turn_count", given.get("turns")))
    rows = rows.filter(_between("duration_s", given.get("minutes"), times=60))
    if score := given.get("score"):
        scored = PreScore.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
        rows = rows.filter(Exists(scored.filter(_between("score", score))))
    if any(given.get(name) for name in ("emotions", "outcomes", "certainty")):
        rows = rows.filter(Exists(_moments(given, by)))
    if days := given.get("new_days"):
        rows = of_new_agents(rows, days, by=by)
    return rows


def of_new_agents(rows: InteractionQuerySet, days: int, *, by: Actor) -> InteractionQuerySet:
    """Keep those within so many days of the agent's first conversation."""
    same = Interaction.objects.visible_to(by).filter(agent=OuterRef("agent"))
    began = same.values("agent").annotate(first=Min("started_at")).values("first")
    period = Value(timedelta(days=days), output_field=DurationField())
    rows = rows.filter(agent__isnull=False).annotate(began=began)
    return rows.filter(started_at__lt=F("began") + period)


def rename_agent(twin: Agent, *, into: Agent, by: Actor) -> None:
    """Two agents are one: rules that name the one name the other."""
    naming = Rule.objects.visible_to(by).filter(conditions__agents__contains=[str(twin.pk)])
    for rule in naming:
        named = [str(into.pk) if pk == str(twin.pk) else pk for pk in rule.conditions["agents"]]
        rule.conditions = {**rule.conditions, "agents": sorted(set(named))}
        rule.save(update_fields=["conditions"])


def _moments(given: Conditions, by: Actor) -> Any:
    moments = Moment.objects.visible_to(by).current().filter(interaction=OuterRef("pk"))
    if emotions := given.get("emotions"):
        moments = moments.filter(_any(shows(emotion) for emotion in emotions))
    if outcomes := given.get("outcomes"):
        moments = moments.filter(outcome__in=outcomes)
    return moments.filter(_between("confidence", given.get("certainty"), times=0.01))


def _between(field: str, bounds: Mapping[str, float] | None, *, times: float = 1) -> Q:
    found = Q()
    for name, lookup in (("from", "gte"), ("to", "lte")):
        if bounds and bounds.get(name) is not None:
            found &= Q(**{f"{field}__{lookup}": bounds[name] * times})
    return found


def _language(code: str) -> Q:
    return Q(language__iexact=code) | Q(language__istartswith=f"{code}-")


def _holds(key: str, value: str) -> Q:
    """The metadata say this of the key: as text, as a number, or as one of several."""
    same: list[Any] = [value]
    if value.lower() in {"true", "false"}:
        same.append(value.lower() == "true")
    if NUMBER.fullmatch(value):
        number = float(value)
        same.append(int(number) if number.is_integer() else number)
    return _any(
        Q(metadata__contains={key: one}) | Q(metadata__contains={key: [one]}) for one in same
    )


def _any(conditions: Any) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
