"""Load the demo organization through the same actions that people and clients use."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from qa import pipeline
from qa.coaching import actions as coaching
from qa.demo.people import NAMES, PASSWORD, PEOPLE, SLUG
from qa.errors import Refused
from qa.organizations import actions as organizations
from qa.organizations.models import Agent, Membership, Organization, Role
from qa.reviews import actions as reviews
from qa.reviews.models import Decision, Review, ReviewMoment
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from scorecards import card
from transcripts.formats import CanonicalInteraction, parse
from transcripts.models import Interaction

HERE = Path(__file__).parent
INTERACTIONS = HERE / "interactions.jsonl"
REVIEWS = HERE / "reviews.json"


def open_organizations() -> Organization:
    """Both demo organizations with their members; returns the one that gets interactions."""
    made = {
        slug: organizations.create_organization(name=name, slug=slug)
        for slug, name in NAMES.items()
    }
    push(made[SLUG])
    for person in PEOPLE:
        organization = made[person.organization]
        by = System(organization.id)
        with tenant(organization.id):
            agent = (
                Agent.objects.visible_to(by).get(external_id=person.agent)
                if person.agent
                else None
            )
            member = organizations.add_member(
                by=by, email=person.email, name=person.name, role=person.role, agent=agent
            )
            member.user.set_password(PASSWORD)
            member.user.save(update_fields=["password"])
    return made[SLUG]


def push(organization: Organization) -> int:
    """Submit every demo interaction, moved in time so that the newest is yesterday's."""
    parsed = parse(INTERACTIONS.read_bytes(), name=INTERACTIONS.name)
    with tenant(organization.id):
        return len(pipeline.submit(_recent(parsed.interactions), by=System(organization.id)))


def wait_for_worker(organization: Organization, seconds: float) -> int:
    """Give the worker time to pre-score; returns how many still wait when the time is up."""
    by = System(organization.id)
    end = time.monotonic() + seconds
    while True:
        with tenant(organization.id):
            left = Interaction.objects.visible_to(by).received().count()
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.2)


def review_some(organization: Organization) -> int:
    """Let the demo's specialists review what reviews.json names; returns how many they did."""
    by = System(organization.id)
    with tenant(organization.id):
        members = Membership.objects.visible_to(by).select_related("user", "organization")
        specialists = list(members.filter(role=Role.SPECIALIST).order_by("id"))
        agents = {m.agent_id: m for m in members.filter(role=Role.AGENT)}
    done = 0
    for number, wanted in enumerate(json.loads(REVIEWS.read_text())):
        specialist = specialists[number % len(specialists)]
        with tenant(organization.id):
            done += _review(wanted, specialist, agents)
    return done


def _review(wanted: dict[str, Any], specialist: Membership, agents: dict[Any, Membership]) -> bool:
    rows = Interaction.objects.visible_to(specialist).select_related("transcript")
    interaction = rows.get(source="demo", external_id=wanted["external_id"])
    if interaction.status != Interaction.Status.PRESCORED:
        return False
    review = reviews.take(interaction.pk, by=specialist)
    for note in wanted["notes"]:
        coaching.write_note(review, by=specialist, **_place(interaction, note))
    _decide(review, wanted.get("moments", []), specialist)
    for question in card.questions(review.scorecard_version.body):
        value = wanted.get("answers", {}).get(question["id"], "yes")
        reviews.answer(review, by=specialist, question=question["id"], value=value)
    reviews.write_summary(review, by=specialist, text=wanted["summary"])
    review = pipeline.confirm(review, by=specialist)
    agent = agents.get(interaction.agent_id)
    if agent and wanted["acknowledged"]:
        coaching.acknowledge(review, by=agent)
    return True


def _decide(review: Review, corrections: list[dict[str, Any]], specialist: Membership) -> None:
    """Apply the written corrections, then accept what the machine found elsewhere."""
    rows = ReviewMoment.objects.visible_to(specialist).filter(review=review)
    by_turn = {one.cue_turn: one for one in rows.select_related("review", "moment")}
    for correction in corrections:
        values = {key: correction[key] for key in ("emotion", "outcome", "strength")}
        one = by_turn.get(correction["cue_turn"])
        if one is None:
            reviews.add_moment(review, by=specialist, cue_turn=correction["cue_turn"], **values)
        else:
            reviews.change(one, by=specialist, reason=correction["reason"], **values)
    pending = rows.filter(decision=Decision.PENDING).select_related("review", "moment")
    reviews.accept(list(pending), by=specialist)


def _place(interaction: Interaction, note: dict[str, Any]) -> dict[str, Any]:
    """The note's arguments, its quote turned into a character range."""
    text = interaction.transcript.turns[note["turn"]]["text"]
    start = text.find(note["quote"])
    if start < 0:
        raise Refused(f"The demo's note on {interaction.external_id} quotes other words.")
    return {
        "turn": note["turn"],
        "kind": note["kind"],
        "text": note["text"],
        "start": start,
        "end": start + len(note["quote"]),
    }


def _recent(interactions: tuple[CanonicalInteraction, ...]) -> list[CanonicalInteraction]:
    newest = max(one.started_at for one in interactions if one.started_at)
    days = timedelta(days=(timezone.now().date() - newest.date()).days - 1)
    return [_moved(one, days) for one in interactions]


def _moved(one: CanonicalInteraction, by: timedelta) -> CanonicalInteraction:
    turns = tuple(
        replace(turn, sent_at=turn.sent_at and turn.sent_at + by) for turn in one.turns
    )
    return replace(one, started_at=one.started_at and one.started_at + by, turns=turns)


def login_lines() -> Iterator[str]:
    """The demo log-ins as aligned lines of text."""
    width = max(len(person.email) for person in PEOPLE)
    for person in PEOPLE:
        yield f"  {person.email:{width}}  {person.role:10}  {NAMES[person.organization]}"
    yield f"  password for all: {PASSWORD}"
