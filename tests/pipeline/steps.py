"""Steps of the journey, as the tests take them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from qa import pipeline, tasks
from qa.dashboards import actions as dashboards
from qa.dashboards.models import DailyInteractions, DailyMoments, Gesture
from qa.organizations.models import Organization
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards.models import Moment, PreScore
from tests.world import interaction_json
from transcripts.formats import validate
from transcripts.models import Interaction
from transcripts.receiving import Received

Status = Interaction.Status

CALM: list[dict[str, Any]] = [
    {"role": "customer", "text": "How do I change my address?"},
    {"role": "agent", "text": "Under Settings, then Address."},
]


def submit(organization: Organization, *changes: dict[str, Any]) -> list[Received]:
    pushed = [validate(interaction_json(**change)) for change in changes]
    with tenant(organization.id):
        return pipeline.submit(pushed, by=System(organization.id))


def stored(organization: Organization, pk: UUID) -> Interaction:
    with tenant(organization.id):
        return Interaction.objects.visible_to(System(organization.id)).get(pk=pk)


def process(interaction: Interaction) -> None:
    tasks.process(str(interaction.organization_id), str(interaction.pk))


def tables(organization: Organization) -> tuple[list[str], list[str], list[str]]:
    """What the dashboards read, without the ids of the rows and without empty cells."""
    by = System(organization.id)
    with tenant(organization.id):
        moments = DailyMoments.objects.visible_to(by).exclude(count=0)
        days = DailyInteractions.objects.visible_to(by).exclude(interactions=0)
        gestures = Gesture.objects.visible_to(by).values_list("interaction_id", "turn", "kind")
        kind = ("day", "agent_id", "team_id", "channel")
        return (
            sorted(map(str, moments.values_list(*kind, "emotion", "outcome", "strength", "count"))),
            sorted(map(str, days.values_list(*kind, "interactions", "scorable", "reviewed"))),
            sorted(map(str, gestures)),
        )


def agree_with_a_rebuild(organization: Organization) -> bool:
    before = tables(organization)
    with tenant(organization.id):
        dashboards.rebuild(by=System(organization.id))
    return tables(organization) == before


def found_by_the_machine(organization: Organization) -> tuple[int, int]:
    """How many pre-scores and moments there are."""
    by = System(organization.id)
    with tenant(organization.id):
        return (
            PreScore.objects.visible_to(by).count(),
            Moment.objects.visible_to(by).count(),
        )


def replace(organization: Organization, pk: UUID, **changes: Any) -> Interaction:
    pushed = validate(interaction_json(**changes))
    with tenant(organization.id):
        return pipeline.replace(pushed, by=System(organization.id), interaction_id=pk)


def age(organization: Organization, **ages: timedelta) -> None:
    """Let enqueued have rung so long ago, by external id."""
    mine = Interaction.objects.visible_to(System(organization.id))
    with tenant(organization.id):
        for external_id, how_long in ages.items():
            mine.filter(external_id=external_id).update(rung_at=timezone.now() - how_long)
