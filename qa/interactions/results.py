"""Interactions by what the pre-score or people said of them, and by the filters of REST."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from qa.tenancy.base import Actor
from scorecards.models import shows
from transcripts.models import SCORED, Interaction, InteractionQuerySet

# Joined to the review that counts: submitted, no second reading, and not corrected since.
COUNTED = Q(
    reviews__status="confirmed", reviews__kind="regular", reviews__superseded_by__isnull=True
)


def with_moment(rows: InteractionQuerySet, *, by: Actor, **kind: str) -> InteractionQuerySet:
    """Keep those with a moment of this outcome, of this emotion (or UNSURE), or of both at once.

    What people settled counts; the pre-score does where nobody has settled it yet.
    """
    settled = {f"reviews__moments__{key}": kind[key] for key in kind}
    found = Q(moments__outcome=kind["outcome"]) if "outcome" in kind else Q()
    if "emotion" in kind:
        found &= shows(kind["emotion"], "moments__")
    people = Interaction.objects.visible_to(by).filter(COUNTED, **settled)
    machine = Interaction.objects.visible_to(by).filter(found, moments__prescore__current=True)
    machine = machine.exclude(status=Interaction.Status.REVIEWED)
    return rows.filter(Q(pk__in=people.values("pk")) | Q(pk__in=machine.values("pk")))


def reviewed_by(rows: InteractionQuerySet, member: UUID, *, by: Actor) -> InteractionQuerySet:
    """Keep those whose review that counts is this member's."""
    own = Interaction.objects.visible_to(by).filter(COUNTED, reviews__specialist=member)
    return rows.filter(pk__in=own.values("pk"))


def scored_between(
    rows: InteractionQuerySet, least: float | None, most: float | None, *, by: Actor
) -> InteractionQuerySet:
    """Keep those whose review scored within, on its scorecard."""
    bounds = _bounds("reviews__score", least, most)
    scored = Interaction.objects.visible_to(by).filter(COUNTED, **bounds)
    return rows.filter(pk__in=scored.values("pk"))


def prescored_between(
    rows: InteractionQuerySet, least: float | None, most: float | None, *, by: Actor
) -> InteractionQuerySet:
    """Keep those whose pre-score lies within, reviewed since or not."""
    bounds = _bounds("prescores__score", least, most)
    scored = Interaction.objects.visible_to(by).filter(prescores__current=True, **bounds)
    return rows.filter(pk__in=scored.filter(status__in=SCORED).values("pk"))


def _bounds(field: str, least: float | None, most: float | None) -> dict[str, float]:
    """Both ends are in, as scores are shown: in whole points."""
    found = {}
    if least is not None:
        found[f"{field}__gte"] = least - 0.5
    if most is not None:
        found[f"{field}__lt"] = most + 0.5
    return found


def narrowed(rows: InteractionQuerySet, *, by: Actor, **given: Any) -> InteractionQuerySet:
    """Keep what the filters of the outer contract ask for; other keys are of no concern here."""
    plain = {"channel": "channel", "status": "status"}
    plain |= {"started_after": "started_at__gte", "started_before": "started_at__lt"}
    rows = rows.filter(**{plain[key]: given[key] for key in given if key in plain})
    if "agent" in given:
        rows = rows.of_agent(given["agent"])
    if "team" in given:
        rows = rows.of_team(given["team"])
    if "q" in given:
        rows = rows.matching(given["q"])
    moment = {key: given[key] for key in ("outcome", "emotion") if key in given}
    return with_moment(rows, by=by, **moment) if moment else rows
